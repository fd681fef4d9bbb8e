"""A made-up session of many closes that leave over many code paths: some never record, some do at times.

python tests/many_paths.py FOLDER
"""

from __future__ import annotations

import random
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from world import Deal, World

START = datetime(2026, 1, 10, 6)  # noqa: DTZ001 - the bot's own clock
_ROOT = "src.strategies.scalping.futures"
#: Code path → how many of four closes it records.
PATHS = {
    f"{_ROOT}.position_manager:close_position_manually:2567": 4,
    f"{_ROOT}.position_manager:_close_position_by_reason:2132": 0,
    f"{_ROOT}.position_manager:_close_partially_at_level:1904": 0,
    f"{_ROOT}.coordinators.trailing_sl_coordinator:close_by_trailing_stop:871": 4,
    f"{_ROOT}.coordinators.websocket_coordinator:_handle_position_closed_elsewhere:433": 0,
    f"{_ROOT}.coordinators.smart_exit_coordinator:_exit_on_reversal_signal:318": 0,
    f"{_ROOT}.risk.liquidation_guard:force_close_before_liquidation:97": 0,
    f"{_ROOT}.risk.funding_window:close_ahead_of_funding:141": 3,
    f"{_ROOT}.orchestrator:_close_position:2838": 2,
    f"{_ROOT}.orchestrator:emergency_stop:3102": 0,
}
_REASONS = (
    *("manual", "tp", "partial_tp", "trailing_stop", "exchange_liquidation_or_manual", "reversal_signal"),
    *("liquidation_guard", "funding_window", "max_holding_time", "emergency_stop"),
)
#: Symbol → price and the size of its positions.
_SYMBOLS = {
    "BTC-USDT": ("91480.1", "0.00200000"),
    "ETH-USDT": ("2841.37", "0.06000000"),
    "SOL-USDT": ("131.42", "1.50000000"),
    "DOGE-USDT": ("0.145930", "900.00000000"),
    "1000PEPE-USDT": ("0.00412900", "30000.00000000"),
}


def session(root: Path, count: int = 500) -> World:
    """``count`` closes ninety seconds apart, each path in turn."""
    dice = random.Random(count)  # noqa: S311 - the same session every time
    end = START + timedelta(seconds=90 * count + 600)
    world = World(root, start=START.isoformat(" "), end=end.isoformat(" "), beat=300)
    for number in range(count):
        path, kept = list(PATHS.items())[number % len(PATHS)]
        deal = _deal(number, dice)
        if number // len(PATHS) % 4 < kept:
            world.kept(deal, by=path)
            continue
        world.lost(deal, by=path)
        if kept:
            # What such a path loses was acknowledged: the losses of a session differ in their state.
            world.acknowledge(deal)
    return world


def _deal(number: int, dice: random.Random) -> Deal:
    symbol = dice.choice(list(_SYMBOLS))
    price, size = (Decimal(text) for text in _SYMBOLS[symbol])
    entry = (price * Decimal(dice.randrange(9700, 10300)) / 10000).quantize(price)
    leave = (entry * Decimal(dice.randrange(9880, 10140)) / 10000).quantize(price)
    closed = START + timedelta(seconds=90 * (number + 1), milliseconds=dice.randrange(900))
    return Deal(
        closed=closed.isoformat(" ", "milliseconds"),
        symbol=symbol,
        side=dice.choice(("long", "short")),
        entry=str(entry),
        exit=str(leave),
        size=str(size),
        fee="0.1740",
        held=dice.randrange(70, 85),
        reason=_REASONS[number % len(_REASONS)],
    )


if __name__ == "__main__":
    session(Path(sys.argv[1])).save()
