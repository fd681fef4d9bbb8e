"""A fault or a convention: what it does to a draft."""

from __future__ import annotations

from collections.abc import Callable

from chance import Dice
from msgspec import Struct

from simulator.draft import Draft


class Fault(Struct, frozen=True):
    """One entry of the catalogue.

    Attributes:
        kind: its number in the list of kinds, 1 to 17.
        apply: changes the draft; False where the draft does not allow it.
        touches: two faults that touch the same are never in one case.
        rich: needs close lines that print three figures; parts: needs partial closes.
        weight: how often it is drawn among those of its kind.
        order: faults of one case are applied in this order.
    """

    name: str
    kind: int
    apply: Callable[[Draft, Dice], bool]
    touches: frozenset[str] = frozenset()
    rich: bool = False
    parts: bool = False
    order: int = 0
    weight: int = 1


def touching(*names: str) -> frozenset[str]:
    """Short for a set of names."""
    return frozenset(names)
