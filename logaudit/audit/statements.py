"""What works: a report that lists only faults cannot narrow the cause."""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import Event, EventKind
from logaudit.core.location import Location, Role
from logaudit.core.message import (
    Code,
    Duration,
    Message,
    Param,
    Place,
    Text,
    Time,
    codes,
    msg,
    plural,
    plural_in,
    sentences,
)
from logaudit.core.report import Statement
from logaudit.core.source_code import PathEnd, SourceAnalysis
from logaudit.core.timestamp import DAY, SECOND, iso, offset_text, us_of_day
from logaudit.core.trades import TradeState
from logaudit.diagnosis.hypotheses.another_date import stray_rows
from logaudit.ledger import HealthStatus
from logaudit.reconcile.clocks import fixed_offset, to_utc
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.reconciled import Case, Session


def healthy(case: Case) -> tuple[Statement, ...]:
    """What was checked and found working, session by session."""
    return tuple(
        s
        for session in case.sessions
        for s in (*_healthy(session, case.zone), *_code(session, case.code.get(session.root)))
    )


def _code(session: Session, code: SourceAnalysis | None) -> Iterator[Statement]:
    """That the source has no path left that loses closes."""
    if code is None or not code.sites or code.blind or not all(map(code.proves, code.sites)):
        return
    unknown = sum(site.end is PathEnd.UNKNOWN for site in code.sites)
    yield Statement(
        "no-blind-path",
        session.root,
        sentences(
            plural(
                "No blind path is left in {name}: {n} place that closes a position was followed.",
                "No blind path is left in {name}: {n} places that close a position were followed.",
                len(code.sites),
                name=Code(code.name),
            ),
            plural("{n} of them is not settled.", "{n} of them are not settled.", unknown)
            if unknown
            else None,
        ),
        tuple(site.place for site in code.sites),
    )


def _healthy(session: Session, zone: str) -> Iterator[Statement]:
    yield from _recorder(session)
    yield from _ledgers(session)
    yield from _health_files(session)
    yield from _clocks(session)
    yield from _not_the_zone(session, zone)


def _recorder(session: Session) -> Iterator[Statement]:
    evidence = session.evidence
    for event in evidence.of(EventKind.RECORDER_READY):
        yield Statement(
            "recorder-ready",
            session.root,
            msg("The recorder was initialised at {at}.", at=Time(event.at)),
            (event.locations[0],),
            at=event.at,
        )
    if evidence.streams and session.profile.has(EventKind.RECORDER_FAILED):
        failed = evidence.of(EventKind.RECORDER_FAILED)
        if not failed:
            records = sum(s.records for s in evidence.streams)
            yield Statement(
                "recorder-errors-none",
                session.root,
                msg(
                    "0 recorder errors observed in {records} of {streams}.",
                    records=plural_in("observed in", "{n} record", "{n} records", records),
                    streams=codes(evidence.stream_names),
                ),
                searched=evidence.stream_names,
            )
    closes = session.closed
    if closes and all(t.state is TradeState.RECORDED for t in closes):
        yield Statement(
            "closes-recorded",
            session.root,
            msg("Every logged close is in the ledger ({n} of {n}).", n=len(closes)),
            tuple(t.row.location for t in closes[:1] if t.row),
        )
    fills = session.fills
    if fills and all(fill.rows for fill in fills):
        yield Statement(
            "fills-recorded",
            session.root,
            msg("Every logged fill is in the ledger ({n} of {n}).", n=len(fills)),
            tuple(row.location for row in fills[0].rows[:1]),
        )


def _ledgers(session: Session) -> Iterator[Statement]:
    for ledger in session.ledgers:
        rows = session.recorded_in(ledger)
        file = ledger.ledger
        if (
            not rows
            or file.rejected
            or ledger.third_party_rows
            or len(rows) != len(session.judged_rows_of(ledger))
        ):
            continue
        if any(t.differences for t in rows):
            continue
        yield Statement(
            "ledger-agrees",
            session.root,
            plural(
                "{ledger}: its {n} row agrees with its close in every value.",
                "{ledger}: all {n} rows agree with their closes in every value.",
                len(rows),
                ledger=Place(ledger.address),
            ),
            (ledger.address.as_location(Role.LEDGER),),
        )


