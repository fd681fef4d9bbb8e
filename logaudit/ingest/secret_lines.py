"""Counts the lines of a log that print credentials: the same ones whichever way the log is read.

All lines at the beginning of a log, where bots print their settings, are searched for every name and form; those
behind it for a few, which cost nothing beside the literals of the patterns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from logaudit.core.secrets import SecretKind, find_secrets
from logaudit.core.secrets.prefilter import may_hold_bytes
from logaudit.core.text import quote
from logaudit.ingest.records import LINE_LIMIT, decode_line
from logaudit.ingest.source_extract import Excerpt, SecretLines

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

#: Bytes at the beginning of a log that are searched for everything.
HEAD: Final = 32 << 10
#: What lines behind it are searched for. With more, some profiles' literals and these can no longer be searched
#: for at once: the search takes ten times as long with more than 64 texts, and twice with one of three bytes.
STEMS: Final = (
    b"ecret", b"ECRET", b"assphrase", b"assword", b"api_key", b"apiKey", b"API_KEY", b"_TOKEN", b"-SIGN", b"ignature=",
    b"Bearer ", b"PRIVATE KEY", b"rg/bot", b".eyJ",
)  # fmt: skip
#: Lines of a log, or of a part of one, that are looked at closely: each takes as long as a hundred others.
MOST: Final = 10_000
#: Lines that are remembered with what they print, and the bytes of the longest of them.
_REMEMBERED: Final = 1_024
_REPEATED: Final = 256
#: Characters of a line that are searched.
_LONGEST: Final = 16_384
LONGEST_BYTES: Final = 4 * _LONGEST


@lru_cache(maxsize=1)
def _search() -> BytesAhoCorasick:
    from ahocorasick_rs import BytesAhoCorasick, MatchKind  # noqa: PLC0415 - as in `prefilter`

    return BytesAhoCorasick(STEMS, matchkind=MatchKind.LeftmostFirst)


class SecretCounter:
    """Accumulates what a `LogExtract` says of credentials, line by line."""

    def __init__(self) -> None:
        self.found: dict[SecretKind, SecretLines] = {}
        self._left = MOST
        self._above: list[str] = []
        self._last = 0
        # Lines → what they print, nothing for most: many a line is written again and again.
        self._known: dict[bytes, Sequence[SecretKind]] = {}

    @property
    def awaits(self) -> bool:
        """Whether the next line may hold the credential whose name the last one ends with."""
        return bool(self._above)

    def line(self, number: int, offset: int, raw: bytes) -> None:
        """A line, cleaned, its number and offset."""
        if not self._above and (known := self._known.get(raw)) is not None:
            self._again(known, number, offset, raw)
            return
        # No more than is looked at: of a long line that is all stems there are millions.
        begin = raw[:LONGEST_BYTES]
        if self._above:
            self._follow(number, offset, begin)
        if not self._left:
            return
        if not (may_hold_bytes(begin) if offset < HEAD else _search().find_matches_as_indexes(begin)):
            self._remember(raw, ())
            return
        self._left -= 1
        text = decode_line(raw)[:LINE_LIMIT]
        found = sorted({secret.kind for secret in find_secrets(text[:_LONGEST])})
        for kind in found:
            self._count(kind, number, offset, text)
        if found and offset >= HEAD:  # further up, lines are looked at that are passed over here
            self._remember(raw, found)
        if not found and not self._above:
            from logaudit.core.secrets.below import awaits_value  # noqa: PLC0415 - few lines may hold any

            self._above, self._last = [text] if awaits_value(text) else [], number

    def _remember(self, raw: bytes, found: Sequence[SecretKind]) -> None:
        if len(raw) > _REPEATED:
            return
        if len(self._known) == _REMEMBERED:
            self._known.clear()
        self._known[raw] = found

    def _again(self, found: Sequence[SecretKind], number: int, offset: int, raw: bytes) -> None:
        """A line that was looked at before."""
        if not found or not self._left:
            return
        self._left -= 1
        for kind in found:
            self._count(kind, number, offset, decode_line(raw))

    def _follow(self, number: int, offset: int, begin: bytes) -> None:
        """The line below one that ends with a name."""
        from logaudit.core.secrets.below import REACH, below, hide_below  # noqa: PLC0415 - as above

        text = decode_line(begin)
        if number != self._last + 1 or not text[:1].isspace() or len(self._above) > REACH:
            self._above = []
        elif (found := below(text, self._above)) is not None:
            self._count(found[2], number, offset, hide_below(text, self._above))
        if self._above:
            self._above.append(text)
            self._last = number

    def _count(self, kind: SecretKind, number: int, offset: int, text: str) -> None:
        if (known := self.found.get(kind)) is None:
            self.found[kind] = SecretLines(1, Excerpt(number, offset, quote(text)))
        else:
            self.found[kind] = SecretLines(known.count + 1, known.first)


def added(
    known: dict[SecretKind, SecretLines], more: dict[SecretKind, SecretLines], lines: int
) -> dict[SecretKind, SecretLines]:
    """The lines of two parts of a log, the second of which begins behind so many lines."""
    joined = dict(known)
    for kind, found in more.items():
        first = found.first
        joined[kind] = (
            SecretLines(joined[kind].count + found.count, joined[kind].first)
            if kind in joined
            else SecretLines(found.count, Excerpt(first.line + lines, first.byte, first.text))
        )
    return joined
