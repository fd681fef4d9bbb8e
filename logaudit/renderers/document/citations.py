"""Places → citations: consecutive lines of one source that prove one thing are cited once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from logaudit.core.location import Location, Role
from logaudit.renderers.document.document import Cite, Inline, Span, TextSpan

#: Citations in one sentence; the others stand in the table or section that shows them all.
IN_PROSE: Final = 6
#: Lines between two lines of one block: parts that carry no figure are not cited.
_APART: Final = 4


def cites(places: Iterable[Location | None]) -> Inline:
    """At most `IN_PROSE` citations with a space before each, and how many were left out."""
    found = grouped(place for place in places if place is not None)
    spans: list[Span] = []
    for cite in found[:IN_PROSE]:
        spans += [TextSpan(" "), cite]
    if len(found) > IN_PROSE:
        spans.append(TextSpan(f" +{len(found) - IN_PROSE}"))
    return tuple(spans)


def cell(*places: Location | None) -> Inline:
    """All citations of a table cell; a dash for none."""
    found = grouped(place for place in places if place is not None)
    spans: list[Span] = []
    for number, cite in enumerate(found):
        spans += [TextSpan(" "), cite] if number else [cite]
    return tuple(spans) or (TextSpan("–"),)


def grouped(places: Iterable[Location]) -> list[Cite]:
    """One citation a place, the lines of a block as one, in the order given; repeats left out."""
    found: list[Cite] = []
    first: set[Location] = set()
    for place in places:
        last = found[-1] if found else None
        if last is not None and _continues(last, place):
            found[-1] = Cite(last.place, place.line)
        elif place not in first:
            first.add(place)
            found.append(Cite(place, place.line))
    return found


def _continues(cite: Cite, place: Location) -> bool:
    if place.address != cite.place.address or not cite.place.line or not place.line:
        return False
    apart = place.line - cite.through
    if place.role is Role.ROW:
        return cite.place.role is Role.ROW and apart == 1
    # The lines of a block carry the role of none of its facts.
    return place.role is Role.LOG and bool(place.text) and 0 < apart <= _APART
