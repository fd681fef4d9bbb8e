"""A row of a ledger, states of trades, positions and ledgers, and one key for the spellings of a market."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import force_setattr

from logaudit.core.fields import TradeFields, Unread
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location
from logaudit.core.timestamp import Stamp


class TradeState(StrEnum):
    """Which witnesses a trade has; see the table of witness states in the design."""

    RECORDED = "recorded"
    SILENT_DROP = "silent-drop"
    FALSE_ACK = "false-ack"
    UNACKNOWLEDGED = "unacknowledged"
    FAILED_WRITE = "failed-write"
    BACKFILLED = "backfilled"
    ORPHAN_ROW = "orphan-row"
    UNVERIFIABLE = "unverifiable"


#: States of a close that has no row from the recorder.
MISSING_STATES: Final = frozenset(
    {TradeState.SILENT_DROP, TradeState.FALSE_ACK, TradeState.FAILED_WRITE, TradeState.BACKFILLED}
)


#: Words for perpetual contracts; ``.P`` is TradingView's.
_MARKET_SUFFIX: Final = lazy_pattern(r"(?:[-_/.]?(?:SWAP|PERP|PERPETUAL)|\.P)$")
#: The ISO code of bitcoin, which Kraken and BitMEX use.
_XBT: Final = lazy_pattern(r"^XBT(?=$|[^A-Z]|USD|EUR|GBP|JPY)")


#: Every step of a scan asks for the keys of all trades anew: the markets of one venue fit in several times.
@lru_cache(maxsize=1 << 16)
def symbol_key(text: str) -> str:
    """One key for the spellings of one market: ``BTC/USDT:USDT``, ``BTC-USDT-SWAP``, ``X:XBTUSDT.P`` → ``BTCUSDT``."""
    head, _, tail = text.strip().upper().partition(":")
    # What follows a colon is the coin of settlement, or the market of the exchange that stands before it.
    upper = _XBT.sub("BTC", tail if tail and "/" not in head and not head.endswith(tail) else head)
    return re.sub(r"[^0-9A-Z]", "", _MARKET_SUFFIX.sub("", upper))


class EntryKind(StrEnum):
    """What a ledger's entry is a record of; ``none`` is a total, a comment, a funding payment."""

    CLOSED_TRADE = "closed-trade"
    FILL = "fill"
    ORDER = "order"
    OPEN_POSITION = "open-position"
    NONE = "none"


class Writer(StrEnum):
    """Who wrote an entry: the bot's recorder, or somebody else who restored or added it."""

    RECORDER = "recorder"
    OTHER = "other"


class PositionStatus(StrEnum):
    """How complete a position's story is.

    ``closed-again``: a second recorded close of a position that had ended; ``unclear``: a close that does not say
    which of several live positions it ends; ``forgotten-at-restart``: open when the bot was restarted, and opened
    anew by a later run.
    """

    CLOSED = "closed"
    PARTLY_CLOSED = "partly-closed"
    OPEN_AT_END = "open-at-end"
    CLOSE_MISSING = "close-missing"
    FORGOTTEN = "forgotten-at-restart"
    OPENED_BEFORE = "opened-before-logs"
    OPEN_MISSING = "open-missing"
    CLOSED_AGAIN = "closed-again"
    UNCLEAR = "unclear"


class LedgerStatus(StrEnum):
    """``malformed``: there is text but no header, or a header and not one readable row under it."""

    OK = "ok"
    HEADER_ONLY = "header-only"
    EMPTY = "empty"
    MALFORMED = "malformed"


class AsideReason(StrEnum):
    """Why a line is no closed trade, and no damage either."""

    TOTAL = "total"
    COMMENT = "comment"
    PAYMENT = "payment"
    NO_TRADE = "no-trade"
    OPEN = "open"


class Cells(Struct, array_like=True, frozen=True):
    """The texts of a row beside the names of their columns, as pairs.

    All rows of a table share their names: tables have many rows.
    """

    names: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: tuple[str, ...], texts: Sequence[str]) -> "Cells":
        """Those that have a name and a text."""
        width = len(texts)
        return cls(names if len(names) <= width else names[:width], tuple(texts[: len(names)]))

    def __post_init__(self) -> None:
        force_setattr(self, "names", _shared(self.names))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return zip(self.names, self.texts, strict=True)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, index: int) -> tuple[str, str]:
        return self.names[index], self.texts[index]


#: One for all rows without blanks, of which there are many.
_NOTHING: Final[frozenset[str]] = frozenset()


@lru_cache(maxsize=256)
def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    return names


class LedgerEntry(Struct, array_like=True, frozen=True, kw_only=True):
    """One row of a ledger, read.

    Attributes:
        number: 0-based position among the file's data rows, malformed ones not counted.
        location: the file is ``location.address``.
        at: the row's own time, in the ledger's clock.
        fields: what it says of its trade; ``fields.opened`` where the ledger has such a column.
        blank: canonical names of the columns that the file has and this row leaves empty.
        cells: the raw text by column name, for reports.
        writer: who wrote it; None until the entries of one bot's ledgers have been compared.
        unread: cells that are shown and say nothing, such as an unknown word for a side.
    """

    number: int
    location: Location
    at: Stamp
    fields: TradeFields
    blank: frozenset[str]
    cells: Cells
    kind: EntryKind = EntryKind.CLOSED_TRADE
    writer: Writer | None = None
    unread: tuple[Unread, ...] = ()

    def __post_init__(self) -> None:
        if not self.blank:
            force_setattr(self, "blank", _NOTHING)

    @property
    def result(self) -> Decimal | None:
        """Net PnL, or what comes nearest to it: a ledger's other PnL column may be net already."""
        return self.fields.net_pnl if self.fields.net_pnl is not None else self.fields.gross_pnl

    @property
    def may_be_open(self) -> bool:
        """Whether it leaves blank how its trade ended, so that it may be of a position that has not."""
        told = (self.fields.exit_price, self.fields.net_pnl, self.fields.gross_pnl)
        return not any(told) and not self.blank.isdisjoint({"exit_price", "net_pnl", "gross_pnl"})

    @property
    def gross_only(self) -> bool:
        """Whether ``result`` is a gross PnL: a column called gross holds it."""
        return self.fields.net_pnl is None and any("gross" in name.lower() for name, _ in self.cells)
