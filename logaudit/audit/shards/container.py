"""A shard as an Arrow IPC file: a row a source, its extract as bytes beside columns that people can query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from logaudit.cache.files import FileRecord
from logaudit.core.atomic_write import Draft
from logaudit.core.errors import UserError
from logaudit.core.source_report import Skipped
from logaudit.sources import Problem

#: Raised when a shard of before can no longer be read.
VERSION: Final = 2
_VERSION_KEY: Final = b"logaudit.shard"
_HEADER_KEY: Final = b"logaudit.header"


class ShardRoot(Struct, frozen=True):
    """A path that was given: relative to the working directory, and as the shard's addresses begin with it."""

    path: str
    name: str
    label: str
    is_folder: bool


class ShardHeader(Struct, frozen=True):
    """What a shard holds beside its sources.

    Attributes:
        tool_version, reading: what wrote it, and the key of how sources were read.
        part, parts: which of how many parts of the files it holds.
        files: every regular file of this part by its label, the SHA-256 of its bytes as proof.
        problems, skipped: what the walk met, in every part.
    """

    tool_version: str
    reading: str
    part: int
    parts: int
    roots: tuple[ShardRoot, ...]
    files: dict[str, FileRecord]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]


class ShardRow(Struct, frozen=True):
    """One source: columns to query, its payload (a `CachedItem`), and its file's bytes where they are held."""

    path: str
    member: str
    kind: str
    profile: str
    size: int
    sha256: str
    payload: bytes
    text: bytes | None = None


_COLUMNS: Final = ShardRow.__struct_fields__
_HEADER: Final = msgspec.msgpack.Decoder(ShardHeader)


def _schema(metadata: dict[bytes, bytes]) -> Any:  # noqa: ANN401 - Arrow comes without types
    import pyarrow as pa  # noqa: PLC0415 - a tenth of a second, for shards only

    kinds = {"size": pa.int64(), "payload": pa.large_binary(), "text": pa.large_binary()}
    return pa.schema([(name, kinds.get(name, pa.string())) for name in _COLUMNS], metadata)


def write(path: Path, header: ShardHeader, batches: Iterable[Sequence[ShardRow]]) -> None:
    """Writes a shard, which gets its name when it is whole; a batch holds the sources of one file.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above

    packed = msgspec.msgpack.encode(header)
    schema = _schema({_VERSION_KEY: str(VERSION).encode(), _HEADER_KEY: packed})
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with Draft(path) as draft:
        with draft.stream() as sink, pa.ipc.new_file(sink, schema, options=options) as writer:
            for rows in batches:
                columns = [pa.array([getattr(r, f.name) for r in rows], f.type) for f in schema]
                writer.write_batch(pa.record_batch(columns, schema=schema))
        draft.publish()


class ShardFile:
    """A shard that is read.

    Attributes:
        path: where it lies.
        header: what it holds beside its sources.
    """

    def __init__(self, path: Path) -> None:
        """Reads the header.

        Raises:
            UserError: it cannot be read, or another version wrote it.
        """
        import pyarrow as pa  # noqa: PLC0415 - as above

        self.path = path
        try:
            with pa.OSFile(str(path)) as file:
                metadata = pa.ipc.open_file(file).schema.metadata or {}
            version = metadata.get(_VERSION_KEY, b"").decode()
            if version and version != str(VERSION):
                raise UserError(
                    f"{path} is a shard of version {version}, and this logaudit reads version {VERSION}.",
                    "Write it again with logaudit extract.",
                )
            self.header = _HEADER.decode(metadata.get(_HEADER_KEY, b""))
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged(path) from error

    def payloads(self) -> Iterator[tuple[int, bytes, bool]]:
        """Of each source the number of its batch, its payload, and whether the batch holds its file's text."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        try:
            reader = self._reader(("payload", "text"))
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                held = batch.column("text").null_count < batch.num_rows
                for payload in batch.column("payload"):
                    yield number, payload.as_py(), held
        except (pa.ArrowException, OSError) as error:
            raise _damaged(self.path) from error

    def text(self, number: int) -> bytes:
        """The bytes of the file whose sources a batch holds."""
        column = self._reader(("text",)).get_batch(number).column("text")
        found: bytes = next((text for text in column.to_pylist() if text is not None), b"")
        return found

    def _reader(self, names: Sequence[str]) -> Any:  # noqa: ANN401 - as above
        import pyarrow as pa  # noqa: PLC0415 - as above

        options = pa.ipc.IpcReadOptions(included_fields=[_COLUMNS.index(name) for name in names])
        return pa.ipc.open_file(pa.memory_map(str(self.path)), options=options)


def _damaged(path: Path) -> UserError:
    return UserError(f"{path} is no shard that can be read.", "Write it again with logaudit extract.")
