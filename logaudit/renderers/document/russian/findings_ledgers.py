"""Findings about ledgers and clocks (LA2xx, LA3xx) in Russian, made from their data."""

from __future__ import annotations

from typing import Final

from logaudit.core.finding import Finding
from logaudit.core.timestamp import SECOND
from logaudit.renderers.document.russian.finding_data import FindingData, Told
from logaudit.renderers.document.translator import Translator, code, join, words

_WRONG: Final = {
    "torn": "обрыв строки",
    "short": "слишком мало столбцов",
    "over-long": "слишком много столбцов",
    "no-header": "нет заголовка",
    "no-time": "нет времени",
    "bad-time": "время не читается",
    "no-symbol": "нет символа",
    "unclosed-quote": "незакрытая кавычка",
    "bad-number": "число не читается",
}


def _missing_ledger(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    names = given.strings("ledgers")
    others = (
        say.fill("в имеющихся журналах ({names}) строк за этот день нет", names=given.names("ledgers"))
        if names
        else say.fill("других журналов тоже нет")
    )
    message = say.fill(
        "За {date} в логах {n:закрытие|закрытия|закрытий} (чистый PnL {net}), журнала за этот день нет, и {others}.",
        date=given.text("date"),
        n=given.count("closes"),
        net=given.money("net_pnl"),
        others=others,
    )
    return message, say.fill("Передайте папку с этим файлом, если он лежит в другом месте.")


def _empty_ledger(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    why = (
        say.fill("этот запуск открыл его в {at}", at=given.time("opened"))
        if given.text("opened")
        else say.fill("самый новый из имеющихся журналов")
    )
    return say.fill(
        "{path!c} ({why}) содержит только заголовок и ни одной строки ({bytes:байт|байта|байт}), хотя пока он "
        "действовал, "
        "произошло {n:закрытие|закрытия|закрытий}, первое — {at}.",
        path=given.text("ledger"),
        why=why,
        bytes=given.count("bytes"),
        n=given.count("closes"),
        at=given.time("first_close"),
    ), ()


def _malformed(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    reason = given.text("reason")
    return say.fill(
        "Строку {line} файла {path!c} нельзя прочитать: {reason} ({detail!c}).",
        line=given.count("line"),
        path=given.text("ledger"),
        reason=_WRONG.get(reason, reason),
        detail=given.text("detail") or reason,
    ), ()


_ARITHMETIC: Final = {
    "net": "валовый PnL {gross} минус комиссия {commission} не даёт чистый PnL {net}",
    "gross": "цены {entry} → {exit} и размер {size} не дают валовый PnL {gross}",
    "duration": "длительность {duration} с не равна времени от открытия до закрытия",
}
_KINDS: Final = {"net": "чистый PnL", "gross": "валовый PnL", "duration": "длительность"}


def _arithmetic(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    kind = given.text("kind")
    if given.text("contract_value"):
        return say.fill(
            "В {n:строке|строках|строках} {symbol!c} файла {path!c} валовый PnL в {value} раза больше "
            "произведения разницы цен "
            "на размер: размер, похоже, указан в контрактах по {value}.",
            n=given.count("rows"),
            symbol=given.text("symbol"),
            path=given.text("ledger"),
            value=given.text("contract_value"),
        ), ()
    if given.text("checked"):
        return say.fill(
            "{n} из {of:строки|строк|строк} файла {path!c} одинаково противоречат сами себе ({kind}): журнал, "
            "возможно, следует "
            "другому соглашению.",
            n=given.count("rows"),
            of=given.count("checked"),
            path=given.text("ledger"),
            kind=_KINDS.get(kind, kind),
        ), ()
    names = ("gross_pnl", "commission", "net_pnl", "entry_price", "exit_price", "size", "duration_sec")
    figures = {name.partition("_")[0]: given.text(name) or "–" for name in names}
    return say.fill(
        "Строка {symbol!c} {side} от {at} противоречит сама себе: {how}.",
        symbol=given.text("symbol"),
        side=given.side(),
        at=given.time("closed"),
        how=say.fill(_ARITHMETIC[kind], **figures) if kind in _ARITHMETIC else words(kind),
    ), ()


def _backfilled(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    parts = [
        say.fill(text, n=given.count(key))
        for key, text in (
            ("restoring", "восстанавливают потерянные закрытия: {n}"),
            ("repeating", "повторяют записанные: {n}"),
            ("unexplained", "не подходят ни к одному закрытию: {n}"),
        )
        if given.count(key)
    ]
    message = say.fill(
        "{n:строка|строки|строк} файла {path!c} {n!n:записана|записаны|записаны} не регистратором: {parts}; так "
        "добавлен "
        "чистый PnL {net}",
        n=given.count("rows"),
        path=given.text("ledger"),
        parts=join(parts, ", "),
        net=given.money("net_pnl"),
    )
    if opened := given.count("open_time"):
        message += say.fill("; со временем открытия вместо времени закрытия: {n}", n=opened)
    if given.strings("blank"):
        message += say.fill("; пустые столбцы: {names}", names=given.names("blank"))
    return message + words("."), ()


def _header(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    before, after = given.strings("before"), given.strings("after")
    gone = [code(name) for name in before if name not in after]
    new = [code(name) for name in after if name not in before]
    parts = [say.fill("исчезли {names}", names=join(gone, ", "))] if gone else []
    parts += [say.fill("появились {names}", names=join(new, ", "))] if new else []
    what = join(parts, "; ") or say.fill("те же столбцы в другом порядке")
    if given.text("ledger"):
        where = say.fill(
            "файла {path!c} меняются на строке {line}", path=given.text("ledger"), line=given.count("line")
        )
    else:
        paths = [str(place.address) for place in finding.locations[:2]]
        where = say.fill(
            "меняются от {old!c} к {new!c}", old=paths[-1] if paths else "", new=paths[0] if paths else ""
        )
    return say.fill("Столбцы {where}: {what}.", where=where, what=what), ()


def _shifted(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    rows = (
        say.fill(
            ", и {n} из {of:строки|строк|строк} относятся к другой дате",
            n=given.count("rows_on_other_dates"),
            of=given.count("rows"),
        )
        if given.count("rows_on_other_dates")
        else ()
    )
    return say.fill(
        "В имени {path!c} стоит {date}, но файл открыт в {opened} местного времени{rows}. Это объясняет дата по "
        "UTC при любом "
        "смещении часов бота от {low} до {high}: в тот момент по UTC было {date}.",
        path=given.text("ledger"),
        date=given.text("file_date"),
        opened=given.time("opened"),
        rows=rows,
        low=given.text("low"),
        high=given.text("high"),
    ), ()


def _not_rolled(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    return say.fill(
        "В имени {path!c} стоит {date}, а в файле {n:строка|строки|строк} более поздних дней, первая — {first}: "
        "файл открыт в "
        "свой день и не сменён в полночь.",
        path=given.text("ledger"),
        date=given.text("file_date"),
        n=given.count("rows"),
        first=given.time("first"),
    ), ()


def _offset(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    seconds = given.count("offset_seconds")
    return say.fill(
        "Строки {path!c} на {span} {direction} строк лога о тех же сделках (подтверждают {n:пара|пары|пар}).",
        path=given.text("ledger"),
        span=say.duration(seconds * SECOND),
        direction="позже" if seconds > 0 else "раньше",
        n=given.count("support"),
    ), ()


def _jump(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    return say.fill(
        "Время {stream!c} идёт назад: за {a} следует {b}.",
        stream=given.text("stream"),
        a=given.time("before"),
        b=given.time("after"),
    ), ()


FINDINGS: Final = {
    "LA201": _missing_ledger,
    "LA202": _empty_ledger,
    "LA203": _malformed,
    "LA204": _arithmetic,
    "LA205": _backfilled,
    "LA206": _header,
    "LA301": _shifted,
    "LA302": _not_rolled,
    "LA303": _offset,
    "LA304": _jump,
}
