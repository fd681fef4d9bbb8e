"""Gives each close the recorder's acknowledgements and failures, and the exchange's confirmations."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Container, Sequence
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.matching import assign
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled import Witness

#: An acknowledgement follows its close; printed whole seconds may make it seem a second early.
_EARLY: Final = SECOND
#: A close that what else is known speaks against costs more than any distance, in time and then in lines.
_UNLIKELY: Final = 10**15
_MICROSECOND: Final = 1_000
_ELSEWHERE: Final = 500


def witnesses(closes: Sequence[Event], evidence: SessionEvidence, recorded: Container[int]) -> list[Witness]:
    """One witness a close.

    Each line is given to at most one close: of its symbol where it names one; otherwise, of those within the
    profile's ledger window, preferably to one that the other lines and the ledger bear out, an
    acknowledgement to a close with a row and a failure to one without, and then to the nearest.

    Args:
        closes: in time order.
        recorded: indices of the closes that have the recorder's row.
    """
    window = round(evidence.profile.ledger.window * SECOND)
    share = _Share(closes, window)
    lost = [i for i in range(len(closes)) if i not in recorded]
    acks = share.out(evidence.of(EventKind.TRADE_ACKNOWLEDGED), recorded)
    failures = share.out(evidence.of(EventKind.RECORDER_FAILED), frozenset(lost))
    exchange = share.out(evidence.of(EventKind.EXCHANGE_CONFIRMED), None, both_ways=True)
    return [
        Witness(tuple(acks.get(i, ())), tuple(failures.get(i, ())), tuple(exchange.get(i, ())))
        for i in range(len(closes))
    ]


class _Share:
    def __init__(self, closes: Sequence[Event], window: int) -> None:
        self._closes = closes
        self._times = [c.at.us for c in closes]
        self._keys = [symbol_key(c.fields.symbol) for c in closes]
        self._window = window

    def out(
        self, events: Sequence[Event], borne_out: Container[int] | None, *, both_ways: bool = False
    ) -> dict[int, list[Event]]:
        """Close index → its events, at most one a pattern; None where nothing bears any close out."""
        by_pattern: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            by_pattern[event.pattern].append(event)
        found: dict[int, list[Event]] = defaultdict(list)
        # Lines that name their symbol first: what they say tells whose the others are.
        for pattern in sorted(by_pattern, key=lambda p: (not _named(by_pattern[p]), p)):
            group = by_pattern[pattern]
            costs: dict[tuple[int, int], int] = {}
            for e, event in enumerate(group):
                for c, distance in self._closest(event, both_ways=both_ways):
                    costs[e, c] = distance
                    if borne_out is not None:
                        doubts = (c not in borne_out) + (bool(found) and c not in found)
                        costs[e, c] += doubts * _UNLIKELY
            for e, c in assign(costs)[0].items():
                found[c].append(group[e])
        for said in found.values():
            said.sort(key=lambda e: (e.at.us, e.pattern))
        return found

    def _closest(self, event: Event, *, both_ways: bool) -> list[tuple[int, int]]:
        """Closes the event may speak of, with the distance in time, and within a moment in lines."""
        symbol = event.fields.symbol
        key = symbol_key(symbol) if symbol else ""
        first = bisect_left(self._times, event.at.us - self._window - SECOND)
        last = bisect_right(self._times, event.at.us + self._window + SECOND)
        near: list[tuple[int, int]] = []
        for c in range(first, last):
            close = self._closes[c]
            after = event.at.us - close.at.us
            early = self._window if both_ways else max(_EARLY, event.at.precision, close.at.precision)
            if (not key or key == self._keys[c]) and -early <= after <= self._window + close.at.precision:
                near.append((c, abs(after) * _MICROSECOND + _lines_apart(close, event)))
        return near


def _named(events: Sequence[Event]) -> bool:
    return any(e.fields.symbol for e in events)


def _lines_apart(close: Event, event: Event) -> int:
    """Below `_MICROSECOND`: file order decides within a moment, so that two closes in one keep their lines."""
    ours, theirs = close.location, event.location
    if ours.address != theirs.address:
        return _ELSEWHERE
    apart = theirs.line - ours.line
    return min(_ELSEWHERE - 1, apart if apart >= 0 else _ELSEWHERE // 2 - apart)
