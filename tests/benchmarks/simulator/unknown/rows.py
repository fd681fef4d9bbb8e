"""The rows of an unknown bot's ledger: names of columns, clocks, and the traps that bots set in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from chance import Dice
from msgspec import Struct

from simulator.plan import MINUTE, SECOND, Close, Position
from simulator.unknown.tables import Cells
from simulator.zones import local

#: Names for the time of the close, the symbol, side, entry, exit, size, result, reason, and the time of the open.
_HEADERS: Final = (
    "closed_at symbol side entry_price exit_price size net_pnl reason opened_at",
    "timestamp pair direction entry exit qty pnl exit_reason entry_time",
    "close_time instrument position_side open_price close_price amount profit close_reason open_time",
)


class Table(Struct, frozen=True):
    """How one bot writes its table.

    Attributes:
        clock: zone of the times; later: that of the second half of the rows.
        opened: whether the time of the open has a column; swapped: whether the two times stand in each other's.
        tests: rows that the bot's own tests wrote before it ran.
    """

    names: tuple[str, ...]
    clock: str
    later: str
    stamp: str
    digits: int
    spell: Callable[[str], str]
    upper: bool
    lag: int
    opened: bool
    swapped: bool
    tests: int

    @property
    def traits(self) -> Iterator[str]:
        """Its traps, in words."""
        if self.later != self.clock:
            yield "two clocks in one column"
        if self.swapped:
            yield "swapped times"
        if self.tests:
            yield "rows of tests"


def draw_table(dice: Dice, spell: Callable[[str], str], zone: str) -> Table:
    """A way to write the table."""
    clock = dice.pick((zone, zone, "UTC"))
    stamp = dice.pick(("text", "text", "iso", "epoch", "milliseconds"))
    spellings: tuple[Callable[[str], str], ...] = (spell, str)
    opened = dice.chance(0.5)
    return Table(
        names=tuple(dice.pick(_HEADERS).split()),
        clock=clock,
        later="UTC" if dice.chance(0.07) and stamp in ("text", "iso") else clock,
        stamp=stamp,
        digits=dice.pick((4, 4, 6)),
        spell=dice.pick(spellings),
        upper=dice.chance(0.3),
        lag=dice.pick((0, 0, 1)) * SECOND,
        opened=opened,
        swapped=opened and dice.chance(0.15),
        tests=dice.whole(3, 12) if dice.chance(0.08) else 0,
    )


def write_rows(
    table: Table, rows: Sequence[tuple[Close, Position]], reasons: Mapping[int, str], start: int
) -> list[Cells]:
    """The cells of all rows, those of tests first; ``start`` is when the bot came up."""
    names = table.names if table.opened else table.names[:-1]
    found = [dict(zip(names, _test(table, i, start), strict=False)) for i in range(table.tests)]
    for i, (close, position) in enumerate(rows):
        clock = table.later if 2 * i >= len(rows) else table.clock
        times = [_time(at, clock, table.stamp) for at in (close.at + table.lag, position.at)]
        if table.swapped:
            times.reverse()
        cells = (
            times[0],
            table.spell(position.market.symbol),
            position.side.upper() if table.upper else position.side,
            str(position.entry),
            str(close.exit),
            str(close.size),
            f"{close.net:.{table.digits}f}",
            reasons[close.key],
            times[1],
        )
        found.append(dict(zip(names, cells, strict=False)))
    return found


def _test(table: Table, i: int, start: int) -> tuple[str, ...]:
    at = start + i * SECOND
    times = [_time(moment, table.clock, table.stamp) for moment in (at, at - MINUTE)]
    result = f"{(i - 2) * 10 - 0.2:.{table.digits}f}"
    return (
        times[0],
        table.spell("BTC-USDT"),
        "long",
        "50000.0",
        f"{50000 + (i - 2) * 10}.0",
        "1",
        result,
        "",
        times[1],
    )


def _time(at: int, zone: str, stamp: str) -> str:
    if stamp == "epoch":
        return f"{at // SECOND}"
    if stamp == "milliseconds":
        return f"{at // 1000}"
    text = f"{local(at, zone):%Y-%m-%dT%H:%M:%S}"
    return text if stamp == "iso" else text.replace("T", " ")
