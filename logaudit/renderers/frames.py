"""Rows of the report as data frames: typed columns for polars, Arrow, pandas and Parquet.

A column's type follows from the struct that declares it: times are naive microseconds, numbers `Decimal(38, 18)`,
several places or names a list of texts, all else text. A column of times or numbers in which one value does not fit
its type without loss is text throughout. This module loads no library; its functions do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from operator import attrgetter
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

from logaudit.core.errors import UserError
from logaudit.core.fields import TradeFields
from logaudit.core.location import Location
from logaudit.core.money import format_decimal
from logaudit.core.secrets import redact_unnumbered, without_numbers
from logaudit.core.text import printable
from logaudit.core.timestamp import Stamp, in_calendar

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

#: Digits before and after the point of a number: Decimal(38, 18), which every reader knows.
_WHOLE_DIGITS: Final = 20
_FRACTION_DIGITS: Final = 18


class FrameColumn(NamedTuple):
    """One column.

    Attributes:
        kind: the type of its values, None aside.
        value: gets one from a row.
    """

    name: str
    kind: type
    value: Callable[[Any], object]

    @property
    def is_number(self) -> bool:
        """Whether its values are exact numbers."""
        return self.kind is Decimal


def columns_of(row: type[Struct], prefix: str = "") -> tuple[FrameColumn, ...]:
    """The columns of a kind of rows, in the order of its fields; those of `TradeFields` stand in its place.

    A field that holds several rows of its own, such as the lines around a close, is none.
    """
    found: list[FrameColumn] = []
    for one in fields(row):
        kind = _value_type(one.type)
        if kind is tuple and any(_is_row(part) for part in get_args(one.type)):
            continue
        if kind is TradeFields:
            found += columns_of(TradeFields, f"{one.name}.")
        else:
            found.append(FrameColumn(one.name, kind, attrgetter(prefix + one.name)))
    return tuple(found)


def _is_row(hint: Any) -> bool:  # noqa: ANN401 - whatever a tuple is said to hold
    return isinstance(hint, type) and issubclass(hint, Struct) and hint not in (Location, Stamp)


def _value_type(hint: Any) -> type:  # noqa: ANN401 - whatever a field is annotated with
    given = [arg for arg in get_args(hint) if arg is not NoneType] if NoneType in get_args(hint) else [hint]
    kind = get_origin(given[0]) or given[0]
    return kind if isinstance(kind, type) else object


def text_of(value: object) -> str:
    """A value as text with the digits that were printed, empty where it is not known; without credentials."""
    match value:
        case None:
            text = ""
        case Location() as place:
            text = place.cite()
        case Stamp() as at:
            text = at.iso()
        case Decimal() as number:
            text = format_decimal(number)
        case tuple() as several:
            text = "; ".join(map(text_of, several))
        case Mapping() as data:
            text = json.dumps(data, ensure_ascii=False) if data else ""
        case _:
            text = str(value)
    return without_numbers(redact_unnumbered(text))


def to_polars(rows: Sequence[object], row: type[Struct], *, floats: bool = False) -> pl.DataFrame:
    """The rows as a frame; with ``floats``, numbers are floating-point: quick to compute with, and not exact."""
    import polars as pl  # noqa: PLC0415 - half a second that nothing else need pay

    return pl.DataFrame([_series(column, rows, floats=floats) for column in columns_of(row)])


def to_arrow(rows: Sequence[object], row: type[Struct], *, floats: bool = False) -> pa.Table:
    """As `to_polars`, as an Arrow table."""
    return to_polars(rows, row, floats=floats).to_arrow()


def to_pandas(rows: Sequence[object], row: type[Struct], *, floats: bool = False) -> pd.DataFrame:
    """As `to_polars`, as a pandas frame, in which exact numbers are `Decimal` objects.

    Raises:
        UserError: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: F401, PLC0415 - Arrow loads it; it is not ours to require
    except ImportError:
        raise UserError(
            "pandas is not installed.", "Install it with: python -m pip install pandas (or use to_polars())."
        ) from None
    return to_arrow(rows, row, floats=floats).to_pandas()


def to_parquet(rows: Sequence[object], row: type[Struct]) -> bytes:
    """The rows as a Parquet file."""
    out = BytesIO()
    to_polars(rows, row).write_parquet(out)
    return out.getvalue()


def _series(column: FrameColumn, rows: Iterable[object], *, floats: bool) -> pl.Series:
    import polars as pl  # noqa: PLC0415 - see to_polars

    values: list[Any] = [column.value(row) for row in rows]
    known = [value for value in values if value is not None]
    if column.kind is Stamp and all(at.offset is None and in_calendar(at.us) for at in known):
        times = [None if at is None else datetime.fromisoformat(at.iso()) for at in values]
        return pl.Series(column.name, times, dtype=pl.Datetime("us"))
    if column.kind is Decimal and floats:
        return pl.Series(column.name, [None if n is None else float(n) for n in values], dtype=pl.Float64)
    if column.kind is Decimal and all(map(_fits, known)):
        return pl.Series(column.name, values, dtype=pl.Decimal(38, _FRACTION_DIGITS))
    if column.kind in (bool, int):
        return pl.Series(column.name, values, dtype=pl.Boolean if column.kind is bool else pl.Int64)
    if column.kind is tuple:
        lists = [[printable(text_of(item)) for item in value] for value in values]
        return pl.Series(column.name, lists, dtype=pl.List(pl.String))
    return pl.Series(column.name, [printable(text_of(v)) or None for v in values], dtype=pl.String)


def _fits(number: Decimal) -> bool:
    whole, _, fraction = format_decimal(number.copy_abs()).partition(".")
    return len(whole.lstrip("0")) <= _WHOLE_DIGITS and len(fraction.rstrip("0")) <= _FRACTION_DIGITS
