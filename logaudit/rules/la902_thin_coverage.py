"""LA902 thin-coverage.

# What it finds

The logs at hand cover less of a session's time, or of its trades, than `--require-coverage` asks. It is
judged only when `--require-coverage` is given.

# Why it matters

Absence is claimed only where there is coverage. Where half of the night is missing, "nothing was lost" says
little: the scan is inconclusive and exits 3, unless it found something that fails the job anyway.

# Example

    logaudit scan logs/ --require-coverage 0.95

where a rotated archive of four hours is not at hand, or rows of the ledger lie outside the logs.

# What to do

Pass the missing logs, or limit what is asked with `--since`; a bot that is silent for hours by design needs
a lower share.
"""

from __future__ import annotations

from decimal import Decimal

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Message, Param, Text, label, msg
from logaudit.rules.base import by_settings, report

RULE = Rule(
    "LA902",
    "thin-coverage",
    Severity.WARNING,
    "the logs cover less than --require-coverage asks",
    label("rule", "the logs cover too little"),
    needs=Needs.NOTHING,
)
check = by_settings


def thin(session: str, covered: Decimal, required: Decimal, why: Message) -> Finding:
    """The finding of a session of which too little is covered; shares are fractions of one."""
    given: dict[str, Param] = {
        "share": Text(f"{covered:.1%}"),
        "why": why,
        "required": Text(f"{required:.1%}"),
    }
    return report(
        RULE,
        None,
        msg(
            "Only {share} is covered ({why}); --require-coverage asks {required}. What was not found may lie in the "
            "rest.",
            **given,
        )
        if session == "."
        else msg(
            "Only {share} of {session} is covered ({why}); --require-coverage asks {required}. What was not found may "
            "lie in the rest.",
            session=Code(session),
            **given,
        ),
        (),
        (session,),
        data={"session": session, "covered": f"{covered:.4f}", "required": f"{required:.4f}"},
        remedy=msg("Pass the missing logs."),
    )
