"""The whole answer of a scan: everything a renderer may print, nothing it must compute."""

from datetime import date
from decimal import Decimal

from msgspec import Struct, field

from logaudit.core.diagnosis import Diagnosis
from logaudit.core.finding import Finding
from logaudit.core.location import Location
from logaudit.core.message import Message
from logaudit.core.money_parts import LogMoney, MoneyParts
from logaudit.core.not_judged import NotJudged
from logaudit.core.policy_result import PolicyResult
from logaudit.core.rows import RowsOf
from logaudit.core.source_code import SourceAnalysis
from logaudit.core.source_report import FileReport, Skipped, SourceReport
from logaudit.core.timestamp import Stamp
from logaudit.core.trade_report import PositionReport, RepeatReport, TradeReport
from logaudit.core.trades import AsideReason, LedgerStatus, TradeState


class Summary(Struct, frozen=True):
    """Totals over everything scanned; money in quote currency, exact.

    Attributes:
        sources: readable streams, each archive member one; copies of one content count once.
        archives: archive files among the inputs.
        records: log calls read.
        closes: distinct closes; repeats: the announcements beside them.
        recorded: closes with a row the recorder wrote.
        missing: closes without one, restored later or not.
        backfilled: those of the missing that another writer restored; lost: the rest.
        unverifiable: rows and closes that lie where nothing can be claimed.
        repeated: rows another writer added for closes that the recorder had recorded.
        money: all PnL in parts.
        states: trades by witness state.
        first_loss, last_loss: when the first and the last close was lost; None when none was.
    """

    sources: int
    archives: int
    duplicates: int
    records: int
    lines: int
    closes: int
    repeats: int
    recorded: int
    missing: int
    backfilled: int
    lost: int
    repeated: int
    unverifiable: int
    ledger_rows: int
    orphan_rows: int
    recorder_errors: int
    states: dict[TradeState, int]
    money: MoneyParts
    first_loss: Stamp | None
    last_loss: Stamp | None
    errors: int
    warnings: int
    notes: int

    @property
    def log_net_pnl(self) -> Decimal | None:
        """Net PnL of the distinct closes; None where that of one is unknown."""
        return self.money.log.closes.value

    @property
    def ledger_net_pnl(self) -> Decimal | None:
        """Net PnL of the rows that the recorder wrote; None where that of one is unknown."""
        return self.money.recorder.value

    @property
    def unrecorded_net_pnl(self) -> Decimal | None:
        """Net PnL of the lost closes; None where that of one is unknown."""
        return self.money.log.lost.value


class RunReport(Struct, frozen=True):
    """One life of the bot process.

    Attributes:
        start: of the start record, or of the first record when the start is not in the logs.
        started: whether a start record was observed; start_log: where, None when not.
        end: of the run's last record.
        ledger: path of the ledger in force, empty when none is at hand.
        money: what its logs tell, in parts.
        ready: whether the recorder's initialisation was observed; None when the profile cannot tell.
    """

    id: str
    session: str
    start: Stamp
    started: bool
    end: Stamp
    ledger: str
    ready: bool | None
    closes: int
    recorded: int
    missing: int
    backfilled: int
    money: LogMoney
    start_log: Location | None = None


class ClockReport(Struct, frozen=True):
    """What a ledger's or stream's naive times mean.

    Attributes:
        subject: ledger path or stream name.
        offset: seconds east of UTC, or None when nothing tells it.
        low, high: the interval of offsets that explains every file name and run start, seconds east.
        basis: why, in words; ``abstained`` where nothing supports a claim.
        shift: constant seconds from log to row times, None when abstained from.
        support: how many one-to-one matches back the shift.
    """

    session: str
    subject: str
    offset: int | None
    low: int | None
    high: int | None
    basis: Message
    shift: int | None
    support: int


