"""Where a finding points for tools that follow findings over time: names that survive rotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote as url_quote

from logaudit.core.finding import Finding
from logaudit.core.location import Address, Location
from logaudit.core.report import Report
from logaudit.core.text import printable

#: Citations in one sentence.
_CITED: Final = 5


class Places:
    """Stable names of a report's sources: all rotated parts of one stream are one ``stream.log``."""

    def __init__(self, report: Report) -> None:
        self._names: dict[Address, str] = {}
        for source in report.sources:
            if source.kind == "log" and source.stream:
                folder = "" if source.session == "." else f"{source.session}/"
                name = f"{folder}{source.stream}.log"
                for address in (source.address, *source.copies):
                    self._names[address] = name
        self._fallback = next(iter(self._names.values()), "logs")

    def stable(self, place: Location) -> str:
        """A relative ``/`` path that stays the same while the file is rotated, zipped or renamed."""
        name = self._names.get(place.address)
        if name is None and place.member:
            name = (PurePosixPath(place.path).parent / PurePosixPath(place.member).name).as_posix()
        return name or place.path or self._fallback

    def of(self, finding: Finding) -> Location:
        """The finding's first place; the whole of some source where it has none."""
        return finding.locations[0] if finding.locations else Location(self._fallback)


def uri(path: str) -> str:
    """A relative URI reference of any path: what is not printable is escaped visibly, then encoded."""
    parts = [part for part in printable(path).split("/") if part not in {"", ".", ".."}]
    return url_quote("/".join(parts) or "logs", safe="/")


def cited(places: Iterable[Location]) -> str:
    """``a.zip!a.log:12, trades.csv:3 and 4 more``, printable; empty for none."""
    cites = list(dict.fromkeys(printable(place.cite()) for place in places))
    rest = len(cites) - _CITED
    return ", ".join(cites[:_CITED]) + (f" and {rest:,} more" if rest > 0 else "")


def numbered(findings: Iterable[Finding]) -> Iterator[tuple[Finding, int]]:
    """Each finding with its number among those of equal fingerprint, from 1."""
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.fingerprint] += 1
        yield finding, seen[finding.fingerprint]
