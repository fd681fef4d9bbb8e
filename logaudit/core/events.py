"""Facts read from log records: what happened, when, who wrote it, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, TypeAlias

from msgspec import Struct

from logaudit.core.fields import FieldName, PositionSide, TradeFields, Unread
from logaudit.core.location import Location
from logaudit.core.rows import RowsOf
from logaudit.core.timestamp import Stamp


class EventKind(StrEnum):
    """The facts a profile can teach logaudit to read."""

    RUN_STARTED = "run-started"
    POSITION_OPENED = "position-opened"
    POSITION_CLOSED = "position-closed"
    POSSIBLE_CLOSE = "possible-close"
    CLOSE_FAILED = "close-failed"
    RECORDER_READY = "recorder-ready"
    LEDGER_OPENED = "ledger-opened"
    TRADE_ACKNOWLEDGED = "trade-acknowledged"
    RECORDER_FAILED = "recorder-failed"
    EXCHANGE_CONFIRMED = "exchange-confirmed"
    ORDER_FILLED = "order-filled"
    REPORTED_FLAT = "reported-flat"
    LEDGER_TOUCHED = "ledger-touched"


class Emitter(Struct, frozen=True, order=True):
    """The code path that wrote a record; a part the log format does not print is empty or 0."""

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


#: A captured value: text, number, side or count, or `Unread` when it is none of what its field must hold.
Value: TypeAlias = str | Decimal | PositionSide | int | Unread

_TRADE: Final = frozenset(TradeFields.__struct_fields__)
_ALL: Final = tuple(FieldName)
_trade_values: Final = attrgetter(*(name for name in _ALL if name in _TRADE))


# Its dict holds what follows from its fields, made when first asked for; that does not travel between processes.
class Captures(Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """What the patterns captured from one line, or from all lines of one event.

    Attributes:
        fields: the trade's values.
        counter: the recorder's running total.
        path: the file it opened; outcome: ``created`` or ``reused``.
        detail: its own words for what went wrong, or the exchange's.
        unread: values that are shown and cannot be read.
    """

    fields: TradeFields = TradeFields()
    counter: int | None = None
    path: str = ""
    outcome: str = ""
    detail: str = ""
    unread: tuple[Unread, ...] = ()

    @cached_property
    def values(self) -> Mapping[FieldName, Value]:
        """All that is shown, by name; kept, as what is compared is asked for again and again."""
        return self.by_name()

    def by_name(self) -> Mapping[FieldName, Value]:
        """As `values`, made anew: for who asks once of each of very many."""
        told = (*_trade_values(self.fields), self.counter, self.path, self.outcome, self.detail)
        found = {
            name: value for name, value in zip(_ALL, told, strict=True) if value is not None and value != ""
        }
        for unread in self.unread:
            found[unread.field] = unread
        return found


def captures_of(values: Mapping[FieldName, Value]) -> Captures:
    """The captures that show exactly these values, as `Captures.values` gives them."""
    trade: dict[str, Any] = {}
    others: dict[str, Any] = {}
    unread: list[Unread] = []
    for name, value in values.items():
        if isinstance(value, Unread):
            unread.append(value)
        elif name in _TRADE:
            trade[name.value] = value
        else:
            others[name.value] = value
    return Captures(fields=TradeFields(**trade), unread=tuple(unread), **others)


class Dealt(Struct, frozen=True):
    """What lines that several blocks were written between were dealt out to one of them.

    Attributes:
        group: the same for all blocks that were written at once.
        names: the values that may be another one's.
    """

    group: str
    names: frozenset[FieldName]


class Event(Struct, frozen=True):
    """One fact, possibly seen in several sinks.

    Attributes:
        kind: what happened.
        at: when the finest sink says it happened, in that stream's own clock.
        stream: the stream of the first location.
        emitter: who wrote it; falsy when no sink prints it.
        level: upper-case level name, empty when the log format has none.
        captures: the values that its lines show.
        pattern: the id of the profile's pattern that recognised it.
        locations: every place that states it, the most detailed first.
        also_in: the other streams that hold the same call.
        log_format: the name of that of its first line: of the handlers that write one file each has its own.
        dealt: where the lines of its block stand between those of others, what of it may be theirs.
    """

    kind: EventKind
    at: Stamp
    stream: str
    emitter: Emitter
    level: str
    captures: Captures
    pattern: str
    locations: RowsOf[Location]
    also_in: tuple[str, ...] = ()
    log_format: str = ""
    dealt: Dealt | None = None

    @property
    def fields(self) -> TradeFields:
        """The values of the trade that it tells of."""
        return self.captures.fields

    @property
    def location(self) -> Location:
        """The line that proves it."""
        return self.locations[0]
