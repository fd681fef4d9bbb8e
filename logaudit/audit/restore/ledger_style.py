"""How a ledger writes trades: what its recorded rows show beside their closes, and what the log tells of a lost one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from logaudit.audit.restore.number_text import number_text
from logaudit.audit.restore.time_style import TimeStyle, time_style
from logaudit.core.fields import IDS, PositionSide, TradeFields
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.money import agree
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import Header
from logaudit.ledger.convention import NUMBER_COLUMNS
from logaudit.ledger.number_style import Decimals

TODO: Final = "TODO(human): "
NOT_TOLD: Final = "the log does not tell it"
_TIMES: Final = ("closed", "opened")
#: Of the rows whose closes tell a value too, four in five show that both are one.
_SHARE: Final = (4, 5)
#: Words for the two sides of a position or an order.
_PAIRS: Final = (("long", "short"), ("buy", "sell"), ("l", "s"), ("true", "false"), ("1", "0"))
_PART: Final = lazy_pattern(r"[A-Za-z0-9]+")

Value = Decimal | None


class Cell(Struct, frozen=True):
    """What goes into a cell: its text, or why it stays empty."""

    text: str = ""
    why_empty: str = ""


class LoggedClose(Struct, frozen=True):
    """What the log tells of a lost close, its times on the ledger's clock."""

    fields: TradeFields
    closed: Stamp | None
    opened: Stamp | None


class LedgerStyle:
    """How the rows under one header are written.

    Args:
        header: what the columns mean.
        rows: the recorder's own rows under it, of this and of other ledgers of the session.
        pairs: those of them that record one close each, with what the log tells of it.
        decimals: decimal sign by column.
    """

    def __init__(
        self,
        header: Header,
        rows: Sequence[LedgerEntry],
        pairs: Sequence[tuple[TradeFields, LedgerEntry]],
        decimals: dict[str, Decimals],
    ) -> None:
        self.header = header
        self._meaning = {index: name for name, index in header.columns.items()}
        self._dates = {index: name for name, index in header.dates.items()}
        self._rows = rows
        self._pairs = pairs
        self._decimals = decimals
        self._times: dict[int, TimeStyle | None] = {}

    def cells(self, known: LoggedClose) -> list[Cell]:
        """A row, cell by cell."""
        return [self._cell(index, known) for index in range(len(self.header.cells))]

    def _cell(self, index: int, known: LoggedClose) -> Cell:
        name = self._dates.get(index) or self._meaning.get(index, "")
        if name in _TIMES:
            return self._time(index, known.opened if name == "opened" else known.closed)
        if name in NUMBER_COLUMNS:
            return self._number(index, name, known.fields)
        if name == "symbol":
            return self._symbol(index, known.fields.symbol)
        if name == "side":
            return self._side(index, known.fields.side)
        if name:
            return self._word(name, known.fields)
        return Cell(why_empty=NOT_TOLD)

    def _shown(self, index: int, rows: Iterable[LedgerEntry]) -> list[str]:
        cells = (row.cells[index][1].strip() for row in rows if index < len(row.cells))
        return [cell for cell in cells if not is_blank(cell)]

    def _time(self, index: int, at: Stamp | None) -> Cell:
        if at is None:
            return Cell(why_empty=NOT_TOLD)
        if index not in self._times:
            opened = self.header.columns.get("opened") == index or self._dates.get(index) == "opened"
            stamps = ((row, row.fields.opened if opened else row.at) for row in self._rows)
            samples = [(text, stamp) for row, stamp in stamps if stamp for text in self._shown(index, [row])]
            self._times[index] = time_style(samples)
        style = self._times[index]
        if style is None:
            return Cell(why_empty=f"{TODO}how this column writes {at.iso()} is not known")
        return Cell(style.text(at))

    def _number(self, index: int, name: str, told: TradeFields) -> Cell:
        values = [(read, value) for read in _readings(name, self.header) if (value := read(told)) is not None]
        if not values:
            return Cell(why_empty=NOT_TOLD)
        proven: list[Decimal] = []
        silent = True
        for read, value in values:
            shown = [
                (log, row)
                for log, row in ((read(fields), getattr(entry.fields, name)) for fields, entry in self._pairs)
                if log is not None and row is not None
            ]
            silent = silent and not shown
            if shown and _most(agree(log, row) for log, row in shown):
                proven.append(value)
        if not proven and not silent:
            return Cell(
                why_empty=f"{TODO}the ledger writes it otherwise than the log, which says {values[0][1]}"
            )
        value = proven[0] if proven else values[0][1]
        return Cell(number_text(value, self._shown(index, self._rows), self._decimals.get(name)))

    def _symbol(self, index: int, symbol: str) -> Cell:
        known = {symbol_key(row.fields.symbol): row.cells[index][1].strip() for row in self._rows}
        if (same := known.get(symbol_key(symbol))) is not None:
            return Cell(same)
        forms = {_form(fields.symbol, row.cells[index][1].strip()) for fields, row in self._pairs}
        if not forms:
            return Cell(symbol)
        form, parts = forms.pop(), _PART.findall(symbol)
        if not forms and form and all(int(n) < len(parts) for n in re.findall(r"{(\d+)}", form)):
            return Cell(form.format(*parts))
        return Cell(why_empty=f"{TODO}how the ledger calls {symbol} is not known")

    def _side(self, index: int, side: PositionSide | None) -> Cell:
        if side is None:
            return Cell(why_empty=NOT_TOLD)
        if not self._pairs and not self._rows:
            return Cell(side.value)
        words: dict[PositionSide, Counter[str]] = {one: Counter() for one in PositionSide}
        for row in self._rows:
            if row.fields.side is not None and (text := self._shown(index, [row])):
                words[row.fields.side][text[0]] += 1
        other = PositionSide.LONG if side is PositionSide.SHORT else PositionSide.SHORT
        if words[side]:
            return Cell(words[side].most_common(1)[0][0])
        word = _opposite(words[other].most_common(1)[0][0]) if words[other] else ""
        return Cell(word) if word else Cell(why_empty=f"{TODO}the word for {side.value} is not known")

    def _word(self, name: str, told: TradeFields) -> Cell:
        text: str = getattr(told, name, "")
        if not text:
            return Cell(why_empty=NOT_TOLD)
        shown = [
            (log, row)
            for log, row in ((getattr(f, name), getattr(entry.fields, name)) for f, entry in self._pairs)
            if log and row
        ]
        if (shown and not _most(log.lower() == row.lower() for log, row in shown)) or (
            not shown and name in IDS
        ):
            return Cell(why_empty=f"the log says {text}, which is not what the ledger writes here")
        return Cell(text)


