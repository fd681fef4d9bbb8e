"""Tells what unnamed columns of a table mean from what their cells hold: times, markets, sides, arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice, permutations
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import key, named_columns
from logaudit.ledger.side_words import SIDE_WORDS
from logaudit.ledger.stamps import parse_any_year
from logaudit.profiles.profile import LedgerSpec

#: Rows that are looked at.
SAMPLE: Final = 200
#: Of the cells that are not blank, at least so many must be of the kind.
_SHARE: Final = 0.9
#: Columns of numbers among which arithmetic is tried, and the rows that it must hold for.
_WIDEST: Final = 12
_FEWEST: Final = 3
#: A fee that is not printed takes at most this part of the amounts traded.
_FEE: Final = 0.004
_QUOTES: Final = "USDT|USDC|FDUSD|BUSD|TUSD|USD|DAI|EUR|GBP|JPY|CHF|AUD|CAD|NZD|TRY|BRL|RUB|BTC|XBT|ETH|BNB"
_MARKET: Final = lazy_pattern(
    rf"(?:[A-Za-z0-9]{{1,15}}[-/_](?:{_QUOTES})|[A-Z0-9]{{2,12}}?(?:{_QUOTES}))"
    r"(?:[.:_-](?:P|PERP|SWAP|USDT|USDC|USD|BTC|ETH))*"
)
_NUMBER: Final = lazy_pattern(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
#: Names of times that tell when a row was written or changed, and not when a trade ended.
_OTHER_TIMES: Final = lazy_pattern(r"updat|modif|expir|creat|insert|sync|fetch|сохран|измен")

#: Parts of names by which a time is that of the close, or of the open.
_OF_CLOSE: Final = frozenset({"exit", "exited", "close", "closed", "closing"})
_OF_OPEN: Final = frozenset({"entry", "entered", "open", "opened", "opening"})


class ColumnContent(Struct, frozen=True):
    """What the cells of one column are; ``numbers`` has NaN for blanks, and is empty where they are no numbers."""

    is_time: bool
    is_market: bool
    is_side: bool
    times: tuple[int | None, ...]
    numbers: tuple[float, ...]


def columns_by_content(
    names: Sequence[str], rows: Iterable[Sequence[str]], spec: LedgerSpec, sides: Mapping[str, str]
) -> LedgerSpec:
    """``spec`` with the columns that only their cells make known; itself where they tell nothing."""
    known = named_columns(names, spec)
    if "closed" in known and "symbol" in known and {"exit_price", "net_pnl", "gross_pnl"} & known.keys():
        return spec
    sample = [row for row in islice(rows, SAMPLE) if len(row) == len(names)]
    counts = [key(name) for name in names]
    free = [
        i for i, name in enumerate(counts) if name and counts.count(name) == 1 and i not in known.values()
    ]
    if not sample or not free:
        return spec
    content = {i: content_of([row[i] for row in sample], sides) for i in free}
    found = _times(names, content, known) | _only(content, known)
    at = {**known, **found}
    found |= _arithmetic(content, at, sample, sides)
    if not found:
        return spec
    return replace(spec, columns={**spec.columns, **{name: (names[i].strip(),) for name, i in found.items()}})


def content_of(cells: Sequence[str], sides: Mapping[str, str]) -> ColumnContent:
    """What the cells of one column are."""
    full = [cell.strip() for cell in cells if not is_blank(cell)]

    def mostly(hits: int) -> bool:
        return bool(full) and hits >= _SHARE * len(full)

    times = _times_in(tuple(cells))
    numeric = bool(full) and all(_NUMBER.fullmatch(cell) for cell in full)
    return ColumnContent(
        is_time=mostly(sum(at is not None for at in times)),
        is_market=mostly(sum(_MARKET.fullmatch(cell) is not None for cell in full)),
        is_side=bool(full) and all(cell.lower() in sides or cell.lower() in SIDE_WORDS for cell in full),
        times=times,
        numbers=tuple(float(c.strip()) if not is_blank(c) else float("nan") for c in cells)
        if numeric
        else (),
    )


@lru_cache(maxsize=64)
def _times_in(cells: tuple[str, ...]) -> tuple[int | None, ...]:
    """The times that a column's cells show; every profile asks for those of the same few columns."""
    return tuple(None if (at := parse_any_year(cell)) is None else at.us for cell in cells)


