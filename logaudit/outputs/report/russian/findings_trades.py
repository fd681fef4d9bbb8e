"""Findings about trades and rows (LA1xx, LA5xx) in Russian, made from their data."""

from __future__ import annotations

from typing import Final

from logaudit.model.diagnosis import Condition
from logaudit.model.finding import Finding
from logaudit.model.location import Role
from logaudit.outputs.report.document import Inline
from logaudit.outputs.report.marks import conditioned
from logaudit.outputs.report.russian.given import Given, Told
from logaudit.outputs.report.speech import Speech, join, words


def _missing_row(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    message = say.fill(
        "{what}, чистый PnL {net}: строки от регистратора нет{where}.",
        what=_close(given),
        net=given.money("net_pnl"),
        where=_belongs(finding, say),
    )
    restored = next((place for place in finding.locations if place.role is Role.ROW), None)
    if restored is not None:
        message += say.fill(" Позже её восстановили другим способом ({place!c}).", place=restored.cite())
    elif given.flag("rival"):
        message += say.fill(
            " Какое из двух равных закрытий потеряно, сказать нельзя: имеющаяся строка подходит обоим."
        )
    return message, ()


def _belongs(finding: Finding, say: Speech) -> Inline:
    ledger = next((place for place in finding.locations if place.role is Role.LEDGER), None)
    return say.fill("; её место в {path!c}", path=str(ledger.address)) if ledger else ()


def _close(given: Given) -> Inline:
    reason = (
        given.say.fill(" (причина {reason!c})", reason=given.text("reason")) if given.text("reason") else ()
    )
    return given.say.fill(
        "{symbol!c} {side}, закрытие {closed}{reason}",
        symbol=given.text("symbol"),
        side=given.side(),
        closed=given.time("closed"),
        reason=reason,
    )


def _silent(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    first, last = given.time("first_loss"), given.time("last_loss")
    when = say.fill("в {at}", at=first) if first == last else say.fill("с {a} по {b}", a=first, b=last)
    errors = given.count("recorder_errors")
    if not given.flag("errors_known", default=True):
        heard = say.fill("профиль не знает строки, в которой регистратор сообщил бы об ошибке")
    elif errors:
        heard = say.fill(
            "об этих закрытиях регистратор не сообщил ни одной ошибки, хотя в этом запуске их {n} (см. LA108)",
            n=errors,
        )
    else:
        heard = say.fill(
            "регистратор не сообщил ни одной ошибки (искали в: {streams})", streams=given.names("searched")
        )
    message = say.fill(
        "Без строки осталось {missing} из {closes:закрытия|закрытий|закрытий} этого запуска, {when} (чистый PnL "
        "{net}), и "
        "{heard}.",
        missing=given.count("missing"),
        closes=given.count("closes"),
        when=when,
        net=given.money("unrecorded_net_pnl"),
        heard=heard,
    )
    if restored := given.count("restored"):
        message += say.fill(" Позже другим способом восстановлено {n}.", n=restored)
    return message, ()


def _false_ack(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    return say.fill(
        "{what}, чистый PnL {net}: регистратор подтвердил запись{at}, но ни в одном журнале строки нет.",
        what=_close(given),
        net=given.money("net_pnl"),
        at=say.fill(" в {at}", at=given.time("acknowledged")) if given.text("acknowledged") else words(""),
    ), ()


def _unacknowledged(finding: Finding, say: Speech) -> Told:
    what = _close(Given(finding.data, say))
    return say.fill("{what}: строка есть, но регистратор её не подтвердил.", what=what), ()


def _orphan(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    return say.fill(
        "Строка {symbol!c} {side} от {at}, чистый PnL {net}: закрытия в логах нет, хотя они покрывают это время "
        "(искали в: {streams}).",
        symbol=given.text("symbol"),
        side=given.side(),
        at=given.time("closed"),
        net=given.money("net_pnl"),
        streams=given.names("searched"),
    ), ()


_FIELDS: Final = {
    "entry_price": "цена входа",
    "exit_price": "цена выхода",
    "size": "размер",
    "contracts": "контракты",
    "gross_pnl": "валовый PnL",
    "net_pnl": "чистый PnL",
    "pnl": "PnL",
    "commission": "комиссия",
    "duration_sec": "длительность, с",
    "reason": "причина",
}


def _mismatch(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    if given.text("ratio"):
        message = say.fill(
            "{symbol!c}: PnL в журнале равен PnL в логе, умноженному на {ratio}, у {n} из {of} сделок, по которым "
            "это видно "
            "(напечатанные цифры допускают от {low} до {high}): ошибка единиц, например контракты приняты за монеты.",
            symbol=given.text("symbol"),
            ratio=given.text("ratio"),
            n=given.count("support"),
            of=given.count("trades"),
            low=given.text("low"),
            high=given.text("high"),
        )
        return message, say.fill("Проверьте размер контракта этого символа там, где журнал считает PnL.")
    differences = [
        say.fill(
            "{field} {log} в логе, {row} в строке",
            field=_FIELDS.get(one.text("field"), one.text("field")),
            log=one.text("log"),
            row=one.text("row"),
        )
        for one in given.items("differences")
    ]
    return say.fill("{what}: {differences}.", what=_close(given), differences=join(differences, "; ")), ()


def _duplicate(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    return say.fill(
        "Строка {symbol!c} от {at} повторяет {place!c}: чистый PnL {net} учтён дважды.",
        symbol=given.text("symbol"),
        at=given.time("closed"),
        place=finding.locations[-1].cite() if finding.locations else "",
        net=given.money("net_pnl"),
    ), ()


def _recorder_error(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    detail = say.fill(": {detail!c}", detail=given.text("detail")) if given.text("detail") else ()
    message = say.fill("Регистратор сообщил об ошибке в {at}{detail}.", at=given.time("at"), detail=detail)
    if given.text("trade"):
        message += say.fill(" Она относится к сделке {trade!c}.", trade=given.text("trade"))
    return message, ()


def _never_ready(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    levels = ", ".join(given.strings("levels")) or "не указаны"
    start = (
        say.fill("Начало запуска ({at}) в логах есть, и инициализации в нём не видно.", at=given.time("from"))
        if given.flag("start_observed")
        else say.fill(
            "Запуск начался раньше первой имеющейся строки лога ({at}), поэтому записи о старте лежат вне того, "
            "где можно "
            "было искать.",
            at=given.time("from"),
        )
    )
    return say.fill(
        "Инициализация регистратора в этом запуске не наблюдалась. Искали в: {streams} (уровни {levels}) с {a} по {b}. "
        "{start}",
        streams=given.names("searched"),
        levels=levels,
        a=given.time("from"),
        b=given.time("to"),
        start=start,
    ), ()


def _counter(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    if given.text("acknowledged"):
        return say.fill(
            "Регистратор насчитал {n:сделку|сделки|сделок} с {a} по {b}; в журналах за это время "
            "{rows:строка|строки|строк}.",
            n=given.count("acknowledged"),
            a=given.time("from"),
            b=given.time("to"),
            rows=given.count("rows"),
        ), ()
    before, after = given.count("before"), given.count("after")
    what = "повторяется" if before == after else "перескакивает" if after > before else "идёт назад"
    return say.fill(
        "Счётчик регистратора {what}: {before} в {then}, потом {after} в {at}.",
        what=what,
        before=before,
        after=after,
        then=given.time("before_at"),
        at=given.time("at"),
    ), ()


def _no_open(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    return say.fill(
        "У {n} из {of:закрытия|закрытий|закрытий} этого запуска нет открытия в логах; первое: {symbol!c}, {at}.",
        n=given.count("without_open"),
        of=given.count("closes"),
        symbol=given.text("symbol"),
        at=given.time("first_closed"),
    ), ()


def _no_close(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    message = say.fill(
        "{symbol!c} {side}, открытие {at}: позиция открыта снова, а закрытия между ними в логах нет.",
        symbol=given.text("symbol"),
        side=given.side(),
        at=given.time("opened"),
    )
    if given.text("exchange_confirmed"):
        message += say.fill(" Биржа подтвердила закрытие в {at}.", at=given.time("exchange_confirmed"))
    return message, ()


def _double(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    return say.fill(
        "{symbol!c} {side}: закрытие в {second} повторяет закрытие в {first} (пути кода: {paths}); цена входа та же, "
        "открытия между ними нет.",
        symbol=given.text("symbol"),
        side=given.side(),
        first=given.time("first"),
        second=given.time("second"),
        paths=given.names("emitters"),
    ), ()


def _blind(finding: Finding, say: Speech) -> Told:
    given = Given(finding.data, say)
    conditions = [Condition(one.text("attribute"), one.text("value")) for one in given.items("conditions")]
    return say.fill(
        "Закрытия, у которых {which}, не записываются никогда: потерянных сделок {missing} из {total}, записанных — "
        "{recorded} (чистый PnL {net}; p = {p}).",
        which=conditioned(conditions, "ru"),
        missing=given.count("missing"),
        total=given.count("total_missing"),
        recorded=given.count("recorded"),
        net=given.money("unrecorded_net_pnl"),
        p=given.small("p_value"),
    ), ()


FINDINGS: Final = {
    "LA101": _missing_row,
    "LA102": _silent,
    "LA103": _false_ack,
    "LA104": _unacknowledged,
    "LA105": _orphan,
    "LA106": _mismatch,
    "LA107": _duplicate,
    "LA108": _recorder_error,
    "LA109": _never_ready,
    "LA110": _blind,
    "LA111": _counter,
    "LA501": _no_open,
    "LA502": _no_close,
    "LA503": _double,
}
