"""LA203 malformed-row.

# What it finds

A line of a ledger that is torn, too short, too long, or holds text where a time or number belongs. It is quoted
with its line, never dropped. Two things are a warning only: rows that stand on one line because a line end is
missing, which are read all the same, and NUL bytes, which a crash leaves.

# Why it matters

Whatever reads the ledger next either stops at the line or silently leaves it out. Where NUL bytes stand, a row may
have been written that never reached the disk.

# Example

    2025-11-23T10:52:26.681705,DOGE-USDT,short,0.14

# What to do

Restore the line from the log. A torn last line means that the process died while writing, or that the file was
copied while being written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Place, Text, label, msg, plural, sentences
from logaudit.ledger import RejectReason
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import report

RULE = Rule(
    "LA203",
    "malformed-row",
    Severity.ERROR,
    "torn, short, over-long or unparsable ledger line",
    label("rule", "a ledger line that cannot be read"),
    needs=Needs.LEDGER,
)

#: Rows that are quoted of a table none of whose rows can be placed.
_CITED: Final = 3
_REASONS: Final = {
    RejectReason.NO_HEADER: label("ledger line", "no-header"),
    RejectReason.TORN: label("ledger line", "torn"),
    RejectReason.SHORT: label("ledger line", "short"),
    RejectReason.OVER_LONG: label("ledger line", "over-long"),
    RejectReason.GLUED: label("ledger line", "glued"),
    RejectReason.UNCLOSED_QUOTE: label("ledger line", "unclosed-quote"),
    RejectReason.NO_TIME: label("ledger line", "no-time"),
    RejectReason.BAD_TIME: label("ledger line", "bad-time"),
    RejectReason.BAD_NUMBER: label("ledger line", "bad-number"),
    RejectReason.NO_SYMBOL: label("ledger line", "no-symbol"),
}


def check(case: Case) -> Iterator[Finding]:
    """One finding for each rejected line, and for each with NUL bytes."""
    for session in case.sessions:
        for ledger in session.ledgers:
            yield from _nuls(session, ledger)
            if ledger.ledger.unplaced:
                yield _unplaced(session, ledger)
                continue
            for bad in ledger.ledger.rejected:
                glued = bad.reason is RejectReason.GLUED
                line, where = Text(str(bad.location.line)), Place(ledger.address)
                yield report(
                    RULE,
                    session,
                    msg(
                        "Line {line} of {ledger} lacks a line end: {detail}, and were read.",
                        line=line,
                        ledger=where,
                        detail=bad.detail,
                    )
                    if glued
                    else msg(
                        "Line {line} of {ledger} cannot be read ({reason}): {detail}.",
                        line=line,
                        ledger=where,
                        reason=_REASONS[bad.reason],
                        detail=bad.detail,
                    ),
                    [bad.location],
                    (str(ledger.ledger.name_date or ""), bad.reason.value, bad.location.text),
                    # Glued rows were read; a table that was never given a header need not be damaged.
                    severity=None if ledger.ledger.columns and not glued else Severity.WARNING,
                    data={
                        "ledger": ledger.address.path,
                        "line": bad.location.line,
                        "reason": bad.reason.value,
                        "detail": str(bad.detail),
                    },
                )


def _unplaced(session: Session, ledger: ReconciledLedger) -> Finding:
    """One finding for a table that writes no times, or none that can be read: it need not be damaged."""
    rows = ledger.ledger.rejected
    return report(
        RULE,
        session,
        sentences(
            plural(
                "The only row of {ledger} cannot be placed in time: {detail}.",
                "None of the {n} rows of {ledger} can be placed in time: {detail}.",
                len(rows),
                ledger=Place(ledger.address),
                detail=rows[0].detail,
            ),
            msg("Any close may be among them."),
        ),
        [row.location for row in rows[:_CITED]],
        (str(ledger.ledger.name_date or ""), "unplaced"),
        severity=Severity.WARNING,
        data={
            "ledger": ledger.address.path,
            "line": rows[0].location.line,
            "reason": "unplaced",
            "detail": "",
        },
        remedy=msg("Record the time of day with the date, or name the column that holds it in [[ledgers]]."),
    )


def _nuls(session: Session, ledger: ReconciledLedger) -> Iterator[Finding]:
    for place in ledger.ledger.nuls:
        yield report(
            RULE,
            session,
            msg(
                "Line {line} of {ledger} holds NUL bytes, as a crash leaves them: a row may have stood there.",
                line=Text(str(place.line)),
                ledger=Place(ledger.address),
            ),
            [place],
            (str(ledger.ledger.name_date or ""), "nul-bytes", place.text),
            severity=Severity.WARNING,
            data={"ledger": ledger.address.path, "line": place.line, "reason": "nul-bytes", "detail": ""},
        )
