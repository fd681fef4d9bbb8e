"""Reconstructed positions as a text table, CSV, JSON or Parquet."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Final

from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.money import format_signed, parse_printed, total
from logaudit.core.money_parts import Amount
from logaudit.core.report import PositionReport, Report
from logaudit.core.text import plural, printable
from logaudit.renderers.csv_cells import NUMBER, cell
from logaudit.renderers.csv_cells import table as cells_table
from logaudit.renderers.json_report import SCHEMA_VERSION
from logaudit.renderers.json_text import dumps, location, null_if_empty
from logaudit.renderers.terminal import Column, Sheet
from logaudit.renderers.wording import amount_text, format_time

if TYPE_CHECKING:
    import polars as pl

#: Column order of every tabular format.
_TEXTS: Final = ("id", "session", "run", "symbol", "side")
_TIMES: Final = ("opened", "closed")
_NUMBERS: Final = ("entry_price", "exit_price", "size", "net_pnl", "duration_sec")
_WORDS: Final = ("reason", "emitter", "state")
_PLACES: Final = ("open_log", "close_log")
FIELDS: Final = (*_TEXTS, *_TIMES, "status", *_NUMBERS, *_WORDS, *_PLACES)

_NAIVE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?", re.ASCII)
#: Digits before and after the point of a Parquet number: Decimal(38, 18), which every reader knows.
_WHOLE_DIGITS: Final = 20
_FRACTION_DIGITS: Final = 18

_COLUMNS: Final = (
    Column("session", shrink=10, drop=4, tail=True),
    Column("opened", shrink=29, drop=3),
    Column("closed", shrink=29),
    Column("symbol", shrink=8),
    Column("side", shrink=5),
    Column("entry", right=True, drop=2),
    Column("exit", right=True, drop=2),
    Column("size", right=True, drop=5),
    Column("net PnL", right=True),
    Column("reason", shrink=6, drop=1),
    Column("ledger", shrink=8),
)


def render(report: Report, form: str, *, width: int = 120, unicode: bool = True) -> str | bytes:
    """The positions as ``table``, ``csv``, ``json`` or ``parquet``."""
    match form:
        case "csv":
            return csv(report)
        case "json":
            return json(report)
        case "parquet":
            return parquet(report)
        case _:
            return table(report, width=width, unicode=unicode)


def table(report: Report, *, width: int = 120, unicode: bool = True) -> str:
    """One line a position, columns dropped where ``width`` cells do not hold them, and a line of totals."""
    sheet = Sheet(width=width, color=False, unicode=unicode)
    positions = report.positions
    several = len({position.session for position in positions}) > 1
    rows = [
        [
            position.session if several else "",
            format_time(position.opened) or "?",
            format_time(position.closed) or "?",
            position.symbol,
            position.side,
            position.entry_price,
            position.exit_price,
            position.size,
            _signed(position.net_pnl),
            position.reason,
            position.state or position.status,
        ]
        for position in positions
    ]
    if rows:
        sheet.table(_COLUMNS, rows)
        sheet.blank()
    closed = [position for position in positions if position.closed]
    nets = [net for position in closed if (net := parse_printed(position.net_pnl)) is not None]
    money = Amount(total(nets), len(nets), unknown=len(closed) - len(nets))
    sheet.paragraph(
        f"{plural(len(positions), 'position')}, {len(closed):,} closed"
        + (f", net PnL {amount_text(money)} together" if closed else "")
    )
    return sheet.render()


def csv(report: Report) -> str:
    """A header and one line a position, each ended by a line feed; unknown values are empty cells.

    No cell is a formula: a text that could be one begins with an apostrophe.
    """
    rows = [
        [cell(_text(position, name), number=name in _NUMBERS) for name in FIELDS]
        for position in report.positions
    ]
    return cells_table([FIELDS, *rows])


def json(report: Report) -> str:
    """An object with ``positions``; money as decimal strings, unknown values null, places as in a scan's JSON."""
    return dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "logaudit", "version": report.tool_version},
            "positions": [_object(position) for position in report.positions],
        }
    )


def parquet(report: Report) -> bytes:
    """The columns of `csv`, typed: times as naive microseconds, numbers as Decimal(38, 18), else text.

    A column of times or numbers in which one value does not fit its type without loss is text throughout.
    """
    import polars as pl  # noqa: PLC0415 - a second of start-up that the other formats need not pay

    columns = [_series(name, [_text(position, name) for position in report.positions]) for name in FIELDS]
    out = BytesIO()
    pl.DataFrame(columns).write_parquet(out)
    return out.getvalue()


def _object(position: PositionReport) -> Data:
    places = {name: location(getattr(position, name)) for name in _PLACES}
    return {name: null_if_empty(_text(position, name)) for name in FIELDS if name not in _PLACES} | places


def _text(position: PositionReport, name: str) -> str:
    value = getattr(position, name)
    return value.cite() if isinstance(value, Location) else value or ""


def _signed(text: str) -> str:
    number = parse_printed(text)
    return text if number is None else format_signed(number)


def _series(name: str, texts: list[str]) -> pl.Series:
    import polars as pl  # noqa: PLC0415 - see parquet

    if name in _TIMES and all(map(_is_time, filter(None, texts))):
        times = [datetime.fromisoformat(text) if text else None for text in texts]
        return pl.Series(name, times, dtype=pl.Datetime("us"))
    if name in _NUMBERS and _all_fit(texts):
        numbers = [Decimal(text) if text else None for text in texts]
        return pl.Series(name, numbers, dtype=pl.Decimal(38, _FRACTION_DIGITS))
    return pl.Series(name, [printable(text) if text else None for text in texts], dtype=pl.String)


def _is_time(text: str) -> bool:
    if not _NAIVE_TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _all_fit(texts: Iterable[str]) -> bool:
    for text in filter(None, texts):
        if not NUMBER.fullmatch(text):
            return False
        whole, _, fraction = text.lstrip("+-").partition(".")
        if len(whole.lstrip("0")) > _WHOLE_DIGITS or len(fraction.rstrip("0")) > _FRACTION_DIGITS:
            return False
    return True
