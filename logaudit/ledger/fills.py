"""A table of fills → its closed trades: which rows opened a position, which ended one, and of which side it was.

A table is one of fills only where its rows prove it: words for opening and closing, a PnL that only rows which end a
position show, sizes that are bought and sold again, or amounts paid for buys and received for sells. Any other table
keeps its rows as they are.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.fields import PositionSide
from logaudit.core.money import difference, product, total
from logaudit.core.trades import AsideReason, EntryKind, LedgerEntry, symbol_key
from logaudit.ledger.columns import VAGUE_PRICES, key
from logaudit.ledger.entry_kind import SetAside
from logaudit.ledger.side_words import ORDER_WORDS

_EFFECT_KEYS: Final = frozenset(
    {"position", "offset", "position_effect", "effect", "open_close", "trade_action", "action", "event", "event_type",
     "kind", "type", "trade_type", "entry_exit", "side", "direction", "intent"}
)  # fmt: skip
_OPENING: Final = frozenset(
    {"open", "opened", "opening", "entry", "enter", "in", "open_long", "open_short", "buy_to_open", "sell_to_open",
     "increase", "add", "开", "开仓", "开多", "开空", "открытие", "вход"}
)  # fmt: skip
_CLOSING: Final = frozenset(
    {"close", "closed", "closing", "exit", "out", "close_long", "close_short", "sell_to_close", "buy_to_close",
     "decrease", "reduce", "平", "平仓", "平多", "平空", "закрытие", "выход"}
)  # fmt: skip
#: What remains of a position by rounding is none.
DUST: Final = Decimal("0.005")
#: A fee that is not printed takes at most this part of the amounts traded.
FEE: Final = Decimal("0.004")
#: Round trips of different sizes that no table of positions shows by chance.
_ROUND_TRIPS: Final = 2
#: Rows in which an amount must be what was paid or received.
_PAID: Final = 2


class Effect(Enum):
    """What a fill did to a position."""

    OPENS = auto()
    ENDS = auto()


class Fill(Struct, frozen=True):
    """One row: bought 1 or sold -1, and what a column says of its effect."""

    row: LedgerEntry
    sign: int
    size: Decimal
    price: Decimal
    pnl: Decimal | None
    effect: Effect | None

    def as_opened(self) -> LedgerEntry:
        """The row as that of an open position, on the side of the order."""
        told = replace(self.row.fields, side=_side(self.sign), entry_price=self.price, exit_price=None)
        return replace(self.row, kind=EntryKind.OPEN_POSITION, fields=told)

    def as_ended(self, *, sure: bool, entry: Decimal | None = None) -> LedgerEntry:
        """The row as that of a closed trade, on the side that the order closed; a fill where that is not ``sure``."""
        told = replace(self.row.fields, side=_side(-self.sign), entry_price=entry)
        return replace(self.row, kind=EntryKind.CLOSED_TRADE if sure else EntryKind.FILL, fields=told)


class Fills(Struct, frozen=True):
    """What rows of fills are.

    Attributes:
        rows: those that ended a position, with the position's side, and as `FILL` those that may have.
        aside: those that opened one.
        written: all of them, as they are written.
    """

    rows: tuple[LedgerEntry, ...]
    aside: tuple[SetAside, ...]
    written: tuple[LedgerEntry, ...] = ()


class _Lot(Struct, frozen=True):
    size: Decimal
    price: Decimal


def fills_in(
    rows: Sequence[LedgerEntry],
    columns: dict[str, int],
    header: Sequence[str],
    *,
    stated: bool,
    whole: bool,
) -> Fills | None:
    """As `fills_of`, with all rows; where it is ``stated`` that they are fills, nothing need prove it."""
    found = fills_of(rows, columns, header, whole=whole)
    if found is None and not stated:
        return None
    if found is None:
        written = _as_fills(rows)
        return Fills(written, (), written)
    paid = _are_payments([*_read(rows, columns, header)])
    return replace(found, written=_as_fills([*map(_without_result, rows)] if paid else rows))


def _as_fills(rows: Sequence[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    return tuple(replace(row, kind=EntryKind.FILL) for row in rows)


def fills_of(  # noqa: PLR0911 - one a reason
    rows: Sequence[LedgerEntry], columns: dict[str, int], header: Sequence[str], *, whole: bool
) -> Fills | None:
    """The closed trades among rows of fills; None where nothing proves that they are fills.

    Where they are not the ``whole`` table, positions may have been open before the first of them: each row may have
    ended one, unless its words or its PnL say what it did.
    """
    price = columns.get("exit_price")
    if price is None or key(header[price]) not in VAGUE_PRICES or {"entry_price", "opened"} & columns.keys():
        return None
    if not {"side", "size"} <= columns.keys():
        return None
    fills = [*_read(rows, columns, header)]
    if len(fills) < len(rows) or not fills:
        return None
    if paid := _are_payments(fills):
        # No result is: the amount is the price of all that was bought or sold.
        fills = [replace(f, pnl=None, row=_without_result(f.row)) for f in fills]
        rows = [f.row for f in fills]
    told = all(f.effect is not None for f in fills)
    walk = _Walk(by_pnl=not told and not paid and bool({"net_pnl", "gross_pnl"} & columns.keys()))
    for fill in sorted(fills, key=lambda f: (f.row.at.us, f.row.number)):
        walk.take(fill)
    silent = walk.by_pnl and not walk.ended and not any(f.pnl for f in fills)
    if walk.contradicted and walk.by_pnl and whole:
        from logaudit.ledger.fills_by_result import told_by_results  # noqa: PLC0415 - few tables lack a fill

        found = told_by_results(fills)
        return None if found is None else _result(rows, *found)
    if walk.contradicted or silent:
        return None if walk.contradicted and whole else _unclear(rows)
    proven = told or paid or (walk.proven_by_pnl if walk.by_pnl else walk.proven_by_sizes)
    if not proven or not walk.opened:
        return None
    return _result(rows, walk.opened, walk.ended) if whole or told or walk.by_pnl else _unclear(rows)


def _unclear(rows: Sequence[LedgerEntry]) -> Fills:
    """Fills of which nothing tells what they did."""
    return Fills(_as_fills(rows), ())


def _are_payments(fills: Sequence[Fill]) -> bool:
    """Whether what looks like a result is in every row what the buy cost or the sell brought, less fees."""

    def paid(fill: Fill) -> bool:
        worth = product(fill.price, fill.size)
        return fill.pnl is not None and difference(
            fill.pnl, product(worth, Decimal(-fill.sign))
        ).copy_abs() <= (product(FEE, worth))

    return len(fills) >= _PAID and all(map(paid, fills))


def _without_result(row: LedgerEntry) -> LedgerEntry:
    return replace(row, fields=replace(row.fields, net_pnl=None, gross_pnl=None))


def _read(rows: Sequence[LedgerEntry], columns: dict[str, int], header: Sequence[str]) -> Iterator[Fill]:
    """The rows that show an order's side, a size and a price."""
    side = header[columns["side"]]
    effects = [name for name in header if key(name) in _EFFECT_KEYS]
    for row in rows:
        told, cells = row.fields, dict(row.cells)
        word = key(cells.get(side, ""))
        effect = _effect_of([key(cells.get(name, "")) for name in effects])
        sign = ORDER_WORDS.get(word, 0)
        if not sign and effect is not None and told.side is not None:
            # "close long" names the position: the order is the reverse of it.
            sign = (1 if told.side is PositionSide.LONG else -1) * (1 if effect is Effect.OPENS else -1)
        if not sign or not told.size or told.exit_price is None or not told.symbol:
            return
        pnl = told.net_pnl if told.net_pnl is not None else told.gross_pnl
        yield Fill(row, sign, told.size.copy_abs(), told.exit_price, pnl, effect)


