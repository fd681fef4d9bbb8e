"""Draws a case from a seed: a bot, its session, and up to two faults or conventions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from chance import Dice
from msgspec import Struct

from simulator.draft import Draft
from simulator.faults import FAULTS, Fault
from simulator.truth import Truth, truth
from simulator.write import Written, write

#: Sessions that are tried for one draw of faults, so that faults few sessions allow are not rarer than others, and
#: draws of faults that are tried.
_TRIES: Final = 60
_TURNS: Final = 9


class Case(Struct):
    """A written case and what is true of it."""

    index: int
    faults: tuple[str, ...]
    kinds: tuple[int, ...]
    args: tuple[str, ...]
    written: Written
    truth: Truth


def build(seed: int, index: int, only: Sequence[Fault] = ()) -> Case:
    """The case of this seed and number; ``only`` restricts which faults its first one is drawn from."""
    name = f"{seed}/{index}/{','.join(f.name for f in only)}"
    for turn in range(_TURNS):
        faults = _drawn(Dice(f"{name}/{turn}"), only)
        for attempt in range(_TRIES):
            case = _made(index, Dice(f"{name}/{turn}/{attempt}"), faults)
            if case is not None:
                return case
    raise ValueError(f"no draft of case {index} takes its faults")


def _made(index: int, dice: Dice, faults: Sequence[Fault]) -> Case | None:
    """The case of one session, None where the session does not allow a fault."""
    parts = any(f.parts for f in faults) or dice.chance(0.2)
    draft = Draft(dice, rich=any(f.rich for f in faults), parts=parts)
    if not all(fault.apply(draft, dice) for fault in faults):
        return None
    written = write(draft, dice)
    return Case(
        index=index,
        faults=tuple(f.name for f in faults),
        kinds=tuple(sorted({f.kind for f in faults})),
        args=tuple(draft.args),
        written=written,
        truth=truth(draft, written),
    )


def _drawn(dice: Dice, only: Sequence[Fault]) -> list[Fault]:
    """No fault in a fifth of the cases, two in three tenths; each kind is as likely as the others."""
    chance = dice.roll()
    count = 0 if chance < 0.2 and not only else 1 if chance < 0.7 else 2
    found: list[Fault] = []
    kinds = sorted({f.kind for f in FAULTS})
    while len(found) < count:
        if only and not found:
            fault = dice.pick(only)
        else:
            kind = dice.pick(kinds)
            fault = dice.pick([f for f in FAULTS if f.kind == kind for _ in range(f.weight)])
        if all(not fault.touches & other.touches for other in found):
            found.append(fault)
    return sorted(found, key=lambda f: f.order)
