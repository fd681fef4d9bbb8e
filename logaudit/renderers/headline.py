"""What a scan means in one breath: the verdict, how much money, since when, how, and in which files."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, assert_never

from msgspec import Struct

from logaudit.core.money_parts import Amount
from logaudit.core.report import Report, Summary
from logaudit.core.sentence import plain_text
from logaudit.core.text import plural
from logaudit.core.trades import MISSING_STATES, TradeState
from logaudit.core.verdict import Verdict, gravest
from logaudit.renderers.not_judged import explain
from logaudit.renderers.wording import amount_text, listed, pnl, span

#: What a state of a missing close means, in words.
STATE_WORDS: Final = {
    TradeState.SILENT_DROP: "no row, no acknowledgement, no error logged",
    TradeState.FALSE_ACK: "the recorder said it wrote the trade, no row exists",
    TradeState.FAILED_WRITE: "the recorder logged an error, no row exists",
    TradeState.BACKFILLED: "not written by the recorder, restored later by another writer",
}
_FILES: Final = 2


class Heading(StrEnum):
    """The first words of a report."""

    KNOWN = "NOTHING NEW"
    LOST = "TRADES LOST"
    RESTORED = "TRADES RESTORED"
    FAULTY = "ERRORS FOUND"
    NOT_JUDGED = "NOT JUDGED"
    NO_CLOSES = "NO TRADES"
    DOUBTFUL = "NO LOSS FOUND"
    CLEAR = "ALL CLEAR"


_WORDS: Final = {
    Verdict.LOST: Heading.LOST,
    Verdict.RESTORED: Heading.RESTORED,
    Verdict.ERRORS: Heading.FAULTY,
    Verdict.NOT_JUDGED: Heading.NOT_JUDGED,
}


class Headline(Struct, frozen=True):
    """The verdict, its sentence, and labelled facts, the most important first."""

    heading: Heading
    sentence: str
    facts: tuple[tuple[str, str], ...]


def headline(report: Report) -> Headline:
    """The first block of a report; may hold text from logs and paths, so escape it."""
    summary = report.summary
    heading = _heading(report)
    facts = [("why", plain_text(message, spaced=True)) for message in report.diagnosis.headline]
    if summary.missing:
        facts = [*_loss(report), *facts, *_files(report)]
    elif summary.closes and report.not_judged is None:
        facts = [("money", _agreement(report)), *facts]
    facts += [
        ("learned", plain_text(choice.why, spaced=True)) for choice in report.profiles if choice.learned
    ]
    facts += _set_apart(report)
    if report.not_judged is None:
        return Headline(heading, _sentence(heading, report), tuple(facts))
    told = explain(report.not_judged)
    if heading is Heading.NOT_JUDGED:
        return Headline(heading, str(told.problem), (("next", str(told.remedy)), *facts))
    return Headline(heading, _sentence(heading, report), (*facts, ("not judged", str(told.problem))))


def _set_apart(report: Report) -> list[tuple[str, str]]:
    """What of this is not news to those who run the check."""
    review = report.review
    facts = []
    if review.baseline:
        new, gone = len(report.findings) + review.hidden, len(review.vanished)
        told = f"{plural(len(review.baselined), 'finding')} known, {new:,} new, {gone:,} no longer observed"
        facts.append(("baseline", told))
    if review.suppressed:
        facts.append(("apart", f"{plural(len(review.suppressed), 'finding')} suppressed by the settings"))
    return facts


def _heading(report: Report) -> Heading:
    """The gravest that holds; what nothing is missing from is told apart by how much of it was seen.

    Where the baseline knows every finding, nothing is news to those who run the check.
    """
    review = report.review
    if review.baselined and not report.findings and not review.hidden and report.not_judged is None:
        return Heading.KNOWN
    known = gravest(report)
    if known is not Verdict.CLEAN:
        return _WORDS[known]
    summary = report.summary
    if not summary.closes:
        return Heading.NO_CLOSES
    doubtful = summary.warnings or summary.recorded < summary.closes
    return Heading.DOUBTFUL if doubtful else Heading.CLEAR


def _sentence(heading: Heading, report: Report) -> str:
    summary = report.summary
    closes = plural(summary.closes, "close")
    match heading:
        case Heading.KNOWN:
            said = _known(report)
        case Heading.LOST:
            said = _lost(summary)
        case Heading.RESTORED:
            said = f"The recorder lost {summary.missing:,} of {closes}; another writer restored all of them."
        case Heading.FAULTY:
            need = "needs" if summary.errors == 1 else "need"
            said = f"No close is known to be missing, but {plural(summary.errors, 'error')} {need} attention."
        case Heading.NOT_JUDGED:
            said = ""  # `logaudit.renderers.not_judged` says why
        case Heading.NO_CLOSES:
            said = "The logs hold no closed position, so no trade can be missing."
        case Heading.DOUBTFUL:
            said = _doubtful(summary)
        case Heading.CLEAR:
            every = "The one close is" if summary.closes == 1 else f"All {closes} are"
            said = f"{every} in the ledger."
        case _:
            assert_never(heading)
    return said


def _known(report: Report) -> str:
    """What the baseline knows: the findings, and the losses among them."""
    lost, known = report.summary.lost, len(report.review.baselined)
    every = "The one finding is" if known == 1 else f"All {known:,} findings are"
    losses = f", {plural(lost, 'lost trade')} among them" if lost else ""
    return f"{every} known to the baseline{losses}."


def _lost(summary: Summary) -> str:
    are = "is" if summary.missing == 1 else "are"
    some = f"{summary.missing:,} of {plural(summary.closes, 'close')} {are}"
    lost = f"{'The one close is' if summary.closes == 1 else some} missing from the ledger"
    if not summary.backfilled:
        return f"{lost}."
    return f"{lost}; {summary.backfilled:,} restored later by another writer, {summary.lost:,} still lost."


def _doubtful(summary: Summary) -> str:
    doubts = [plural(summary.warnings, "warning")] if summary.warnings else []
    if summary.recorded < summary.closes:
        doubts.append(f"{summary.closes - summary.recorded:,} not verifiable")
    held = f"{summary.recorded:,} of {plural(summary.closes, 'close')} are in the ledger"
    return f"{held}, none is known to be missing; {', '.join(doubts)}."


def _loss(report: Report) -> list[tuple[str, str]]:
    summary = report.summary
    facts = [("money", _gone(report))]
    if summary.first_loss is not None:
        facts.append(("since", span(summary.first_loss, summary.last_loss)))
    for state in TradeState:
        count = summary.states.get(state, 0)
        if count and state in MISSING_STATES:
            facts.append(("how", f"{count:,} {state.value}: {STATE_WORDS[state]}"))
    return facts


def _gone(report: Report) -> str:
    """The money of what is lost, and of what was restored, beside what log and ledger sum up to."""
    summary = report.summary
    lost, restored = summary.money.log.lost, summary.money.log.restored
    parts = [f"{_pnl_of(lost)} was never recorded"] if summary.lost else []
    parts += [f"{_pnl_of(restored)} was restored later"] if summary.backfilled else []
    return f"{', '.join(parts)} ({_both(report)})"


def _pnl_of(amount: Amount) -> str:
    """``+1.5 net PnL``, ``net PnL of +1.5 and 2 unknown amounts``."""
    text, kind = amount_text(amount), pnl(amount)
    return f"{text} {kind}" if amount.value is not None else f"{kind} of {text}"


def _agreement(report: Report) -> str:
    """What log and ledger sum up to; one sum where both are known, and amounts of one kind in one unit."""
    log, ledger = report.summary.money.log.closes, report.summary.money.recorder
    alike = log.is_gross == ledger.is_gross and all(one.comparable for one in report.ledgers)
    if alike and log.value is not None and log.value == ledger.value:
        return f"{pnl(log)} {amount_text(log)} in the log and in the ledger"
    return _both(report)


def _both(report: Report) -> str:
    """Both sums, with what sets them apart beside their amount."""
    log, ledger = report.summary.money.log.closes, report.summary.money.recorder
    kinds = ("", "") if log.is_gross == ledger.is_gross else (f" {pnl(log)}", f" {pnl(ledger)}")
    other = not any(kinds) and not all(one.comparable for one in report.ledgers)
    unit = " in another unit" if other else ""
    return f"log {amount_text(log)}{kinds[0]}, ledger {amount_text(ledger)}{kinds[1]}{unit}"


def _files(report: Report) -> list[tuple[str, str]]:
    known = {ledger.path: ledger for ledger in report.ledgers}
    paths = list(dict.fromkeys(run.ledger for run in report.runs if run.missing))
    ledgers = []
    for path in paths:
        ledger = known.get(path)
        rows = "" if ledger is None else plural(ledger.rows, "row") if ledger.rows else ledger.status
        ledgers.append((f"{path} ({rows})" if rows else path) if path else "none at hand for some runs")
    logs = list(dict.fromkeys(trade.log.path for trade in report.trades if trade.missing and trade.log))
    facts = [("ledger", path) for path in ledgers[:_FILES]]
    if len(ledgers) > _FILES:
        facts.append(("ledger", f"and {len(ledgers) - _FILES:,} more"))
    return [*facts, *([("logs", listed(logs, _FILES))] if logs else [])]