def _times(
    names: Sequence[str], content: Mapping[int, ColumnContent], known: Mapping[str, int]
) -> dict[str, int]:
    """The time of the close, and of the open where there are two."""
    if "closed" in known:
        return {}
    found = [i for i, column in content.items() if column.is_time]
    if len(found) > 1:
        found = [i for i in found if not _OTHER_TIMES.search(key(names[i]))] or found
    match found:
        case [one]:
            return {"closed": one}
        case [first, second] if _never_after(content[first], content[second]):
            return {"opened": first, "closed": second}
        case [first, second] if _never_after(content[second], content[first]):
            return {"opened": second, "closed": first}
        case _:
            return _named_times(names, content, found)


def _named_times(
    names: Sequence[str], content: Mapping[int, ColumnContent], found: Sequence[int]
) -> dict[str, int]:
    """Of several times the only one whose name has a part that says close, and the only one that says open."""
    ends = [i for i in found if not _OF_CLOSE.isdisjoint(key(names[i]).split("_"))]
    starts = [i for i in found if not _OF_OPEN.isdisjoint(key(names[i]).split("_"))]
    if len(ends) != 1 or ends == starts:
        return {}
    told = {"closed": ends[0]}
    if len(starts) == 1 and _never_after(content[starts[0]], content[ends[0]]):
        told["opened"] = starts[0]
    return told


def _never_after(first: ColumnContent, second: ColumnContent) -> bool:
    pairs = [
        (a, b) for a, b in zip(first.times, second.times, strict=True) if a is not None and b is not None
    ]
    return bool(pairs) and all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def _only(content: Mapping[int, ColumnContent], known: Mapping[str, int]) -> dict[str, int]:
    """The one column of markets and the one of sides."""
    markets = [i for i, column in content.items() if column.is_market]
    sides = [i for i, column in content.items() if column.is_side]
    found = {"symbol": markets, "side": sides}
    return {name: at[0] for name, at in found.items() if name not in known and len(at) == 1}


def _arithmetic(
    content: Mapping[int, ColumnContent],
    at: Mapping[str, int],
    rows: Sequence[Sequence[str]],
    sides: Mapping[str, str],
) -> dict[str, int]:
    """Entry, exit, size and PnL, where (exit - entry) x size x side is the PnL in every row and in one way only."""
    if "side" not in at:
        return {}
    signs = [_sign(row[at["side"]], sides) for row in rows]
    roles = ("entry_price", "exit_price", "size", "net_pnl")
    taken = {role: at[role] for role in roles if role in at}
    if "gross_pnl" in at:
        taken.setdefault("net_pnl", at["gross_pnl"])
    columns = {i: c.numbers for i, c in content.items() if c.numbers and not c.is_time}
    for i in taken.values():
        columns[i] = content_of([row[i] for row in rows], sides).numbers
        if not columns[i]:
            return {}
    open_roles = [role for role in roles if role not in taken]
    candidates = [i for i in columns if i not in at.values()]
    if not open_roles or len(candidates) > _WIDEST or len(open_roles) > len(candidates):
        return {}
    fits: list[dict[str, int]] = []
    for chosen in permutations(candidates, len(open_roles)):
        trial = {**taken, **dict(zip(open_roles, chosen, strict=True))}
        if _adds_up([columns[trial[role]] for role in roles], signs):
            fits.append(dict(zip(open_roles, chosen, strict=True)))
            if len(fits) > 1:
                return {}
    return fits[0] if fits else {}


def _sign(word: str, sides: Mapping[str, str]) -> int:
    plain = word.strip().lower()
    side = sides.get(plain) or SIDE_WORDS.get(plain) or plain
    return {"long": 1, "short": -1}.get(side, 0)


def _adds_up(columns: Sequence[Sequence[float]], signs: Sequence[int]) -> bool:
    entry, exit_, size, pnl = columns
    told = moved = 0
    for a, b, c, d, sign in zip(entry, exit_, size, pnl, signs, strict=True):
        if not (a > 0 and b > 0 and c != 0 and d == d) or not sign:  # noqa: PLR0124 - NaN is not itself
            continue
        told += 1
        moved += a != b
        gross = (b - a) * abs(c) * sign
        paid = gross - d
        slack = max(abs(gross), abs(d)) * 1e-3 + 1e-6
        if not -slack <= paid <= _FEE * (a + b) * abs(c) + slack:
            return False
    return told >= _FEWEST and moved >= _FEWEST
