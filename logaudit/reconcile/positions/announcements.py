"""Two announcements of closes or opens, compared: what sets them contradicts, which numbers they share, who speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.money import agree, difference, digits, tolerance, total, unit
from logaudit.core.trades import symbol_key

#: The statement, or without its line the code path and the words, that wrote a record in a stream.
Voice: TypeAlias = tuple[str, str, str, int, str]

#: What a line prints of a size, in one unit.
SizeOf: TypeAlias = Callable[[TradeFields], Decimal | None]

#: Digits from which an equal number is no coincidence, from which two such are none, and from which no result is
#: that of another trade of the day.
_TELLING: Final = 3
_HALF: Final = 2
_RARE: Final = 4
_SURE: Final = 2
_NUMBER: Final = lazy_pattern(r"[+\-]?[$]?\d[\d.,:]*")
_named: Final = attrgetter("entry_price", "exit_price", "commission", "funding", "duration_sec")
_results_of: Final = attrgetter("net_pnl", "gross_pnl", "pnl")
_position_ids: Final = attrgetter("trade_id", "position_id")
#: Its ids, kind by kind. Of one position the opening order has another than the closing one, unless the bot names it by
#: either.
ids_of: Final = attrgetter("trade_id", "position_id", "order_id")
#: The units in which what is held and what is closed may both be told.
SIZES: Final[tuple[SizeOf, ...]] = (
    lambda f: None if f.size is None else f.size.copy_abs(),
    lambda f: None if f.contracts is None else f.contracts.copy_abs(),
)


class Shared(Struct, frozen=True):
    """The numbers that both of two announcements print, sizes aside.

    Attributes:
        weight: of the equal ones, two for each of enough digits to be no coincidence, one for each of fewer, three for
            a result of many.
        differing: those that are not equal.
    """

    weight: int
    differing: int

    @property
    def telling(self) -> bool:
        """Whether an equal one is no coincidence."""
        return self.weight >= _SURE

    @property
    def equal(self) -> bool:
        """Whether they agree in all, and one at least is telling."""
        return self.telling and not self.differing


def contradicts(left: TradeFields, right: TradeFields) -> bool:
    """Whether a value that both print shows two closes: symbol, side, entry price, size or id.

    A retry may print another exit price and result.
    """
    if left.symbol and right.symbol and symbol_key(left.symbol) != symbol_key(right.symbol):
        return True
    if left.side is not None and right.side is not None and left.side is not right.side:
        return True
    if _differ(left.entry_price, right.entry_price) or not sizes_fit(left, right):
        return True
    return any(one and other and one != other for one, other in _ids(left, right))


def sizes_fit(left: TradeFields, right: TradeFields) -> bool:
    """Whether no unit that both print shows two sizes."""
    if _says_no_size(left) or _says_no_size(right):
        return True
    return not any(_unequal(size(left), size(right)) for size in SIZES)


def _says_no_size(fields: TradeFields) -> bool:
    return fields.size is None and fields.contracts is None


def same_id(left: TradeFields, right: TradeFields) -> bool:
    """Whether both print one id of a trade, a position or an order."""
    return any(one and one == other for one, other in _ids(left, right))


def _ids(left: TradeFields, right: TradeFields) -> Iterator[tuple[str, str]]:
    """The ids of both, kind by kind; none where one of them has none, as most have."""
    one, other = ids_of(left), ids_of(right)
    return zip(one, other, strict=True) if any(one) and any(other) else iter(())


def same_entry(left: TradeFields, right: TradeFields) -> bool:
    """Whether both print an entry price, and one."""
    entry, other = left.entry_price, right.entry_price
    return entry is not None and other is not None and agree(entry, other)


def names_same(left: TradeFields, right: TradeFields) -> bool:
    """Whether an id or an entry price names one position in both."""
    return same_id(left, right) or same_entry(left, right)


def names_any(fields: TradeFields) -> bool:
    """Whether an id or an entry price names a position."""
    return fields.entry_price is not None or any(_position_ids(fields))


def same_size(left: TradeFields, right: TradeFields) -> bool:
    """Whether both print one size in some unit."""
    pairs = ((size(left), size(right)) for size in SIZES)
    return any(one is not None and other is not None and same_amount(one, other) for one, other in pairs)


def same_amount(left: Decimal, right: Decimal) -> bool:
    """Whether two sizes may be one; half of a whole coin is another."""
    return difference(left, right).copy_abs() <= max(grain(left), grain(right))


def grain(size: Decimal) -> Decimal:
    """What printing may have cut off a size: a unit of its last decimal place, nothing of a whole number."""
    return unit(size) if size.as_tuple().exponent else Decimal(0)


def without_size(fields: TradeFields) -> TradeFields:
    """The fields without their sizes: a part of a position is smaller."""
    return replace(fields, size=None, contracts=None)


def without_order(fields: TradeFields) -> TradeFields:
    """The fields without the order's id."""
    return replace(fields, order_id="") if fields.order_id else fields


