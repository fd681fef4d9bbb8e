"""Rows of one session → what each speaks of: the close it records, restores or repeats, its twin, or nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct, field

from logaudit.core.events import Event
from logaudit.core.location import Address
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching import Match, compare_fields, link_backfilled, match, sides_fit
from logaudit.reconcile.reconciled import ReconciledLedger

_BEYOND: Final = 1 << 62


class Links(Struct):
    """What the rows of a session speak of.

    Attributes:
        rows: those the recorder wrote.
        matched: index of a close → its link to one of ``rows``.
        tied: closes left without a row though an equally good choice would have given them one.
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

    def row_of(self, close: int) -> LedgerEntry | None:
        """The recorder's row for a close."""
        found = self.matched.get(close)
        return self.rows[found.row] if found else None


def link(
    closes: Sequence[Event],
    ledgers: Sequence[ReconciledLedger],
    opened: Callable[[int], int | None],
    window: int,
) -> Links:
    """Every row of every ledger goes to exactly one place of the result.

    Args:
        closes: in time order.
        opened: index of a close → naive µs of its position's open, None when not known.
        window: µs between a close and its row within which they may be one trade.
    """
    readings = Readings(ledgers)
    own = tuple(r for lc in ledgers for r in lc.own_rows)
    others = [r for lc in ledgers for r in lc.third_party_rows]
    matches, tied = match(closes, own, window, readings.of)
    links = Links(own, {m.close: m for m in matches}, tied)
    told = link_backfilled(closes, others, opened, window, readings.of, links.matched)
    for r, row in enumerate(others):
        if r not in told:
            links.unexplained.append(row)
        elif told[r] in links.matched:
            links.repeated.append((row, told[r]))
        else:
            links.restored[told[r]] = row
    _place_rest(links, closes, window, readings)
    return links


class Readings:
    """What a row's time means on the log's clock, whatever ledger the row stands in."""

    def __init__(self, ledgers: Sequence[ReconciledLedger]) -> None:
        self._ledgers: dict[Address, ReconciledLedger] = {lc.address: lc for lc in ledgers}

    def of(self, row: LedgerEntry) -> tuple[int, ...]:
        """All that it may mean, naive µs."""
        return self._ledgers[row.location.address].readings(row)

    def best(self, row: LedgerEntry) -> int:
        """What it most likely means, naive µs."""
        return self._ledgers[row.location.address].log_time(row)


def _place_rest(links: Links, closes: Sequence[Event], window: int, readings: Readings) -> None:
    """Rows of the recorder that no close took: twins of another row, or unexplained."""
    used = {m.row for m in links.matched.values()}
    said = {_readings_of(links.rows[i]): links.rows[i] for i in sorted(used, reverse=True)}
    recorded: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for c in links.matched:
        recorded[symbol_key(closes[c].fields.symbol)].append((closes[c].at.us, c))
    for times in recorded.values():
        times.sort()
    for i, row in enumerate(links.rows):
        if i in used:
            continue
        near = recorded.get(symbol_key(row.fields.symbol), [])
        twin = said.get(_readings_of(row)) or _near_twin(row, links, closes, near, (window, readings))
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
    times: Sequence[tuple[int, int]],
    clock: tuple[int, Readings],
) -> LedgerEntry | None:
    """The row of a recorded close that this row fits in every value too, a little later or earlier."""
    window, readings = clock
    for at in readings.of(row):
        for i in range(bisect_left(times, (at - window, -1)), bisect_right(times, (at + window, _BEYOND))):
            c = times[i][1]
            twin = links.row_of(c)
            if twin is None or not sides_fit(closes[c].fields, row.fields) or _prices(row) != _prices(twin):
                continue
            result = compare_fields(closes[c].fields, row.fields)
            if result.agreeing and not result.differences:
                return twin
    return None
