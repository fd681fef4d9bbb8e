"""Ledgers that the log names and that are not at hand: what was written to them cannot be judged."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import symbol_key
from logaudit.ledger.market_in_name import market_in_name
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.matching import Match
from logaudit.reconcile.matching.match import FARTHEST
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions import Run, run_at
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.sources import stream_stem
from logaudit.sources.magic import archive_suffix

#: So many ledgers that are called like their markets show that each market has one.
_APART: Final = 2


class Elsewhere(Struct, frozen=True):
    """The records in which the recorder opened a file that is not at hand, nor any that is called like it.

    Attributes:
        markets: keys of those of which a ledger of their own is at hand, where each market has one; empty elsewhere.
        told: all records in which it opened a file, in time order.
        places: where those of `opened` stand among them.
    """

    opened: tuple[Event, ...] = ()
    told: tuple[Event, ...] = ()
    places: frozenset[int] = frozenset()
    markets: frozenset[str] = frozenset()

    def holds(self, run: Run | None, close: Event) -> bool:
        """Whether the row of a close belongs there.

        Either its market's ledger is not at hand, or the last one that its run opened before it.
        """
        if self.markets and close.fields.symbol and symbol_key(close.fields.symbol) not in self.markets:
            return True
        if not self.opened or run is None:
            return False
        last = bisect_right(self.told, close.at.end, key=lambda e: e.at.us) - 1
        return last >= 0 and self.told[last].at.us >= run.start - SECOND and last in self.places


def ledgers_elsewhere(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    runs: Sequence[Run],
    recorded: Collection[Event],
) -> Elsewhere:
    """What the log names and the folder lacks.

    Args:
        recorded: closes whose rows show their ledger: their runs wrote to one at hand, whatever it is called.
    """
    if not ledgers:
        return Elsewhere()
    stems = {
        stem_of(a.member or a.path)
        for lc in ledgers
        for a in (lc.address, *evidence.copies.get(lc.address, ()))
    }
    written = {run.id for close in recorded if (run := run_at(runs, close.at.end - 1)) is not None}
    told = evidence.of(EventKind.LEDGER_OPENED)
    places = [
        place
        for place, event in enumerate(told)
        if event.captures.path
        and stem_of(event.captures.path) not in stems
        and ((run := run_at(runs, event.at.end - 1)) is None or run.id not in written)
    ]
    return Elsewhere(tuple(told[place] for place in places), told, frozenset(places), markets_of(ledgers))


def markets_of(ledgers: Sequence[ReconciledLedger]) -> frozenset[str]:
    """The markets of ledgers whose names name one each, and which hold no row of another; empty for other ledgers."""
    named: set[str] = set()
    for ledger in ledgers:
        name = ledger.address.member or ledger.address.path
        own = {symbol_key(row.fields.symbol) for row in ledger.ledger.rows}
        if len(own) != 1 or own != {symbol_key(market_in_name(base_name(name)))} or own <= named:
            return frozenset()
        named |= own
    return frozenset(named) if len(named) >= _APART else frozenset()


def shows_ledger(match: Match | None) -> bool:
    """Whether a close's row shows where its run wrote; a row of another day with the same figures does not."""
    return match is not None and abs(match.lag) <= FARTHEST


def stem_of(path: str) -> str:
    """What a ledger is called, wherever it lies and whatever packs it."""
    name = base_name(path).lower()
    return stream_stem(name.removesuffix(archive_suffix(name)))
