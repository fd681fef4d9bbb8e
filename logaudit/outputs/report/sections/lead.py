"""What stands before the sections: that this is a draft, of what, and by what."""

from __future__ import annotations

import hashlib

from logaudit.model.outcome import Outcome
from logaudit.outputs.report.document import Block, Callout, Inline, Para, Tone
from logaudit.outputs.report.speech import code, join, words
from logaudit.outputs.report.view import View


def lead(view: View) -> tuple[Block, ...]:
    """The banner and the facts about the input."""
    outcome = view.outcome
    banner = Callout(Tone.TODO, view.text("draft.title"), (Para(view.say("draft.text")),))
    rows: list[tuple[Inline, Inline]] = [
        (
            view.say("lead.digest"),
            (*code(digest(outcome)), *view.say("lead.digest.of", n=len(outcome.sources))),
        ),
        (view.say("lead.span"), words(_span(view))),
        (view.say("lead.profile"), _profiles(view)),
        (
            view.say("lead.zone"),
            view.say("zone.stated", zone=outcome.zone) if outcome.zone else view.say("zone.none"),
        ),
    ]
    if outcome.since or outcome.until:
        rows.append((view.say("lead.window"), _window(view)))
    rows.append((view.say("lead.made"), view.say("lead.made.by", version=outcome.tool_version)))
    return (banner, view.facts("lead.caption", rows))


def digest(outcome: Outcome) -> str:
    """SHA-256 over the sorted SHA-256 of all sources, each followed by a line feed."""
    hashes = sorted(source.sha256 for source in outcome.sources)
    return hashlib.sha256("".join(f"{one}\n" for one in hashes).encode()).hexdigest()


def _span(view: View) -> str:
    intervals = [interval for stream in view.outcome.coverage for interval in stream.intervals]
    if not intervals:
        return view.text("span.none")
    first, last = min(first for first, _ in intervals), max(last for _, last in intervals)
    return view.span(first.removesuffix(".000"), last.removesuffix(".000"))


def _profiles(view: View) -> Inline:
    names = list(dict.fromkeys(choice.name for choice in view.outcome.profiles))
    return join([code(name) for name in names], ", ") or view.say("none")


def _window(view: View) -> Inline:
    since, until = view.outcome.since, view.outcome.until
    if since and until:
        return view.say("window.both", since=view.time(since), until=view.time(until))
    return (
        view.say("window.since", since=view.time(since))
        if since
        else view.say("window.until", until=view.time(until))
    )