def without_entry(fields: TradeFields) -> TradeFields:
    """The fields without the entry price."""
    return replace(fields, entry_price=None)


def shared(left: TradeFields, right: TradeFields) -> Shared:
    """The numbers that both print; a result that one calls neither gross nor net is held against either."""
    weight = differing = 0
    for one, other in zip(_named(left), _named(right), strict=True):
        if one is not None and other is not None:
            if agree(one, other):
                weight += _weight(one, other)
            else:
                differing += 1
    for one, other in _results(left, right):
        if agree(one, other):
            # Prices of a day lie close together; results with so many digits do not.
            weight += _weight(one, other) + (_digits(one, other) >= _RARE)
        else:
            differing += 1
    return Shared(weight, differing)


def _results(left: TradeFields, right: TradeFields) -> Iterator[tuple[Decimal, Decimal]]:
    for one, other in zip(_results_of(left), _results_of(right), strict=True):
        if one is not None and other is not None:
            yield one, other
    for unnamed, named in ((left, right), (right, left)):
        results = [r for r in (named.net_pnl, named.gross_pnl) if r is not None]
        if unnamed.pnl is not None and named.pnl is None and results:
            fits = (r for r in results if agree(unnamed.pnl, r))
            yield unnamed.pnl, next(fits, results[0])


def _weight(left: Decimal, right: Decimal) -> int:
    told = _digits(left, right)
    return (told >= _HALF) + (told >= _TELLING)


def _digits(left: Decimal, right: Decimal) -> int:
    return min(digits(left), digits(right))


def _unequal(left: Decimal | None, right: Decimal | None) -> bool:
    return left is not None and right is not None and not same_amount(left, right)


def _differ(left: Decimal | None, right: Decimal | None) -> bool:
    return left is not None and right is not None and not agree(left, right)


def farther_than(price: Decimal | None, coarsest: Decimal) -> Callable[[Decimal | None], bool]:
    """Whether another price, of a tolerance of at most ``coarsest``, lies so far off that the two never agree."""
    if price is None:
        return lambda _other: False
    reach = max(coarsest, tolerance(price))
    low, high = difference(price, reach), total([price, reach])
    return lambda other: other is not None and not low <= other <= high


def filled(first: TradeFields, others: Iterable[TradeFields]) -> TradeFields:
    """The first one's values, with those that only the others print; what contradicts it in a number adds none."""
    for other in others:
        if shared(first, other).differing or contradicts(first, other):
            continue
        lacking = {
            name: value
            for name in TradeFields.__struct_fields__
            if getattr(first, name) in (None, "") and (value := getattr(other, name)) not in (None, "")
        }
        # A result of no name beside one of a name would be a second figure for one thing.
        if first.result is not None and "pnl" in lacking:
            del lacking["pnl"]
        if first.pnl is not None and ("net_pnl" in lacking or "gross_pnl" in lacking):
            lacking["pnl"] = None
        first = replace(first, **lacking) if lacking else first
    return first


def with_fields(event: Event, fields: TradeFields) -> Event:
    """The event, telling these values of its trade."""
    if fields == event.fields:
        return event
    return replace(event, captures=replace(event.captures, fields=fields))


def voice_of(event: Event) -> Voice:
    """Who speaks: one statement of the code, or where its line is not printed, lines of the same words."""
    by = event.emitter
    words = "" if by.line else _words(event.location.text, event.fields.symbol, event.fields.reason)
    return event.stream, event.pattern, by.path, by.line, words


@lru_cache(maxsize=4096)
def _words(text: str, symbol: str, reason: str) -> str:
    """A line without its numbers, market and reason."""
    for own in (symbol, reason):
        if own:
            text = text.replace(own, "*")
    return _NUMBER.sub("0", text)
