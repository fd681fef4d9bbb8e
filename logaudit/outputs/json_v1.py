"""JSON, version 1: the whole outcome for machines, as docs/json.md and its schema describe it."""

from __future__ import annotations

from collections.abc import Iterable

from logaudit.model.finding import Data, Finding
from logaudit.model.location import Address
from logaudit.model.money import plain
from logaudit.model.outcome import (
    ClockReport,
    CoverageReport,
    LedgerReport,
    Outcome,
    RunReport,
    SourceReport,
    Statement,
    Summary,
    TradeReport,
)
from logaudit.model.states import TradeState
from logaudit.outputs.diagnosis_json import diagnosis_data
from logaudit.outputs.jsontext import dumps, known, location
from logaudit.outputs.review_json import review_data

SCHEMA_VERSION = 1


def render(outcome: Outcome) -> str:
    """The outcome as JSON text, byte for byte the same for the same outcome.

    Money is a decimal string with its printed digits; times are ISO 8601 as written; what is not known is
    null. The scanned roots are left out: they are paths of one machine.
    """
    return dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "tool": {"name": "logaudit", "version": outcome.tool_version},
            "profile": ", ".join(dict.fromkeys(choice.name for choice in outcome.profiles)),
            "summary": summary_data(outcome),
            "runs": [_run(run) for run in outcome.runs],
            "ledgers": [_ledger(ledger) for ledger in outcome.ledgers],
            "clocks": [_clock(clock) for clock in outcome.clocks],
            "coverage": [_coverage(stream) for stream in outcome.coverage],
            "healthy": [_statement(statement) for statement in outcome.healthy],
            "trades": [trade_data(trade) for trade in outcome.trades],
            "diagnosis": diagnosis_data(outcome.diagnosis),
            "findings": [finding_data(finding) for finding in outcome.findings],
            "skipped": [{"path": skipped.path, "reason": skipped.reason} for skipped in outcome.skipped],
            "unjudged": [_statement(statement) for statement in outcome.unjudged],
            "sources": [_source(source) for source in outcome.sources],
            "profiles": [
                {"session": choice.session, "name": choice.name, "why": choice.why}
                for choice in outcome.profiles
            ],
            "review": review_data(outcome, finding_data),
        }
    )


def summary_data(outcome: Outcome) -> dict[str, Data]:
    """The totals, with how many findings settings set apart."""
    return {
        **_summary(outcome.summary),
        "baselined": len(outcome.review.baselined),
        "suppressed": len(outcome.review.suppressed),
        "vanished": len(outcome.review.vanished),
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
        "log_net_pnl": plain(summary.log_net_pnl),
        "ledger_net_pnl": plain(summary.ledger_net_pnl),
        "unrecorded_net_pnl": plain(summary.unrecorded_net_pnl),
        "errors": summary.errors,
        "warnings": summary.warnings,
        "notes": summary.notes,
        "duplicates": summary.duplicates,
        "lines": summary.lines,
        "repeated": summary.repeated,
        "recorder_errors": summary.recorder_errors,
        "first_loss": known(summary.first_loss),
        "last_loss": known(summary.last_loss),
    }


def _run(run: RunReport) -> Data:
    return {
        "id": run.id,
        "start": known(run.start),
        "end": known(run.end),
        "ledger": known(run.ledger),
        "closes": run.closes,
        "recorded": run.recorded,
        "missing": run.missing,
        "session": run.session,
        "started": run.started,
        "ready": run.ready,
        "log_net_pnl": plain(run.log_net_pnl),
        "unrecorded_net_pnl": plain(run.unrecorded_net_pnl),
    }


def _ledger(ledger: LedgerReport) -> Data:
    return {
        "path": ledger.path,
        "rows": ledger.rows,
        "status": ledger.status,
        "file_date": known(ledger.file_date),
        "first": known(ledger.first),
        "last": known(ledger.last),
        "clock": _offsets(ledger.clock),
        "session": ledger.session,
        "copies": list(ledger.copies),
        "malformed": ledger.malformed,
        "bytes": ledger.bytes,
        "newline": known(ledger.newline),
    }


def _clock(clock: ClockReport) -> Data:
    return {"session": clock.session, "subject": clock.subject, **_offsets(clock)}


def _offsets(clock: ClockReport) -> dict[str, Data]:
    return {
        "offset": clock.offset,
        "low": clock.low,
        "high": clock.high,
        "basis": clock.basis,
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
        "message": statement.message,
        "locations": [location(place) for place in statement.locations],
        "searched": list(statement.searched),
    }


def trade_data(trade: TradeReport) -> dict[str, Data]:
    """One trade as an object."""
    return {
        "id": trade.id,
        "symbol": trade.symbol,
        "side": known(trade.side),
        "opened": known(trade.opened),
        "closed": known(trade.closed),
        "reason": known(trade.reason),
        "emitter": known(trade.emitter),
        "state": trade.state.value,
        "net_pnl": known(trade.net_pnl),
        "log": location(trade.log),
        "row": location(trade.row),
        "session": trade.session,
        "run": known(trade.run),
        "missing": trade.missing,
        "ambiguous": trade.ambiguous,
        "partial": trade.partial,
        "entry_price": known(trade.entry_price),
        "exit_price": known(trade.exit_price),
        "size": known(trade.size),
        "gross_pnl": known(trade.gross_pnl),
        "ledger_net_pnl": known(trade.ledger_net_pnl),
        "backfill": location(trade.backfill),
        "also": [location(place) for place in trade.also],
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
        "run": known(finding.run),
        "remedy": known(str(finding.remedy)),
        "parts": list(finding.parts),
    }


def _source(source: SourceReport) -> Data:
    return {
        **_address(source.address),
        "session": source.session,
        "kind": source.kind,
        "stream": known(source.stream),
        "sha256": source.sha256,
        "bytes": source.bytes,
        "records": source.records,
        "first": known(source.first),
        "last": known(source.last),
        "copies": _addresses(source.copies),
    }


def _address(address: Address) -> dict[str, Data]:
    return {"path": address.path, "member": known(address.member)}


def _addresses(addresses: Iterable[Address]) -> list[Data]:
    return [_address(address) for address in addresses]
