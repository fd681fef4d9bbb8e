"""Keeps what was logged around each close, as emitters and message templates: the chain is learned from it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct

from logaudit.core.events import Emitter
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets import redact_unnumbered
from logaudit.core.timestamp import SECOND
from logaudit.ingest.records import Record
from logaudit.ingest.source_extract import PLAIN_NEIGHBOURS, LogContext, NearbyRecord
from logaudit.logformats import RecordHeader

if TYPE_CHECKING:
    from logaudit.ingest.packed_neighbours import Sayings

#: A record that names the close's symbol belongs to its surroundings within this time, µs …
REACH: Final = 5 * SECOND
#: … and any other record within this.
NEAR: Final = 2 * SECOND
#: Records kept on either side, the nearest ones.
MOST: Final = 400
#: A close is crowded where so many others lie within `REACH` before it …
_CROWD: Final = 4
#: … and of a source's crowded closes those behind the first so many keep no more than `FEW` records on either side:
#: what stands farther away is another close's. So do those of one moment behind the first few.
_CROWDED: Final = 500
_AT_ONCE: Final = 32
FEW: Final = 5
_TEMPLATE: Final = 160
#: Characters of a message that its template is made of.
LOOKED_AT: Final = 2 * _TEMPLATE

_NUMBER: Final = lazy_pattern(r"[+-]?\d+(?:[.,:]\d+)*")
_SIDES: Final = ("long", "short", "buy", "sell")
_SIDE: Final = lazy_pattern(rf"\b(?:{'|'.join(_SIDES)})\b", re.IGNORECASE)


def template(message: str, symbol: str) -> str:
    """A message with what changes from call to call masked: the symbol, sides and numbers."""
    return _template(message[:LOOKED_AT], symbol)


@lru_cache(maxsize=4 * MOST)
def _template(text: str, symbol: str) -> str:
    """Remembered, as a record belongs to the surroundings of many closes where these are dense."""
    return masked(redact_unnumbered(text), symbol)


def masked(text: str, symbol: str) -> str:
    """As `template`, of a text of at most `LOOKED_AT` characters that holds no credential."""
    if symbol:
        text = text.replace(symbol, "{symbol}")
    folded = text.casefold()
    if any(side in folded for side in _SIDES):
        text = _SIDE.sub("{side}", text)
    return _NUMBER.sub("#", text).strip()[:_TEMPLATE]


class ContextRecord(Protocol):
    """A record as far as it matters to a close: most are only asked for their time."""

    @property
    def us(self) -> int:
        """The written time, naive µs."""

    @property
    def line(self) -> int:
        """The number of its first line."""

    @property
    def offset(self) -> int:
        """The byte offset of its first line."""

    def holds(self, text: str) -> bool:
        """Whether its first line holds ``text``."""

    def head(self) -> RecordHeader:
        """What its first line says."""


class ParsedRecord(Struct, frozen=True):
    """A record at hand."""

    record: Record

    @property
    def us(self) -> int:
        """As `ContextRecord` has it."""
        return self.record.stamp.us

    @property
    def line(self) -> int:
        """As `ContextRecord` has it."""
        return self.record.line

    @property
    def offset(self) -> int:
        """As `ContextRecord` has it."""
        return self.record.offset

    def holds(self, text: str) -> bool:
        """As `ContextRecord` has it."""
        return text in self.record.text

    def head(self) -> RecordHeader:
        """As `ContextRecord` has it."""
        return self.record.head


class Crowd:
    """Tells of one close after the other how many records are kept on either side of it: of a source, or a part of it.

    Of a close within a part no fewer are kept than of the same close within the whole.
    """

    def __init__(self) -> None:
        self._last: deque[int] = deque(maxlen=_CROWD)
        self._count = self._at_once = 0

    def room(self, us: int) -> int:
        """The room of the next close, which was logged at ``us``."""
        crowded = len(self._last) == _CROWD and abs(us - self._last[0]) <= REACH
        self._at_once = self._at_once + 1 if self._last and self._last[-1] == us else 1
        self._last.append(us)
        self._count += crowded
        return FEW if crowded and (self._count > _CROWDED or self._at_once > _AT_ONCE) else MOST


class ContextList:
    """Contexts of one source; those behind the first so many records are packed."""

    def __init__(self) -> None:
        self._found: list[LogContext] = []
        self._neighbours = 0
        self._sayings: Sayings | None = None

    def append(self, context: LogContext) -> None:
        """Adds one."""
        self._neighbours += len(context.before) + len(context.after)
        if self._neighbours > PLAIN_NEIGHBOURS:
            from logaudit.ingest import packed_neighbours  # noqa: PLC0415 - few logs have so many

            self._sayings = self._sayings or packed_neighbours.Sayings()
            context = packed_neighbours.packed(context, self._sayings)
        self._found.append(context)

    def in_order(self) -> tuple[LogContext, ...]:
        """All of them, in file order."""
        return tuple(sorted(self._found, key=lambda c: c.record))


def shortened(context: LogContext, room: int) -> LogContext:
    """A context with the nearest ``room`` records on either side; a side that has more is cut."""
    before, after = context.before, context.after
    if len(before) <= room and len(after) <= room:
        return context
    return LogContext(
        context.record,
        before[-room:],
        after[:room],
        context.cut_before or len(before) > room,
        context.cut_after or len(after) > room,
    )


class ContextCollector:
    """Collects the surroundings of closes: what was logged before, at once, and what follows, until far."""

    def __init__(self) -> None:
        self._pending: list[ContextDraft] = []
        self._done = ContextList()
        self._crowd = Crowd()

    @property
    def collecting(self) -> bool:
        """Whether the next record may still belong to a close; else it need not be shown to `record`."""
        return bool(self._pending)

    def record(self, record: ContextRecord) -> None:
        """The next record, before `close` is called for it."""
        still: list[ContextDraft] = []
        for draft in self._pending:
            if record.us - draft.us > REACH or len(draft.after) >= draft.most:
                self._done.append(draft.context(cut_after=False))
                continue
            delta = record.us - draft.us
            if _belongs(record, delta, draft.symbol):
                draft.after.append(_seen(record, delta, draft.symbol))
            still.append(draft)
        self._pending = still

    def close(self, record: Record, symbol: str, earlier: Iterable[ContextRecord]) -> None:
        """A record that states a close of ``symbol``; ``earlier`` are those before it, the nearest first."""
        us = record.stamp.us
        room = self._crowd.room(us)
        before, complete = self._earlier(earlier, us, symbol, 1, room)
        self._pending.append(
            ContextDraft(record.seq, us, symbol, room, before[::-1], cut_before=not complete)
        )

    def finish(self) -> tuple[LogContext, ...]:
        """The contexts in file order; those still being collected are cut by the source's end."""
        for draft in self._pending:
            self._done.append(draft.context(cut_after=True))
        self._pending = []
        return self._done.in_order()

    def _earlier(
        self, earlier: Iterable[ContextRecord], us: int, symbol: str, number: int, room: int
    ) -> tuple[list[NearbyRecord], bool]:
        """Those before a close at ``us`` that belong to it, the nearest first, and whether that is all.

        ``number`` is that of the first of ``earlier``, counted from the close; there is one more than ``room`` of
        them where there are too many.
        """
        before: list[NearbyRecord] = []
        for count, other in enumerate(earlier, number):
            if us - other.us > REACH or count == MOST:
                return before, True
            if _belongs(other, other.us - us, symbol):
                before.append(_seen(other, other.us - us, symbol))
                if len(before) > room:
                    break
        return before, False


