"""JUnit XML in the subset that every reader shares: one suite a session, one case a rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from logaudit.core.finding import Finding
from logaudit.core.policy_result import RulePage
from logaudit.core.report import Report
from logaudit.core.text import plural, printable, quote
from logaudit.core.verdict import Verdict
from logaudit.renderers.locations import cited
from logaudit.renderers.not_judged import not_judged
from logaudit.renderers.sessions_text import session_names
from logaudit.renderers.style import RenderStyle


def render(report: Report, style: RenderStyle) -> str:
    """A case fails when its rule found what fails the job, is skipped where the rule could not be judged.

    Findings that do not fail the job, and those that are known or suppressed, stand in a passing case's
    output. A rule about settings has a case only where it found something. Where nothing was judged a case of its
    own ends in an error.
    """
    rulebook = style.rulebook()
    suites = [*_not_judged(report)]
    suites += [_suite(report, name, rulebook) for name in session_names(report) or ["."]]
    root = ET.Element("testsuites", {"name": "logaudit", **_total(suites)})
    root.extend(suites)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report, session: str, rulebook: Sequence[RulePage]) -> ET.Element:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        if finding.session == session:
            found[finding.rule].append(finding)
    blind = _Blind(report, session)
    # Findings about settings and damaged files may belong to no session that was read.
    sessions = {stream.session for stream in report.coverage} | {ledger.session for ledger in report.ledgers}
    cases = [
        _test_case(report, session, rule, found[rule.code], blind.why(rule))
        for rule in rulebook
        if found[rule.code] or (session in sessions and not rule.about_scan)
    ]
    counts = {name: sum(case.find(name) is not None for case in cases) for name in ("failure", "skipped")}
    suite = ET.Element(
        "testsuite",
        name=printable("logaudit" if session == "." else f"logaudit {session}"),
        tests=str(len(cases)),
        failures=str(counts["failure"]),
        errors="0",
        skipped=str(counts["skipped"]),
        time="0",
    )
    suite.extend(cases)
    return suite


def _not_judged(report: Report) -> Iterator[ET.Element]:
    """A suite with the error that nothing was judged: none but passed and skipped cases would look like success."""
    if (told := not_judged(report)) is None:
        return
    counts = {"tests": "1", "failures": "0", "errors": "1", "skipped": "0", "time": "0"}
    suite = ET.Element("testsuite", {"name": "logaudit verdict", **counts})
    case = ET.SubElement(suite, "testcase", classname="logaudit", name="judged", time="0")
    error = ET.SubElement(case, "error", type=Verdict.NOT_JUDGED.value, message=str(told.problem))
    error.text = str(told.remedy)
    yield suite


class _Blind:
    """What a session lacks, and so which rules could not be judged there."""

    def __init__(self, report: Report, session: str) -> None:
        self._logs = any(stream.session == session for stream in report.coverage)
        self._ledger = any(ledger.session == session for ledger in report.ledgers)
        self._left_out = frozenset(report.review.left_out)

    def why(self, rule: RulePage) -> str:
        """Why a rule could not be judged; empty when it could."""
        if rule.code in self._left_out:
            return "left out by the settings"
        if rule.needs_logs and not self._logs:
            return "no log lies here, so nothing can be claimed"
        if rule.needs_ledger and not self._ledger:
            return "no trades ledger lies here"
        return ""


def _test_case(
    report: Report, session: str, rule: RulePage, found: Sequence[Finding], blind: str
) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=printable("logaudit" if session == "." else f"logaudit.{session}"),
        name=f"{rule.code} {rule.name}",
        time="0",
    )
    limit = report.review.fail_on
    failing = [f for f in found if limit is not None and f.severity.rank <= limit.rank]
    if failing:
        message = printable(quote(str(failing[0].message)))
        more = f" (and {len(failing) - 1:,} more)" if len(failing) > 1 else ""
        failure = ET.SubElement(case, "failure", type=failing[0].severity.value, message=message + more)
        failure.text = _lines(failing)
    elif blind and not found:
        ET.SubElement(case, "skipped", message=blind)
    told = [f for f in found if f not in failing]
    apart = _set_apart(report, session, rule.code)
    if told or apart:
        ET.SubElement(case, "system-out").text = _lines(told) + apart
    return case


def _lines(findings: Sequence[Finding]) -> str:
    return "".join(
        f"{f.severity.value}: {printable(str(f.message))}"
        + (f"\n  {cited(f.locations)}" if f.locations else "")
        + f"\n  fingerprint {f.fingerprint}\n"
        for f in findings
    )


def _set_apart(report: Report, session: str, code: str) -> str:
    review = report.review
    known = sum(f.rule == code and f.session == session for f in review.baselined)
    suppressed = sum(s.finding.rule == code and s.finding.session == session for s in review.suppressed)
    told = [(known, "known to the baseline"), (suppressed, "suppressed")]
    return "".join(f"{plural(count, 'finding')} {what}\n" for count, what in told if count)


def _total(suites: Sequence[ET.Element]) -> dict[str, str]:
    return {
        name: str(sum(int(suite.get(name, "0")) for suite in suites))
        for name in ("tests", "failures", "errors")
    }
