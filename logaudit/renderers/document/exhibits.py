"""Numbers everything a report cites, and says for each piece where it lies, when it was and what its hash is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Address, Location, Role
from logaudit.core.report import Report
from logaudit.core.source_report import SourceReport
from logaudit.renderers.document.charts.drawing import Bar, Lanes
from logaudit.renderers.document.document import (
    Annex,
    Block,
    Bullets,
    Callout,
    Cite,
    Document,
    Figure,
    Inline,
    Para,
    Quote,
    Sub,
    Table,
)
from logaudit.renderers.document.utc_times import Utc
from logaudit.renderers.wording import format_time

_STAMP: Final = lazy_pattern(
    r"\d{4}[-/.]\d\d[-/.]\d\d[ T]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?(?![\d:])"
)
#: A record's stamp stands near its beginning; a time further on is part of the message.
_NEAR: Final = 40


class Exhibit(Struct, frozen=True):
    """One entry of the register.

    Attributes:
        number: ``E`` number, counted by source and line.
        roles: what it was cited for.
        through: its last line; 0 where the whole source is meant.
        sha256: of its file as it lies on disk; empty where it was not taken.
        written: its time as written, empty when its lines show none.
        utc: that time in UTC, an interval, or empty when not known.
    """

    number: int
    place: Location
    through: int
    roles: tuple[Role, ...]
    sha256: str
    written: str
    utc: str

    @property
    def label(self) -> str:
        """``E12``."""
        return f"E{self.number}"

    @property
    def lines(self) -> str:
        """``121–126``, ``121``, or nothing for a whole source."""
        first = self.place.line
        if not first:
            return ""
        return str(first) if self.through <= first else f"{first}–{self.through}"


class ExhibitIndex(Struct, frozen=True):
    """The register of one report."""

    exhibits: tuple[Exhibit, ...]
    by_place: dict[tuple[Address, int], Exhibit]

    def label(self, place: Location) -> str:
        """``E12`` for a cited place."""
        return self.by_place[place.address, place.line].label

    def number(self, place: Location | None) -> int | None:
        """The number of a place, None where it is not cited."""
        found = self.by_place.get((place.address, place.line)) if place else None
        return found.number if found else None


def collect(document: Document, report: Report) -> ExhibitIndex:
    """Everything the document cites, by source and line."""
    found: dict[tuple[Address, int], list[Cite]] = {}
    for cite in _cited(document):
        found.setdefault((cite.place.address, cite.place.line), []).append(cite)
    sources = {source.address: source for source in report.sources}
    hashes = {file.path: file.sha256 for file in report.files}
    utc = Utc(report)
    known = _known_times(report)
    exhibits = []
    for number, key in enumerate(sorted(found), 1):
        alike = found[key]
        place = max(
            (cite.place for cite in alike), key=lambda place: (bool(place.text), place.byte, place.role)
        )
        source = sources.get(key[0])
        ends = [end for end in (source.first, source.last) if end] if source and not place.line else []
        times = [end.spaced() for end in ends] or [
            time for time in (_written(place) or known.get(key, ""),) if time
        ]
        session = _session(source, report)
        exhibits.append(
            Exhibit(
                number=number,
                place=place,
                through=max(cite.through for cite in alike),
                roles=_roles(alike),
                sha256=hashes.get(place.path, ""),
                written=" – ".join(map(format_time, times)),
                utc=" – ".join(filter(None, (utc.format(time, session) for time in times))),
            )
        )
    return ExhibitIndex(tuple(exhibits), {(e.place.address, e.place.line): e for e in exhibits})


def _roles(alike: Iterable[Cite]) -> tuple[Role, ...]:
    """What it proves, by name; merely being a log line is said only where nothing else is."""
    roles = sorted({cite.place.role for cite in alike})
    telling = [role for role in roles if role not in (Role.LOG, Role.LEDGER)]
    return tuple(telling or roles)


def _written(place: Location) -> str:
    match = _STAMP.search(place.text, 0, _NEAR + 40)
    return match[0] if match and match.start() <= _NEAR else ""


def _known_times(report: Report) -> dict[tuple[Address, int], str]:
    """Times of lines whose text shows none that can be read without the bot's format."""
    known: dict[tuple[Address, int], str] = {}
    for position in report.positions:
        for place, time in ((position.open_log, position.opened), (position.close_log, position.closed)):
            if place is not None and time is not None:
                known[place.address, place.line] = time.spaced()
    for trade in report.trades:
        if trade.log is not None:
            known[trade.log.address, trade.log.line] = trade.closed.spaced()
    return known


def _session(source: SourceReport | None, report: Report) -> str:
    if source is not None:
        return source.session
    return report.profiles[0].session if len(report.profiles) == 1 else ""


def _cited(document: Document) -> Iterator[Cite]:
    for block in document.lead:
        yield from _of_block(block)
    for section in document.sections:
        for block in section.blocks:
            yield from _of_block(block)


def _of_block(block: Block) -> Iterator[Cite]:
    for inline in _inlines(block):
        yield from (span for span in inline if isinstance(span, Cite))
    if isinstance(block, Figure) and isinstance(block.drawing, Lanes):
        bars: Iterator[Bar] = (bar for lane in block.drawing.lanes for bar in lane.bars)
        yield from (Cite(bar.place, bar.place.line) for bar in bars if bar.place is not None)


def _inlines(block: Block) -> Iterator[Inline]:
    match block:
        case Para() | Sub():
            yield block.inline
        case Bullets():
            yield from block.items
        case Table():
            for row in block.rows:
                yield from row
        case Quote():
            yield block.lead
        case Callout() | Annex():
            for inner in block.blocks:
                yield from _inlines(inner)
        case Figure():
            yield from _inlines(block.table)
        case _:
            return
