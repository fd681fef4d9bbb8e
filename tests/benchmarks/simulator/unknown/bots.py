"""Draws the folder of an unknown bot, and knows which of its closes were recorded, lost, or played on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from chance import Dice
from msgspec import Struct

from simulator.market import World
from simulator.plan import SECOND, Close, Position
from simulator.unknown.rows import draw_table, write_rows
from simulator.unknown.speech import LANGUAGES, WORDINGS, Language
from simulator.unknown.tables import KINDS
from simulator.zones import ZONES, instant, local

_MS: Final = 1000
#: Closes that a summary sums up.
_SUMMED: Final = 8
_LAYOUTS: Final = (
    "{time},{ms} INFO {text}",
    "{time} | INFO     | {text}",
    "[{time}] INFO: {text}",
    "{time}.{ms} - bot - INFO - {text}",
)
_SPELLINGS: Final[tuple[Callable[[str], str], ...]] = (
    str,
    str,
    lambda s: s.replace("-", ""),
    lambda s: s.replace("-", "/"),
)


class TrueClose(Struct, frozen=True):
    """One close: the lines that tell of it, and the row that records it, 0 for none.

    Attributes:
        lines: of the close and of its echoes.
        sure: whether rows surround it; outside of them the law of claims asks to abstain.
        real: whether it happened; a close on paper may not be called lost.
    """

    lines: frozenset[int]
    row: int
    sure: bool
    real: bool = True


class Unknown(Struct, frozen=True):
    """One folder and its truth.

    Attributes:
        related: whether the ledger is this bot's; tested: whether its tests wrote rows too.
        traits: what it is made of, for the tables of the report.
    """

    index: int
    files: dict[str, bytes]
    closes: tuple[TrueClose, ...]
    related: bool
    tested: bool
    traits: tuple[str, ...]


class _Said(Struct, frozen=True):
    """A log call at a moment; ``key`` of the close that it tells of, None for none."""

    at: int
    text: str
    key: int | None = None


class _Habits(Struct, frozen=True):
    """What one bot does."""

    language: Language
    wording: str
    sides: tuple[str, str]
    spell: Callable[[str], str]
    opens: bool
    target: bool
    fee: bool
    echo: bool
    ack: bool
    twice: bool
    paper: bool
    summary: bool

    def figures(self, position: Position, close: Close) -> dict[str, str]:
        """What a line may print of a trade."""
        return {
            "symbol": self.spell(position.market.symbol),
            "side": self.sides[position.side == "short"],
            "entry": str(position.entry),
            "exit": str(close.exit),
            "size": str(close.size),
            "pnl": f"{close.net:+.4f}",
            "fee": f"{close.fee:.4f}",
            "reason": self.reason(close),
        }

    def reason(self, close: Close) -> str:
        """The bot's word for why it closed."""
        return self.language.reasons[close.key % len(self.language.reasons)]


