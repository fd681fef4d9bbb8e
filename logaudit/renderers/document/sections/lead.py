"""What stands before the sections: that this is a draft, of what, and by what."""

from __future__ import annotations

import hashlib

from logaudit.core.message import Message, label, msg, plural
from logaudit.core.report import Report
from logaudit.core.timestamp import shortest
from logaudit.renderers.document.document import Badge, Block, Callout, Inline, TextSpan, Tone
from logaudit.renderers.document.translator import code, join, words
from logaudit.renderers.document.verdict_words import VERDICTS
from logaudit.renderers.document.view import View
from logaudit.renderers.headline import Heading, headline
from logaudit.renderers.wording import finding_counts, span


def lead(view: View) -> tuple[Block, ...]:
    """The banner and the facts about the input."""
    report = view.report
    banner = Callout(
        Tone.TODO,
        view.text(msg("Draft")),
        (
            view.para(
                msg(
                    "Made by a program from logs and ledgers alone. Figures, times and citations "
                    "are facts of the input; cause, decisions and lessons are left to a person and "
                    "marked **TODO(human)**. A line that is not there is **not observed**, which is "
                    "not the same as did not happen."
                )
            ),
        ),
    )
    rows: list[tuple[Message, Inline]] = [
        (
            msg("Input digest"),
            (
                *code(key_figures(report)),
                *view.translate(
                    msg(" (SHA-256 over the sorted SHA-256 of {n})"),
                    n=plural("{n} file", "{n} files", sum(bool(file.sha256) for file in report.files)),
                ),
            ),
        ),
        (msg("Logs at hand"), words(_span(view))),
        (msg("Profile"), _profiles(view)),
        (
            msg("Time zone"),
            view.translate(msg("{zone}, as stated by --tz"), zone=report.zone)
            if report.zone
            else view.translate(
                msg("not stated: times are the bot's own clock; UTC is given only where evidence bounds it")
            ),
        ),
    ]
    if report.since or report.until:
        rows.append((msg("Judged"), _window(view)))
    rows.append(
        (
            msg("Made by"),
            view.translate(msg("logaudit {version}"), version=report.tool_version),
        )
    )
    return (banner, *_incident(view), view.facts(msg("About this report"), rows))


def _incident(view: View) -> tuple[Block, ...]:
    """What a post-mortem begins with, where something went wrong; what only people know is left to them."""
    heading = headline(view.report).heading
    if heading not in (Heading.LOST, Heading.RESTORED, Heading.FAULTY):
        return ()
    said = view.report.summary
    todo = (Badge(Tone.TODO, "TODO(human)"),)
    gravest = min(
        (finding.severity for finding in view.report.findings), key=lambda one: one.rank, default=None
    )
    restored = plural(
        "{n} row was restored by another writer; the cause: {todo}",
        "{n} rows were restored by another writer; the cause: {todo}",
        said.backfilled,
    )
    rows: list[tuple[Message, Inline]] = [
        (label("incident", "Status"), words(view.text(VERDICTS[heading]), strong=True)),
        (
            label("incident", "Severity"),
            todo
            if gravest is None
            else (view.severity(gravest), TextSpan(" "), *view.translate(finding_counts(said))),
        ),
        (label("incident", "First loss"), view.time(said.first_loss)),
        (label("incident", "Detected"), todo),
        (label("incident", "Mended"), view.translate(restored, todo=todo) if said.backfilled else todo),
        (label("incident", "Owner"), todo),
        (label("incident", "Actions"), todo),
    ]
    return (view.facts(msg("Incident"), rows),)


def key_figures(report: Report) -> str:
    """SHA-256 over the sorted SHA-256 of all files that have one, each followed by a line feed."""
    hashes = sorted(file.sha256 for file in report.files if file.sha256)
    return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()


def _span(view: View) -> str:
    intervals = [interval for stream in view.report.coverage for interval in stream.intervals]
    if not intervals:
        return view.text(msg("none"))
    first, last = min(first.us for first, _ in intervals), max(last.us for _, last in intervals)
    return span(shortest(first), shortest(last))


def _profiles(view: View) -> Inline:
    names = list(dict.fromkeys(choice.name for choice in view.report.profiles))
    return join([code(name) for name in names], ", ") or view.translate(msg("none"))


def _window(view: View) -> Inline:
    since, until = view.report.since, view.report.until
    if since and until:
        return view.translate(
            msg("closes and rows from {since} until before {until}; earlier logs serve as context"),
            since=view.time(since),
            until=view.time(until),
        )
    return (
        view.translate(
            msg("closes and rows from {since} on; earlier logs serve as context"), since=view.time(since)
        )
        if since
        else view.translate(msg("closes and rows before {until}"), until=view.time(until))
    )
