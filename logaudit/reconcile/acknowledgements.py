"""Gives each close the recorder's acknowledgements and failures, and the exchange's confirmations."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.claims import Claim
from logaudit.reconcile.matching import assign_offers
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled import Witness
from logaudit.reconcile.recorder_reach import RecorderReach
from logaudit.reconcile.timeline import Timeline
from logaudit.reconcile.unworded_failures import unworded_failures

#: An acknowledgement follows its close; printed whole seconds may make it seem a second early.
_EARLY: Final = SECOND
#: A close that what else is known speaks against costs more than any distance, in time and then in lines.
_UNLIKELY: Final = 10**15
#: A row and the line that tells of it are written so near to each other.
_BESIDE: Final = 2 * SECOND
#: So many acknowledgements that come later than the window show how late a recorder speaks, up to so long.
_OFTEN: Final = 3
_LATEST: Final = 600 * SECOND
_MICROSECOND: Final = 1_000
_ELSEWHERE: Final = 500
#: Where lines that name no market are looked for.
_ANY: Final = ""


def witnesses(
    claims: Sequence[Claim], evidence: SessionEvidence, recorded: Mapping[int, Collection[int]]
) -> tuple[list[Witness], dict[int, list[Event]]]:
    """One witness a close, and the acknowledgements beyond it that a statement made again.

    Each line is given to at most one close: of its symbol where it names one; otherwise, of those within the
    profile's ledger window, preferably to one that the other lines and the ledger bear out, an
    acknowledgement to a close with a row and a failure to one without, and then to the nearest. A line may follow any
    announcement of a close, or the row of one: a recorder that works off a queue writes and tells late. As late as
    its acknowledgements beside rows come, those of closes without a row and its failures may come as well.

    Args:
        claims: in time order.
        recorded: index of a close that has the recorder's row → when the row may have been written, naive µs.

    Returns:
        The witnesses, and by index of a close the acknowledgements of one statement, where it made several for it.
    """
    window = round(evidence.profile.ledger.window * SECOND)
    said = evidence.of(EventKind.TRADE_ACKNOWLEDGED)
    share = _Share(claims, window, written=recorded)
    acks = share.out(said, recorded)
    delay = _delay(claims, acks, recorded, window)
    if delay > window:
        share = _Share(claims, delay, written=recorded)
        acks = share.out(said, recorded)
    failures = _failures(claims, evidence, recorded, acks, delay)
    exchange = _Share(claims, window).out(evidence.of(EventKind.EXCHANGE_CONFIRMED), None, both_ways=True)
    found = [
        Witness(tuple(acks.get(i, ())), tuple(failures.get(i, ())), tuple(exchange.get(i, ())))
        for i in range(len(claims))
    ]
    return found, share.spare(said, acks)


def _failures(
    claims: Sequence[Claim],
    evidence: SessionEvidence,
    recorded: Container[int],
    acks: Mapping[int, Sequence[Event]],
    window: int,
) -> dict[int, list[Event]]:
    """The recorder's failures by close: none of those that follow an attempt to close that failed itself.

    A statement that acknowledges the closes of other code paths only was not called by this close's path.
    """
    attempts = evidence.of(EventKind.CLOSE_FAILED)
    lost = [i for i in range(len(claims) + len(attempts)) if i not in recorded]
    share = _Share(claims, window, attempts)
    found = share.out(evidence.of(EventKind.RECORDER_FAILED), frozenset(lost))
    reach = RecorderReach(claims, acks, found)
    failures = {
        c: kept
        for c, events in found.items()
        if c < len(claims) and (kept := [e for e in events if reach.may_speak_of(e, claims[c])])
    }
    silent = frozenset(i for i in lost if i < len(claims) and i not in found and i not in acks)
    heard = unworded_failures(evidence, [e for i in sorted(silent) for e in claims[i].announcements])
    return failures | {i: told for i, told in share.out(heard, silent).items() if i in silent}


def _delay(
    claims: Sequence[Claim],
    acks: Mapping[int, Sequence[Event]],
    recorded: Iterable[int],
    window: int,
) -> int:
    """How long after a close the recorder may speak of it, µs: at least ``window``, more where it often did."""
    delays = [
        acks[c][0].at.us - max(e.at.us for e in claims[c].announcements) for c in recorded if acks.get(c)
    ]
    late = sorted(delay for delay in delays if window < delay <= _LATEST)
    return late[-1] if len(late) >= _OFTEN else window


class _Share:
    def __init__(
        self,
        claims: Sequence[Claim],
        window: int,
        others: Sequence[Event] = (),
        *,
        written: Mapping[int, Collection[int]] | None = None,
    ) -> None:
        """Closes, after them what else the lines may speak of, and when the rows of closes were written."""
        told = [(e, c) for c, claim in enumerate(claims) for e in claim.announcements]
        told += [(e, len(claims) + i) for i, e in enumerate(others)]
        self._told = sorted(told, key=lambda item: (item[0].at.us, item[0].location, item[1]))
        keys = [symbol_key(e.fields.symbol) for e in (*(c.close for c in claims), *others)]
        self._times = Timeline(
            (market, e.at.us, i) for i, (e, c) in enumerate(self._told) for market in {_ANY, keys[c]}
        )
        self._places = [(e.at.us, e.location) for e, _ in self._told]
        self._written = Timeline(
            (market, at, c)
            for c, times in (written or {}).items()
            for at in times
            if claims[c].close.at.end < at <= claims[c].close.at.end + _LATEST
            for market in {_ANY, keys[c]}
        )
        self._window = window

    def spare(self, events: Sequence[Event], given: Mapping[int, Sequence[Event]]) -> dict[int, list[Event]]:
        """Index of a close → what a statement said of it, where it said so more than once."""
        taken = {e.location for told in given.values() for e in told}
        found: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            if event.location in taken:
                continue
            for c, _ in sorted(self._closest(event, both_ways=False).items(), key=lambda item: item[1]):
                said = [e for e in given.get(c, ()) if _same_statement(e, event)]
                if said:
                    found[c] += [event] if found[c] else [*said, event]
                    break
        return {c: sorted(told, key=lambda e: (e.at.us, e.location)) for c, told in found.items() if told}

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
            offers = {e: self._closest(event, both_ways=both_ways) for e, event in enumerate(group)}
            if borne_out is not None:
                for costs in offers.values():
                    for c in costs:
                        costs[c] += ((c not in borne_out) + (bool(found) and c not in found)) * _UNLIKELY
            for e, c in assign_offers(offers)[0].items():
                found[c].append(group[e])
        for said in found.values():
            said.sort(key=lambda e: (e.at.us, e.pattern))
        return found

    def _closest(self, event: Event, *, both_ways: bool) -> dict[int, int]:
        """Closes the event may speak of → the distance in time, and within a moment in lines."""
        market = symbol_key(event.fields.symbol) if event.fields.symbol else _ANY
        span = event.at.us - self._window - SECOND, event.at.us + self._window + SECOND
        near: dict[int, int] = {}
        about = event.at.us, bisect_left(self._places, (event.at.us, event.location))
        for _, i in self._times.nearest(market, *span, about):
            told, c = self._told[i]
            after = event.at.us - told.at.us
            early = self._window if both_ways else max(_EARLY, event.at.precision, told.at.precision)
            if -early <= after <= self._window + told.at.precision:
                distance = abs(after) * _MICROSECOND + _lines_apart(told, event)
                near[c] = min(distance, near.get(c, distance))
        span = event.at.us - _BESIDE, event.at.end + _BESIDE
        for at, c in self._written.nearest(market, *span, (event.at.us, -1)):
            if c not in near:
                near[c] = abs(event.at.us - at) * _MICROSECOND + _ELSEWHERE
        return near


def _same_statement(left: Event, right: Event) -> bool:
    return left.pattern == right.pattern and left.emitter == right.emitter


def _named(events: Sequence[Event]) -> bool:
    return any(e.fields.symbol for e in events)


def _lines_apart(close: Event, event: Event) -> int:
    """Below `_MICROSECOND`: file order decides within a moment, so that two closes in one keep their lines."""
    ours, theirs = close.location, event.location
    if ours.address != theirs.address:
        return _ELSEWHERE
    apart = theirs.line - ours.line
    return min(_ELSEWHERE - 1, apart if apart >= 0 else _ELSEWHERE // 2 - apart)
