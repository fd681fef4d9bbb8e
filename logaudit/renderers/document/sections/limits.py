"""Coverage and limits: what the logs span, what could not be judged, what was not read, what clocks mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.message import msg
from logaudit.core.report import ClockReport, Report
from logaudit.core.timestamp import SECOND, offset_text, shortest
from logaudit.renderers.document.citations import cites
from logaudit.renderers.document.document import (
    Block,
    Bullets,
    CodeSpan,
    Inline,
    Para,
    Section,
    TextSpan,
)
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.translator import code, join, words
from logaudit.renderers.document.view import View
from logaudit.renderers.wording import span

_INTERVALS: Final = 3


def limits(view: View, appendices: Appendices) -> Section:
    """Always there."""

    def make(name: str) -> Iterator[Block]:
        rows = tuple(_coverage(view, name))
        if rows:
            columns = view.columns("stream", "covers=", "records>", "levels=", "encoding", "layouts=")
            yield appendices.shorten(
                view, view.table(columns, rows, msg("What the logs cover")), session=name
            )
        unjudged = [statement for statement in view.report.unjudged if statement.session in (name, "")]
        if unjudged:
            yield view.para(msg("Not checked:"))
            yield Bullets(tuple((*view.statement(one), *cites(one.locations)) for one in unjudged))
        clocks = [clock for clock in view.report.clocks if clock.session == name]
        if clocks:
            columns = view.columns("clock", "offset", "shift>", "support>", "basis=")
            table = view.table(
                columns,
                tuple(_clock(view, clock) for clock in clocks),
                msg("What is known of the ledgers' clocks"),
            )
            yield appendices.shorten(view, table, session=name)

    return view.section(
        "limits",
        msg("Coverage and limits"),
        (
            view.para(
                msg(
                    "Absence is claimed only where logs cover the time. What follows bounds every "
                    "statement of this report."
                )
            ),
            *view.by_session(make),
            *_skipped(view, appendices),
            *_profiles(view),
        ),
    )


def _coverage(view: View, session: str) -> Iterator[tuple[Inline, ...]]:
    for stream in view.report.coverage:
        if stream.session != session:
            continue
        spans = [words(span(shortest(a.us), shortest(b.us))) for a, b in stream.intervals[:_INTERVALS]]
        rest = len(stream.intervals) - _INTERVALS
        more = words(f" +{rest}") if rest > 0 else ()
        levels = [words(f"{name or '–'} {view.translator.number(count)}") for name, count in stream.levels]
        yield (
            code(stream.stream),
            (*(join(spans, "; ") or words("–")), *more),
            view.number(stream.records),
            join(levels, ", ") or words("–"),
            words(", ".join(stream.encoding) or "–"),
            join([code(name) for name, _ in stream.dialects], ", ") or words("–"),
        )


def _clock(view: View, clock: ClockReport) -> tuple[Inline, ...]:
    if clock.offset is not None:
        offset = words(offset_text(clock.offset))
    elif clock.low is not None and clock.high is not None:
        offset = words(f"{offset_text(clock.low)} … {offset_text(clock.high)}")
    else:
        offset = view.translate(msg("not known"))
    shift = (
        "–" if clock.shift is None else view.translator.duration(clock.shift * SECOND) if clock.shift else "0"
    )
    sign = "-" if clock.shift and clock.shift < 0 else "+" if clock.shift else ""
    return (
        code(clock.subject),
        offset,
        words(sign + shift),
        view.number(clock.support),
        view.translate(clock.basis),
    )


def _skipped(view: View, appendices: Appendices) -> Iterator[Block]:
    skipped = view.report.skipped
    if skipped:
        rows = tuple((code(one.path), view.translate(one.reason)) for one in skipped)
        yield view.sub(msg("Files that were not read"))
        yield appendices.shorten(view, view.table(("path", "why="), rows, msg("Files that were not read")))


def _profiles(view: View) -> Iterator[Block]:
    for choice in view.report.profiles:
        where = (
            view.translate(msg(" in session {session}"), session=code(choice.session)) if view.several else ()
        )
        yield Para(
            (
                *view.translate(msg("Read with profile {name}"), name=CodeSpan(choice.name)),
                *where,
                TextSpan(": "),
                *view.translate(choice.why),
                TextSpan("."),
            )
        )


def errors_logged(report: Report) -> int:
    """Records at level ERROR or above in all streams."""
    return sum(
        count
        for stream in report.coverage
        for name, count in stream.levels
        if name in ("ERROR", "CRITICAL", "FATAL")
    )
