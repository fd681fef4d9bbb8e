"""Repeats that a row or an acknowledgement of their own makes closes, and which announcement a row bears out.

Lines alone cannot tell a retry from a second trade with equal values. What the recorder wrote can: a row that fits a
repeat when the close has its own, or an acknowledgement that the same statement had already made for the close.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest
from typing import TypeAlias

from msgspec.structs import replace

from logaudit.core.events import Emitter, Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Location
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.claims.claim import Claim, in_order, parted, split, with_standing
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching import DeviationKind, compare_fields
from logaudit.reconcile.positions import voice_of
from logaudit.reconcile.timeline import CROWD, NEAREST

#: Announcements × rows → the pairs that may be one trade, one to one, by index.
Pairing: TypeAlias = Callable[[Sequence[Event], Sequence[LedgerEntry]], Mapping[int, int]]


def revised(
    claims: Sequence[Claim], links: Links, pairing: Pairing, spare_acks: Mapping[int, Sequence[Event]]
) -> tuple[Claim, ...] | None:
    """The claims as rows and acknowledgements show them; None where they show nothing new.

    Args:
        links: what the rows speak of, by index of a claim.
        pairing: how rows are linked.
        spare_acks: index of a claim → the acknowledgements of one statement, where it made several for it.
    """
    if not any(claim.echoes for claim in claims):
        return None
    from logaudit.reconcile.claims.parted import parts_of  # noqa: PLC0415 - few closes are told again

    sums = parts_of(claims, links)
    own: dict[int, list[Event]] = defaultdict(list)
    stands: dict[int, Event] = {}
    for c, event in _borne_out(claims, links, pairing):
        if c in links.matched or c in stands:
            own[c].append(event)
        else:
            stands[c] = event
    for c, acks in spare_acks.items():
        own[c] += _acknowledged(claims[c], own[c], acks)
    stands |= {
        c: best for c, claim in enumerate(claims) if (best := _best(claim, links.lone_row_of(c))) is not None
    }
    for c, event in stands.items():
        # What stands for the close is no other close beside it.
        own[c] = [e for e in own[c] if e.location != event.location]
    if not stands and not sums and not any(own.values()):
        return None
    found: list[Claim] = []
    for c, claim in enumerate(claims):
        if c in sums:
            found += parted(claim, sums[c])
            continue
        parts = split(claim, own[c], stands.get(c)) if own[c] else [claim]
        found += [with_standing(parts[0], stands[c]) if c in stands else parts[0], *parts[1:]]
    return in_order(found)


def _borne_out(claims: Sequence[Claim], links: Links, pairing: Pairing) -> list[tuple[int, Event]]:
    """Echoes that rows without a close fit, with the index of their claim."""
    exact = {row.location: twin for row, twin in links.duplicates}
    rows = [*links.unexplained, *(row for row, _ in links.duplicates)]
    echoes = [(c, e) for c, claim in enumerate(claims) for e in claim.echoes]
    if not rows or not echoes:
        return []
    pairs = pairing([e for _, e in echoes], _without_turned_sides(rows, links))
    found: list[tuple[int, Event]] = []
    for e, r in pairs.items():
        c, event = echoes[e]
        twin = exact.get(rows[r].location)
        if twin is None or twin.cells != rows[r].cells or _same_voice(claims[c], event):
            found.append((c, event))
    return found


def _without_turned_sides(rows: Sequence[LedgerEntry], links: Links) -> list[LedgerEntry]:
    """The rows, without a side where their ledger writes that of the closing order."""
    turned = {
        links.rows[match.row].location.address
        for match in links.matched.values()
        if any(d.kind is DeviationKind.SIDE for d in match.deviations)
    }
    return [
        replace(row, fields=replace(row.fields, side=None)) if row.location.address in turned else row
        for row in rows
    ]


def _same_voice(claim: Claim, event: Event) -> bool:
    return voice_of(event) == voice_of(claim.close)


def _acknowledged(claim: Claim, own: Sequence[Event], acks: Sequence[Event]) -> list[Event]:
    """The echoes that acknowledgements of one statement follow most nearly, but for those that are closes already.

    One acknowledgement is the close's. One that names no symbol may be another trade's: it makes a close of nothing but
    the same statement's repeat, unless it counts one trade more than another of them and is the next line.
    """
    counting = _counting(acks)
    known = {e.location for e in own}
    left = list(claim.announcements)
    followed: list[Event] = []
    for ack in acks:
        named = bool(ack.fields.symbol)
        fits = [
            e
            for e in left
            if e.at.us < ack.at.end
            and (named or _same_voice(claim, e) or (ack.location in counting and _is_next(ack, e)))
        ]
        if fits:
            nearest = max(fits, key=lambda e: (e.at.us, e.location in known))
            left.remove(nearest)
            followed.append(nearest)
    if claim.close in left:
        followed = followed[1:]
    return [e for e in followed if e.location not in known and e is not claim.close]


def _counting(acks: Sequence[Event]) -> frozenset[Location]:
    """The places of acknowledgements whose running total rises from one to the next of their statement.

    One that prints the total of an earlier one once more counts the trade that is counted already.
    """
    rising: dict[tuple[str, Emitter], list[tuple[int, Location]]] = defaultdict(list)
    for ack in acks:
        count, told = ack.captures.counter, rising[ack.pattern, ack.emitter]
        if count is not None and (not told or count > told[-1][0]):
            told.append((count, ack.location))
    return frozenset(place for told in rising.values() if len(told) > 1 for _, place in told)


def _is_next(ack: Event, close: Event) -> bool:
    """Whether an acknowledgement follows in the next line, at once."""
    next_line = (
        ack.location.address == close.location.address and ack.location.line == close.location.line + 1
    )
    return next_line and ack.at.us - close.at.end <= SECOND


def _best(claim: Claim, row: LedgerEntry | None) -> Event | None:
    """The announcement whose values the row has, where the one that stands for the close has fewer of them."""
    if row is None or not claim.echoes:
        return None
    # Of thousands each would be completed by all others: most say the same, and few say what the row does.
    told = {e.fields: e for e in reversed(claim.echoes)}
    echoes = [e for e in claim.echoes if told[e.fields] is e]
    if len(echoes) > CROWD:
        echoes = nlargest(NEAREST, echoes, key=lambda e: _agreeing(e.fields, row))
    best = max(echoes, key=lambda e: _agreement(claim, e, row))
    return best if _agreement(claim, best, row) > _agreement(claim, claim.close, row) else None


def _agreement(claim: Claim, event: Event, row: LedgerEntry) -> tuple[int, int]:
    """Of the close as it is told where this announcement stands for it."""
    return _agreeing(with_standing(claim, event).close.fields, row)


def _agreeing(told: TradeFields, row: LedgerEntry) -> tuple[int, int]:
    compared = compare_fields(told, row.fields)
    return -compared.differing, compared.agreeing
