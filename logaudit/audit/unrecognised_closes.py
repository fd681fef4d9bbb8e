"""Reads logs in which no close was recognised a second time, for the lines that may tell of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from logaudit.core.location import Address
from logaudit.ingest.close_candidates import CloseCandidate, close_candidates
from logaudit.ingest.format_choice import formats_used
from logaudit.ingest.read_context import ReadContext
from logaudit.reconcile.expectations import (
    expected_closes,
    rows_in_logs,
    symbols_that_may_close,
)
from logaudit.reconcile.expected_closes import ExpectedCloses
from logaudit.reconcile.reconciled import Session
from logaudit.sources import Source

#: Lines that tell of a close of a position which no pattern knows; a single one may be anything.
_FEWEST: Final = 2


def closes_expected(
    session: Session, sources: Mapping[Address, Source], context: ReadContext, *, marked: bool
) -> ExpectedCloses | None:
    """What says that a session that shows no closes should show some.

    Args:
        session: the session; sources, context: what it was read from, and how.
        marked: whether its bot is known by its own marks. Its close lines are in its profile: where none of them was
            written, other lines of it prove nothing.
    """
    return expected_closes(session, () if marked else _candidates(session, sources, context)) or None


def _candidates(
    session: Session, sources: Mapping[Address, Source], context: ReadContext
) -> tuple[CloseCandidate, ...]:
    """Wordings of all logs of a session, the most frequent first.

    An amount without a closing word, told more often than there was anything to close, is a price or a running
    result.
    """
    from logaudit.learn import market_of_close  # noqa: PLC0415 - usual scans need none of it

    symbols = symbols_that_may_close(session)
    known = {place for event in session.evidence.events for place in event.locations}
    log_formats = context.log_formats(session.profile.name)
    found: dict[str, CloseCandidate] = {}
    for log in (log for stream in session.evidence.streams for log in stream.sources):
        if (source := sources.get(log.address)) is None:
            continue
        told = frozenset(place.line for place in known if place.address == log.address)
        used = formats_used(log, source, log_formats, context.encoding or None)
        for one in close_candidates(source, used, context.encoding, symbols, told, market_of_close):
            first = found.get(one.template)
            found[one.template] = one if first is None else replace(first, count=first.count + one.count)
    most = len(session.positions) + len(rows_in_logs(session))
    enough = sum(one.count for one in found.values() if not one.opened) >= _FEWEST
    likely = (o for o in found.values() if (o.worded or o.count <= most if o.opened else enough))
    return tuple(sorted(likely, key=lambda c: (-c.count, c.place)))
