"""LA404 unparsed-lines.

# What it finds

Text that no dialect explains, beyond a share of the stream; a pattern of the profile that used to match and no
longer does while its words still occur; close blocks whose figures are not at hand. Numbers of more than 64 digits
before or after the point, and counters of more than 18, which count as not logged; times outside of the years 1990 to
2199.

# Why it matters

What cannot be read cannot be judged: a changed log format makes every later claim of absence worthless.

# Example

After an update the bot writes `POSITION CLOSED -> BTC-USDT` instead of `POSITION CLOSED: BTC-USDT`.

# What to do

Pass the bot's own format string with --log-format, or mend the profile's pattern and check it with
`logaudit profile check`. Lines behind the 10,000 that one record keeps count among these, too; where they are
no accident, raise `limits.record-lines`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import FieldName, Unread
from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Code, Place, Share, Text, Time, codes, label, msg, plural, plural_in
from logaudit.core.money import out_of_bounds
from logaudit.core.text import CUT
from logaudit.core.timestamp import FIRST_YEAR, LAST_YEAR, SECOND, is_trading_time, iso
from logaudit.ingest.source_extract import LogExtract
from logaudit.reconcile.normalize import Stream
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import report
from logaudit.rules.wording import EVENTS

RULE = Rule(
    "LA404",
    "unparsed-lines",
    Severity.WARNING,
    "text that no dialect explains; a template that vanished",
    label("rule", "lines that no known format explains"),
    needs=Needs.LOGS,
)

#: Stray lines happen; a share like this means a format that is not understood.
SHARE: Final = 0.01
AT_LEAST: Final = 5
#: So many near misses after the last match make a vanished template.
NEAR: Final = 3


def check(case: Case) -> Iterator[Finding]:
    """Unparsed shares by stream, vanished patterns, cut blocks, then values that mean nothing."""
    for session in case.sessions:
        for stream in session.evidence.streams:
            yield from _unparsed(session, stream)
            yield from _vanished(session, stream)
        yield from _cut(session)
        yield from _numbers(session)
        yield from _times(session)


def _unparsed(session: Session, stream: Stream) -> Iterator[Finding]:
    bad = sum(s.unparsed for s in stream.sources)
    # Lines are counted by their ends; a last one may have none.
    total = max(sum(s.lines for s in stream.sources), bad, 1)
    if bad < AT_LEAST or bad < SHARE * total:
        return
    yield report(
        RULE,
        session,
        plural(
            "{n} line of {stream} ({share} of {total}) fit no known log format.",
            "{n} lines of {stream} ({share} of {total}) fit no known log format.",
            bad,
            stream=Code(stream.name),
            share=Share(Decimal(round(100 * bad / total)) / 100),
            total=total,
        ),
        [_quoted(s, e.line, e.byte, e.text) for s in stream.sources for e in s.unparsed_samples][:5],
        (stream.name, "unparsed"),
        data={"stream": stream.name, "unparsed": bad, "lines": total},
        remedy=msg("Pass the bot's own format string with {flag}.", flag=Code("--log-format")),
    )


def _vanished(session: Session, stream: Stream) -> Iterator[Finding]:
    patterns = sorted({p for s in stream.sources for p in s.tallies})
    for pattern in patterns:
        tallies = [(s, t) for s in stream.sources if (t := s.tallies.get(pattern)) is not None]
        hits = [i for i, (_, t) in enumerate(tallies) if t.hits]
        if _of_failures(session, pattern):
            continue
        # Near misses beside matches are chatter that shares a word; only a clean break is a change.
        if not hits or any(t.near_misses for _, t in tallies[: hits[-1] + 1]):
            continue
        after = tallies[hits[-1] + 1 :]
        near = sum(t.near_misses for _, t in after)
        if near < NEAR:
            continue
        source, first = next((s, t.first_near_miss) for s, t in after if t.first_near_miss is not None)
        assert first is not None  # noqa: S101 - near misses have a first
        yield report(
            RULE,
            session,
            plural(
                "Pattern '{pattern}' of profile {profile} last matched in {last}; since then {n} line of "
                "{stream} hold its words but do not fit it: the bot may have changed its wording.",
                "Pattern '{pattern}' of profile {profile} last matched in {last}; since then {n} lines of "
                "{stream} hold its words but do not fit it: the bot may have changed its wording.",
                near,
                pattern=Code(pattern),
                profile=Code(session.profile.name),
                last=Place(tallies[hits[-1]][0].address),
                stream=Code(stream.name),
            ),
            [_quoted(source, first.line, first.byte, first.text)],
            (stream.name, pattern),
            data={
                "stream": stream.name,
                "pattern": pattern,
                "near": near,
                "last": str(tallies[hits[-1]][0].address),
            },
            remedy=msg("Compare the quoted line with the profile's pattern."),
        )


def _of_failures(session: Session, pattern: str) -> bool:
    """Whether a pattern words the recorder's failures: a recorder that no longer fails has changed no wording."""
    return any(p.id == pattern and p.event is EventKind.RECORDER_FAILED for p in session.profile.patterns)


