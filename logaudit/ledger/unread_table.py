"""A table that may be a ledger though its columns are not understood: what is known of it, and what is missing."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import Stamp
from logaudit.ledger.column_roles import ColumnContent, content_of
from logaudit.ledger.columns import key, named_columns
from logaudit.ledger.sniff import ORDER_KEYS, SNAPSHOT_KEYS
from logaudit.profiles.profile import LedgerSpec

_TRADES: Final = lazy_pattern(
    r"trade|fill|deal|ledger|journal|closed|pnl|сделк|trans|operaci|handel|交易|成交|取引", re.IGNORECASE
)
#: Tables of a trading bot that are known to record something else.
_OTHER_NAMES: Final = lazy_pattern(
    r"candle|kline|ohlc|price|ticker|tick|book|signal|indicator|balance|equity|wallet|portfolio|account|snapshot|"
    r"config|param|setting|summar|statist|stats|metric|daily|report|perform|order|backtest|optimi|feature|train|predict",
    re.IGNORECASE,
)
_PNL: Final = lazy_pattern(
    r"p_?n_?l|p_l\b|profit|gewinn|ergebnis|прибыл|финрез|resultado|lucro|ganancia|beneficio|résultat|resultat|zysk|"
    r"盈|收益|損益|损益"
)
_SIZE: Final = lazy_pattern(
    r"size|qty|quantity|amount|volume|contracts|lots?\b|menge|größe|кол|объ[её]м|размер|cantidad|quantidade|quantit|数量|量"
)
_PRICE: Final = lazy_pattern(
    r"price|rate|entry|exit|цена|preis|kurs|precio|preço|preco|prix|prezzo|cena|fiyat|价|価格"
)
#: What names the end of a trade, and what names numbers of one that is planned or open.
_ENDED: Final = lazy_pattern(
    r"exit|clos|sold|sell_|выход|закры|ausstieg|salida|sa[ií]da|sortie|uscita|平仓|決済"
)
_PLANNED: Final = lazy_pattern(
    r"(?:^|_)(?:tp|sl|stop|take|target|trail\w*|limit|leverage|lev|margin|risk|id|fee|ticket|magic|highest|lowest|peak|"
    r"count|level|order_id|score|atr|timestamp|ts)(?:_|\d|$)|stop_?loss|take_?profit|liquidation"
)
_CANDLE: Final = frozenset({"open", "high", "low", "close"})
_LETTERS: Final = frozenset({"o", "h", "l", "c"})
_SIGNALS: Final = lazy_pattern(
    r"\b(?:rsi|macd|ema|sma|atr|adx|score|confidence|probability|signal|strength|vwap)(?:_|\b)"
)
#: What is missing before a table can be read.
NEEDED: Final = ("closed", "symbol")
_RESULTS: Final = ("exit_price", "net_pnl", "gross_pnl")
_LEAST_COLUMNS: Final = 3
_LEAST_NUMBERS: Final = 2


class UnreadTable(Struct, frozen=True):
    """A table that may be a ledger and that is not understood.

    Attributes:
        table: its name, empty where the file is the table; columns: as written, empty for a table without a header.
        known: meaning → column, as far as it is understood.
        likely: meaning → the columns whose cells would fit it.
        missing: meanings that no column has; ``result`` stands for an exit price or a PnL.
        first, last: the times of its first and last row at hand, None where no column holds times.
        whole: whether the rows at hand are all.
    """

    table: str
    columns: tuple[str, ...]
    known: dict[str, str]
    missing: tuple[str, ...]
    rows: int
    likely: dict[str, tuple[str, ...]]
    first: Stamp | None = None
    last: Stamp | None = None
    whole: bool = True


def unread_table(
    name: str,
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    spec: LedgerSpec,
    sides: Mapping[str, str],
    *,
    whole: bool,
    single: bool = False,
) -> UnreadTable | None:
    """What is known of a table that is no readable ledger; None where nothing speaks for its being one.

    An object by itself, which is ``single``, and a list of positions with the time of their opening alone have no
    room for closes, unless a column may say how a trade ended.
    """
    known = named_columns(columns, spec)
    rows = [row for row in rows if len(row) == len(columns)]
    if len(columns) < _LEAST_COLUMNS or not rows:
        return None
    content = [content_of([row[i] for row in rows], sides) for i in range(len(columns))]
    if not _may_be_ledger(f"{name} {table}", [key(c) for c in columns], content, known):
        return None
    if not _may_say_results([key(c) for c in columns], content, known, single=single):
        return None
    missing = [role for role in NEEDED if role not in known]
    if not missing or not known.keys() & set(_RESULTS):
        missing.append("result")
    times = next((c for c in content if c.is_time), None)
    told = [] if times is None else [at for at in times.times if at is not None]
    return UnreadTable(
        table=table,
        columns=tuple(c.strip() for c in columns),
        known={role: columns[i].strip() for role, i in known.items()},
        missing=tuple(missing),
        rows=len(rows),
        likely=_likely(columns, content, set(known.values())),
        first=Stamp(min(told), 1) if told else None,
        last=Stamp(max(told), 1) if told else None,
        whole=whole,
    )


def _may_say_results(
    keys: Sequence[str], content: Sequence[ColumnContent], known: Mapping[str, int], *, single: bool
) -> bool:
    """Whether a column says, or could say, how a trade ended: a price, a PnL, or numbers whose meaning is open.

    Of an object by itself the names must say it: the numbers of a state or of a setting may mean anything.
    """
    if known.keys() & set(_RESULTS) or any(_PNL.search(k) or _ENDED.search(k) for k in keys):
        return True
    if single:
        return False
    if "opened" not in known or known.get("closed", known["opened"]) != known["opened"]:
        return True
    taken = set(known.values())
    return any(
        bool(column.numbers) and not column.is_time and i not in taken and not _PLANNED.search(keys[i])
        for i, column in enumerate(content)
    )


def _likely(
    columns: Sequence[str], content: Sequence[ColumnContent], taken: set[int]
) -> dict[str, tuple[str, ...]]:
    """The columns without a meaning that hold times, markets, sides and numbers."""
    free = [(columns[i].strip(), c) for i, c in enumerate(content) if i not in taken and columns[i].strip()]
    found = {
        "closed": tuple(name for name, c in free if c.is_time),
        "symbol": tuple(name for name, c in free if c.is_market),
        "side": tuple(name for name, c in free if c.is_side),
        "number": tuple(name for name, c in free if c.numbers and not c.is_time),
    }
    return {role: names for role, names in found.items() if names}


def _may_be_ledger(
    name: str, keys: Sequence[str], content: Sequence[ColumnContent], known: Mapping[str, int]
) -> bool:
    """Whether columns, cells and name together speak for trades, and for nothing else."""
    held = set(keys)
    if held >= _CANDLE or held >= _LETTERS or held & (ORDER_KEYS | SNAPSHOT_KEYS):
        return False
    numbers = sum(bool(c.numbers) and not c.is_time for c in content)
    has_side = "side" in known or any(c.is_side for c in content)
    has_market = "symbol" in known or any(c.is_market for c in content)
    has_time = "closed" in known or any(c.is_time for c in content)
    shows = [any(pattern.search(k) for k in keys) for pattern in (_PNL, _SIZE, _PRICE)]
    named = _TRADES.search(name) is not None and _OTHER_NAMES.search(name) is None
    if named and numbers and has_side and has_market and has_time:
        return True
    if numbers < _LEAST_NUMBERS or not (has_time or has_market):
        return False
    if named:
        return has_side or has_market or sum(shows) >= _LEAST_NUMBERS
    if _OTHER_NAMES.search(name) or any(_SIGNALS.search(k) for k in keys):
        return False
    pnl, size, price = shows
    # Ends alone, whose positions stand in another table.
    ends = has_time and "exit_price" in known and any(_ENDED.search(k) for k in keys)
    return (pnl and (has_side or ends or (size and price))) or (has_side and has_time and size and price)
