"""Each close as a case: what is known of it before its outcome, and the outcome.

Nothing that follows a close is an attribute: it would tell the outcome instead of explaining it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import HOUR, MINUTE, SECOND, iso
from logaudit.core.trades import symbol_key
from logaudit.diagnosis.close_context import SYMBOL, CloseContext
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import ClosedTrade, Session


class Attribute(StrEnum):
    """What a condition can be about, in order of preference."""

    PATH = "path"
    PATTERN = "pattern"
    LINE = "line"
    CALLER = "caller"
    PRECEDING = "preceding"
    REASON = "reason"
    EVENT = "event"
    RUN = "run"
    SYMBOL = "symbol"
    SIDE = "side"
    FROM = "from"
    UNTIL = "until"
    SINCE_START = "since-start"
    HOUR = "hour"


#: Attributes that say where in the code a close came from.
CODE: Final = frozenset(
    {
        Attribute.PATH,
        Attribute.LINE,
        Attribute.CALLER,
        Attribute.PRECEDING,
        Attribute.REASON,
        Attribute.EVENT,
    }
)

#: Facts that can lead to a close; the recorder's own words come after closes.
_LEADING: Final = (EventKind.RUN_STARTED, EventKind.POSITION_OPENED, EventKind.EXCHANGE_CONFIRMED)
_BUCKETS: Final = ((10 * MINUTE, "<10min"), (HOUR, "10min-1h"), (4 * HOUR, "1h-4h"), (24 * HOUR, "4h-24h"))


class CloseCase(Struct, frozen=True):
    """One close that is known to be recorded or missing.

    Attributes:
        values: attribute → its value; an attribute that nothing tells is left out.
    """

    trade: ClosedTrade
    missing: bool
    values: dict[Attribute, str]


def cases_of(session: Session, around: Mapping[str, CloseContext]) -> tuple[CloseCase, ...]:
    """The closes whose outcome is known, in time order."""
    leading = _by_symbol(session)
    runs = {run.id: run for run in session.runs}
    found = []
    for trade in session.closed:
        if not (trade.missing or trade.row is not None):
            continue
        close = trade.close
        values = {
            **_code(close),
            **_context(close, around.get(trade.id)),
            **_facts(close, leading),
            **_time(close, runs.get(trade.run)),
        }
        known = {name: value for name, value in values.items() if value}
        found.append(CloseCase(trade, trade.missing, known))
    return tuple(found)


def _code(close: Event) -> dict[Attribute, str]:
    emitter = close.emitter
    return {
        Attribute.PATH: emitter.path,
        Attribute.LINE: str(emitter) if emitter.line else "",
        # Where no sink prints the function, the wording may tell the closes apart; it is no place in the code.
        Attribute.PATTERN: "" if emitter.function else close.pattern,
        Attribute.REASON: close.fields.reason,
        Attribute.SYMBOL: close.fields.symbol,
        Attribute.SIDE: close.fields.side.value if close.fields.side else "",
    }


def _context(close: Event, around: CloseContext | None) -> dict[Attribute, str]:
    """The last other code path that named the symbol before the close, and the last line that did."""
    if around is None or not around.before.complete:
        return {}
    own = close.emitter.path
    last = around.before.first(lambda call: SYMBOL in call[1] and (not own or call[0] != own))
    if last is None:
        return {}
    return {
        Attribute.CALLER: last.emitter,
        Attribute.PRECEDING: f"{last.emitter} {last.template}".strip(),
    }


def _facts(close: Event, leading: Mapping[str, tuple[list[int], list[Event]]]) -> dict[Attribute, str]:
    """The last event of the close's own symbol before it."""
    times, events = leading.get(symbol_key(close.fields.symbol), ([], []))
    index = bisect_left(times, close.at.us)
    if not index:
        return {}
    event = events[index - 1]
    return {Attribute.EVENT: f"{event.kind.value} {event.emitter.path or event.pattern}".strip()}


def _time(close: Event, run: Run | None) -> dict[Attribute, str]:
    values = {Attribute.HOUR: iso(close.at.us, SECOND)[11:13]}
    if run is not None:
        values[Attribute.RUN] = run.id
        if run.started is not None:
            held = close.at.us - run.start
            values[Attribute.SINCE_START] = next((text for limit, text in _BUCKETS if held < limit), ">24h")
    return values


def _by_symbol(session: Session) -> dict[str, tuple[list[int], list[Event]]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in session.evidence.of(*_LEADING):
        if symbol := event.fields.symbol:
            found[symbol_key(symbol)].append(event)
    return {symbol: (_times(events), events) for symbol, events in found.items()}


def _times(events: Sequence[Event]) -> list[int]:
    return [e.at.us for e in events]
