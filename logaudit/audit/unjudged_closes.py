"""Closes that are not judged for a reason of their own: trades on paper, and markets whose ledger is not at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from logaudit.core.message import codes, plural
from logaudit.core.report import Statement
from logaudit.core.trades import symbol_key
from logaudit.reconcile.ledger_elsewhere import markets_of
from logaudit.reconcile.no_own_trades import on_paper
from logaudit.reconcile.reconciled import ClosedTrade, Session


def why_unjudged(
    session: Session, closes: Sequence[ClosedTrade]
) -> tuple[list[Statement], list[ClosedTrade]]:
    """What is said of such closes, and those of which nothing of the kind is."""
    told = ((trade, on_paper(trade.close)) for trade in closes if trade.room is None)
    paper = {trade.id: (trade, words) for trade, words in told if words}
    markets = markets_of(session.ledgers)
    apart = [t for t in closes if t.id not in paper and markets and _market(t) not in markets]
    known = {*paper, *(trade.id for trade in apart)}
    statements = [*_on_paper(session, paper), *_apart(session, apart)]
    return statements, [trade for trade in closes if trade.id not in known]


def _market(trade: ClosedTrade) -> str:
    return symbol_key(trade.close.fields.symbol)


def _on_paper(session: Session, told: Mapping[str, tuple[ClosedTrade, frozenset[str]]]) -> list[Statement]:
    """The closes whose lines say that no money was traded."""
    if not told:
        return []
    words = sorted({word for _, some in told.values() for word in some})
    text = plural(
        "{n} close without a row is not called lost: its lines speak of {words}, and no row is of such a one.",
        "{n} closes without a row are not called lost: their lines speak of {words}, and no row is of such a one.",
        len(told),
        words=codes(words),
    )
    places = tuple(trade.close.location for trade, _ in [*told.values()][:3])
    return [Statement("closes-on-paper", session.root, text, places)]


def _apart(session: Session, trades: Sequence[ClosedTrade]) -> list[Statement]:
    """The closes of markets without a ledger, where each of the others has one."""
    if not trades:
        return []
    text = plural(
        "{n} close cannot be verified: each market has a ledger of its own here, and none of {markets} is at hand.",
        "{n} closes cannot be verified: each market has a ledger of its own here, and none of {markets} is at hand.",
        len(trades),
        markets=codes(sorted({trade.close.fields.symbol for trade in trades})),
    )
    return [
        Statement("market-without-ledger", session.root, text, tuple(t.close.location for t in trades[:3]))
    ]
