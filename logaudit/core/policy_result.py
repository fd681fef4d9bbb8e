"""What the user's settings made of the findings: suppressed, known before, vanished, left out, hidden."""

from msgspec import Struct

from logaudit.core.finding import Finding, Severity


class Suppressed(Struct, frozen=True):
    """A finding that a suppression in the settings covers.

    Attributes:
        reason: the suppression's own, never empty.
        origin: which suppression, e.g. ``logaudit.toml: suppressions[0]``.
    """

    finding: Finding
    reason: str
    origin: str


class KnownFinding(Struct, frozen=True):
    """A finding as a baseline or an earlier scan remembers it.

    Attributes:
        parts: as `Finding.parts`.
    """

    fingerprint: str
    rule: str
    name: str
    severity: Severity
    message: str
    parts: tuple[str, ...] = ()

    @classmethod
    def of(cls, finding: Finding) -> "KnownFinding":
        """What is remembered of a finding."""
        message = str(finding.message)
        return cls(finding.fingerprint, finding.rule, finding.name, finding.severity, message, finding.parts)


class PolicyResult(Struct, frozen=True):
    """How settings sorted the findings; the report's own ``findings`` are those kept.

    Attributes:
        baseline: what the baseline in use is called, empty without one.
        baselined: findings that the baseline knows: they do not fail a job.
        vanished: what the baseline knows and this scan did not observe.
        left_out: codes of the rules that were not judged, in order.
        shown_from: lowest severity that is shown; hidden: how many kept findings lie below it.
        fail_on: from which severity on a finding fails the job; None for never.
        inconclusive: whether too little was covered, or a rule failed, to call the rest clean.
        exit_code: what the process says.
    """

    suppressed: tuple[Suppressed, ...] = ()
    baseline: str = ""
    baselined: tuple[Finding, ...] = ()
    vanished: tuple[KnownFinding, ...] = ()
    left_out: tuple[str, ...] = ()
    shown_from: Severity = Severity.NOTE
    hidden: int = 0
    fail_on: Severity | None = Severity.ERROR
    inconclusive: bool = False
    exit_code: int = 0


class RulePage(Struct, frozen=True):
    """One rule with its page, for renderers that explain codes.

    Attributes:
        page: the rule's docstring: a title line, then ``# What it finds`` and so on.
        needs_logs, needs_ledger: without these in a session the rule can say nothing about it.
        about_scan: whether it is judged by what the user asked for, not by a session.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    page: str
    needs_logs: bool = True
    needs_ledger: bool = True
    about_scan: bool = False
