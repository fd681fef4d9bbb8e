"""Whether the sums of a report are those of the plan, and whether its headline agrees with its exit code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from simulator.cases import Case
from simulator.plan import State

Json = Mapping[str, Any]

#: Parts of the log's money → the states whose closes make them.
_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "recorded": frozenset({State.RECORDED, State.UNACKNOWLEDGED}),
    "lost": frozenset({State.SILENT, State.FALSE_ACK, State.FAILED}),
    "restored": frozenset({State.BACKFILLED}),
}


def adds_up(case: Case, found: Json, wrong: list[str]) -> bool:
    """Whether the money is true; what is not is added to ``wrong``."""
    summary = found["summary"]
    said = []
    if all(_whether_lost(c.right) for c in case.truth.closes.values()):
        said.append(_differs("money of the lost", summary["unrecorded_net_pnl"], _sum(case, _PARTS["lost"])))
    parts = summary["money"]
    for name, states in _PARTS.items() if _plain(case) else ():
        said.append(_differs(f"money {name}", parts["log"][name], _sum(case, states)))
    said += [
        f"the parts of {side} money are not its total" for side, held in parts.items() if not _whole(held)
    ]
    amiss = [text for text in said if text]
    wrong += amiss
    return not amiss


def _whether_lost(right: Iterable[str]) -> bool:
    """Whether the right states of a close say alike that it is lost, or that it is not."""
    return _only(right, _PARTS["lost"]) or _PARTS["lost"].isdisjoint(right)


def _plain(case: Case) -> bool:
    """Whether each close is in one part of the money, whatever is found."""
    parted = [frozenset(c.right) <= states for c in case.truth.closes.values() for states in _PARTS.values()]
    return sum(parted) == len(case.truth.closes)


def _sum(case: Case, states: frozenset[str]) -> Decimal | None:
    """What the log prints of these closes, None where it does not print all."""
    results = [c.result for c in case.truth.closes.values() if c.right[0] in states]
    known = [value for value in results if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(results) else None


def _differs(name: str, text: str | None, want: Decimal | None) -> str:
    got = None if text is None else Decimal(text)
    return "" if got == want else f"{name} is {got}, not {want}"


def _whole(parts: Json) -> bool:
    values = [None if v is None else Decimal(v) for k, v in parts.items() if k != "total"]
    if None in values or parts["total"] is None:
        return True
    return sum((v for v in values if v is not None), Decimal(0)) == Decimal(parts["total"])


def contradictions(case: Case, code: int, found: Json) -> Iterator[str]:
    """Counts, headline and exit code that cannot all be true."""
    verdict, closes = found["verdict"], case.truth.closes.values()
    if (verdict == "not-judged") != (code == 3):
        yield f"verdict {verdict} with exit {code}"
    gone = any(_only(c.right, _PARTS["lost"]) for c in closes)
    if gone != (verdict == "lost") and all(_decided(c.right) for c in closes):
        yield f"verdict {verdict} though {'a close is' if gone else 'no close is'} lost"
    if found["summary"]["closes"] != len(closes) and all(_decided(c.right) for c in closes):
        yield f"{found['summary']['closes']} closes, not {len(closes)}"


def _only(right: Iterable[str], states: frozenset[str]) -> bool:
    return set(right) <= states


def _decided(right: Iterable[str]) -> bool:
    return any(_only(right, states) for states in _PARTS.values())
