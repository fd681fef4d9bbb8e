"""Kind 2: tables that write side, size, symbol, result or time otherwise than the log."""

from __future__ import annotations

from typing import Final

import msgspec
from chance import Dice

from simulator import ledgers
from simulator.draft import Draft
from simulator.faults.fault import Fault, touching
from simulator.plan import SECOND

_SUFFIXES: Final = (
    lambda s: s.replace("-", "") + ".P",
    lambda s: f"{s}-SWAP",
    lambda s: s.replace("-", "/") + ":USDT",
    lambda s: "BINANCE:" + s.replace("-", ""),
    lambda s: s.replace("-", "") + "_PERP",
)


def _side_of_order(draft: Draft, dice: Dice) -> bool:
    """The side column holds the closing order's: a long is closed by SELL."""
    words = dice.pick((("SELL", "BUY"), ("sell", "buy")))
    draft.redialect(side=lambda side: words[0] if side == "long" else words[1])
    return _named(draft, "side")


def _renamed(draft: Draft, dice: Dice) -> bool:
    """The exchange renamed a coin; the ledger has the new name."""
    old = dice.pick(draft.positions).market.symbol
    draft.redialect(symbol=lambda symbol: "NEWC-USDT" if symbol == old else symbol)
    return _named(draft, "symbol")


def _suffixed(draft: Draft, dice: Dice) -> bool:
    """The ledger spells markets with a suffix or a prefix."""
    draft.redialect(symbol=dice.pick(_SUFFIXES))
    draft.may.add("LA208")
    return True


def _negative(draft: Draft, dice: Dice) -> bool:
    """Shorts have negative sizes."""
    del dice
    if not draft.dialect.has("size") or all(p.side == "long" for p in draft.positions):
        return False
    draft.redialect(size=lambda position, close: close.size * position.sign)
    return _named(draft, "size")


def _notional(draft: Draft, dice: Dice) -> bool:
    """The size is the value in quote currency."""
    del dice
    if not draft.dialect.has("size"):
        return False
    draft.redialect(size=lambda position, close: (close.size * position.entry).quantize(position.market.tick))
    return _named(draft, "size")


def _contracts(draft: Draft, dice: Dice) -> bool:
    """The size is a number of contracts."""
    del dice
    if not draft.dialect.has("size"):
        return False
    draft.redialect(size=lambda position, close: close.size / position.market.contract)
    return _named(draft, "size")


def _open_time(draft: Draft, dice: Dice) -> bool:
    """Rows bear the time of the open."""
    del dice
    if draft.dialect.has("opened") or draft.dialect.daily:
        return False
    draft.redialect(opened=True)
    draft.clock = None
    return _named(draft, "clock")


def _late(draft: Draft, dice: Dice) -> bool:
    """Rows are written some seconds after their closes, each with another delay."""
    most = dice.pick((12_000, 30_000, 90_000))
    draft.lags = {key: dice.whole(5_500, most) * 1000 for key in draft.closes}
    draft.clock = None
    draft.may |= {"LA208", "LA303", "LA104"}
    draft.differs.add("clock")
    return True


def _lag(draft: Draft, dice: Dice) -> bool:
    """Rows are written a constant time after their closes."""
    seconds = dice.whole(6, 50)
    draft.lags = dict.fromkeys(draft.closes, seconds * SECOND)
    draft.clock = seconds
    draft.may |= {"LA208", "LA303", "LA104"}
    draft.differs.add("clock")
    return True


def _fill_time(draft: Draft, dice: Dice) -> bool:
    """Rows bear the time of the fill, some seconds before the bot logs the close."""
    draft.lags = {key: -dice.whole(6_000, 25_000) * 1000 for key in draft.closes}
    draft.clock = None
    draft.may |= {"LA208", "LA303"}
    draft.differs.add("clock")
    return True


def _gross_for_net(draft: Draft, dice: Dice) -> bool:
    """The log prints the result before fees; the ledger keeps gross, fee and net."""
    if draft.bot.russian:
        return False
    draft.rebot(style=msgspec.structs.replace(draft.bot.style, pnl="pnl", gross=True))
    draft.redialect(columns=dice.pick(ledgers.NET))
    draft.may.add("LA208")
    return True


def _day_off(draft: Draft, dice: Dice) -> bool:
    """A few rows are dated a day early."""
    if draft.dialect.daily:
        return False
    keys = [c.key for c in draft.ordered() if c.row]
    chosen = {dice.pick(keys) for _ in range(dice.whole(1, 2))}
    draft.lags |= dict.fromkeys(chosen, -86_400 * SECOND)
    draft.may |= {"LA208", "LA303", "LA304", "LA205"}
    draft.differs.add("clock")
    return True


def _named(draft: Draft, what: str) -> bool:
    """The difference is one of all rows, to be named once."""
    draft.differs.add(what)
    (draft.may if what == "clock" else draft.must).add("LA208")
    return True


FAULTS: Final = (
    Fault("side of the closing order", 2, _side_of_order, touching("side")),
    Fault("renamed symbol", 2, _renamed, touching("symbol"), rich=True),
    Fault("symbol with a suffix", 2, _suffixed, touching("symbol")),
    Fault("negative sizes", 2, _negative, touching("size")),
    Fault("notional sizes", 2, _notional, touching("size")),
    Fault("sizes in contracts", 2, _contracts, touching("size")),
    Fault("rows at open time", 2, _open_time, touching("clock", "columns"), rich=True),
    Fault("late rows", 2, _late, touching("clock")),
    Fault("constant lag", 2, _lag, touching("clock")),
    Fault("rows at fill time", 2, _fill_time, touching("clock")),
    Fault("gross for net", 2, _gross_for_net, touching("money", "columns")),
    Fault("a day early", 2, _day_off, touching("clock"), rich=True, order=5),
)
