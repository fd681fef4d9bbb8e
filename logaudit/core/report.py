"""The whole answer of a scan: everything a renderer may print, nothing it must compute."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct, field

from logaudit.core.diagnosis import Diagnosis
from logaudit.core.finding import Finding
from logaudit.core.location import Address, Location
from logaudit.core.message import Message
from logaudit.core.money_parts import LogMoney, MoneyParts
from logaudit.core.not_judged import NotJudged
from logaudit.core.policy_result import PolicyResult
from logaudit.core.trades import TradeState


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
        since: first loss as ISO text, empty when none; last: the last one.
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
    first_loss: str
    last_loss: str
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
        start: ISO text of the start record, or of the first record when the start is not in the logs.
        started: whether a start record was observed; start_log: where, None when not.
        end: ISO text of the run's last record.
        ledger: path of the ledger in force, empty when none is at hand.
        money: what its logs tell, in parts.
        ready: whether the recorder's initialisation was observed; None when the profile cannot tell.
    """

    id: str
    session: str
    start: str
    started: bool
    end: str
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
        status: ``ok``, ``header-only``, ``empty``, ``malformed``.
        set_aside: lines that are no closed trades, by what they are: open positions, totals, comments, payments.
        written: how its numbers and dates were read, where its cells or the settings decided it.
        first, last: ISO times of its first and last row, empty when it has none.
        comparable: False where its PnL is known to be of another kind or unit than the log's.
        opened: ISO time at which the recorder last said that it opened it, empty when no line says so;
            opened_log: that line.
    """

    path: str
    session: str
    copies: tuple[str, ...]
    rows: int
    malformed: int
    status: str
    file_date: str
    first: str
    last: str
    bytes: int
    newline: str
    clock: ClockReport
    opened: str = ""
    opened_log: Location | None = None
    comparable: bool = True
    set_aside: dict[str, int] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)


class CoverageReport(Struct, frozen=True):
    """The intervals for which one stream's logs are at hand, ISO times of its own clock."""

    session: str
    stream: str
    sources: int
    records: int
    intervals: tuple[tuple[str, str], ...]
    encoding: tuple[str, ...]
    dialects: tuple[tuple[str, int], ...]
    levels: tuple[tuple[str, int], ...]


class TradeReport(Struct, frozen=True):
    """One close and its row, or a row without a close."""

    id: str
    session: str
    run: str
    symbol: str
    side: str
    opened: str
    closed: str
    reason: str
    emitter: str
    state: TradeState
    missing: bool
    ambiguous: bool
    entry_price: str
    exit_price: str
    size: str
    gross_pnl: str
    net_pnl: str
    ledger_net_pnl: str
    partial: bool
    log: Location | None
    row: Location | None
    backfill: Location | None
    also: tuple[Location, ...]


class RepeatReport(Struct, frozen=True):
    """An announcement of a close that was told already; it is no trade and in no sum.

    Attributes:
        trade: id of the close it repeats.
    """

    session: str
    trade: str
    at: str
    symbol: str
    side: str
    emitter: str
    exit_price: str
    net_pnl: str
    log: Location


class PositionReport(Struct, frozen=True):
    """A reconstructed position: its open, its close, or both."""

    id: str
    session: str
    run: str
    symbol: str
    side: str
    opened: str
    closed: str
    status: str
    entry_price: str
    exit_price: str
    size: str
    net_pnl: str
    duration_sec: str
    reason: str
    emitter: str
    state: str
    open_log: Location | None
    close_log: Location | None


class Statement(Struct, frozen=True):
    """A healthy or not judgeable thing, said in words.

    Attributes:
        code: stable kebab-case name, e.g. ``recorder-errors-none``, ``time-zone-not-the-cause``.
        locations: what proves it; may be empty where the proof is an absence (then ``searched`` says where).
        searched: streams searched for what was not observed.
        at: when, as ISO text; empty for what has no moment.
    """

    code: str
    session: str
    message: Message
    locations: tuple[Location, ...] = ()
    searched: tuple[str, ...] = ()
    at: str = ""


class ArchiveMember(Struct, frozen=True):
    """A member as its archive states it.

    Attributes:
        bytes: once unpacked, None where that is not stated.
        crc32: eight hexadecimal digits, empty where none is stated.
    """

    member: str
    bytes: int | None
    crc32: str


class FileReport(Struct, frozen=True):
    """One file as it lies on disk.

    Attributes:
        path: as locations name it.
        sha256: of its bytes; empty where they cannot be read, or where the file is large and nothing of it was read.
        members: those of an archive that can be read.
    """

    path: str
    bytes: int
    sha256: str
    members: tuple[ArchiveMember, ...] = ()


class SourceReport(Struct, frozen=True):
    """One source as read, for evidence registers.

    Attributes:
        sha256: of its file as it lies on disk, empty where it was not taken.
        bytes: of its text as unpacked.
        packed: whether it came out of an archive or a compressed file.
    """

    address: Address
    session: str
    kind: str
    stream: str
    sha256: str
    bytes: int
    records: int
    first: str
    last: str
    copies: tuple[Address, ...]
    packed: bool = False


class Skipped(Struct, frozen=True):
    """Something that was not read, and why."""

    path: str
    reason: Message


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


class Report(Struct, frozen=True):
    """Everything that scan found, in a fixed order.

    Attributes:
        not_judged: why nothing was judged; None where something was.
        zone: the zone stated for the logs, as the user wrote it; empty when none.
        offsets: its offsets, by session and time; none without a zone.
        since, until: ISO times in the logs' own clock between which closes and rows were judged, the end not
            included; empty where nothing limits them.
        files: every file found; empty where no output shows hashes.
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
    trades: tuple[TradeReport, ...]
    repeats: tuple[RepeatReport, ...]
    positions: tuple[PositionReport, ...]
    findings: tuple[Finding, ...]
    sources: tuple[SourceReport, ...]
    skipped: tuple[Skipped, ...]
    diagnosis: Diagnosis
    review: PolicyResult = field(default_factory=PolicyResult)
    not_judged: NotJudged | None = None
    zone: str = ""
    offsets: tuple[OffsetReport, ...] = ()
    since: str = ""
    until: str = ""
    files: tuple[FileReport, ...] = ()
