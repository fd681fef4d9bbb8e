"""Closes with their rows, each side with all that it shows of the trade: sums of parts, the size of the open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching import DeviationKind, Match, compare_fields, explain
from logaudit.reconcile.matching.deviations import OF_NUMBERS
from logaudit.reconcile.matching.grain import Parted, summed, within_sums

OF_SIZE: Final = frozenset({DeviationKind.SIZE_CONTRACTS, DeviationKind.SIZE_NOTIONAL})


class Linked(Struct, frozen=True):
    """A close and its row; where several of one side are one trade together, that side has their sums.

    Attributes:
        log: what the log says, of all closes that share the row.
        parts: what was added up; empty where close and row are one to one.
        of_open: whether the size is the one that only the position's open prints.
    """

    close: Event
    log: TradeFields
    row: LedgerEntry
    match: Match
    opened: int | None
    parts: tuple[TradeFields, ...] = ()
    of_open: bool = False


def all_linked(
    closes: Sequence[Event],
    links: Links,
    opened: Callable[[int], int | None],
    positions: Sequence[Parted],
) -> Iterator[Linked]:
    """Every linked close with its row.

    Args:
        opened: index of a close → naive µs of its position's open, None when not known.
        positions: all of them, with what their opens say.
    """
    of_row: dict[int, list[TradeFields]] = defaultdict(list)
    for c, match in sorted(links.matched.items()):
        of_row[match.row].append(closes[c].fields)
    whole = {c: position for position in positions for c in position.closes}
    for c, match in sorted(links.matched.items()):
        one = Linked(closes[c], closes[c].fields, links.rows[match.row], match, opened(c))
        rows = tuple(row.fields for row in links.rows_of(c))
        told = tuple(of_row[match.row])
        if rows:
            one = replace(one, row=replace(one.row, fields=summed(rows)), parts=rows)
        elif len(told) > 1:
            one = replace(one, log=summed(told), parts=told)
        position = whole.get(c)
        if position is not None and position.opened is not None and len(position.closes) == len(told):
            one = _sized_by_open(one, position.opened)
        yield one


def _sized_by_open(one: Linked, opened: TradeFields) -> Linked:
    """The link with the size of the open, where the closes print none and the row shows another one."""
    log, row, match = one.log, one.row.fields, one.match
    if log.size is not None or log.contracts is not None or opened.size is None or row.size is None:
        return one
    sized = replace(log, size=opened.size)
    explained = explain(sized, row)
    named = tuple(d for d in explained.deviations if d.kind in OF_SIZE)
    off = tuple(d for d in explained.comparison.differences if d.field is FieldName.SIZE)
    if not named and not off:
        return one
    told = match.comparison
    told = replace(told, differing=told.differing + len(off), differences=(*told.differences, *off))
    return replace(
        one,
        log=sized,
        match=replace(match, comparison=told, deviations=(*match.deviations, *named)),
        of_open=True,
    )


def without_excuses(linked: Linked) -> Match:
    """The link with its numbers compared as they are printed."""
    match = linked.match
    # What only the open says of the size is no claim of the close.
    log = replace(linked.log, size=None) if linked.of_open else linked.log
    return replace(
        match,
        comparison=within_sums(compare_fields(log, linked.row.fields), linked.parts),
        deviations=tuple(d for d in match.deviations if d.kind not in OF_NUMBERS),
    )
