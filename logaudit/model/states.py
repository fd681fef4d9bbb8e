"""The states of a trade: which of its witnesses exist."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


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
