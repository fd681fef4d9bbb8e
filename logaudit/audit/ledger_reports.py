"""What the report says of each ledger, and of its clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container

from logaudit.core.location import Address
from logaudit.core.message import Code, Message, msg
from logaudit.core.report import ClockReport, LedgerReport
from logaudit.core.trades import LedgerStatus
from logaudit.ledger import Convention
from logaudit.ledger.number_style import Decimals
from logaudit.reconcile.clocks import fixed_offset
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger


def ledger_report(
    session: Session, ledger: ReconciledLedger, clock: ClockReport, unlike: Container[Address]
) -> LedgerReport:
    """One ledger: its file, its rows, and what was decided of it; ``unlike``: those whose PnL cannot be compared."""
    rows = sorted(ledger.ledger.rows, key=lambda r: r.at.us)
    opened = max(ledger.opened, key=lambda e: e.at.us, default=None)
    return LedgerReport(
        path=str(ledger.address),
        session=session.root,
        copies=tuple(str(a) for a in session.evidence.copies.get(ledger.address, ())),
        rows=len(rows),
        malformed=len(ledger.ledger.rejected),
        status=_status(ledger),
        file_date=ledger.ledger.name_date,
        first=rows[0].at if rows else None,
        last=rows[-1].at if rows else None,
        bytes=ledger.extract.size,
        newline=ledger.extract.newline,
        clock=clock,
        opened=opened.at if opened else None,
        opened_log=opened.locations[0] if opened else None,
        comparable=ledger.address not in unlike,
        set_aside=dict(sorted(Counter(aside.reason for aside in ledger.ledger.aside).items())),
        written=_written(ledger.ledger.convention),
    )


def _written(convention: Convention) -> dict[str, str]:
    """What was decided of how a ledger is written; nothing where its numbers and dates leave no choice."""
    commas = [name for name, sign in convention.decimals.items() if sign is Decimals.COMMA]
    found = {"decimal_comma": ", ".join(commas), "zone_words": ", ".join(convention.zone_words)}
    if convention.order is not None:
        found |= {"date_order": convention.order.value, "date_order_by": convention.order_basis}
    elif convention.order_open:
        found["date_order"] = "open"
    return {name: value for name, value in found.items() if value}


def _status(ledger: ReconciledLedger) -> LedgerStatus:
    """As parsed, but one damaged line already makes a file malformed."""
    return LedgerStatus.MALFORMED if ledger.ledger.rejected else ledger.ledger.status


def clock_report(case: Case, session: Session, ledger: ReconciledLedger, *, utc: bool) -> ClockReport:
    """What a ledger's naive times mean: as its rows state it, as its name or the user does, or nothing.

    Args:
        utc: whether the recorder is known to name files in UTC.
    """
    stated = {r.at.offset for r in ledger.ledger.rows if r.at.offset is not None}
    moved = (ledger.shift.seconds or 0) if ledger.shift.is_zone else 0
    offset = fixed_offset(case.zone, _begun(session, ledger)) + moved if case.zone else None
    bounds = _named_bounds(ledger, utc=utc)
    basis = ledger.shift.basis
    if stated:
        offset, basis = (stated.pop() if len(stated) == 1 else None), msg("the rows state their offset")
    elif bounds is not None and ledger.naming is not None and ledger.naming.other_day:
        basis = msg("the file's date at the moment it was opened")
    elif case.zone:
        basis = Message("{flag}", (("flag", Code(f"--tz {case.zone}")),))
    return ClockReport(
        session=session.root,
        subject=str(ledger.address),
        offset=offset,
        low=None if bounds is None else bounds[0] + moved,
        high=None if bounds is None else bounds[1] + moved,
        basis=basis,
        shift=None if ledger.shift.changes or session.evidence.restated else ledger.shift.seconds,
        support=ledger.shift.support,
    )


def _begun(session: Session, ledger: ReconciledLedger) -> int:
    """A moment of the ledger's time on the log's clock, for which a zone has one offset."""
    if ledger.openings:
        return ledger.openings[0]
    span = session.evidence.span
    return next((ledger.log_time(r) for r in ledger.own_rows), span.start if span is not None else 0)


def _named_bounds(ledger: ReconciledLedger, *, utc: bool) -> tuple[int, int] | None:
    """The offsets of the log's clock that explain the file's name, where the recorder names files in UTC."""
    naming = ledger.naming
    return (naming.low, naming.high) if utc and naming is not None and naming.possible else None


def names_in_utc(session: Session) -> bool:
    """Whether the recorder is known to name files in UTC.

    A name that is the local date too fits either clock: it says something only beside one that is not.
    """
    named = (ledger.naming for ledger in session.ledgers)
    return any(naming is not None and naming.other_day and naming.possible for naming in named)
