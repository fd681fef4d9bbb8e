"""Impact: what the ledger shows against what happened, in money, and by what the losses have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.diagnosis import Impact, ImpactGroup
from logaudit.core.message import msg, plural, plural_in
from logaudit.core.money import difference
from logaudit.core.pnl_words import pnl_label, pnl_title
from logaudit.renderers.document.charts.drawing import Curve
from logaudit.renderers.document.citations import cites
from logaudit.renderers.document.document import Badge, Block, Figure, Inline, Para, Section, Table, Tone
from logaudit.renderers.document.labels import COLUMNS
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.state_labels import DIMENSIONS
from logaudit.renderers.document.table_columns import pnl_column
from logaudit.renderers.document.translator import code, money, words
from logaudit.renderers.document.view import View
from logaudit.renderers.wording import span

#: A curve of one step shows nothing that the table does not.
_POINTS: Final = 2


def impact(view: View, appendices: Appendices) -> Section | None:
    """Where closes were logged at all."""
    by_session = {one.session: one for one in view.diagnosis.impacts if one.closes}

    def make(name: str) -> Iterator[Block]:
        if name in by_session:
            yield from _blocks(view, by_session[name], appendices)

    return view.per_session("impact", msg("Impact in money"), make)


def _blocks(view: View, one: Impact, appendices: Appendices) -> Iterator[Block]:
    if one.missing:
        lost = view.missing(one.session)
        places = [trade.log for trade in lost]
        yield Para(
            (
                *view.translate(
                    plural(
                        "{n} of {closes} ({span}) has no row from the recorder: {amount} {pnl} never "
                        "reached the ledger.",
                        "{n} of {closes} ({span}) have no row from the recorder: {amount} {pnl} never "
                        "reached the ledger.",
                        one.missing,
                    ),
                    closes=plural_in("of", "{n} close", "{n} closes", one.closes),
                    amount=words(money(one.unrecorded_net_pnl), strong=True),
                    pnl=view.translate(pnl_label(one.log)),
                    span="" if one.first_loss is None else span(one.first_loss, one.last_loss),
                ),
                *cites(places),
            )
        )
    else:
        yield view.para(
            msg("Each of {closes} has its row: nothing was lost."),
            closes=plural_in("impact", "{n} close", "{n} closes", one.closes),
        )
    yield _compared(view, one)
    if one.covered is not None:
        yield view.para(
            msg("The logs at hand cover {share} of the session's time."),
            share=view.translator.percent(one.covered),
        )
    if one.missing and one.groups:
        yield view.sub(msg("Where the losses lie"))
        yield _groups(view, one)
    if len(one.cumulative) >= _POINTS:
        yield view.sub(msg("Running PnL"))
        yield _curve(view, one, appendices)


def _compared(view: View, one: Impact) -> Table:
    percent = view.translator.percent
    rows: list[tuple[Inline, Inline, Inline]] = [
        (view.translate(msg("Trades")), view.number(one.closes), view.number(one.rows)),
        (view.translate(pnl_title(one.log)), view.money(one.log_net_pnl), view.money(one.ledger_net_pnl)),
        (
            view.translate(msg("Win rate")),
            words(percent(one.win_rate_log)),
            words(percent(one.win_rate_ledger)),
        ),
        (view.translate(msg("Average trade")), view.money(one.average_log), view.money(one.average_ledger)),
        (
            view.translate(msg("Never recorded")),
            words(money(one.unrecorded_net_pnl), strong=one.unrecorded_net_pnl != 0),
            words("–"),
        ),
    ]
    columns = view.columns("what", "as_it_was>", "as_ledger>")
    return view.table(columns, tuple(rows), msg("What happened, and what the ledger shows"))


def _groups(view: View, one: Impact) -> Table:
    rows = []
    for dimension, message in DIMENSIONS.items():
        for group in (g for g in one.groups if g.dimension == dimension):
            share = _share(view, group)
            rows.append(
                (
                    view.translate(message),
                    code(group.value) or view.translate(msg("not logged")),
                    view.number(group.closes),
                    share,
                    view.money(group.log_net_pnl),
                    view.money(group.unrecorded_net_pnl),
                )
            )
    columns = view.columns("by", "value", "closes>", "missing>", pnl_column(one.log), "unrecorded>")
    return view.table(columns, tuple(rows), msg("Losses by reason, symbol, side and code path"), records=True)


def _share(view: View, group: ImpactGroup) -> Inline:
    if not group.missing:
        return words("0")
    every = group.missing == group.closes
    text = view.text(msg("all {n}"), n=group.missing) if every else view.translator.number(group.missing)
    return (Badge(Tone.BAD, text),) if every else words(text)


def _curve(view: View, one: Impact, appendices: Appendices) -> Figure:
    points = [(at.us, float(log), float(ledger)) for at, log, ledger in one.cumulative]
    final = one.cumulative[-1]
    rows: Iterator[tuple[Inline, ...]] = (
        (view.time(time), view.money(log), view.money(ledger)) for time, log, ledger in one.cumulative
    )
    columns = view.columns("after_close", "log_sum>", "ledger_sum>")
    if one.comparable:
        apart = (view.money(difference(log, ledger)) for _, log, ledger in one.cumulative)
        rows = ((*row, last) for row, last in zip(rows, apart, strict=True))
        columns = (*columns, *view.columns("difference>"))
    name = view.text(msg("Running PnL, in the log and in the ledger"))
    table = Table(columns, tuple(rows), name)
    drawing = Curve(
        title=name,
        description=view.text(
            msg("After {n} the log stands at {log}, the ledger at {ledger}."),
            log=money(final[1]),
            ledger=money(final[2]),
            n=plural_in("curve", "{n} close", "{n} closes", len(one.cumulative)),
        ),
        points=tuple(points),
        log=view.text(msg("log")),
        ledger=view.text(msg("ledger")),
        gap=view.text(COLUMNS["difference"]).lower() if one.comparable else "",
    )
    return Figure(drawing, appendices.shorten(view, table, session=one.session))
