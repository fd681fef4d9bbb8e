"""Whole answers, kept by everything they follow from: an unchanged corpus is not even put together again."""

from typing import Final

import msgspec

from logaudit.cache.files import Files
from logaudit.cache.frames import frame
from logaudit.cache.keys import extracts_key, key_of
from logaudit.cache.store import CacheEntryKind, Store
from logaudit.core.report import Report
from logaudit.sources import Discovery


class _CachedReport(msgspec.Struct, array_like=True, frozen=True):
    """A report, and what proves the content of each file that it follows from."""

    proofs: dict[str, bytes]
    report: Report


_REPORT: Final = msgspec.msgpack.Decoder(_CachedReport)


class CachedReports:
    """The report on one discovery."""

    def __init__(self, store: Store, files: Files, found: Discovery, judging: str) -> None:
        """``judging`` is the key of how sources are read and judged."""
        self._store = store
        self._files = files
        sources = [
            (s.address, s.container, s.size, s.packed, s.offset, s.method, s.crc) for s in found.sources
        ]
        rest = [list(found.problems), list(found.skipped), found.archives, list(found.roots)]
        self._key = key_of("report", judging, sources, rest, sorted(files.sketches.items()))

    def used(self, reading: str) -> None:
        """Notes now and then that the report is in use, and with it the extracts that a change would ask for."""
        if self._store.stale(CacheEntryKind.REPORT, self._key):
            self._store.touch(CacheEntryKind.REPORT, self._key)
            for label in self._files.labels:
                self._store.touch(
                    CacheEntryKind.EXTRACT, extracts_key(reading, label, self._files.sketch(label))
                )

    def get(self) -> Report | None:
        """The report, when it is known."""
        payloads = self._store.get(CacheEntryKind.REPORT, self._key)
        if payloads is None:
            return None
        try:
            entry = _REPORT.decode(payloads[0])
        except msgspec.DecodeError:
            self._store.drop(CacheEntryKind.REPORT, self._key)
            return None
        if entry.proofs.keys() != set(self._files.labels) or not self._files.has(entry.proofs):
            return None
        return entry.report

    def put(self, report: Report) -> None:
        """Keeps the report; each file's content has been proven."""
        proofs = {label: self._files.proof(label) for label in self._files.labels}
        try:
            data = frame(self._key, _CachedReport(proofs, report))
        except (TypeError, ValueError):  # a text that is no Unicode
            return
        self._store.put(CacheEntryKind.REPORT, self._key, data)
