"""Marks of one stream → events: blocks gather the parts that follow and the hints that went before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.location import Role
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import symbol_key
from logaudit.ingest.source_extract import LogExtract, PatternMatch
from logaudit.profiles import BlockSpec, PatternRole, Profile
from logaudit.reconcile.normalize.block_drafts import BlockDraft, group_together, head, location, takes
from logaudit.reconcile.normalize.session_evidence import Stream

if TYPE_CHECKING:
    from logaudit.reconcile.normalize.lines_ahead import LinesAhead

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


def assemble(stream: Stream, profile: Profile) -> list[Event]:
    """The stream's events in file order, repeats of one call included.

    A part in a record of its own joins the oldest block of its emitter, within the block's window, that
    lacks its values and is not complete already; as a continuation line it joins its own record's block.
    Lines before a source's first record continue the last record of the source before, as when rotation
    cuts a record in two, unless a part of the log is missing in between.
    """
    torn = frozenset(gap.before for gap in stream.gaps if gap.before != gap.after)
    assembler = _Assembler(profile, stream)
    for number, source in enumerate(stream.sources):
        assembler.source(source, number, torn=source.address in torn)
    return assembler.events()


class _Assembler:
    def __init__(self, profile: Profile, stream: Stream) -> None:
        self._stream = stream.name
        self._sources = stream.sources
        self._events: list[Event] = []
        #: Those of the last drafts that may not be complete, and what came between them.
        self._drafts: list[BlockDraft] = []
        self._profile = profile
        self._patterns = {p.id: p for p in profile.patterns}
        self._reach = round(max((b.window for b in profile.blocks.values()), default=0) * SECOND) + SECOND
        self._open: list[BlockDraft] = []
        #: Open ones that lack a value their block requires.
        self._lacking: list[BlockDraft] = []
        #: Asked once several blocks are written at once.
        self._lines_ahead: LinesAhead | None = None
        #: No open one, and no hint, is older, naive µs.
        self._oldest = _LONG_AGO
        self._hints: list[tuple[PatternMatch, LogExtract]] = []
        self._before: LogExtract | None = None

    def source(self, source: LogExtract, place: int, *, torn: bool) -> None:
        """Takes the next source, which is the stream's source number ``place``."""
        if torn:
            self._before = None
        for number, mark in enumerate(source.matches):
            match mark.role:
                case PatternRole.EVENT:
                    self._event(mark, source, number)
                case PatternRole.PART:
                    self._part(mark, source, (place, number))
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
        draft = BlockDraft(mark, mark.stamp, pattern.event, block, source, {})
        draft.gain(location(mark, source, ROLE_OF[pattern.event]), mark.captures)
        if block is not None:
            self._lend(draft, block, lambda: source.matches[number + 1 : number + 1 + _MOST])
            self._open.append(draft)
            self._lacking.append(draft)
            self._forget_lines()
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

    def _close(self, drafts: Iterable[BlockDraft]) -> None:
        for draft in drafts:
            draft.open = False

    def _lend(self, draft: BlockDraft, block: BlockSpec, after: Callable[[], Sequence[PatternMatch]]) -> None:
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
            draft.gain(location(mark, source, Role.LOG), mark.captures)
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

    def _part(self, mark: PatternMatch, source: LogExtract, place: tuple[int, int]) -> None:
        draft = self._home(mark, source, place)
        if draft is None:
            return
        draft.gain(location(mark, source, Role.LOG), mark.captures)

    def _home(self, mark: PatternMatch, source: LogExtract, place: tuple[int, int]) -> BlockDraft | None:
        """The open block a part belongs to; the part is match ``place[1]`` of source ``place[0]``."""
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
        return self._written(mark, block, source, place)

    def _written(
        self, mark: PatternMatch, block: BlockSpec, source: LogExtract, place: tuple[int, int]
    ) -> BlockDraft | None:
        """Of the blocks of one name that a part in a record of its own may fill, the one that is being written.

        One function writes its blocks to the end before the next, unless threads interleave: a complete block that
        merely lacks an optional value must not take a part from the one being written. Of blocks that are written at
        once as many lines of one kind follow; they are taken for those of the last blocks, in their order. Of blocks
        that several handlers write, the lines of some may not be known. Where more blocks begin before these end it is
        not known how many of the lines that follow are theirs: the line is that of those that have got farthest.
        """
        # Of hundreds of blocks at one moment nearly all are complete.
        self._lacking = [d for d in self._lacking if d.open and not d.complete]
        written = [d for d in self._lacking if d.block is block and takes(d, mark, source)]
        if len(written) > 1:
            like, sure = self._ahead().like(mark, place, len(written))
            if not sure:
                farthest = max(len(draft.locations) for draft in written)
                written = [draft for draft in written if len(draft.locations) == farthest]
                like = min(like, len(written))
            heads = list(dict.fromkeys(map(head, written)))
            if like > 1 and len(heads) > 1:
                group_together(written)
            if like > len(heads):
                return written[-like]
            return next(draft for draft in reversed(written) if head(draft) == heads[-like])
        self._forget_lines()
        if written:
            return written[0]
        return next((d for d in reversed(self._open) if d.block is block and takes(d, mark, source)), None)

    def _ahead(self) -> LinesAhead:
        if self._lines_ahead is None:
            from logaudit.reconcile.normalize.lines_ahead import LinesAhead  # noqa: PLC0415 - few bots write so

            self._lines_ahead = LinesAhead(self._sources, self._block_of, self._reach)
        return self._lines_ahead

    def _forget_lines(self) -> None:
        if self._lines_ahead is not None:
            self._lines_ahead.forget()

    def _block_of(self, mark: PatternMatch) -> str:
        return self._patterns[mark.pattern].block

    def _ends_before(self, draft: BlockDraft) -> bool:
        """Whether the draft's record is the last one of the source before."""
        return draft.source is self._before and draft.mark.record == self._before.last_record


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
