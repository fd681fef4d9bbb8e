"""What was logged around each close: contexts of all its sinks as one list of steps, each line told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from logaudit.case import Session
from logaudit.digest import Context, Neighbour
from logaudit.model.location import Address, Location, Role
from logaudit.profile import PatternRole

#: How a template shows the symbol of the close it stands near.
SYMBOL = "{symbol}"


@dataclass(frozen=True, slots=True)
class Step:
    """A record near a close.

    Attributes:
        emitter: ``module:function``, empty where no sink prints it.
        template: its message with symbol, sides and numbers masked.
        delay: µs from the close to it, negative before it.
        order: its line's distance from the close's line, negative before it.
    """

    emitter: str
    level: str
    template: str
    delay: int
    order: int
    location: Location

    @property
    def key(self) -> tuple[str, str]:
        """What makes two steps the same call."""
        return self.emitter, self.template


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The steps before and after one close, in order.

    Attributes:
        whole_before, whole_after: whether the source goes on far enough on that side; a side that is cut
            tells nothing by what it lacks.
    """

    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()
    whole_before: bool = False
    whole_after: bool = False


def surroundings(session: Session) -> dict[str, Surroundings]:
    """Trade id → what was logged around its close; trades whose close has no context are left out."""
    found = _contexts(session)
    sides: dict[str, list[tuple[Address, int, Context]]] = {}
    for trade in session.trades:
        if trade.close is None:
            continue
        places = [(p.address, p.line) for p in trade.close.event.locations if p.role is Role.CLOSE]
        own = [(a, line, found[a, line]) for a, line in places if (a, line) in found]
        if own:
            sides[trade.id] = own
    # The lines of a close block are the close, not its surroundings: they belong to nobody.
    stated = {(p.address, p.line): "" for t in session.trades if t.close for p in t.close.event.locations}
    owners = {**_owners(sides), **stated}
    named = _named(sides)
    return {trade: _joined(trade, own, owners, named) for trade, own in sides.items()}


def _contexts(session: Session) -> dict[tuple[Address, int], Context]:
    """Place of a close's line → its context."""
    found: dict[tuple[Address, int], Context] = {}
    for stream in session.evidence.streams:
        for digest in stream.sources:
            if not digest.contexts:
                continue
            by_record = {c.record: c for c in digest.contexts}
            for mark in digest.marks:
                if mark.role is PatternRole.EVENT and mark.record in by_record:
                    found[digest.address, mark.line] = by_record[mark.record]
    return found


_Sides = dict[str, list[tuple[Address, int, Context]]]


def _owners(sides: _Sides) -> dict[tuple[Address, int], str]:
    """Lines that stand near several closes → the one they belong to.

    It is the close whose symbol the line names, and among equals the nearest one.
    """
    claims: dict[tuple[Address, int], list[tuple[bool, int, str]]] = defaultdict(list)
    for trade, own in sides.items():
        for address, line, context in own:
            for near in (*context.before, *context.after):
                claim = (SYMBOL not in near.template, abs(near.line - line), trade)
                claims[address, near.line].append(claim)
    return {place: min(rivals)[2] for place, rivals in claims.items() if len(rivals) > 1}


def _named(sides: _Sides) -> dict[str, str]:
    """Template → its emitter, where a sink prints it and all that do agree: other sinks leave it out."""
    emitters: dict[str, set[str]] = defaultdict(set)
    for own in sides.values():
        for _, _, context in own:
            for near in (*context.before, *context.after):
                if near.emitter:
                    emitters[near.template].add(near.emitter)
    return {template: next(iter(names)) for template, names in emitters.items() if len(names) == 1}


def _joined(
    trade: str,
    own: Sequence[tuple[Address, int, Context]],
    owners: dict[tuple[Address, int], str],
    named: dict[str, str],
) -> Surroundings:
    before: list[Step] = []
    after: list[Step] = []
    for address, line, context in own:
        mine = [n for n in context.before if owners.get((address, n.line), trade) == trade]
        before += [_step(n, address, line, named) for n in mine]
        mine = [n for n in context.after if owners.get((address, n.line), trade) == trade]
        after += [_step(n, address, line, named) for n in mine]
    return Surroundings(
        before=_ordered(before),
        after=_ordered(after),
        whole_before=all(not c.cut_before for _, _, c in own),
        whole_after=all(not c.cut_after for _, _, c in own),
    )


def _step(near: Neighbour, address: Address, line: int, named: dict[str, str]) -> Step:
    return Step(
        emitter=near.emitter or named.get(near.template, ""),
        level=near.level,
        template=near.template,
        delay=near.delta,
        order=near.line - line,
        location=Location(address.path, address.member, near.line, Role.LOG, byte=near.byte),
    )


def _ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda s: (s.delay, s.order, s.location)))
