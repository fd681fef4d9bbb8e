"""What the report says of one trade, repeat, position, ledger row and event, as values that renderers format."""

from decimal import Decimal

from msgspec import Struct

from logaudit.core.events import EventKind
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.location import Location
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import PositionStatus, TradeState, Writer


class NearbyLine(Struct, frozen=True):
    """A record that was logged around a close.

    Attributes:
        delta: µs from the close to it.
        emitter: ``module:function``, empty where the log format prints none.
        template: its message with symbol, sides and numbers masked.
    """

    line: int
    delta: int
    level: str
    emitter: str
    template: str


class TradeReport(Struct, frozen=True):
    """One close and its row, or a row without a close.

    Attributes:
        gross_only: whether its PnL is a gross one, as nothing nearer to the net is known.
        also: its acknowledgements, failed writes and confirmations; also_at: when each was written.
        row_at, backfill_at: times of its row and of the row that restored it, on the log's clock.
        nearby: the records around the close in its own log, in file order.
    """

    id: str
    session: str
    run: str
    symbol: str
    side: PositionSide | None
    opened: Stamp | None
    closed: Stamp
    reason: str
    emitter: str
    state: TradeState
    missing: bool
    ambiguous: bool
    entry_price: Decimal | None
    exit_price: Decimal | None
    size: Decimal | None
    gross_pnl: Decimal | None
    net_pnl: Decimal | None
    ledger_net_pnl: Decimal | None
    gross_only: bool
    partial: bool
    log: Location | None
    row: Location | None
    backfill: Location | None
    also: tuple[Location, ...]
    also_at: tuple[Stamp, ...] = ()
    row_at: Stamp | None = None
    backfill_at: Stamp | None = None
    nearby: tuple[NearbyLine, ...] = ()


class RepeatReport(Struct, frozen=True):
    """An announcement of a close that was told already; it is no trade and in no sum.

    Attributes:
        trade: id of the close it repeats.
    """

    session: str
    trade: str
    at: Stamp
    symbol: str
    side: PositionSide | None
    emitter: str
    exit_price: Decimal | None
    net_pnl: Decimal | None
    log: Location


class PositionReport(Struct, frozen=True):
    """A reconstructed position: its open, its close, or both."""

    id: str
    session: str
    run: str
    symbol: str
    side: PositionSide | None
    opened: Stamp | None
    closed: Stamp | None
    status: PositionStatus
    entry_price: Decimal | None
    exit_price: Decimal | None
    size: Decimal | None
    net_pnl: Decimal | None
    gross_only: bool
    duration_sec: Decimal | None
    reason: str
    emitter: str
    state: TradeState | None
    open_log: Location | None
    close_log: Location | None


class EntryReport(Struct, frozen=True):
    """One row of a ledger, as it was read.

    Attributes:
        trade: id of the trade that it records, restores, repeats, or is; empty where it is judged to be none.
        ledger: the file, or the table.
        at: on the ledger's own clock.
        writer: who wrote it; None where that is not known.
    """

    session: str
    trade: str
    ledger: str
    at: Stamp
    writer: Writer | None
    fields: TradeFields
    row: Location


class EventReport(Struct, frozen=True):
    """One fact that the logs tell, in however many sinks.

    Attributes:
        level: upper-case name, empty where the log format has none.
        counter: the recorder's running total.
        path: the ledger that the recorder opened; detail: its or the exchange's own words.
        pattern: id of the profile's pattern that recognised it.
        also: the other lines that tell it.
    """

    session: str
    kind: EventKind
    at: Stamp
    stream: str
    emitter: str
    level: str
    fields: TradeFields
    counter: int | None
    path: str
    detail: str
    pattern: str
    log: Location
    also: tuple[Location, ...]
