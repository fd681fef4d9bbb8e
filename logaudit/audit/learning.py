"""Learns the wording of closes that are not recognised, all of a session's or a part, and reads its logs with it.

What learns is imported where it is called: usual scans need none of it.
"""

# ruff: noqa: PLC0415 - said above

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from logaudit.audit.second_wordings import tells_again
from logaudit.core.events import Event, EventKind
from logaudit.core.location import Address, SourceKind
from logaudit.core.message import Code, Message, msg, plural
from logaudit.core.timestamp import HOUR, SECOND
from logaudit.core.trades import EntryKind, LedgerEntry, symbol_key
from logaudit.ingest.dating import with_date
from logaudit.ingest.extract import extract
from logaudit.ingest.format_choice import formats_used
from logaudit.ingest.read_context import ReadContext, log_formats_of
from logaudit.ingest.source_extract import (
    LogExtract,
    SourceExtract,
)
from logaudit.profiles import BUILT_IN, Profile
from logaudit.reconcile.believed_closes import possible_patterns
from logaudit.reconcile.expectations import lacks_sure_closes, orphans
from logaudit.reconcile.learned_reach import is_learned
from logaudit.reconcile.normalize import SessionEvidence, merge
from logaudit.reconcile.reconciled import Session
from logaudit.sources import Source

if TYPE_CHECKING:
    from decimal import Decimal

    from logaudit.learn import Candidate, Learned, LogMessage, ReadAsClose

#: Rows without which nothing is learned, and how far clocks may lie apart.
_FEWEST: Final = 3
_FARTHEST: Final = 26 * HOUR


class Taught(Struct, frozen=True):
    """A session read anew with what its rows taught.

    Attributes:
        toml: the profile as a file; why: for the report.
    """

    evidence: SessionEvidence
    extracts: Sequence[SourceExtract]
    toml: str
    why: Message


def learn_closes(
    session: Session,
    extracts: Sequence[SourceExtract],
    sources: Mapping[Address, Source],
    context: ReadContext,
    zone: str,
) -> Taught | None:
    """A session read anew, where its rows make known closes that no pattern recognises.

    Where closes are recognised, only the rows that these leave over teach.
    """
    evidence = session.evidence
    rows = _rows(evidence) if evidence.profile.name in BUILT_IN else []
    if rows and not lacks_sure_closes(session):
        left = {row.location for row in orphans(session)}
        rows = [row for row in rows if row.location in left]
    if len(rows) < _FEWEST or evidence.span is None:
        return None
    from logaudit.learn import Way, learn

    span = evidence.span.start, evidence.span.end
    for way in Way:
        learned = learn(rows, _messages(evidence, sources, context), span, way=way)
        if learned is None and way is Way.VALUES:
            return None
        taught = learned and _taught(learned, evidence, extracts, sources, context, zone)
        if taught:
            return taught
    return None


def candidates_by_root(
    sessions: Iterable[Session], sources: Sequence[Source], context: ReadContext
) -> dict[str, tuple[Candidate, ...]]:
    """Root of each session in which no close is recognised → the wordings that may tell of one."""
    from logaudit.learn import candidates

    by_address = {source.address: source for source in sources}
    found: dict[str, tuple[Candidate, ...]] = {}
    for session in sessions:
        if lacks_sure_closes(session) and session.profile.name in BUILT_IN:
            symbols = {symbol_key(row.fields.symbol) for row in session.rows}
            listed = candidates(_messages(session.evidence, by_address, context), symbols)
            if listed:
                found[session.root] = listed
    return found


def _rows(evidence: SessionEvidence) -> list[LedgerEntry]:
    """The closed trades that lie in the logs' time on some clock."""
    span = evidence.span
    return [
        row
        for ledger in evidence.ledgers
        for row in ledger.ledger.rows
        if span is not None
        and row.kind is EntryKind.CLOSED_TRADE
        and row.fields.symbol
        and span.start - _FARTHEST <= row.at.us <= span.end + _FARTHEST
    ]


