"""Timeline: what happened when, as the logs' own clock says; the table is authoritative, the picture illustrates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, assert_never

from msgspec import Struct

from logaudit.core.finding import ReportSection
from logaudit.core.location import Location
from logaudit.core.message import msg, plural, plural_in
from logaudit.core.pnl_words import pnl_label
from logaudit.core.report import LedgerReport, RunReport
from logaudit.core.timestamp import Stamp, shortest
from logaudit.core.trade_report import PositionReport, TradeReport
from logaudit.core.trades import TradeState
from logaudit.renderers.document.charts.drawing import Bar, CoverageStrip, Lane, Lanes, TradeOutcome
from logaudit.renderers.document.citations import cell
from logaudit.renderers.document.document import Block, CodeSpan, Figure, Inline, Section, Table
from logaudit.renderers.document.labels import STATES
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.state_labels import LANE_WORDS, OUTCOMES
from logaudit.renderers.document.table_columns import pnl_column
from logaudit.renderers.document.translator import code, words
from logaudit.renderers.document.view import View
from logaudit.renderers.wording import pnl_of, span

#: Losses told one by one; of more, the first, the last and a count.
_TOLD: Final = 10


class _Event(Struct, frozen=True):
    time: Stamp
    what: Inline
    place: Location | None = None


def timeline(view: View, appendices: Appendices) -> Section | None:
    """Where any log or ledger tells a time."""

    def make(name: str) -> Iterator[Block]:
        events = sorted(_events(view, name), key=lambda event: event.time.us)
        if not events:
            return
        rows = tuple((view.time(event.time), event.what, cell(event.place)) for event in events)
        table = view.table(("time", "what_happened=", "evidence"), rows, msg("What happened when"))
        yield appendices.shorten(view, table, session=name)
        lanes = _lanes(view, name)
        if lanes is not None:
            yield Figure(lanes, appendices.shorten(view, _positions(view, name), session=name))

    return view.per_session(
        "timeline",
        msg("Timeline"),
        make,
        msg(
            "Times are as written, in the bot's own clock. The table is authoritative; the picture "
            "illustrates it."
        ),
    )


def _events(view: View, session: str) -> Iterator[_Event]:
    report = view.report
    intervals = [i for stream in report.coverage if stream.session == session for i in stream.intervals]
    if intervals:
        begin, end = min(first.us for first, _ in intervals), max(last.us for _, last in intervals)
        yield _Event(shortest(begin), view.translate(msg("The logs at hand begin.")))
        yield _Event(shortest(end), view.translate(msg("The logs at hand end.")))
    for run in report.runs:
        if run.session == session and run.started:
            yield _Event(
                run.start, view.translate(msg("The bot starts (run {id})."), id=code(run.id)), run.start_log
            )
    for statement in report.healthy:
        if statement.session == session and statement.at is not None:
            yield _Event(statement.at, view.statement(statement), next(iter(statement.locations), None))
    for ledger in report.ledgers:
        if ledger.session == session:
            yield from _of_ledger(view, ledger)
    for finding in view.findings(ReportSection.TIMELINE, session):
        if finding.at is not None:
            yield _Event(finding.at, view.finding(finding)[0], next(iter(finding.locations), None))
    yield from _trades(view, session)


def _of_ledger(view: View, ledger: LedgerReport) -> Iterator[_Event]:
    if ledger.opened:
        yield _Event(
            ledger.opened,
            view.translate(msg("The recorder opens {path}."), path=CodeSpan(ledger.path)),
            ledger.opened_log,
        )


def _trades(view: View, session: str) -> Iterator[_Event]:
    closes, missing = view.closes(session), view.missing(session)
    kept = [trade for trade in closes if trade.row is not None]
    for sentence, trade in (
        (msg("First close that was recorded: {what}."), kept[:1]),
        (msg("Last close that was recorded: {what}."), kept[1:][-1:]),
    ):
        for one in trade:
            yield _Event(one.closed, view.translate(sentence, what=_named(view, one)), one.row)
    if len(missing) <= _TOLD:
        for one in missing:
            if one.opened:
                yield _Event(
                    one.opened,
                    view.translate(msg("{what} is opened."), what=_named(view, one, reason=False)),
                    _opened_at(view, one),
                )
            yield _lost(view, one)
        return
    yield _lost(view, missing[0])
    middle = missing[1:-1]
    yield _Event(
        middle[0].closed,
        view.translate(
            msg("{n} unrecorded until {last}; the reconciliation lists them."),
            n=plural("{n} more close goes", "{n} more closes go", len(middle)),
            last=view.time(middle[-1].closed),
        ),
    )
    yield _lost(view, missing[-1])


def _lost(view: View, trade: TradeReport) -> _Event:
    state = view.text(STATES[trade.state])
    what = view.translate(
        msg("{what} is closed with {pnl} {amount}: no row ({state})."),
        what=_named(view, trade),
        pnl=view.translate(pnl_label(pnl_of([trade]))),
        amount=view.money(trade.net_pnl),
        state=state,
    )
    return _Event(trade.closed, what, trade.log)


def _named(view: View, trade: TradeReport, *, reason: bool = True) -> Inline:
    side = (*words(" "), *view.side(trade.side, "")) if trade.side else ()
    why = (*words(" ("), *code(trade.reason), *words(")")) if reason and trade.reason else ()
    return (*code(trade.symbol), *side, *why)


def _opened_at(view: View, trade: TradeReport) -> Location | None:
    return next((p.open_log for p in view.report.positions if p.close_log == trade.log and p.open_log), None)


# The picture.


def _lanes(view: View, session: str) -> Lanes | None:
    lanes: dict[str, list[Bar]] = {}
    states = {trade.log: trade for trade in view.report.trades if trade.log is not None}
    end = _end(view, session)
    for position in view.report.positions:
        if position.session != session:
            continue
        trade = states.get(position.close_log) if position.close_log else None
        close = position.closed.us if position.closed else end
        if close is None:
            continue
        fate = _fate(trade) if position.close_log else TradeOutcome.OPEN
        label = f"{position.side or ''} {_duration(position)}"
        place = position.close_log or position.open_log
        bar = Bar(
            position.opened.us if position.opened else None,
            close,
            fate,
            f"{label} · {view.text(OUTCOMES[fate])}",
            place,
        )
        lanes.setdefault(position.symbol, []).append(bar)
    if not lanes:
        return None
    bars = [bar for group in lanes.values() for bar in group]
    lost = sum(bar.fate in (TradeOutcome.LOST, TradeOutcome.RESTORED) for bar in bars)
    return Lanes(
        title=view.text(msg("Positions over time")),
        description=view.text(
            msg("{n} of {symbols}; {lost}."),
            n=plural("{n} position", "{n} positions", len(bars)),
            lost=plural_in("of them", "{n} lost", "{n} lost", lost),
            symbols=plural("{n} symbol", "{n} symbols", len(lanes)),
        ),
        lanes=tuple(Lane(name, tuple(lanes[name])) for name in sorted(lanes)),
        strips=tuple(_strips(view, session)),
        starts=tuple(_starts(view.report.runs, session)),
        words=_legend(view),
    )


def _duration(position: PositionReport) -> str:
    """From open to close, with a sign for what is not known."""
    if position.opened is not None and position.closed is not None:
        return span(position.opened, position.closed)
    opened = position.opened.spaced() if position.opened else "?"
    return f"{opened} – {position.closed.spaced() if position.closed else '…'}"


def _legend(view: View) -> dict[str, str]:
    outcomes = {outcome.value: view.text(word) for outcome, word in OUTCOMES.items()}
    return outcomes | {key: view.text(word) for key, word in LANE_WORDS.items()}


def _fate(trade: TradeReport | None) -> TradeOutcome:
    return TradeOutcome.UNKNOWN if trade is None else fate_of(trade.state)


def fate_of(state: TradeState) -> TradeOutcome:
    """How charts draw a trade of this witness state."""
    match state:
        case TradeState.RECORDED | TradeState.UNACKNOWLEDGED:
            return TradeOutcome.RECORDED
        case TradeState.SILENT_DROP | TradeState.FALSE_ACK | TradeState.FAILED_WRITE:
            return TradeOutcome.LOST
        case TradeState.BACKFILLED:
            return TradeOutcome.RESTORED
        case TradeState.ORPHAN_ROW | TradeState.UNVERIFIABLE:
            return TradeOutcome.UNKNOWN
        case _:
            assert_never(state)


def _starts(runs: Sequence[RunReport], session: str) -> Iterator[int]:
    for run in runs:
        if run.session == session and run.started:
            yield run.start.us


def _end(view: View, session: str) -> int | None:
    streams = (stream for stream in view.report.coverage if stream.session == session)
    return max((end.us for stream in streams for _, end in stream.intervals), default=None)


def _strips(view: View, session: str) -> Iterator[CoverageStrip]:
    for stream in view.report.coverage:
        if stream.session != session:
            continue
        covered = [(start.us, end.us) for start, end in stream.intervals]
        silent = [(one[1], two[0]) for one, two in pairwise(covered)]
        yield CoverageStrip(stream.stream, tuple(covered), tuple(silent))


def _positions(view: View, session: str) -> Table:
    states = {trade.log: trade for trade in view.report.trades if trade.log is not None}
    rows = []
    for position in view.report.positions:
        if position.session == session:
            trade = states.get(position.close_log) if position.close_log else None
            fate = _fate(trade) if position.close_log else TradeOutcome.OPEN
            rows.append(
                (
                    view.time(position.opened),
                    view.time(position.closed),
                    code(position.symbol),
                    view.side(position.side),
                    view.money(position.net_pnl),
                    words(view.text(OUTCOMES[fate])),
                    cell(position.open_log, position.close_log),
                )
            )
    money = pnl_column(view.report.summary.money.log.closes)
    columns = view.columns("opened", "closed", "symbol", "side", money, "fate", "evidence")
    return view.table(columns, tuple(rows), msg("Positions as drawn"))
