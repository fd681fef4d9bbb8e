"""Summary: the verdict, the conclusions that the evidence supports, and the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from logaudit.model.finding import Severity
from logaudit.model.message import Message, Money, label, msg, plural, plural_in
from logaudit.model.money import total
from logaudit.model.outcome import Summary
from logaudit.model.states import TradeState
from logaudit.outputs.headline import Verdict, headline
from logaudit.outputs.report.cites import cites
from logaudit.outputs.report.document import (
    Block,
    Bullets,
    Callout,
    Code,
    Inline,
    Mark,
    Para,
    Section,
    Sub,
    Table,
    Tone,
    Words,
)
from logaudit.outputs.report.labels import STATE_MEANINGS, STATES, finding_counts
from logaudit.outputs.report.speech import money, words
from logaudit.outputs.report.view import View

_TONES = {
    Verdict.LOST: Tone.BAD,
    Verdict.RESTORED: Tone.BAD,
    Verdict.FAULTY: Tone.BAD,
    Verdict.NO_LOGS: Tone.WARN,
    Verdict.NO_CLOSES: Tone.INFO,
    Verdict.DOUBTFUL: Tone.WARN,
    Verdict.CLEAR: Tone.GOOD,
}


_TITLES = {
    Verdict.LOST: msg("Incident report: trades missing from the ledger"),
    Verdict.RESTORED: msg("Incident report: trades the recorder lost and another writer restored"),
    Verdict.FAULTY: msg("Incident report: a ledger with errors"),
    Verdict.NO_LOGS: msg("Ledger report: no logs to compare with"),
    Verdict.NO_CLOSES: msg("Ledger report: no trades in the logs"),
    Verdict.DOUBTFUL: msg("Ledger report: no loss found, with reservations"),
    Verdict.CLEAR: msg("Ledger report: every close is in the ledger"),
}
_VERDICTS = {
    Verdict.LOST: label("verdict", "Trades lost"),
    Verdict.RESTORED: label("verdict", "Trades restored"),
    Verdict.FAULTY: label("verdict", "Errors found"),
    Verdict.NO_LOGS: label("verdict", "No logs"),
    Verdict.NO_CLOSES: label("verdict", "No trades"),
    Verdict.DOUBTFUL: label("verdict", "No loss found"),
    Verdict.CLEAR: label("verdict", "All clear"),
}


def title(view: View) -> str:
    """The report's title, by verdict."""
    return view.text(_TITLES[headline(view.outcome).verdict])


def summary(view: View) -> Section:
    """Always there."""
    verdict = headline(view.outcome).verdict
    blocks: list[Block] = [
        Callout(
            _TONES[verdict],
            view.text(_VERDICTS[verdict]),
            (Para(view.say(_sentence(verdict, view.outcome.summary))),),
        ),
    ]
    conclusions = tuple(_conclusions(view))
    if conclusions:
        blocks += [Sub(view.say(msg("Conclusions"))), Bullets(conclusions)]
    blocks += [Sub(view.say(msg("Figures"))), view.facts(msg("Summary figures"), list(_figures(view)))]
    if view.several:
        blocks += [Sub(view.say(msg("Sessions"))), _sessions(view)]
    return Section("summary", view.text(label("section", "Summary")), tuple(blocks))


def _sentence(verdict: Verdict, said: Summary) -> Message:  # noqa: PLR0911 - one a verdict
    closes = plural_in("of", "{n} close", "{n} closes", said.closes)
    match verdict:
        case Verdict.LOST:
            return _lost(said, closes)
        case Verdict.RESTORED:
            return msg(
                "The recorder lost {missing} of {closes}; another writer restored all of them.",
                missing=said.missing,
                closes=closes,
            )
        case Verdict.FAULTY:
            return plural(
                "No close is known to be missing, but {n} error needs attention.",
                "No close is known to be missing, but {n} errors need attention.",
                said.errors,
            )
        case Verdict.NO_LOGS:
            return msg("No log record was read, so nothing can be claimed about the ledger.")
        case Verdict.NO_CLOSES:
            return msg("The logs hold no closed position, so no trade can be missing.")
        case Verdict.DOUBTFUL:
            return msg(
                "{recorded} of {closes} are in the ledger, none is known to be missing; {warnings}, {unverified} not "
                "verifiable.",
                recorded=said.recorded,
                closes=closes,
                warnings=plural("{n} warning", "{n} warnings", said.warnings),
                unverified=said.closes - said.recorded,
            )
        case Verdict.CLEAR:
            if said.closes == 1:
                return msg("The one close is in the ledger.")
            return msg(
                "All {closes} are in the ledger.",
                closes=plural_in("all", "{n} close", "{n} closes", said.closes),
            )
        case _:
            assert_never(verdict)


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
        "{n} of {closes} is missing from the ledger; {restored} restored later by another writer, {left} still lost.",
        "{n} of {closes} are missing from the ledger; {restored} restored later by another writer, {left} still lost.",
        said.missing,
        closes=closes,
        restored=said.backfilled,
        left=said.missing - said.backfilled,
    )


