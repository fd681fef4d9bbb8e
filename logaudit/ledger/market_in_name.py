"""The market that a table's file name names: ``trades_BTCUSDT.csv``, ``ETH-USDT closed.csv``."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.trades import symbol_key

_QUOTES: Final = "USDT|USDC|FDUSD|BUSD|TUSD|USD|DAI|EUR|GBP|JPY|BTC|ETH|BNB"
_MARKET: Final = lazy_pattern(
    rf"(?<![A-Za-z0-9])(?P<base>[A-Z0-9]{{2,12}}?)-?(?:{_QUOTES})(?:-(?:SWAP|PERP))?(?![A-Za-z0-9])"
)
#: What stands before a currency without being one.
_WORDS: Final = lazy_pattern(
    r"[0-9]+|.*(?:TRADE|LEDGER|JOURNAL|POSITION|FILL|CLOSED|DEAL|ORDER|HIST|PNL|LOG).*"
)


@lru_cache(maxsize=1024)
def market_in_name(name: str) -> str:
    """The one market that a file's name names; empty for none and for several."""
    found = [m for m in _MARKET.finditer(name) if _WORDS.fullmatch(m["base"]) is None]
    return found[0][0] if len({symbol_key(m[0]) for m in found}) == 1 else ""
