"""One part of the made-up log: what a sink that rotates at 5 MB leaves, made from its number alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Final

import trades
from chance import Dice
from speech import Eyes, Speech, build
from words import SYMBOLS

#: Bytes at which the bot's sink starts a new part.
PART: Final = 5_000_000
#: Time that one part covers, the first moment of the first one, and parts of one run: a day.
SPAN: Final = timedelta(minutes=12)
START: Final = datetime(2026, 3, 2, 0, 0, 7)  # noqa: DTZ001 - the bot logs naive local time
RUN: Final = 120
#: Rows of the debug table that fall into one part.
DEBUG_ROWS: Final = 450


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its name without suffix, its text, and what is in it."""

    name: str
    text: bytes
    lines: int
    records: int


def begins(number: int) -> datetime:
    """When the part of this number begins."""
    return START + SPAN * number


def name(number: int) -> str:
    """The part's name as the bot's sink gives it, without suffix."""
    at = begins(number)
    return f"futures_main_{at:%Y-%m-%d}.{at:%Y-%m-%d_%H-%M-%S}_{Dice(f'name {number}').whole(0, 999_999):06d}"


def part(number: int, size: int = PART, variant: str = "") -> Part:
    """The part of this number, from 0, of at most ``size`` bytes; a ``variant`` says other things about it.

    Trades are the same in every variant and size.
    """
    dice = Dice(f"part {number} {variant}")
    eyes, speech = Eyes(dice), _speech()
    events = sorted(_events(number), reverse=True)
    chunks: list[bytes] = []
    used = lines = records = 0
    clock = [f"{begins(number) + SPAN * 0.98 * (i / 705):%Y-%m-%d %H:%M:%S}" for i in range(706)]
    while True:
        if events and used >= events[-1][0] * size:
            said = events.pop()[1]
            chunk, count, more = "".join(f"{text}\r\n" for text in said).encode(), len(said), len(said)
        else:
            routine = speech.draw(dice)
            chunk = (routine.text % eyes.look(clock[705 * used // size])).encode()
            count, more = routine.records, routine.lines
        if used + len(chunk) > size and not events:
            return Part(name(number), b"".join(chunks), lines, records)
        chunks.append(chunk)
        used += len(chunk)
        lines += more
        records += count


def rows(number: int) -> list[str]:
    """The ledger's rows of the trades in this part."""
    return [trades.row(t, _at(number, t.closes), _held(number, t)) for t in trades.plan(number) if t.kept]


def debug_rows(number: int) -> list[str]:
    """The rows of the bot's debug table in this part."""
    dice = Dice(f"debug {number}")
    found = []
    for i in range(DEBUG_ROWS):
        at, symbol = begins(number) + SPAN * 0.98 * (i / DEBUG_ROWS), dice.pick(SYMBOLS)
        figures = f"price={dice.between(0.5, 4000):.4f} | stop={dice.between(0.5, 4000):.4f}"
        trend = f"profit={dice.between(-1, 1):.4f} | trend=0.00 | regime=ranging | will_close=False"
        found.append(f"{at:%H:%M:%S}.{dice.whole(0, 999):03d},tsl_check,{symbol},{figures} | {trend}")
    return found


def ledger(number: int) -> str:
    """The trades file that is written to in this part: its run's."""
    return f"trades_{begins(_first(number)):%Y-%m-%d}.csv"


def debug_table(number: int) -> str:
    """The debug table that is written to in this part."""
    return f"debug_{begins(_first(number)):%Y%m%d_%H%M%S}.csv"


@cache
def _speech() -> Speech:
    return build()


def _first(number: int) -> int:
    """The part that this one's run began with."""
    return number // RUN * RUN


def _at(number: int, share: float) -> datetime:
    return (begins(number) + SPAN * 0.98 * share).replace(microsecond=0)


def _held(number: int, trade: trades.Trade) -> int:
    return (_at(number, trade.closes) - _at(number, trade.opens)).seconds


def _events(number: int) -> Iterable[tuple[float, list[str]]]:
    """What is logged of the run and its trades, with the share of the part at which it stands."""
    if number == _first(number):
        yield 0.0, list(trades.start(begins(number), ledger(number)))
    total = sum(t.kept for earlier in range(_first(number), number) for t in trades.plan(earlier))
    for trade in trades.plan(number):
        total += trade.kept
        at, held = _at(number, trade.closes), _held(number, trade)
        yield trade.opens, list(trades.opened(trade, _at(number, trade.opens)))
        yield trade.closes, list(trades.closed(replace(trade, total=total), at, held))
