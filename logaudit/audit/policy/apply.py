"""Report and policy → report reviewed: who is kept, suppressed, known, gone, and whether the job may pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from logaudit.audit.policy.baseline import split
from logaudit.audit.policy.codes import FAILED, all_codes
from logaudit.audit.policy.gates import age_gate, coverage_gate, exit_code
from logaudit.audit.policy.policy import Policy
from logaudit.audit.policy.suppressions import suppress
from logaudit.core.finding import Finding, Severity
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.policy_result import PolicyResult
from logaudit.core.report import Report
from logaudit.core.rows import all_packed, joined_rows, rows_where


def apply_policy(report: Report, policy: Policy) -> Report:
    """The report with its findings sorted; its ``findings`` and their counts are those kept.

    First the rules chosen, then suppressions, then the baseline; gates are judged last, and nothing
    suppresses them. Nothing is dropped: `Report.review` holds what is not kept.
    """
    chosen = report.findings
    if policy.codes is not None:
        chosen = rows_where(chosen, lambda finding: policy.judges(_about(finding)))
    kept, suppressed, about = suppress(chosen, policy.suppressions, policy.now.date())
    baseline = policy.baseline
    known = [k for k in baseline.findings if policy.judges(k.rule)] if baseline else []
    new, baselined, vanished = split(kept, known)
    apart = {s.finding.fingerprint for s in suppressed}
    coverage = list(coverage_gate(report, policy))
    about = [f for f in about if policy.judges(f.rule)]
    failed = sum(f.rule == FAILED for f in new)
    judged = replace(
        _with(report, new, [*about, *age_gate(report, policy), *coverage]),
        not_judged=report.not_judged or _not_judged(thin=bool(coverage), failed=failed),
        review=PolicyResult(
            suppressed=tuple(suppressed),
            baseline=baseline.name if baseline else "",
            baselined=tuple(baselined),
            vanished=tuple(k for k in vanished if k.fingerprint not in apart),
            left_out=_left_out(policy),
            shown_from=policy.shown_from,
            fail_on=policy.fail_on,
            inconclusive=bool(coverage or failed),
        ),
    )
    code = exit_code(judged, zero=policy.zero)
    return replace(judged, review=replace(judged.review, exit_code=int(code)))


def _not_judged(*, thin: bool, failed: int) -> NotJudged | None:
    """What the settings and the rules themselves leave unverified."""
    if thin:
        return NotJudged(Reason.THIN_COVERAGE)
    return NotJudged(Reason.RULE_FAILED, failed) if failed else None


def _about(finding: Finding) -> str:
    """The rule whose choice decides over a finding: of a rule that failed, that rule."""
    return str(finding.data["stopped"]) if finding.rule == FAILED else finding.rule


def visible(report: Report) -> Report:
    """What is shown of a reviewed report: findings below the wanted severity are only counted."""
    lowest = report.review.shown_from.rank
    shown = rows_where(report.findings, lambda finding: finding.severity.rank <= lowest)
    hidden = len(report.findings) - len(shown)
    return replace(report, findings=shown, review=replace(report.review, hidden=hidden))


def _left_out(policy: Policy) -> tuple[str, ...]:
    return () if policy.codes is None else tuple(code for code in all_codes() if not policy.judges(code))


def _with(report: Report, kept: Sequence[Finding], more: Sequence[Finding]) -> Report:
    findings = joined_rows(all_packed((kept, tuple(more)), Finding))
    counts = Counter(f.severity for f in findings)
    summary = replace(
        report.summary,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.NOTE],
    )
    return replace(report, findings=findings, summary=summary)