class LedgerReport(Struct, frozen=True):
    """One trades file.

    Attributes:
        set_aside: lines that are no closed trades, by what they are: open positions, totals, comments, payments.
        written: how its numbers and dates were read, where its cells or the settings decided it.
        file_date: the date in its name.
        first, last: times of its first and last row, None when it has none.
        comparable: False where its PnL is known to be of another kind or unit than the log's.
        opened: when the recorder last said that it opened it, None when no line says so;
            opened_log: that line.
    """

    path: str
    session: str
    copies: tuple[str, ...]
    rows: int
    malformed: int
    status: LedgerStatus
    file_date: date | None
    first: Stamp | None
    last: Stamp | None
    bytes: int
    newline: str
    clock: ClockReport
    opened: Stamp | None = None
    opened_log: Location | None = None
    comparable: bool = True
    set_aside: dict[AsideReason, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)


class CoverageReport(Struct, frozen=True):
    """The intervals for which one stream's logs are at hand, in milliseconds of its own clock."""

    session: str
    stream: str
    sources: int
    records: int
    intervals: tuple[tuple[Stamp, Stamp], ...]
    encoding: tuple[str, ...]
    dialects: tuple[tuple[str, int], ...]
    levels: tuple[tuple[str, int], ...]


class Statement(Struct, frozen=True):
    """A healthy or not judgeable thing, said in words.

    Attributes:
        code: stable kebab-case name, e.g. ``recorder-errors-none``, ``time-zone-not-the-cause``.
        locations: what proves it; may be empty where the proof is an absence (then ``searched`` says where).
        searched: streams searched for what was not observed.
        at: when; None for what has no moment.
    """

    code: str
    session: str
    message: Message
    locations: tuple[Location, ...] = ()
    searched: tuple[str, ...] = ()
    at: Stamp | None = None


class ProfileChoice(Struct, frozen=True):
    """Which profile reads a session, and the evidence for it; ``learned`` if its rows taught it."""

    session: str
    name: str
    why: Message
    learned: bool = False


class OffsetReport(Struct, frozen=True):
    """What the stated zone's offset is in a session from a moment on.

    Attributes:
        since: naive µs of the logs' own clock.
        seconds: east of UTC.
    """

    session: str
    since: int
    seconds: int


class RunningPnl(Struct, frozen=True):
    """Running net PnL of a session in its log and in its ledger, after each close and each row without one.

    Attributes:
        points: time, sum of the log, sum of the ledger.
        log, ledger: whether every amount of that side is known; a sum of which a part is unknown is not shown.
    """

    session: str
    points: tuple[tuple[Stamp, Decimal, Decimal], ...]
    log: bool
    ledger: bool


class Report(Struct, frozen=True):
    """Everything that scan found, in a fixed order.

    Attributes:
        not_judged: why nothing was judged; None where something was.
        zone: the zone stated for the logs, as the user wrote it; empty when none.
        offsets: its offsets, by session and time; none without a zone.
        since, until: times of the logs' own clock between which closes and rows were judged, the end not
            included; None where nothing limits them.
        files: every file found; empty where no output shows hashes.
        code: what the bot's source says, by session; empty without a source.
    """

    tool_version: str
    roots: tuple[str, ...]
    profiles: tuple[ProfileChoice, ...]
    summary: Summary
    runs: tuple[RunReport, ...]
    ledgers: tuple[LedgerReport, ...]
    clocks: tuple[ClockReport, ...]
    coverage: tuple[CoverageReport, ...]
    healthy: tuple[Statement, ...]
    unjudged: tuple[Statement, ...]
    trades: RowsOf[TradeReport]
    repeats: RowsOf[RepeatReport]
    positions: RowsOf[PositionReport]
    findings: RowsOf[Finding]
    sources: tuple[SourceReport, ...]
    skipped: tuple[Skipped, ...]
    diagnosis: Diagnosis
    review: PolicyResult = field(default_factory=PolicyResult)
    not_judged: NotJudged | None = None
    zone: str = ""
    offsets: tuple[OffsetReport, ...] = ()
    since: Stamp | None = None
    until: Stamp | None = None
    files: tuple[FileReport, ...] = ()
    code: dict[str, SourceAnalysis] = field(default_factory=dict)
    running: tuple[RunningPnl, ...] = ()