def _effect_of(words: Sequence[str]) -> Effect | None:
    opens, ends = any(w in _OPENING for w in words), any(w in _CLOSING for w in words)
    if opens == ends:
        return None
    return Effect.OPENS if opens else Effect.ENDS


def _side(sign: int) -> PositionSide:
    return PositionSide.LONG if sign > 0 else PositionSide.SHORT


class _Walk:
    """Follows the position of each symbol through its fills, first in, first out."""

    def __init__(self, *, by_pnl: bool) -> None:
        self.by_pnl = by_pnl
        self.contradicted = False
        self.opened: dict[int, LedgerEntry] = {}
        self.ended: dict[int, LedgerEntry] = {}
        self._lots: dict[str, deque[_Lot]] = defaultdict(deque)
        self._signs: dict[str, int] = defaultdict(int)
        self._peak: dict[str, Decimal] = {}
        self._returned: set[Decimal] = set()
        self._strays = self._added_up = 0

    @property
    def proven_by_pnl(self) -> bool:
        """Whether rows with a PnL follow rows without one that opened what they ended, but for a few at most."""
        return self._added_up > 0 and self._strays <= max(1, len(self.opened) // 4)

    @property
    def proven_by_sizes(self) -> bool:
        """Whether several sizes were bought and sold again, and nothing was sold that was not bought."""
        return len(self._returned) >= _ROUND_TRIPS and not self._strays

    def take(self, fill: Fill) -> None:
        symbol = symbol_key(fill.row.fields.symbol)
        lots, held = self._lots[symbol], self._signs[symbol]
        reduces = bool(lots) and held == -fill.sign
        ends = fill.effect is Effect.ENDS if fill.effect is not None else reduces or bool(fill.pnl)
        if not ends:
            # What opens a position shows no PnL, or is no fill; fees alone are booked by some.
            self.contradicted |= fill.effect is None and self.by_pnl and bool(fill.pnl)
            self._open(symbol, fill)
            return
        if fill.effect is None and fill.pnl and lots and not reduces:
            self.contradicted = True
            return
        self._end(symbol, fill)

    def _open(self, symbol: str, fill: Fill) -> None:
        self.opened[fill.row.number] = fill.as_opened()
        self._lots[symbol].append(_Lot(fill.size, fill.price))
        self._signs[symbol] = fill.sign
        self._peak[symbol] = max(self._peak.get(symbol, fill.size), fill.size)

    def _end(self, symbol: str, fill: Fill) -> None:
        lots, left, taken = self._lots[symbol], fill.size, list[_Lot]()
        if not lots:
            self._strays += 1
        while lots and left > 0:
            lot = lots.popleft()
            used = min(lot.size, left)
            taken.append(_Lot(used, lot.price))
            left = difference(left, used)
            if lot.size > used:
                lots.appendleft(_Lot(difference(lot.size, used), lot.price))
        sure = fill.effect is not None or bool(fill.pnl)
        if sure and taken:
            fits = self._adds_up(fill, taken, left)
            # What a lost row ended stays in the queue: where words tell what a row is, its PnL refutes nothing.
            self.contradicted |= fill.effect is None and not fits
            self._added_up += fits
        dust = product(DUST, self._peak.get(symbol, fill.size))
        if sum((lot.size for lot in lots), Decimal(0)) <= dust:
            lots.clear()
            self._returned.add(fill.size)
        prices = {lot.price for lot in taken}
        entry = prices.pop() if len(prices) == 1 and fill.pnl is None else None
        self.ended[fill.row.number] = fill.as_ended(sure=sure or not self.by_pnl, entry=entry)
        if taken and left > dust and fill.effect is None:
            lots.append(_Lot(left, fill.price))
            self._signs[symbol] = fill.sign

    def _adds_up(self, fill: Fill, taken: Sequence[_Lot], left: Decimal) -> bool:
        """Whether the PnL is that of the lots, less fees; what was not all held says nothing."""
        if not fill.pnl or left > product(DUST, fill.size):
            return True
        moved = total(product(difference(fill.price, lot.price), lot.size) for lot in taken)
        gross = product(moved, Decimal(-fill.sign))
        traded = total(product(total((fill.price, lot.price)), lot.size) for lot in taken)
        return difference(gross, fill.pnl).copy_abs() <= total((product(FEE, traded), Decimal("0.01")))


def _result(
    rows: Sequence[LedgerEntry], opened: Mapping[int, LedgerEntry], ended: Mapping[int, LedgerEntry]
) -> Fills:
    kept = [ended[row.number] for row in rows if row.number in ended]
    aside = [
        SetAside(entry.location, EntryKind.OPEN_POSITION, AsideReason.OPEN, entry)
        for row in rows
        if (entry := opened.get(row.number)) is not None
    ]
    return Fills(tuple(replace(row, number=n) for n, row in enumerate(kept)), tuple(aside))
