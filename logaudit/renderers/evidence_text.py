"""Evidence on a terminal sheet: where it lies, as ``path!member:line``, and the lines themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import PurePosixPath
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Address, Location, Role
from logaudit.renderers.terminal import Part, Sheet
from logaudit.renderers.wording import listed

#: Time, level, the code path that logged, and its message.
_HEAD: Final = lazy_pattern(
    r"(?P<time>.{0,48}?)[\s|\[(:-]*\b(?:TRACE|DEBUG|INFO|SUCCESS|WARNING|WARN|ERROR|CRITICAL|FATAL)\b"
    r"[\s|\]:-]+\S*[\w>][.:]\S*\s*(?:-|\||:|\])\s+(?P<message>\S.*)",
    re.DOTALL,
)
#: Line numbers of one source on one citation.
_NUMBERS: Final = 8


def write_quoted(sheet: Sheet, places: Sequence[Location], limit: int, *, indent: int, whole: bool) -> None:
    """The first ``limit`` places with their lines, each cut to one line of the sheet unless ``whole``."""
    shown = places[:limit]
    hang = _hang(shown, indent)
    for (address, role), group in groupby(shown, key=lambda place: (place.address, place.role)):
        lines = list(group)
        _write_citation(sheet, address, role, [lines[0]] if lines[0].text else lines, (indent, hang))
        digits = max(len(str(place.line or place.row)) for place in lines)
        for place in lines:
            if not place.text:
                continue
            number = f"{place.line or place.row:>{digits}} " if len(lines) > 1 else ""
            lead: list[Part] = [(f"{number}│ ", "dim")]
            if whole:
                sheet.paragraph((place.text, "italic"), indent=hang, lead=lead)
            else:
                text = place.text.strip()
                room = sheet.width - hang - len(f"{number}│ ")
                sheet.clipped(
                    *lead, (text if len(text) <= room else without_head(text), "italic"), indent=hang
                )
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
    """One citation with as many numbers as fit, broken only before the member, where it would run over the edge."""
    indent, hang = margins
    numbers = list(dict.fromkeys(str(place.line or place.row) for place in places if place.line or place.row))
    mark = ":" if any(place.line for place in places) else f"#{places[0].table}:" if places[0].table else "#"
    lead: Part = (role.value.ljust(hang - indent), "dim")
    style = sheet.linked("blue", address.path)
    shown = short_name(address)
    room = sheet.width - hang - len(shown)
    tails = [f"{mark}{listed(numbers, most)}" for most in range(min(_NUMBERS, len(numbers)), 0, -1)]
    tail = next((tail for tail in tails if len(tail) <= room), tails[-1] if tails else "")
    if shown != address.path and hang + len(f"{shown}{tail}") > sheet.width:
        sheet.line(lead, (address.path, style), indent=indent)
        sheet.line((f"!{address.member}{tail}", style), indent=hang)
    else:
        sheet.line(lead, (f"{shown}{tail}", style), indent=indent)


def short_name(address: Address) -> str:
    """The address without a member that is called as its archive is, as rotated logs are packed."""
    archive = PurePosixPath(address.path).name
    same = bool(address.member) and archive.startswith(f"{PurePosixPath(address.member).name}.")
    return address.path if same else str(address)


def short_cite(place: Location) -> str:
    """As `Location.cite`, by the short name."""
    return place.cite().replace(str(place.address), short_name(place.address), 1)


def without_head(text: str) -> str:
    """A quoted line without what stands between its time and its message: code paths fill a line before it begins."""
    match = _HEAD.match(text)
    return f"{match['time']} … {match['message']}" if match is not None else text
