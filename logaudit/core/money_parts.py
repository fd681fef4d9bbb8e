"""Money in parts that add up: every announcement of a close once, every trade entry of a ledger once.

What is not known is never counted as 0: an `Amount` says what is known of a sum and how many of its terms are not.
Net and gross are kept apart: a term that shows gross alone is a term of a gross sum, and unknown in a net one.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Protocol

from msgspec import Struct

from logaudit.core.money import total


class Priced(Protocol):
    """What shows a PnL: the fields of a close, an entry of a ledger."""

    @property
    def result(self) -> Decimal | None:
        """Its net PnL or what comes nearest to it, None where none is shown."""

    @property
    def gross_only(self) -> bool:
        """Whether ``result`` is a gross PnL."""


class Amount(Struct, frozen=True):
    """A sum of PnL.

    Attributes:
        net: the sum of its net terms; nets: how many they are.
        gross: the sum of the terms that show gross alone; grosses: how many they are.
        unknown: how many terms show no PnL.
    """

    net: Decimal = Decimal(0)
    nets: int = 0
    gross: Decimal = Decimal(0)
    grosses: int = 0
    unknown: int = 0

    @property
    def is_gross(self) -> bool:
        """Whether all that is known of it is gross."""
        return self.grosses > 0 and not self.nets

    @property
    def known_sum(self) -> Decimal:
        """The sum of what is known: of the net terms, or of the gross ones where none is net."""
        return self.gross if self.is_gross else self.net

    @property
    def left_out(self) -> int:
        """How many terms ``known_sum`` does not hold."""
        return self.unknown + (self.grosses if self.nets else 0)

    @property
    def value(self) -> Decimal | None:
        """The exact sum; None where a term of it is unknown."""
        return None if self.left_out else self.known_sum


def amount_of(items: Iterable[Priced]) -> Amount:
    """The sum of what these show."""
    nets: list[Decimal] = []
    grosses: list[Decimal] = []
    unknown = 0
    for item in items:
        if (result := item.result) is None:
            unknown += 1
        else:
            (grosses if item.gross_only else nets).append(result)
    return Amount(total(nets), len(nets), total(grosses), len(grosses), unknown)


def known_results(items: Iterable[Priced]) -> Iterator[Decimal | None]:
    """What each adds to `Amount.known_sum` of all of them; None where it adds nothing."""
    held = list(items)
    gross = amount_of(held).is_gross
    return (item.result if item.result is not None and item.gross_only is gross else None for item in held)


def together(amounts: Iterable[Amount]) -> Amount:
    """The sum of sums."""
    terms = list(amounts)
    return Amount(
        total(a.net for a in terms),
        sum(a.nets for a in terms),
        total(a.gross for a in terms),
        sum(a.grosses for a in terms),
        sum(a.unknown for a in terms),
    )


class LogMoney(Struct, frozen=True):
    """The announcements of a log: those of distinct closes by what became of them, and their repeats."""

    recorded: Amount = Amount()
    lost: Amount = Amount()
    restored: Amount = Amount()
    unverifiable: Amount = Amount()
    repeats: Amount = Amount()

    @property
    def closes(self) -> Amount:
        """The distinct closes together."""
        return together((self.recorded, self.lost, self.restored, self.unverifiable))

    def parts(self) -> Iterator[tuple[str, Amount]]:
        """Every part by name, and the total."""
        yield from _parts(self)


class LedgerMoney(Struct, frozen=True):
    """The trade entries of ledgers.

    Attributes:
        recorded: those of closes, written by the recorder; restored: by another writer.
        repeated: entries of another writer that repeat recorded ones.
        duplicate: second entries of closes that have one.
        orphan: entries without a close where logs cover the time; unverifiable: all others.
    """

    recorded: Amount = Amount()
    restored: Amount = Amount()
    repeated: Amount = Amount()
    duplicate: Amount = Amount()
    orphan: Amount = Amount()
    unverifiable: Amount = Amount()

    def parts(self) -> Iterator[tuple[str, Amount]]:
        """Every part by name, and the total."""
        yield from _parts(self)


class MoneyParts(Struct, frozen=True):
    """Both sides of a scan.

    Attributes:
        recorder: the entries that the recorder wrote, whatever part of ``ledger`` they are in.
    """

    log: LogMoney = LogMoney()
    ledger: LedgerMoney = LedgerMoney()
    recorder: Amount = Amount()


def _parts(money: LogMoney | LedgerMoney) -> Iterator[tuple[str, Amount]]:
    parts = [(name, getattr(money, name)) for name in money.__struct_fields__]
    yield from parts
    yield "total", together(amount for _, amount in parts)


def added(sides: Iterable[MoneyParts]) -> MoneyParts:
    """The parts of several sessions together."""
    found = list(sides)
    return MoneyParts(
        LogMoney(*(together(getattr(one.log, n) for one in found) for n in LogMoney.__struct_fields__)),
        LedgerMoney(
            *(together(getattr(one.ledger, n) for one in found) for n in LedgerMoney.__struct_fields__)
        ),
        together(one.recorder for one in found),
    )
