"""Rows of one session → what each speaks of: the close it records, restores or repeats, its twin, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal

from msgspec import Struct, field

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching import (
    Match,
    compare_fields,
    link_backfilled,
    match,
    sides_fit,
)
from logaudit.reconcile.matching.fills import group_rows
from logaudit.reconcile.matching.grain import GRAINS, Parted, group_closes
from logaudit.reconcile.matching.leftovers import PROOF, Leftovers, NearMiss
from logaudit.reconcile.matching.near_pairs import NearRows
from logaudit.reconcile.reconciled_ledger import Readings, ReconciledLedger
from logaudit.reconcile.timeline import Timeline


class Links(Struct):
    """What the rows of a session speak of.

    Attributes:
        rows: those the recorder wrote.
        matched: index of a close → its link to one of ``rows``.
        tied: closes left without a row though an equally good choice would have given them one.
        parts: index of a close → all its rows, where it is recorded by several.
        doubted: closes and rows without a partner that may be one trade; too little is printed to tell.
        restored: index of a close that the recorder lost → the row another writer added for it.
        repeated: rows of another writer and the recorded close they repeat.
        duplicates: the recorder's rows that say again what another says, and that other.
        unexplained: rows that fit no close.
    """

    rows: tuple[LedgerEntry, ...]
    matched: dict[int, Match]
    tied: frozenset[int]
    restored: dict[int, LedgerEntry] = field(default_factory=dict)
    repeated: list[tuple[LedgerEntry, int]] = field(default_factory=list)
    duplicates: list[tuple[LedgerEntry, LedgerEntry]] = field(default_factory=list)
    unexplained: list[LedgerEntry] = field(default_factory=list)
    parts: dict[int, tuple[int, ...]] = field(default_factory=dict)
    doubted: list[NearMiss] = field(default_factory=list)

    def used(self) -> set[int]:
        """The indices of the rows that record a close."""
        return {m.row for m in self.matched.values()} | {r for rows in self.parts.values() for r in rows}

    def row_of(self, close: int) -> LedgerEntry | None:
        """The recorder's row for a close."""
        found = self.matched.get(close)
        return self.rows[found.row] if found else None

    def lone_row_of(self, close: int) -> LedgerEntry | None:
        """The row for a close that is recorded one to one."""
        found = self.matched.get(close)
        whole = found is not None and not any(d.kind in GRAINS for d in found.deviations)
        return self.row_of(close) if whole else None

    def rows_of(self, close: int) -> tuple[LedgerEntry, ...]:
        """All rows for a close that is recorded by several; none otherwise."""
        return tuple(self.rows[r] for r in self.parts.get(close, ()))


