"""The places that were not read and may hold rows: files, lines, what lies behind a cut, rows of other folders."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate, islice
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import EventKind
from logaudit.core.fields import TradeFields
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Address, Location, Role, SourceKind
from logaudit.core.money import parse_decimal
from logaudit.core.time_window import Interval
from logaudit.core.timestamp import DAY, HOUR, SECOND, us_of_day
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.ingest.source_extract import OtherExtract
from logaudit.ledger import RejectReason, may_be_ledger
from logaudit.ledger.reject import RejectedRow
from logaudit.ledger.stamps import parse_stamp
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled import Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.reconcile.rooms import Room, RoomReason, is_telling, may_tell
from logaudit.sources import Problem, ProblemKind, name_date

#: A file is named by the date of its writer's clock, which lies up to so far from the log's.
_ZONES: Final = 14 * HOUR
_EVER: Final = Interval(-(1 << 62), 1 << 62)
#: A row bears a time so near to its close: one just before the first row that was read may be of a close just after.
_BORDER: Final = 60 * SECOND
#: Rows of other folders that are looked at.
_MOST_ELSEWHERE: Final = 10_000
#: So many characters of no text in a line that is no row: other rows may have stood there.
_NOISE: Final = 3
_CELLS: Final = lazy_pattern(r"[,;\t|]")
_TIMES: Final = lazy_pattern(r"(?<!\d)\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?")
_WORDS: Final = lazy_pattern(r"[^,;\t|\"'\s]+")


def rooms_of(
    evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger], problems: Iterable[Problem]
) -> tuple[Room, ...]:
    """All rooms of a session; ``problems`` are those of files in its folder."""
    dates = sorted(lc.ledger.name_date for lc in ledgers if lc.ledger.name_date is not None)
    unread = (*_unread(evidence, problems, dates), *_not_understood(evidence, dates))
    files = {room.location.address: room for room in unread}
    markets = {
        symbol_key(e.fields.symbol) for e in evidence.of(EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED)
    }
    lines = [
        replace(room, any_market=True) if room.lacks_market(markets) else room
        for ledger in ledgers
        for room in _lines(ledger)
    ]
    behind = [room for ledger in ledgers if (room := _behind(ledger, dates)) is not None]
    behind += [room for ledger in ledgers for room in _holes(ledger)]
    return (*(files[a] for a in sorted(files)), *behind, *lines)


def rooms_elsewhere(evidence: SessionEvidence, rows: Iterable[LedgerEntry]) -> tuple[Room, ...]:
    """Rows of other folders' ledgers that the logs' time may hold: one may be a close's row, and is told by values."""
    span = evidence.span
    if span is None or not evidence.streams:
        return ()
    near = (row for row in rows if span.start - DAY <= row.at.us <= span.end + DAY)
    return tuple(
        Room(RoomReason.OTHER_FOLDER, row.location, fields=row.fields)
        for row in islice(near, _MOST_ELSEWHERE)
    )


def lines_may_tell(session: Session, opened: TradeFields) -> bool:
    """Whether a line that could not be read, or only without its time, may be the row of a position that was opened.

    A line that shows no market of the session may be any.
    """
    markets = {symbol_key(event.fields.symbol) for event in session.evidence.of(EventKind.POSITION_OPENED)}
    lines = (room for ledger in session.ledgers for room in _lines(ledger))
    return any(may_tell(room, opened, markets) for room in lines)


def _unread(evidence: SessionEvidence, problems: Iterable[Problem], dates: Sequence[date]) -> Iterable[Room]:
    """Files that may be ledgers and could not be read at all."""
    read = {ledger.address for ledger in evidence.ledgers}
    known = {o.address: o for o in evidence.others if o.problem is not None}
    for address in (*known, *(p.address for p in problems)):
        other: OtherExtract | None = known.get(address)
        sure = other is not None and other.kind is SourceKind.LEDGER
        if address not in read and (sure or _may_be_ledger(address, evidence)):
            yield Room(RoomReason.UNREADABLE_LEDGER, _place(address), _dated(address, dates))


def _not_understood(evidence: SessionEvidence, dates: Sequence[date]) -> Iterable[Room]:
    """Tables that may be ledgers and that nobody understands, with the time of their rows where it is known."""
    for other in evidence.others:
        table = other.table
        if table is None:
            continue
        span = _dated(other.address, dates)
        if table.first is not None and table.last is not None:
            end = table.last.us + _ZONES if table.whole else _EVER.end
            span = Interval(max(span.start, table.first.us - _ZONES), min(span.end, end))
        yield Room(RoomReason.NOT_UNDERSTOOD, _place(other.address), span)


def _may_be_ledger(address: Address, evidence: SessionEvidence) -> bool:
    return may_be_ledger(address.member or address.path, evidence.profile.ledger)


def _dated(address: Address, dates: Sequence[date]) -> Interval:
    """The time that a file of this name may cover: from its date until the next ledger at hand begins."""
    own = name_date(address.member or address.path)
    if own is None:
        return _EVER
    following = next((us_of_day(day) + _ZONES for day in dates if day > own), _EVER.end)
    return Interval(us_of_day(own) - _ZONES, following)


