"""Marks of one stream → events: blocks gather the parts that follow and the hints that went before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.core.events import Captures, Event, EventKind, Value, captures_of
from logaudit.core.fields import FieldName, Unread
from logaudit.core.location import Location, Role
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import symbol_key
from logaudit.ingest.source_extract import LogExtract, PatternMatch
from logaudit.profiles import BlockSpec, PatternRole, Profile
from logaudit.reconcile.normalize.session_evidence import Stream

#: Open blocks and hints are looked through for ones to forget when there are more than this, …
_ENOUGH: Final = 32
#: … and no more are kept, however many come at once.
_MOST: Final = 512
#: Before every time that a log tells, naive µs.
_LONG_AGO: Final = -(1 << 62)
#: Events of a stream whose places are kept as they are; where there are more, those of the others are packed.
_PLAIN: Final = 4_096
#: So many drafts are looked through together for those that are complete.
_TOGETHER: Final = 4_096

ROLE_OF: Final = {
    EventKind.RUN_STARTED: Role.RUN_START,
    EventKind.POSITION_OPENED: Role.OPEN,
    EventKind.POSITION_CLOSED: Role.CLOSE,
    EventKind.POSSIBLE_CLOSE: Role.CLOSE,
    EventKind.CLOSE_FAILED: Role.LOG,
    EventKind.RECORDER_READY: Role.READY,
    EventKind.LEDGER_OPENED: Role.LEDGER_OPENED,
    EventKind.TRADE_ACKNOWLEDGED: Role.ACK,
    EventKind.RECORDER_FAILED: Role.ERROR,
    EventKind.EXCHANGE_CONFIRMED: Role.EXCHANGE,
    EventKind.ORDER_FILLED: Role.EXCHANGE,
    EventKind.REPORTED_FLAT: Role.LOG,
    EventKind.LEDGER_TOUCHED: Role.LOG,
}


class _Draft(Struct):
    """An event whose block may still gain parts.

    Attributes:
        complete: whether it shows all that its block requires; a block that requires nothing never is.
        open: whether it may still gain parts.
    """

    mark: PatternMatch
    stamp: Stamp
    kind: EventKind
    block: BlockSpec | None
    source: LogExtract
    values: dict[FieldName, Value]
    locations: list[Location] = field(default_factory=list)
    complete: bool = False
    open: bool = True

    def gain(self, place: Location, captures: Captures) -> None:
        """Adds a line, and what it shows that no line before it did."""
        self.locations.append(place)
        for name, value in captures.values.items():
            if name not in self.values:
                self.values[name] = replace(value, place=place) if isinstance(value, Unread) else value
        required = self.block.required if self.block else ()
        self.complete = self.complete or (bool(required) and all(name in self.values for name in required))

    def event(self, stream: str) -> Event:
        return Event(
            kind=self.kind,
            at=self.stamp,
            stream=stream,
            emitter=self.mark.emitter,
            level=self.mark.level,
            captures=captures_of(self.values),
            pattern=self.mark.pattern,
            locations=tuple(self.locations),
        )


def assemble(stream: Stream, profile: Profile) -> list[Event]:
    """The stream's events in file order, repeats of one call included.

    A part in a record of its own joins the oldest block of its emitter, within the block's window, that
    lacks its values and is not complete already; as a continuation line it joins its own record's block.
    Lines before a source's first record continue the last record of the source before, as when rotation
    cuts a record in two, unless a part of the log is missing in between.
    """
    torn = frozenset(gap.before for gap in stream.gaps if gap.before != gap.after)
    assembler = _Assembler(profile, stream.name)
    for source in stream.sources:
        assembler.source(source, torn=source.address in torn)
    return assembler.events()


class _Assembler:
    def __init__(self, profile: Profile, stream: str) -> None:
        self._stream = stream
        self._events: list[Event] = []
        #: Those of the last drafts that may not be complete, and what came between them.
        self._drafts: list[_Draft] = []
        self._profile = profile
        self._patterns = {p.id: p for p in profile.patterns}
        self._reach = round(max((b.window for b in profile.blocks.values()), default=0) * SECOND) + SECOND
        self._open: list[_Draft] = []
        #: Open ones that lack a value their block requires.
        self._lacking: list[_Draft] = []
        #: No open one, and no hint, is older, naive µs.
        self._oldest = _LONG_AGO
        self._hints: list[tuple[PatternMatch, LogExtract]] = []
        self._before: LogExtract | None = None

    def source(self, source: LogExtract, *, torn: bool) -> None:
        if torn:
            self._before = None
        for number, mark in enumerate(source.matches):
            match mark.role:
                case PatternRole.EVENT:
                    self._event(mark, source, number)
                case PatternRole.PART:
                    self._part(mark, source)
                case PatternRole.HINT:
                    self._hints.append((mark, source))
                    self._oldest = min(self._oldest, _LONG_AGO if mark.stamp is None else mark.stamp.us)
        if source.records:
            self._before = source

    def _event(self, mark: PatternMatch, source: LogExtract, number: int) -> None:
        if mark.stamp is None:
            return
        self._forget(mark.stamp)
        pattern = self._patterns[mark.pattern]
        block = self._profile.blocks.get(pattern.block)
        draft = _Draft(mark, mark.stamp, pattern.event, block, source, {})
        draft.gain(_location(mark, source, ROLE_OF[pattern.event]), mark.captures)
        if block is not None:
            self._lend(draft, block, lambda: source.matches[number + 1 : number + 1 + _MOST])
            self._open.append(draft)
            self._lacking.append(draft)
            if len(self._lacking) > 2 * _MOST:
                self._lacking = [d for d in self._lacking if d.open and not d.complete]
            self._oldest = min(self._oldest, draft.stamp.us)
        self._drafts.append(draft)
        if len(self._drafts) % _TOGETHER == 0:
            self._settle()

    def events(self) -> list[Event]:
        """All of them, when every source was gone through."""
        self._open = []
        self._settle()
        return self._events

    def _settle(self) -> None:
        """Makes events of the first drafts, up to one that may still gain parts: a draft takes much more memory."""
        still = {id(draft) for draft in self._open}
        count = next((i for i, draft in enumerate(self._drafts) if id(draft) in still), len(self._drafts))
        made = [draft.event(self._stream) for draft in self._drafts[:count]]
        if len(self._events) + count > _PLAIN:
            from logaudit.core.packed_places import packed  # noqa: PLC0415 - few logs have so many

            made = [replace(event, locations=packed(tuple(event.locations))) for event in made]
        self._events += made
        del self._drafts[:count]

    def _forget(self, now: Stamp) -> None:
        """Blocks and hints that are too old to be spoken to; after a jump of the clock, all others stay."""
        if len(self._open) + len(self._hints) <= _ENOUGH:
            return
        since = now.us - self._reach - now.precision
        # Where hundreds come at once none of them is too old, and each time all would be looked through.
        if self._oldest < since:
            self._close([d for d in self._open if d.stamp.us < since])
            self._open = [d for d in self._open if d.open]
            self._hints = [h for h in self._hints if h[0].stamp is not None and h[0].stamp.us >= since]
            self._oldest = min(
                (*(d.stamp.us for d in self._open), *(m.stamp.us for m, _ in self._hints if m.stamp)),
                default=now.us,
            )
        self._close(self._open[:-_MOST])
        del self._open[:-_MOST]
        del self._hints[:-_MOST]

    def _close(self, drafts: Iterable[_Draft]) -> None:
        for draft in drafts:
            draft.open = False

    def _lend(self, draft: _Draft, block: BlockSpec, after: Callable[[], Sequence[PatternMatch]]) -> None:
        """Gives the event what the hints for its symbol said shortly before, one of each kind.

        Each hint lends once. While several closes of a symbol are under way, first asked is first done; hints that no
        event is left for were asked in vain, and asked again.
        """
        fitting: dict[str, list[int]] = defaultdict(list)
        for i, (mark, _) in enumerate(self._hints):
            if self._lends(mark, draft.mark, block):
                fitting[mark.pattern].append(i)
        used: set[int] = set()
        for found in fitting.values():
            waiting = self._waiting(self._hints[found[-1]][0], block, after()) if len(found) > 1 else 0
            in_vain = max(0, len(found) - 1 - waiting)
            mark, source = self._hints[found[in_vain]]
            draft.gain(_location(mark, source, Role.LOG), mark.captures)
            used.update(found[: in_vain + 1])
        self._hints = [hint for i, hint in enumerate(self._hints) if i not in used]

    def _waiting(self, hint: PatternMatch, block: BlockSpec, after: Sequence[PatternMatch]) -> int:
        """How many of the marks that follow could use a hint, before its like is given again."""
        count = 0
        for mark in after:
            if mark.role is PatternRole.EVENT:
                fits = mark.stamp is not None and self._patterns[mark.pattern].block == block.name
                count += fits and self._lends(hint, mark, block)
            elif mark.pattern == hint.pattern and mark.captures.fields.symbol == hint.captures.fields.symbol:
                break
        return count

    def _lends(self, hint: PatternMatch, mark: PatternMatch, block: BlockSpec) -> bool:
        """Whether a hint may speak of the event that ``mark`` states."""
        if self._patterns[hint.pattern].block != block.name or hint.stamp is None or mark.stamp is None:
            return False
        if abs(mark.stamp.us - hint.stamp.us) > block.window * SECOND + mark.stamp.precision:
            return False
        told, own = hint.captures.fields, mark.captures.fields
        if told.symbol and own.symbol:
            if symbol_key(told.symbol) != symbol_key(own.symbol):
                return False
        elif hint.emitter.path != mark.emitter.path:
            return False
        return told.side is None or own.side is None or told.side is own.side

    def _part(self, mark: PatternMatch, source: LogExtract) -> None:
        draft = self._home(mark, source)
        if draft is None:
            return
        draft.gain(_location(mark, source, Role.LOG), mark.captures)

    def _home(self, mark: PatternMatch, source: LogExtract) -> _Draft | None:
        """The open block a part belongs to."""
        block = self._profile.blocks.get(self._patterns[mark.pattern].block)
        if block is None:
            return None
        drafts = (d for d in reversed(self._open) if d.block is block)
        if mark.record < 0:
            return next((d for d in drafts if self._ends_before(d)), None)
        if not mark.first:
            for draft in drafts:
                if draft.source is source and draft.mark.record == mark.record:
                    return draft
        return self._written(mark, block, source)

    def _written(self, mark: PatternMatch, block: BlockSpec, source: LogExtract) -> _Draft | None:
        """Of the blocks of one name that a part in a record of its own may fill, the one that is being written.

        One function writes its blocks to the end before the next, unless threads interleave: a complete block that
        merely lacks an optional value must not take a part from the one being written. Where nothing says when a block
        is complete it is the one whose lines are nearest above.
        """
        if not block.required:
            taking = (d for d in self._open if d.block is block and _takes(d, mark, source))
            return max(taking, key=lambda draft: _line_above(draft, mark.line), default=None)
        # Of hundreds of blocks at one moment nearly all are complete.
        self._lacking = [d for d in self._lacking if d.open and not d.complete]
        drafts = chain(self._lacking, reversed(self._open))
        return next((d for d in drafts if d.block is block and _takes(d, mark, source)), None)

    def _ends_before(self, draft: _Draft) -> bool:
        """Whether the draft's record is the last one of the source before."""
        return draft.source is self._before and draft.mark.record == self._before.last_record


