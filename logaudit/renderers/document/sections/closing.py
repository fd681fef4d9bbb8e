"""What a person must add, what to check next, whether a fix holds, the statistics, and how to repeat it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.message import Message, msg, plural, plural_in
from logaudit.core.trade_report import TradeReport
from logaudit.renderers.document.document import (
    Annex,
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
    TextSpan,
    Tone,
)
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.sections.lead import key_figures
from logaudit.renderers.document.sections.limits import errors_logged
from logaudit.renderers.document.sections.reconciliation import table
from logaudit.renderers.document.state_labels import PAGE_WORDS
from logaudit.renderers.document.translator import code, join, lines, words
from logaudit.renderers.document.view import View

_TODO: Final = (
    msg("Root cause: which of the hypotheses holds, and the change that brought it in."),
    msg("Decisions: what is mended, how the missing rows are restored, who approves it."),
    msg("Lessons: what would have shown the loss earlier."),
    msg("Owner and date of every action."),
)


def todo(view: View) -> Section:
    """Always there: causes, decisions and lessons are not a program's to state."""
    items = tuple((Badge(Tone.TODO, "TODO(human)"), TextSpan(" "), *view.translate(todo)) for todo in _TODO)
    blocks: tuple[Block, ...] = (
        view.para(msg("These are not a program's to state.")),
        Bullets(items),
    )
    return view.section("todo", msg("For a person to fill in"), blocks)


def checks(view: View) -> Section | None:
    """Where the diagnosis leaves something to look at."""

    def make(name: str) -> Iterator[Block]:
        for number, check in enumerate((c for c in view.diagnosis.next_checks if c.session == name), 1):
            yield Para((TextSpan(f"{number}.", strong=True), TextSpan(" "), *view.translate(check.what)))
            if check.command:
                yield Listing(check.command, "sh")
            if check.log_statement:
                yield Listing(check.log_statement, "python")

    return view.per_session(
        "checks",
        msg("Next checks"),
        make,
        msg("In this order; each with the exact command or log statement."),
    )


def verification(view: View, appendices: Appendices) -> Section:
    """Always there: with ``--since`` the proof, without it how to get one."""
    since = view.report.since
    title = view.text(msg("Verification after a fix"))
    if since is None:
        when = view.text(msg("YYYY-MM-DD HH:MM:SS"))
        command = f"{view.command} --since '{when}'"
        return Section(
            "verification",
            title,
            (
                view.para(
                    msg(
                        "After the fix and a restart, run this with the time of the restart on "
                        "fresh logs; earlier logs may stay, they serve as context:"
                    )
                ),
                Listing(command, "sh"),
                view.para(
                    msg(
                        "The fix holds when this section then says that every close after that time "
                        "has its row."
                    )
                ),
            ),
        )
    closes = view.closes()
    blocks: list[Block] = [_verdict(view, closes)]
    if view.report.until:
        blocks.append(
            view.para(msg("Closes from {until} on were not judged."), until=view.time(view.report.until))
        )
    for name in view.sessions:
        mine = [trade for trade in closes if trade.session == name]
        if mine:
            if view.several:
                blocks.append(Sub((*view.translate(msg("Session")), TextSpan(" "), *code(name))))
            blocks.append(appendices.shorten(view, table(view, mine), session=name))
    return Section("verification", title, tuple(blocks))


def _verdict(view: View, closes: Sequence[TradeReport]) -> Callout:
    recorded = sum(trade.row is not None for trade in closes)
    since = view.time(view.report.since)
    if not closes:
        return Callout(
            Tone.MUTED,
            view.text(msg("Nothing verified")),
            (
                view.para(
                    msg("No close was logged since {since}: nothing can be said about the fix."),
                    since=since,
                ),
            ),
        )
    fine = recorded == len(closes)
    said = view.translate(
        msg("{recorded} of {closes} recorded since {since}."),
        recorded=recorded,
        closes=plural_in("of", "{n} close", "{n} closes", len(closes)),
        since=since,
    )
    title = view.text(msg("Every close is recorded") if fine else msg("Closes are still lost"))
    return Callout(Tone.GOOD if fine else Tone.BAD, title, (Para(said),))