class ContextDraft:
    """A context whose second half is still being read.

    Attributes:
        us: the close's time; symbol: its symbol, empty if not known.
        most: records behind it that are looked at: one more than are kept shows that there are more.
        after: what belongs to it of what followed so far.
    """

    def __init__(
        self, record: int, us: int, symbol: str, room: int, before: list[NearbyRecord], *, cut_before: bool
    ) -> None:
        """``room``: how many records are kept on either side."""
        self.us = us
        self.symbol = symbol
        self.most = min(room + 1, MOST)
        self.after: list[NearbyRecord] = []
        self._room = room
        self._record = record
        self._before = before
        self._cut_before = cut_before

    def context(self, *, cut_after: bool) -> LogContext:
        """It, as it is now."""
        found = LogContext(self._record, tuple(self._before), tuple(self.after), self._cut_before, cut_after)
        return shortened(found, self._room)


def _belongs(record: ContextRecord, delta: int, symbol: str) -> bool:
    return abs(delta) <= NEAR or bool(symbol and record.holds(symbol))


def _seen(record: ContextRecord, delta: int, symbol: str) -> NearbyRecord:
    return nearby_record(record.head(), delta, symbol, record.line, record.offset)


def nearby_record(head: RecordHeader, delta: int, symbol: str, line: int, byte: int) -> NearbyRecord:
    """What is kept of a record that begins at ``line`` and ``byte``, ``delta`` µs after a close of ``symbol``."""
    emitter = Emitter(head.module, head.function)
    return NearbyRecord(emitter.path, head.level, template(head.message, symbol), delta, line, byte)
