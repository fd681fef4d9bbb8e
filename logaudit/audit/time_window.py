"""Leaves out findings about times that are not judged; those about no time stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import logaudit.rules
from logaudit.core.finding import Finding, Rule
from logaudit.core.location import Address
from logaudit.core.time_window import TimeWindow
from logaudit.core.timestamp import SECOND
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.time_window import rows_before
from logaudit.rules import la203_malformed_row


def within_window(case: Case, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that lie in the case's window, or at no time at all."""
    sessions = {session.root: session for session in case.sessions}
    rules = {registered.rule.code: registered.rule for registered in logaudit.rules.REGISTRY}
    for finding in findings:
        session = sessions.get(finding.session)
        if (
            case.window.everything
            or session is None
            or _lies_in(case.window, session, finding, rules[finding.rule])
        ):
            yield finding


def not_judged_ledgers(session: Session) -> frozenset[Address]:
    """The ledgers of which nothing lies in the window: findings about them as files are left out."""
    if session.window.everything or session.missing:
        return frozenset()
    return frozenset(
        lc.address for lc in session.ledgers if lc.ledger.rows and not session.judged_rows_of(lc)
    )


def _lies_in(window: TimeWindow, session: Session, finding: Finding, rule: Rule) -> bool:
    first = finding.locations[0] if finding.locations else None
    ledger = next((lc for lc in session.ledgers if first and lc.address == first.address), None)
    shift = (ledger.shift.seconds or 0) * SECOND if ledger else 0
    at, until = finding.at, finding.until
    if at is not None and until is not None:
        start, end = at.us, until.us
        return window.meets(start, end) if rule.overlaps else window.holds(start) and window.holds(end)
    # What concerns a close was chosen by the close's own time already.
    if at is not None and finding.data.get("trade") is None:
        return window.holds(at.us - shift)
    if ledger is None or first is None or not ledger.ledger.rows:
        return True
    if rule is la203_malformed_row.RULE:
        row = rows_before(session, first)
        return row is None or window.holds(ledger.log_time(row))
    return ledger.address not in not_judged_ledgers(session)