def _behind(ledger: ReconciledLedger, dates: Sequence[date]) -> Room | None:
    """What lies behind the place where a ledger breaks off, or before the rows that its size allows to read.

    A ledger none of whose rows can be placed in time may hold any row.
    """
    if ledger.ledger.unplaced:
        whole = _dated(ledger.address, dates)
        return Room(RoomReason.UNREAD_DATE, _place(ledger.address), whole, row_of=ledger.address)
    if ledger.extract.problem is None and not ledger.ledger.torn_tail:
        return None
    if (latest := ledger.ledger.unread_until) is not None:
        before = Interval(_EVER.start, _unread_until(ledger, latest))
        return Room(RoomReason.DAMAGE, _place(ledger.address), before, row_of=ledger.address)
    whole = _dated(ledger.address, dates)
    if ledger.extract.problem is not None and ledger.extract.problem.kind is ProblemKind.UNSUPPORTED:
        return Room(RoomReason.NOT_UNDERSTOOD, _place(ledger.address), whole, row_of=ledger.address)
    last = (
        ledger.span[1]
        if ledger.span is not None and _is_in_order(ledger, ledger.ledger.rows)
        else whole.start
    )
    return Room(RoomReason.DAMAGE, _place(ledger.address), Interval(last, whole.end), row_of=ledger.address)


def _is_in_order(ledger: ReconciledLedger, rows: Sequence[LedgerEntry]) -> bool:
    """Whether rows stand in order of their times, so that those missing at the end are the newest; one shows none."""
    latest = _EVER.start
    for row in rows:
        at = ledger.log_time(row)
        if at < latest - _BORDER:
            return False
        latest = max(latest, at)
    return len(rows) > 1


def _holes(ledger: ReconciledLedger) -> Iterator[Room]:
    """What NUL bytes, noise or the rest of a row may have been, between the rows before and behind them."""
    holes = {place.line for place in ledger.ledger.noisy}
    holes |= {r.location.line for r in ledger.ledger.rejected if _is_remnant(r, ledger)}
    if not holes:
        return
    rows = [row for row in ledger.ledger.rows if row.location.line not in holes]
    newest_first = _is_in_order(ledger, rows[::-1])
    if not newest_first and not _is_in_order(ledger, rows):
        yield Room(RoomReason.DAMAGE, _place(ledger.address), row_of=ledger.address)
        return
    placed = sorted((row.location.line, ledger.log_time(row)) for row in rows)
    lines, times = [line for line, _ in placed], [at for _, at in placed]
    # Of the rows above each place the latest and the earliest, and of those from it on.
    above = [*accumulate(times, max, initial=_EVER.start)], [*accumulate(times, min, initial=_EVER.end)]
    below = (
        [*accumulate(times[::-1], max, initial=_EVER.start)],
        [*accumulate(times[::-1], min, initial=_EVER.end)],
    )
    for place in sorted({bisect_left(lines, hole) for hole in holes}):
        rest = len(rows) - place
        older, newer = (
            (below[0][rest], above[1][place]) if newest_first else (above[0][place], below[1][rest])
        )
        yield Room(RoomReason.DAMAGE, _place(ledger.address), Interval(older, newer), row_of=ledger.address)


def _is_remnant(rejected: RejectedRow, ledger: ReconciledLedger) -> bool:
    """Whether a line that is no row may be the rest of one: numbers without a time, or bytes that are no text."""
    text = rejected.location.text
    numbers = any(map(str.isdigit, text))
    if rejected.reason is RejectReason.SHORT and numbers and not any(_times(text, ledger)):
        return True
    odd = sum(not char.isprintable() and char != "\t" for char in text) + text.count("\\x")
    return odd >= _NOISE


def _unread_until(ledger: ReconciledLedger, latest: int) -> int:
    """The latest time on the log's clock of a row that a limit left out; ``latest`` is that on the rows' clock."""
    shift = ledger.shift
    if ledger.span is None or latest == _EVER.end or shift.of_open:
        return _EVER.end  # rows that bear the time of the open may be of closes long after it
    readings = (*shift.readings, *(seconds for _, seconds in shift.changes))
    return max(ledger.span[0], *(latest - seconds * SECOND for seconds in readings)) + _BORDER


def _lines(ledger: ReconciledLedger) -> Iterable[Room]:
    """Lines that could not be read as rows, or only without their time."""
    undated = {u.entry.location for u in ledger.ledger.undated}
    for unread in ledger.ledger.undated:
        yield Room(RoomReason.UNREAD_DATE, unread.entry.location, fields=unread.entry.fields)
    for rejected in ledger.ledger.rejected:
        behind = rejected.reason is RejectReason.TORN and ledger.extract.problem is not None
        if rejected.location not in undated and rejected.reason is not RejectReason.GLUED and not behind:
            words = [_value(word) for word in _WORDS.findall(rejected.location.text)]
            numbers = {n for word in words if (n := parse_decimal(word)) is not None and is_telling(n)}
            keys = frozenset(symbol_key(word) for word in words)
            yield Room(
                RoomReason.REJECTED_ROW,
                rejected.location,
                words=keys,
                numbers=frozenset(numbers),
                times=tuple(_times(rejected.location.text, ledger)),
                any_market=rejected.reason is RejectReason.NO_SYMBOL,
                lacks_time=rejected.reason in (RejectReason.NO_TIME, RejectReason.BAD_TIME),
            )


def _times(text: str, ledger: ReconciledLedger) -> Iterable[int]:
    """The times that a line shows, in cells or run together with what stood beside them, on the log's clock."""
    cells = [_value(cell.strip('" ')) for cell in _CELLS.split(text)]
    for shown in dict.fromkeys((*cells, *_TIMES.findall(text))):
        stamp = parse_stamp(shown)
        if stamp is not None:
            yield from (stamp.us - seconds * SECOND for seconds in ledger.shift.readings)


def _value(cell: str) -> str:
    """A cell without the name of its column, which stands before the cells of a database."""
    return cell.rpartition("=")[2]


def _place(address: Address) -> Location:
    return Location(address.path, address.member, 0, Role.LEDGER)
