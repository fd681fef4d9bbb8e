"""The made-up bot's code: some nine hundred places that log, and how often each is come by."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from chance import Dice
from words import (
    FIGURES,
    MARKS,
    PACKAGES,
    PHRASES,
    PRICES,
    ROLES,
    SETTINGS,
    SYMBOLS,
    TERMS,
    THINGS,
    VERBS,
)

#: Groups of places: how many, how many of them in one routine, and their share of all records in millionths.
#: A few places write most of a log, most places next to nothing.
BANDS: Final = (
    (1, 1, 46_000),
    (4, 2, 108_000),
    (15, 5, 306_000),
    (30, 5, 288_000),
    (50, 5, 161_000),
    (814, 4, 91_000),
)
LONG: Final = 100
#: Bytes of a message, in steps of a twentieth: how many places write shorter ones.
LENGTHS: Final = (24, 44, 48, 52, 55, 58, 63, 69, 74, 78, 84, 90, 97, 104, 112, 120, 140, 170, 200, 420)
#: Places by rank whose records go on over so many lines.
MORE: Final = {7: 6, 12: 3, 17: 2, 28: 6, 44: 2}
#: Places that print the whole table of settings, that warn, and the one that fails.
TABLES: Final = frozenset({24, 61, 75})
WARNINGS: Final = frozenset({21, 33, 39})
FAILURE: Final = 500
TRACEBACK: Final = (
    "Traceback (most recent call last):",
    '  File "C:\\bot\\src\\clients\\futures_client.py", line 210, in _request',
    "    raise ServerDisconnectedError()",
    "aiohttp.client_exceptions.ServerDisconnectedError: Server disconnected",
)


@dataclass(frozen=True, slots=True)
class Routine:
    """Places that are come by one after another.

    Attributes:
        text: their lines with CRLF, to be filled with ``%`` from what the bot sees; ``at`` is the time.
    """

    text: str
    lines: int
    records: int


class Speech:
    """All routines, drawn by weight."""

    def __init__(self, routines: list[tuple[Routine, int]]) -> None:
        self._routines = [routine for routine, _ in routines]
        self._edges = list(accumulate(weight for _, weight in routines))

    def draw(self, dice: Dice) -> Routine:
        """The routine that runs next."""
        return self._routines[bisect_right(self._edges, int(dice.roll() * self._edges[-1]))]


class Eyes:
    """What the bot sees: a price that wanders for each market, and figures of the moment."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._prices = {name: price * dice.between(0.99, 1.01) for name, price in PRICES.items()}
        self._entries = dict(self._prices)

    def look(self, at: str) -> dict[str, object]:
        """Figures to fill a routine with."""
        dice = self._dice
        symbol = dice.pick(SYMBOLS)
        price = self._prices[symbol] = self._prices[symbol] * (1 + (dice.roll() - 0.5) / 2000)
        entry = self._entries[symbol]
        return {
            "at": at,
            "symbol": symbol,
            "price": price,
            "stop": price * 1.002,
            "high": entry * 1.004,
            "entry": entry,
            "size": 200 / entry,
            "upl": 200 * (price / entry - 1),
            "profit": 100 * (price / entry - 1),
            "ratio": dice.between(2, 30),
            "score": dice.roll(),
            "count": dice.whole(1, 60),
        }


def build() -> Speech:
    """The bot's code, the same each time."""
    dice = Dice("the bot's code")
    routines: list[tuple[Routine, int]] = []
    rank = 0
    for places, together, share in BANDS:
        sizes = [together] * (places // together) + [places % together] * (places % together > 0)
        # Within the last, long group a place is the rarer the further down it stands.
        fading = [1 / (1 + i / 20) if places > LONG else 1.0 for i in range(len(sizes))]
        scale = share / sum(size * weight for size, weight in zip(sizes, fading, strict=True))
        for size, weight in zip(sizes, fading, strict=True):
            routines.append((_routine(dice, range(rank, rank + size)), max(1, round(scale * weight * 1000))))
            rank += size
    return Speech(routines)


def _routine(dice: Dice, ranks: range) -> Routine:
    lines: list[str] = []
    emitter = ""
    number = dice.whole(40, 2400)
    for rank in ranks:
        if not emitter or dice.chance(0.35):
            emitter = _function(dice)
        number += dice.whole(2, 24)
        lines += _record(dice, rank, f"{emitter}:{number}")
    return Routine("".join(f"{line}\r\n" for line in lines), len(lines), len(ranks))


def _function(dice: Dice) -> str:
    module = f"{dice.pick(THINGS)}_{dice.pick(ROLES)}"
    private = "_" if dice.chance(0.5) else ""
    name = f"{private}{dice.pick(VERBS)}_{dice.pick(THINGS)}_{dice.pick(THINGS)}"
    return f"{dice.pick(PACKAGES)}.{module}:{name}"


def _record(dice: Dice, rank: int, emitter: str) -> Iterator[str]:
    length = LENGTHS[dice.whole(0, len(LENGTHS) - 1)]
    level, message = _level(dice, rank), _message(dice, length)
    if rank in TABLES:
        message += f" {SETTINGS}"
    yield f"%(at)s | {level:<8} | {emitter} - {message}"
    if rank == FAILURE:
        yield from TRACEBACK
    for _ in range(MORE.get(rank, 0)):
        yield "   " + _said(dice, dice.whole(8, 36))


def _level(dice: Dice, rank: int) -> str:
    if rank == FAILURE:
        return "ERROR"
    if rank in WARNINGS:
        return "WARNING"
    return "INFO" if rank == 0 or dice.chance(0.22) else "DEBUG"


def _message(dice: Dice, length: int) -> str:
    return f"{dice.pick(MARKS)} {_said(dice, length - 5)}"


def _said(dice: Dice, length: int) -> str:
    """Words and figures of about so many bytes."""
    said = "%(symbol)s: " if dice.chance(0.4) else ""
    while True:
        # The shares make the text pack as a real log does.
        kind = dice.roll()
        if kind < 0.2:
            said += dice.pick(PHRASES)
        elif kind < 0.56:
            name, shown = dice.pick(FIGURES)
            said += f"{name}={shown}"
        else:
            said += dice.pick(TERMS)
        if len(said.encode()) >= length:
            return said
        said += dice.pick((", ", " | ", ", "))
