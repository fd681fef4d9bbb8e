"""Names that the diagnosis shares with the rest of an outcome."""

from __future__ import annotations

from logaudit.case import ClosedTrade, Session


def trade_name(session: Session, trade: ClosedTrade) -> str:
    """The trade's id as outcomes show it: unique over all sessions."""
    return trade.id if session.root == "." else f"{session.root}/{trade.id}"