def _cut(session: Session) -> Iterator[Finding]:
    for cut in session.evidence.cuts:
        event = cut.event
        yield report(
            RULE,
            session,
            msg(
                "The {kind} record at {at} lacks {fields}: the lines that hold them are not at hand.",
                kind=EVENTS[event.kind],
                at=Time(event.at),
                fields=codes(cut.lacking),
            ),
            [event.locations[0]],
            (event.kind.value, iso(event.at.us, SECOND)),
            severity=Severity.NOTE,
            at=event.at,
            data={"at": event.at.iso(), "kind": event.kind.value, "lacking": list(cut.lacking)},
        )


def _numbers(session: Session) -> Iterator[Finding]:
    """Numbers that are too long to be judged, by stream and field."""
    found: dict[tuple[str, FieldName], list[Location]] = defaultdict(list)
    for event in session.evidence.events:
        for unread in event.captures.unread:
            if _too_long(unread):
                found[event.stream, unread.field].append(unread.place or event.location)
    for (stream, name), places in sorted(found.items()):
        yield report(
            RULE,
            session,
            msg(
                "{field} has more digits than can be judged in {records} of {stream}: it counts as not logged.",
                field=Code(name.value),
                records=plural_in("of", "{n} record", "{n} records", len(places)),
                stream=Code(stream),
            ),
            places[:5],
            (stream, name.value, "out of bounds"),
            data={"stream": stream, "field": name.value, "records": len(places)},
            remedy=msg("Compare the quoted line with what the bot meant to print."),
        )


def _too_long(unread: Unread) -> bool:
    text = unread.text.removesuffix(CUT)
    return out_of_bounds(text) or (unread.field is FieldName.COUNTER and text.replace(",", "").isdecimal())


def _times(session: Session) -> Iterator[Finding]:
    """Events at times when no bot can have traded, by stream."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in session.evidence.events:
        if not is_trading_time(event.at.us):
            found[event.stream].append(event)
    for stream, events in sorted(found.items()):
        yield report(
            RULE,
            session,
            plural(
                "{n} record of {stream} lies outside of the years {first} to {last}, at {at}: the clock may never have "
                "been set.",
                "{n} records of {stream} lie outside of the years {first} to {last}, the first at {at}: the clock may "
                "never have been set.",
                len(events),
                stream=Code(stream),
                first=Text(str(FIRST_YEAR)),
                last=Text(str(LAST_YEAR)),
                at=Time(events[0].at),
            ),
            [event.location for event in events[:5]],
            (stream, "no time of trading"),
            at=events[0].at,
            data={"stream": stream, "records": len(events), "at": events[0].at.iso()},
            remedy=msg("Set the machine's clock before the bot starts."),
        )


def _quoted(source: LogExtract, line: int, byte: int, text: str) -> Location:
    return Location(source.address.path, source.address.member, line, text=text, byte=byte)
