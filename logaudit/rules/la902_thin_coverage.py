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

from logaudit.core.finding import Finding, Rule, Severity
from logaudit.rules.base import by_settings, report

RULE = Rule("LA902", "thin-coverage", Severity.WARNING, "the logs cover less than --require-coverage asks")
check = by_settings


def thin(session: str, covered: Decimal, required: Decimal, why: str) -> Finding:
    """The finding of a session of which too little is covered; shares are fractions of one."""
    name = "" if session == "." else f" of {session}"
    return report(
        RULE,
        None,
        f"Only {covered:.1%}{name} is covered ({why}); --require-coverage asks {required:.1%}. What was not "
        "found may lie in the rest.",
        (),
        (session,),
        data={"session": session, "covered": f"{covered:.4f}", "required": f"{required:.4f}"},
        remedy="Pass the missing logs.",
    )
