"""What a person must add, what to check next, whether a fix holds, the statistics, and how to repeat it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.model.outcome import TradeReport
from logaudit.outputs.report.document import (
    Block,
    Bullets,
    Callout,
    Inline,
    Listing,
    Mark,
    Para,
    Register,
    Section,
    Sub,
    Table,
    Tone,
    Words,
)
from logaudit.outputs.report.long_tables import Appendices
from logaudit.outputs.report.sections.lead import digest
from logaudit.outputs.report.sections.limits import errors_logged
from logaudit.outputs.report.sections.reconciliation import table
from logaudit.outputs.report.speech import code, join, words
from logaudit.outputs.report.view import View

_TODO: Final = ("cause", "decisions", "lessons", "owner")


def todo(view: View) -> Section:
    """Always there: causes, decisions and lessons are not a program's to state."""
    items = tuple((Mark(Tone.TODO, "TODO(human)"), Words(" "), *view.say(f"todo.{name}")) for name in _TODO)
    blocks: tuple[Block, ...] = (Para(view.say("todo.intro")), Bullets(items))
    return Section("todo", view.text("section.todo"), blocks)


def checks(view: View) -> Section | None:
    """Where the diagnosis leaves something to look at."""

    def make(name: str) -> Iterator[Block]:
        for number, check in enumerate((c for c in view.diagnosis.next_checks if c.session == name), 1):
            yield Para((Words(f"{number}.", strong=True), Words(" "), *view.phrase(check.what)))
            if check.command:
                yield Listing(check.command, "sh")
            if check.log_statement:
                yield Listing(check.log_statement, "python")

    blocks = view.by_session(make)
    if not blocks:
        return None
    return Section("checks", view.text("section.checks"), (Para(view.say("checks.intro")), *blocks))


def verification(view: View, appendices: Appendices) -> Section:
    """Always there: with ``--since`` the proof, without it how to get one."""
    since = view.outcome.since
    title = view.text("section.verification")
    if not since:
        command = f"{view.command} --since '{view.text('verify.when')}'"
        return Section(
            "verification",
            title,
            (Para(view.say("verify.how")), Listing(command, "sh"), Para(view.say("verify.pass"))),
        )
    closes = view.closes()
    blocks: list[Block] = [_verdict(view, closes)]
    if view.outcome.until:
        blocks.append(Para(view.say("verify.until", until=view.time(view.outcome.until))))
    for name in view.sessions:
        mine = [trade for trade in closes if trade.session == name]
        if mine:
            if view.several:
                blocks.append(Sub((*view.say("session"), Words(" "), *code(name))))
            blocks.append(appendices.shorten(view, table(view, mine), session=name))
    return Section("verification", title, tuple(blocks))


def _verdict(view: View, closes: Sequence[TradeReport]) -> Callout:
    recorded = sum(trade.row is not None for trade in closes)
    since = view.time(view.outcome.since)
    if not closes:
        return Callout(
            Tone.MUTED, view.text("verify.nothing"), (Para(view.say("verify.nothing.text", since=since)),)
        )
    fine = recorded == len(closes)
    said = view.say("verify.count", recorded=recorded, closes=len(closes), since=since)
    title = view.text("verify.holds" if fine else "verify.fails")
    return Callout(Tone.GOOD if fine else Tone.BAD, title, (Para(said),))


def statistics(view: View) -> Section:
    """Always there."""
    said, number, outcome = view.outcome.summary, view.speech.number, view.outcome
    tables = sum(source.kind in ("ledger", "health") for source in outcome.sources)
    names = join([code(ledger.path) for ledger in outcome.ledgers[:3]], ", ")
    rest = words(f" +{len(outcome.ledgers) - 3}") if len(outcome.ledgers) > 3 else ()  # noqa: PLR2004 - as cut above
    rows: list[tuple[Inline, Inline]] = [
        (view.say("stat.files"), view.say("stat.files.value", n=said.sources, archives=said.archives)),
        (view.say("stat.copies"), words(number(said.duplicates))),
        (view.say("stat.records"), view.say("stat.records.value", records=said.records, lines=said.lines)),
        (
            view.say("stat.ledgers"),
            (
                *words(number(len(outcome.ledgers))),
                *((Words(" ("), *names, *rest, Words(")")) if names else ()),
            ),
        ),
        (view.say("stat.tables"), words(number(tables))),
        (view.say("stat.runs"), words(number(len(outcome.runs)))),
        (view.say("stat.closes"), words(number(said.closes))),
        (view.say("stat.rows"), words(number(said.ledger_rows))),
        (view.say("stat.recorded"), words(number(said.recorded))),
        (view.say("stat.errors"), words(number(errors_logged(outcome)))),
        (view.say("stat.recorder_errors"), words(number(said.recorder_errors))),
    ]
    return Section("statistics", view.text("section.statistics"), (view.facts("stat.caption", rows),))


def evidence(view: View, appendices: Appendices) -> Section:
    """Always there; the register is filled when everything cited is known."""
    rows = tuple(
        (
            code(source.address.path),
            code(source.address.member) or words("–"),
            words(view.speech.number(source.bytes)),
            words(view.speech.number(source.records)),
            code(source.sha256),
        )
        for source in view.outcome.sources
    )
    columns = view.columns("path", "member", "bytes>", "records>", "sha256")
    sources = appendices.shorten(view, Table(columns, rows, view.text("evidence.sources"), compact=True))
    return Section(
        "evidence",
        view.text("section.evidence"),
        (Para(view.say("evidence.intro")), Register(), Sub(view.say("evidence.sources")), sources),
    )


def reproduce(view: View) -> Section:
    """Always there."""
    return Section(
        "reproduce",
        view.text("section.reproduce"),
        (
            Para(view.say("reproduce.intro", version=view.outcome.tool_version)),
            Listing(view.command, "sh"),
            Para((*view.say("reproduce.digest"), Words(" "), *code(digest(view.outcome)), Words("."))),
        ),
    )
