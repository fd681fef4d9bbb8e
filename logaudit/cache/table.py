"""Entries as Arrow tables: a row a source, its extract in a frame that can be found without Arrow."""

from __future__ import annotations

from msgspec import Struct

from logaudit.cache.frames import frame


class ExtractRow(Struct, frozen=True):
    """One source's part of an entry; ``source`` and ``kind`` are for people who look into the file."""

    source: str
    kind: str
    payload: bytes | Struct


def table(key: str, rows: list[ExtractRow]) -> bytearray:
    """An Arrow IPC file; ``rows`` are let go of as they are copied, for they may be large.

    Raises:
        ImportError: there is no Arrow.
        ValueError: Arrow refuses.
    """
    # It takes a tenth of a second, and only writing needs it; it comes without types.
    import pyarrow as pa  # noqa: PLC0415 - entries are found without Arrow

    sources = pa.array([row.source for row in rows], pa.string())
    kinds = pa.array([row.kind for row in rows], pa.string())
    rows.reverse()
    digests = pa.array((frame(key, rows.pop().payload) for _ in range(len(rows))), pa.large_binary())
    made = pa.table({"source": sources, "kind": kinds, "digest": digests})
    counted = pa.MockOutputStream()
    with pa.ipc.new_file(counted, made.schema) as writer:
        writer.write_table(made)
    data = bytearray(counted.size())
    sink = pa.FixedSizeBufferWriter(pa.py_buffer(data))
    with pa.ipc.new_file(sink, made.schema) as writer:
        writer.write_table(made)
    return data
