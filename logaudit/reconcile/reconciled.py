"""Everything known after reading: what rules judge and renderers never see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct, field

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address, Location
from logaudit.core.message import Message
from logaudit.core.source_code import SourceAnalysis
from logaudit.core.source_report import FileReport, Skipped
from logaudit.core.stopped import Stopped
from logaudit.core.time_window import Interval, TimeWindow
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import MISSING_STATES, LedgerEntry, TradeState
from logaudit.profiles import Profile
from logaudit.reconcile.expected_closes import ExpectedCloses
from logaudit.reconcile.logged_fill import LoggedFill
from logaudit.reconcile.matching import Difference, Match
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions import Position, Run, run_of
from logaudit.reconcile.reconciled_ledger import LedgerConvention, ReconciledLedger
from logaudit.sources import Problem


def trade_name(session: Session, trade: Trade) -> str:
    """The trade's id as outcomes show it: unique over all sessions."""
    return trade.id if session.root == "." else f"{session.root}/{trade.id}"


class Witness(Struct, frozen=True):
    """What the recorder said about one close.

    Attributes:
        acks: its acknowledgements; failures: its logged failed writes.
        exchange: the exchange's confirmations that the bot logged around it.
    """

    acks: tuple[Event, ...] = ()
    failures: tuple[Event, ...] = ()
    exchange: tuple[Event, ...] = ()


