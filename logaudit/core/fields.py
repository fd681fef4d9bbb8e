"""The values of one trade, read once: what a log record or a ledger entry says of it, as exact numbers.

`TradeFields` is the one form of these values from capture to report. The log's patterns and the ledger's columns
fill the same fields, so that one function compares them. Invariants:

- A number is parsed where it is captured and nowhere else. Its digits are those that were printed: tolerances
  come from them, so no field is ever rounded, normalised or turned into text before it is shown.
- ``None`` and the empty text mean that the source does not show the value. A value that is shown and cannot be
  read is an `Unread` beside the fields, with its place; it is never silently absent.
- ``side`` is the side of the position, in the profile's words for it. Prices and money are in quote currency,
  ``size`` in coins, ``contracts`` in contracts, ``duration_sec`` in seconds.
- Every field has exactly one `FieldKind` in `KINDS`, which says how two printed values are held against each
  other; matching iterates over `KINDS`, so a field without a kind fails a test and none can be forgotten.
- The names of the fields are the names that profiles capture (`FieldName`) and that findings report.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum, auto
from typing import Final

from msgspec import Struct

from logaudit.core.location import Location
from logaudit.core.money import difference
from logaudit.core.timestamp import Stamp


class PositionSide(StrEnum):
    """The direction of a position."""

    LONG = "long"
    SHORT = "short"


class FieldName(StrEnum):
    """The values a pattern may capture; a profile naming any other is refused.

    All but the last four are fields of `TradeFields`; those are the recorder's own words.
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
    FUNDING = "funding"
    DURATION_SEC = "duration_sec"
    REASON = "reason"
    TRADE_ID = "trade_id"
    ORDER_ID = "order_id"
    POSITION_ID = "position_id"
    COUNTER = "counter"
    PATH = "path"
    OUTCOME = "outcome"
    DETAIL = "detail"


class FieldKind(Enum):
    """How two printed values of one field are compared.

    ``SUBJECT`` decides which trades may be one at all; ``PRICE``, ``SIZE``, ``MONEY`` and ``DURATION`` are numbers,
    equal within printed precision; ``WORD`` is the bot's own word, equal but for case; ``ID`` and ``TIME`` are not
    compared: ids of two systems are numbered apart, and times lie on two clocks.
    """

    SUBJECT = auto()
    PRICE = auto()
    SIZE = auto()
    MONEY = auto()
    DURATION = auto()
    WORD = auto()
    ID = auto()
    TIME = auto()


class TradeFields(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one source says of one trade.

    Attributes:
        symbol: as written.
        side: of the position; None when not told.
        size: in coins; contracts: in contracts.
        pnl: PnL that the source calls neither gross nor net.
        commission: what the trade cost, positive for a cost; funding: received or paid while it was held.
        reason: the bot's own word.
        opened: when the position was opened, on the source's clock.
    """

    symbol: str = ""
    side: PositionSide | None = None
    entry_price: Decimal | None = None
    exit_price: Decimal | None = None
    size: Decimal | None = None
    contracts: Decimal | None = None
    gross_pnl: Decimal | None = None
    net_pnl: Decimal | None = None
    pnl: Decimal | None = None
    commission: Decimal | None = None
    funding: Decimal | None = None
    duration_sec: Decimal | None = None
    reason: str = ""
    trade_id: str = ""
    order_id: str = ""
    position_id: str = ""
    opened: Stamp | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that it bears."""
        return tuple(own for own in (self.trade_id, self.order_id, self.position_id) if own)

    @property
    def result(self) -> Decimal | None:
        """The PnL a ledger's net column should show: net, else gross less commission, else the unnamed, else gross."""
        if self.net_pnl is not None:
            return self.net_pnl
        if self.gross_pnl is not None and self.commission is not None:
            return difference(self.gross_pnl, self.commission)
        return self.pnl if self.pnl is not None else self.gross_pnl

    @property
    def gross_only(self) -> bool:
        """Whether ``result`` is a gross PnL, as nothing nearer to the net is told."""
        return self.net_pnl is None and self.commission is None and self.pnl is None

    @property
    def amount(self) -> Decimal | None:
        """The size in coins, or in contracts when only that is told."""
        return self.size if self.size is not None else self.contracts


#: Kind of each field, in the order in which differences are listed.
KINDS: Final[Mapping[str, FieldKind]] = {
    "symbol": FieldKind.SUBJECT,
    "side": FieldKind.SUBJECT,
    "entry_price": FieldKind.PRICE,
    "exit_price": FieldKind.PRICE,
    "size": FieldKind.SIZE,
    "contracts": FieldKind.SIZE,
    "gross_pnl": FieldKind.MONEY,
    "net_pnl": FieldKind.MONEY,
    "pnl": FieldKind.MONEY,
    "commission": FieldKind.MONEY,
    "funding": FieldKind.MONEY,
    "duration_sec": FieldKind.DURATION,
    "reason": FieldKind.WORD,
    "trade_id": FieldKind.ID,
    "order_id": FieldKind.ID,
    "position_id": FieldKind.ID,
    "opened": FieldKind.TIME,
}
#: The fields that hold an id.
IDS: Final = tuple(FieldName(name) for name, kind in KINDS.items() if kind is FieldKind.ID)
#: Shorter ids are counters: two systems may both have a 17.
LONG_ID: Final = 5
NUMERIC: Final = frozenset({FieldKind.PRICE, FieldKind.SIZE, FieldKind.MONEY, FieldKind.DURATION})
#: The fields that hold a number.
NUMBERS: Final = tuple(name for name, kind in KINDS.items() if kind in NUMERIC)


class Unread(Struct, frozen=True):
    """A value that is shown and cannot be read: a price that is no number, an unknown word for a side.

    Attributes:
        text: as it was captured, cut to 80 characters; hostile.
        place: the line that shows it; None while it is that of the mark that holds the value.
    """

    field: FieldName
    text: str
    place: Location | None = None
