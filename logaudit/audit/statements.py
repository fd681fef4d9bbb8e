"""What works, and what could not be judged: a report that lists only faults cannot narrow the cause."""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import EventKind
from logaudit.core.location import Location, Role
from logaudit.core.report import Statement
from logaudit.core.text import plural
from logaudit.core.timestamp import DAY, SECOND, iso, offset_text, span_text, us_of_day
from logaudit.core.trades import TradeState
from logaudit.ledger import HealthStatus
from logaudit.reconcile.clocks import fixed_offset, to_utc
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.positions import PositionStatus
from logaudit.reconcile.reconciled import Case, Session


def healthy(case: Case) -> tuple[Statement, ...]:
    """What was checked and found working, session by session."""
    return tuple(s for session in case.sessions for s in _healthy(session, case.zone))


def unjudged(case: Case) -> tuple[Statement, ...]:
    """What nothing can be claimed about, and why."""
    return tuple(s for session in case.sessions for s in _unjudged(session))


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
            f"The recorder was initialised at {event.at.iso()}.",
            (event.locations[0],),
            data={"at": event.at.iso()},
        )
    if evidence.streams and session.profile.has(EventKind.RECORDER_FAILED):
        failed = evidence.of(EventKind.RECORDER_FAILED)
        if not failed:
            records = sum(s.records for s in evidence.streams)
            yield Statement(
                "recorder-errors-none",
                session.root,
                f"0 recorder errors observed in {plural(records, 'record')} of {', '.join(evidence.stream_names)}.",
                searched=evidence.stream_names,
                data={"records": records},
            )
    closes = session.closed
    if closes and all(t.state is TradeState.RECORDED for t in closes):
        yield Statement(
            "closes-recorded",
            session.root,
            f"Every logged close is in the ledger ({len(closes)} of {len(closes)}).",
            tuple(t.row.location for t in closes[:1] if t.row),
            data={"closes": len(closes)},
        )


def _ledgers(session: Session) -> Iterator[Statement]:
    for ledger in session.ledgers:
        rows = [t for t in session.closed if t.row and t.row.location.address == ledger.address]
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
            f"{ledger.address}: all {len(rows)} rows agree with their closes in every value.",
            (Location(ledger.address.path, ledger.address.member, role=Role.LEDGER),),
            data={"ledger": str(ledger.address), "rows": len(rows)},
        )


def _health_files(session: Session) -> Iterator[Statement]:
    for extract in session.evidence.health:
        health = extract.health
        if health.status is HealthStatus.ALIVE and health.first and health.last:
            span = span_text(health.last.us - health.first.us)
            yield Statement(
                "csv-alive",
                session.root,
                f"{health.title} {health.address}: {plural(health.rows, 'row')} from {health.first.iso()} to "
                f"{health.last.iso()} ({span}): the bot writes CSV files"
                + (f" (columns {health.header})." if health.header else "."),
                (Location(health.address.path, health.address.member, role=Role.LOG),),
                data={
                    "title": health.title,
                    "path": str(health.address),
                    "rows": health.rows,
                    "first": health.first.iso(),
                    "last": health.last.iso(),
                    "span_us": health.last.us - health.first.us,
                    "header": health.header,
                },
            )


def _clocks(session: Session) -> Iterator[Statement]:
    for ledger in session.ledgers:
        matched = sum(1 for t in session.closed if t.row and t.row.location.address == ledger.address)
        if ledger.shift.seconds == 0 and matched:
            yield Statement(
                "clocks-agree",
                session.root,
                f"{ledger.address} and the log use one clock: {plural(matched, 'row')} lie within "
                f"{session.profile.ledger.window:g} s of their closes.",
                (Location(ledger.address.path, ledger.address.member, role=Role.LEDGER),),
                data={
                    "ledger": str(ledger.address),
                    "rows": matched,
                    "window": f"{session.profile.ledger.window:g}",
                },
            )


