"""Ledgers of another bot or instance beside a log: rows lie in its time, and none is of a close that it tells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from logaudit.core.events import EventKind
from logaudit.reconcile.ledger_elsewhere import stem_of
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.links import Links
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

#: Rows without a close in the logs' time that speak for it, and for how many closes each of them does.
_FEWEST: Final = 3
_CLOSES: Final = 4


def nothing_in_common(
    evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger], links: Links, lost: int, covered: int
) -> bool:
    """Whether nothing shows that the ledgers are those of this log, and rows without a close that they may not be.

    Args:
        lost: how many closes have no row; covered: of how many rows without a close the logs would tell it.
    """
    if links.matched or links.restored or links.repeated or _names(evidence, ledgers):
        return False
    return covered >= _FEWEST and covered * _CLOSES >= lost


def _names(evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger]) -> bool:
    """Whether the log says that a recorder opened one of the ledgers, or names it where a recorder is ready."""
    opened = evidence.of(EventKind.LEDGER_OPENED, EventKind.RECORDER_READY)
    told = {stem_of(event.captures.path) for event in opened}
    paths = [lc.address.member or lc.address.path for lc in ledgers]
    return any(stem_of(path) in told for path in paths) or any(
        base_name(path) in event.location.text for path in paths for event in opened
    )
