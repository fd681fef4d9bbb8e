"""The verdict and the summary: the conclusions that the evidence supports, and the figures."""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.finding import Severity
from logaudit.core.message import Message, label, msg, plural, sentences
from logaudit.core.money_parts import together
from logaudit.core.pnl_words import pnl_title
from logaudit.core.trades import MISSING_STATES, TradeState
from logaudit.renderers.document.citations import cites
from logaudit.renderers.document.document import (
    Badge,
    Block,
    Bullets,
    Callout,
    CodeSpan,
    Inline,
    Section,
    Table,
    TextSpan,
    Tone,
)
from logaudit.renderers.document.labels import STATES
from logaudit.renderers.document.translator import words
from logaudit.renderers.document.verdict_words import VERDICTS
from logaudit.renderers.document.view import View
from logaudit.renderers.first_screen import first_screen, next_steps
from logaudit.renderers.headline import Heading, headline
from logaudit.renderers.not_judged import explain
from logaudit.renderers.wording import STATE_MEANINGS, finding_counts, span

_TONES = {
    Heading.KNOWN: Tone.INFO,
    Heading.LOST: Tone.BAD,
    Heading.RESTORED: Tone.BAD,
    Heading.FAULTY: Tone.BAD,
    Heading.NOT_JUDGED: Tone.WARN,
    Heading.NO_CLOSES: Tone.INFO,
    Heading.DOUBTFUL: Tone.WARN,
    Heading.CLEAR: Tone.GOOD,
}

#: The command that writes this very report.
_OWN = "logaudit report "

_TITLES = {
    Heading.KNOWN: msg("Ledger report: nothing that the baseline does not know"),
    Heading.LOST: msg("Incident report: trades missing from the ledger"),
    Heading.RESTORED: msg("Incident report: trades the recorder lost and another writer restored"),
    Heading.FAULTY: msg("Incident report: a ledger with errors"),
    Heading.NOT_JUDGED: msg("Ledger report: nothing was judged"),
    Heading.NO_CLOSES: msg("Ledger report: no trades in the logs"),
    Heading.DOUBTFUL: msg("Ledger report: no loss found, with reservations"),
    Heading.CLEAR: msg("Ledger report: every close is in the ledger"),
}


def title(view: View) -> str:
    """The report's title, by verdict."""
    return view.text(_TITLES[headline(view.report).heading])


def verdict(view: View) -> Callout:
    """What stands first, below the title."""
    head = first_screen(view.report)
    money = [fact for name, fact in head.facts if name == "money"] if view.report.summary.missing else []
    told = view.para(sentences(head.sentence, *money[:1]))
    return Callout(_TONES[head.heading], view.text(VERDICTS[head.heading]), (told,))


def summary(view: View) -> Section:
    """Always there."""
    blocks: list[Block] = []
    conclusions = tuple(_conclusions(view))
    if conclusions:
        blocks += [view.sub(msg("Conclusions")), Bullets(conclusions)]
    blocks += [view.sub(msg("Figures")), view.facts(msg("Summary figures"), list(_figures(view)))]
    if view.several:
        blocks += [view.sub(msg("Sessions")), _sessions(view)]
    return view.section("summary", label("section", "Summary"), tuple(blocks))


def _conclusions(view: View) -> Iterator[Inline]:
    """What happened, where, most likely why, and what to do next, as far as the evidence goes."""
    if view.report.summary.missing:
        places = [trade.log for trade in view.missing()]
        facts = first_screen(view.report).facts
        problem = plural(
            "**Problem.** The bot closed positions and logged it, and {n} close has no row from the recorder.",
            "**Problem.** The bot closed positions and logged it, and {n} closes have no row from the recorder.",
            view.report.summary.missing,
        )
        money = [fact for name, fact in facts if name == "money"]
        yield (*view.translate(sentences(problem, *money)), *cites(places))
        if why := [fact for name, fact in facts if name == "why"]:
            yield (*view.translate(msg("**Why.**")), TextSpan(" "), *view.translate(sentences(*why)))
    yield from _not_judged(view)
    yield from _commands(view)
    for check in dict.fromkeys(_first_checks(view)):
        yield (*view.translate(msg("**Next step.**")), TextSpan(" "), *check)


