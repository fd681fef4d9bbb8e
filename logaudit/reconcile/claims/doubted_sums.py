"""Closes in doubt whose result is what the parts before it made together: they may sum their position up.

The parts leave something of it, so that a further close is there to be told; this may be it, or the word on all parts.
Where all of them print their sizes, these say which it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from logaudit.core.money import agree, product, total, unit
from logaudit.reconcile.claims.claim import Claim

#: So many results make a sum.
_SEVERAL: Final = 2
#: A result of fewer steps of its last digit is a sum of others by chance.
_STEPS: Final = 100


def with_doubted_sums(
    claims: Sequence[Claim], is_spoken_of: Callable[[int], bool]
) -> tuple[Claim, ...] | None:
    """The claims, with such closes in doubt; None where there are none.

    Args:
        is_spoken_of: index of a claim → whether it has a row or the recorder told of it.
    """
    before: dict[int, list[Decimal]] = defaultdict(list)
    doubted: set[int] = set()
    unsized = {id(claim.position) for claim in claims if _is_unsized(claim)}
    for c, claim in enumerate(claims):
        result = claim.close.fields.result
        if not result or id(claim.position) not in unsized:
            continue
        made = before[id(claim.position)]
        clear = result.copy_abs() >= product(unit(result), Decimal(_STEPS))
        if clear and len(made) >= _SEVERAL and agree(result, total(made)) and not is_spoken_of(c):
            doubted.add(c)
        else:
            made.append(result)
    if not doubted:
        return None
    return tuple(replace(claim, doubtful=True) if c in doubted else claim for c, claim in enumerate(claims))


def _is_unsized(claim: Claim) -> bool:
    told = claim.close.fields
    return told.size is None and told.contracts is None
