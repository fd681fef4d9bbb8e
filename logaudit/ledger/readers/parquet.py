"""Parquet files: one table, read with pyarrow, which is loaded only here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.message import Text, msg
from logaudit.ledger.readers.table_reader import (
    MOST_TEXT,
    LatestTimes,
    Row,
    SourceTable,
    cell_text,
    kept,
    left_out,
    most_rows,
    others,
    too_much_text,
)

_MAGIC: Final = b"PAR1"
#: Rows, and cells, that are decoded at a time.
_ROWS: Final = 8_192
_CELLS: Final = 1 << 21
#: Fewer rows at a time where the texts of a column are so large together.
_TEXTS: Final = 1 << 26
#: What is packed this much holds next to nothing; a column of fewer bytes does no harm at any ratio.
_RATIO: Final = 64
_FREE: Final = 1 << 28
#: A file has fewer rows than bytes, unless it says one row again and again.
_FREE_ROWS: Final = 20_000_000
#: A nested value of one byte takes so many bytes as text and as what that is made from.
_NESTED: Final = 64


class ParquetReader:
    """The table of a file, its rows numbered from 1."""

    def matches(self, head: bytes, name: str) -> bool:
        """By the first bytes; the name says nothing."""
        del name
        return head.startswith(_MAGIC)

    def read(self, file: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[SourceTable]:
        """The one table; times are printed to the microsecond, with the offset that they state."""
        import pyarrow as pa  # noqa: PLC0415 - few bots keep such files
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above

        try:
            # Texts stay packed: one that a few bytes repeat a million times would be unpacked as often.
            with pq.ParquetFile(file) as opened:
                texts = [field.name for field in opened.schema_arrow if _is_text(field.type, pa)]
            with pq.ParquetFile(file, read_dictionary=texts) as opened:
                yield _table(opened, file.stat().st_size, limits, pa)
        except (pa.ArrowException, OSError) as error:
            raise ValueError(
                msg("the Parquet file cannot be read: {error}", error=Text(str(error).splitlines()[0]))
            ) from error


def _table(opened: Any, file_size: int, limits: Limits, pa: Any) -> SourceTable:  # noqa: ANN401 - pyarrow has no types
    columns = tuple(opened.schema_arrow.names)
    rows: list[Row] = []
    count = begin = size = 0
    count = opened.metadata.num_rows
    most = most_rows(len(columns), limits.table_rows)
    places, rest = kept(count, most), others(count, most)
    times: LatestTimes | None = None
    for batch in opened.iter_batches(_rows_at_a_time(opened.metadata, file_size)):
        numbers = range(begin, begin + batch.num_rows)
        begin += batch.num_rows
        if any(numbers.start < place.stop and place.start < numbers.stop for place in places):
            size += sum(_text_size(column, pa) for column in batch.columns)
            if size > MOST_TEXT:
                raise too_much_text()
            cells = zip(*(_cells(column, pa) for column in batch.columns), strict=True)
            rows += (
                Row(values, number=n + 1)
                for n, values in zip(numbers, cells, strict=True)
                if any(n in place for place in places)
            )
        times = times or LatestTimes(row.cells for row in rows)
        for i in times.columns:
            from_, to = max(rest.start, numbers.start), min(rest.stop, numbers.stop)
            if from_ < to:
                times.add(i, _shown(batch.column(i).slice(from_ - numbers.start, to - from_), pa))
    unread, latest = left_out(count, most), times.latest() if times else {}
    return SourceTable("", columns, tuple(rows), left_out=unread, most=most, latest=latest)


def _rows_at_a_time(metadata: Any, size: int) -> int:  # noqa: ANN401 - as above
    """``size``: bytes of the file. Raises ValueError for a column that unpacks to what no machine may hold."""
    largest = 0
    if metadata.num_rows > max(_FREE_ROWS, size):
        raise too_much_text()
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            unpacked = int(column.total_uncompressed_size)
            if unpacked > max(_FREE, _RATIO * column.total_compressed_size):
                raise too_much_text()
            largest = max(largest, unpacked)
    rows = min(_ROWS, _CELLS // max(int(metadata.num_columns), 1))
    return max(1, rows * _TEXTS // max(largest, _TEXTS))


def _is_text(kind: Any, pa: Any) -> bool:  # noqa: ANN401 - as above
    return any(is_so(kind) for is_so in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary))


def _text_size(column: Any, pa: Any) -> int:  # noqa: ANN401 - as above
    """About how many characters the cells of a column have."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type, pa):
        lengths = pc.binary_length(column.dictionary)
        return int(pc.sum(lengths.take(column.indices).cast(pa.int64())).as_py() or 0)
    return int(column.nbytes) * (_NESTED if pa.types.is_nested(column.type) else 1)


def _shown(column: Any, pa: Any) -> Iterable[str]:  # noqa: ANN401 - as above
    """What the cells of a column show, each text once; of times the first and the last."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    column = _to_microseconds(column, pa)
    if pa.types.is_temporal(column.type) and not pa.types.is_duration(column.type):
        ends = pc.min_max(column)
        column = pa.array([ends["min"].as_py(), ends["max"].as_py()], column.type)
    return _cells(column if pa.types.is_nested(column.type) else column.unique(), pa)


def _cells(column: Any, pa: Any) -> list[str]:  # noqa: ANN401 - as above
    return [cell_text(value) for value in _to_microseconds(column, pa).to_pylist()]


def _to_microseconds(column: Any, pa: Any) -> Any:  # noqa: ANN401 - as above
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return column
