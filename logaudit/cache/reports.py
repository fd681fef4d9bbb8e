"""Whole answers, kept by everything they follow from: an unchanged corpus is not even put together again."""

from __future__ import annotations

from typing import Final

import msgspec

from logaudit.cache.files import Files
from logaudit.cache.frames import frame
from logaudit.cache.keys import extracts_key, key_of
from logaudit.cache.store import CacheEntryKind, Store
from logaudit.core.report import Report
from logaudit.sources import Discovery


class _CachedReport(msgspec.Struct, array_like=True, frozen=True):
    """An outcome, and what proves the content of each file that it follows from."""

    proofs: dict[str, bytes]
    outcome: Report


_REPORT: Final = msgspec.msgpack.Decoder(_CachedReport)


class CachedReports:
    """The outcome of one discovery."""

    def __init__(self, store: Store, files: Files, found: Discovery, judging: str) -> None:
        """``judging`` is the key of how sources are read and judged."""
        self._store = store
        self._files = files
        sources = [
            (s.address, s.container, s.size, s.packed, s.offset, s.method, s.crc) for s in found.sources
        ]
        rest = [list(found.problems), list(found.skipped), found.archives, list(found.roots)]
        self._key = key_of("outcome", judging, sources, rest, sorted(files.sketches.items()))

    def used(self, reading: str) -> None:
        """Notes now and then that the outcome is in use, and with it the extracts that a change would ask for."""
        if self._store.stale(CacheEntryKind.OUTCOME, self._key):
            self._store.touch(CacheEntryKind.OUTCOME, self._key)
            for label in self._files.labels:
                self._store.touch(
                    CacheEntryKind.DIGESTS, extracts_key(reading, label, self._files.sketch(label))
                )

    def get(self) -> Report | None:
        """The outcome, when it is known."""
        payloads = self._store.get(CacheEntryKind.OUTCOME, self._key)
        if payloads is None:
            return None
        try:
            answer = _REPORT.decode(payloads[0])
        except msgspec.DecodeError:
            self._store.drop(CacheEntryKind.OUTCOME, self._key)
            return None
        if answer.proofs.keys() != set(self._files.labels) or not self._files.has(answer.proofs):
            return None
        return answer.outcome

    def put(self, report: Report) -> None:
        """Keeps the outcome; each file's content has been proven."""
        proofs = {label: self._files.proof(label) for label in self._files.labels}
        try:
            data = msgspec.msgpack.encode(_CachedReport(proofs, report))
        except (TypeError, ValueError):  # a text that is no Unicode
            return
        self._store.put(CacheEntryKind.OUTCOME, self._key, frame(self._key, data))
