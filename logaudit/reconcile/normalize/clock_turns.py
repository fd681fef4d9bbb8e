"""Changes of a log's clock: printed offsets that change, an hour told twice in autumn, an hour left out in spring.

What the texts print stays as it is, but for logs whose printed offsets change by more than daylight time: their times
are restated in the first offset, which is exact. In an hour told twice the order of the file counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.location import Address, Location
from logaudit.core.timestamp import DAY, HOUR, MINUTE, SECOND, Stamp, day_of
from logaudit.ingest.source_extract import ClockJump, LogExtract, MatchList, PatternMatch
from logaudit.reconcile.clocks import fixed_offset
from logaudit.sources import stream_stem

#: Clocks are changed on a Sunday before five, in these months.
_SUNDAY: Final = 6
_LAST_HOUR: Final = 5
_MONTHS: Final = frozenset({3, 4, 9, 10, 11})
#: A silence of an hour, and of not much more, at that time is the hour that was left out.
_ASIDE: Final = 10 * MINUTE
#: A silence of so many times what lies between two records on average is none that the log is used to.
_USUAL: Final = 20


class ClockTurn(Struct, frozen=True):
    """A change of daylight time within one source.

    Attributes:
        before, after: the times on either side as written, naive µs.
        seconds: by how much the clock was set on: an hour in spring, less an hour in autumn.
        location: the first line after it.
    """

    before: int
    after: int
    seconds: int
    location: Location


class Clocks(Struct, frozen=True):
    """The sources with every change of their clocks understood.

    Attributes:
        turns: the changes of daylight time.
        restated: whether printed offsets differ by more, so that all times are in the first one.
    """

    logs: tuple[LogExtract, ...]
    turns: tuple[ClockTurn, ...]
    restated: bool


def with_turns(logs: Sequence[LogExtract], zone: str) -> Clocks:
    """Understands the changes of the sources' clocks.

    Args:
        zone: what the user states the logs' zone to be, empty for nothing: it says when its clock is changed.
    """
    reference = _reference(logs)
    known = [log if reference is None else _restated(log, reference) for log in logs]
    autumn = {log.address: list(_autumn(log, zone)) for log in known}
    spring = {log.address: list(_spring(log, zone)) for log in known}
    streams: dict[str, list[LogExtract]] = defaultdict(list)
    for log in known:
        streams[stream_stem(log.address.member or log.address.path)].append(log)
    second: set[tuple[Address, int]] = set()
    for parts in streams.values():
        for turn in _between(parts, zone):
            autumn[turn.location.address].append(turn)
        second |= _second_time(parts, [t for log in parts for t in autumn[log.address]])
    hours = {turn.after // HOUR for found in autumn.values() for turn in found}
    turned = (_turned(log, autumn[log.address], spring[log.address]) for log in known)
    logs = tuple(_told(log, hours, autumn[log.address], second) for log in turned) if hours else tuple(turned)
    turns = [turn for found in (*autumn.values(), *spring.values()) for turn in found]
    return Clocks(logs, tuple(sorted(turns, key=lambda t: (t.before, t.location))), reference is not None)


def _stamps(log: LogExtract) -> Iterator[tuple[int, Stamp]]:
    """Line and stamp of all that is known of a source: its ends, and the records that patterns matched."""
    if log.first is not None:
        yield 0, log.first
    yield from sorted((m.line, m.stamp) for m in log.matches if m.stamp is not None)
    if log.last is not None:
        yield log.lines, log.last


def _reference(logs: Sequence[LogExtract]) -> int | None:
    """The first offset, where printed offsets differ by more than daylight time does."""
    offsets = {stamp.offset for log in logs for stamp in (log.first, log.last) if stamp is not None}
    if None in offsets:
        return None
    offsets |= {m.stamp.offset for log in logs for m in log.matches if m.stamp is not None}
    stated = {offset for offset in offsets if offset is not None}
    if len(stated) != len(offsets) or len(stated) < 2:  # noqa: PLR2004 - one is no change
        return None
    shown = sorted((s.us - (s.offset or 0) * SECOND, s.offset) for log in logs for _, s in _stamps(log))
    return None if _is_daylight(shown) else shown[0][1]


def _is_daylight(shown: Sequence[tuple[int, int | None]]) -> bool:
    """Whether every change between (UTC instant, offset) may be one of daylight time: by an hour, on such a night."""
    for (_, before), (at, after) in pairwise(shown):
        turned = ((after or 0) - (before or 0)) * SECOND
        if turned and (
            abs(turned) != HOUR or not _is_change((at + (before or 0) * SECOND) // DAY * DAY, turned, "")
        ):
            return False
    return True


def _restated(log: LogExtract, reference: int) -> LogExtract:
    """The source with all times in one offset."""
    stamps = list(_stamps(log))
    moved = _Moved(log, stamps, reference)
    first, last = moved.stamp(log.first), moved.stamp(log.last)
    jumps = (
        replace(j, before=moved.time(j.before, j.line - 1), after=moved.time(j.after, j.line))
        for j in log.jumps
    )
    gaps = (
        replace(g, start=moved.time(g.start, g.line - 1), end=moved.time(g.end, g.line)) for g in log.gaps
    )
    known = [s.us for s in map(moved.stamp, (stamp for _, stamp in stamps)) if s is not None]
    return replace(
        log,
        first=first,
        last=last,
        earliest=min(known, default=log.earliest),
        latest=max(known, default=log.latest),
        jumps=tuple(j for j in jumps if j.after < j.before),
        gaps=tuple(g for g in gaps if g.end > g.start),
        matches=_stamped(log, lambda m: moved.stamp(m.stamp)),
    )


class _Moved:
    """Times of one source in one offset, whatever they were printed in.

    A line between two whose offsets differ belongs to the second one from the jump of the clock on that lies between.
    """

    def __init__(self, log: LogExtract, stamps: Sequence[tuple[int, Stamp]], reference: int) -> None:
        self._reference = reference
        self._since: list[int] = []
        self._offsets: list[int] = []
        steps = [
            *((j.line, j.after - j.before) for j in log.jumps),
            *((g.line, g.end - g.start) for g in log.gaps),
        ]
        before = -1
        for line, stamp in stamps:
            if stamp.offset is not None and (not self._offsets or stamp.offset != self._offsets[-1]):
                turned = (stamp.offset - self._offsets[-1]) * SECOND if self._offsets else 0
                between = [(abs(step - turned), b) for b, step in steps if before < b <= line]
                self._since.append(min(between)[1] if between and self._offsets else line)
                self._offsets.append(stamp.offset)
            before = line

    def stamp(self, stamp: Stamp | None) -> Stamp | None:
        if stamp is None or stamp.offset is None:
            return stamp
        return Stamp(stamp.us + (self._reference - stamp.offset) * SECOND, stamp.precision, self._reference)

    def time(self, at: int, line: int) -> int:
        known = bisect_right(self._since, line) - 1
        return at if known < 0 else at + (self._reference - self._offsets[known]) * SECOND


def _autumn(log: LogExtract, zone: str) -> Iterator[ClockTurn]:
    """Jumps back within the hour that a change of daylight time repeats, without more of a silence than is usual."""
    silence = max(_ASIDE, (log.latest - log.earliest) // max(1, log.records) * _USUAL)
    for jump in log.jumps:
        if HOUR - (jump.before - jump.after) > silence:
            continue
        same = jump.before // HOUR == jump.after // HOUR or jump.before // HOUR == jump.after // HOUR + 1
        if same and jump.before - jump.after <= HOUR and _is_change(jump.after // HOUR * HOUR, -HOUR, zone):
            yield ClockTurn(jump.before, jump.after, -HOUR // SECOND, _place(log, jump))


def _spring(log: LogExtract, zone: str) -> Iterator[ClockTurn]:
    """Silences of an hour where a change of daylight time leaves that hour out."""
    for gap in log.gaps:
        length = gap.end - gap.start
        left_out = -(-gap.start // HOUR) * HOUR
        if (
            HOUR <= length <= HOUR + _ASIDE
            and left_out + HOUR <= gap.end
            and _is_change(left_out, HOUR, zone)
        ):
            place = Location(log.address.path, log.address.member, gap.line)
            yield ClockTurn(gap.start, gap.end, HOUR // SECOND, place)


def _between(parts: Sequence[LogExtract], zone: str) -> Iterator[ClockTurn]:
    """A change between two parts of a rotated log: one ends where an hour does, the next begins that hour again."""
    ended = [log for log in parts if log.last is not None and -log.last.us % HOUR <= _ASIDE]
    for before in ended:
        assert before.last is not None  # noqa: S101 - chosen so
        hour = before.last.us // HOUR * HOUR
        again = [
            log
            for log in parts
            if log is not before and log.first is not None and hour <= log.first.us <= hour + _ASIDE
        ]
        goes_on = before.earliest < hour and any(log.latest >= hour + HOUR for log in again)
        if goes_on and _is_change(hour, -HOUR, zone):
            after = min(again, key=lambda log: (log.earliest, log.address))
            place = Location(after.address.path, after.address.member, 1)
            yield ClockTurn(before.last.us, after.earliest, -HOUR // SECOND, place)


def _second_time(parts: Sequence[LogExtract], turns: Sequence[ClockTurn]) -> set[tuple[Address, int]]:
    """The sources within the second telling of an hour, and that hour: each follows on the change or on another."""
    found: set[tuple[Address, int]] = set()
    for turn in turns:
        hour = turn.after // HOUR
        home = next((log for log in parts if log.address == turn.location.address), None)
        reached = home.last.us if home is not None and home.last is not None else None
        left = [
            log for log in parts if log is not home and log.first is not None and log.earliest // HOUR == hour
        ]
        if turn.location.line == 1 and home is not None:
            found.add((home.address, hour))
        while reached is not None and left:
            _, i = min((abs(log.earliest - reached), i) for i, log in enumerate(left))
            part = left.pop(i)
            if not -SECOND <= part.earliest - reached <= _ASIDE:
                break
            found.add((part.address, hour))
            reached = part.latest
    return found


def _told(
    log: LogExtract, hours: Iterable[int], turns: Sequence[ClockTurn], second: Collection[tuple[Address, int]]
) -> LogExtract:
    """The source with its part of hours that are told twice marked, where it holds no change itself."""
    own = {turn.after // HOUR for turn in turns if turn.location.line > 1}
    others = set(hours) - own

    def marked(stamp: Stamp | None) -> Stamp | None:
        hour = 0 if stamp is None else stamp.us // HOUR
        if stamp is None or hour not in others:
            return stamp
        return replace(stamp, fold=2 if (log.address, hour) in second else 1)

    return replace(
        log,
        first=marked(log.first),
        last=marked(log.last),
        matches=_stamped(log, lambda m: marked(m.stamp)),
    )


def _is_change(hour: int, turned: int, zone: str) -> bool:
    """Whether clocks may be changed at the written hour: the zone's are, or any zone's where none is stated."""
    if zone:
        # A day around holds the change whichever side of it the written hour is read on.
        return fixed_offset(zone, hour + 3 * HOUR) - fixed_offset(zone, hour - 3 * HOUR) == turned // SECOND
    day = day_of(hour)
    return day.weekday() == _SUNDAY and hour // HOUR % 24 < _LAST_HOUR and day.month in _MONTHS


def _turned(log: LogExtract, autumn: Sequence[ClockTurn], spring: Sequence[ClockTurn]) -> LogExtract:
    """The source with its repeated hours told apart, and without the jumps and silences that the changes explain."""
    known = {turn.location.line for turn in autumn}
    left_out = {turn.location.line for turn in spring}
    gaps = (replace(g, start=g.start + HOUR) if g.line in left_out else g for g in log.gaps)
    return replace(
        log,
        jumps=tuple(j for j in log.jumps if j.line not in known),
        gaps=tuple(g for g in gaps if g.end > g.start),
        first=None if log.first is None else _folded(log.first, 0, autumn),
        last=None if log.last is None else _folded(log.last, log.lines + 1, autumn),
        matches=_stamped(log, lambda m: m.stamp and _folded(m.stamp, m.line, autumn))
        if autumn
        else log.matches,
    )


def _stamped(log: LogExtract, stamp: Callable[[PatternMatch], Stamp | None]) -> Sequence[PatternMatch]:
    """The source's matches with other stamps."""
    return MatchList(replace(match, stamp=stamp(match)) for match in log.matches).all


def _folded(stamp: Stamp, line: int, turns: Sequence[ClockTurn]) -> Stamp:
    for turn in turns:
        if stamp.us // HOUR == turn.after // HOUR:
            return replace(stamp, fold=1 if line < turn.location.line else 2)
    return stamp


def _place(log: LogExtract, jump: ClockJump) -> Location:
    return Location(log.address.path, log.address.member, jump.line, text=jump.text, byte=jump.byte)