def draw(seed: int, index: int) -> Unknown:
    """The folder of this number."""
    dice = Dice(f"unknown {seed} {index}")
    wording = WORDINGS[index % len(WORDINGS)]
    kind = tuple(KINDS)[(index // len(WORDINGS) + index % len(WORDINGS)) % len(KINDS)]
    language = LANGUAGES[wording.language]
    habits = _Habits(
        language=language,
        wording=wording.text,
        sides=dice.pick(language.sides),
        spell=dice.pick(_SPELLINGS),
        opens=dice.chance(0.7),
        target=dice.chance(0.5),
        fee=dice.chance(0.4),
        echo=dice.chance(0.5),
        ack=dice.chance(0.3),
        twice=dice.chance(0.1),
        paper=dice.chance(0.25),
        summary=dice.chance(0.4),
    )
    start = instant("2026-03-02T00:00:00") + dice.whole(0, 90 * 86_400) * SECOND
    world = _world(dice, start, dice.whole(10, 40))
    lost = {dice.whole(0, len(world.closes) - 1) for _ in range(dice.whole(0, 3))}
    rehearsed = dice.whole(2, 4) if dice.chance(0.15) else 0
    related = not dice.chance(0.1)
    rows = [c for c in world.closes if c.key not in lost and c.key >= rehearsed]
    told = world if related else _world(dice, start, len(world.closes))
    zone = dice.pick(ZONES)
    log, lines = _log(dice, habits, told, zone)
    name, make, first = KINDS[kind]
    table = draw_table(dice, habits.spell, zone)
    positions = {p.key: p for p in world.positions}
    pairs = [(c, positions[c.position]) for c in rows]
    reasons = {c.key: habits.reason(c) for c in rows}
    cells = write_rows(table, pairs, reasons, world.runs[0].start)
    placed = {c.key: first + table.tests + i for i, c in enumerate(rows)} if related else {}
    return Unknown(
        index,
        {"bot.log": log, name: make(cells)},
        tuple(_truth(told, lines, placed, rehearsed if related else 0)),
        related,
        table.tests > 0,
        (
            wording.language,
            kind,
            wording.text,
            *_names(habits, lost, rehearsed, related=related),
            *table.traits,
        ),
    )


def _world(dice: Dice, start: int, count: int) -> World:
    world = World(dice, ("exit",))
    world.live(start, count)
    world.closes.sort(key=lambda c: c.at)
    world.closes = [_numbered(c, i) for i, c in enumerate(world.closes)]
    return world


def _numbered(close: Close, key: int) -> Close:
    return Close(
        key,
        close.position,
        close.at,
        close.exit,
        close.size,
        close.gross,
        close.fee,
        close.reason,
        close.path,
    )


def _names(habits: _Habits, lost: set[int], rehearsed: int, *, related: bool) -> Iterator[str]:
    for name in ("opens", "target", "fee", "echo", "ack", "twice", "paper", "summary"):
        if getattr(habits, name):
            yield name
    yield f"{len(lost)} lost"
    if rehearsed:
        yield "rehearsed on paper"
    if not related:
        yield "nothing in common"


def _truth(
    world: World, lines: Mapping[int, set[int]], placed: Mapping[int, int], rehearsed: int
) -> Iterator[TrueClose]:
    recorded = sorted(placed)
    for close in world.closes:
        sure = bool(recorded) and recorded[0] <= close.key <= recorded[-1]
        real = close.key >= rehearsed
        yield TrueClose(frozenset(lines[close.key]), placed.get(close.key, 0), sure, real)


def _log(dice: Dice, habits: _Habits, world: World, zone: str) -> tuple[bytes, dict[int, set[int]]]:
    """The log, and the lines that tell of each close."""
    layout = dice.pick(_LAYOUTS)
    said = sorted(_story(dice, habits, world), key=lambda s: s.at)
    texts, lines = list[str](), dict[int, set[int]]()
    for one in said:
        at = local(one.at, zone)
        texts.append(
            layout.format(time=f"{at:%Y-%m-%d %H:%M:%S}", ms=f"{at.microsecond // _MS:03d}", text=one.text)
        )
        if one.key is not None:
            lines.setdefault(one.key, set()).add(len(texts))
    return ("\n".join(texts) + "\n").encode(), lines


def _story(dice: Dice, habits: _Habits, world: World) -> Iterator[_Said]:
    """All calls of the bot, in no order."""
    said, run = habits.language, world.runs[0]
    yield _Said(run.start, said.start)
    yield _Said(run.end, said.start)
    positions = {p.key: p for p in world.positions}
    shown = {c.key: habits.figures(positions[c.position], c) for c in world.closes}
    for at in range(run.start + 30 * SECOND, run.end, dice.whole(40, 200) * SECOND):
        yield _Said(at, said.beat.format(**shown[dice.pick(world.closes).key]))
    for close in world.closes:
        if habits.opens:
            yield _Said(positions[close.position].at, said.open.format(**shown[close.key]))
        yield from _ending(dice, habits, close, shown[close.key])
        if habits.paper and dice.chance(0.3):
            other = _moved(dice, dice.pick(world.closes))
            ghost = habits.wording.format(**habits.figures(positions[other.position], other))
            yield _Said(close.at + dice.whole(5, 60) * SECOND, said.paper.format(close=ghost))
    if habits.summary:
        yield from _summaries(dice, habits, world, shown)


def _ending(dice: Dice, habits: _Habits, close: Close, shown: Mapping[str, str]) -> Iterator[_Said]:
    """What the bot says when a position ends."""
    said = habits.language
    if habits.target:
        yield _Said(close.at - dice.whole(200, 2500) * _MS, said.target.format(**shown))
    for _ in range(1 + habits.twice):
        yield _Said(close.at, habits.wording.format(**shown), close.key)
    if habits.fee:
        yield _Said(close.at + dice.whole(10, 400) * _MS, said.fee.format(**shown))
    if habits.echo:
        yield _Said(close.at + dice.whole(5, 300) * _MS, said.echo.format(**shown), close.key)
    if habits.ack:
        yield _Said(close.at + dice.whole(5, 90) * _MS, said.ack.format(**shown))


def _summaries(
    dice: Dice, habits: _Habits, world: World, shown: Mapping[int, Mapping[str, str]]
) -> Iterator[_Said]:
    """After every few closes their sum, with the figures of one of them."""
    for first in range(0, len(world.closes) - _SUMMED + 1, _SUMMED):
        some = world.closes[first : first + _SUMMED]
        total = f"{sum((close.net for close in some), Decimal()):+.4f}"
        best = shown[dice.pick(some).key]
        text = habits.language.summary.format(total=total, count=_SUMMED, **best)
        yield _Said(some[-1].at + 61 * SECOND, text)


def _moved(dice: Dice, close: Close) -> Close:
    """The same trade with other figures."""
    factor = Decimal(dice.whole(700, 1300)) / 1000
    exit_price = (close.exit * factor).quantize(close.exit)
    return Close(
        close.key, close.position, close.at, exit_price, close.size, close.gross * factor, close.fee, "", ""
    )
