"""What a person should look at next: exact commands, and log statements where only a new line can tell."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from logaudit.core.diagnosis import FailurePoint, Likelihood, NextCheck
from logaudit.core.events import EventKind
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.message import (
    Code,
    Joiner,
    Listed,
    Message,
    Text,
    Time,
    codes,
    msg,
    place,
    plural,
    sentences,
)
from logaudit.core.source_code import PathEnd
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.diagnosis.code_paths import ClosesOfSites, by_sites
from logaudit.diagnosis.hypotheses import HypothesisDraft, SessionFacts
from logaudit.diagnosis.wording import stage_title
from logaudit.profiles import PatternRole
from logaudit.reconcile.positions import Run

#: Hypotheses whose own check is worth a person's time.
_FIRST: Final = 4
#: A share of unexplained lines above which a format string is asked for.
_UNPARSED: Final = 100
#: What the recorder says when all goes well.
_GOES_WELL: Final = (EventKind.RECORDER_READY, EventKind.LEDGER_OPENED, EventKind.TRADE_ACKNOWLEDGED)
_DATE: Final = lazy_pattern(r"\d{4}-\d\d-\d\d")


def next_checks(
    facts: SessionFacts, ranked: Sequence[HypothesisDraft], points: Sequence[FailurePoint]
) -> tuple[NextCheck, ...]:
    """The steps in order: what is not at hand first, then what only the bot itself can say."""
    calls = _calls(facts)
    mends = tuple(NextCheck(facts.session.root, _mended(facts, groups)) for groups in calls)
    if sum(len(group.missing) for groups in calls for group in groups) == len(facts.missing):
        return mends
    return (
        *mends,
        *_start(facts),
        *_formats(facts),
        *_stages(facts, points),
        *_hypotheses(facts, ranked),
    )


def _calls(facts: SessionFacts) -> list[list[ClosesOfSites]]:
    """The calls in the source that lost closes, those that are mended alike together, the gravest first."""
    if facts.code is None:
        return []
    alike: dict[object, list[ClosesOfSites]] = {}
    for group in by_sites(facts.code, facts.session, (PathEnd.DROPPED, PathEnd.BROKEN)):
        if group.missing and not group.recorded:
            first = group.sites[0]
            key = first.closer if first.end is PathEnd.DROPPED else first
            alike.setdefault(key, []).append(group)
    return sorted(alike.values(), key=lambda groups: -sum(len(group.missing) for group in groups))


def _mended(facts: SessionFacts, groups: Sequence[ClosesOfSites]) -> Message:
    """What to change at these places, and what they cost."""
    first = groups[0].sites[0]
    lost = sum(len(group.missing) for group in groups)
    places = Listed(tuple(place(site.place) for group in groups for site in group.sites), Joiner.AND)
    recorders = facts.code.analysis.recorders if facts.code is not None else ()
    if first.end is PathEnd.BROKEN:
        mend = sentences(msg("Mend the call of the recorder at {places}.", places=places), first.why)
    elif len(recorders) == 1:
        mend = msg(
            "At {places}, pass what {closer} returns to {recorder}.",
            places=places,
            closer=Code(first.closer),
            recorder=Code(recorders[0]),
        )
    else:
        mend = msg(
            "At {places}, pass what {closer} returns to the recorder.",
            places=places,
            closer=Code(first.closer),
        )
    return sentences(mend, plural("It explains {n} lost close.", "It explains {n} lost closes.", lost))


def _start(facts: SessionFacts) -> Iterator[NextCheck]:
    """The recorder's first lines, where a run began before the logs at hand."""
    outside = _outside_coverage(facts)
    kinds = (EventKind.RECORDER_READY, EventKind.LEDGER_OPENED)
    terms = _terms(facts, *kinds)
    if not outside or not terms:
        return
    what = msg(
        "Search the logs of the run's start, before {begin}, in every stream ({streams}), for {terms}. If they turn "
        "up, put them beside the others and scan again.",
        begin=Time(Stamp(outside[0].start, SECOND)),
        streams=codes(facts.session.evidence.stream_names),
        terms=Listed(tuple(map(_quoted, terms))),
    )
    yield NextCheck(facts.session.root, what, _grep(facts, terms))


def _quoted(term: str) -> Message:
    return msg("“{term}”", term=Code(term))


def _outside_coverage(facts: SessionFacts) -> list[Run]:
    """Runs with losses that began before the logs at hand."""
    return [run for run in facts.runs if run.started is None]