def link(
    closes: Sequence[Event],
    ledgers: Sequence[ReconciledLedger],
    opened: Callable[[int], int | None],
    window: int,
    positions: Sequence[Parted] = (),
    foreign: Callable[[LedgerEntry], bool] = lambda _: False,
    opens: Sequence[TradeFields | None] = (),
) -> Links:
    """Every row of every ledger goes to exactly one place of the result.

    Args:
        closes: in time order.
        opened: index of a close → naive µs of its position's open, None when not known.
        window: µs between a close and its row within which they may be one trade.
        positions: those that were closed in parts.
        foreign: whether a row's known clock puts it where no log reaches.
        opens: what the open of each close's position says.
    """
    readings = Readings(ledgers, closes, opened)
    own = tuple(r for lc in ledgers for r in lc.own_rows)
    others = [r for lc in ledgers for r in lc.third_party_rows]

    def reach(row: LedgerEntry) -> int:
        return readings.reach(row, window)

    links = _grouped(closes, own, positions, readings, reach, opens)
    matches, links.tied = match(
        closes, own, window, readings.of_close, reach, (links.matched, links.used()), foreign, opens
    )
    links.matched |= {m.close: m for m in matches}
    crowded, rivals = _left_in_crowds(links, closes, readings.of_close, reach)
    links.tied |= rivals
    aside = {c for c, _ in crowded}, {r for _, r in crowded}
    clocks = {lc.address for lc in ledgers if lc.shift.seconds is not None and lc.shift.support >= PROOF}
    left = Leftovers(
        closes,
        own,
        _free(links, len(closes), aside),
        readings.of_close,
        reach,
        foreign,
        opens,
        lambda row: row.location.address in clocks,
    )
    links.matched |= {m.close: m for m in left.proven([*links.matched.values()])}
    if own and len(links.matched) < len(closes):
        _link_otherwise(links, closes, aside, (readings.of_close, reach, foreign), opens)
    unsure: list[NearMiss] = []
    if positions or any(m.comparison.differing for m in links.matched.values()):
        # Most sessions close nothing in parts, and their rows differ in nothing.
        from logaudit.reconcile.matching.of_parts import settle_parts  # noqa: PLC0415

        told_of = links.matched, links.parts
        unsure = settle_parts(closes, positions, opens, own, told_of, (readings.of_close, reach))
    links.tied -= links.matched.keys()
    turning = _turning(links, closes) if others else set()
    told = link_backfilled(closes, others, opened, window, readings.of, links.matched, turning)
    for r, row in enumerate(others):
        if r not in told:
            links.unexplained.append(row)
        elif told[r] in links.matched:
            links.repeated.append((row, told[r]))
        else:
            links.restored[told[r]] = row
    _place_rest(links, closes, window, readings)
    twins = {id(row) for row, _ in links.duplicates}
    doubted = left.doubted(links.matched, links.restored, links.used(), positions)
    used = links.used()
    links.doubted = [n for n in doubted if n.row not in used and id(own[n.row]) not in twins]
    unsure += [NearMiss(c, r, 0, 0, ()) for c, r in crowded if c not in links.matched and r not in used]
    links.doubted += [n for n in unsure if n.close not in links.restored]
    return links


def _link_otherwise(
    links: Links,
    closes: Sequence[Event],
    aside: tuple[Collection[int], Collection[int]],
    clock: tuple[
        Callable[[LedgerEntry], Sequence[int]], Callable[[LedgerEntry], int], Callable[[LedgerEntry], bool]
    ],
    opens: Sequence[TradeFields | None],
) -> None:
    """Adds links to fills of another time or under another name of their market, and to rows that say an order's side.

    Args:
        aside: closes and rows that are left out.
        clock: what a row's time may mean, how far from its close it may lie, and whether no log reaches it.
    """
    # In most sessions no close is left over.
    from logaudit.reconcile.matching.far_fills import far_fills  # noqa: PLC0415
    from logaudit.reconcile.matching.renamed_fills import renamed_fills  # noqa: PLC0415
    from logaudit.reconcile.matching.turned_sides import turned_sides  # noqa: PLC0415

    readings, reach, foreign = clock
    free = _free(links, len(closes), aside)
    for found, parts in far_fills(closes, links.rows, free, readings, foreign, opens):
        links.matched[found.close], links.parts[found.close] = found, parts
    free = _free(links, len(closes), aside)
    for found, parts in renamed_fills(closes, links.rows, links.matched.values(), free, (readings, reach)):
        links.matched[found.close], links.parts[found.close] = found, parts
    free = _free(links, len(closes), aside)
    turned, guessed = turned_sides(closes, links.rows, links.matched, free, (readings, reach), opens)
    links.matched = {c: m for c, m in links.matched.items() if c not in guessed}
    links.matched |= {m.close: m for m in turned}


def _turning(links: Links, closes: Sequence[Event]) -> set[Address]:
    """The ledgers whose side is that of the closing order."""
    # Few ledgers hold rows of another writer.
    from logaudit.reconcile.matching.turned_sides import turning_ledgers  # noqa: PLC0415

    return turning_ledgers(closes, links.rows, links.matched.values())


