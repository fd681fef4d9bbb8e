"""Entries as Arrow tables: a row a source, its extract in a frame that can be found without Arrow."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from logaudit.cache.frames import frame


class ExtractRow(Struct, frozen=True):
    """One source's part of an entry; ``source`` and ``kind`` are for people who look into the file."""

    source: str
    kind: str
    payload: bytes


def table(key: str, rows: Sequence[ExtractRow]) -> bytes:
    """An Arrow IPC file.

    Raises:
        ImportError: there is no Arrow.
        ValueError: Arrow refuses.
    """
    # It takes a tenth of a second, and only writing needs it; it comes without types.
    import pyarrow as pa  # noqa: PLC0415 - entries are found without Arrow

    columns = {
        "source": pa.array([row.source for row in rows], pa.string()),
        "kind": pa.array([row.kind for row in rows], pa.string()),
        "digest": pa.array([frame(key, row.payload) for row in rows], pa.large_binary()),
    }
    made = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, made.schema) as writer:
        writer.write_table(made)
    data: bytes = sink.getvalue().to_pybytes()
    return data
