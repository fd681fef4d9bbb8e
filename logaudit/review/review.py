"""Outcome and policy → outcome reviewed: who is kept, suppressed, known, gone, and whether the job may pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec.structs import replace

from logaudit.model.finding import Finding, Severity
from logaudit.model.outcome import Outcome
from logaudit.model.review import Review
from logaudit.review.baseline import split
from logaudit.review.codes import all_codes
from logaudit.review.gates import age_gate, coverage_gate
from logaudit.review.policy import Policy
from logaudit.review.suppress import suppress


def review(outcome: Outcome, policy: Policy) -> Outcome:
    """The outcome with its findings sorted; its ``findings`` and their counts are those kept.

    First the rules chosen, then suppressions, then the baseline; gates are judged last, and nothing
    suppresses them. Nothing is dropped: `Outcome.review` holds what is not kept.
    """
    chosen = [f for f in outcome.findings if policy.judges(f.rule)]
    kept, suppressed, about = suppress(chosen, policy.suppressions, policy.now.date())
    baseline = policy.baseline
    known = [k for k in baseline.findings if policy.judges(k.rule)] if baseline else []
    new, baselined, vanished = split(kept, known)
    apart = {s.finding.fingerprint for s in suppressed}
    coverage = list(coverage_gate(outcome, policy))
    about = [f for f in about if policy.judges(f.rule)]
    return replace(
        _with(outcome, [*new, *about, *age_gate(outcome, policy), *coverage]),
        review=Review(
            suppressed=tuple(suppressed),
            baseline=baseline.name if baseline else "",
            baselined=tuple(baselined),
            vanished=tuple(k for k in vanished if k.fingerprint not in apart),
            left_out=_left_out(policy),
            shown_from=policy.shown_from,
            fail_on=policy.fail_on,
            inconclusive=bool(coverage),
        ),
    )


def visible(outcome: Outcome) -> Outcome:
    """What is shown of a reviewed outcome: findings below the wanted severity are only counted."""
    lowest = outcome.review.shown_from.rank
    shown = tuple(f for f in outcome.findings if f.severity.rank <= lowest)
    hidden = len(outcome.findings) - len(shown)
    return replace(outcome, findings=shown, review=replace(outcome.review, hidden=hidden))


def _left_out(policy: Policy) -> tuple[str, ...]:
    return () if policy.codes is None else tuple(code for code in all_codes() if not policy.judges(code))


def _with(outcome: Outcome, findings: Sequence[Finding]) -> Outcome:
    counts = Counter(f.severity for f in findings)
    summary = replace(
        outcome.summary,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.NOTE],
    )
    return replace(outcome, findings=tuple(findings), summary=summary)
