"""How a ledger is written: its columns, its number and date formats, and the lines that result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from msgspec import Struct

from simulator.plan import Close, Position
from simulator.words import plain
from simulator.zones import local

Columns = tuple[tuple[str, str], ...]


def _columns(text: str) -> Columns:
    """Pairs of header and meaning, written ``header=meaning`` or alike where both are one word."""
    pairs = [word.partition("=") for word in text.split()]
    return tuple((name, meaning or name) for name, _, meaning in pairs)


#: Tables of bots that keep one result.
PLAIN: Final = (
    _columns("timestamp=closed symbol side entry_price=entry exit_price=exit size pnl=net reason"),
    _columns("id opened closed symbol side entry exit qty=size pnl=net reason"),
    _columns("close_time=closed pair=symbol direction=side open_price=entry close_price=exit amount=size profit=net"),
)  # fmt: skip
#: Tables that keep gross, fee and net.
NET: Final = (
    _columns(
        "timestamp=closed symbol side entry_price=entry exit_price=exit size gross_pnl=gross fee net_pnl=net reason"
    ),
    _columns(
        "trade_id=id opened_at=opened closed_at=closed symbol side entry exit quantity=size gross_pnl=gross "
        "commission=fee net_pnl=net"
    ),
)  # fmt: skip
#: Few figures.
SPARSE: Final = (
    _columns("timestamp=closed symbol side size pnl=net"),
    _columns("time=closed symbol side pnl=net"),
)
SCALPER: Final = _columns(
    "timestamp=closed symbol side entry_price=entry exit_price=exit size gross_pnl=gross commission=fee "
    "net_pnl=net duration_sec=duration reason win_rate=rate"
)


class Dialect(Struct, frozen=True):
    """How a table writes things; faults change it.

    Attributes:
        zone: of its clock; lag: microseconds from the close to the row's time, by close.
        stamp: prints a time.
        number: prints a number; places of money and of prices are as given there.
        opened: rows bear the open time under ``closed``.
        side, size, symbol: how these are written.
        blank: what an empty cell holds.
    """

    columns: Columns
    zone: str
    name: str = "trades.csv"
    daily: bool = False
    delimiter: str = ","
    stamp: Callable[[datetime], str] = lambda at: at.strftime("%Y-%m-%d %H:%M:%S.%f")[:23]
    number: Callable[[str], str] = str
    cents: int = 4
    opened: bool = False
    side: Callable[[str], str] = str
    size: Callable[[Position, Close], Decimal] = lambda _, close: close.size
    symbol: Callable[[str], str] = str
    blank: str = ""
    newline: str = "\n"

    def has(self, meaning: str) -> bool:
        """Whether a column has this meaning."""
        return any(m == meaning for _, m in self.columns)


class Row(Struct, frozen=True):
    """One line of a ledger.

    Attributes:
        at: when it was written, microseconds UTC: rows stand in this order.
        closes: keys of the closes that it records; kind: ``trade``, ``orphan`` or what it is instead.
        text: the whole line where it is no usual row; cells: by meaning.
        recorder: whether the recorder wrote it.
    """

    at: int
    closes: tuple[int, ...] = ()
    kind: str = "trade"
    cells: dict[str, str] = {}
    text: str | None = None
    recorder: bool = True


def header(dialect: Dialect) -> str:
    """The first line."""
    return dialect.delimiter.join(name for name, _ in dialect.columns)


def cells(dialect: Dialect, position: Position, close: Close, *, lag: int = 0) -> dict[str, str]:
    """The row of one close, by meaning."""
    shown = position.at if dialect.opened else close.at + lag
    number = dialect.number
    return {
        "id": _id(position, close),
        "opened": dialect.stamp(local(position.at, dialect.zone)),
        "closed": dialect.stamp(local(shown, dialect.zone)),
        "symbol": dialect.symbol(position.market.symbol),
        "side": dialect.side(position.side),
        "entry": number(str(position.entry)),
        "exit": number(str(close.exit)),
        "size": number(plain(dialect.size(position, close))),
        "gross": number(f"{close.gross:.{dialect.cents}f}"),
        "fee": number(f"{close.fee:.{dialect.cents}f}"),
        "net": number(f"{close.net:.{dialect.cents}f}"),
        "duration": f"{(close.at - position.at) / 1_000_000:.3f}",
        "reason": close.reason,
        "rate": "50.00",
    }


def _id(position: Position, close: Close) -> str:
    """The position's id, with a digit more where it is closed in parts: no two rows share theirs."""
    return f"{position.order}{'' if close.size == position.size else close.key % 10}"


def line(dialect: Dialect, row: Row, columns: Columns | None = None) -> str:
    """The row as text."""
    if row.text is not None:
        return row.text
    found: Sequence[str] = [row.cells.get(m, "") or dialect.blank for _, m in columns or dialect.columns]
    return dialect.delimiter.join(f'"{c}"' if dialect.delimiter in c else c for c in found)
