"""One table row a session, for scans that met several bots or several copies of one."""

from __future__ import annotations

from typing import Final

from logaudit.core.finding import Severity
from logaudit.core.money_parts import Amount, together
from logaudit.core.pnl_words import pnl_label
from logaudit.core.report import Report
from logaudit.renderers.terminal import Column, Part, Sheet
from logaudit.renderers.wording import amount

#: Up to so many sessions are all shown; of more, only those with a loss or an error.
_ROWS: Final = 15


def session_names(report: Report) -> list[str]:
    """Every session of the report, in its order."""
    parts = (report.profiles, report.runs, report.ledgers, report.findings)
    return list(dict.fromkeys(item.session for part in parts for item in part))


def write_sessions(sheet: Sheet, report: Report, *, verbose: bool) -> None:
    """The table, where there is more than one session."""
    names = session_names(report)
    if len(names) <= 1:
        return
    shown = names
    if len(names) > _ROWS and not verbose:
        troubled = {finding.session for finding in report.findings if finding.severity is Severity.ERROR}
        troubled |= {run.session for run in report.runs if run.missing}
        shown = [name for name in names if name in troubled]
    sheet.blank()
    sheet.table(_columns(report.summary.money.log.closes), [_row(report, name) for name in shown], indent=2)
    if len(shown) < len(names):
        rest = len(names) - len(shown)
        sheet.line((f"… and {rest:,} sessions without loss or error", "dim"), indent=2)


def _columns(pnl: Amount) -> tuple[Column, ...]:
    return (
        Column("session", shrink=16),
        Column("closes", right=True, drop=1),
        Column("recorded", right=True, drop=2),
        Column("missing", right=True),
        Column(f"unrecorded {pnl_label(pnl)}", right=True),
        Column("errors", right=True),
        Column("warnings", right=True, drop=3),
    )


def _row(report: Report, name: str) -> list[Part]:
    runs = [run for run in report.runs if run.session == name]
    missing, restored = sum(run.missing for run in runs), sum(run.backfilled for run in runs)
    severities = [finding.severity for finding in report.findings if finding.session == name]
    errors = severities.count(Severity.ERROR)
    return [
        name,
        f"{sum(run.closes for run in runs):,}",
        f"{sum(run.recorded for run in runs):,}",
        (f"{missing:,}", "bold red" if missing else ""),
        str(amount(together(run.money.lost for run in runs))) if missing > restored else "",
        (f"{errors:,}", "bold red" if errors else ""),
        f"{severities.count(Severity.WARNING):,}",
    ]
