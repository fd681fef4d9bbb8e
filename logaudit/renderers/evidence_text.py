"""Evidence on a terminal sheet: where it lies, as ``path!member:line``, and the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from logaudit.core.location import Address, Location, Role
from logaudit.renderers.terminal import Part, Sheet
from logaudit.renderers.wording import listed

#: Line numbers of one source on one citation.
_NUMBERS: Final = 8


def write_quoted(sheet: Sheet, places: Sequence[Location], limit: int, *, indent: int, whole: bool) -> None:
    """The first ``limit`` places with their lines, each cut to one line of the sheet unless ``whole``."""
    shown = places[:limit]
    hang = _hang(shown, indent)
    for (address, role), group in groupby(shown, key=lambda place: (place.address, place.role)):
        lines = list(group)
        _write_citation(sheet, address, role, [lines[0]] if lines[0].text else lines, (indent, hang))
        digits = max(len(str(place.line)) for place in lines)
        for place in lines:
            if not place.text:
                continue
            number = f"{place.line:>{digits}} " if len(lines) > 1 else ""
            lead: list[Part] = [(f"{number}│ ", "dim")]
            if whole:
                sheet.paragraph((place.text, "italic"), indent=hang, lead=lead)
            else:
                sheet.clipped(*lead, (place.text.strip(), "italic"), indent=hang)
    write_rest(sheet, len(places) - len(shown), indent)


def write_cited(sheet: Sheet, places: Sequence[Location], limit: int, *, indent: int) -> None:
    """Places without their lines, one citation for the neighbours in one source; ``limit`` citations."""
    groups = [
        (address, role, list(group))
        for (address, role), group in groupby(places, key=lambda place: (place.address, place.role))
    ]
    hang = _hang([group[0] for _, _, group in groups[:limit]], indent)
    for address, role, group in groups[:limit]:
        _write_citation(sheet, address, role, group, (indent, hang))
    write_rest(sheet, sum(len(group) for _, _, group in groups[limit:]), indent)


def write_rest(sheet: Sheet, rest: int, indent: int) -> None:
    """How many were left out, where any was."""
    if rest > 0:
        sheet.line((f"… and {rest:,} more", "dim"), indent=indent)


def _hang(places: Sequence[Location], indent: int) -> int:
    """Where citations begin: behind the longest role."""
    return indent + max((len(place.role.value) for place in places), default=0) + 2


def _write_citation(
    sheet: Sheet, address: Address, role: Role, places: Sequence[Location], margins: tuple[int, int]
) -> None:
    """One citation, broken only before the member, where it would run over the edge."""
    indent, hang = margins
    numbers = list(dict.fromkeys(str(place.line) for place in places if place.line))
    tail = f":{listed(numbers, _NUMBERS)}" if numbers else ""
    lead: Part = (role.value.ljust(hang - indent), "dim")
    if address.member and hang + len(f"{address}{tail}") > sheet.width:
        sheet.line(lead, (address.path, "blue"), indent=indent)
        sheet.line((f"!{address.member}{tail}", "blue"), indent=hang)
    else:
        sheet.line(lead, (f"{address}{tail}", "blue"), indent=indent)