def _messages(
    evidence: SessionEvidence, sources: Mapping[Address, Source], context: ReadContext
) -> Iterator[LogMessage]:
    from logaudit.learn import read_messages

    known: dict[Address, set[int]] = defaultdict(set)
    guessed = possible_patterns(evidence.profile)
    for event in (event for event in evidence.events if event.pattern not in guessed):
        for place in event.locations:
            known[place.address].add(place.line)
    log_formats = context.log_formats(evidence.profile.name)
    for stream in evidence.streams:
        for log in stream.sources:
            if (source := sources.get(log.address)) is not None:
                used = formats_used(log, source, log_formats, context.encoding or None)
                first = log.first.us if log.dated_by is not None and log.first is not None else None
                yield from read_messages(source, used, context.encoding, known[log.address], first)


def _taught(
    learned: Learned,
    evidence: SessionEvidence,
    extracts: Sequence[SourceExtract],
    sources: Mapping[Address, Source],
    context: ReadContext,
    zone: str,
) -> Taught | None:
    """The session read with what was learned; None where most of the lines so worded have no row, or open positions."""
    from logaudit.learn import MOST_SAID, lesson_of, profile_of, tells_of_both_ends, toml_of

    lesson = lesson_of(learned)
    profile = profile_of(lesson, evidence.profile)
    again = [_again(e, profile, sources, context) for e in extracts]
    new = merge(evidence.root, again, profile, zone)
    first, last = learned.span
    told = new.of(EventKind.POSITION_CLOSED)
    closes = [close for close in told if is_learned(close) and first <= close.at.us <= last]
    if tells_again(closes, [close for close in told if not is_learned(close)]):
        return None
    if not closes or len({close.at.us // SECOND for close in closes}) > MOST_SAID * learned.rows:
        return None
    if tells_of_both_ends(_read_as_closes(closes, learned), _entry_prices(evidence)):
        return None
    why = msg(
        "learned from {rows} that match lines of the log; {command} writes the profile",
        rows=plural("{n} row", "{n} rows", learned.rows),
        command=Code("logaudit learn"),
    )
    return Taught(new, again, toml_of(lesson, evidence.profile), why)


def _read_as_closes(closes: Iterable[Event], learned: Learned) -> Iterator[ReadAsClose]:
    """The closes of the streams that taught: what another log tells of is not the other end of their trades."""
    from logaudit.learn import ReadAsClose

    places = [line.message.place for wording in learned.wordings for line in wording.lines]
    taught = {(place.address, place.line) for place in places}
    told = [(close, any((at.address, at.line) in taught for at in close.locations)) for close in closes]
    streams = {close.stream for close, recorded in told if recorded}
    for close, recorded in told:
        if close.stream in streams:
            yield ReadAsClose(symbol_key(close.fields.symbol), close.at.us, close.fields.exit_price, recorded)


def _entry_prices(evidence: SessionEvidence) -> dict[str, list[Decimal]]:
    """By the key of the symbol, the prices at which the positions of all rows were opened."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    for ledger in evidence.ledgers:
        opened = (aside.entry for aside in ledger.ledger.aside if aside.entry is not None)
        for row in (*ledger.ledger.rows, *opened):
            if row.fields.entry_price:
                found[symbol_key(row.fields.symbol)].append(row.fields.entry_price)
    return found


def _again(
    read: SourceExtract, profile: Profile, sources: Mapping[Address, Source], context: ReadContext
) -> SourceExtract:
    source = sources.get(read.address)
    if not isinstance(read, LogExtract) or source is None:
        return read
    log_formats = log_formats_of((*context.formats, *profile.formats))
    hashed = bool(read.sha256)
    again = extract(source, SourceKind.LOG, profile, log_formats, context.encoding or None, hashed=hashed)
    if isinstance(again, LogExtract) and read.dated_by is not None and read.first is not None:
        return with_date(again, read.first.day, read.dated_by)
    return again