def _formats(facts: SessionFacts) -> Iterator[NextCheck]:
    """Lines that no layout explains may be the recorder's."""
    sources = [d for s in facts.session.evidence.streams for d in s.sources]
    unread = sum(d.unparsed + d.leading_lines for d in sources)
    if unread * _UNPARSED <= sum(d.lines for d in sources):
        return
    command = (
        f"logaudit scan {shlex.quote(facts.session.root)} --log-format '{{time}} | {{level}} | {{message}}'"
    )
    what = plural(
        "{n} line fits no known layout and may hold the recorder's own: state the bot's format string.",
        "{n} lines fit no known layout and may hold the recorder's own: state the bot's format string.",
        unread,
    )
    yield NextCheck(facts.session.root, what, command)


def _stages(facts: SessionFacts, points: Sequence[FailurePoint]) -> Iterator[NextCheck]:
    """The log statements from the first failed stage on: the next loss then shows how far it gets."""
    failed = {p.stage for p in points if p.stage and p.kind == "run"}
    first = next((i for i, s in enumerate(facts.stages) if s.id in failed), None)
    if first is None:
        return
    for stage in facts.stages[first:]:
        if stage.log_statement:
            what = msg(
                "Log when {what} (stage {id}), and restart the bot.",
                what=stage_title(stage),
                id=Text(stage.id),
            )
            yield NextCheck(facts.session.root, what, log_statement=stage.log_statement.strip("\n"))


def _hypotheses(facts: SessionFacts, ranked: Sequence[HypothesisDraft]) -> Iterator[NextCheck]:
    """The checks of the likeliest causes, and those that a command settles whatever their rank."""
    left = [d for d in ranked if d.likelihood is not Likelihood.REFUTED]
    commands = {
        "written-in-another-folder": _find(facts),
        "apparent-only": _list(facts),
        "log-lines-lost": _test_archives(facts),
        "logged-elsewhere": "" if _outside_coverage(facts) else _grep(facts, _terms(facts, *_GOES_WELL)),
    }
    for i, draft in enumerate(left):
        command = commands.get(draft.id, "")
        if i < _FIRST or command:
            yield NextCheck(facts.session.root, draft.check, command)


def _terms(facts: SessionFacts, *kinds: EventKind) -> list[str]:
    """Texts to search for: those that every line of the recorder's patterns contains."""
    patterns = [p for p in facts.session.profile.patterns if p.event in kinds and p.role is PatternRole.EVENT]
    return list(dict.fromkeys(text.strip() for p in patterns for text in p.literals if text.strip()))


def _folder(facts: SessionFacts) -> str:
    """The folder of the logs, relative to the scanned root."""
    sources = [d for s in facts.session.evidence.streams for d in s.sources]
    folders = {PurePosixPath(d.address.path).parent.as_posix() for d in sources}
    return min(folders, key=lambda f: (len(f), f), default=".")


def _grep(facts: SessionFacts, terms: Sequence[str]) -> str:
    """A search of plain files and zip archives for any of the terms."""
    if not terms:
        return ""
    folder = shlex.quote(_folder(facts))
    words = " ".join(f"-e {shlex.quote(term)}" for term in terms)
    plain = f"grep -rnF {words} {folder}"
    packed = any(d.packed for s in facts.session.evidence.streams for d in s.sources)
    if not packed:
        return plain
    return f'{plain}\nfor f in {folder}/*.zip; do unzip -p "$f" | grep -nFH --label="$f" {words}; done'


def _day_ledger(facts: SessionFacts) -> str:
    """The path that the day's ledger would have, after the example of the one in force."""
    first = facts.missing[0]
    ledger = facts.ledger_of(first)
    if ledger is None or ledger.address.member:
        return ""
    path = PurePosixPath(ledger.address.path)
    name = _DATE.sub(first.at.day.isoformat(), path.name)
    return (path.parent / name).as_posix()


def _find(facts: SessionFacts) -> str:
    path = _day_ledger(facts)
    return f"find / -name {shlex.quote(PurePosixPath(path).name)} 2>/dev/null" if path else ""


def _list(facts: SessionFacts) -> str:
    path = _day_ledger(facts)
    return f"ls -l {shlex.quote(path)}" if path else ""


def _test_archives(facts: SessionFacts) -> str:
    return f'for f in {shlex.quote(_folder(facts))}/*.zip; do unzip -tq "$f"; done'
