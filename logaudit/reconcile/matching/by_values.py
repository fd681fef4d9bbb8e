"""Closes and rows that their numbers make one trade, whatever their times, symbols and sides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import IDS, LONG_ID, FieldName, TradeFields
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.deviations import LOOSE, OF_NUMBERS, DeviationKind, Explained, explain
from logaudit.reconcile.matching.field_compare import FieldComparison
from logaudit.reconcile.matching.of_open import entered_at, with_open
from logaudit.reconcile.matching.value_index import ValueIndex

#: So many telling numbers, and no rival, make a close and a row one trade.
ENOUGH: Final = 3
#: Trades that share a number and are looked at one by one.
_MOST: Final = 32
#: Numbers that all closes of one position do not share.
_OF_CLOSE: Final = frozenset({FieldName.EXIT_PRICE, FieldName.GROSS_PNL, FieldName.NET_PNL, FieldName.PNL})


class ValuePair(Struct, frozen=True):
    """A close and a row few of whose numbers contradict each other, or none.

    Attributes:
        telling: how many numbers agree that few trades share.
    """

    close: int
    row: int
    explained: Explained
    telling: int
    same_id: bool

    @property
    def contradicted(self) -> bool:
        """Whether a number differs: only the time, or an id, makes it this close's row all the same."""
        told = self.explained.comparison
        if not told.differing or self.same_id:
            return False
        from logaudit.reconcile.matching.money_unit import is_in_another_unit  # noqa: PLC0415 - few numbers differ

        return not is_in_another_unit(told)

    @property
    def doubtful(self) -> bool:
        """Whether it is contradicted by money alone, beside equal prices and an equal size."""
        from logaudit.reconcile.matching.money_unit import differs_in_money_alone  # noqa: PLC0415 - as above

        return self.contradicted and differs_in_money_alone(self.explained.comparison)

    @property
    def certain(self) -> bool:
        """Whether hardly another trade can be meant."""
        return self.same_id or self.telling >= ENOUGH


def value_pairs(
    closes: Sequence[TradeFields], rows: Sequence[TradeFields], opens: Sequence[TradeFields | None] = ()
) -> Iterator[ValuePair]:
    """Pairs that share a telling number or an id, close by close; near linear in their count.

    Args:
        opens: what the open of each close's position says.
    """
    index = ValueIndex(rows)
    by_id = _by_id(rows)
    for c, log in enumerate(closes):
        ids = {r for key in _long_ids(log) for r in by_id.get(key, ())}
        opened = opens[c] if opens else None
        for r in sorted({*index.candidates(entered_at(log, opened), _MOST), *ids}):
            explained = explain(with_open(log, opened, rows[r]), rows[r])
            if explained.comparison.differing and not _may_differ(explained.comparison, same_id=r in ids):
                continue
            telling = sum(
                name in _NUMBER_NAMES and index.is_telling(_shown_by(name, rows[r]), rows[r])
                for name in explained.comparison.equal
            ) + sum(d.kind in OF_NUMBERS and d not in LOOSE for d in explained.deviations)
            if telling or r in ids:
                yield ValuePair(c, r, explained, telling, r in ids)


def _may_differ(told: FieldComparison, *, same_id: bool) -> bool:
    """Whether so many numbers agree, one of the close itself among them, that some may differ."""
    if same_id:
        return told.plausible
    return told.agreeing >= max(ENOUGH, told.differing) and not _OF_CLOSE.isdisjoint(told.equal)


def _long_ids(told: TradeFields) -> Iterator[str]:
    """The ids that a trade bears, those that are no mere counters."""
    return (own for own in told.ids if len(own) >= LONG_ID)


def _by_id(rows: Sequence[TradeFields]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for r, row in enumerate(rows):
        for key in _long_ids(row):
            found.setdefault(key, []).append(r)
    return {key: members for key, members in found.items() if len(members) == 1}


_NUMBER_NAMES: Final = frozenset(FieldName) - frozenset(IDS)


def _shown_by(name: FieldName, row: TradeFields) -> FieldName:
    """The row's own field behind an equal number: it calls a PnL net or gross, and counts contracts as size."""
    if name is FieldName.PNL and row.pnl is None:
        return FieldName.NET_PNL if row.net_pnl is not None else FieldName.GROSS_PNL
    return name


def is_rename(
    explained: Explained, close: Event, row: LedgerEntry, known: tuple[Collection[str], Collection[str]]
) -> bool:
    """Whether two symbols may name one market: not where log and ledger each know both of them.

    Args:
        known: the keys of the symbols of all closes and of all rows.
    """
    if not any(d.kind in (DeviationKind.SYMBOL, DeviationKind.PRICE_SCALE) for d in explained.deviations):
        return True
    ours, theirs = symbol_key(close.fields.symbol), symbol_key(row.fields.symbol)
    return not (theirs in known[0] and ours in known[1])
