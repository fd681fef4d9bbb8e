"""What stands before the sections: that this is a draft, of what, and by what."""

from __future__ import annotations

import hashlib

from logaudit.core.report import Report
from logaudit.renderers.document.document import Block, Callout, Inline, Para, Tone
from logaudit.renderers.document.translator import code, join, words
from logaudit.renderers.document.view import View


def lead(view: View) -> tuple[Block, ...]:
    """The banner and the facts about the input."""
    report = view.outcome
    banner = Callout(Tone.TODO, view.text("draft.title"), (Para(view.translate("draft.text")),))
    rows: list[tuple[Inline, Inline]] = [
        (
            view.translate("lead.digest"),
            (*code(key_figures(report)), *view.translate("lead.digest.of", n=len(report.sources))),
        ),
        (view.translate("lead.span"), words(_span(view))),
        (view.translate("lead.profile"), _profiles(view)),
        (
            view.translate("lead.zone"),
            view.translate("zone.stated", zone=report.zone) if report.zone else view.translate("zone.none"),
        ),
    ]
    if report.since or report.until:
        rows.append((view.translate("lead.window"), _window(view)))
    rows.append((view.translate("lead.made"), view.translate("lead.made.by", version=report.tool_version)))
    return (banner, view.facts("lead.caption", rows))


def key_figures(report: Report) -> str:
    """SHA-256 over the sorted SHA-256 of all sources, each followed by a line feed."""
    hashes = sorted(source.sha256 for source in report.sources)
    return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()


def _span(view: View) -> str:
    intervals = [interval for stream in view.outcome.coverage for interval in stream.intervals]
    if not intervals:
        return view.text("span.none")
    first, last = min(first for first, _ in intervals), max(last for _, last in intervals)
    return view.span(first.removesuffix(".000"), last.removesuffix(".000"))


def _profiles(view: View) -> Inline:
    names = list(dict.fromkeys(choice.name for choice in view.outcome.profiles))
    return join([code(name) for name in names], ", ") or view.translate("none")


def _window(view: View) -> Inline:
    since, until = view.outcome.since, view.outcome.until
    if since and until:
        return view.translate("window.both", since=view.time(since), until=view.time(until))
    return (
        view.translate("window.since", since=view.time(since))
        if since
        else view.translate("window.until", until=view.time(until))
    )