def _readings(name: str, header: Header) -> Sequence[Callable[[TradeFields], Value]]:
    """What the log may tell for a column of numbers, the likeliest first."""
    readings: list[Callable[[TradeFields], Value]] = [lambda told: getattr(told, name)]
    if name == "net_pnl" or (name == "gross_pnl" and "net_pnl" not in header.columns):
        readings.append(lambda told: None if told.gross_only else told.result)
    if name == "size":
        readings.append(lambda told: told.contracts)
    if name == "commission":
        readings.append(lambda told: told.commission.copy_negate() if told.commission is not None else None)
    return readings


def _most(agreeing: Iterable[bool]) -> bool:
    found = [*agreeing]
    return sum(found) * _SHARE[1] >= len(found) * _SHARE[0]


def _form(log: str, row: str) -> str | None:
    """``{0}/{1}`` for BTC-USDT and BTC/USDT; None where the one does not follow from the other."""
    form = row.replace("{", "").replace("}", "")
    for number, part in enumerate(_PART.findall(log)):
        form = re.sub(rf"\b{re.escape(part)}\b", f"{{{number}}}", form)
    return form if "{0}" in form else None


def _opposite(word: str) -> str:
    """``Sell`` for ``Buy``; empty for a word without a known opposite."""
    for pair in _PAIRS:
        if word.lower() in pair:
            other = pair[1 - pair.index(word.lower())]
            return other.upper() if word.isupper() else other.title() if word.istitle() else other
    return ""
