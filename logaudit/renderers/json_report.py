"""JSON, version 2: the whole report for machines, as docs/json.md and its schema describe it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from logaudit.core.finding import Data, Finding
from logaudit.core.location import Address
from logaudit.core.money_parts import Amount, MoneyParts
from logaudit.core.report import (
    ClockReport,
    CoverageReport,
    LedgerReport,
    RepeatReport,
    Report,
    RunReport,
    SourceReport,
    Statement,
    Summary,
    TradeReport,
)
from logaudit.core.trades import TradeState
from logaudit.core.verdict import verdict_of
from logaudit.renderers.diagnosis_json import diagnosis_data
from logaudit.renderers.json_text import digits, dumps, location, null_if_empty
from logaudit.renderers.review_json import review_data
from logaudit.renderers.style import PLAIN, RenderStyle

SCHEMA_VERSION = 2


def render(report: Report, _style: RenderStyle = PLAIN) -> str:
    """The outcome as JSON text, byte for byte the same for the same outcome.

    Money is a decimal string with its printed digits; times are ISO 8601 as written; what is not known is
    null. The scanned roots are left out: they are paths of one machine.
    """
    return dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "logaudit", "version": report.tool_version},
            "profile": ", ".join(dict.fromkeys(choice.name for choice in report.profiles)),
            "summary": summary_data(report),
            "runs": [_run(run) for run in report.runs],
            "ledgers": [_ledger(ledger) for ledger in report.ledgers],
            "clocks": [_clock(clock) for clock in report.clocks],
            "coverage": [_coverage(stream) for stream in report.coverage],
            "healthy": [_statement(statement) for statement in report.healthy],
            "trades": [trade_data(trade) for trade in report.trades],
            "diagnosis": diagnosis_data(report.diagnosis),
            "findings": [finding_data(finding) for finding in report.findings],
            "skipped": [{"path": skipped.path, "reason": str(skipped.reason)} for skipped in report.skipped],
            "verdict": verdict_of(report).value,
            "unjudged": [_statement(statement) for statement in report.unjudged],
            "sources": [_source(source) for source in report.sources],
            "profiles": [
                {"session": choice.session, "name": choice.name, "why": str(choice.why)}
                for choice in report.profiles
            ],
            "review": review_data(report, finding_data),
            "repeats": [_repeat(repeat) for repeat in report.repeats],
        }
    )


def summary_data(report: Report) -> dict[str, Data]:
    """The totals, with how many findings settings set apart."""
    return {
        **_summary(report.summary),
        "baselined": len(report.review.baselined),
        "suppressed": len(report.review.suppressed),
        "vanished": len(report.review.vanished),
    }


def _summary(summary: Summary) -> dict[str, Data]:
    return {
        "sources": summary.sources,
        "archives": summary.archives,
        "records": summary.records,
        "closes": summary.closes,
        "recorded": summary.recorded,
        "missing": summary.missing,
        "backfilled": summary.backfilled,
        "unverifiable": summary.unverifiable,
        "ledger_rows": summary.ledger_rows,
        "orphan_rows": summary.orphan_rows,
        "states": {state.value: summary.states[state] for state in TradeState if state in summary.states},
        "log_net_pnl": digits(summary.log_net_pnl),
        "ledger_net_pnl": digits(summary.ledger_net_pnl),
        "unrecorded_net_pnl": digits(summary.unrecorded_net_pnl),
        "errors": summary.errors,
        "warnings": summary.warnings,
        "notes": summary.notes,
        "duplicates": summary.duplicates,
        "lines": summary.lines,
        "repeated": summary.repeated,
        "repeats": summary.repeats,
        "recorder_errors": summary.recorder_errors,
        "first_loss": null_if_empty(summary.first_loss),
        "last_loss": null_if_empty(summary.last_loss),
        "lost": summary.lost,
        "money": _sides(summary.money, lambda amount: digits(amount.value)),
        "known_money": _sides(summary.money, lambda amount: digits(amount.known_sum)),
        "gross_only": _sides(summary.money, lambda amount: amount.grosses),
    }


def _sides(money: MoneyParts, show: Callable[[Amount], Data]) -> Data:
    """Every part of both sides as ``show`` gives it."""
    return {
        "log": {name: show(amount) for name, amount in money.log.parts()},
        "ledger": {name: show(amount) for name, amount in money.ledger.parts()},
    }


def _run(run: RunReport) -> Data:
    return {
        "id": run.id,
        "start": null_if_empty(run.start),
        "end": null_if_empty(run.end),
        "ledger": null_if_empty(run.ledger),
        "closes": run.closes,
        "recorded": run.recorded,
        "missing": run.missing,
        "session": run.session,
        "started": run.started,
        "ready": run.ready,
        "log_net_pnl": digits(run.money.closes.value),
        "unrecorded_net_pnl": digits(run.money.lost.value),
        "backfilled": run.backfilled,
    }


def _ledger(ledger: LedgerReport) -> Data:
    return {
        "path": ledger.path,
        "rows": ledger.rows,
        "status": ledger.status,
        "file_date": null_if_empty(ledger.file_date),
        "first": null_if_empty(ledger.first),
        "last": null_if_empty(ledger.last),
        "clock": _offsets(ledger.clock),
        "session": ledger.session,
        "copies": list(ledger.copies),
        "malformed": ledger.malformed,
        "bytes": ledger.bytes,
        "newline": null_if_empty(ledger.newline),
        "comparable": ledger.comparable,
    }


def _clock(clock: ClockReport) -> Data:
    return {"session": clock.session, "subject": clock.subject, **_offsets(clock)}


def _offsets(clock: ClockReport) -> dict[str, Data]:
    return {
        "offset": clock.offset,
        "low": clock.low,
        "high": clock.high,
        "basis": str(clock.basis),
        "shift": clock.shift,
        "support": clock.support,
    }


def _coverage(stream: CoverageReport) -> Data:
    return {
        "session": stream.session,
        "stream": stream.stream,
        "sources": stream.sources,
        "records": stream.records,
        "intervals": [{"start": start, "end": end} for start, end in stream.intervals],
        "encoding": list(stream.encoding),
        "dialects": [{"name": name, "records": records} for name, records in stream.dialects],
        "levels": [{"name": name, "records": records} for name, records in stream.levels],
    }


def _statement(statement: Statement) -> Data:
    return {
        "code": statement.code,
        "session": statement.session,
        "message": str(statement.message),
        "locations": [location(place) for place in statement.locations],
        "searched": list(statement.searched),
    }


def trade_data(trade: TradeReport) -> dict[str, Data]:
    """One trade as an object."""
    return {
        "id": trade.id,
        "symbol": trade.symbol,
        "side": null_if_empty(trade.side),
        "opened": null_if_empty(trade.opened),
        "closed": null_if_empty(trade.closed),
        "reason": null_if_empty(trade.reason),
        "emitter": null_if_empty(trade.emitter),
        "state": trade.state.value,
        "net_pnl": null_if_empty(trade.net_pnl),
        "log": location(trade.log),
        "row": location(trade.row),
        "session": trade.session,
        "run": null_if_empty(trade.run),
        "missing": trade.missing,
        "ambiguous": trade.ambiguous,
        "partial": trade.partial,
        "entry_price": null_if_empty(trade.entry_price),
        "exit_price": null_if_empty(trade.exit_price),
        "size": null_if_empty(trade.size),
        "gross_pnl": null_if_empty(trade.gross_pnl),
        "ledger_net_pnl": null_if_empty(trade.ledger_net_pnl),
        "backfill": location(trade.backfill),
        "also": [location(place) for place in trade.also],
    }


def _repeat(repeat: RepeatReport) -> Data:
    return {
        "trade": repeat.trade,
        "at": repeat.at,
        "symbol": repeat.symbol,
        "side": null_if_empty(repeat.side),
        "emitter": null_if_empty(repeat.emitter),
        "exit_price": null_if_empty(repeat.exit_price),
        "net_pnl": null_if_empty(repeat.net_pnl),
        "session": repeat.session,
        "log": location(repeat.log),
    }


def finding_data(finding: Finding) -> dict[str, Data]:
    """One finding as an object."""
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": str(finding.message),
        "fingerprint": finding.fingerprint,
        "locations": [location(place) for place in finding.locations],
        "data": finding.data,
        "session": finding.session,
        "run": null_if_empty(finding.run),
        "remedy": None if finding.remedy is None else str(finding.remedy),
        "parts": list(finding.parts),
    }


def _source(source: SourceReport) -> Data:
    return {
        **_address(source.address),
        "session": source.session,
        "kind": source.kind,
        "stream": null_if_empty(source.stream),
        "sha256": source.sha256,
        "bytes": source.bytes,
        "records": source.records,
        "first": null_if_empty(source.first),
        "last": null_if_empty(source.last),
        "copies": _addresses(source.copies),
    }


def _address(address: Address) -> dict[str, Data]:
    return {"path": address.path, "member": null_if_empty(address.member)}


def _addresses(addresses: Iterable[Address]) -> list[Data]:
    return [_address(address) for address in addresses]
