"""Made-up instruments, and sessions in which everything works."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from chance import Dice

from simulator.plan import MINUTE, SECOND, Close, Market, Position, Run

FEE: Final = Decimal("0.0005")
_EIGHT: Final = Decimal("0.00000001")

MARKETS: Final = tuple(
    Market(symbol, *map(Decimal, figures))
    for symbol, *figures in (
        ("BTC-USDT", "71240.0", "0.1", "0.001", "0.01"),
        ("ETH-USDT", "2530.00", "0.01", "0.01", "0.1"),
        ("SOL-USDT", "163.00", "0.01", "0.1", "0.5"),
        ("LINK-USDT", "18.400", "0.001", "1", "10"),
        ("AVAX-USDT", "31.700", "0.001", "1", "10"),
        ("XRP-USDT", "0.61300", "0.00001", "10", "100"),
    )
)
REASONS: Final = ("tp", "sl", "trailing", "timeout")


def gross_of(position: Position, price: Decimal, size: Decimal) -> Decimal:
    """What the price's move is worth, before fees."""
    return ((price - position.entry) * size * position.sign).quantize(_EIGHT, ROUND_HALF_EVEN)


def fee_of(position: Position, price: Decimal, size: Decimal) -> Decimal:
    """Both orders' fees."""
    return ((position.entry + price) * size * FEE).quantize(_EIGHT, ROUND_HALF_EVEN)


class World:
    """Draws sessions; prices and sizes differ enough that no two closes share all their figures."""

    def __init__(self, dice: Dice, paths: Sequence[str]) -> None:
        self._dice = dice
        self._paths = paths
        self._prices = {m.symbol: m.price * _share(dice, 8000, 12000) for m in MARKETS}
        self._seen: set[tuple[str, Decimal]] = set()
        self.runs: list[Run] = []
        self.positions: list[Position] = []
        self.closes: list[Close] = []

    def live(self, start: int, closes: int, *, runs: int = 1, parts: bool = False) -> None:
        """Fills the world with runs that close about ``closes`` positions in all."""
        at = start
        for key in range(runs):
            begin = at
            at = self._run(key, begin, max(1, closes // runs), parts=parts)
            self.runs.append(Run(key, begin, at))
            at += self._dice.whole(20, 120) * SECOND

    def _run(self, run: int, begin: int, count: int, *, parts: bool) -> int:
        busy: dict[str, int] = {}
        at, last = begin + self._dice.whole(60, 300) * SECOND, begin
        for _ in range(count):
            free = [m for m in MARKETS if busy.get(m.symbol, 0) < at]
            market = self._dice.pick(free)
            ended = self._trade(run, market, at, parts=parts and self._dice.chance(0.4))
            busy[market.symbol] = ended + 20 * SECOND
            last = max(last, ended)
            at += self._dice.whole(180, 1100) * SECOND + self._dice.whole(0, 999) * 1000
        return last + self._dice.whole(150, 600) * SECOND

    def _trade(self, run: int, market: Market, at: int, *, parts: bool) -> int:
        """One position and its closes; when it was flat."""
        key = len(self.positions)
        many = self._dice.whole(2, 3) if parts else 1
        unit = market.step * self._dice.whole(2, 40)
        position = Position(
            key=key,
            market=market,
            side=self._dice.pick(("long", "short")),
            entry=self._price(market),
            size=unit * many,
            at=at + self._dice.whole(0, 999_999),
            run=run,
            order=70_000_000 + self._dice.whole(0, 9_999) * 1000 + key,
        )
        self.positions.append(position)
        when = position.at
        for _ in range(many):
            when += self._dice.whole(95, 1300) * SECOND + self._dice.whole(0, 999_999)
            self.closes.append(self._close(position, when, unit))
        return when

    def _close(self, position: Position, when: int, size: Decimal) -> Close:
        market = position.market
        while True:
            price = self._price(market)
            gross = gross_of(position, price, size)
            cents = (market.symbol, gross.quantize(Decimal("0.01")))
            if abs(price - position.entry) >= 4 * market.tick and cents not in self._seen:
                break
        self._seen.add(cents)
        fee = fee_of(position, price, size)
        reason, path = self._dice.pick(REASONS), self._dice.pick(self._paths)
        key = len(self.closes)
        return Close(key, position.key, when, price, size, gross, fee, reason, path)

    def _price(self, market: Market) -> Decimal:
        moved = self._prices[market.symbol] * _share(self._dice, 9940, 10060)
        self._prices[market.symbol] = moved
        return moved.quantize(market.tick)


def _share(dice: Dice, low: int, high: int) -> Decimal:
    return Decimal(dice.whole(low, high)) / 10_000


def minutes(count: float) -> int:
    """Microseconds."""
    return round(count * MINUTE)
