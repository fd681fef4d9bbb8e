"""Two scans side by side: what is new, what is gone, what stayed, and what became of the lost trades."""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from logaudit.core.policy_result import KnownFinding


class ScanSide(Struct, frozen=True):
    """One scan's totals; money in quote currency, exact.

    Attributes:
        label: the path as the user gave it.
        missing: closes without a row from the recorder; backfilled: those of them that were restored.
        unrecorded_net_pnl: of the lost closes, None where that of one is unknown.
    """

    label: str
    tool_version: str
    closes: int
    recorded: int
    missing: int
    backfilled: int
    unverifiable: int
    unrecorded_net_pnl: Decimal | None


class TradeFate(Struct, frozen=True):
    """A trade that was missing on one side: its state on both, empty where the side does not hold it."""

    symbol: str
    side: str
    closed: str
    net_pnl: str
    before: str
    after: str


class ScanDiff(Struct, frozen=True):
    """The difference; lists are in the order of their scans.

    Attributes:
        mended: trades missing before and recorded after; restored: only given back by another writer;
            still: missing on both sides; unseen: missing before and not in the later scan at all;
            lost: missing after and not before.
    """

    before: ScanSide
    after: ScanSide
    new: tuple[KnownFinding, ...]
    gone: tuple[KnownFinding, ...]
    unchanged: tuple[KnownFinding, ...]
    mended: tuple[TradeFate, ...]
    restored: tuple[TradeFate, ...]
    still: tuple[TradeFate, ...]
    unseen: tuple[TradeFate, ...]
    lost: tuple[TradeFate, ...]
