"""Report → the data of the explorer: trades with their witnesses, coverage and running PnL, as compact JSON.

Names and sources stand once and trades refer to them by number; all text is printable, and `<` is escaped, so that no
text from a log can end the element that holds the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain
from math import isfinite
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location, Role
from logaudit.core.message import Message, Text, label, msg
from logaudit.core.money import format_decimal
from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.core.timestamp import MILLISECOND, Stamp
from logaudit.core.trade_report import TradeReport
from logaudit.core.trades import TradeState
from logaudit.renderers.document.exhibits import ExhibitIndex
from logaudit.renderers.document.labels import COLUMNS, STATES
from logaudit.renderers.document.sections.timeline import fate_of
from logaudit.renderers.document.state_labels import LANE_WORDS, ROLES
from logaudit.renderers.document.translator import flat, money
from logaudit.renderers.document.view import View

#: What is quoted of lines in all, in characters; lost trades come first.
QUOTED: Final = 800_000
#: Records around closes that are shown in all; lost trades come first here, too.
NEARBY: Final = 8_000
_UNSAFE: Final = lazy_pattern("[<>&]")

#: Words of the explorer beside those that tables and pictures have.
_WORDS: Final[Mapping[str, Message]] = {
    "all": label("explorer", "all"),
    "from": label("explorer", "From"),
    "until": label("explorer", "Until"),
    "when": msg("YYYY-MM-DD HH:MM:SS"),
    "search": label("explorer", "Search"),
    "reset": label("explorer", "Reset"),
    "shown": msg("{shown} of {total} trades", shown=Text("%1"), total=Text("%2")),
    "more": msg("Show more"),
    "nearby": msg("What the log says around it, numbers masked:"),
    "none": msg("No trade matches these filters."),
    "choose": msg("Choose a trade in the picture or in the list: its lines are shown here."),
    "unquoted": msg("This line is not quoted: the page keeps the first lines of long logs only."),
    "lost-here": msg("No row: the trade was lost here."),
    "picture": msg("Witnesses over time: a thread a trade"),
    "zoom": msg("Drag across the picture to see a shorter time."),
    "list": msg("Trades"),
    "running": msg("Running PnL"),
    "missing": msg("not logged"),
    "exchange-lane": label("explorer", "Exchange"),
}
#: Places of a trade by the number that the script knows them by.
_OPEN, _EXCHANGE, _CLOSE, _ACK, _ERROR, _ROW, _RESTORED, _CODE = range(8)
_SLOTS: Final = {Role.EXCHANGE: _EXCHANGE, Role.ACK: _ACK, Role.ERROR: _ERROR}


class _Names:
    """Numbers texts in the order in which they appear."""

    def __init__(self) -> None:
        self.known: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.known.setdefault(printable(text), len(self.known))

    def texts(self) -> list[str]:
        return list(self.known)


class _Writer:
    """Trades as rows of numbers and texts."""

    def __init__(self, view: View, evidence: ExhibitIndex) -> None:
        self._view = view
        self._evidence = evidence
        self._left = QUOTED
        self._lines = NEARBY
        self.symbols, self.reasons, self.paths, self.sources = _Names(), _Names(), _Names(), _Names()
        self.templates = _Names()
        self._sessions = {name: number for number, name in enumerate(view.sessions)}
        self._states = {state: number for number, state in enumerate(TradeState)}
        self._code = _code_places(view.report)
        self._opened = {p.close_log: p.open_log for p in view.report.positions if p.close_log and p.open_log}

    def trades(self) -> list[list[object]]:
        """Every trade in time order; those that are not recorded have the first claim to quotations."""
        trades = sorted(self._view.report.trades, key=lambda trade: (trade.closed.us, trade.id))
        rows: dict[int, list[object]] = {}
        for number, trade in sorted(enumerate(trades), key=lambda pair: pair[1].state is TradeState.RECORDED):
            rows[number] = self._trade(trade)
        return [rows[number] for number in range(len(trades))]

    def _trade(self, trade: TradeReport) -> list[object]:
        return [
            printable(trade.id),
            self._sessions.get(trade.session, 0),
            trade.closed.spaced(),
            trade.opened.spaced() if trade.opened and trade.log not in self._opened else "",
            self.symbols(trade.symbol),
            flat(self._view.side(trade.side, "")),
            self.reasons(trade.reason),
            self.paths(trade.emitter),
            self._states[trade.state],
            _digits(trade.net_pnl),
            _digits(trade.ledger_net_pnl),
            *(_number(value) for value in (trade.entry_price, trade.exit_price, trade.size)),
            [self._place(trade, *place) for place in self._places(trade)],
            self._nearby(trade),
        ]

    def _nearby(self, trade: TradeReport) -> list[list[int]]:
        """Line, milliseconds after the close, and the record's words."""
        if len(trade.nearby) > self._lines:
            return []
        self._lines -= len(trade.nearby)
        return [
            [
                near.line,
                near.delta // MILLISECOND,
                self.templates(" ".join(filter(None, (near.level, near.emitter, near.template)))),
            ]
            for near in trade.nearby
        ]

    def _places(self, trade: TradeReport) -> Iterator[tuple[int, Location, Stamp | None]]:
        opened = self._opened.get(trade.log) if trade.log else None
        if opened is not None:
            yield _OPEN, opened, trade.opened
        if trade.log is not None:
            yield _CLOSE, trade.log, trade.closed
        times = chain(trade.also_at, (None for _ in trade.also))
        for place, at in zip(trade.also, times, strict=False):
            yield _SLOTS.get(place.role, _ACK), place, at
        if trade.row is not None:
            yield _ROW, trade.row, trade.row_at
        if trade.backfill is not None:
            yield _RESTORED, trade.backfill, trade.backfill_at
        for place in self._code.get(trade.id, ()):
            yield _CODE, place, None

    def _place(self, trade: TradeReport, slot: int, place: Location, at: Stamp | None) -> list[object]:
        """Slot, source, line, milliseconds after the close, quotation, number of the exhibit."""
        source = str(place.address)
        text = printable(place.text) if len(place.text) <= self._left else ""
        self._left -= len(text)
        return [
            slot,
            self.sources(source),
            printable(place.cite().removeprefix(source)),
            None if at is None else (at.us - trade.closed.us) // MILLISECOND,
            text,
            self._evidence.number(place) or 0,
        ]


