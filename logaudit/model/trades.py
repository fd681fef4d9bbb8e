"""Closes, ledger rows and what links them: the small exact records that rules judge."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from logaudit.model.events import Emitter, Event
from logaudit.model.location import Location
from logaudit.model.stamp import Stamp

_MARKET_SUFFIX: Final = re.compile(r"(?:[-_/.]?(?:SWAP|PERP|PERPETUAL))$")


class Side(StrEnum):
    """The direction of a position."""

    LONG = "long"
    SHORT = "short"


@lru_cache(maxsize=1024)
def symbol_key(text: str) -> str:
    """One key for the spellings of one market: ``BTC/USDT:USDT``, ``BTC-USDT-SWAP`` → ``BTCUSDT``."""
    upper = text.strip().upper().partition(":")[0]
    return re.sub(r"[^0-9A-Z]", "", _MARKET_SUFFIX.sub("", upper))


class Close(Struct, frozen=True):
    """One logged close of (a part of) a position.

    Attributes:
        symbol: as the log writes it.
        side: None when no record says it.
        at: in the log's clock.
        entry, exit: prices in quote currency; size: in coins, or contracts when the log says only that.
        gross, net: PnL in quote currency; pnl: PnL the log does not name gross or net.
        duration: holding time in seconds.
        reason: the bot's own word, empty when not logged.
        opened: the matched open, when one is known.
    """

    symbol: str
    side: Side | None
    at: Stamp
    entry: Decimal | None
    exit: Decimal | None
    size: Decimal | None
    contracts: Decimal | None
    gross: Decimal | None
    net: Decimal | None
    pnl: Decimal | None
    commission: Decimal | None
    duration: Decimal | None
    reason: str
    emitter: Emitter
    event: Event
    partial: bool = False

    @property
    def result(self) -> Decimal | None:
        """The PnL a ledger's net column should show: net, else gross less commission, else the unnamed."""
        if self.net is not None:
            return self.net
        if self.gross is not None and self.commission is not None:
            return self.gross - self.commission
        return self.pnl if self.pnl is not None else self.gross

    @property
    def location(self) -> Location:
        """The line that proves the close."""
        return self.event.locations[0]


class Row(Struct, frozen=True):
    """One parsed line of a ledger.

    Attributes:
        number: 0-based position among the file's data rows, malformed ones not counted.
        location: the file is ``location.address``.
        at: the row's own time, in the ledger's clock.
        opened: the open time, when the ledger has such a column.
        cells: the raw text by column name, for reports.
        blank: canonical names of the columns that the file has and this row leaves empty.
    """

    number: int
    location: Location
    at: Stamp
    symbol: str
    side: Side | None
    entry: Decimal | None
    exit: Decimal | None
    size: Decimal | None
    gross: Decimal | None
    commission: Decimal | None
    net: Decimal | None
    duration: Decimal | None
    reason: str
    trade_id: str
    opened: Stamp | None
    blank: frozenset[str]
    cells: tuple[tuple[str, str], ...]

    @property
    def result(self) -> Decimal | None:
        """Net PnL, or what comes nearest to it."""
        return self.net if self.net is not None else self.gross
