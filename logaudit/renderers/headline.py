"""What a scan means in one breath: the verdict, how much money, since when, how, and in which files."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, assert_never

from msgspec import Struct

from logaudit.core.message import Code, Listed, Message, Text, msg, plural, plural_in, sentences
from logaudit.core.money_parts import Amount
from logaudit.core.pnl_words import pnl_label
from logaudit.core.report import LedgerReport, Report, Summary
from logaudit.core.trades import MISSING_STATES, TradeState
from logaudit.core.verdict import Verdict, gravest
from logaudit.renderers.not_judged import explain
from logaudit.renderers.wording import STATE_MEANINGS, amount, listed, span

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
    sentence: Message
    facts: tuple[tuple[str, Message], ...]


def headline(report: Report) -> Headline:
    """The first block of a report; may hold text from logs and paths, so escape it."""
    summary = report.summary
    heading = _heading(report)
    facts = [("why", message) for message in report.diagnosis.headline]
    if summary.missing:
        facts = [*_loss(report), *facts, *_files(report)]
    elif summary.closes and report.not_judged is None:
        facts = [("money", _agreement(report)), *facts]
    facts += [("profile", choice.why) for choice in report.profiles if choice.learned]
    facts += _set_apart(report)
    if report.not_judged is None:
        return Headline(heading, _sentence(heading, report), tuple(facts))
    told = explain(report.not_judged)
    if heading is Heading.NOT_JUDGED:
        return Headline(heading, told.problem, (("next", told.remedy), *facts))
    return Headline(
        heading, _sentence(heading, report), (*facts, ("not judged", sentences(told.problem, told.remedy)))
    )


def _set_apart(report: Report) -> list[tuple[str, Message]]:
    """What of this is not news to those who run the check."""
    review = report.review
    facts = []
    if review.baseline:
        told = plural(
            "{n} finding known, {new} new, {gone} no longer observed",
            "{n} findings known, {new} new, {gone} no longer observed",
            len(review.baselined),
            new=len(report.findings) + review.hidden,
            gone=len(review.vanished),
        )
        facts.append(("baseline", told))
    if review.suppressed:
        told = plural(
            "{n} finding suppressed by the settings",
            "{n} findings suppressed by the settings",
            len(review.suppressed),
        )
        facts.append(("apart", told))
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


def _sentence(heading: Heading, report: Report) -> Message:  # noqa: PLR0911 - one a heading
    said = report.summary
    closes = plural_in("of", "{n} close", "{n} closes", said.closes)
    match heading:
        case Heading.KNOWN:
            return _known(said, len(report.review.baselined))
        case Heading.LOST:
            return _lost(said, closes)
        case Heading.RESTORED:
            return _restored(said, closes)
        case Heading.FAULTY:
            return plural(
                "No close is known to be missing, but {n} error needs attention.",
                "No close is known to be missing, but {n} errors need attention.",
                said.errors,
            )
        case Heading.NOT_JUDGED:
            assert report.not_judged is not None  # noqa: S101 - else there is another heading
            return explain(report.not_judged).problem
        case Heading.NO_CLOSES:
            return msg("The logs hold no closed position, so no trade can be missing.")
        case Heading.DOUBTFUL if said.recorded == said.closes:
            return msg(
                "{recorded}; {doubts}.", recorded=_all(said.closes), doubts=Listed(tuple(_doubts(said)))
            )
        case Heading.DOUBTFUL:
            return plural(
                "{n} of {closes} is in the ledger, none is known to be missing; {doubts}.",
                "{n} of {closes} are in the ledger, none is known to be missing; {doubts}.",
                said.recorded,
                closes=closes,
                doubts=Listed(tuple(_doubts(said))),
            )
        case Heading.CLEAR:
            return msg("{recorded}.", recorded=_all(said.closes))
        case _:
            assert_never(heading)


def _all(closes: int) -> Message:
    if closes == 1:
        return msg("The one close is in the ledger")
    return msg("All {closes} are in the ledger", closes=plural_in("all", "{n} close", "{n} closes", closes))


def _lost(said: Summary, closes: Message) -> Message:
    if said.closes == 1:
        return msg("The one close is missing from the ledger.")
    if not said.backfilled:
        return plural(
            "{n} of {closes} is missing from the ledger.",
            "{n} of {closes} are missing from the ledger.",
            said.missing,
            closes=closes,
        )
    return plural(
        "{n} of {closes} is missing from the ledger; {restored} restored later by another writer, "
        "{left} still lost.",
        "{n} of {closes} are missing from the ledger; {restored} restored later by another writer, "
        "{left} still lost.",
        said.missing,
        closes=closes,
        restored=said.backfilled,
        left=said.lost,
    )


def _restored(said: Summary, closes: Message) -> Message:
    if said.closes == 1:
        return msg("The recorder lost the one close; another writer restored it.")
    return plural(
        "The recorder lost {n} of {closes}; another writer restored it.",
        "The recorder lost {n} of {closes}; another writer restored all of them.",
        said.missing,
        closes=closes,
    )


def _known(said: Summary, known: int) -> Message:
    """What the baseline knows: the findings, and the losses among them."""
    if not said.lost:
        return plural(
            "The one finding is known to the baseline.",
            "All {n} findings are known to the baseline.",
            known,
        )
    return plural(
        "The one finding is known to the baseline, {losses} among them.",
        "All {n} findings are known to the baseline, {losses} among them.",
        known,
        losses=plural("{n} lost trade", "{n} lost trades", said.lost),
    )


def _doubts(said: Summary) -> Iterator[Message]:
    if said.warnings:
        yield plural("{n} warning", "{n} warnings", said.warnings)
    if said.recorded < said.closes:
        yield msg("{n} not verifiable", n=said.closes - said.recorded)


def _loss(report: Report) -> list[tuple[str, Message]]:
    summary = report.summary
    facts = [("money", _gone(report))]
    if summary.first_loss is not None:
        facts.append(("since", _shown(span(summary.first_loss, summary.last_loss))))
    for state in TradeState:
        count = summary.states.get(state, 0)
        if count and state in MISSING_STATES:
            how = msg(
                "{n} {state}: {meaning}", n=count, state=Code(state.value), meaning=STATE_MEANINGS[state]
            )
            facts.append(("how", how))
    return facts


def _gone(report: Report) -> Message:
    """The money of what is lost, and of what was restored, beside what log and ledger sum up to."""
    summary = report.summary
    lost, restored = summary.money.log.lost, summary.money.log.restored
    parts = [msg("{money} was never recorded", money=_pnl_of(lost))] if summary.lost else []
    parts += [msg("{money} was restored later", money=_pnl_of(restored))] if summary.backfilled else []
    return msg("{parts} ({sums})", parts=Listed(tuple(parts)), sums=_both(report))


def _pnl_of(sum_: Amount) -> Message:
    """``+1.5 net PnL``, ``net PnL of +1.5 and 2 unknown amounts``."""
    if sum_.value is None:
        return msg("{pnl} of {amount}", pnl=pnl_label(sum_), amount=amount(sum_))
    return msg("{amount} {pnl}", amount=amount(sum_), pnl=pnl_label(sum_))


def _agreement(report: Report) -> Message:
    """What log and ledger sum up to; one sum where both are known, and amounts of one kind in one unit."""
    log, ledger = report.summary.money.log.closes, report.summary.money.recorder
    alike = log.is_gross == ledger.is_gross and all(one.comparable for one in report.ledgers)
    if alike and log.value is not None and log.value == ledger.value:
        return msg("{pnl} {amount} in the log and in the ledger", pnl=pnl_label(log), amount=amount(log))
    return _both(report)


def _both(report: Report) -> Message:
    """Both sums, with what sets them apart beside their amount."""
    log, ledger = report.summary.money.log.closes, report.summary.money.recorder
    if not (log.nets or log.grosses):
        return msg(
            "{pnl} {amount} in the ledger; the log tells none", pnl=pnl_label(ledger), amount=amount(ledger)
        )
    if log.is_gross != ledger.is_gross:
        return msg(
            "log {log} {log_pnl}, ledger {ledger} {ledger_pnl}",
            log=amount(log),
            log_pnl=pnl_label(log),
            ledger=amount(ledger),
            ledger_pnl=pnl_label(ledger),
        )
    if all(one.comparable for one in report.ledgers):
        return msg("log {log}, ledger {ledger}", log=amount(log), ledger=amount(ledger))
    return msg("log {log}, ledger {ledger} in another unit", log=amount(log), ledger=amount(ledger))


def _files(report: Report) -> list[tuple[str, Message]]:
    known = {ledger.path: ledger for ledger in report.ledgers}
    paths = list(dict.fromkeys(run.ledger for run in report.runs if run.missing))
    facts = [("ledger", _ledger(path, known.get(path))) for path in paths[:_FILES]]
    if len(paths) > _FILES:
        facts.append(("ledger", msg("and {n} more", n=len(paths) - _FILES)))
    logs = list(dict.fromkeys(trade.log.path for trade in report.trades if trade.missing and trade.log))
    return [*facts, *([("logs", _shown(listed(logs, _FILES)))] if logs else [])]


def _ledger(path: str, ledger: LedgerReport | None) -> Message:
    if not path:
        return msg("none at hand for some runs")
    if ledger is None:
        return _shown(path)
    if not ledger.rows:
        return msg("{path} ({status})", path=Code(path), status=Code(ledger.status.value))
    return msg("{path} ({rows})", path=Code(path), rows=plural("{n} row", "{n} rows", ledger.rows))


def _shown(text: str) -> Message:
    """Text that no language translates."""
    return Message("{text}", (("text", Text(text)),))
