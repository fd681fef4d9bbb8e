"""The one outcome that every format is tried on: every kind of place, hostile text, everything set apart."""

from __future__ import annotations

import report_model
from msgspec.structs import replace
from report_model import EVIL, FORMULA, metadata, told

from logaudit.core.finding import Finding, Severity, fingerprint
from logaudit.core.location import Location, Role
from logaudit.core.policy_result import KnownFinding, PolicyResult, RulePage, Suppressed
from logaudit.core.report import Report
from logaudit.rules import rulebook

#: What a workflow runner would obey.
COMMANDS = "##[stop-commands]x ::error::y\r\n::add-mask::z\n  ::error::w %0A 100%"
PLACES = {
    "a line of a file": Location("logs/bot.log", "", 12, Role.CLOSE, "2026-03-04 06:15:00 | INFO | closed"),
    "a whole file": Location("trades.csv", role=Role.LEDGER),
    "a line of an archive's member": Location("logs/bot.zip", "old/bot.1.log", 7, Role.ACK, "recorded"),
    "a whole member": Location("logs/bot.zip", "old/bot.1.log"),
    "a line behind the last one": Location("trades.csv", "", 9, Role.LEDGER),
    "a very long line": Location("logs/bot.log", "", 13, Role.LOG, "x" * 500),
    "an odd name": Location("логи/a b%20#?:*.log", "C:\\x\\..\\y.log", 1, Role.ERROR, COMMANDS),
    "above the root": Location("../up/./x.log", "", 1),
    "a hostile name": Location(EVIL, EVIL, 3, Role.ROW, EVIL),
}

_PAGE = """LA000 made-up.

# What it finds

Nothing: it is made up
for tests.

# What to do

    logaudit scan

Nothing."""


def canonical() -> Report:
    """A hostile outcome with a finding for every kind of place, and one of each thing set apart."""
    whole = report_model.hostile()
    placed = [
        _finding("LA101", "missing-row", Severity.ERROR, f"Missing, at {kind}.", (place,))
        for kind, place in PLACES.items()
    ]
    twice = _finding("LA203", "malformed-row", Severity.WARNING, "The same twice.", tuple(PLACES.values()))
    findings = (
        *placed,
        _finding("LA901", "stale-logs", Severity.ERROR, "Nowhere at all.", ()),
        _finding("LA102", "silent-recorder", Severity.ERROR, COMMANDS, tuple(PLACES.values())),
        twice,
        twice,
        *whole.findings,
        _finding("LA403", "over-rotation", Severity.NOTE, FORMULA, (PLACES["a whole file"],)),
    )
    known = _finding("LA105", "orphan-row", Severity.WARNING, EVIL, (PLACES["a hostile name"],))
    return replace(
        whole,
        findings=findings,
        review=PolicyResult(
            suppressed=(Suppressed(replace(known, rule="LA206", name="header-drift"), EVIL, EVIL),),
            baseline=EVIL,
            baselined=(known,),
            vanished=(KnownFinding("f" * 16, "LA107", "duplicate-row", Severity.ERROR, EVIL),),
            left_out=("LA404",),
            shown_from=Severity.NOTE,
            hidden=0,
        ),
    )


def _finding(rule: str, name: str, severity: Severity, message: str, places: tuple[Location, ...]) -> Finding:
    return Finding(
        rule,
        name,
        severity,
        told(message),
        places,
        fingerprint(rule, message),
        data={"symbol": FORMULA, "side": "-long", "closed": "+1", "net_pnl": "-2.5"},
        **metadata(rule),
    )


RULEBOOK = rulebook()
#: For snapshots: the rules' own pages may change without changing a format.
FIXED_RULEBOOK = (
    RulePage("LA101", "missing-row", Severity.ERROR, "a close has no row", _PAGE),
    RulePage("LA203", "malformed-row", Severity.WARNING, "a row is torn", _PAGE, needs_logs=False),
    RulePage("LA404", "unparsed-lines", Severity.WARNING, "text fits no format", _PAGE, needs_ledger=False),
    RulePage(
        "LA901",
        "stale-logs",
        Severity.ERROR,
        "too old",
        _PAGE,
        needs_logs=False,
        needs_ledger=False,
        about_scan=True,
    ),
)
