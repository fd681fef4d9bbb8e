"""Marks of one stream → events: blocks gather the parts that follow and the hints that went before."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from logaudit.digest import LogDigest, Mark
from logaudit.model.events import Event, EventKind, FieldName
from logaudit.model.location import Location, Role
from logaudit.model.stamp import SECOND, Stamp
from logaudit.model.trades import symbol_key
from logaudit.profile import Block, PatternRole, Profile

_MAX_OPEN: Final = 32

ROLE_OF: Final = {
    EventKind.RUN_STARTED: Role.RUN_START,
    EventKind.POSITION_OPENED: Role.OPEN,
    EventKind.POSITION_CLOSED: Role.CLOSE,
    EventKind.RECORDER_READY: Role.READY,
    EventKind.LEDGER_OPENED: Role.LEDGER_OPENED,
    EventKind.TRADE_ACKNOWLEDGED: Role.ACK,
    EventKind.RECORDER_FAILED: Role.ERROR,
    EventKind.EXCHANGE_CONFIRMED: Role.EXCHANGE,
}


@dataclass(slots=True)
class _Draft:
    """An event whose block may still gain parts."""

    mark: Mark
    stamp: Stamp
    kind: EventKind
    block: Block | None
    source: LogDigest
    values: dict[FieldName, str]
    locations: list[Location] = field(default_factory=list)

    def event(self, stream: str) -> Event:
        return Event(
            kind=self.kind,
            at=self.stamp,
            stream=stream,
            emitter=self.mark.emitter,
            level=self.mark.level,
            values=dict(sorted(self.values.items())),
            pattern=self.mark.pattern,
            locations=tuple(self.locations),
        )


def assemble(stream: str, sources: Sequence[LogDigest], profile: Profile) -> list[Event]:
    """The stream's events in file order; ``sources`` must be in record order.

    A part joins the oldest open block of its emitter that lacks its values, within the block's window;
    as a continuation line it joins its own record's block. Lines before a source's first record
    continue the last record of the source before, as when rotation cuts a record in two.
    """
    assembler = _Assembler(profile)
    for source in sources:
        assembler.source(source)
    return [draft.event(stream) for draft in assembler.done]


class _Assembler:
    def __init__(self, profile: Profile) -> None:
        self.done: list[_Draft] = []
        self._profile = profile
        self._patterns = {p.id: p for p in profile.patterns}
        self._open: deque[_Draft] = deque(maxlen=_MAX_OPEN)
        self._hints: deque[tuple[Mark, LogDigest]] = deque(maxlen=_MAX_OPEN)
        self._before: LogDigest | None = None

    def source(self, source: LogDigest) -> None:
        for mark in source.marks:
            match mark.role:
                case PatternRole.EVENT:
                    self._event(mark, source)
                case PatternRole.PART:
                    self._part(mark, source)
                case PatternRole.HINT:
                    self._hints.append((mark, source))
        if source.records:
            self._before = source

    def _event(self, mark: Mark, source: LogDigest) -> None:
        if mark.stamp is None:
            return
        pattern = self._patterns[mark.pattern]
        block = self._profile.blocks.get(pattern.block)
        draft = _Draft(mark, mark.stamp, pattern.event, block, source, dict(mark.values))
        draft.locations.append(_location(mark, source, ROLE_OF[pattern.event]))
        if block is not None:
            self._lend(draft, block)
            self._open.append(draft)
        self.done.append(draft)

    def _lend(self, draft: _Draft, block: Block) -> None:
        """Gives the event what the hints for its symbol said shortly before; each hint lends once."""
        for i in range(len(self._hints) - 1, -1, -1):
            mark, source = self._hints[i]
            if self._patterns[mark.pattern].block != block.name or mark.stamp is None:
                continue
            if abs(draft.stamp.us - mark.stamp.us) > block.window * SECOND + draft.stamp.precision:
                continue
            symbol, own = mark.values.get(FieldName.SYMBOL), draft.values.get(FieldName.SYMBOL)
            if symbol and own:
                if symbol_key(symbol) != symbol_key(own):
                    continue
            elif mark.emitter.path != draft.mark.emitter.path:
                continue
            if _contradicts(mark.values, draft.values):
                continue
            draft.values = {**mark.values, **draft.values}
            draft.locations.append(_location(mark, source, Role.LOG))
            del self._hints[i]

    def _part(self, mark: Mark, source: LogDigest) -> None:
        draft = self._home(mark, source)
        if draft is None:
            return
        draft.values = {**mark.values, **draft.values}
        draft.locations.append(_location(mark, source, Role.LOG))

    def _home(self, mark: Mark, source: LogDigest) -> _Draft | None:
        """The open block a part belongs to."""
        name = self._patterns[mark.pattern].block
        drafts = [d for d in self._open if d.block is not None and d.block.name == name]
        if mark.record < 0:
            return next((d for d in reversed(drafts) if self._ends_before(d)), None)
        if not mark.first:
            return next(
                (d for d in reversed(drafts) if d.source is source and d.mark.record == mark.record), None
            )
        return next((d for d in drafts if _takes(d, mark)), None)

    def _ends_before(self, draft: _Draft) -> bool:
        """Whether the draft's record is the last one of the source before."""
        return draft.source is self._before and draft.mark.record == self._before.last_record


def _takes(draft: _Draft, mark: Mark) -> bool:
    """Whether a part in a record of its own may fill this block."""
    if mark.stamp is None or draft.block is None or mark.emitter.path != draft.mark.emitter.path:
        return False
    elapsed = mark.stamp.us - draft.stamp.us
    if not -SECOND <= elapsed <= draft.block.window * SECOND + draft.stamp.precision:
        return False
    own = draft.mark.values
    return not any(name in draft.values and name not in own for name in mark.values)


def _contradicts(left: dict[FieldName, str], right: dict[FieldName, str]) -> bool:
    side_l, side_r = left.get(FieldName.SIDE, ""), right.get(FieldName.SIDE, "")
    return bool(side_l and side_r and side_l.lower() != side_r.lower())


def _location(mark: Mark, source: LogDigest, role: Role) -> Location:
    address = source.address
    return Location(address.path, address.member, mark.line, role, mark.text, mark.byte)


def lacking(event: Event, profile: Profile) -> tuple[str, ...]:
    """The values that the event's block requires and the event does not show."""
    block = profile.blocks.get(profile.pattern(event.pattern).block)
    return tuple(n.value for n in (block.required if block else ()) if not event.get(n))


def in_time_order(events: Iterable[Event]) -> list[Event]:
    """By time, then by place: a fixed order whatever order files were read in."""
    return sorted(events, key=lambda e: (e.at.us, e.stream, _place(e)))


def _place(event: Event) -> tuple[str, str, int]:
    where = event.locations[0]
    return where.path, where.member, where.line