class ClosedTrade(Struct, frozen=True):
    """One logged close with all its witnesses.

    Attributes:
        close: with the side of its position where its own lines name none.
        row: the row the recorder wrote for it.
        match: how close and row were linked; None exactly where ``row`` is.
        backfill: the row another writer added for it.
        position: the position it ended, whole or in part.
        tied: whether it has no row though an equally good choice of links would have given it one.
        echoes: the other announcements of it, in time order.
        again: the close of the same position that it seemed to repeat; a row or an acknowledgement is its own.
        parts: all its rows, where several record it; ``row`` is the first of them.
        room: the file or line in which its row may lie unread.
        beyond: whether its wording was learned from rows that do not surround it.
        before_fee: whether rows show that what this log calls the result is one before the fee.
    """

    id: str
    run: str
    close: Event
    row: LedgerEntry | None
    match: Match | None
    backfill: LedgerEntry | None
    witness: Witness
    position: Position
    state: TradeState
    tied: bool = False
    echoes: tuple[Event, ...] = ()
    again: Event | None = None
    parts: tuple[LedgerEntry, ...] = ()
    room: Location | None = None
    beyond: bool = False
    before_fee: bool = False

    @property
    def at(self) -> Stamp:
        """When it was closed, on the log's clock."""
        return self.close.at

    @property
    def fields(self) -> TradeFields:
        """What the log says of it."""
        return self.close.fields

    @property
    def result(self) -> Decimal | None:
        """The PnL that its log tells."""
        return self.fields.result

    @property
    def gross_only(self) -> bool:
        """Whether ``result`` is a gross PnL: it is called so, or rows show that it is one before the fee."""
        unnamed = self.fields.net_pnl is None and self.fields.gross_pnl is None
        return self.fields.gross_only or (self.before_fee and unnamed)

    @property
    def missing(self) -> bool:
        """Whether it has no row from the recorder."""
        return self.state in MISSING_STATES

    @property
    def lost(self) -> bool:
        """Whether it is missing and nobody restored it."""
        return self.missing and self.state is not TradeState.BACKFILLED

    @property
    def ambiguous(self) -> bool:
        """Whether another choice of links explains the session as well."""
        return self.tied or (self.match is not None and self.match.ambiguous)

    @property
    def rows(self) -> tuple[LedgerEntry, ...]:
        """The rows that record it."""
        return self.parts or (() if self.row is None else (self.row,))

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What close and row disagree on."""
        return self.match.comparison.differences if self.match is not None else ()

    @property
    def pair(self) -> tuple[Location, ...]:
        """Where its row stands, if it has one, and its close."""
        return (*([self.row.location] if self.row is not None else []), self.close.location)

    @property
    def partial(self) -> bool:
        """Whether something was left of the position."""
        return self.position.is_partial(self.close)


class UnclosedEntry(Struct, frozen=True):
    """One row of a ledger that no logged close explains."""

    id: str
    run: str
    row: LedgerEntry
    state: TradeState

    @property
    def at(self) -> Stamp:
        """The row's time, on the ledger's clock."""
        return self.row.at

    @property
    def fields(self) -> TradeFields:
        """What the ledger says of it."""
        return self.row.fields

    @property
    def gross_only(self) -> bool:
        """Whether the ledger shows a gross PnL alone."""
        return self.row.gross_only


#: A trade is a logged close, or a row without one.
Trade: TypeAlias = ClosedTrade | UnclosedEntry


class Session(Struct, frozen=True, dict=True):  # dict: what is kept of each run
    """One bot's folder.

    Attributes:
        closes: all logged closes, in time order; `trades` holds a `ClosedTrade` for each and an `UnclosedEntry`
            for each row that none explains.
        repeats: rows of another writer → the trade they repeat.
        duplicates: rows that say again what a matched row says → that row.
        conventions: how its ledgers write trades otherwise than the log.
        doubted: closes without a row and rows without a close that may be one trade.
        possible_ledgers: files that may be ledgers and could not be read, or not to their end; unread_times: the times
            on the log's clock that their rows may bear.
        fills: order fills that the log tells, where it tells of any.
        window: what is judged; judged_rows: places of the rows in it, None where nothing is left out.
        stopped: what ended the reconciliation at a value it cannot judge; then nothing was reconciled.
    """

    evidence: SessionEvidence
    runs: tuple[Run, ...]
    closes: tuple[Event, ...]
    positions: tuple[Position, ...]
    ledgers: tuple[ReconciledLedger, ...]
    trades: tuple[Trade, ...]
    repeats: tuple[tuple[LedgerEntry, ClosedTrade], ...]
    duplicates: tuple[tuple[LedgerEntry, LedgerEntry], ...]
    conventions: tuple[LedgerConvention, ...] = ()
    doubted: tuple[tuple[Event, LedgerEntry], ...] = ()
    possible_ledgers: tuple[Location, ...] = ()
    unread_times: tuple[Interval, ...] = ()
    window: TimeWindow = field(default_factory=TimeWindow)
    judged_rows: frozenset[Location] | None = None
    fills: tuple[LoggedFill, ...] = ()
    stopped: Stopped | None = None

    @property
    def root(self) -> str:
        """Folder relative to the scanned root, ``.`` for the root."""
        return self.evidence.root

    @property
    def profile(self) -> Profile:
        """The bot's words."""
        return self.evidence.profile

    @property
    def closed(self) -> tuple[ClosedTrade, ...]:
        """The trades that have a close."""
        return tuple(t for t in self.trades if isinstance(t, ClosedTrade))

    @property
    def unclosed(self) -> tuple[UnclosedEntry, ...]:
        """The rows that no close explains."""
        return tuple(t for t in self.trades if isinstance(t, UnclosedEntry))

    @property
    def missing(self) -> tuple[ClosedTrade, ...]:
        """The closes without a row from the recorder."""
        return tuple(t for t in self.closed if t.missing)

    @property
    def rows(self) -> tuple[LedgerEntry, ...]:
        """Every judged row of every ledger."""
        return tuple(r for lc in self.ledgers for r in self.judged_rows_of(lc))

    def judged_rows_of(self, ledger: ReconciledLedger) -> tuple[LedgerEntry, ...]:
        """The rows of one ledger that lie in the window: those of its closes, the others by their own time."""
        places = self.judged_rows
        rows = ledger.ledger.rows
        return rows if places is None else tuple(r for r in rows if r.location in places)

    def ledger_of(self, row: LedgerEntry) -> ReconciledLedger:
        """The file a row stands in."""
        return self._ledger_at[row.location.address]

    def recorded_in(self, ledger: ReconciledLedger) -> tuple[ClosedTrade, ...]:
        """The trades that have a close, and their row in this file."""
        return self._closed_by_ledger.get(ledger.address, ())

    def of_run(self, run: Run) -> tuple[ClosedTrade, ...]:
        """The run's trades that have a close."""
        return self._closed_by_run.get(run.id, ())

    def events_in(self, run: Run, *kinds: EventKind) -> tuple[Event, ...]:
        """The run's events of these kinds."""
        key = run.id, kinds
        if key not in self._events_asked:
            events = self._events_by_run.get(run.id, ())
            self._events_asked[key] = tuple(e for e in events if e.kind in kinds)
        return self._events_asked[key]

    # There may be thousands of runs and of ledgers: nothing is looked through anew for each of them.
    @cached_property
    def _ledger_at(self) -> dict[Address, ReconciledLedger]:
        return {ledger.address: ledger for ledger in reversed(self.ledgers)}

    @cached_property
    def _closed_by_ledger(self) -> dict[Address, tuple[ClosedTrade, ...]]:
        found: dict[Address, list[ClosedTrade]] = defaultdict(list)
        for trade in self.closed:
            if trade.row is not None:
                found[trade.row.location.address].append(trade)
        return {address: tuple(trades) for address, trades in found.items()}

    @cached_property
    def _closed_by_run(self) -> dict[str, tuple[ClosedTrade, ...]]:
        found: dict[str, list[ClosedTrade]] = defaultdict(list)
        for trade in self.closed:
            found[trade.run].append(trade)
        return {run: tuple(trades) for run, trades in found.items()}

    @cached_property
    def _events_asked(self) -> dict[tuple[str, tuple[EventKind, ...]], tuple[Event, ...]]:
        return {}

    @cached_property
    def _events_by_run(self) -> dict[str, tuple[Event, ...]]:
        found: dict[str, list[Event]] = defaultdict(list)
        for event in self.evidence.events:
            if (home := run_of(self.runs, event.at)) is not None:
                found[home.id].append(event)
        return {run: tuple(events) for run, events in found.items()}

    def run(self, run_id: str) -> Run | None:
        """The run of this id."""
        return next((r for r in self.runs if r.id == run_id), None)


