"""Words of the report by the value that they stand for: columns, severities, states, sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.finding import Severity
from logaudit.core.message import Message, Money, label, msg, plural
from logaudit.core.money_parts import Amount
from logaudit.core.report import Summary
from logaudit.core.trades import TradeState

#: Titles of columns by the name under which sections ask for them.
COLUMNS: Final[Mapping[str, Message]] = {
    "what": label("column", "What"),
    "value": label("column", "Value"),
    "by": label("column", "By"),
    "session": label("column", "Session"),
    "verdict": label("column", "Verdict"),
    "closes": label("column", "Closes"),
    "recorded": label("column", "Recorded"),
    "missing": label("column", "Missing"),
    "unrecorded": label("column", "Net PnL not recorded"),
    "errors": label("column", "Errors"),
    "as_it_was": label("column", "As it was (log)"),
    "as_ledger": label("column", "As the ledger shows"),
    "net_pnl": label("column", "Net PnL"),
    "gross_pnl": label("column", "Gross PnL"),
    "after_close": label("column", "After the close of"),
    "log_sum": label("column", "Log"),
    "ledger_sum": label("column", "Ledger"),
    "difference": label("column", "Difference"),
    "closed": label("column", "Closed"),
    "opened": label("column", "Opened"),
    "symbol": label("column", "Symbol"),
    "side": label("column", "Side"),
    "reason": label("column", "Reason"),
    "entry": label("column", "Entry"),
    "exit": label("column", "Exit"),
    "state": label("column", "State"),
    "emitter": label("column", "Code path"),
    "evidence": label("column", "Evidence"),
    "number": label("column", "No."),
    "finding": label("column", "Finding"),
    "time": label("column", "Time"),
    "what_happened": label("column", "What happened"),
    "fate": label("column", "Outcome"),
    "net_log": label("column", "Net, log"),
    "net_row": label("column", "Net, row"),
    "close": label("column", "Close"),
    "ack": label("column", "Acknowledged"),
    "row": label("column", "Row"),
    "stage": label("column", "Stage"),
    "what_happens": label("column", "What happens"),
    "why": label("column", "Why"),
    "place": label("column", "Place"),
    "delay": label("column", "Delay"),
    "template": label("column", "Message"),
    "in_recorded": label("column of steps", "Recorded"),
    "in_missing": label("column of steps", "Lost"),
    "seen": label("column", "Seen with"),
    "condition": label("column", "Condition"),
    "recall": label("column", "Recall"),
    "precision": label("column", "Precision"),
    "p_value": label("column", "p"),
    "rank": label("column", "No."),
    "hypothesis": label("column", "Hypothesis"),
    "likelihood": label("column", "Likelihood"),
    "predictions": label("column", "Predictions"),
    "predicts": label("column", "Predicts"),
    "found": label("column", "Found"),
    "stream": label("column", "Stream"),
    "files": label("column", "Files"),
    "archives": label("column", "Archives"),
    "every": label("column", "One every (median)"),
    "records": label("column", "Records"),
    "first": label("column", "First record"),
    "last": label("column", "Last record"),
    "ledger": label("column", "Ledger"),
    "status": label("column", "Status"),
    "file_date": label("column", "Date in its name"),
    "bytes": label("column", "Bytes"),
    "rows": label("column", "Rows"),
    "rejected": label("column", "Unreadable lines"),
    "first_row": label("column", "First row"),
    "last_row": label("column", "Last row"),
    "covers": label("column", "Covers"),
    "levels": label("column", "Records by level"),
    "encoding": label("column", "Encoding"),
    "layouts": label("column", "Layouts"),
    "clock": label("column", "Clock of"),
    "offset": label("column", "Offset from UTC"),
    "shift": label("column", "Rows against log"),
    "support": label("column", "Backed by"),
    "basis": label("column", "Basis"),
    "path": label("column", "Path"),
    "member": label("column", "Archive member"),
    "line": label("column", "Line"),
    "byte": label("column", "Byte"),
    "role": label("column", "Proves"),
    "written": label("column", "Time as written"),
    "utc": label("column", "UTC"),
    "sha256": label("column", "SHA-256"),
}

SEVERITIES: Final[Mapping[str, Message]] = {
    Severity.ERROR: label("severity", "error"),
    Severity.WARNING: label("severity", "warning"),
    Severity.NOTE: label("severity", "note"),
}

#: Witness states of trades.
STATES: Final[Mapping[str, Message]] = {
    TradeState.RECORDED: label("state", "recorded"),
    TradeState.SILENT_DROP: label("state", "silent drop"),
    TradeState.FALSE_ACK: label("state", "false acknowledgement"),
    TradeState.UNACKNOWLEDGED: label("state", "unacknowledged"),
    TradeState.FAILED_WRITE: label("state", "failed write"),
    TradeState.BACKFILLED: label("state", "restored by another writer"),
    TradeState.ORPHAN_ROW: label("state", "row without a close"),
    TradeState.UNVERIFIABLE: label("state", "not verifiable"),
}

#: What a witness state means.
STATE_MEANINGS: Final[Mapping[str, Message]] = {
    TradeState.RECORDED: msg("close and row agree"),
    TradeState.SILENT_DROP: msg("no row, no acknowledgement, no error logged"),
    TradeState.FALSE_ACK: msg("the recorder said it wrote the trade, no row exists"),
    TradeState.UNACKNOWLEDGED: msg("the row exists, the recorder never said so"),
    TradeState.FAILED_WRITE: msg("the recorder logged an error, no row exists"),
    TradeState.BACKFILLED: msg("not written by the recorder, restored later by another writer"),
    TradeState.ORPHAN_ROW: msg("the ledger holds a row that no logged close explains"),
    TradeState.UNVERIFIABLE: msg("it lies where nothing can be claimed"),
}

SIDES: Final[Mapping[str, Message]] = {"long": label("side", "long"), "short": label("side", "short")}


def finding_counts(summary: Summary) -> Message:
    """``8 errors, 1 warning, 3 notes``."""
    return msg(
        "{errors}, {warnings}, {notes}",
        errors=plural("{n} error", "{n} errors", summary.errors),
        warnings=plural("{n} warning", "{n} warnings", summary.warnings),
        notes=plural("{n} note", "{n} notes", summary.notes),
    )


def amount(sum_: Amount) -> Message:
    """A sum of PnL, with how many of its terms are unknown."""
    if not sum_.left_out:
        return Message("{amount}", (("amount", Money(sum_.known_sum)),))
    if not (sum_.nets or sum_.grosses):
        return plural("{n} unknown amount", "{n} unknown amounts", sum_.left_out)
    return plural(
        "{amount} and {n} unknown amount",
        "{amount} and {n} unknown amounts",
        sum_.left_out,
        amount=Money(sum_.known_sum),
    )
