"""Parquet files: one table, read with pyarrow, which is loaded only here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.message import Text, msg
from logaudit.ledger.readers.table_reader import (
    LatestTimes,
    Row,
    SourceTable,
    cell_text,
    kept,
    left_out,
    most_rows,
    others,
)

_MAGIC: Final = b"PAR1"


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
            with pq.ParquetFile(file) as opened:
                columns = tuple(opened.schema_arrow.names)
                rows: list[Row] = []
                count, begin = opened.metadata.num_rows, 0
                most = most_rows(len(columns), limits.table_rows)
                places, rest = kept(count, most), others(count, most)
                times: LatestTimes | None = None
                for batch in opened.iter_batches():
                    numbers = range(begin, begin + batch.num_rows)
                    begin += batch.num_rows
                    if any(numbers.start < place.stop and place.start < numbers.stop for place in places):
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
                            cut = batch.column(i).slice(from_ - numbers.start, to - from_)
                            times.add(i, _cells(cut, pa))
        except (pa.ArrowException, OSError) as error:
            raise ValueError(
                msg("the Parquet file cannot be read: {error}", error=Text(str(error).splitlines()[0]))
            ) from error
        unread, latest = left_out(count, most), times.latest() if times else {}
        yield SourceTable("", columns, tuple(rows), left_out=unread, most=most, latest=latest)


def _cells(column: Any, pa: Any) -> list[str]:  # noqa: ANN401 - pyarrow has no types
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [cell_text(value) for value in column.to_pylist()]
