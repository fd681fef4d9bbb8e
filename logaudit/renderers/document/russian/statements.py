"""What works and what could not be judged, in Russian, made from the statements' data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from logaudit.core.report import Statement
from logaudit.renderers.document.document import Inline
from logaudit.renderers.document.russian.finding_data import FindingData
from logaudit.renderers.document.translator import Translator

_STATUS: Final = {
    "header-only": "содержит только заголовок",
    "empty": "пуст",
    "malformed": "большей частью не читается",
}


def _ready(given: FindingData) -> Inline:
    return given.translator.fill("Регистратор инициализирован в {at}.", at=given.time("at"))


def _closes_recorded(given: FindingData) -> Inline:
    n = given.count("closes")
    return given.translator.fill("В журнале есть каждое закрытие из логов ({n} из {of}).", n=n, of=n)


def _agrees(given: FindingData) -> Inline:
    return given.translator.fill(
        "{path!c}: {n:строка согласна|строки согласны|строк согласны} со своими закрытиями во всех значениях.",
        path=given.text("ledger"),
        n=given.count("rows"),
    )


def _alive(given: FindingData) -> Inline:
    columns = (
        given.translator.fill(" Столбцы: {header!c}.", header=given.text("header"))
        if given.text("header")
        else ()
    )
    return given.translator.fill(
        "{title} {path!c}: {n:строка|строки|строк} с {first} по {last} ({span}) — запись в CSV у бота "
        "работает.{columns}",
        title=given.text("title"),
        path=given.text("path"),
        n=given.count("rows"),
        first=given.time("first"),
        last=given.time("last"),
        span=given.translator.duration(given.count("span_us")),
        columns=columns,
    )


def _clocks(given: FindingData) -> Inline:
    return given.translator.fill(
        "{path!c} и лог идут по одним часам: {n:строка лежит|строки лежат|строк лежат} не дальше {window} с от "
        "своих закрытий.",
        path=given.text("ledger"),
        n=given.count("rows"),
        window=given.text("window"),
    )


def _zone(given: FindingData) -> Inline:
    say = given.translator
    stated = (
        say.fill(" (при {zone}: {utc} UTC)", zone=given.text("zone"), utc=given.text("utc"))
        if given.text("utc")
        else ()
    )
    held = "нет ни одной строки" if given.text("ledger_rows") == "0" else "её нет ни при каком смещении"
    near = (
        say.fill(
            " ({n:строка|строки|строк} {symbol!c} в пределах суток, ни одна не подходит)",
            n=given.count("rows_near"),
            symbol=given.text("symbol"),
        )
        if given.count("rows_near")
        else ()
    )
    return say.fill(
        "Часовой пояс — не причина: закрытие в {time} местного времени приходится на {date} и по UTC при любом "
        "смещении до "
        "{offset}{stated}, а при большем смещении строка была бы в файле за предыдущий день; в {path!c} {held}{near}.",
        time=given.text("closed")[11:],
        date=given.text("date"),
        offset=given.text("largest_offset"),
        stated=stated,
        path=given.text("ledger"),
        held=held,
        near=near,
    )


def _no_logs(given: FindingData) -> Inline:
    return given.translator.fill(
        "Рядом с {names} нет логов: что в нём должно быть, сказать нельзя.", names=given.names("ledgers")
    )


def _no_ledger(given: FindingData) -> Inline:
    return given.translator.fill("Рядом с логами {names} нет журнала сделок.", names=given.names("streams"))


def _rows_outside(given: FindingData) -> Inline:
    return given.translator.fill(
        "Нельзя проверить {n:строку|строки|строк}: имеющиеся логи покрывают время с {a} по {b}.",
        n=given.count("rows"),
        a=given.time("from"),
        b=given.time("to"),
    )


def _without_ledger(given: FindingData) -> Inline:
    return given.translator.fill(
        "Регистратор подтвердил {n:закрытие|закрытия|закрытий}, но проверить это не по чему: журнала нет.",
        n=given.count("closes"),
    )


def _unchecked(given: FindingData) -> Inline:
    return given.translator.fill(
        "В логах {n:закрытие|закрытия|закрытий}, но проверить, записано ли, не по чему: журнала нет.",
        n=given.count("closes"),
    )


def _not_alive(given: FindingData) -> Inline:
    status = given.text("status")
    return given.translator.fill(
        "{title} {path!c}: {status}.",
        title=given.text("title"),
        path=given.text("path"),
        status=_STATUS.get(status, status),
    )


def _open(given: FindingData) -> Inline:
    return given.translator.fill(
        "Там, где логи кончаются, {n!n:открыта|открыты|открыты} ещё {n:позиция|позиции|позиций} ({names}): "
        "закрытия, если они "
        "были, лежат вне логов.",
        n=given.count("positions"),
        names=given.names("names"),
    )


_TEXTS: Final[dict[str, Callable[[FindingData], Inline]]] = {
    "recorder-ready": _ready,
    "closes-recorded": _closes_recorded,
    "ledger-agrees": _agrees,
    "csv-alive": _alive,
    "clocks-agree": _clocks,
    "time-zone-not-the-cause": _zone,
    "no-logs": _no_logs,
    "no-ledger": _no_ledger,
    "rows-outside-coverage": _rows_outside,
    "closes-without-ledger": _without_ledger,
    "closes-unchecked": _unchecked,
    "csv-not-alive": _not_alive,
    "open-at-end": _open,
}


def statement(one: Statement, say: Translator) -> Inline | None:
    """The statement's message, None for a code that is not known here."""
    given = FindingData(one.data, say)
    if one.code == "recorder-errors-none":
        return say.fill(
            "Ошибок регистратора наблюдалось 0 на {n:запись|записи|записей}.", n=given.count("records")
        )
    make = _TEXTS.get(one.code)
    return make(given) if make is not None and one.data else None
