"""What a person must add, what to check next, whether a fix holds, the statistics, and how to repeat it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.report import TradeReport
from logaudit.renderers.document.document import (
    Badge,
    Block,
    Bullets,
    Callout,
    Inline,
    Listing,
    Para,
    Register,
    Section,
    Sub,
    Table,
    TextSpan,
    Tone,
)
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.sections.lead import key_figures
from logaudit.renderers.document.sections.limits import errors_logged
from logaudit.renderers.document.sections.reconciliation import table
from logaudit.renderers.document.translator import code, join, lines, words
from logaudit.renderers.document.view import View

_TODO: Final = ("cause", "decisions", "lessons", "owner")


def todo(view: View) -> Section:
    """Always there: causes, decisions and lessons are not a program's to state."""
    items = tuple(
        (Badge(Tone.TODO, "TODO(human)"), TextSpan(" "), *view.translate(f"todo.{name}")) for name in _TODO
    )
    blocks: tuple[Block, ...] = (Para(view.translate("todo.intro")), Bullets(items))
    return Section("todo", view.text("section.todo"), blocks)


def checks(view: View) -> Section | None:
    """Where the diagnosis leaves something to look at."""

    def make(name: str) -> Iterator[Block]:
        for number, check in enumerate((c for c in view.diagnosis.next_checks if c.session == name), 1):
            yield Para((TextSpan(f"{number}.", strong=True), TextSpan(" "), *view.phrase(check.what)))
            if check.command:
                yield Listing(check.command, "sh")
            if check.log_statement:
                yield Listing(check.log_statement, "python")

    blocks = view.by_session(make)
    if not blocks:
        return None
    return Section("checks", view.text("section.checks"), (Para(view.translate("checks.intro")), *blocks))


def verification(view: View, appendices: Appendices) -> Section:
    """Always there: with ``--since`` the proof, without it how to get one."""
    since = view.outcome.since
    title = view.text("section.verification")
    if not since:
        command = f"{view.command} --since '{view.text('verify.when')}'"
        return Section(
            "verification",
            title,
            (Para(view.translate("verify.how")), Listing(command, "sh"), Para(view.translate("verify.pass"))),
        )
    closes = view.closes()
    blocks: list[Block] = [_verdict(view, closes)]
    if view.outcome.until:
        blocks.append(Para(view.translate("verify.until", until=view.time(view.outcome.until))))
    for name in view.sessions:
        mine = [trade for trade in closes if trade.session == name]
        if mine:
            if view.several:
                blocks.append(Sub((*view.translate("session"), TextSpan(" "), *code(name))))
            blocks.append(appendices.shorten(view, table(view, mine), session=name))
    return Section("verification", title, tuple(blocks))


def _verdict(view: View, closes: Sequence[TradeReport]) -> Callout:
    recorded = sum(trade.row is not None for trade in closes)
    since = view.time(view.outcome.since)
    if not closes:
        return Callout(
            Tone.MUTED,
            view.text("verify.nothing"),
            (Para(view.translate("verify.nothing.text", since=since)),),
        )
    fine = recorded == len(closes)
    said = view.translate("verify.count", recorded=recorded, closes=len(closes), since=since)
    title = view.text("verify.holds" if fine else "verify.fails")
    return Callout(Tone.GOOD if fine else Tone.BAD, title, (Para(said),))


def statistics(view: View) -> Section:
    """Always there."""
    said, number, report = view.outcome.summary, view.translator.number, view.outcome
    tables = sum(source.kind in ("ledger", "health") for source in report.sources)
    names = join([code(ledger.path) for ledger in report.ledgers[:3]], ", ")
    rest = words(f" +{len(report.ledgers) - 3}") if len(report.ledgers) > 3 else ()  # noqa: PLR2004 - as cut above
    rows: list[tuple[Inline, Inline]] = [
        (
            view.translate("stat.files"),
            view.translate("stat.files.value", n=said.sources, archives=said.archives),
        ),
        (view.translate("stat.copies"), words(number(said.duplicates))),
        (
            view.translate("stat.records"),
            view.translate("stat.records.value", records=said.records, lines=said.lines),
        ),
        (
            view.translate("stat.ledgers"),
            (
                *words(number(len(report.ledgers))),
                *((TextSpan(" ("), *names, *rest, TextSpan(")")) if names else ()),
            ),
        ),
        (view.translate("stat.tables"), words(number(tables))),
        (view.translate("stat.runs"), words(number(len(report.runs)))),
        (view.translate("stat.closes"), words(number(said.closes))),
        (view.translate("stat.rows"), words(number(said.ledger_rows))),
        (view.translate("stat.recorded"), words(number(said.recorded))),
        (view.translate("stat.errors"), words(number(errors_logged(report)))),
        (view.translate("stat.recorder_errors"), words(number(said.recorder_errors))),
    ]
    return Section("statistics", view.text("section.statistics"), (view.facts("stat.caption", rows),))


def exhibits(view: View, appendices: Appendices) -> Section:
    """Always there; the register is filled when everything cited is known."""
    rows = tuple(
        (
            lines(code(source.address.path), code(source.address.member)),
            words(view.translator.number(source.bytes)),
            words(view.translator.number(source.records)),
            code(source.sha256),
        )
        for source in view.outcome.sources
    )
    columns = view.columns("path+member", "bytes>", "records>", "sha256")
    table = Table(columns, rows, view.text("evidence.sources"), compact=True, records=True)
    sources = appendices.shorten(view, table)
    return Section(
        "evidence",
        view.text("section.evidence"),
        (
            Para(view.translate("evidence.intro")),
            Register(),
            Sub(view.translate("evidence.sources")),
            sources,
        ),
    )


def reproduce(view: View) -> Section:
    """Always there."""
    return Section(
        "reproduce",
        view.text("section.reproduce"),
        (
            Para(view.translate("reproduce.intro", version=view.outcome.tool_version)),
            Listing(view.command, "sh"),
            Para(
                (
                    *view.translate("reproduce.digest"),
                    TextSpan(" "),
                    *code(key_figures(view.outcome)),
                    TextSpan("."),
                )
            ),
        ),
    )