def _health_files(session: Session) -> Iterator[Statement]:
    for extract in session.evidence.health:
        health = extract.health
        if health.status is HealthStatus.ALIVE and health.first and health.last:
            given: dict[str, Param] = {
                "title": Text(health.title),
                "path": Place(health.address),
                "rows": plural("{n} row", "{n} rows", health.rows),
                "first": Time(health.first),
                "last": Time(health.last),
                "span": Duration(health.last.us - health.first.us),
            }
            yield Statement(
                "csv-alive",
                session.root,
                msg(
                    "{title} {path}: {rows} from {first} to {last} ({span}): the bot writes CSV files (columns "
                    "{columns}).",
                    columns=Code(health.header),
                    **given,
                )
                if health.header
                else msg(
                    "{title} {path}: {rows} from {first} to {last} ({span}): the bot writes CSV files.",
                    **given,
                ),
                (health.address.as_location(),),
            )


def _clocks(session: Session) -> Iterator[Statement]:
    for ledger in session.ledgers:
        matched = len(session.recorded_in(ledger))
        if ledger.shift.seconds == 0 and matched:
            yield Statement(
                "clocks-agree",
                session.root,
                plural(
                    "{ledger} and the log use one clock: {n} row lies within {window} s of its close.",
                    "{ledger} and the log use one clock: {n} rows lie within {window} s of their closes.",
                    matched,
                    ledger=Place(ledger.address),
                    window=Text(f"{session.profile.ledger.window:g}"),
                ),
                (ledger.address.as_location(Role.LEDGER),),
            )


def _not_the_zone(session: Session, zone: str) -> Iterator[Statement]:
    """For silent losses: whether a file named by another zone's date could hold the row."""
    lost = session.missing
    if not lost:
        return
    close = lost[0].close
    at = close.at.us
    force = in_force(session.ledgers, session.run(lost[0].run), at)
    rows = [r for lc in session.ledgers for r in lc.ledger.rows]
    anywhere = [r for r in rows if abs(r.at.us - at) <= DAY and r.fields.symbol == close.fields.symbol]
    if any(t.row is None and t.backfill is None for t in lost) and not _maybe_zone(session):
        name = force.address if force else session.ledgers[-1].address
        held = (
            msg("{ledger} holds no row at all", ledger=Place(name))
            if force and not force.ledger.rows
            else msg("{ledger} does not hold it under any offset", ledger=Place(name))
        )
        if anywhere:
            held = plural(
                "{held} ({n} row of {symbol} within a day, none fits)",
                "{held} ({n} rows of {symbol} within a day, none fits)",
                len(anywhere),
                held=held,
                symbol=Code(close.fields.symbol),
            )
        yield Statement(
            "time-zone-not-the-cause",
            session.root,
            msg(
                "Time zone is not the cause: {dated}, and for a larger offset its row would be in the previous day's "
                "file; {held}.",
                dated=_dated(close, zone),
                held=held,
            ),
            (close.location, Location(name.path, name.member, role=Role.LEDGER)),
        )


def _dated(close: Event, zone: str) -> Message:
    """Under which offsets a close has its local date in UTC as well."""
    at, midnight = close.at.us, us_of_day(close.at.day)
    given: dict[str, Param] = {
        "time": Text(iso(at, SECOND)[11:]),
        "date": Text(close.at.day.isoformat()),
        "offset": Text(offset_text((at - midnight) // SECOND)),
    }
    if not zone:
        return msg("the close at {time} local lies on {date} in UTC for every offset up to {offset}", **given)
    return msg(
        "the close at {time} local lies on {date} in UTC for every offset up to {offset} (at {zone}: {utc} UTC)",
        zone=Text(zone),
        utc=Text(iso(to_utc(at, fixed_offset(zone, at)), SECOND).replace("T", " ")),
        **given,
    )


def _maybe_zone(session: Session) -> bool:
    """Whether another clock explains rows, or may explain one that shows the figures of a lost trade."""
    shifted = any(lc.shift.seconds or lc.shift.others or lc.shift.changes for lc in session.ledgers)
    return shifted or bool(session.doubted) or bool(stray_rows(session))
