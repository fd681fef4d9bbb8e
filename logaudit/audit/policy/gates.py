"""The gates of a job: how old the newest log line is, how much is covered, and the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from logaudit.audit.policy.codes import STALE
from logaudit.audit.policy.coverage import coverage
from logaudit.audit.policy.policy import Policy
from logaudit.core.errors import ExitCode
from logaudit.core.finding import Finding
from logaudit.core.location import Location, SourceKind
from logaudit.core.message import Message, Text, msg
from logaudit.core.money import product, quotient
from logaudit.core.not_judged import Reason
from logaudit.core.report import Report
from logaudit.core.source_report import SourceReport
from logaudit.core.timestamp import Stamp, offset_text

_THOUSAND = Decimal(1000)
#: How far ahead a log's clock may be of the machine's: a naive time from the other end of the world.
_AHEAD = timedelta(hours=26)
#: … and one whose zone is known: two clocks that nobody sets.
_APART = timedelta(hours=1)


def age_gate(report: Report, policy: Policy) -> Iterator[Finding]:
    """A finding when the newest log line is older than allowed; none where nothing at all was read."""
    if policy.max_age is None or (report.not_judged and report.not_judged.reason is Reason.NOTHING_READ):
        return
    from logaudit.rules.la901_stale_logs import stale  # noqa: PLC0415 - see `logaudit.audit.policy.codes`

    dated = [(_aware(s.last, policy), s) for s in report.sources if s.kind is SourceKind.LOG and s.last]
    if not dated:
        yield stale(None, None, policy.max_age, None, ())
        return
    past = [item for item in dated if item[0][0] <= policy.now + _ahead(item[1].last, policy)]
    (at, basis), source = max(past or dated, key=lambda item: (item[0][0], item[1].address))
    age = policy.now - at
    if age > policy.max_age or not past:
        yield stale(source.last, age, policy.max_age, basis, [_place(source)])


def _ahead(written: Stamp | None, policy: Policy) -> timedelta:
    known = policy.stated or (
        written is not None and datetime.fromisoformat(written.iso()).tzinfo is not None
    )
    return _APART if known else _AHEAD


def coverage_gate(report: Report, policy: Policy) -> Iterator[Finding]:
    """A finding for each session that is covered too little."""
    if policy.covered > 0:
        from logaudit.rules.la902_thin_coverage import thin  # noqa: PLC0415 - as above

        for session, share, why in coverage(report):
            if share < policy.covered:
                yield thin(session, _short(share), policy.covered, why)


def exit_code(report: Report, *, zero: bool) -> ExitCode:
    """What the process says: findings before not judged before clean.

    Args:
        report: as `apply` returned it, nothing hidden from it.
        zero: whether findings shall not count; a scan that could not judge is never a success.
    """
    limit = report.review.fail_on
    failed = any(
        f.rule == STALE or (limit is not None and f.severity.rank <= limit.rank) for f in report.findings
    )
    if failed and not zero:
        return ExitCode.FINDINGS
    return ExitCode.CLEAN if report.not_judged is None else ExitCode.NOT_JUDGED


def _aware(written: Stamp, policy: Policy) -> tuple[datetime, Message]:
    """A log's time as a moment, and what it was taken to mean."""
    at = datetime.fromisoformat(written.iso())
    if at.tzinfo is not None:
        return at, msg("as the log states")
    at = at.replace(tzinfo=policy.local(at))
    offset = at.utcoffset()
    seconds = round(offset.total_seconds()) if offset is not None else 0
    return at, msg("taken as {zone}, UTC{offset}", zone=policy.zone, offset=Text(offset_text(seconds)))


def _place(source: SourceReport) -> Location:
    return source.address.as_location()


def _short(share: Decimal) -> Decimal:
    """Rounded down, so that 94.96 % never reads as the 95 % that were asked."""
    return quotient(int(product(share, _THOUSAND)), _THOUSAND)
