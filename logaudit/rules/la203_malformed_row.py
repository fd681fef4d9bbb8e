"""LA203 malformed-row.

# What it finds

A line of a ledger that is torn, too short, too long, or holds text where a time or number belongs. It is quoted
with its line, never dropped; five or more lines that follow each other and have the same fault are one finding. Three
things are a warning only: rows that stand on one line because a line end is missing, which are read all the same, NUL
bytes, which a crash leaves, and control characters or bytes that are no text in a line that is read all the same.

# Why it matters

Whatever reads the ledger next either stops at the line or silently leaves it out. Where NUL or other bytes stand
that are no text, a row may have been written that never reached the disk.

# Example

    2025-11-23T10:52:26.681705,DOGE-USDT,short,0.14

# What to do

Restore the line from the log. A torn last line means that the process died while writing, or that the file was
copied while being written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Message, Place, Text, label, msg, plural, sentences
from logaudit.ledger import RejectedRow, RejectReason
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

#: Rows that are quoted of many.
_CITED: Final = 3
#: Lines that follow each other and lack the same have one cause.
_ONE_CAUSE: Final = 5
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
    """One finding for each rejected line, or for many alike in a row, and for each with NUL bytes or noise."""
    for session in case.sessions:
        for ledger in session.ledgers:
            yield from _nuls(session, ledger)
            yield from _noise(session, ledger)
            if ledger.ledger.unplaced:
                yield _unplaced(session, ledger)
                continue
            for rows in _alike(ledger.ledger.rejected):
                if len(rows) >= _ONE_CAUSE:
                    yield _block(session, ledger, rows)
                    continue
                (bad,) = rows
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


def _alike(rejected: Sequence[RejectedRow]) -> Iterator[list[RejectedRow]]:
    """The lines, those together that follow each other and have one cause: a column that is gone from there on."""
    block: list[RejectedRow] = []
    for bad in rejected:
        if block and not _continues(block[-1], bad):
            yield from _parts(block)
            block = []
        block.append(bad)
    yield from _parts(block)


def _parts(block: list[RejectedRow]) -> Iterator[list[RejectedRow]]:
    yield from [block] if len(block) >= _ONE_CAUSE else ([bad] for bad in block)


def _continues(last: RejectedRow, bad: RejectedRow) -> bool:
    follows = bad.location.line == last.location.line + 1 and bad.location.address == last.location.address
    return follows and bad.reason is last.reason and bad.detail == last.detail


def _block(session: Session, ledger: ReconciledLedger, rows: Sequence[RejectedRow]) -> Finding:
    first = rows[0]
    return report(
        RULE,
        session,
        msg(
            "{n} lines of {ledger}, from line {line} to line {last}, cannot be read ({reason}): each has {detail}.",
            n=len(rows),
            ledger=Place(ledger.address),
            line=Text(str(first.location.line)),
            last=Text(str(rows[-1].location.line)),
            reason=_REASONS[first.reason],
            detail=first.detail,
        ),
        [row.location for row in rows[:_CITED]],
        (str(ledger.ledger.name_date or ""), first.reason.value, first.location.text),
        severity=None if ledger.ledger.columns else Severity.WARNING,
        data={
            "ledger": ledger.address.path,
            "line": first.location.line,
            "last_line": rows[-1].location.line,
            "lines": len(rows),
            "reason": first.reason.value,
            "detail": str(first.detail),
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


def _noise(session: Session, ledger: ReconciledLedger) -> Iterator[Finding]:
    """The lines with bytes that are no text which were read all the same."""
    known = {*ledger.ledger.nuls, *(rejected.location for rejected in ledger.ledger.rejected)}
    for place in ledger.ledger.noisy:
        if place not in known:
            text = msg(
                "Line {line} of {ledger} holds bytes that are no text, as damage leaves them: another row may have "
                "stood there.",
                line=Text(str(place.line)),
                ledger=Place(ledger.address),
            )
            yield _of_bytes(session, ledger, place, text, "noise")


def _nuls(session: Session, ledger: ReconciledLedger) -> Iterator[Finding]:
    for place in ledger.ledger.nuls:
        text = msg(
            "Line {line} of {ledger} holds NUL bytes, as a crash leaves them: a row may have stood there.",
            line=Text(str(place.line)),
            ledger=Place(ledger.address),
        )
        yield _of_bytes(session, ledger, place, text, "nul-bytes")


def _of_bytes(
    session: Session, ledger: ReconciledLedger, place: Location, text: Message, reason: str
) -> Finding:
    """What bytes in a line say that no writer of text writes."""
    return report(
        RULE,
        session,
        text,
        [place],
        (str(ledger.ledger.name_date or ""), reason, place.text),
        severity=Severity.WARNING,
        data={"ledger": ledger.address.path, "line": place.line, "reason": reason, "detail": ""},
    )
