"""The last line of a log that has no line end, as where the log was cut: the value it breaks off in may go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.money import agree, format_decimal
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching import Difference, NumberDifference
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled_ledger import Readings

#: Two sinks may print the time of one call so far apart.
_AT_ONCE: Final = 2 * SECOND


class BrokenLines:
    """The closes that such lines tell of."""

    def __init__(self, evidence: SessionEvidence, closes: Sequence[Event]) -> None:
        """``closes`` are all of the session, in time order."""
        self._window = round(evidence.profile.ledger.window * SECOND)
        self._closes = closes
        sources = (source for stream in evidence.streams for source in stream.sources if source.breaks_off)
        ends = {source.address: source.matches[-1].line for source in sources}
        self._told = frozenset(
            i
            for i, close in enumerate(closes)
            if any(ends.get(at.address) == at.line for at in close.locations)
        )

    def without_broken_values(self, links: Links) -> None:
        """Takes from their links what differs only as the log's value breaks off."""
        for i in self._told & links.matched.keys():
            found = links.matched[i]
            differing = found.comparison.differences
            kept = tuple(d for d in differing if not _breaks_off(d))
            fewer = sum(isinstance(d, NumberDifference) and d not in kept for d in differing)
            left = found.comparison.differing - fewer
            links.matched[i] = replace(
                found, comparison=replace(found.comparison, differing=left, differences=kept)
            )

    def rows_of(
        self, lost: Mapping[int, Event], rows: Sequence[LedgerEntry], readings: Readings
    ) -> dict[int, Sequence[LedgerEntry]]:
        """Those of the closes without a row that may be recorded under the rest of their market's name.

        Args:
            lost: closes without a row, by their indices; rows: those without a close.

        Returns:
            Each with the rows that may be its; with none where another file tells the same call.
        """
        found: dict[int, Sequence[LedgerEntry]] = {}
        for i in sorted(self._told & lost.keys()):
            may = [row for row in rows if self._may_be_its(row, lost[i], readings)]
            if may or any(_is_same_call(other, lost[i]) for other in self._closes):
                found[i] = may
        return found

    def _may_be_its(self, row: LedgerEntry, close: Event, readings: Readings) -> bool:
        reach = readings.reach(row, self._window) + row.at.precision
        near = any(abs(at - close.at.us) <= reach for at in readings.of(row))
        return near and _begins(row.fields.symbol, close) and not _has_other_prices(row.fields, close.fields)


def _breaks_off(difference: Difference) -> bool:
    """Whether the row's value begins with the log's; of numbers, their digits."""
    if isinstance(difference, NumberDifference):
        return format_decimal(difference.row).startswith(format_decimal(difference.log))
    return difference.row.lower().startswith(difference.log.lower())


def _begins(symbol: str, close: Event) -> bool:
    """Whether a market's name begins with what the close shows of it."""
    shown = close.fields.symbol
    return symbol_key(symbol).startswith(symbol_key(shown)) or symbol.upper().startswith(shown.upper())


def _has_other_prices(one: TradeFields, broken: TradeFields) -> bool:
    """Whether a price shows another trade: its digits do not begin with those of the line that breaks off."""
    told = ((one.entry_price, broken.entry_price), (one.exit_price, broken.exit_price))
    return any(
        a is not None
        and b is not None
        and not agree(a, b)
        and not format_decimal(a).startswith(format_decimal(b))
        for a, b in told
    )


def _is_same_call(other: Event, close: Event) -> bool:
    """Whether another file may tell of the same call."""
    if abs(other.at.us - close.at.us) > _AT_ONCE or not _begins(other.fields.symbol, close):
        return False
    if _has_other_prices(other.fields, close.fields):
        return False
    return {at.address for at in other.locations}.isdisjoint(at.address for at in close.locations)
