"""A case in the making: faults change it, then its logs, ledgers and truth are written from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from chance import Dice
from msgspec import Struct

from simulator import bots, ledgers, zones
from simulator.bots import Bot
from simulator.formats import Emitter, Format
from simulator.ledgers import Dialect, Row
from simulator.market import World
from simulator.plan import HOUR, SECOND, Close, Position, Run

#: A file's content by its path below the scanned folder.
Files = dict[str, bytes]


class Tag(Struct, frozen=True, order=True):
    """What a line tells of: ``close`` or ``repeat`` of a close, ``ack`` and so on."""

    kind: str
    key: int = -1


class Say(Struct, frozen=True):
    """One log call: when, how, by whom, and what it tells of; the text may hold newlines."""

    at: int
    level: str
    emitter: Emitter
    text: str
    tag: Tag = Tag("")
    layout: Format | None = None


class Sink(Struct, frozen=True):
    """A log file: its layout, the least level it takes, and calls in one part (0: never rotated).

    ``keeps`` may say which calls the sink takes at all.
    """

    name: str
    layout: Format
    level: str = "DEBUG"
    part: int = 0
    packing: str = "zip"


class Draft:
    """Everything about one case; faults edit it in place, then it is written once."""

    def __init__(self, dice: Dice, *, rich: bool, parts: bool, size: tuple[int, int] = (7, 20)) -> None:
        self.dice = dice
        self.bot: Bot = (bots.russian if dice.chance(0.25) else bots.english)(dice, rich=rich)
        self.zone = dice.pick(zones.ZONES)
        start = self._start()
        world = World(dice, tuple(self.bot.code.paths))
        world.live(start, dice.whole(*size), runs=dice.pick((1, 1, 1, 2, 3)), parts=parts)
        self.runs: list[Run] = world.runs
        self.positions: list[Position] = world.positions
        self.closes: dict[int, Close] = {c.key: self._witnessed(c) for c in world.closes}
        if len(self.positions) < len(self.closes):
            # Rows of partial closes have ids of their own, which no line prints.
            self.rebot(style=msgspec.structs.replace(self.bot.style, ids=False))
        self.dialect = self._dialect(rich=rich)
        self.sinks: list[Sink] = self._sinks()
        self.say_hooks: list[Callable[[list[Say]], list[Say]]] = []
        self.row_hooks: list[Callable[[list[Row]], list[Row]]] = []
        self.file_hooks: list[Callable[[Files], None]] = []
        self.lags: dict[int, int] = {}
        self.args: list[str] = []
        self.faults: list[str] = []
        self.must: set[str] = set()
        self.may: set[str] = set()
        self.one_of: set[str] = set()
        self.unpriced = False
        #: When the bot was moved to another zone, and which.
        self.moved: tuple[int, str] | None = None
        #: Log files that are damaged or not at hand.
        self.gone: list[str] = []
        self.exits: set[int] | None = None
        self.undecidable = ""
        self.clock: int | None = 0
        self.blind = ""
        self.alike: frozenset[str] = frozenset()
        self.differs: set[str] = set()

    def change(self, keys: Iterable[int], **fields: Any) -> None:
        """Changes closes."""
        for key in keys:
            self.closes[key] = msgspec.structs.replace(self.closes[key], **fields)

    def rebot(self, **fields: Any) -> None:
        """Changes the bot."""
        self.bot = msgspec.structs.replace(self.bot, **fields)

    def redialect(self, **fields: Any) -> None:
        """Changes how the ledger is written."""
        self.dialect = msgspec.structs.replace(self.dialect, **fields)

    def move(self, start: int) -> None:
        """Moves the whole session in time."""
        by = start - self.runs[0].start
        shift = msgspec.structs.replace
        self.runs = [shift(r, start=r.start + by, end=r.end + by) for r in self.runs]
        self.positions = [shift(p, at=p.at + by) for p in self.positions]
        self.closes = {key: shift(c, at=c.at + by) for key, c in self.closes.items()}

    def relay(self, layout: Format) -> None:
        """Gives the bot's only log another layout."""
        self.rebot(layout=layout)
        self.sinks = [msgspec.structs.replace(self.sinks[0], layout=layout)]

    def zone_at(self, at: int) -> str:
        """The zone of the log's clock."""
        return self.moved[1] if self.moved and at >= self.moved[0] else self.zone

    def of(self, close: Close) -> Position:
        """The position that it closes."""
        return self.positions[close.position]

    def ordered(self) -> list[Close]:
        """Closes in the order of time."""
        return sorted(self.closes.values(), key=lambda c: (c.at, c.key))

    def last_run(self) -> Run:
        """The one at whose end the logs end."""
        return self.runs[-1]

    def ledger_name(self, at: int) -> str:
        """The ledger's file for rows of this instant."""
        if not self.dialect.daily:
            return self.dialect.name
        return self.dialect.name.format(day=f"{zones.local(at, self.zone):%Y-%m-%d}")

    def _start(self) -> int:
        """A morning on which the clocks are not changed within half a day."""
        while True:
            day = self.dice.whole(0, 500) * 24 * HOUR
            at = zones.instant("2025-01-05T00:00:00") + day + self.dice.whole(0, 86_399) * SECOND
            if zones.steady(at, at + 12 * HOUR, self.zone) and self._one_day(at):
                return at

    def _one_day(self, at: int) -> bool:
        """Whether ten hours from here on lie on one local day, with room on both sides."""
        return zones.local(at - HOUR, self.zone).date() == zones.local(at + 10 * HOUR, self.zone).date()

    def _witnessed(self, close: Close) -> Close:
        return msgspec.structs.replace(close, ack=self.bot.acks is not None, confirmed=self.bot.confirms)

    def _dialect(self, *, rich: bool) -> Dialect:
        dice, bot = self.dice, self.bot
        if bot.russian:
            return Dialect(ledgers.SCALPER, self.zone, "trades_{day}.csv", daily=True)
        if bot.style.pnl == "net":
            columns: Sequence[ledgers.Columns] = ledgers.NET
        else:
            columns = ledgers.PLAIN if rich or dice.chance(0.8) else ledgers.SPARSE
        daily = dice.chance(0.25)
        name = "trades_{day}.csv" if daily else dice.pick(("trades.csv", "trades.csv", "trade_log.csv"))
        return Dialect(dice.pick(columns), self.zone, name, daily, cents=max(bot.style.cents, 4))

    def _sinks(self) -> list[Sink]:
        bot, dice = self.bot, self.dice
        part = dice.pick((0, 0, 60, 150))
        name = "futures_main" if bot.russian else "bot"
        return [Sink(name, bot.layout, part=part, packing=dice.pick(("zip", "gz")))]
