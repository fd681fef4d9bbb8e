"""Facts read from log records: what happened, when, who wrote it, and where it stands."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from logaudit.model.location import Location
from logaudit.model.stamp import Stamp


class EventKind(StrEnum):
    """The facts a profile can teach logaudit to read."""

    RUN_STARTED = "run-started"
    POSITION_OPENED = "position-opened"
    POSITION_CLOSED = "position-closed"
    RECORDER_READY = "recorder-ready"
    LEDGER_OPENED = "ledger-opened"
    TRADE_ACKNOWLEDGED = "trade-acknowledged"
    RECORDER_FAILED = "recorder-failed"
    EXCHANGE_CONFIRMED = "exchange-confirmed"


class FieldName(StrEnum):
    """The values a pattern may capture; a profile naming any other is refused.

    Times and prices are kept as text here and become exact numbers when positions are built.
    """

    SYMBOL = "symbol"
    SIDE = "side"
    ENTRY_PRICE = "entry_price"
    EXIT_PRICE = "exit_price"
    SIZE = "size"
    CONTRACTS = "contracts"
    GROSS_PNL = "gross_pnl"
    NET_PNL = "net_pnl"
    PNL = "pnl"
    COMMISSION = "commission"
    DURATION_SEC = "duration_sec"
    REASON = "reason"
    COUNTER = "counter"
    PATH = "path"
    OUTCOME = "outcome"
    DETAIL = "detail"
    TRADE_ID = "trade_id"


class Emitter(Struct, frozen=True, order=True):
    """The code path that wrote a record; a part the dialect does not print is empty or 0."""

    module: str = ""
    function: str = ""
    line: int = 0

    def __str__(self) -> str:
        if not self.function:
            return self.module
        return f"{self.module}:{self.function}" + (f":{self.line}" if self.line else "")

    @property
    def path(self) -> str:
        """``module:function``, which survives edits to the file above it."""
        return f"{self.module}:{self.function}" if self.function else self.module

    def __bool__(self) -> bool:
        return bool(self.module or self.function)


class Event(Struct, frozen=True):
    """One fact, possibly seen in several sinks.

    Attributes:
        kind: what happened.
        at: when the finest sink says it happened, in that stream's own clock.
        stream: the stream of the first location.
        emitter: who wrote it; falsy when no sink prints it.
        level: upper-case level name, empty when the dialect has none.
        values: captured fields, by name.
        pattern: the id of the profile's pattern that recognised it.
        locations: every place that states it, the most detailed first.
        also_in: the other streams that hold the same call.
    """

    kind: EventKind
    at: Stamp
    stream: str
    emitter: Emitter
    level: str
    values: dict[FieldName, str]
    pattern: str
    locations: tuple[Location, ...]
    also_in: tuple[str, ...] = ()

    def get(self, name: FieldName) -> str:
        """The captured text, empty when the record does not show it."""
        return self.values.get(name, "")
