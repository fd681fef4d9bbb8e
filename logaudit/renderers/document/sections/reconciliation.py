"""Reconciliation: every close and every row against its witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logaudit.core.location import Role
from logaudit.core.message import label, msg, plural
from logaudit.core.trade_report import TradeReport
from logaudit.core.trades import TradeState
from logaudit.renderers.document.citations import cell
from logaudit.renderers.document.document import Badge, Block, Inline, Section, Table, TextSpan, Tone
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.sections.trade_cells import traded
from logaudit.renderers.document.translator import words
from logaudit.renderers.document.view import View


def reconciliation(view: View, appendices: Appendices) -> Section | None:
    """Where there is any close or row."""

    def make(name: str) -> Iterator[Block]:
        trades = [trade for trade in view.report.trades if trade.session == name]
        if trades:
            yield appendices.shorten(view, table(view, trades), session=name)

    return view.per_session(
        "reconciliation",
        msg("Reconciliation"),
        make,
        msg(
            "Every close and every row against its witnesses: the close in the log, the recorder's "
            "acknowledgement, the row in the ledger."
        ),
    )


def table(view: View, trades: Sequence[TradeReport]) -> Table:
    """One row a trade."""
    names = ("closed", "symbol+side+reason", "net_log>", "net_row>", "close", "ack", "row", "state")
    rows = tuple(tuple(_cells(view, trade)) for trade in trades)
    caption = view.text(msg("{n} and their witnesses"), n=plural("{n} trade", "{n} trades", len(trades)))
    return Table(view.columns(*names), rows, caption, records=True)


def _cells(view: View, trade: TradeReport) -> Iterator[Inline]:
    yield view.time(trade.closed)
    yield traded(view, trade.symbol, trade.side, trade.reason)
    yield view.money(trade.net_pnl)
    yield view.money(trade.ledger_net_pnl)
    yield cell(trade.log)
    yield _acknowledgement(view, trade)
    yield _row(view, trade)
    yield (view.state(trade),)


def _acknowledgement(view: View, trade: TradeReport) -> Inline:
    failures = [place for place in trade.also if place.role is Role.ERROR]
    acks = [place for place in trade.also if place.role is Role.ACK]
    if acks:
        return cell(*acks)
    if failures:
        return (Badge(Tone.BAD, view.text(msg("error"))), TextSpan(" "), *cell(*failures))
    return view.translate(label("witness", "not observed")) if trade.log is not None else words("–")


def _row(view: View, trade: TradeReport) -> Inline:
    if trade.row is not None:
        doubt = view.translate(msg(" (another close fits as well)")) if trade.ambiguous else ()
        return (*cell(trade.row), *doubt)
    if trade.backfill is not None:
        return (*cell(trade.backfill), *view.translate(msg(" (another writer)")))
    return (
        view.translate(label("witness", "not observed"))
        if trade.state is not TradeState.UNVERIFIABLE
        else view.translate(msg("not verifiable"))
    )
