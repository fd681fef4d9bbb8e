"""Opens that the log tells × rows that were written at open → the opens of which a ledger of opens holds no row.

An open is without its row only where the ledger holds those of nearly all others, before it and after it, where no row
that records no other open may be it, and where nothing is unread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median_low
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide
from logaudit.core.money import agree
from logaudit.core.timestamp import HOUR, SECOND
from logaudit.core.trades import EntryKind, LedgerEntry, symbol_key
from logaudit.reconcile.matching import assign
from logaudit.reconcile.matching.leftovers import PROOF
from logaudit.reconcile.positions import Position
from logaudit.reconcile.reconciled import Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

#: Numbers that make a row that of an open, whatever its clock, and how far clocks may lie apart.
_BOTH: Final = 2
_FARTHEST: Final = 26 * HOUR
#: Share of the opens between the first and the last that are recorded: a table of live positions holds few of them.
_SHARE: Final = 0.9


def unrecorded_opens(session: Session) -> tuple[tuple[Event, ReconciledLedger], ...]:
    """Each such open of a position without a close, with the ledger of the others, in time order."""
    opens = [(p, p.open) for p in session.positions if p.open is not None]
    waiting = [
        (p, opened) for p, opened in opens if not p.closes and _is_whole(opened) and opened.fields.side
    ]
    if not waiting or session.possible_ledgers:
        return ()
    alike = Counter(_key(opened) for _, opened in opens)
    found: list[tuple[Event, ReconciledLedger]] = []
    for ledger in session.ledgers:
        if ledger.ledger.rejected or ledger.ledger.undated or ledger.ledger.unread_until is not None:
            return ()
        rows = [*_rows(ledger)]
        linked = _linked([opened for _, opened in opens], rows, round(session.profile.ledger.window * SECOND))
        taken, times = {*linked.values()}, sorted(opens[o][1].at.us for o in linked)
        begun = sum(rows[r].kind is EntryKind.OPEN_POSITION for r in taken)
        loose = [row for r, row in enumerate(rows) if r not in taken]
        if begun < PROOF or not _holds_nearly_all(opens, linked, times):
            continue
        own = {id(opens[o][1]) for o in linked}
        found += [
            (opened, ledger)
            for position, opened in waiting
            if id(opened) not in own
            and times[0] < opened.at.us < times[-1]
            and alike[_key(opened)] == 1
            and not any(_may_be(opened, row) for row in loose)
            and not any(_overlaps(position, other) for other, _ in opens if other is not position)
        ]
    # A bot may keep its positions in one ledger and its closes in another.
    told = Counter(id(opened) for opened, _ in found)
    kept = sum(1 for ledger in session.ledgers if any(of is ledger for _, of in found))
    return tuple((opened, ledger) for opened, ledger in found if told[id(opened)] == kept)


def _key(opened: Event) -> tuple[str, PositionSide | None, Decimal | None, Decimal | None]:
    told = opened.fields
    return symbol_key(told.symbol), told.side, told.entry_price, told.amount


def _is_whole(opened: Event) -> bool:
    return bool(opened.fields.symbol) and opened.fields.entry_price is not None


def _rows(ledger: ReconciledLedger) -> Iterator[LedgerEntry]:
    """The rows that tell of an opening: of open positions, and of closed ones."""
    yield from (
        aside.entry
        for aside in ledger.ledger.aside
        if aside.kind is EntryKind.OPEN_POSITION and aside.entry is not None
    )
    yield from (row for row in ledger.ledger.rows if row.fields.entry_price is not None)


def _linked(opens: Sequence[Event], rows: Sequence[LedgerEntry], window: int) -> Mapping[int, int]:
    """Index of an open → index of its row, at one constant difference of their times."""
    pairs = {
        (o, r): _time(row) - opened.at.us
        for o, opened in enumerate(opens)
        for r, row in enumerate(rows)
        if abs(_time(row) - opened.at.us) <= _FARTHEST and _equal_numbers(opened, row) == _BOTH
    }
    if not pairs:
        return {}
    usual = median_low(pairs.values())
    chosen, _ = assign({pair: abs(lag - usual) for pair, lag in pairs.items() if abs(lag - usual) <= window})
    return chosen


def _time(row: LedgerEntry) -> int:
    return (row.fields.opened or row.at).us


def _equal_numbers(opened: Event, row: LedgerEntry) -> int | None:
    """How many of entry and size agree; None where market, side or one of them differs."""
    told, written = opened.fields, row.fields
    if symbol_key(told.symbol) != symbol_key(written.symbol):
        return None
    if told.side is not None and written.side is not None and told.side is not written.side:
        return None
    shown = [
        agree(ours.copy_abs(), theirs.copy_abs())
        for ours, theirs in ((told.entry_price, written.entry_price), (told.amount, written.size))
        if ours is not None and theirs is not None
    ]
    return sum(shown) if all(shown) else None


def _holds_nearly_all(
    opens: Sequence[tuple[Position, Event]], linked: Mapping[int, int], times: Sequence[int]
) -> bool:
    """Whether hardly an open is missing between the first and the last that the ledger holds."""
    between = sum(times[0] <= opened.at.us <= times[-1] for _, opened in opens)
    return len(linked) >= _SHARE * between or between - len(linked) == 1


def _may_be(opened: Event, row: LedgerEntry) -> bool:
    """Whether a row that records no other open may be that of this one: it is of its market, or of none."""
    own = symbol_key(row.fields.symbol)
    return not own or own == symbol_key(opened.fields.symbol)


def _overlaps(position: Position, other: Position) -> bool:
    """Whether another position of the market and side was live when this one was opened: it may have been added to."""
    if symbol_key(position.symbol) != symbol_key(other.symbol) or position.side is not other.side:
        return False
    return other.start <= position.start and (not other.closes or other.closes[-1].at.us >= position.start)
