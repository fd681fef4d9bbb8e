"""Closes without an open that one statement printed twice at one moment: one close told twice, or in doubt.

Nothing that such a line prints sets it apart from its twin, and too little to show that both are of one trade. Rows and
acknowledgements may do so, and are known only when closes are linked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.timestamp import MILLISECOND
from logaudit.reconcile.claims.claim import Claim, in_order, joined
from logaudit.reconcile.positions import voice_of

#: A call that is made again, or a second handler, makes so many lines; a loop any number.
_TWICE: Final = 2


def with_twins(claims: Sequence[Claim], is_told_of: Callable[[int], bool]) -> tuple[Claim, ...] | None:
    """The claims, with the second of two equal lines of a millisecond as a repeat or in doubt; None if there is none.

    Where the result is zero it is a repeat: no money depends on it. Three lines and more are a loop that
    closes lots, and so are lines of one second: none of these is taken for another.

    Args:
        is_told_of: index of a claim → whether it has a row, or the recorder spoke of it.
    """
    moments: dict[object, list[int]] = defaultdict(list)
    for c, claim in enumerate(claims):
        at = claim.close.at
        if claim.position.open is None and claim.again is None and at.precision <= MILLISECOND:
            moments[at.order // MILLISECOND, voice_of(claim.close), claim.close.fields].append(c)
    homes: dict[int, int] = {}
    doubted: set[int] = set()
    for pair in moments.values():
        lost = [c for c in pair if not is_told_of(c)]
        if len(pair) != _TWICE or not lost:
            continue
        home, again = sorted(pair, key=lambda c: (c in lost, c))
        if claims[home].close.fields.result == 0:
            homes[home] = again
        else:
            doubted.add(again)
    if not homes and not doubted:
        return None
    gone = {*homes.values()}
    return in_order(
        replace(
            joined(claim, [claims[homes[c]]]) if c in homes else claim,
            doubtful=claim.doubtful or c in doubted,
        )
        for c, claim in enumerate(claims)
        if c not in gone
    )
