"""The page of a CI job's step summary: short Markdown that says what happened and which lines prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.finding import Finding, Severity
from logaudit.core.message import plain_text, sentences
from logaudit.core.report import Report
from logaudit.renderers.document.markdown_text import escape_text, fence, span
from logaudit.renderers.first_screen import first_screen
from logaudit.renderers.wording import finding_counts

#: GitHub drops a summary above 1,024 KiB whole.
LIMIT: Final = 900 * 1024
_FINDINGS: Final = 50
_PLACES: Final = 5
_KNOWN: Final = 20
_SIGNS: Final = {Severity.ERROR: "🔴 error", Severity.WARNING: "🟡 warning", Severity.NOTE: "🔵 note"}


def render(report: Report, room: int = LIMIT) -> str:
    """The page, at most ``room`` bytes of UTF-8: blocks that do not fit are left out, and that is said."""
    cut = "\nThe rest does not fit here.\n"
    used = len(cut.encode())
    kept: list[str] = []
    for block in _blocks(report):
        used += len(block.encode("utf-8", "replace")) + 1
        if used > room:
            return "\n".join([*kept, cut]) if kept else ""
        kept.append(block)
    return "\n".join(kept) + "\n"


def _blocks(report: Report) -> Iterator[str]:
    head = first_screen(report)
    yield f"## logaudit: {head.heading.value}\n\n{escape_text(str(head.sentence))}\n"
    if head.facts:
        names = dict.fromkeys(name for name, _ in head.facts)
        told = {name: sentences(*(fact for own, fact in head.facts if own == name)) for name in names}
        yield "".join(
            f"- **{name}**: {escape_text(plain_text(fact, spaced=True))}\n" for name, fact in told.items()
        )
    yield from _table(report)
    shown = sorted(report.findings, key=lambda finding: finding.severity.rank)
    for finding in shown[:_FINDINGS]:
        yield _finding(finding)
    if len(shown) > _FINDINGS:
        yield f"… and {len(shown) - _FINDINGS:,} findings more.\n"
    yield from _set_apart(report)
    unjudged = "".join(f"- {escape_text(str(statement.message))}\n" for statement in report.unjudged[:_KNOWN])
    if unjudged:
        yield f"### Not checked\n\n{unjudged}"


def _table(report: Report) -> Iterator[str]:
    summary = report.summary
    if not report.findings:
        yield "No finding to show.\n" if not report.review.hidden else ""
        return
    counts: dict[tuple[int, str], list[Finding]] = {}
    for finding in report.findings:
        counts.setdefault((finding.severity.rank, finding.rule), []).append(finding)
    rows = [
        f"| {_SIGNS[alike[0].severity]} | {alike[0].rule} {escape_text(alike[0].name)} | {len(alike):,} |"
        for _, alike in sorted(counts.items(), key=lambda item: item[0])
    ]
    total = str(finding_counts(summary))
    yield "\n".join(
        [f"### Findings: {total}", "", "| severity | rule | count |", "| --- | --- | ---: |", *rows, ""]
    )


def _finding(finding: Finding) -> str:
    lines = [
        f"<details><summary>{finding.severity.value} {finding.rule} {escape_text(finding.name)}</summary>",
        "",
        escape_text(str(finding.message)),
        "",
    ]
    for place in finding.locations[:_PLACES]:
        lines.append(f"- {place.role.value} {span(place.cite(), in_table=False)}")
        if place.text:
            lines += [f"  {line}" for line in fence([place.text], "text").split("\n")]
    if len(finding.locations) > _PLACES:
        lines.append(f"- … and {len(finding.locations) - _PLACES:,} places more")
    if finding.remedy:
        lines += ["", f"Do: {escape_text(str(finding.remedy))}"]
    return "\n".join(
        [*lines, "", f"Fingerprint {span(finding.fingerprint, in_table=False)}", "", "</details>", ""]
    )


def _set_apart(report: Report) -> Iterator[str]:
    review = report.review
    if review.baselined:
        yield _details(
            f"{len(review.baselined):,} known to the baseline", [_line(f) for f in review.baselined]
        )
    if review.vanished:
        lines = [
            f"- {known.rule} {escape_text(known.name)}: {escape_text(known.message)}"
            for known in review.vanished
        ]
        yield _details(f"{len(review.vanished):,} no longer observed", lines)
    if review.suppressed:
        lines = [f"{_line(item.finding)} Reason: {escape_text(item.reason)}" for item in review.suppressed]
        yield _details(f"{len(review.suppressed):,} suppressed", lines)


def _line(finding: Finding) -> str:
    return f"- {finding.rule} {escape_text(finding.name)}: {escape_text(str(finding.message))}"


def _details(title: str, lines: Sequence[str]) -> str:
    rest = [f"- … and {len(lines) - _KNOWN:,} more"] if len(lines) > _KNOWN else []
    return "\n".join(
        [f"<details><summary>{title}</summary>", "", *lines[:_KNOWN], *rest, "", "</details>", ""]
    )