def _conclusions(view: View) -> Iterator[Inline]:
    """What happened, where, most likely why, and what to do next, as far as the evidence goes."""
    said = view.outcome.summary
    if said.missing:
        places = [trade.log for trade in view.missing()]
        yield (
            *view.say(
                plural(
                    "**Problem.** The bot closed positions and logged it, and {n} close has no row from the recorder; "
                    "net PnL never recorded: {amount}.",
                    "**Problem.** The bot closed positions and logged it, and {n} closes have no row from the "
                    "recorder; net PnL never recorded: {amount}.",
                    said.missing,
                    amount=Money(said.unrecorded_net_pnl),
                )
            ),
            *cites(places),
        )
    yield from (view.phrase(phrase) for phrase in view.diagnosis.headline)
    for check in dict.fromkeys(_first_checks(view)):
        yield (*view.say(msg("**Next step.**")), Words(" "), *check)


def _first_checks(view: View) -> Iterator[Inline]:
    seen: set[str] = set()
    for check in view.diagnosis.next_checks:
        if check.session not in seen:
            seen.add(check.session)
            yield view.phrase(check.what)


def _figures(view: View) -> Iterator[tuple[Inline, Inline]]:
    said, number = view.outcome.summary, view.speech.number
    yield view.say(label("figure", "Closes logged")), words(number(said.closes))
    yield view.say(label("figure", "Recorded")), words(number(said.recorded))
    restored = (
        view.say(msg(", of them {n} restored later by another writer", n=said.backfilled))
        if said.backfilled
        else ()
    )
    yield (
        view.say(label("figure", "Missing from the ledger")),
        (*words(number(said.missing), strong=bool(said.missing)), *restored),
    )
    for state in TradeState:
        count = said.states.get(state, 0)
        if count and state is not TradeState.RECORDED:
            yield (
                view.say(msg("of which {state}", state=STATES[state])),
                (
                    *words(f"{number(count)} — "),
                    *view.say(STATE_MEANINGS[state]),
                ),
            )
    yield view.say(label("figure", "Ledger rows")), words(number(said.ledger_rows))
    yield view.say(label("figure", "Net PnL in the log")), words(money(said.log_net_pnl))
    yield view.say(label("figure", "Net PnL in the ledger")), words(money(said.ledger_net_pnl))
    yield (
        view.say(label("figure", "Net PnL never recorded")),
        words(money(said.unrecorded_net_pnl), strong=bool(said.missing)),
    )
    if said.first_loss:
        yield (
            view.say(label("figure", "First and last loss")),
            words(view.span(said.first_loss, said.last_loss)),
        )
    yield view.say(label("figure", "Findings")), view.say(finding_counts(said))


def _sessions(view: View) -> Table:
    rows = []
    for name in view.sessions:
        runs = [run for run in view.outcome.runs if run.session == name]
        missing = sum(run.missing for run in runs)
        closes = sum(run.closes for run in runs)
        errors = sum(f.session == name and f.severity is Severity.ERROR for f in view.outcome.findings)
        verdict = (
            Mark(Tone.BAD, view.text(label("session", "trades lost")))
            if missing
            else Mark(Tone.GOOD, view.text(label("session", "nothing lost")))
        )
        if not closes:
            verdict = Mark(Tone.MUTED, view.text(label("session", "no close")))
        rows.append(
            (
                (Code(name),),
                (verdict,),
                words(view.speech.number(closes)),
                words(view.speech.number(sum(run.recorded for run in runs))),
                words(view.speech.number(missing)),
                view.money(total(run.unrecorded_net_pnl for run in runs)),
                words(view.speech.number(errors)),
            )
        )
    columns = view.columns("session", "verdict", "closes>", "recorded>", "missing>", "unrecorded>", "errors>")
    return Table(columns, tuple(rows), view.text(msg("Sessions")))
