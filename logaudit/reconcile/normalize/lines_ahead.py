"""The lines behind one that may fill several blocks: how many like it follow for the blocks that have begun."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from logaudit.ingest.source_extract import LogExtract, PatternMatch
from logaudit.profiles import PatternRole

#: Matches of a source, and sources, that are looked through.
_MOST: Final = 512
_AHEAD: Final = 64


class LinesAhead:
    """The matches of a stream, asked in their order."""

    def __init__(
        self, sources: Sequence[LogExtract], block_of: Callable[[PatternMatch], str], reach: int
    ) -> None:
        """``block_of`` names the block of a match; ``reach`` is how long one may be written, in µs."""
        self._sources = sources
        self._block_of = block_of
        self._reach = reach
        #: How many lines like one of these follow it, whether there are no more, and whether that is sure.
        self._known: dict[object, tuple[int, bool, bool]] = {}

    def forget(self) -> None:
        """Another block begins, or only one is left."""
        self._known.clear()

    def like(self, mark: PatternMatch, place: tuple[int, int], most: int) -> tuple[int, bool]:
        """How many lines of a part's kind, itself included, follow for blocks that have begun, up to ``most``.

        Of the lines of one moment that follow one another each is one less than the one before.

        Args:
            place: the part is match ``place[1]`` of source ``place[0]``.

        Returns:
            The least that it may be, and whether it is sure: no other block begins before they end.
        """
        told = mark.pattern, mark.emitter.path, mark.log_format, mark.stamp
        count, whole, sure = self._known.get(told, (0, False, True))
        if count < most and not whole:
            count, sure = self._counted(mark, place, most)
        self._known[told] = count - 1, whole or count < most, sure
        return min(max(count, 1), most), sure or count >= most

    def _counted(self, mark: PatternMatch, place: tuple[int, int], most: int) -> tuple[int, bool]:
        block, names = self._block_of(mark), mark.captures.values.keys()
        found, begun, sure = 1, 0, True
        for other in self._following(mark, place):
            if found == most:
                break
            if other is None:
                return found, False
            if other.emitter.path != mark.emitter.path or other.log_format != mark.log_format:
                continue
            if other.pattern == mark.pattern:
                found, begun = (found, begun - 1) if begun else (found + 1, 0)
            elif other.role is PatternRole.EVENT and self._block_of(other) == block:
                begun += not names & other.captures.values.keys()
                sure = False
        return found, sure or found == most

    def _following(self, mark: PatternMatch, place: tuple[int, int]) -> Iterator[PatternMatch | None]:
        """The matches behind a part for as long as its block may be written, in the next parts of the log too.

        At their end None where there are more than are looked at.
        """
        at, number = place
        until = mark.stamp.us + self._reach if mark.stamp is not None else 0
        for source in self._sources[at : at + 1 + _AHEAD]:
            if source.first is None or source.first.us > until:
                return
            for i in range(number + 1, min(len(source.matches), number + 1 + _MOST)):
                other = source.matches[i]
                if other.stamp is not None and other.stamp.us > until:
                    return
                yield other
            if len(source.matches) > number + 1 + _MOST:
                yield None
                return
            number = -1
