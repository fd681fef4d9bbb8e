"""What was understood of a table, column by column and row by row, and the settings that say it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from logaudit.core.text import printable, quote
from logaudit.core.trades import LedgerEntry
from logaudit.ledger.columns import named_columns
from logaudit.ledger.table import Ledger
from logaudit.ledger.unread_table import UnreadTable
from logaudit.profiles.profile import LedgerSpec

_ROWS: Final = 3
_CELL: Final = 24
_UNKNOWN: Final = "?"


def describe_ledger(ledger: Ledger, name: str) -> Iterator[str]:
    """Lines on a ledger that was read."""
    kinds = Counter(row.kind.value for row in ledger.rows)
    kinds.update(aside.reason.value for aside in ledger.aside)
    if ledger.rejected:
        kinds["unreadable"] = len(ledger.rejected)
    counts = ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items())) or "no rows"
    yield f"{_quote(name)}: a ledger of {len(ledger.header)} columns; {counts}"
    by_name = named_columns(ledger.header, LedgerSpec())
    means = {index: role for role, index in ledger.columns.items()}
    shown = [*ledger.rows, *(aside.entry for aside in ledger.aside if aside.entry is not None)][:_ROWS]
    basis = {
        index: "its name" if by_name.get(role) == index else "its cells, or as stated"
        for index, role in means.items()
    }
    cells = [dict(row.cells) for row in shown]
    yield from _table(
        ("column", "means", "known by", *(f"row {i}" for i in range(1, len(shown) + 1))),
        [
            (column, means.get(i, "-"), basis.get(i, ""), *(row.get(column, "") for row in cells))
            for i, column in enumerate(ledger.header)
        ],
    )
    yield ""
    yield "first rows, as they were understood:"
    yield from (f"  {_entry(row)}" for row in shown)
    yield from (
        f"  not read: {_quote(r.location.text or r.location.cite())}: {_quote(str(r.detail))}"
        for r in ledger.rejected[:_ROWS]
    )
    yield ""
    markets = {row.fields.symbol for row in ledger.rows} if "symbol" not in ledger.columns else set()
    yield from mapping(
        name,
        {role: ledger.header[i] for role, i in ledger.columns.items() if i < len(ledger.header)},
        markets.pop() if len(markets) == 1 else "",
    )


def describe_unknown(table: UnreadTable, name: str) -> Iterator[str]:
    """Lines on a table that may be a ledger and is not understood."""
    shown = f"{name}#{table.table}" if table.table else name
    yield f"{_quote(shown)}: a table that is not understood; missing: {', '.join(table.missing)}"
    means = {column: role for role, column in table.known.items()}
    likely = {column: role for role, columns in table.likely.items() for column in columns}
    yield from _table(
        ("column", "means", "may be"),
        [
            (column, means.get(column, "-"), "" if column in means else likely.get(column, ""))
            for column in table.columns
        ],
    )
    yield ""
    yield from mapping(name, {**dict.fromkeys(_wanted(table), _UNKNOWN), **table.known})
    yield f'# Replace each "{_UNKNOWN}" by the name of its column, or take the line out.'
    if "symbol" in table.missing:
        yield '# Where no column names the market: symbol = "BTCUSDT" below files.'


def mapping(name: str, columns: Mapping[str, str], market: str = "") -> Iterator[str]:
    """The ``[[ledgers]]`` section of logaudit.toml that states what columns mean, and the market of all rows."""
    yield "[[ledgers]]"
    yield f"files = {_quoted(name.rpartition('/')[2])}"
    if market:
        yield f"symbol = {_quoted(market)}"
    yield ""
    yield "[ledgers.columns]"
    yield from (f"{role} = {_quoted(column)}" for role, column in columns.items())


def _wanted(table: UnreadTable) -> Sequence[str]:
    needed = ["net_pnl" if role == "result" else role for role in table.missing]
    return [*needed, *(role for role in ("side", "exit_price", "size") if role not in table.known)]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _entry(row: LedgerEntry) -> str:
    told = row.fields
    values = {
        "at": row.at.iso(), "symbol": told.symbol, "side": told.side, "entry": told.entry_price,
        "exit": told.exit_price, "size": told.size, "gross": told.gross_pnl, "net": told.net_pnl,
        "fee": told.commission, "id": told.trade_id,
    }  # fmt: skip
    parts = [f"{name}={_quote(str(value), 40)}" for name, value in values.items() if value not in (None, "")]
    return f"{row.kind.value}: {' '.join(parts)}"


def _quote(text: str, limit: int = 500) -> str:
    """Text from the table, without credentials and harmless on a terminal."""
    return printable(quote(text, limit))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    cells = [[_quote(cell, _CELL) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
