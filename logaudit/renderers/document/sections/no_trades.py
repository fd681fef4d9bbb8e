"""Announcements that repeat a close, and lines of ledgers that are no closed trades."""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.renderers.document.citations import cell
from logaudit.renderers.document.document import Block, Bullets, Section
from logaudit.renderers.document.labels import COLUMNS
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.sections.trade_cells import traded
from logaudit.renderers.document.table_columns import pnl_column
from logaudit.renderers.document.translator import code
from logaudit.renderers.document.view import View
from logaudit.renderers.no_trades import TITLE, repeats_of, set_aside


def no_trades(view: View, appendices: Appendices) -> Section | None:
    """Where there is any."""

    def make(name: str) -> Iterator[Block]:
        repeats = [repeat for repeat in view.report.repeats if repeat.session == name]
        if repeats:
            yield view.para(repeats_of(len(repeats)))
            rows = tuple(
                (
                    view.time(repeat.at),
                    traded(view, repeat.symbol, repeat.side, ""),
                    view.money(repeat.net_pnl),
                    code(repeat.trade),
                    cell(repeat.log),
                )
                for repeat in repeats
            )
            money = pnl_column(view.report.summary.money.log.closes)
            columns = view.columns("time", "symbol+side", money, "repeats", "evidence")
            yield appendices.shorten(
                view, view.table(columns, rows, COLUMNS["repeats"], records=True), session=name
            )
        aside = tuple(view.translate(line) for line in set_aside(view.report, name))
        if aside:
            yield Bullets(aside)

    return view.per_session("no-trades", TITLE, make)