def _line_above(draft: _Draft, line: int) -> int:
    """The last line of a block, 0 where it does not stand above ``line``: in the part of the log before."""
    last = draft.locations[-1].line
    return last if last <= line else 0


def _takes(draft: _Draft, mark: PatternMatch, source: LogExtract) -> bool:
    """Whether a part in a record of its own may fill this block."""
    if mark.stamp is None or draft.block is None:
        return False
    # Time first: it is the quickest to ask, and rules most of them out.
    elapsed = mark.stamp.us - draft.stamp.us
    if not -SECOND <= elapsed <= draft.block.window * SECOND + draft.stamp.precision:
        return False
    if draft.source is not source and not _goes_on(draft, source):
        return False
    if mark.emitter.path != draft.mark.emitter.path:
        return False
    own = draft.mark.captures.values
    return not any(name in draft.values and name not in own for name in mark.captures.values)


def _goes_on(draft: _Draft, source: LogExtract) -> bool:
    """Whether ``source`` begins where the draft's breaks off: a copy that began earlier tells it all itself."""
    return source.first is not None and source.first.us >= draft.stamp.us - SECOND


def _location(mark: PatternMatch, source: LogExtract, role: Role) -> Location:
    address = source.address
    return Location(address.path, address.member, mark.line, role, mark.text, mark.byte)


def lacking(event: Event, profile: Profile) -> tuple[str, ...]:
    """The values that the event's block requires and the event does not show."""
    block = profile.blocks.get(profile.pattern(event.pattern).block)
    if block is None or not block.required:
        return ()
    shown = event.captures.by_name()
    return tuple(name.value for name in block.required if name not in shown)


def in_time_order(events: Iterable[Event]) -> list[Event]:
    """By time, then by place: a fixed order whatever order files were read in."""
    return sorted(events, key=_when_and_where)


def _when_and_where(event: Event) -> tuple[int, str, str, str, int]:
    where = event.locations[0]
    return event.at.us, event.stream, where.path, where.member, where.line