def _commands(view: View) -> Iterator[Inline]:
    """What the text report says to do next, where trades are lost: restore the rows, and look into the source."""
    heading = headline(view.report).heading
    if heading is not Heading.LOST:
        return
    for command, does in next_steps(view.report, heading, "LOGS"):
        if not command.startswith(_OWN):
            yield (
                *view.translate(msg("**Next step.**")),
                TextSpan(" "),
                CodeSpan(command),
                TextSpan(" "),
                *view.translate(does),
                TextSpan("."),
            )


def _not_judged(view: View) -> Iterator[Inline]:
    """Why nothing was judged, where the callout says something graver, and what to do about it."""
    if view.report.not_judged is None:
        return
    told = explain(view.report.not_judged)
    if headline(view.report).heading is not Heading.NOT_JUDGED:
        yield (*view.translate(msg("**Not judged.**")), TextSpan(" "), *view.translate(told.problem))
    yield (*view.translate(msg("**Next step.**")), TextSpan(" "), *view.translate(told.remedy))


def _first_checks(view: View) -> Iterator[Inline]:
    seen: set[str] = set()
    for check in view.diagnosis.next_checks:
        if check.session not in seen:
            seen.add(check.session)
            yield view.translate(check.what)


def _figures(view: View) -> Iterator[tuple[Message, Inline]]:
    said, number = view.report.summary, view.translator.number
    yield label("figure", "Closes logged"), view.number(said.closes)
    yield label("figure", "Recorded"), view.number(said.recorded)
    restored = (
        view.translate(msg(", of them {n} restored later by another writer", n=said.backfilled))
        if said.backfilled
        else ()
    )
    yield (
        label("figure", "Missing from the ledger"),
        (*words(number(said.missing), strong=bool(said.missing)), *restored),
    )
    for state in TradeState:
        count = said.states.get(state, 0)
        if count and state is not TradeState.RECORDED:
            yield (
                msg("of which {state}", state=STATES[state])
                if state in MISSING_STATES
                else msg("Trades: {state}", state=STATES[state]),
                (
                    *words(f"{number(count)} — "),
                    *view.translate(STATE_MEANINGS[state]),
                ),
            )
    yield label("figure", "Ledger rows"), view.number(said.ledger_rows)
    log, ledger = said.money.log, said.money.recorder
    yield msg("{pnl} in the log", pnl=pnl_title(log.closes)), view.amount(log.closes)
    yield msg("{pnl} in the ledger", pnl=pnl_title(ledger)), view.amount(ledger)
    yield msg("{pnl} never recorded", pnl=pnl_title(log.lost)), view.amount(log.lost, strong=bool(said.lost))
    if said.backfilled:
        yield msg("{pnl} restored later", pnl=pnl_title(log.restored)), view.amount(log.restored)
    if said.first_loss is not None:
        yield (
            label("figure", "First and last loss"),
            words(span(said.first_loss, said.last_loss)),
        )
    yield label("figure", "Findings"), view.translate(finding_counts(said))


def _sessions(view: View) -> Table:
    rows = []
    for name in view.sessions:
        runs = [run for run in view.report.runs if run.session == name]
        missing = sum(run.missing for run in runs)
        closes = sum(run.closes for run in runs)
        errors = sum(f.session == name and f.severity is Severity.ERROR for f in view.report.findings)
        verdict = (
            Badge(Tone.BAD, view.text(label("session", "trades lost")))
            if missing
            else Badge(Tone.GOOD, view.text(label("session", "nothing lost")))
        )
        if not closes:
            verdict = Badge(Tone.MUTED, view.text(label("session", "no close")))
        rows.append(
            (
                (CodeSpan(name),),
                (verdict,),
                view.number(closes),
                view.number(sum(run.recorded for run in runs)),
                view.number(missing),
                view.amount(together(run.money.lost for run in runs)),
                view.number(errors),
            )
        )
    columns = view.columns("session", "verdict", "closes>", "recorded>", "missing>", "unrecorded>", "errors>")
    return view.table(columns, tuple(rows), msg("Sessions"))
