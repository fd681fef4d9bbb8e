"""What a scan means in one breath: the verdict, how much money, since when, how, and in which files."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

from msgspec import Struct

from logaudit.model.money import signed
from logaudit.model.outcome import Outcome, Summary
from logaudit.model.states import MISSING_STATES, TradeState
from logaudit.model.text import plural
from logaudit.outputs.phrases import say
from logaudit.outputs.words import listed, span

#: What a state of a missing close means, in words.
STATE_WORDS: Final = {
    TradeState.SILENT_DROP: "no row, no acknowledgement, no error logged",
    TradeState.FALSE_ACK: "the recorder said it wrote the trade, no row exists",
    TradeState.FAILED_WRITE: "the recorder logged an error, no row exists",
    TradeState.BACKFILLED: "not written by the recorder, restored later by another writer",
}
_FILES: Final = 2


class Verdict(StrEnum):
    """The first words of a report."""

    LOST = "TRADES LOST"
    RESTORED = "TRADES RESTORED"
    FAULTY = "ERRORS FOUND"
    NO_LOGS = "NO LOGS"
    NO_CLOSES = "NO TRADES"
    DOUBTFUL = "NO LOSS FOUND"
    CLEAR = "ALL CLEAR"


class Headline(Struct, frozen=True):
    """The verdict, its sentence, and labelled facts, the most important first."""

    verdict: Verdict
    sentence: str
    facts: tuple[tuple[str, str], ...]


def headline(outcome: Outcome) -> Headline:
    """The first block of a report; may hold text from logs and paths, so escape it."""
    summary = outcome.summary
    verdict = _verdict(summary)
    facts = [("why", say(phrase)) for phrase in outcome.diagnosis.headline]
    if summary.missing:
        facts = [*_loss(summary), *facts, *_files(outcome)]
    elif summary.closes:
        facts = [("money", _agreement(summary)), *facts]
    facts += _apart(outcome)
    return Headline(verdict, _sentence(verdict, summary), tuple(facts))


def _apart(outcome: Outcome) -> list[tuple[str, str]]:
    """What of this is not news to those who run the check."""
    review = outcome.review
    facts = []
    if review.baseline:
        new, gone = len(outcome.findings) + review.hidden, len(review.vanished)
        told = f"{plural(len(review.baselined), 'finding')} known, {new:,} new, {gone:,} no longer observed"
        facts.append(("baseline", told))
    if review.suppressed:
        facts.append(("apart", f"{plural(len(review.suppressed), 'finding')} suppressed by the settings"))
    if review.inconclusive:
        facts.append(("coverage", "too little is covered to call the rest clean"))
    return facts


def _verdict(summary: Summary) -> Verdict:
    if summary.missing:
        return Verdict.LOST if summary.missing > summary.backfilled else Verdict.RESTORED
    if summary.errors:
        return Verdict.FAULTY
    if not summary.records:
        return Verdict.NO_LOGS
    if not summary.closes:
        return Verdict.NO_CLOSES
    doubtful = summary.warnings or summary.recorded < summary.closes
    return Verdict.DOUBTFUL if doubtful else Verdict.CLEAR


def _sentence(verdict: Verdict, summary: Summary) -> str:
    closes = plural(summary.closes, "close")
    match verdict:
        case Verdict.LOST:
            said = _lost(summary)
        case Verdict.RESTORED:
            said = f"The recorder lost {summary.missing:,} of {closes}; another writer restored all of them."
        case Verdict.FAULTY:
            need = "needs" if summary.errors == 1 else "need"
            said = f"No close is known to be missing, but {plural(summary.errors, 'error')} {need} attention."
        case Verdict.NO_LOGS:
            said = "No log record was read, so nothing can be claimed about the ledger."
        case Verdict.NO_CLOSES:
            said = "The logs hold no closed position, so no trade can be missing."
        case Verdict.DOUBTFUL:
            said = _doubtful(summary)
        case Verdict.CLEAR:
            every = "The one close is" if summary.closes == 1 else f"All {closes} are"
            said = f"{every} in the ledger."
        case _:
            assert_never(verdict)
    return said


def _lost(summary: Summary) -> str:
    are = "is" if summary.missing == 1 else "are"
    some = f"{summary.missing:,} of {plural(summary.closes, 'close')} {are}"
    lost = f"{'The one close is' if summary.closes == 1 else some} missing from the ledger"
    if not summary.backfilled:
        return f"{lost}."
    left = summary.missing - summary.backfilled
    return f"{lost}; {summary.backfilled:,} restored later by another writer, {left:,} still lost."


def _doubtful(summary: Summary) -> str:
    doubts = [plural(summary.warnings, "warning")] if summary.warnings else []
    if summary.recorded < summary.closes:
        doubts.append(f"{summary.closes - summary.recorded:,} not verifiable")
    held = f"{summary.recorded:,} of {plural(summary.closes, 'close')} are in the ledger"
    return f"{held}, none is known to be missing; {', '.join(doubts)}."


def _loss(summary: Summary) -> list[tuple[str, str]]:
    told = f"log {signed(summary.log_net_pnl)}, ledger {signed(summary.ledger_net_pnl)}"
    money = f"{signed(summary.unrecorded_net_pnl)} net PnL was never recorded ({told})"
    facts = [("money", money)]
    if summary.first_loss:
        facts.append(("since", span(summary.first_loss, summary.last_loss)))
    for state in TradeState:
        count = summary.states.get(state, 0)
        if count and state in MISSING_STATES:
            facts.append(("how", f"{count:,} {state.value}: {STATE_WORDS[state]}"))
    return facts


def _agreement(summary: Summary) -> str:
    log, ledger = signed(summary.log_net_pnl), signed(summary.ledger_net_pnl)
    return (
        f"net PnL {log} in the log and in the ledger"
        if summary.log_net_pnl == summary.ledger_net_pnl
        else f"log {log}, ledger {ledger}"
    )


def _files(outcome: Outcome) -> list[tuple[str, str]]:
    known = {ledger.path: ledger for ledger in outcome.ledgers}
    paths = list(dict.fromkeys(run.ledger for run in outcome.runs if run.missing))
    ledgers = []
    for path in paths:
        ledger = known.get(path)
        rows = "" if ledger is None else plural(ledger.rows, "row") if ledger.rows else ledger.status
        ledgers.append((f"{path} ({rows})" if rows else path) if path else "none at hand for some runs")
    logs = list(dict.fromkeys(trade.log.path for trade in outcome.trades if trade.missing and trade.log))
    facts = [("ledger", path) for path in ledgers[:_FILES]]
    if len(ledgers) > _FILES:
        facts.append(("ledger", f"and {len(ledgers) - _FILES:,} more"))
    return [*facts, *([("logs", listed(logs, _FILES))] if logs else [])]