def _free(
    links: Links, closes: int, aside: tuple[Collection[int], Collection[int]] = ((), ())
) -> tuple[list[int], list[int]]:
    """The closes and the recorder's rows that nothing links yet, without those that are set aside."""
    used = links.used()
    return (
        [c for c in range(closes) if c not in links.matched and c not in aside[0]],
        [r for r in range(len(links.rows)) if r not in used and r not in aside[1]],
    )


def _left_in_crowds(
    links: Links,
    closes: Sequence[Event],
    readings: Callable[[LedgerEntry], Sequence[int]],
    reach: Callable[[LedgerEntry], int],
) -> tuple[list[tuple[int, int]], frozenset[int]]:
    """Closes and rows that a crowd leaves over, which may be one trade; and all such closes."""
    free_closes, free_rows = _free(links, len(closes))
    if not free_closes or not free_rows:
        return [], frozenset()
    near = NearRows(closes, links.rows, [reach(row) for row in links.rows], readings)
    return near.left_over(free_closes, free_rows)


def _grouped(
    closes: Sequence[Event],
    rows: tuple[LedgerEntry, ...],
    positions: Sequence[Parted],
    readings: Readings,
    reach: Callable[[LedgerEntry], int],
    opens: Sequence[TradeFields | None],
) -> Links:
    """Links of what is one trade only together: one row for several closes, several rows for one."""
    links = Links(rows, {}, frozenset())
    for found in group_rows(closes, rows, readings.of_close, reach, opens):
        (c,) = found.closes
        links.matched[c] = Match(
            c, found.rows[0], found.comparison, found.lag, ambiguous=False, deviations=found.deviations
        )
        links.parts[c] = found.rows
    used = links.matched.keys(), links.used()
    for found in group_closes(closes, positions, rows, readings.of_close, reach, used):
        for c in found.closes:
            links.matched[c] = Match(
                c, found.rows[0], found.comparison, found.lag, ambiguous=False, deviations=found.deviations
            )
    return links


def _place_rest(links: Links, closes: Sequence[Event], window: int, readings: Readings) -> None:
    """Rows of the recorder that no close took: twins of another row, or unexplained."""
    used = links.used()
    said = {_readings_of(links.rows[i]): links.rows[i] for i in sorted(used, reverse=True)}
    recorded = Timeline((symbol_key(closes[c].fields.symbol), closes[c].at.us, c) for c in links.matched)
    for i, row in enumerate(links.rows):
        if i in used:
            continue
        twin = said.get(_readings_of(row)) or _near_twin(row, links, closes, recorded, (window, readings))
        if twin is not None:
            links.duplicates.append((row, twin))
        else:
            links.unexplained.append(row)
            said[_readings_of(row)] = row


def _readings_of(row: LedgerEntry) -> tuple[object, ...]:
    """The same for two rows that tell one trade to the last digit: time, symbol, side, prices and result."""
    told = row.fields
    prices = told.entry_price, told.exit_price, told.size, told.net_pnl
    return row.at, symbol_key(told.symbol), told.side, *prices


def _prices(row: LedgerEntry) -> tuple[Decimal | None, Decimal | None]:
    return row.fields.entry_price, row.fields.exit_price


def _near_twin(
    row: LedgerEntry,
    links: Links,
    closes: Sequence[Event],
    recorded: Timeline,
    clock: tuple[int, Readings],
) -> LedgerEntry | None:
    """The row of a recorded close that this row fits in every value too, a little later or earlier."""
    window, readings = clock
    for at in readings.of(row):
        for _, c in recorded.nearest(symbol_key(row.fields.symbol), at - window, at + window, (at, -1)):
            twin = links.row_of(c)
            if twin is None or _prices(row) != _prices(twin):
                continue
            # However the table writes sides and sizes, it writes them alike in both.
            if row.fields == twin.fields:
                return twin
            if not sides_fit(closes[c].fields, row.fields):
                continue
            result = compare_fields(closes[c].fields, row.fields)
            if result.agreeing and not result.differences:
                return twin
    return None
