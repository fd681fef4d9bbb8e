"""GitHub workflow commands: annotations, and text that the runner cannot take for commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from logaudit.core.finding import Finding, Severity
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.report import Report
from logaudit.core.text import plural, printable
from logaudit.renderers.headline import headline
from logaudit.renderers.locations import Places, cited
from logaudit.renderers.not_judged import not_judged
from logaudit.renderers.style import PLAIN, RenderStyle

_COMMAND: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
#: Annotations of one type that a step shows.
_SHOWN: Final = 10
_LENGTH: Final = 4096
#: The runner obeys the first anywhere in a line, the second where a line begins with it.
_ANYWHERE: Final = lazy_pattern(r"##(?=\w*\[)")
_LEADING: Final = lazy_pattern(r"(?m)^(\s*)::")


def render(report: Report, _style: RenderStyle = PLAIN) -> str:
    """At most ten findings of each severity; the tenth stands for all that are left. Not judged is said first."""
    places = Places(report)
    lines: list[str] = []
    if told := not_judged(report):
        lines.append(f"::error title=logaudit::{_data(str(told))}")
    for severity, command in _COMMAND.items():
        alike = [finding for finding in report.findings if finding.severity is severity]
        whole = len(alike) <= _SHOWN
        lines += [
            _annotation(command, finding, places) for finding in (alike if whole else alike[: _SHOWN - 1])
        ]
        if not whole:
            lines.append(_rest(command, alike[_SHOWN - 1 :]))
    if not lines:
        lines.append(f"::notice title=logaudit::{_data(_calm(report))}")
    return "".join(line + "\n" for line in lines)


def harmless(text: str) -> str:
    r"""Text for a step's log: ``##[`` becomes ``##\[`` and a leading ``::`` becomes ``\::``."""
    return _LEADING.sub(r"\1\\::", _ANYWHERE.sub(r"##\\", text))


def _annotation(command: str, finding: Finding, places: Places) -> str:
    place = places.of(finding)
    properties = {
        "file": places.stable(place) if place.member else place.path,
        "line": str(max(place.line, 1)),
        "title": f"{finding.rule} {finding.name}",
    }
    evidence = f"\n{cited(finding.locations)}" if finding.locations else ""
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {said}::{_data(printable(str(finding.message)), evidence)}"


def _rest(command: str, findings: Sequence[Finding]) -> str:
    codes = ", ".join(dict.fromkeys(finding.rule for finding in findings))
    said = f"{plural(len(findings), 'more finding')} of this severity: {codes}."
    return f"::{command} title=logaudit::{_data(said)}"


def _calm(report: Report) -> str:
    review = report.review
    apart = f" {len(review.baselined):,} known, {len(review.suppressed):,} suppressed."
    return printable(str(headline(report).sentence)) + (
        apart if review.baselined or review.suppressed else ""
    )


def _data(text: str, evidence: str = "") -> str:
    """A command's message, cut to what is shown; the evidence stays where it fits."""
    room = _LENGTH - len(evidence) if len(evidence) < _LENGTH // 2 else _LENGTH
    evidence = evidence if room < _LENGTH else ""
    cut = text if len(text) <= room else text[: room - 1] + "…"
    return _escape(harmless(cut + evidence)[:_LENGTH])


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escape(harmless(printable(text))).replace(":", "%3A").replace(",", "%2C")
