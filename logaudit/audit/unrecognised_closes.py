"""Reads logs in which no close was recognised a second time, for the lines that may tell of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from logaudit.core.location import Address
from logaudit.ingest.close_candidates import CloseCandidate, close_candidates
from logaudit.ingest.format_choice import formats_used
from logaudit.ingest.read_context import ReadContext
from logaudit.reconcile.expectations import (
    expected_closes,
    lacks_closes,
    rows_in_logs,
    symbols_that_may_close,
)
from logaudit.reconcile.expected_closes import ExpectedCloses
from logaudit.reconcile.reconciled import Session
from logaudit.sources import Source


def expected_by_root(
    sessions: Sequence[Session], sources: Sequence[Source], context: ReadContext
) -> dict[str, ExpectedCloses]:
    """Root of each session that should show closes and shows none → what says so."""
    by_address = {source.address: source for source in sources}
    found = {
        session.root: expected_closes(session, _candidates(session, by_address, context))
        for session in sessions
        if lacks_closes(session)
    }
    return {root: expected for root, expected in found.items() if expected}


def _candidates(
    session: Session, sources: Mapping[Address, Source], context: ReadContext
) -> tuple[CloseCandidate, ...]:
    """Wordings of all logs of a session, the most frequent first.

    An amount without a closing word, told more often than there was anything to close, is a price or a running
    result. A bot that is known by its own marks has its close lines in its profile: where none of them was
    written, other lines of it prove nothing.
    """
    symbols = symbols_that_may_close(session)
    if not symbols or session.profile.markers:
        return ()
    known = {place for event in session.evidence.events for place in event.locations}
    log_formats = context.log_formats(session.profile.name)
    found: dict[str, CloseCandidate] = {}
    for log in (log for stream in session.evidence.streams for log in stream.sources):
        if (source := sources.get(log.address)) is None:
            continue
        told = frozenset(place.line for place in known if place.address == log.address)
        used = formats_used(log, source, log_formats, context.encoding or None)
        for one in close_candidates(source, used, context.encoding, symbols, told):
            first = found.get(one.template)
            found[one.template] = one if first is None else replace(first, count=first.count + one.count)
    most = len(session.positions) + len(rows_in_logs(session))
    likely = (one for one in found.values() if one.worded or one.count <= most)
    return tuple(sorted(likely, key=lambda c: (-c.count, c.place)))
