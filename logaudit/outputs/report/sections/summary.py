"""Summary: the verdict, the conclusions that the evidence supports, and the figures."""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.model.finding import Severity
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
)
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


def title(view: View) -> str:
    """The report's title, by verdict."""
    return view.text(f"title.{_key(view)}")


def summary(view: View) -> Section:
    """Always there."""
    verdict = headline(view.outcome).verdict
    blocks: list[Block] = [
        Callout(_TONES[verdict], view.text(f"verdict.{_key(view)}"), (Para(_sentence(view, verdict)),)),
    ]
    conclusions = tuple(_conclusions(view))
    if conclusions:
        blocks += [Sub(view.say("summary.conclusions")), Bullets(conclusions)]
    blocks += [Sub(view.say("summary.figures")), view.facts("summary.caption", list(_figures(view)))]
    if view.several:
        blocks += [Sub(view.say("summary.sessions")), _sessions(view)]
    return Section("summary", view.text("section.summary"), tuple(blocks))


def _key(view: View) -> str:
    return headline(view.outcome).verdict.name.lower()


def _sentence(view: View, verdict: Verdict) -> Inline:
    said = view.outcome.summary
    if verdict is Verdict.LOST and said.closes == 1:
        return view.say("said.lost.one")
    key = f"said.{verdict.name.lower()}"
    if verdict is Verdict.LOST and said.backfilled:
        key += ".some"
    if verdict is Verdict.CLEAR and said.closes == 1:
        key += ".one"
    left = said.missing - said.backfilled
    return view.say(
        key,
        missing=said.missing,
        closes=said.closes,
        recorded=said.recorded,
        backfilled=said.backfilled,
        left=left,
        errors=said.errors,
        warnings=said.warnings,
        unverified=said.closes - said.recorded,
    )


def _conclusions(view: View) -> Iterator[Inline]:
    """What happened, where, most likely why, and what to do next, as far as the evidence goes."""
    said = view.outcome.summary
    if said.missing:
        places = [trade.log for trade in view.missing()]
        yield (
            *view.say("conclusion.problem", n=said.missing, amount=words(money(said.unrecorded_net_pnl))),
            *cites(places),
        )
    yield from (view.phrase(phrase) for phrase in view.diagnosis.headline)
    for check in dict.fromkeys(_first_checks(view)):
        yield view.say("conclusion.next", what=check)


def _first_checks(view: View) -> Iterator[Inline]:
    seen: set[str] = set()
    for check in view.diagnosis.next_checks:
        if check.session not in seen:
            seen.add(check.session)
            yield view.phrase(check.what)


def _figures(view: View) -> Iterator[tuple[Inline, Inline]]:
    said, number = view.outcome.summary, view.speech.number
    yield view.say("figure.closes"), words(number(said.closes))
    yield view.say("figure.recorded"), words(number(said.recorded))
    restored = view.say("figure.restored", n=said.backfilled) if said.backfilled else ()
    yield view.say("figure.missing"), (*words(number(said.missing), strong=bool(said.missing)), *restored)
    for state in TradeState:
        count = said.states.get(state, 0)
        if count and state is not TradeState.RECORDED:
            yield (
                view.say("figure.state", state=view.text(f"state.{state.value}")),
                (
                    *words(f"{number(count)} — "),
                    *view.say(f"state.{state.value}.means"),
                ),
            )
    yield view.say("figure.rows"), words(number(said.ledger_rows))
    yield view.say("figure.log"), words(money(said.log_net_pnl))
    yield view.say("figure.ledger"), words(money(said.ledger_net_pnl))
    yield view.say("figure.unrecorded"), words(money(said.unrecorded_net_pnl), strong=bool(said.missing))
    if said.first_loss:
        yield view.say("figure.losses"), words(view.span(said.first_loss, said.last_loss))
    yield view.say("figure.findings"), _counts(view, said)


def _counts(view: View, said: Summary) -> Inline:
    return view.say("findings.count", errors=said.errors, warnings=said.warnings, notes=said.notes)


def _sessions(view: View) -> Table:
    rows = []
    for name in view.sessions:
        runs = [run for run in view.outcome.runs if run.session == name]
        missing = sum(run.missing for run in runs)
        closes = sum(run.closes for run in runs)
        errors = sum(f.session == name and f.severity is Severity.ERROR for f in view.outcome.findings)
        verdict = (
            Mark(Tone.BAD, view.text("session.lost"))
            if missing
            else Mark(Tone.GOOD, view.text("session.fine"))
        )
        if not closes:
            verdict = Mark(Tone.MUTED, view.text("session.none"))
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
    return Table(columns, tuple(rows), view.text("summary.sessions"))
