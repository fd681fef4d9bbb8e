"""Findings on a terminal sheet: by session and run, errors first, many of one kind folded into one block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.finding import Finding, Severity
from logaudit.core.location import Location
from logaudit.core.message import plain_text
from logaudit.core.money_parts import Amount
from logaudit.core.pnl_words import pnl_label
from logaudit.core.report import Report, RunReport
from logaudit.core.rows import Rows
from logaudit.core.text import plural
from logaudit.renderers.evidence_text import write_cited, write_quoted, write_rest
from logaudit.renderers.sessions_text import session_names
from logaudit.renderers.terminal import Column, Part, Sheet
from logaudit.renderers.wording import amount, constant_of, datum, format_time, pnl_told, span

STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}

#: Evidence lines shown for one finding unless everything is asked for.
_EVIDENCE: Final = {Severity.ERROR: 3, Severity.WARNING: 2, Severity.NOTE: 1}
_TABLE_ROWS: Final = 25
#: Citations of a finding whose lines the group has shown before.
_CITED: Final = 2
_FOLDED_MESSAGES: Final = 3
_INDENT: Final = 2
_BODY: Final = 4

#: Of closes whose rows show other values: a line a value.
_DIFFERENCES: Final = (
    Column("closed", shrink=29),
    Column("symbol", shrink=8),
    Column("field"),
    Column("log", right=True),
    Column("ledger", right=True),
)


class _Group(Struct, frozen=True):
    session: str
    run: RunReport | None
    findings: tuple[Finding, ...]

    @property
    def rank(self) -> int:
        return min(finding.severity.rank for finding in self.findings)


def write_findings(sheet: Sheet, report: Report, *, verbose: bool) -> None:
    """Every finding, in groups; the groups and sessions with the gravest finding come first."""
    groups = _groups(report, verbose=verbose)
    worst: dict[str, int] = {}
    for group in groups:
        worst[group.session] = min(group.rank, worst.get(group.session, group.rank))
    place = {session: number for number, session in enumerate(sorted(worst, key=lambda name: worst[name]))}
    several = len(session_names(report)) > 1
    session = None
    for group in sorted(groups, key=lambda group: (place[group.session], group.rank)):
        if group.session != session and several:
            sheet.heading("Session", (group.session, "bold"))
        session = group.session
        _write_group(sheet, group, verbose=verbose)


def _groups(report: Report, *, verbose: bool) -> list[_Group]:
    runs = {(run.session, run.id): run for run in report.runs}
    order = {key: number for number, key in enumerate(runs)}
    by_key: dict[tuple[str, str], list[Finding]] = {}
    findings: Iterable[Finding] = report.findings
    if isinstance(findings, Rows) and not verbose:
        from logaudit.renderers.many_findings import lightened  # noqa: PLC0415 - few reports have so many

        findings = lightened(findings, whole=_TABLE_ROWS)
    for finding in findings:
        key = (finding.session, finding.run)
        by_key.setdefault(key if key in runs else (finding.session, ""), []).append(finding)
    keys = sorted(by_key, key=lambda key: order.get(key, len(order)))
    return [_Group(key[0], runs.get(key), tuple(by_key[key])) for key in keys]


def _write_group(sheet: Sheet, group: _Group, *, verbose: bool) -> None:
    sheet.blank()
    sheet.paragraph(*_title(group), indent=0)
    kinds: dict[tuple[int, str], list[Finding]] = {}
    for finding in group.findings:
        kinds.setdefault((finding.severity.rank, finding.rule), []).append(finding)
    quoted: set[Location] = set()
    # Stable: within a severity the order of the report stays.
    for key in sorted(kinds, key=lambda kind: kind[0]):
        alike = kinds[key]
        sheet.blank()
        if len(alike) == 1:
            _write_one(sheet, alike[0], quoted, verbose=verbose)
        elif all("symbol" in finding.data and "closed" in finding.data for finding in alike):
            _write_table(sheet, alike, verbose=verbose)
        else:
            _write_many(sheet, alike, verbose=verbose)


def _title(group: _Group) -> list[Part]:
    run = group.run
    if run is None:
        return [("Files and streams", "bold underline")]
    figures = [plural(run.closes, "close"), f"{run.missing:,} missing"]
    if run.ledger:
        figures.append(f"ledger {run.ledger}")
    began = "" if run.started else " (its start is not in the logs)"
    return [(f"Run {span(run.start, run.end)}", "bold underline"), f"{began}  {', '.join(figures)}"]


def _name(finding: Finding) -> list[Part]:
    severity = finding.severity
    return [(severity.value, STYLES[severity]), " ", (finding.rule, "bold"), f" {finding.name}"]


def _write_one(sheet: Sheet, finding: Finding, quoted: set[Location], *, verbose: bool) -> None:
    """One finding; lines that stand in ``quoted``, as the group has shown them, are cited alone."""
    sheet.paragraph(*_name(finding), indent=_INDENT)
    sheet.paragraph(plain_text(finding.message, spaced=True), indent=_BODY)
    limit = len(finding.locations) if verbose else _EVIDENCE[finding.severity]
    lines = {place for place in finding.locations[:limit] if place.text}
    if lines and lines <= quoted and not verbose:
        write_cited(sheet, finding.locations, min(limit, _CITED), indent=_BODY)
    else:
        write_quoted(sheet, finding.locations, limit, indent=_BODY, whole=verbose)
    quoted |= lines
    _write_remedy(sheet, [finding])


def _write_many(sheet: Sheet, alike: Sequence[Finding], *, verbose: bool) -> None:
    sheet.paragraph(*_name(alike[0]), f"  {len(alike):,} times", indent=_INDENT)
    shown = alike if verbose else alike[:_FOLDED_MESSAGES]
    for finding in shown:
        sheet.paragraph(plain_text(finding.message, spaced=True), indent=_BODY, lead=["• "])
        if verbose:
            write_quoted(sheet, finding.locations, len(finding.locations), indent=_BODY + 2, whole=True)
        else:
            write_cited(sheet, finding.locations, 1, indent=_BODY + 2)
    write_rest(sheet, len(alike) - len(shown), _BODY)
    _write_remedy(sheet, alike)


def _write_table(sheet: Sheet, alike: Sequence[Finding], *, verbose: bool) -> None:
    pnl = pnl_told(alike)
    together = f", {pnl_label(pnl)} {amount(pnl)} together" if pnl.nets or pnl.grosses else ""
    sheet.paragraph(*_name(alike[0]), f"  {plural(len(alike), 'close')}{together}", indent=_INDENT)
    shown = alike if verbose else alike[:_TABLE_ROWS]
    constant = {key: constant_of(alike, key) for key in ("state", "emitter")}
    if all("differences" in finding.data for finding in alike):
        sheet.table(_DIFFERENCES, [cells for finding in shown for cells in _differing(finding)], indent=_BODY)
    else:
        sheet.table(_columns(pnl), [_cells(finding, constant, pnl) for finding in shown], indent=_BODY)
    write_rest(sheet, len(alike) - len(shown), _BODY)
    shared = [constant["state"], f"code path {constant['emitter']}" if constant["emitter"] else ""]
    if any(shared):
        sheet.paragraph(", ".join(filter(None, shared)), indent=_BODY, lead=[("every one: ", "dim")])
    if verbose:
        places = list(dict.fromkeys(place for finding in alike for place in finding.locations))
        write_quoted(sheet, places, len(places), indent=_BODY, whole=True)
    else:
        firsts = [finding.locations[0] for finding in alike if finding.locations]
        write_cited(sheet, firsts, 1, indent=_BODY)  # the table has the closes; all places with --verbose
    _write_remedy(sheet, alike)


def _columns(pnl: Amount) -> tuple[Column, ...]:
    return (
        Column("closed", shrink=29),
        Column("symbol", shrink=8),
        Column("side", shrink=5),
        Column("reason", shrink=6, drop=2),
        Column(str(pnl_label(pnl)), right=True),
        Column("state", shrink=8, drop=3),
        Column("code path", shrink=18, drop=1, tail=True),
    )


def _cells(finding: Finding, constant: dict[str, str], pnl: Amount) -> list[Part]:
    """``pnl`` is the sum of the column; an amount of the other kind says so."""
    own = pnl_told([finding])
    money = "" if own.value is None else str(amount(own))
    if money and own.is_gross is not pnl.is_gross:
        money = f"{pnl_label(own)} {money}"
    return [
        format_time(datum(finding, "closed")),
        datum(finding, "symbol"),
        datum(finding, "side"),
        datum(finding, "reason"),
        money or datum(finding, "net_pnl"),
        "" if constant["state"] else datum(finding, "state"),
        "" if constant["emitter"] else datum(finding, "emitter"),
    ]


def _differing(finding: Finding) -> list[list[Part]]:
    differences = finding.data["differences"]
    close = [format_time(datum(finding, "closed")), datum(finding, "symbol")]
    return [
        [*close, *(str(told[key]) for key in ("field", "log", "row"))]
        for told in (differences if isinstance(differences, list) else [])
        if isinstance(told, dict)
    ]


def _write_remedy(sheet: Sheet, alike: Iterable[Finding]) -> None:
    for remedy in dict.fromkeys(
        plain_text(finding.remedy, spaced=True) for finding in alike if finding.remedy
    ):
        sheet.paragraph(remedy, indent=_BODY, lead=[("do: ", "bold")])
