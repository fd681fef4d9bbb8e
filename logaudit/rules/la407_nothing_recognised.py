"""LA407 nothing-recognised.

# What it finds

Logs that can be read, in which no line is recognised as a close, though something says that there were closes: a row
of the ledger lies in their time, a position was opened again or is said to be held no more, the recorder or the
exchange spoke of a close, lines hold the symbol of an open position with a closing word or a signed amount, or several
lines hold a market, a closing word and a result. Those lines are quoted, by wording. A position that is merely open
where the logs end is not meant.

# Why it matters

A close that is not recognised cannot be missed: the scan would end without a finding though every row were lost.

# Example

The bot writes `EXIT long BTC-USDT @ 60500.00 pnl=+4.0000`, and no pattern of the profile knows these words.

# What to do

`logaudit learn PATHS -o bot.toml` writes a profile: from rows of the ledger that match lines, or from the wordings
that you choose of those that may tell of a close. Then scan with `--profile bot.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Data, Finding, Needs, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Code, Joiner, Listed, Message, label, msg, plural, sentences
from logaudit.core.text import printable
from logaudit.ingest.close_candidates import CloseCandidate
from logaudit.reconcile.expected_closes import ExpectedCloses
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report
from logaudit.rules.wording import streams

RULE = Rule(
    "LA407",
    "nothing-recognised",
    Severity.WARNING,
    "no close is recognised in the logs though there were some",
    label("rule", "no close is recognised in the logs though there were some"),
    needs=Needs.LOGS,
)

#: Wordings that the sentence names, and places of each kind that the finding cites.
MOST: Final = 5


def check(case: Case) -> Iterator[Finding]:
    """One finding for each session that should show closes and shows none."""
    for session in case.sessions:
        if (expected := case.expected.get(session.root)) is not None:
            yield _nothing(session, expected)


def _nothing(session: Session, expected: ExpectedCloses) -> Finding:
    rows, told, lines = expected.rows, expected.told, expected.lines
    again = [p for p in expected.ended if p.flat is None]
    flat = [p for p in expected.ended if p.flat is not None]
    return report(
        RULE,
        session,
        sentences(
            msg("No close was recognised in {streams}.", streams=streams(session)),
            plural(
                "{n} row of the ledger lies in the time of the logs.",
                "{n} rows of the ledger lie in the time of the logs.",
                len(rows),
            )
            if rows
            else None,
            plural(
                "{n} position was opened again, so it had ended.",
                "{n} positions were opened again, so they had ended.",
                len(again),
            )
            if again
            else None,
            plural(
                "{n} position had ended when a line said that nothing is held.",
                "{n} positions had ended when a line said that nothing is held.",
                len(flat),
            )
            if flat
            else None,
            plural(
                "{n} line of the recorder or the exchange speaks of a close.",
                "{n} lines of the recorder or the exchange speak of a close.",
                len(told),
            )
            if told
            else None,
            _candidates(expected),
        ),
        _places(expected),
        ("no close recognised",),
        data={
            "rows": len(rows),
            "opened_again": len(again),
            "reported_flat": len(flat),
            "told": len(told),
            "candidates": [_candidate(line) for line in lines[:MOST]],
        },
        remedy=msg(
            "Choose the lines that tell of a close: {learn}.", learn=Code("logaudit learn PATHS -o bot.toml")
        ),
    )


def _candidates(expected: ExpectedCloses) -> Message | None:
    """The wordings that may tell of a close, the most frequent first."""
    if not expected.lines:
        return None
    named = tuple(
        plural(
            "{wording} ({n} line)",
            "{wording} ({n} lines)",
            line.count,
            wording=Code(printable(line.template)),
        )
        for line in expected.lines[:MOST]
    )
    return msg("These lines may tell of one: {wordings}.", wordings=Listed(named, Joiner.SEMICOLON))


def _candidate(line: CloseCandidate) -> dict[str, Data]:
    return {"template": printable(line.template), "count": line.count, "symbol": line.symbol}


def _places(expected: ExpectedCloses) -> list[Location]:
    places = [line.place for line in expected.lines[:MOST]]
    places += [row.location for row in expected.rows[:MOST]]
    places += [event.location for event in expected.told[:MOST]]
    for p in expected.ended[:MOST]:
        places += [event.location for event in (p.open, p.flat) if event is not None]
    return places
