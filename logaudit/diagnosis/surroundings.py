"""What was logged around each close: contexts of all its sinks together, each line told once.

A close has hundreds of neighbours and a session hundreds of closes, so they stay as the digests hold them;
a `Step` is made only of those that are asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from logaudit.case import Session
from logaudit.digest import Context, Neighbour
from logaudit.model.location import Location, Role
from logaudit.profile import PatternRole

#: How a template shows the symbol of the close it stands near.
SYMBOL: Final = "{symbol}"

#: Emitter and template: what makes two steps the same call.
Call: TypeAlias = tuple[str, str]
#: Path and member of a source: addresses as plain tuples, which are cheap to look up.
_Place: TypeAlias = tuple[str, str]
#: Trade → place of its close, line of its close there, and what stands around it.
_Own: TypeAlias = dict[str, list[tuple[_Place, int, Context]]]

_call: Final[Callable[[Neighbour], Call]] = itemgetter(
    Neighbour._fields.index("emitter"), Neighbour._fields.index("template")
)
_line: Final[Callable[[Neighbour], int]] = itemgetter(Neighbour._fields.index("line"))


class Step(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class Sink:
    """What one sink holds on one side of a close.

    Attributes:
        place: path and member of the source.
        line: the close's own line there.
        near: the records that belong to the close.
    """

    place: _Place
    line: int
    near: Sequence[Neighbour]


@dataclass(frozen=True, slots=True)
class Side:
    """The steps before or after one close.

    Attributes:
        whole: whether the sources go on far enough on this side; a side that is cut tells nothing by what
            it lacks.
        names: what each sink prints of a call → the call, with its emitter where another sink prints it.
    """

    whole: bool
    sinks: tuple[Sink, ...]
    names: Mapping[Call, Call]

    def calls(self) -> set[Call]:
        """Every call that is seen here."""
        seen: set[Call] = set()
        for sink in self.sinks:
            seen.update(map(_call, sink.near))
        return {self.names[call] for call in seen}

    def saying(self, templates: Collection[str]) -> list[Step]:
        """The steps with one of these templates, in order."""
        return self._steps((sink, [n for n in sink.near if n.template in templates]) for sink in self.sinks)

    def at(self, levels: Collection[str]) -> list[Step]:
        """The steps logged at one of these levels, in order."""
        return self._steps((sink, [n for n in sink.near if n.level in levels]) for sink in self.sinks)

    def _steps(self, chosen: Iterable[tuple[Sink, list[Neighbour]]]) -> list[Step]:
        return sorted(
            Step(n.delta, n.line - sink.line, *sink.place, n.line, n.byte, *self.names[_call(n)])
            for sink, near in chosen
            for n in near
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was logged before and after one close."""

    before: Side
    after: Side


def surroundings(session: Session) -> dict[str, Surroundings]:
    """Trade id → what was logged around its close; trades whose close has no context are left out."""
    found = _contexts(session)
    own: _Own = {}
    for trade in session.trades:
        if trade.close is None:
            continue
        at = [((p.path, p.member), p.line) for p in trade.close.event.locations if p.role is Role.CLOSE]
        if contexts := [(*key, found[key]) for key in at if key in found]:
            own[trade.id] = contexts
    owners = _owners(own)
    # The lines of a close block are the close, not its surroundings: they belong to nobody.
    for trade in session.trades:
        for p in trade.close.event.locations if trade.close else ():
            owners[p.path, p.member][p.line] = ""
    names = _names(own)
    return {trade: _joined(trade, contexts, owners, names) for trade, contexts in own.items()}


def _contexts(session: Session) -> dict[tuple[_Place, int], Context]:
    """Place and line of a close → its context."""
    found: dict[tuple[_Place, int], Context] = {}
    for stream in session.evidence.streams:
        for digest in stream.sources:
            if not digest.contexts:
                continue
            place = digest.address.path, digest.address.member
            by_record = {c.record: c for c in digest.contexts}
            for mark in digest.marks:
                if mark.role is PatternRole.EVENT and mark.record in by_record:
                    found[place, mark.line] = by_record[mark.record]
    return found


def _owners(own: _Own) -> defaultdict[_Place, dict[int, str]]:
    """Place → lines that may stand near several closes → the one they belong to.

    It is the close whose symbol the line names, and among equals the nearest one.
    """
    spans: dict[_Place, list[tuple[int, int, int, str, list[Neighbour]]]] = defaultdict(list)
    for trade, contexts in own.items():
        for place, line, context in contexts:
            if near := [*context.before, *context.after]:
                lines = list(map(_line, near))
                spans[place].append((min(lines), max(lines), line, trade, near))
    owners: defaultdict[_Place, dict[int, str]] = defaultdict(dict)
    for place, found in spans.items():
        claims: dict[int, tuple[bool, int, str]] = {}
        for _, _, line, trade, near in _touching(found):
            for n in near:
                claim = (SYMBOL not in n.template, abs(n.line - line), trade)
                if (rival := claims.get(n.line)) is None or claim < rival:
                    claims[n.line] = claim
        owners[place].update((line, claim[2]) for line, claim in claims.items())
    return owners


def _touching(
    spans: list[tuple[int, int, int, str, list[Neighbour]]],
) -> Iterator[tuple[int, int, int, str, list[Neighbour]]]:
    """Of stretches of one source, given as first and last line, those that meet another."""
    spans.sort(key=itemgetter(0, 1))
    reached = 0
    for i, span in enumerate(spans):
        if span[0] <= reached or (i + 1 < len(spans) and spans[i + 1][0] <= span[1]):
            yield span
        reached = max(reached, span[1])


def _names(own: _Own) -> dict[Call, Call]:
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
        (emitter, template): (emitter or known.get(template, ""), template) for emitter, template in printed
    }


def _joined(
    trade: str,
    contexts: Sequence[tuple[_Place, int, Context]],
    owners: Mapping[_Place, Mapping[int, str]],
    names: Mapping[Call, Call],
) -> Surroundings:
    def side(chosen: Callable[[Context], Sequence[Neighbour]], *, whole: bool) -> Side:
        sinks = (Sink(p, line, _mine(trade, chosen(c), owners.get(p, {}))) for p, line, c in contexts)
        return Side(whole, tuple(sinks), names)

    return Surroundings(
        before=side(lambda c: c.before, whole=not any(c.cut_before for _, _, c in contexts)),
        after=side(lambda c: c.after, whole=not any(c.cut_after for _, _, c in contexts)),
    )


def _mine(trade: str, near: Sequence[Neighbour], owners: Mapping[int, str]) -> Sequence[Neighbour]:
    """The records that belong to no other close."""
    foreign = {line for line in map(_line, near) if owners.get(line, trade) != trade} if owners else ()
    return [n for n in near if n.line not in foreign] if foreign else near