def _code_places(report: Report) -> dict[str, list[Location]]:
    """Trade → the places in the bot's source that findings lay its loss to."""
    places: dict[str, list[Location]] = {}
    for finding in report.findings:
        code = [place for place in finding.locations if place.role is Role.CODE]
        trades = finding.data.get("trades")
        for trade in trades if code and isinstance(trades, list) else ():
            places.setdefault(str(trade), []).extend(code)
    return places


def explorer_data(view: View, evidence: ExhibitIndex) -> str:
    """The data of the page's script; empty where there is no trade to show."""
    report = view.report
    if not report.trades:
        return ""
    writer = _Writer(view, evidence)
    trades = writer.trades()
    return _json(
        {
            "lang": view.translator.lang,
            "words": _words(view),
            "sessions": [printable(name) for name in view.sessions],
            "states": _states(view),
            "trades": trades,
            "symbols": writer.symbols.texts(),
            "reasons": writer.reasons.texts(),
            "paths": writer.paths.texts(),
            "sources": writer.sources.texts(),
            "templates": writer.templates.texts(),
            "coverage": list(_coverage(report, view.sessions)),
            "starts": [
                [view.sessions.index(run.session), run.start.us // MILLISECOND]
                for run in report.runs
                if run.started and run.session in view.sessions
            ],
            "curves": list(_curves(report, view.sessions)),
        }
    )


def _words(view: View) -> dict[str, str]:
    keys: tuple[str, ...] = (
        "closed",
        "opened",
        "symbol",
        "side",
        "reason",
        "entry",
        "exit",
        "state",
        "emitter",
        "net_log",
    )
    keys += ("net_row", "session", "evidence", "log_sum", "ledger_sum", "close", "ack", "row")
    told = {key: view.text(COLUMNS[key]) for key in keys}
    told |= {key: view.text(word) for key, word in LANE_WORDS.items()}
    told |= {f"slot{slot}": view.text(word) for slot, word in enumerate(_slot_words())}
    return told | {key: view.text(word) for key, word in _WORDS.items()}


def _slot_words() -> tuple[Message, ...]:
    roles = (Role.OPEN, Role.EXCHANGE, Role.CLOSE, Role.ACK, Role.ERROR, Role.ROW)
    return (*(ROLES[role] for role in roles), STATES[TradeState.BACKFILLED], ROLES[Role.CODE])


def _states(view: View) -> list[list[str]]:
    """Name and outcome of each witness state: the outcome decides how a thread is drawn."""
    return [[view.text(STATES[state]), fate_of(state).value] for state in TradeState]


def _coverage(report: Report, sessions: Iterable[str]) -> Iterator[list[object]]:
    numbers = {name: number for number, name in enumerate(sessions)}
    for stream in report.coverage:
        if stream.session in numbers:
            spans = [[a.us // MILLISECOND, b.us // MILLISECOND] for a, b in stream.intervals]
            yield [numbers[stream.session], printable(stream.stream), spans]


def _digits(value: Decimal | None) -> str:
    return "" if value is None else money(value)


def _curves(report: Report, sessions: Sequence[str]) -> Iterator[list[object]]:
    """Time and the two running sums; null where a sum is not known."""
    for one in report.running:
        if one.points and one.session in sessions and (one.log or one.ledger):
            points = [
                [at.us // MILLISECOND, _height(log, known=one.log), _height(row, known=one.ledger)]
                for at, log, row in one.points
            ]
            yield [sessions.index(one.session), points]


def _height(value: Decimal, *, known: bool) -> float | None:
    """A sum as the picture draws it; None for one that is not known, or too great to be drawn."""
    height = float(value)
    return height if known and isfinite(height) else None


def _number(value: Decimal | None) -> str:
    return "" if value is None else format_decimal(value)


def _json(data: object) -> str:
    """JSON that may stand within a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