def _not_the_zone(session: Session, zone: str) -> Iterator[Statement]:
    """For silent losses: whether a file named by another zone's date could hold the row."""
    lost = session.missing
    if not lost:
        return
    close = lost[0].close
    at = close.at.us
    midnight = us_of_day(close.at.day)
    turn = (at - midnight) // SECOND
    force = in_force(session.ledgers, session.run(lost[0].run), at)
    rows = [r for lc in session.ledgers for r in lc.ledger.rows]
    anywhere = [r for r in rows if abs(r.at.us - at) <= DAY and r.fields.symbol == close.fields.symbol]
    if any(t.row is None and t.backfill is None for t in lost) and not _explained_by_zone(session):
        name = force.address if force else session.ledgers[-1].address
        held = (
            "holds no row at all" if force and not force.ledger.rows else "does not hold it under any offset"
        )
        stated = utc = ""
        if zone:
            utc = iso(to_utc(at, fixed_offset(zone, at)), SECOND).replace("T", " ")
            stated = f" (at {zone}: {utc} UTC)"
        yield Statement(
            "time-zone-not-the-cause",
            session.root,
            f"Time zone is not the cause: the close at {iso(at, SECOND)[11:]} local lies on {close.at.day.isoformat()} "
            f"in UTC for every offset up to {offset_text(turn)}{stated}, and for a larger offset its row would be in "
            f"the previous day's file; {name} {held}"
            + (
                f" ({plural(len(anywhere), 'row')} of {close.fields.symbol} within a day, none fits)."
                if anywhere
                else "."
            ),
            (close.location, Location(name.path, name.member, role=Role.LEDGER)),
            data={
                "closed": iso(at, SECOND),
                "date": close.at.day.isoformat(),
                "largest_offset": offset_text(turn),
                "zone": zone,
                "utc": utc,
                "ledger": str(name),
                "ledger_rows": len(force.ledger.rows) if force else None,
                "symbol": close.fields.symbol,
                "rows_near": len(anywhere),
            },
        )


def _explained_by_zone(session: Session) -> bool:
    return any(lc.shift.seconds for lc in session.ledgers)


def _unjudged(session: Session) -> Iterator[Statement]:
    evidence = session.evidence
    if not evidence.streams and session.ledgers:
        names = ", ".join(str(lc.address) for lc in session.ledgers)
        yield Statement(
            "no-logs",
            session.root,
            f"No log lies beside {names}: nothing can be claimed about what it should hold.",
            tuple(Location(lc.address.path, lc.address.member, role=Role.LEDGER) for lc in session.ledgers),
            data={"ledgers": [str(lc.address) for lc in session.ledgers]},
        )
    if evidence.streams and not session.ledgers:
        yield Statement(
            "no-ledger",
            session.root,
            f"No trades ledger lies beside the logs of {', '.join(evidence.stream_names)}.",
            data={"streams": list(evidence.stream_names)},
        )
    rows = [t for t in session.unclosed if t.state is TradeState.UNVERIFIABLE]
    if rows and evidence.span is not None:
        yield Statement(
            "rows-outside-coverage",
            session.root,
            f"{plural(len(rows), 'row')} cannot be verified: the logs at hand cover {iso(evidence.span.start, SECOND)} "
            f"to {iso(evidence.span.end, SECOND)}.",
            tuple(t.row.location for t in rows),
            data={
                "rows": len(rows),
                "from": iso(evidence.span.start, SECOND),
                "to": iso(evidence.span.end, SECOND),
            },
        )
    closes = [t for t in session.closed if t.state is TradeState.UNVERIFIABLE]
    for code, told, how in (
        ("closes-without-ledger", [t for t in closes if t.witness.acks], "acknowledged by the recorder"),
        ("closes-unchecked", [t for t in closes if not t.witness.acks], "logged"),
    ):
        if told:
            yield Statement(
                code,
                session.root,
                f"{plural(len(told), 'close')} {'was' if len(told) == 1 else 'were'} {how}, but no ledger is at hand "
                "to check.",
                tuple(t.close.location for t in told[:3]),
                data={"closes": len(told)},
            )
    yield from _open_positions(session)
    for extract in evidence.health:
        if extract.health.status is not HealthStatus.ALIVE:
            yield Statement(
                "csv-not-alive",
                session.root,
                f"{extract.health.title} {extract.address} is {extract.health.status.value}.",
                (Location(extract.address.path, extract.address.member, role=Role.LOG),),
                data={
                    "title": extract.health.title,
                    "path": str(extract.address),
                    "status": extract.health.status.value,
                },
            )


def _open_positions(session: Session) -> Iterator[Statement]:
    left = [p for p in session.positions if p.status is PositionStatus.OPEN_AT_END and p.open]
    if left:
        named = sorted({f"{p.symbol} {p.side.value if p.side else ''}".strip() for p in left})
        yield Statement(
            "open-at-end",
            session.root,
            f"{plural(len(left), 'position')} still open where the logs end ({', '.join(named)}): their closes, if "
            "any, lie outside the logs.",
            tuple(p.open.location for p in left if p.open),
            data={"positions": len(left), "names": list(named)},
        )
