"""What was logged around each close: contexts of all its sinks together, each line told once.

A close has hundreds of neighbours and a session hundreds of closes, so they stay as the extracts hold them;
a `NearbyCall` is made only of those that are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from msgspec import Struct

from logaudit.core.location import Location, Role
from logaudit.ingest.source_extract import LogContext, NearbyRecord, PatternMatch
from logaudit.profiles import PatternRole
from logaudit.reconcile.reconciled import Session

if TYPE_CHECKING:
    from logaudit.ingest.packed_matches import MatchPlace

#: How a template shows the symbol of the close it stands near.
SYMBOL: Final = "{symbol}"

#: Emitter and template: what makes two steps the same call.
Call: TypeAlias = tuple[str, str]
#: Path and member of a source: addresses as plain tuples, which are cheap to look up.
_Place: TypeAlias = tuple[str, str]
#: Trade → place of its close, line of its close there, and what stands around it.
_Own: TypeAlias = dict[str, list[tuple[_Place, int, LogContext]]]
#: First and last line of what stands around a close, its own line, the trade, and what stands around it.
_Span: TypeAlias = tuple[int, int, int, str, LogContext]

_call: Final[Callable[[NearbyRecord], Call]] = itemgetter(
    NearbyRecord._fields.index("emitter"), NearbyRecord._fields.index("template")
)
_line: Final[Callable[[NearbyRecord], int]] = itemgetter(NearbyRecord._fields.index("line"))
_delay: Final[Callable[[NearbyRecord], int]] = itemgetter(NearbyRecord._fields.index("delta"))


class NearbyCall(NamedTuple):
    """A record near a close; steps sort by time, then by where they stand.

    Attributes:
        delay: µs from the close to it, negative before it.
        order: its line's distance from the close's line, negative before it.
        emitter: ``module:function``, empty where no sink prints it.
        template: its message with symbol, sides and numbers masked.
    """

    delay: int
    order: int
    path: str
    member: str
    line: int
    byte: int
    emitter: str
    template: str

    @property
    def call(self) -> Call:
        """What makes two steps the same call."""
        return self.emitter, self.template

    @property
    def location(self) -> Location:
        """Where it stands."""
        return Location(self.path, self.member, self.line, Role.LOG, byte=self.byte)


class Sink(Struct, frozen=True):
    """What one sink holds on one side of a close.

    Attributes:
        place: path and member of the source.
        line: the close's own line there.
        records: the records that belong to the close, by time and then by line.
    """

    place: _Place
    line: int
    records: Sequence[NearbyRecord]

    def outwards(self, *, before: bool) -> Iterable[NearbyRecord]:
        """The records, the nearest to the close first."""
        return reversed(self.records) if before else self.records

    def inwards(self, *, before: bool) -> Iterable[NearbyRecord]:
        """The records, the nearest to the close last."""
        return self.records if before else reversed(self.records)

    def step(self, near: NearbyRecord, call: Call) -> NearbyCall:
        """One of its records as a step."""
        return NearbyCall(near.delta, near.line - self.line, *self.place, near.line, near.byte, *call)


class ContextSide(Struct, frozen=True):
    """The steps before or after one close.

    Attributes:
        before: which of the two.
        complete: whether the sources go on far enough on this side; a side that is cut tells nothing by what
            it lacks.
        names: what sinks print of a call → the call with the emitter that another sink prints; calls that
            are whole already are left out.
    """

    before: bool
    complete: bool
    sinks: tuple[Sink, ...]
    names: Mapping[Call, Call]

    def calls(self) -> set[Call]:
        """Every call that is seen here."""
        seen: set[Call] = set()
        for sink in self.sinks:
            seen.update(map(_call, sink.records))
        return {self.names.get(call, call) for call in seen} if self.names else seen

    def nearest(self, wanted: Collection[Call]) -> dict[Call, NearbyCall]:
        """Of each wanted call that is seen here the step nearest to the close."""
        found: dict[Call, NearbyCall] = {}
        printed = {call for call in wanted if call not in self.names}
        printed.update(seen for seen, call in self.names.items() if call in wanted)
        for sink in self.sinks:
            last = {_call(near): near for near in sink.inwards(before=self.before)}
            for seen in printed & last.keys():
                call = self.names.get(seen, seen)
                step = sink.step(last[seen], call)
                if (other := found.get(call)) is None or (step > other if self.before else step < other):
                    found[call] = step
        return found

    def first(self, fits: Callable[[Call], bool]) -> NearbyCall | None:
        """The step nearest to the close whose call fits."""
        found: list[NearbyCall] = []
        for sink in self.sinks:
            for near in sink.outwards(before=self.before):
                call = self.names.get(_call(near), _call(near))
                if fits(call):
                    found.append(sink.step(near, call))
                    break
        return (max if self.before else min)(found, default=None)

    def at(self, levels: Collection[str]) -> list[NearbyCall]:
        """The steps logged at one of these levels, in order."""
        return sorted(
            sink.step(near, self.names.get(_call(near), _call(near)))
            for sink in self.sinks
            for near in sink.records
            if near.level in levels
        )


class CloseContext(Struct, frozen=True):
    """What was logged before and after one close."""

    before: ContextSide
    after: ContextSide


def close_contexts(session: Session) -> dict[str, CloseContext]:
    """Trade id → what was logged around its close; trades whose close has no context are left out."""
    found = log_contexts(session)
    own: _Own = {}
    for trade in session.closed:
        at = [((p.path, p.member), p.line) for p in trade.close.locations if p.role is Role.CLOSE]
        if contexts := [(*key, found[key]) for key in at if key in found]:
            own[trade.id] = contexts
    owners = _owners(own)
    # The lines of a close block are the close, not its surroundings: they belong to nobody.
    for trade in session.closed:
        for p in trade.close.locations:
            owners[p.path, p.member][p.line] = ""
    names = _named(own)
    return {trade: _joined(trade, contexts, owners, names) for trade, contexts in own.items()}


def log_contexts(session: Session) -> dict[tuple[_Place, int], LogContext]:
    """Place and line of a close → its context."""
    found: dict[tuple[_Place, int], LogContext] = {}
    for stream in session.evidence.streams:
        for extract in stream.sources:
            if not extract.contexts:
                continue
            place = extract.address.path, extract.address.member
            by_record = {c.record: c for c in extract.contexts}
            for mark in _places_of(extract.matches):
                if mark.role is PatternRole.EVENT and mark.record in by_record:
                    found[place, mark.line] = by_record[mark.record]
    return found


def _places_of(matches: Sequence[PatternMatch]) -> Iterable[PatternMatch | MatchPlace]:
    """The matches; where they are packed, no more of them than is asked for: most of what they hold is text."""
    if isinstance(matches, tuple):
        return matches
    from logaudit.ingest.packed_matches import MatchPlace, PackedMatches  # noqa: PLC0415 - few logs have so many

    return matches.each(MatchPlace) if isinstance(matches, PackedMatches) else matches


def _owners(own: _Own) -> defaultdict[_Place, dict[int, str]]:
    """Place → lines that may stand near several closes → the one they belong to.

    It is the close whose symbol the line names, and among equals the nearest one.
    """
    spans: dict[_Place, list[_Span]] = defaultdict(list)
    for trade, contexts in own.items():
        for place, line, context in contexts:
            if lines := list(map(_line, chain(context.before, context.after))):
                spans[place].append((min(lines), max(lines), line, trade, context))
    owners: defaultdict[_Place, dict[int, str]] = defaultdict(dict)
    for place, found in spans.items():
        claims: dict[int, tuple[bool, int, str]] = {}
        for _, _, line, trade, context in _touching(found):
            for n in chain(context.before, context.after):
                claim = (SYMBOL not in n.template, abs(n.line - line), trade)
                if (rival := claims.get(n.line)) is None or claim < rival:
                    claims[n.line] = claim
        owners[place].update((line, claim[2]) for line, claim in claims.items())
    return owners


def _touching(spans: list[_Span]) -> Iterator[_Span]:
    """Of stretches of one source, given as first and last line, those that meet another."""
    spans.sort(key=itemgetter(0, 1))
    reached = 0
    for i, span in enumerate(spans):
        if span[0] <= reached or (i + 1 < len(spans) and spans[i + 1][0] <= span[1]):
            yield span
        reached = max(reached, span[1])


def _named(own: _Own) -> dict[Call, Call]:
    """What a sink prints of a call → the call: sinks that leave the emitter out take it from those that agree."""
    printed: set[Call] = set()
    for contexts in own.values():
        for _, _, context in contexts:
            printed.update(map(_call, context.before))
            printed.update(map(_call, context.after))
    emitters: dict[str, set[str]] = defaultdict(set)
    for emitter, template in printed:
        if emitter:
            emitters[template].add(emitter)
    known = {template: next(iter(names)) for template, names in emitters.items() if len(names) == 1}
    return {
        (emitter, template): (known[template], template)
        for emitter, template in printed
        if not emitter and template in known
    }


def _joined(
    trade: str,
    contexts: Sequence[tuple[_Place, int, LogContext]],
    owners: Mapping[_Place, Mapping[int, str]],
    names: Mapping[Call, Call],
) -> CloseContext:
    def sinks(side: Callable[[LogContext], Sequence[NearbyRecord]]) -> tuple[Sink, ...]:
        return tuple(
            Sink(place, line, _ordered(_mine(trade, side(context), owners[place])))
            for place, line, context in contexts
        )

    before_is_whole = not any(context.cut_before for _, _, context in contexts)
    after_is_whole = not any(context.cut_after for _, _, context in contexts)
    return CloseContext(
        before=ContextSide(
            before=True, complete=before_is_whole, sinks=sinks(lambda c: c.before), names=names
        ),
        after=ContextSide(before=False, complete=after_is_whole, sinks=sinks(lambda c: c.after), names=names),
    )


def _mine(trade: str, near: Sequence[NearbyRecord], owners: Mapping[int, str]) -> Sequence[NearbyRecord]:
    """The records that belong to no other close."""
    if owners.keys().isdisjoint(map(_line, near)):
        return near
    return [n for n in near if owners.get(n.line, trade) == trade]


def _ordered(near: Sequence[NearbyRecord]) -> Sequence[NearbyRecord]:
    """Records of one file by time: they are, unless its clock ran backwards."""
    delays = list(map(_delay, near))
    return near if delays == sorted(delays) else sorted(near, key=lambda n: (n.delta, n.line))
