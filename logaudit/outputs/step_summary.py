"""The page of a CI job's step summary: short Markdown that says what happened and which lines prove it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.model.finding import Finding, Severity
from logaudit.model.outcome import Outcome
from logaudit.outputs.headline import headline
from logaudit.outputs.report.mdtext import fence, plain, span
from logaudit.outputs.words import counted

#: GitHub drops a summary above 1,024 KiB whole.
LIMIT: Final = 900 * 1024
_FINDINGS: Final = 50
_PLACES: Final = 5
_KNOWN: Final = 20
_SIGNS: Final = {Severity.ERROR: "🔴 error", Severity.WARNING: "🟡 warning", Severity.NOTE: "🔵 note"}


def render(outcome: Outcome, room: int = LIMIT) -> str:
    """The page, at most ``room`` bytes of UTF-8: blocks that do not fit are left out, and that is said."""
    cut = "\nThe rest does not fit here.\n"
    used = len(cut.encode())
    kept: list[str] = []
    for block in _blocks(outcome):
        used += len(block.encode("utf-8", "replace")) + 1
        if used > room:
            return "\n".join([*kept, cut]) if kept else ""
        kept.append(block)
    return "\n".join(kept) + "\n"


def failure(problem: str, remedy: str) -> str:
    """The page of a scan that could judge nothing."""
    return f"## logaudit: NOTHING TO JUDGE\n\n{plain(problem)}\n\n{plain(remedy)}\n"


def _blocks(outcome: Outcome) -> Iterator[str]:
    head = headline(outcome)
    yield f"## logaudit: {head.verdict.value}\n\n{plain(head.sentence)}\n"
    if head.facts:
        yield "".join(f"- **{name}**: {plain(fact)}\n" for name, fact in head.facts)
    yield from _table(outcome)
    shown = sorted(outcome.findings, key=lambda finding: finding.severity.rank)
    for finding in shown[:_FINDINGS]:
        yield _finding(finding)
    if len(shown) > _FINDINGS:
        yield f"… and {len(shown) - _FINDINGS:,} findings more.\n"
    yield from _apart(outcome)
    unjudged = "".join(f"- {plain(statement.message)}\n" for statement in outcome.unjudged[:_KNOWN])
    if unjudged:
        yield f"### What could not be judged\n\n{unjudged}"


def _table(outcome: Outcome) -> Iterator[str]:
    summary = outcome.summary
    if not outcome.findings:
        yield "No finding to show.\n" if not outcome.review.hidden else ""
        return
    counts: dict[tuple[int, str], list[Finding]] = {}
    for finding in outcome.findings:
        counts.setdefault((finding.severity.rank, finding.rule), []).append(finding)
    rows = [
        f"| {_SIGNS[alike[0].severity]} | {alike[0].rule} {plain(alike[0].name)} | {len(alike):,} |"
        for _, alike in sorted(counts.items(), key=lambda item: item[0])
    ]
    total = counted(summary.errors, summary.warnings, summary.notes)
    yield "\n".join(
        [f"### Findings: {total}", "", "| severity | rule | count |", "| --- | --- | ---: |", *rows, ""]
    )


def _finding(finding: Finding) -> str:
    lines = [
        f"<details><summary>{finding.severity.value} {finding.rule} {plain(finding.name)}</summary>",
        "",
        plain(str(finding.message)),
        "",
    ]
    for place in finding.locations[:_PLACES]:
        lines.append(f"- {place.role.value} {span(place.cite(), in_table=False)}")
        if place.text:
            lines += [f"  {line}" for line in fence([place.text], "text").split("\n")]
    if len(finding.locations) > _PLACES:
        lines.append(f"- … and {len(finding.locations) - _PLACES:,} places more")
    if finding.remedy:
        lines += ["", f"Do: {plain(str(finding.remedy))}"]
    return "\n".join(
        [*lines, "", f"Fingerprint {span(finding.fingerprint, in_table=False)}", "", "</details>", ""]
    )


def _apart(outcome: Outcome) -> Iterator[str]:
    review = outcome.review
    if review.baselined:
        yield _details(
            f"{len(review.baselined):,} known to the baseline", [_line(f) for f in review.baselined]
        )
    if review.vanished:
        lines = [f"- {known.rule} {plain(known.name)}: {plain(known.message)}" for known in review.vanished]
        yield _details(f"{len(review.vanished):,} no longer observed", lines)
    if review.suppressed:
        lines = [f"{_line(item.finding)} Reason: {plain(item.reason)}" for item in review.suppressed]
        yield _details(f"{len(review.suppressed):,} suppressed", lines)


def _line(finding: Finding) -> str:
    return f"- {finding.rule} {plain(finding.name)}: {plain(str(finding.message))}"


def _details(title: str, lines: Sequence[str]) -> str:
    rest = [f"- … and {len(lines) - _KNOWN:,} more"] if len(lines) > _KNOWN else []
    return "\n".join(
        [f"<details><summary>{title}</summary>", "", *lines[:_KNOWN], *rest, "", "</details>", ""]
    )
