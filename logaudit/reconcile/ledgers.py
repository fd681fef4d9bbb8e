"""What is known of each ledger: when it was opened, by whose clock it is named and filled."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import DAY, SECOND, day_of, is_trading_time, us_of_day
from logaudit.core.trades import Writer
from logaudit.ingest.source_extract import LedgerExtract
from logaudit.ledger import Ledger, third_party_rows
from logaudit.reconcile.clocks import naming_interval
from logaudit.reconcile.ledger_copies import without_copies
from logaudit.reconcile.ledger_dates import dated_by_logs
from logaudit.reconcile.ledger_offset import Closes, ledger_shift
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.sources import stream_stem
from logaudit.sources.magic import archive_suffix

#: Ledgers before and after one by date whose rows show how the recorder prints.
_SIBLINGS: Final = 4


def base_name(path: str) -> str:
    """The file name of a path as a bot on any system writes it."""
    return PureWindowsPath(path).name if "\\" in path else PurePosixPath(path).name


def reconcile_ledgers(
    evidence: SessionEvidence,
    closes: Sequence[Event],
    runs: Sequence[Run],
    opened_at: Callable[[int], int | None] = lambda _: None,
    offset: Callable[[int], int | None] = lambda _: None,
) -> tuple[ReconciledLedger, ...]:
    """The session's ledgers by file date, then path.

    Args:
        opened_at: index of a close → naive µs of its position's open, None when not known.
        offset: naive µs of the log → its UTC offset in seconds, None where nothing states it.
    """
    dated = [dated_by_logs(extract, closes, evidence.span) for extract in without_copies(evidence.ledgers)]
    extracts = [_without_far_rows(extract, evidence) for extract in dated]
    extracts.sort(key=lambda d: (str(d.ledger.name_date or ""), d.address))
    opened = _opened(evidence)
    names = [_names(extract, evidence) for extract in extracts]
    elsewhere = tuple(_elsewhere(opened, frozenset[str]().union(*names)))
    known = Closes(closes, opened_at, offset)
    window = round(evidence.profile.ledger.window * SECOND)
    taken: list[ReconciledLedger] = []
    for i, extract in enumerate(extracts):
        near = extracts[max(0, i - _SIBLINGS) : i + _SIBLINGS + 1]
        written = _with_writers(extract, [d.ledger for d in near if d is not extract])
        events = sorted((e for name in names[i] for e in opened.get(name, ())), key=lambda e: e.at.us)
        own = [r for r in written.ledger.rows if r.writer is Writer.RECORDER]
        ledger = ReconciledLedger(
            extract=written,
            opened=tuple(events),
            openings=tuple(e.at.us for e in events),
            naming=None,
            shift=ledger_shift(own or written.ledger.rows, known, window),
            elsewhere=elsewhere,
        )
        taken.append(ledger)
    borrowed = _borrow_offsets(taken)
    return ReconciledLedgers(_with_naming(ledger, runs, any_named=bool(opened)) for ledger in borrowed)


def _without_far_rows(extract: LedgerExtract, evidence: SessionEvidence) -> LedgerExtract:
    """As `far_rows.without_far_rows`."""
    if all(is_trading_time(row.at.us) for row in extract.ledger.rows):
        return extract
    from logaudit.reconcile.far_rows import without_far_rows  # noqa: PLC0415 - few ledgers hold such times

    return without_far_rows(extract, evidence)


def _with_writers(extract: LedgerExtract, siblings: Sequence[Ledger]) -> LedgerExtract:
    """The ledger with the writer of each row, told by how it and the rows of its siblings are printed."""
    known = {row.number for row in extract.ledger.rows if row.writer is Writer.OTHER}
    others = known | third_party_rows(extract.ledger, siblings)
    rows = tuple(
        replace(row, writer=Writer.OTHER if row.number in others else Writer.RECORDER)
        for row in extract.ledger.rows
    )
    return replace(extract, ledger=replace(extract.ledger, rows=rows))


def _opened(evidence: SessionEvidence) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = defaultdict(list)
    for event in evidence.of(EventKind.LEDGER_OPENED):
        if path := event.captures.path:
            found[base_name(path).lower()].append(event)
    return found


def _borrow_offsets(ledgers: Sequence[ReconciledLedger]) -> list[ReconciledLedger]:
    """A ledger whose own rows tell no constant, being few, may be read by those of the recorder's other files."""
    borrowed = {c.shift.seconds for c in ledgers if c.shift.seconds}
    result: list[ReconciledLedger] = []
    for ledger in ledgers:
        shift = ledger.shift
        if shift.seconds is None and ledger.ledger.rows:
            shift = replace(shift, others=(*shift.others, *sorted(borrowed.difference(shift.others))))
        result.append(replace(ledger, shift=shift))
    return result


def _elsewhere(opened: Mapping[str, Sequence[Event]], at_hand: frozenset[str]) -> list[int]:
    """When the recorder opened files that are not at hand, but are called like those that are."""
    stems = {stream_stem(name) for name in at_hand}
    absent = [name for name in opened if name not in at_hand and stream_stem(name) in stems]
    return sorted(e.at.us for name in absent for e in opened[name])


