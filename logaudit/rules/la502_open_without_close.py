"""LA502 open-without-close.

# What it finds

A position that was opened, and whose close was not logged before the same symbol and side was opened again, or before
a line said that nothing is held. Where the bot was started again in between it may have forgotten the position, and
the finding is a warning, as where nothing is held. A position whose market was held on the other side later, by a bot
that holds one side at a time, is named too. Positions still open when the logs end are not meant, nor those
whose close may lie in a gap of the logs. A bot that holds several positions of a symbol at once is said to do so,
once.

# Why it matters

The position ended somewhere the bot did not log (the exchange closed it, or a path is silent), and no ledger can
hold what nobody noticed.

# Example

BTC-USDT long opened at 10:00 and again at 11:30, with no close in between; the exchange confirmed one at 11:02.

# What to do

Handle closes that the exchange reports (liquidation, ADL, orders filled while disconnected) like the bot's own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import PositionSide
from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Time, codes, label, msg, plural, sentences
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import PositionStatus, symbol_key
from logaudit.reconcile.positions import Position
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import lacks_logs, report
from logaudit.rules.wording import SIDES

RULE = Rule(
    "LA502",
    "open-without-close",
    Severity.NOTE,
    "an opened position whose close was never logged",
    label("rule", "an opened position whose close was never logged"),
    needs=Needs.LOGS,
)


_ENDED_UNSEEN: Final = (PositionStatus.CLOSE_MISSING, PositionStatus.FORGOTTEN)
#: A market and a side.
_Held = tuple[str, PositionSide | None]
#: So many positions of a symbol and side that are opened again show a way of trading rather than lost closes.
_STACKED: Final = 3
#: So many whole positions, none of them beside one of the other side, show a bot that holds one side of a market.
_WHOLE: Final = 3


def check(case: Case) -> Iterator[Finding]:
    """One finding for each such position; one in all where positions are stacked as a rule."""
    for session in case.sessions:
        stacked, others = _stacked(_missing(session))
        for position in others:
            if position.open is not None:
                yield _unclosed(session, position, position.open)
        if stacked:
            yield _stacking(session, stacked)
        for position, other in _turned_positions(session):
            if position.open is not None and not lacks_logs(session, position.start, other.start):
                yield _turned(session, position, position.open, other)


def ended_unseen(session: Session) -> list[Position]:
    """The positions that ended though neither a recognised line nor a row tells how; none of those that are stacked."""
    _, others = _stacked(_missing(session))
    ended = [*others, *(position for position, _ in _turned_positions(session))]
    left = _rows_left(session) if ended else {}
    return [p for p in sorted(ended, key=lambda p: -p.start) if not _takes_row(p, left[symbol_key(p.symbol)])]


def _turned_positions(session: Session) -> Iterator[tuple[Position, Position]]:
    """Each position that stands open where the logs end, with a later one of the other side that was closed.

    A bot that holds both sides of a market at once leaves the one open, so nothing is said of it. Where the later open
    is logged, enough other positions must show that the bot holds one side only.
    """
    markets: dict[str, list[Position]] = defaultdict(list)
    for position in session.positions:
        if position.side is not None:
            markets[symbol_key(position.symbol)].append(position)
    if any(_holds_both(own) for own in markets.values()):
        return
    whole = sum(p.status is PositionStatus.CLOSED and p.open is not None for p in session.positions)
    for own in markets.values():
        telling = [p for p in own if _may_follow(p, known=whole > _WHOLE)]
        others = {side: [p for p in telling if p.side is not side] for side in (None, *PositionSide)}
        for position in own if telling else ():
            if position.status is PositionStatus.OPEN_AT_END:
                later = others[position.side]
                if (i := bisect_right(later, position.start, key=lambda p: p.start)) < len(later):
                    yield position, later[i]


def _may_follow(other: Position, *, known: bool) -> bool:
    """Whether a later position may show that one of the other side has ended."""
    unopened = other.open is None and other.status is PositionStatus.OPEN_MISSING
    return bool(other.closes) and (unopened or (known and other.open is not None))


def _holds_both(own: Sequence[Position]) -> bool:
    """Whether two whole positions of two sides overlap in time."""
    ends: dict[object, int] = {}
    for position in sorted((p for p in own if p.open is not None and p.closes), key=lambda p: p.start):
        if any(side is not position.side and end > position.start for side, end in ends.items()):
            return True
        ends[position.side] = max(ends.get(position.side, 0), position.closes[-1].at.us)
    return False


def _missing(session: Session) -> list[Position]:
    unseen = [p for p in session.positions if p.status in _ENDED_UNSEEN and p.open is not None]
    starts = _starts(session) if unseen else {}
    return [p for p in unseen if not lacks_logs(session, p.start, _over(starts, p))]


def _rows_left(session: Session) -> dict[str, list[int]]:
    """Market → the latest moments of the rows that fit no close, the earliest of them first."""
    left: dict[str, list[int]] = defaultdict(list)
    for entry in session.unclosed:
        left[symbol_key(entry.row.fields.symbol)].append(
            max(session.ledger_of(entry.row).readings(entry.row))
        )
    for moments in left.values():
        moments.sort()
    return left


def _takes_row(position: Position, left: list[int]) -> bool:
    """Whether a row may be of the position, as it was written no earlier; it can be of no other then."""
    may_be_its = bool(left) and left[-1] >= position.start
    if may_be_its:
        del left[bisect_left(left, position.start)]
    return may_be_its


def _stacked(missing: Sequence[Position]) -> tuple[list[Position], list[Position]]:
    """Positions of a symbol and side of which several in a run are opened again without a close, and the others."""
    counts = Counter((p.run, symbol_key(p.symbol), p.side) for p in missing if p.flat is None)
    parted: tuple[list[Position], list[Position]] = [], []
    for position in missing:
        several = counts[position.run, symbol_key(position.symbol), position.side] >= _STACKED
        parted[0 if several else 1].append(position)
    return parted


def _stacking(session: Session, stacked: Sequence[Position]) -> Finding:
    opens = [p.open for p in stacked if p.open is not None]
    symbols = sorted({p.symbol for p in stacked})
    return report(
        RULE,
        session,
        plural(
            "{n} position was opened again without a logged close in between ({symbols}).",
            "{n} positions were opened again without a logged close in between ({symbols}): the bot holds several of a "
            "symbol at once, or does not log how they end.",
            len(stacked),
            symbols=codes(symbols),
        ),
        [opened.location for opened in opens],
        ("stacked", *(symbol_key(symbol) for symbol in symbols)),
        data={"positions": len(stacked), "symbols": list(symbols), "opened": opens[0].at.iso()},
    )


def _turned(session: Session, position: Position, opened: Event, other: Position) -> Finding:
    return report(
        RULE,
        session,
        msg(
            "No close of {symbol} {side} opened {at} was logged, though {other} of the same market was closed "
            "{later}: it may have been turned in words that are not recognised.",
            symbol=Code(position.symbol),
            side=SIDES[position.side],
            at=Time(opened.at),
            other=SIDES[other.side],
            later=Time(other.closes[0].at),
        ),
        [opened.location, other.closes[0].location],
        ("turned", symbol_key(position.symbol), iso(opened.at.us, SECOND)),
        run=position.run,
        data={
            "symbol": position.symbol,
            "side": position.side.value if position.side else None,
            "opened": opened.at.iso(),
            "exchange_confirmed": None,
            "reported_flat": None,
        },
    )


def _starts(session: Session) -> dict[_Held, list[int]]:
    """Market and side → naive µs of the opens, in order."""
    starts: dict[_Held, list[int]] = defaultdict(list)
    for position in session.positions:
        if position.open is not None:
            starts[symbol_key(position.symbol), position.side].append(position.start)
    return starts


def _over(starts: Mapping[_Held, Sequence[int]], position: Position) -> int:
    """Naive µs of what shows that the position must have ended: a line, or the open that follows."""
    if position.flat is not None:
        return position.flat.at.us
    later = starts[symbol_key(position.symbol), position.side]
    i = bisect_right(later, position.start)
    return later[i] if i < len(later) else position.start


def _unclosed(session: Session, position: Position, opened: Event) -> Finding:
    forgotten = position.status is PositionStatus.FORGOTTEN
    flat = position.flat
    told = position.exchange[0] if position.exchange else None
    return report(
        RULE,
        session,
        sentences(
            msg(
                "{symbol} {side} opened {at} was opened again without a logged close in between.",
                symbol=Code(position.symbol),
                side=SIDES[position.side],
                at=Time(opened.at),
            )
            if flat is None
            else msg(
                "No close of {symbol} {side} opened {at} was logged, and at {flat} a line says that nothing is held.",
                symbol=Code(position.symbol),
                side=SIDES[position.side],
                at=Time(opened.at),
                flat=Time(flat.at),
            ),
            msg("The bot was started again in between: it may have forgotten the position.")
            if forgotten
            else None,
            msg("The exchange confirmed a close at {at}.", at=Time(told.at)) if told else None,
        ),
        [opened.location, *(event.location for event in (told, flat) if event is not None)],
        (
            symbol_key(position.symbol),
            position.side.value if position.side else "side unknown",
            iso(opened.at.us, SECOND),
        ),
        run=position.run,
        severity=Severity.WARNING if forgotten or flat is not None else None,
        data={
            "symbol": position.symbol,
            "side": position.side.value if position.side else None,
            "opened": opened.at.iso(),
            "exchange_confirmed": told.at.iso() if told else None,
            "reported_flat": flat.at.iso() if flat is not None else None,
        },
    )
