"""The report a tired operator reads on a terminal: verdict, findings, what works, what was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from logaudit.core.message import (
    Code,
    Message,
    msg,
    plain_text,
)
from logaudit.core.pnl_words import pnl_label
from logaudit.core.report import Report, Statement
from logaudit.core.text import plural
from logaudit.renderers.evidence_text import short_cite
from logaudit.renderers.findings_text import write_findings
from logaudit.renderers.first_screen import details, first_screen, next_steps
from logaudit.renderers.headline import Heading
from logaudit.renderers.no_trades import write_no_trades
from logaudit.renderers.sessions_text import write_sessions
from logaudit.renderers.style import PLAIN, RenderStyle
from logaudit.renderers.terminal import Column, Part, Sheet
from logaudit.renderers.wording import amount, finding_counts, listed, span

_HEADING_STYLES: Final = {
    Heading.KNOWN: "bold",
    Heading.LOST: "bold red",
    Heading.RESTORED: "bold red",
    Heading.FAULTY: "bold red",
    Heading.NOT_JUDGED: "bold yellow",
    Heading.NO_CLOSES: "bold",
    Heading.DOUBTFUL: "bold yellow",
    Heading.CLEAR: "bold green",
}
_ALIKE: Final = 2
_NEXT: Final = "next"


def render(report: Report, style: RenderStyle = PLAIN) -> str:
    """The report as text, lines ended by newlines; text from logs in it is escaped here.

    Citations may run over the width, so that they can be copied. Verbose shows all evidence, all statements and the
    coverage by stream.
    """
    verbose = style.verbose
    sheet = Sheet(width=style.width, color=style.color, unicode=style.unicode, link=style.link)
    _write_headline(sheet, report, style.paths)
    write_sessions(sheet, report, verbose=verbose)
    if report.findings:
        summary = report.summary
        sheet.heading("Findings", str(finding_counts(summary)))
        write_findings(sheet, report, verbose=verbose)
    write_no_trades(sheet, report, verbose=verbose)
    review = report.review
    if review.baseline or review.suppressed or review.left_out or review.hidden:
        from logaudit.renderers.review_text import write_review  # noqa: PLC0415 - few scans are given such settings

        write_review(sheet, report, verbose=verbose)
    if told := details(report):
        sheet.heading("Diagnosis")
        _write_facts(sheet, told, max(len(name) for name, _ in told) + 2)
    _write_statements(sheet, "What works", "✓", "green", report.healthy, verbose=verbose)
    skipped = [
        Statement(
            f"skipped:{s.reason}",
            "",
            msg("{path} was not read: {reason}", path=Code(s.path), reason=s.reason),
        )
        for s in report.skipped
    ]
    unjudged = [*report.unjudged, *skipped]
    _write_statements(sheet, "Not checked", "?", "yellow", unjudged, verbose=verbose)
    _write_reading(sheet, report, verbose=verbose)
    return sheet.render()


def summary_line(report: Report) -> str:
    """One line for stderr: counts, money and findings; holds no text from logs."""
    summary = report.summary
    missing = f"{summary.missing:,} missing"
    if summary.missing:
        lost = summary.money.log.lost
        restored = f"{summary.backfilled:,} restored later, " if summary.backfilled else ""
        missing += f" ({restored}unrecorded {pnl_label(lost)} {amount(lost)})"
    parts = [plural(summary.closes, "close"), f"{summary.recorded:,} recorded", missing]
    if summary.repeats:
        parts.insert(1, plural(summary.repeats, "repeat"))
    if summary.unverifiable:
        parts.append(f"{summary.unverifiable:,} unverifiable")
    review = report.review
    apart = [(len(review.baselined), "known"), (len(review.suppressed), "suppressed")]
    tail = "".join(f", {count:,} {what}" for count, what in apart if count)
    return f"logaudit: {', '.join(parts)}; {finding_counts(summary)}{tail}"


def _write_headline(sheet: Sheet, report: Report, paths: str) -> None:
    head = first_screen(report)
    lead: list[Part] = [(head.heading.value, _HEADING_STYLES[head.heading]), "  "]
    sheet.paragraph((str(head.sentence), "bold"), lead=lead)
    sheet.blank()
    steps = next_steps(report, head.heading, paths)
    column = max([len(name) for name, _ in head.facts] + [len(_NEXT) * bool(steps)]) + 2
    _write_facts(sheet, head.facts, column)
    _write_steps(sheet, steps, column + 2)


def _write_steps(sheet: Sheet, steps: Sequence[tuple[str, Message]], indent: int) -> None:
    """Commands, which are never broken, and behind them or below what they do."""
    wide = max((len(command) for command, _ in steps), default=0)
    fits = all(indent + wide + 2 + len(str(does)) <= sheet.width for _, does in steps)
    for number, (command, does) in enumerate(steps):
        lead: Part = (f"  {_NEXT}".ljust(indent) if not number else " " * indent, "dim")
        if fits:
            sheet.line(lead, (command.ljust(wide), "bold"), f"  {does}")
        else:
            sheet.line(lead, (command, "bold"))
            sheet.paragraph(str(does), indent=indent + 2)


def _write_facts(sheet: Sheet, facts: Sequence[tuple[str, Message]], label: int) -> None:
    """Labelled facts, the label in a column of this width."""
    previous = ""
    for name, fact in facts:
        told = plain_text(fact, spaced=True)
        sheet.paragraph(told, indent=2, lead=[((name if name != previous else "").ljust(label), "dim")])
        previous = name


def _write_statements(
    sheet: Sheet, title: str, mark: str, style: str, statements: Sequence[Statement], *, verbose: bool
) -> None:
    if not statements:
        return
    sheet.heading(title)
    alike: dict[str, dict[str, list[Statement]]] = {}
    for statement in statements:
        alike.setdefault(statement.code, {}).setdefault(
            plain_text(statement.message, spaced=True), []
        ).append(statement)
    for by_message in alike.values():
        shown = list(by_message.items())[: None if verbose else _ALIKE]
        for message, same in shown:
            sheet.paragraph(*_statement(message, same, statements), indent=2, lead=[(f"{mark} ", style)])
        if len(shown) < len(by_message):
            rest = len(by_message) - len(shown)
            sheet.line((f"… and {rest:,} more like this", "dim"), indent=4)


def _statement(message: str, same: Sequence[Statement], all_: Sequence[Statement]) -> list[Part]:
    sessions = list(dict.fromkeys(statement.session for statement in same if statement.session))
    several = len({statement.session for statement in all_ if statement.session}) > 1
    proof = [short_cite(place) for statement in same for place in statement.locations]
    searched = list(dict.fromkeys(name for statement in same for name in statement.searched))
    notes = []
    if several and sessions:
        notes.append(sessions[0] if len(sessions) == 1 else f"{len(sessions):,} sessions")
    if searched and not all(name in message for name in searched):
        notes.append(f"searched {listed(searched, 4)}")
    if proof:
        notes.append(listed(proof, 1))
    return [message, (f"  [{'; '.join(notes)}]" if notes else "", "dim")]


def _write_reading(sheet: Sheet, report: Report, *, verbose: bool) -> None:
    summary = report.summary
    intervals = [interval for stream in report.coverage for interval in stream.intervals]
    covered = "no log time"
    if intervals:
        first = min((start for start, _ in intervals), key=lambda at: at.us)
        covered = span(first, max((end for _, end in intervals), key=lambda at: at.us))
    copies = f", {plural(summary.duplicates, 'copy', 'copies')} left out" if summary.duplicates else ""
    profiles = listed(list(dict.fromkeys(choice.name for choice in report.profiles)), 3) or "none"
    sheet.heading("What was read")
    sheet.paragraph(
        f"{plural(summary.sources, 'source')} ({plural(summary.archives, 'archive')}{copies}), "
        f"{plural(summary.records, 'record')}, {plural(summary.ledger_rows, 'ledger row')}; {covered}; "
        f"profile {profiles}; logaudit {report.tool_version}.",
        indent=2,
    )
    limits = [f"from {report.since.spaced()} on"] if report.since else []
    limits += [f"before {report.until.spaced()}"] if report.until else []
    if limits:
        sheet.paragraph(f"Judged: closes and rows {' and '.join(limits)}; all else is context.", indent=2)
    if verbose:
        _write_coverage(sheet, report)
    if report.findings:
        more = "" if verbose else " All evidence: --verbose."
        hint = f"Explain a code: logaudit rule {report.findings[0].rule}.{more}"
        sheet.paragraph((hint, "dim"), indent=2)


def _write_coverage(sheet: Sheet, report: Report) -> None:
    for choice in report.profiles:
        sheet.paragraph(
            f"{choice.session}: {choice.why}", indent=2, lead=[(f"profile {choice.name}  ", "dim")]
        )
    columns = (Column("stream", shrink=12), Column("sources", right=True), Column("records", right=True))
    rows = [
        [
            stream.stream if stream.session == "." else f"{stream.session}/{stream.stream}",
            str(stream.sources),
            f"{stream.records:,}",
            listed([span(*interval) for interval in stream.intervals], 3),
            listed(stream.encoding, 2),
            listed([name for name, _ in stream.dialects], 3),
        ]
        for stream in report.coverage
    ]
    more = (Column("covers", shrink=23), Column("encoding", drop=1), Column("dialects", shrink=8, drop=2))
    sheet.table((*columns, *more), rows, indent=2)
