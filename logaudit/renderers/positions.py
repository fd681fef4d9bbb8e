"""Reconstructed positions as a text table, CSV, JSON or Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Final

from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.money import format_decimal, format_signed, total
from logaudit.core.money_parts import Amount
from logaudit.core.report import Report
from logaudit.core.text import plural, printable
from logaudit.core.timestamp import Stamp, in_calendar
from logaudit.core.trade_report import PositionReport
from logaudit.renderers.csv_cells import cell
from logaudit.renderers.csv_cells import table as cells_table
from logaudit.renderers.json_report import SCHEMA_VERSION
from logaudit.renderers.json_text import dumps, location, null_if_empty
from logaudit.renderers.terminal import Column, Sheet
from logaudit.renderers.wording import amount

if TYPE_CHECKING:
    import polars as pl

#: Column order of every tabular format.
_TEXTS: Final = ("id", "session", "run", "symbol", "side")
_TIMES: Final = ("opened", "closed")
_NUMBERS: Final = ("entry_price", "exit_price", "size", "net_pnl", "duration_sec")
_WORDS: Final = ("reason", "emitter", "state")
_PLACES: Final = ("open_log", "close_log")
FIELDS: Final = (*_TEXTS, *_TIMES, "status", *_NUMBERS, *_WORDS, *_PLACES)

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
            position.opened.spaced() if position.opened else "?",
            position.closed.spaced() if position.closed else "?",
            position.symbol,
            _text(position, "side"),
            _text(position, "entry_price"),
            _text(position, "exit_price"),
            _text(position, "size"),
            "" if position.net_pnl is None else format_signed(position.net_pnl),
            position.reason,
            (position.state or position.status).value,
        ]
        for position in positions
    ]
    if rows:
        sheet.table(_COLUMNS, rows)
        sheet.blank()
    closed = [position for position in positions if position.closed]
    nets = [position.net_pnl for position in closed if position.net_pnl is not None]
    money = Amount(total(nets), len(nets), unknown=len(closed) - len(nets))
    sheet.paragraph(
        f"{plural(len(positions), 'position')}, {len(closed):,} closed"
        + (f", net PnL {amount(money)} together" if closed else "")
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

    columns = [_series(name, report.positions) for name in FIELDS]
    out = BytesIO()
    pl.DataFrame(columns).write_parquet(out)
    return out.getvalue()


def _object(position: PositionReport) -> Data:
    places = {name: location(getattr(position, name)) for name in _PLACES}
    return {name: null_if_empty(_text(position, name)) for name in FIELDS if name not in _PLACES} | places


def _text(position: PositionReport, name: str) -> str:
    """A value as text, empty where it is not known."""
    match getattr(position, name):
        case None:
            return ""
        case Location() as place:
            return place.cite()
        case Stamp() as at:
            return at.iso()
        case Decimal() as number:
            return format_decimal(number)
        case value:
            return str(value)


def _series(name: str, positions: Sequence[PositionReport]) -> pl.Series:
    import polars as pl  # noqa: PLC0415 - see parquet

    values = [getattr(position, name) for position in positions]
    known = [value for value in values if value is not None]
    if name in _TIMES and all(at.offset is None and in_calendar(at.us) for at in known):
        times = [None if at is None else datetime.fromisoformat(at.iso()) for at in values]
        return pl.Series(name, times, dtype=pl.Datetime("us"))
    if name in _NUMBERS and all(map(_fits, known)):
        return pl.Series(name, values, dtype=pl.Decimal(38, _FRACTION_DIGITS))
    texts = [printable(_text(position, name)) or None for position in positions]
    return pl.Series(name, texts, dtype=pl.String)


def _fits(number: Decimal) -> bool:
    whole, _, fraction = format_decimal(number.copy_abs()).partition(".")
    return len(whole.lstrip("0")) <= _WHOLE_DIGITS and len(fraction.rstrip("0")) <= _FRACTION_DIGITS