class Case(Struct, frozen=True):
    """A scan: all of it, or what one of its sessions shows together with what the session has to know of the others.

    Attributes:
        problems: sources that could not be read, or only in part.
        skipped: what was not read on purpose.
        zone: the zone the user stated for the logs, empty when none.
        window: what is judged.
        recognised: whether a sampled log line of any session speaks for its profile.
        code: root of each session → what the source says of its closes; ``.`` alone for a source without logs.
        expected: root of each session in which no close is recognised though there were some → what says so.
        files: every file found; empty where no output shows hashes.
        homes: the roots of all sessions of the scan; has_ledgers: whether any of them has a ledger.
        rooms: files that were not read to their end → closes of any session whose row may lie there.
    """

    sessions: tuple[Session, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    roots: tuple[str, ...]
    archives: int
    zone: str = ""
    why_profile: dict[str, Message] = field(default_factory=dict)
    window: TimeWindow = field(default_factory=TimeWindow)
    recognised: bool = False
    expected: dict[str, ExpectedCloses] = field(default_factory=dict)
    files: tuple[FileReport, ...] = ()
    code: dict[str, SourceAnalysis] = field(default_factory=dict)
    homes: tuple[str, ...] = ()
    has_ledgers: bool = False
    rooms: dict[Address, int] = field(default_factory=dict)

    def home_of(self, path: str) -> str | None:
        """The root of the innermost session that a path lies in."""
        around = (root for root in self.homes if root == "." or path.startswith(f"{root}/"))
        return max(around, key=len, default=None)

    def trades(self) -> Iterator[tuple[Session, Trade]]:
        """Every trade with its session, in order."""
        for session in self.sessions:
            for trade in session.trades:
                yield session, trade

    def closed(self) -> Iterator[tuple[Session, ClosedTrade]]:
        """Every trade that has a close with its session, in order."""
        for session in self.sessions:
            for trade in session.closed:
                yield session, trade