def _names(extract: LedgerExtract, evidence: SessionEvidence) -> frozenset[str]:
    """What the recorder may call the file: as it or a copy of it lies here, without an archive's suffix."""
    addresses = (extract.address, *evidence.copies.get(extract.address, ()))
    bases = [base_name(a.member or a.path).lower() for a in addresses]
    return frozenset(base.removesuffix(archive_suffix(base)) for base in bases)


def _with_naming(ledger: ReconciledLedger, runs: Sequence[Run], *, any_named: bool) -> ReconciledLedger:
    """The offsets that explain the file's name, where both its date and its openings are known."""
    openings = ledger.openings or (() if any_named else _run_openings(ledger, runs))
    date = ledger.ledger.name_date
    begun = next((ledger.log_time(r) for r in ledger.own_rows), None)
    if not ledger.openings and date is not None and begun is not None and day_of(begun) == date:
        # A recorder that creates its file at the first row names it then, not at the start of the run.
        openings = tuple(at for at in openings if day_of(at) == date)
    naming = naming_interval(date, openings) if date is not None else None
    return replace(ledger, openings=openings, naming=naming)


def _run_openings(ledger: ReconciledLedger, runs: Sequence[Run]) -> tuple[int, ...]:
    """Where the recorder's records name no file at all: the start of the one run that its rows fall into."""
    times = [ledger.log_time(r) for r in ledger.own_rows]
    if not times or ledger.ledger.name_date is None:
        return ()
    first, last = min(times), max(times)
    holding = [r for r in runs if r.started is not None and r.start <= first and last <= r.end + DAY]
    return (holding[-1].start,) if holding else ()


class ReconciledLedgers(tuple[ReconciledLedger, ...]):  # noqa: SLOT001 - its order is kept in its dict
    """The ledgers of a session, which thousands of closes ask for the one that was in force."""

    __hash__ = tuple.__hash__

    def __reduce__(self) -> tuple[type[tuple[ReconciledLedger, ...]], tuple[tuple[ReconciledLedger, ...]]]:
        """Elsewhere it is a tuple."""
        return tuple, (tuple(self),)

    @cached_property
    def order(self) -> LedgerOrder:
        """When each of them came into force."""
        return LedgerOrder(self)


class LedgerOrder:
    """When each of some ledgers came into force: as the recorder says, or by its date or first row."""

    def __init__(self, ledgers: Sequence[ReconciledLedger]) -> None:
        self._ledgers = ledgers
        #: Naive µs at which the recorder opened one, and its place.
        self._opened = sorted((o.at.us, i) for i, ledger in enumerate(ledgers) for o in ledger.opened)
        self._absent = sorted(ledgers[0].elsewhere) if ledgers else []
        begun = [_begins(ledger) for ledger in ledgers]
        # Of two that say the same the first is meant.
        dated = ((at, ledgers[i].address, -i) for i, at in enumerate(begun) if at is not None)
        self._dated = sorted(dated)
        self._undated = next((ledgers[i] for i, at in enumerate(begun) if at is None), None)

    def opened(self, since: int, until: int) -> tuple[int, ReconciledLedger] | None:
        """The last that was opened between two moments, and when."""
        place = bisect_right(self._opened, (until, len(self._ledgers)))
        at, which = self._opened[place - 1] if place else (since - 1, 0)
        return (at, self._ledgers[which]) if at >= since else None

    def opened_elsewhere(self, since: int, until: int) -> int | None:
        """When the recorder last opened a file that is not at hand, between two moments."""
        place = bisect_right(self._absent, until)
        return self._absent[place - 1] if place and self._absent[place - 1] >= since else None

    def newest(self, at: int) -> ReconciledLedger | None:
        """The one that began last before a moment, else the first of which nothing says when it began."""
        place = bisect_right(self._dated, at, key=lambda begun: begun[0])
        return self._ledgers[-self._dated[place - 1][2]] if place else self._undated


def in_force(ledgers: Sequence[ReconciledLedger], run: Run | None, at: int) -> ReconciledLedger | None:
    """The ledger a close at ``at`` should have gone to: what its run opened, else the newest by date.

    Newest means the latest file date that is not after the close's date; a file without a date counts
    by its first row. None where the run opened a file that is not at hand.
    """
    order = ledgers.order if isinstance(ledgers, ReconciledLedgers) else LedgerOrder(ledgers)
    if run is not None:
        since, until = run.start - SECOND, at + SECOND
        named, absent = order.opened(since, until), order.opened_elsewhere(since, until)
        if named is not None and (absent is None or named[0] >= absent):
            return named[1]
        if absent is not None:
            return None
    return order.newest(at)


def is_at_hand(ledgers: Sequence[ReconciledLedger], run: Run | None, close: Event) -> bool:
    """Whether the file a close's row belongs to is among ``ledgers``, so that its absence there means something.

    The run opened it, or it bears the close's date or none, or it holds rows of that day or later.
    """
    force = in_force(ledgers, run, close.at.us)
    if force is None:
        return False
    if run is not None and any(run.start - SECOND <= o.at.us <= close.at.end for o in force.opened):
        return True
    if force.ledger.name_date in (None, close.at.day):
        return True
    return force.span is not None and force.span[1] >= us_of_day(close.at.day)


def _begins(ledger: ReconciledLedger) -> int | None:
    if ledger.ledger.name_date is not None:
        return us_of_day(ledger.ledger.name_date)
    return ledger.log_time(ledger.ledger.rows[0]) if ledger.ledger.rows else None
