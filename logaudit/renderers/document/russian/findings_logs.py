"""Findings about logs (LA4xx) in Russian, made from their data."""

from __future__ import annotations

from typing import Final

from logaudit.core.finding import Finding
from logaudit.core.timestamp import DAY, SECOND
from logaudit.renderers.document.russian.finding_data import FindingData, Told
from logaudit.renderers.document.translator import Translator

_TROUBLE: Final = {
    "damaged": "повреждён",
    "encrypted": "зашифрован",
    "over-limit": "превышает ограничения",
    "unreadable": "не читается",
    "unsupported": "не поддерживается",
    "nested-archive": "архив в архиве",
}
_EVENTS: Final = {
    "position-closed": "закрытии позиции",
    "position-opened": "открытии позиции",
    "trade-acknowledged": "подтверждении сделки",
}


def _unreadable(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    name = str(finding.locations[0].address) if finding.locations else given.text("path")
    kind = given.text("kind")
    message = say.fill(
        "{name!c} {kind}: {detail!c}.",
        name=name,
        kind=_TROUBLE.get(kind, kind),
        detail=given.text("detail") or kind,
    )
    if given.count("read"):
        message += say.fill(
            " Прочитано и рассмотрено до этого места: {n:байт|байта|байт}.", n=given.count("read")
        )
    return message, ()


def _gap(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    what = "вероятно, не хватает части лога" if given.flag("between_sources") else "ничего не записывалось"
    message = say.fill(
        "{stream!c} молчит {silent}, с {a} по {b}, хотя 99 из 100 записей следуют друг за другом не позже чем "
        "через {usual}: "
        "{what}.",
        stream=given.text("stream"),
        silent=say.duration(given.count("silent_us")),
        a=given.time("from"),
        b=given.time("to"),
        usual=say.duration(given.count("usual_us")),
        what=what,
    )
    if given.strings("others"):
        message += say.fill(" Тем временем продолжали идти: {names}.", names=given.names("others"))
    return message, ()


def _rotation(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    every, size = given.count("interval_median_seconds"), given.count("bytes_median")
    message = say.fill(
        "{stream!c} разрезан на {n:архив|архива|архивов}: в среднем один раз в {every} (медиана; от {low} до "
        "{high}), по {size}. "
        "При ротации раз в сутки день лежал бы в одном файле размером около {daily}.",
        stream=given.text("stream"),
        n=given.count("archives"),
        every=say.duration(every * SECOND),
        low=say.duration(given.count("interval_min_seconds") * SECOND),
        high=say.duration(given.count("interval_max_seconds") * SECOND),
        size=say.size(size),
        daily=say.size(size * DAY // (every * SECOND) if every else 0),
    )
    advice = say.fill(
        "Задайте {rotation!c} (раз в сутки) и {retention!c}.",
        rotation=given.text("recommended"),
        retention='retention="30 days"',
    )
    return message, advice


def _unparsed(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    if given.text("unparsed"):
        message = say.fill(
            "{n:строка|строки|строк} {stream!c} из {of} не подходят ни к одному известному формату лога.",
            n=given.count("unparsed"),
            stream=given.text("stream"),
            of=given.count("lines"),
        )
        return message, say.fill("Передайте строку формата самого бота через {flag!c}.", flag="--log-format")
    if given.text("pattern"):
        message = say.fill(
            "Шаблон {pattern!c} в последний раз подошёл в {last!c}; с тех пор {n:строка|строки|строк} {stream!c} "
            "содержат его "
            "слова, но не подходят под него: возможно, бот сменил формулировку.",
            pattern=given.text("pattern"),
            last=given.text("last") or "?",
            n=given.count("near"),
            stream=given.text("stream"),
        )
        return message, say.fill("Сравните приведённую строку с шаблоном профиля.")
    kind = given.text("kind")
    return say.fill(
        "В записи о {what} от {at} не хватает {names}: строк с этими данными нет в наличии.",
        what=_EVENTS.get(kind, kind),
        at=given.time("at"),
        names=given.names("lacking"),
    ), ()


def _divergence(finding: Finding, say: Translator) -> Told:
    given = FindingData(finding.data, say)
    kind = given.text("kind")
    return say.fill(
        "Запись о {what} от {at} есть в {has!c}, но нет в {stream!c}, хотя тот покрывает это время и содержит "
        "{n} таких же.",
        what=_EVENTS.get(kind, kind),
        at=given.time("at"),
        has=given.text("has"),
        stream=given.text("stream"),
        n=given.count("shared"),
    ), ()


FINDINGS: Final = {
    "LA401": _unreadable,
    "LA402": _gap,
    "LA403": _rotation,
    "LA404": _unparsed,
    "LA405": _divergence,
}
