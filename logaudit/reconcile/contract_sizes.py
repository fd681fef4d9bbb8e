"""Sizes in contracts or lots: the constant of a symbol by which its rows' sizes are the log's times it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from logaudit.core.fields import FieldName
from logaudit.core.money import agree_exactly, difference, quotient, tolerance, total, trimmed
from logaudit.core.trades import symbol_key
from logaudit.reconcile.linked_values import OF_SIZE, Linked, without_excuses
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching import Deviation, DeviationKind, Match, NumberDifference
from logaudit.reconcile.matching.deviations import POWERS
from logaudit.reconcile.matching.leftovers import PROOF
from logaudit.reconcile.reconciled_ledger import is_rule

_MOST: Final = 10**9
#: Digits of what contracts and lots are of a coin, or a coin of them; others need as many rows as prove a clock.
_USUAL: Final = frozenset({(1,), (2,), (4,), (5,), (8,), (2, 5), (1, 2, 5)})


def with_contracts(linked: Sequence[Linked], links: Links) -> list[Linked]:
    """The links in which a size that alone differs, by one constant for its symbol, is named: contracts, lots."""
    by_symbol: dict[str, list[Linked]] = defaultdict(list)
    for one in linked:
        if one.log.size and one.row.fields.size:
            by_symbol[symbol_key(one.log.symbol)].append(one)
    off = {symbol: [one for one in group if _only_size(one)] for symbol, group in by_symbol.items()}
    proven = any(len(members) > 1 and _factor(members) is not None for members in off.values())
    factors = {
        symbol: factor
        for symbol, group in by_symbol.items()
        if (factor := _factor(off[symbol], lone=proven)) is not None
        and is_rule(sum(_factor([*off[symbol], one], lone=proven) == factor for one in group), len(group))
    }
    # A single row of a symbol may be off for other reasons: it counts where no other symbol's sizes are the log's.
    sound = any(not off[symbol] for symbol in by_symbol) and not any(
        len(off[symbol]) > 1 for symbol in factors
    )
    found: dict[int, Match] = {}
    for symbol, members in off.items():
        # A few digits may fit the position's value as well: the constant of the other rows is believed.
        if symbol in factors and not sound:
            members += [
                one
                for one in by_symbol[symbol]
                if any(d.kind is DeviationKind.SIZE_NOTIONAL for d in one.match.deviations)
                and _factor([*members, one], lone=proven) == factors[symbol]
            ]
        for one in members:
            if symbol not in factors or sound:
                found[one.match.close] = without_excuses(one)
            else:
                named = Deviation(DeviationKind.SIZE_CONTRACTS, one.log.symbol, factors[symbol])
                found[one.match.close] = _with(one.match, named)
    links.matched |= found
    return [replace(one, match=found.get(one.match.close, one.match)) for one in linked]


def _only_size(one: Linked) -> bool:
    fields = {d.field for d in one.match.comparison.differences if isinstance(d, NumberDifference)}
    named = any(d.kind is DeviationKind.SIZE_CONTRACTS for d in one.match.deviations)
    if one.of_open:
        # Parts that print no size look like one close: what is no power of ten may be a part of the opened size.
        return (fields == {FieldName.SIZE} or named) and _factor([one]) is not None
    return fields == {FieldName.SIZE} or named or (not fields and _shows_contracts(one))


def _shows_contracts(one: Linked) -> bool:
    """Whether the row's size is the contracts of a close that prints coins too."""
    coins, contracts, size = one.log.size, one.log.contracts, one.row.fields.size
    if coins is None or contracts is None or size is None:
        return False
    return agree_exactly(contracts.copy_abs(), size.copy_abs()) and not agree_exactly(
        coins.copy_abs(), size.copy_abs()
    )


def _factor(linked: Sequence[Linked], *, lone: bool = False) -> str | None:
    """The one number by which all these rows' sizes are the log's times it.

    Args:
        lone: whether one row is enough for a number that is no power of ten.
    """
    low, high = Decimal(0), Decimal(_MOST)
    for one in linked:
        log, row = one.log.size, one.row.fields.size
        if log is None or row is None:
            return None
        ours, theirs = log.copy_abs(), row.copy_abs()
        slack, least = tolerance(theirs), difference(ours, tolerance(ours))
        low = max(low, quotient(difference(theirs, slack), total((ours, tolerance(ours)))))
        if least > 0:
            high = min(high, quotient(total((theirs, slack)), least))
    if not linked or low > high:
        return None
    first = linked[0].row.fields.size, linked[0].log.size
    exact = quotient(first[0].copy_abs(), first[1].copy_abs(), 4) if first[0] and first[1] else Decimal(0)
    round_one = next((p for p in POWERS if low <= p <= high), None)
    if round_one is not None:
        return f"{round_one:f}"
    if not low <= exact <= high or not (_is_usual(exact) or len(linked) >= PROOF):
        return None
    return f"{trimmed(exact):f}" if lone or len(linked) > 1 else None


def _is_usual(factor: Decimal) -> bool:
    """Whether a contract may be so many coins, or such a part of one: no contract is a third of a coin."""
    digits = trimmed(factor).as_tuple().digits
    return digits in _USUAL


def _with(match: Match, named: Deviation) -> Match:
    """The link with its differing size explained."""
    told = match.comparison
    left = tuple(d for d in told.differences if d.field is not FieldName.SIZE)
    explained = len(told.differences) - len(left)
    others = tuple(d for d in match.deviations if d.kind not in OF_SIZE)
    comparison = replace(
        told, agreeing=told.agreeing + explained, differing=told.differing - explained, differences=left
    )
    return replace(match, comparison=comparison, deviations=(*others, named))