def statistics(view: View) -> Section:
    """Always there."""
    said, report = view.report.summary, view.report
    tables = sum(source.kind in ("ledger", "health") for source in report.sources)
    names = join([code(ledger.path) for ledger in report.ledgers[:3]], ", ")
    rest = words(f" +{len(report.ledgers) - 3}") if len(report.ledgers) > 3 else ()  # noqa: PLR2004 - as cut above
    rows: list[tuple[Message, Inline]] = [
        (
            msg("Sources read"),
            view.translate(
                msg("{n}, of them {archives}"),
                n=said.sources,
                archives=plural("{n} archive", "{n} archives", said.archives),
            ),
        ),
        (msg("Copies left out"), view.number(said.duplicates)),
        (
            msg("Records"),
            view.translate(
                msg("{records} in {lines}"),
                records=plural("{n} record", "{n} records", said.records),
                lines=plural("{n} line", "{n} lines", said.lines),
            ),
        ),
        (
            msg("Trades ledgers found"),
            (
                *view.number(len(report.ledgers)),
                *((TextSpan(" ("), *names, *rest, TextSpan(")")) if names else ()),
            ),
        ),
        (msg("CSV files found"), view.number(tables)),
        (msg("Runs of the bot"), view.number(len(report.runs))),
        (msg("Closes"), view.number(said.closes)),
        (msg("Ledger rows"), view.number(said.ledger_rows)),
        (msg("Closes with a row from the recorder"), view.number(said.recorded)),
        (msg("Records at level ERROR or above"), view.number(errors_logged(report))),
        (msg("Errors logged by the recorder"), view.number(said.recorder_errors)),
    ]
    return view.section("statistics", msg("Statistics"), (view.facts(msg("Statistics of the input"), rows),))


def exhibits(view: View, appendices: Appendices) -> Section:
    """Always there; the register is filled when everything cited is known."""
    sums = {(f.path, m.member): m.crc32 for f in view.report.files for m in f.members}
    rows = tuple(
        (
            lines(code(source.address.path), code(source.address.member)),
            view.number(source.bytes),
            view.number(source.records),
            lines(code(source.sha256), words(f"CRC-32 {crc32}") if crc32 else ()),
        )
        for source in view.report.sources
        for crc32 in (sums.get((source.address.path, source.address.member), ""),)
    )
    columns = view.columns("path+member", "bytes>", "records>", "sha256")
    table = view.table(columns, rows, msg("All sources read"), compact=True, records=True)
    sources = appendices.shorten(view, table)
    return view.section(
        "evidence",
        msg("Evidence register"),
        (
            view.para(
                msg(
                    "Everything that this report cites. Bytes count from 0 in the unpacked UTF-8 "
                    "text; SHA-256 is of the file as it lies on disk, the archive where there is one, and "
                    "CRC-32 is what the archive states of a member. UTC is given where a time states its offset or "
                    "--tz states the zone; otherwise the interval that evidence leaves, or “not "
                    "known”."
                )
            ),
            Annex(view.text(PAGE_WORDS["evidence"]), (Register(),)),
            Annex(table.caption, (view.sub(msg("All sources read")), sources)),
        ),
    )


def reproduce(view: View) -> Section:
    """Always there."""
    return view.section(
        "reproduce",
        msg("How to reproduce this report"),
        (
            view.para(
                msg("With logaudit {version}, in the folder that holds the input:"),
                version=view.report.tool_version,
            ),
            Listing(view.command, "sh"),
            Para(
                (
                    *view.translate(msg("The same input gives the same bytes; its digest is")),
                    TextSpan(" "),
                    *code(key_figures(view.report)),
                    TextSpan("."),
                )
            ),
        ),
    )
