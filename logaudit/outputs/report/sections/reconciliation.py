"""Reconciliation: every close and every row against its witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logaudit.model.location import Role
from logaudit.model.outcome import TradeReport
from logaudit.model.states import TradeState
from logaudit.outputs.report.cites import cell
from logaudit.outputs.report.document import Block, Inline, Mark, Para, Section, Table, Tone, Words
from logaudit.outputs.report.long_tables import Appendices
from logaudit.outputs.report.speech import code, words
from logaudit.outputs.report.view import View


def reconciliation(view: View, appendices: Appendices) -> Section | None:
    """Where there is any close or row."""

    def make(name: str) -> Iterator[Block]:
        trades = [trade for trade in view.outcome.trades if trade.session == name]
        if trades:
            yield appendices.shorten(view, table(view, trades), session=name)

    blocks = view.by_session(make)
    if not blocks:
        return None
    intro = Para(view.say("reconciliation.intro"))
    return Section("reconciliation", view.text("section.reconciliation"), (intro, *blocks))


def table(view: View, trades: Sequence[TradeReport]) -> Table:
    """One row a trade."""
    names = ("closed", "symbol", "side", "reason", "net_log>", "net_row>", "close", "ack", "row", "state")
    rows = tuple(tuple(_cells(view, trade)) for trade in trades)
    return Table(view.columns(*names), rows, view.text("reconciliation.caption", n=len(trades)))


def _cells(view: View, trade: TradeReport) -> Iterator[Inline]:
    yield view.time(trade.closed)
    yield code(trade.symbol)
    yield view.side(trade.side)
    yield code(trade.reason) or words("–")
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
        return (Mark(Tone.BAD, view.text("witness.error")), Words(" "), *cell(*failures))
    return view.say("witness.none") if trade.log is not None else words("–")


def _row(view: View, trade: TradeReport) -> Inline:
    if trade.row is not None:
        doubt = view.say("witness.ambiguous") if trade.ambiguous else ()
        return (*cell(trade.row), *doubt)
    if trade.backfill is not None:
        return (*cell(trade.backfill), *view.say("witness.restored"))
    return (
        view.say("witness.none")
        if trade.state is not TradeState.UNVERIFIABLE
        else view.say("witness.unknown")
    )
