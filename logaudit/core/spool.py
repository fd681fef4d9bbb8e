"""Where packed data waits for its turn: in memory while it is little, else in a file without a name."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from threading import Lock
from types import TracebackType
from typing import Final, Self
from weakref import finalize

#: Bytes that wait in memory; more lie in a temporary file that only this user may read and that ends with the program.
_IN_MEMORY: Final = 4 << 20


class Spooled:
    """Bytes that a spool holds; sent to another process they go there as bytes."""

    __slots__ = ("_size", "_spool", "_start")

    def __init__(self, spool: Spool, start: int, size: int) -> None:
        self._spool = spool
        self._start = start
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __bytes__(self) -> bytes:
        return self._spool.read(self._start, self._size)

    def __reduce__(self) -> tuple[type[bytes], tuple[bytes]]:
        return bytes, (bytes(self),)


class Spool:
    """A context manager: what it holds can be read until it is left, or as long as anybody has some of it."""

    def __init__(self) -> None:
        """Empty; several threads may use it."""
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when the spool is left
        self._close = finalize(self, self._file.close)
        self._lock = Lock()
        self._end = 0
        self._full = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def put(self, data: bytes) -> bytes | Spooled:
        """The bytes, held; as they are where there is no room for a file."""
        with self._lock:
            if self._full:
                return data
            start = self._end
            try:
                self._file.seek(start)
                self._file.write(data)
                self._file.flush()
            except OSError:
                self._full = True
                return data
            self._end += len(data)
        return Spooled(self, start, len(data))

    def read(self, start: int, size: int) -> bytes:
        """So many bytes from a place on.

        Raises:
            OSError: the file cannot be read.
            ValueError: the spool was left.
        """
        with self._lock:
            self._file.seek(start)
            data = self._file.read(size)
        if len(data) != size:
            raise OSError("a temporary file has lost bytes")
        return data
