"""Events whose blocks may still gain lines, and which lines they take."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.core.events import Captures, Dealt, Event, EventKind, Value, captures_of
from logaudit.core.fields import FieldName, Unread
from logaudit.core.location import Location, Role
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import symbol_key
from logaudit.ingest.source_extract import LogExtract, PatternMatch
from logaudit.profiles import BlockSpec


class BlockGroup(Struct, eq=False):
    """Blocks that were written at once.

    Attributes:
        name: where the first of them begins.
        joined: the group of which they proved to be a part.
    """

    name: str
    joined: BlockGroup | None = None

    def root(self) -> BlockGroup:
        """The group that it is a part of; itself where it stands alone."""
        group = self
        while group.joined is not None:
            group = group.joined
        return group


class BlockDraft(Struct, eq=False):
    """An event whose block may still gain parts.

    Attributes:
        complete: whether it shows all that its block requires; a block that requires nothing never is.
        open: whether it may still gain parts.
        group: that of the blocks that were written at once with it.
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
    group: BlockGroup | None = None

    def gain(self, place: Location, captures: Captures) -> None:
        """Adds a line, and what it shows that no line before it did."""
        self.locations.append(place)
        for name, value in captures.values.items():
            if name not in self.values:
                self.values[name] = replace(value, place=place) if isinstance(value, Unread) else value
        required = self.block.required if self.block else ()
        self.complete = self.complete or (bool(required) and all(name in self.values for name in required))

    def event(self, stream: str) -> Event:
        """It, as it is now."""
        return Event(
            kind=self.kind,
            at=self.stamp,
            stream=stream,
            emitter=self.mark.emitter,
            level=self.mark.level,
            captures=captures_of(self.values),
            pattern=self.mark.pattern,
            locations=tuple(self.locations),
            log_format=self.mark.log_format,
            dealt=self._dealt(),
        )

    def _dealt(self) -> Dealt | None:
        if self.group is None:
            return None
        names = frozenset(self.values.keys() - self.mark.captures.values.keys())
        return Dealt(self.group.root().name, names)


def group_together(drafts: Sequence[BlockDraft]) -> None:
    """Says that blocks are written at once."""
    first = drafts[0]
    if first.group is None:
        place = first.locations[0]
        first.group = BlockGroup(f"{place.path}:{place.member}:{place.line}")
    group = first.group.root()
    for draft in drafts[1:]:
        if draft.group is not None and (other := draft.group.root()) is not group:
            other.joined = group
        draft.group = group


def head(draft: BlockDraft) -> tuple[str, object]:
    """What copies of one block have in common."""
    own = draft.mark.captures.fields
    return symbol_key(own.symbol), own.side


def takes(draft: BlockDraft, mark: PatternMatch, source: LogExtract) -> bool:
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


def _goes_on(draft: BlockDraft, source: LogExtract) -> bool:
    """Whether ``source`` begins where the draft's breaks off: a copy that began earlier tells it all itself."""
    return source.first is not None and source.first.us >= draft.stamp.us - SECOND


def location(mark: PatternMatch, source: LogExtract, role: Role) -> Location:
    """Where a match stands."""
    address = source.address
    return Location(address.path, address.member, mark.line, role, mark.text, mark.byte)
