"""What happened in a session: runs, positions, their closes, and which witness was told of each.

Times are microseconds since 1970 UTC; how logs and ledgers write them is another matter.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

from msgspec import Struct

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


#: The row is there and only its time or its place cannot be read.
SOFT: Final = 1
#: Nothing of the row can be read.
HARD: Final = 2


class State(StrEnum):
    """Which witnesses exist for a trade, in the words of the JSON output."""

    RECORDED = "recorded"
    UNACKNOWLEDGED = "unacknowledged"
    SILENT = "silent-drop"
    FALSE_ACK = "false-ack"
    FAILED = "failed-write"
    BACKFILLED = "backfilled"
    ORPHAN = "orphan-row"
    UNVERIFIABLE = "unverifiable"


class Market(Struct, frozen=True):
    """An instrument.

    Attributes:
        tick: smallest step of the price; step: smallest step of the size, in coins.
        contract: coins in one contract; never 1, so that contracts and coins differ.
    """

    symbol: str
    price: Decimal
    tick: Decimal
    step: Decimal
    contract: Decimal


class Position(Struct, frozen=True):
    """One position from its open on.

    Attributes:
        order: the exchange's id of it.
        said: whether the log tells of the open.
    """

    key: int
    market: Market
    side: str
    entry: Decimal
    size: Decimal
    at: int
    run: int
    order: int
    said: bool = True

    @property
    def sign(self) -> int:
        """1 for a long, -1 for a short."""
        return 1 if self.side == "long" else -1


class Close(Struct, frozen=True):
    """One distinct close, whole or partial.

    Attributes:
        path: which of the bot's code paths closed it.
        said: whether a close line tells of it; ack: whether the recorder acknowledged it.
        failure: which line tells that the recorder failed, empty when none does.
        row: whether the recorder's row is in the ledger at hand.
        restored: whether another writer added its row later.
        confirmed: whether the exchange's own line tells of it.
        hinted: a line other than the recorder's says why the row is missing.
        cause: id of the hypothesis that is true of a loss.
        room: how its row may lie where it cannot be read: see `SOFT` and `HARD`; unheard: its line lies there.
        copied: its row is in a copy of the ledger alone.
        words: which other wording tells of it, empty for the bot's usual one.
        twin: closes with the same number cannot be told from each other.
    """

    key: int
    position: int
    at: int
    exit: Decimal
    size: Decimal
    gross: Decimal
    fee: Decimal
    reason: str
    path: str
    said: bool = True
    ack: bool = True
    failure: str = ""
    row: bool = True
    restored: bool = False
    confirmed: bool = False
    hinted: bool = False
    cause: str = ""
    room: int = 0
    copied: bool = False
    unheard: bool = False
    words: str = ""
    twin: int = -1

    @property
    def net(self) -> Decimal:
        """After fees."""
        return self.gross - self.fee

    @property
    def lost(self) -> bool:
        """Whether it was closed and the recorder's row is missing."""
        return not self.row


class Run(Struct, frozen=True):
    """One life of the process; ``crashed`` where it ended without a word."""

    key: int
    start: int
    end: int
    crashed: bool = False
