"""Everything known after reading: what rules judge and renderers never see."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field

from logaudit.clocks import NamingInterval, Shift
from logaudit.digest import LedgerDigest
from logaudit.evidence import Evidence
from logaudit.ledger import Ledger
from logaudit.matching import Match
from logaudit.model.events import Event, EventKind
from logaudit.model.location import Address, Location
from logaudit.model.outcome import Skipped
from logaudit.model.stamp import SECOND
from logaudit.model.states import MISSING_STATES, TradeState
from logaudit.model.trades import Close, Row
from logaudit.model.window import Window
from logaudit.positions import Position, Run, run_at
from logaudit.profile import Profile
from logaudit.sources import Problem


class Witness(Struct, frozen=True):
    """What the recorder said about one close.

    Attributes:
        acks: its acknowledgements; failures: its logged failed writes.
        exchange: the exchange's confirmations that the bot logged around it.
    """

    acks: tuple[Event, ...] = ()
    failures: tuple[Event, ...] = ()
    exchange: tuple[Event, ...] = ()


class Trade(Struct, frozen=True):
    """One logged close with all its witnesses, or a row that no close explains.

    Attributes:
        close: None for a row without a close.
        row: the row the recorder wrote for it.
        match: how close and row were linked; None without both.
        backfill: the row another writer added for it.
        position: the position it ended, when one is known.
        tied: whether it has no row though an equally good choice of links would have given it one.
    """

    id: str
    run: str
    close: Close | None
    row: Row | None
    match: Match | None
    backfill: Row | None
    witness: Witness
    position: Position | None
    state: TradeState
    tied: bool = False

    @property
    def missing(self) -> bool:
        """Whether it is a close without a row from the recorder."""
        return self.close is not None and self.state in MISSING_STATES

    @property
    def lost(self) -> bool:
        """Whether it is missing and nobody restored it."""
        return self.missing and self.state is not TradeState.BACKFILLED

    @property
    def ambiguous(self) -> bool:
        """Whether another choice of links explains the session as well."""
        return self.tied or (self.match is not None and self.match.ambiguous)


class LedgerCase(Struct, frozen=True):
    """One trades file with what is known about its clock and its writers.

    Attributes:
        opened: the recorder's own lines that name this file.
        openings: naive µs at which its name was chosen, as far as known; falls back to a run's start.
        naming: offsets that explain its name; None when its date or openings are unknown.
        shift: log → row times.
        foreign: numbers of the rows that another writer added.
        elsewhere: naive µs at which the recorder opened files that are not at hand.
    """

    digest: LedgerDigest
    opened: tuple[Event, ...]
    openings: tuple[int, ...]
    naming: NamingInterval | None
    shift: Shift
    foreign: frozenset[int]
    elsewhere: tuple[int, ...] = ()

    @property
    def ledger(self) -> Ledger:
        """The parsed file."""
        return self.digest.ledger

    @property
    def address(self) -> Address:
        """Where it lies."""
        return self.digest.address

    def log_time(self, row: Row) -> int:
        """A row's time on the log's clock, naive µs."""
        return row.at.us - (self.shift.seconds or 0) * SECOND

    def row_time(self, at: int) -> int:
        """A time of the log's clock on the rows' clock, naive µs: the reverse of `log_time`."""
        return at + (self.shift.seconds or 0) * SECOND

    def readings(self, row: Row) -> tuple[int, ...]:
        """All that a row's time may mean on the log's clock, naive µs; several where the shift is in doubt."""
        return tuple(row.at.us - seconds * SECOND for seconds in self.shift.readings)


class Session(Struct, frozen=True):
    """One bot's folder.

    Attributes:
        closes: all logged closes, in time order; `trades` holds one `Trade` for each and one for each
            row that none explains.
        repeats: rows of another writer → the trade they repeat.
        duplicates: rows that say again what a matched row says → that row.
        window: what is judged; judged_rows: places of the rows in it, None where nothing is left out.
    """

    evidence: Evidence
    runs: tuple[Run, ...]
    closes: tuple[Close, ...]
    positions: tuple[Position, ...]
    ledgers: tuple[LedgerCase, ...]
    trades: tuple[Trade, ...]
    repeats: tuple[tuple[Row, Trade], ...]
    duplicates: tuple[tuple[Row, Row], ...]
    window: Window = field(default_factory=Window)
    judged_rows: frozenset[Location] | None = None

    @property
    def root(self) -> str:
        """Folder relative to the scanned root, ``.`` for the root."""
        return self.evidence.root

    @property
    def profile(self) -> Profile:
        """The bot's words."""
        return self.evidence.profile

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every judged row of every ledger."""
        return tuple(r for lc in self.ledgers for r in self.judged(lc))

    def judged(self, ledger: LedgerCase) -> tuple[Row, ...]:
        """The rows of one ledger that lie in the window: those of its closes, the others by their own time."""
        places = self.judged_rows
        rows = ledger.ledger.rows
        return rows if places is None else tuple(r for r in rows if r.location in places)

    def ledger_of(self, row: Row) -> LedgerCase:
        """The file a row stands in."""
        return next(lc for lc in self.ledgers if lc.address == row.location.address)

    def of_run(self, run: Run) -> tuple[Trade, ...]:
        """The run's trades that have a close."""
        return tuple(t for t in self.trades if t.run == run.id and t.close is not None)

    def events_in(self, run: Run, *kinds: EventKind) -> tuple[Event, ...]:
        """The run's events of these kinds."""
        homes = ((e, run_at(self.runs, e.at.end - 1)) for e in self.evidence.of(*kinds))
        return tuple(e for e, home in homes if home is not None and home.id == run.id)

    def run(self, run_id: str) -> Run | None:
        """The run of this id."""
        return next((r for r in self.runs if r.id == run_id), None)


class Case(Struct, frozen=True):
    """The whole scan.

    Attributes:
        problems: sources that could not be read, or only in part.
        skipped: what was not read on purpose.
        zone: the zone the user stated for the logs, empty when none.
        window: what is judged.
    """

    sessions: tuple[Session, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Skipped, ...]
    roots: tuple[str, ...]
    archives: int
    zone: str = ""
    why_profile: dict[str, str] = field(default_factory=dict)
    window: Window = field(default_factory=Window)

    def trades(self) -> Iterator[tuple[Session, Trade]]:
        """Every trade with its session, in order."""
        for session in self.sessions:
            for trade in session.trades:
                yield session, trade
