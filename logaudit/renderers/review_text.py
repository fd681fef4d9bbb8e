"""What settings made of the findings, on a terminal sheet: known, gone, suppressed, left out, hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from logaudit.core.finding import Finding
from logaudit.core.report import Report
from logaudit.core.text import plural
from logaudit.renderers.terminal import Sheet
from logaudit.renderers.wording import listed

_SHOWN: Final = 5
_T = TypeVar("_T")


def write_review(sheet: Sheet, report: Report, *, verbose: bool) -> None:
    """One block, of settings that had any effect."""
    review = report.review
    sheet.heading("What the settings set apart")
    limit = None if verbose else _SHOWN
    if review.baseline:
        new = len(report.findings) + review.hidden
        known, gone = len(review.baselined), len(review.vanished)
        sheet.paragraph(
            f"Baseline {review.baseline}: {plural(known, 'finding')} known, {new:,} new, "
            f"{gone:,} no longer observed.",
            indent=2,
        )
        _list(sheet, review.baselined, limit, lambda f: f"known: {_said(f.rule, f.name, str(f.message))}")
        _list(
            sheet, review.vanished, limit, lambda k: f"no longer observed: {_said(k.rule, k.name, k.message)}"
        )
        if gone:
            sheet.paragraph("They are mended, or their logs are no longer at hand.", indent=4)
    for reason, alike in _by_reason(report).items():
        codes = listed(list(dict.fromkeys(finding.rule for finding in alike)), _SHOWN)
        sheet.paragraph(f"{plural(len(alike), 'finding')} suppressed ({codes}): {reason}", indent=2)
        if verbose:
            _list(sheet, alike, None, lambda f: _said(f.rule, f.name, str(f.message)))
    if review.left_out:
        sheet.paragraph(f"Not judged: {', '.join(review.left_out)}.", indent=2)
    if review.hidden:
        sheet.paragraph(
            f"{plural(review.hidden, 'finding')} below {review.shown_from.value} not shown (--min-severity).",
            indent=2,
        )


def _list(sheet: Sheet, items: Iterable[_T], limit: int | None, say: Callable[[_T], str]) -> None:
    """Every item whole where there is no limit, else the first few, one line each."""
    every = list(items)
    for item in every[:limit]:
        if limit is None:
            sheet.paragraph(say(item), indent=4, lead=["• "])
        else:
            sheet.clipped(f"• {say(item)}", indent=4)
    rest = len(every) - len(every[:limit])
    if rest:
        sheet.line((f"… and {rest:,} more", "dim"), indent=4)


def _said(rule: str, name: str, message: str) -> str:
    return f"{rule} {name}: {message}"


def _by_reason(report: Report) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for item in report.review.suppressed:
        found.setdefault(item.reason, []).append(item.finding)
    return found
