"""What works, how the logs are collected, and what is known of each ledger."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from logaudit.core.finding import Data, ReportSection
from logaudit.core.location import Role, SourceKind
from logaudit.core.medians import median
from logaudit.core.message import msg
from logaudit.core.report import CoverageReport, LedgerReport, Statement
from logaudit.core.source_report import SourceReport
from logaudit.core.timestamp import shortest
from logaudit.core.trades import LedgerStatus
from logaudit.renderers.document.citations import cell, cites
from logaudit.renderers.document.document import (
    Badge,
    Block,
    Bullets,
    CodeSpan,
    Inline,
    Para,
    Section,
    TextSpan,
    Tone,
)
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.state_labels import LEDGER_STATUSES
from logaudit.renderers.document.translator import code, join, lines, words
from logaudit.renderers.document.view import View

_ALIKE: Final = 6
_EXAMPLES: Final = 3
_LEDGER_TONES: Final = {
    LedgerStatus.OK: Tone.GOOD,
    LedgerStatus.HEADER_ONLY: Tone.BAD,
    LedgerStatus.EMPTY: Tone.BAD,
    LedgerStatus.MALFORMED: Tone.WARN,
}
_TABLES: Final = ("csv-alive", "csv-not-alive")


def works(view: View) -> Section:
    """Always there: a report that lists only faults cannot narrow the cause."""

    def make(name: str) -> Iterator[Block]:
        mine = [statement for statement in view.report.healthy if statement.session == name]
        if mine:
            yield Bullets(tuple(_items(view, mine)))

    blocks = view.by_session(make) or (view.para(msg("Nothing could be shown to work.")),)
    return view.section("works", msg("What works"), blocks)


def _items(view: View, statements: Sequence[Statement]) -> Iterator[Inline]:
    by_code: dict[str, list[Statement]] = {}
    for statement in statements:
        by_code.setdefault(statement.code, []).append(statement)
    for alike in by_code.values():
        for statement in alike[:_ALIKE]:
            yield (Badge(Tone.GOOD, view.text(msg("works"))), TextSpan(" "), *_item(view, statement))
        if len(alike) > _ALIKE:
            yield view.translate(msg("… and {n} more like this"), n=len(alike) - _ALIKE)


def _item(view: View, statement: Statement) -> Inline:
    streams = join([code(name) for name in statement.searched], ", ")
    searched = view.translate(msg(" [searched: {streams}]"), streams=streams) if streams else ()
    return (*view.statement(statement), *searched, *cites(statement.locations))


def collection(view: View) -> Section | None:
    """Where any log was read."""

    def make(name: str) -> Iterator[Block]:
        streams = [stream for stream in view.report.coverage if stream.session == name]
        if not streams:
            return
        rows = tuple(_stream(view, stream) for stream in streams)
        columns = view.columns("stream", "files>", "archives>", "every>", "records>", "first", "last")
        yield view.table(columns, rows, msg("Streams and how they are rotated"))
        rotated = view.findings(ReportSection.COLLECTION, name)
        if not rotated:
            yield view.para(msg("No stream is cut into many small archives."))
        for finding in rotated:
            message, remedy = view.finding(finding)
            yield Para((*message, *cites(finding.locations)))
            if remedy:
                yield Para((*view.translate(msg("**Recommendation:**")), TextSpan(" "), *remedy))
        yield from _examples(view, name, [str(finding.data.get("stream")) for finding in rotated])

    return view.per_session("collection", msg("Log collection"), make)


def _examples(view: View, session: str, names: Sequence[str]) -> Iterator[Block]:
    for name in names:
        found = [s for s in _sources(view, session, name) if s.packed][:_EXAMPLES]
        if found:
            yield view.para(msg("Examples of {stream}:"), stream=CodeSpan(name))
            yield Bullets(tuple(code(source.address.path) for source in found))


def _sources(view: View, session: str, stream: str) -> list[SourceReport]:
    mine = [
        s for s in view.report.sources if (s.session, s.kind, s.stream) == (session, SourceKind.LOG, stream)
    ]
    return sorted(mine, key=lambda source: (source.first.us if source.first else math.inf, source.address))


def _stream(view: View, stream: CoverageReport) -> tuple[Inline, ...]:
    sources = _sources(view, stream.session, stream.stream)
    firsts = [source.first.us for source in sources if source.first is not None]
    steps = [b - a for a, b in pairwise(firsts) if b > a]
    return (
        code(stream.stream),
        view.number(stream.sources),
        view.number(sum(source.packed for source in sources)),
        words(view.translator.duration(round(median(steps))) if len(steps) > 1 else "–"),
        view.number(stream.records),
        view.time(shortest(stream.intervals[0][0].us) if stream.intervals else None),
        view.time(shortest(stream.intervals[-1][1].us) if stream.intervals else None),
    )


def ledgers(view: View, appendices: Appendices) -> Section:
    """Always there: that no ledger is at hand is worth a section too."""

    def make(name: str) -> Iterator[Block]:
        mine = [ledger for ledger in view.report.ledgers if ledger.session == name]
        rows = [_ledger(view, ledger) for ledger in mine]
        rows += [
            _missing_day(view, name, finding.data) for finding in view.findings(ReportSection.LEDGERS, name)
        ]
        if rows:
            names = (
                "ledger",
                "status",
                "file_date",
                "bytes>",
                "rows>",
                "rejected>",
                "first_row→last_row",
                "evidence",
            )
            table = view.table((*names,), tuple(rows), msg("Trades ledgers"))
            yield appendices.shorten(view, table, session=name)
        tables = [
            s
            for s in (*view.report.healthy, *view.report.unjudged)
            if s.code in _TABLES and s.session == name
        ]
        if tables:
            yield view.sub(msg("Other CSV files"))
            yield Bullets(tuple((_alive(view, one), TextSpan(" "), *_item(view, one)) for one in tables))

    blocks = view.by_session(make) or (view.para(msg("No ledger and no other CSV file was found.")),)
    return view.section("ledgers", msg("Ledgers and other CSV files"), blocks)


def _alive(view: View, statement: Statement) -> Badge:
    works_ = statement.code == "csv-alive"
    return Badge(Tone.GOOD if works_ else Tone.WARN, view.text(msg("alive") if works_ else msg("not alive")))


def _ledger(view: View, ledger: LedgerReport) -> tuple[Inline, ...]:
    tone = _LEDGER_TONES[ledger.status]
    source = next((s for s in view.report.sources if str(s.address) == ledger.path), None)
    return (
        code(ledger.path),
        (Badge(tone, view.text(LEDGER_STATUSES[ledger.status])),),
        words(str(ledger.file_date or "–")),
        view.number(ledger.bytes),
        view.number(ledger.rows),
        view.number(ledger.malformed),
        lines(view.time(ledger.first), (TextSpan("→ "), *view.time(ledger.last)))
        if ledger.first
        else words("–"),
        cell(source.address.as_location(Role.LEDGER) if source else None),
    )


def _missing_day(view: View, session: str, data: dict[str, Data]) -> tuple[Inline, ...]:
    """The file that should be there, named like its neighbours."""
    date = str(data.get("date") or "")
    likeness = next(
        (
            x
            for x in view.report.ledgers
            if x.session == session and x.file_date and str(x.file_date) in x.path
        ),
        None,
    )
    name = (
        code(likeness.path.replace(str(likeness.file_date), date))
        if likeness
        else view.translate(msg("ledger of {date}"), date=date)
    )
    dash = words("–")
    missing = (Badge(Tone.BAD, view.text(msg("not observed"))),)
    return (name, missing, words(date), dash, words("0"), dash, dash, dash)
