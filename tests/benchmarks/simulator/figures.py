"""What is measured over many cases, beside what chance would give and what is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from simulator.plan import State
from simulator.rates import Rate, rate
from simulator.score import MISSING, Score
from simulator.truth import ABSENT

#: Leading causes that are looked at.
_FEW: Final = 3
_NONE: Final = frozenset({State.UNVERIFIABLE, ABSENT})
Line = tuple[str, str, str, str, str]


def figures(scores: Sequence[Score]) -> list[Line]:
    """Name, measured value, chance, wanted value and whether it is met."""
    return [*_closes(scores), *_clocks(scores), *_diagnosis(scores)]


def _line(
    name: str, found: Rate, *, least: float | None = None, most: float | None = None, chance: str = ""
) -> Line:
    """One figure; ``least`` and ``most`` are wanted shares."""
    if least is not None:
        wanted, met = f"≥ {100 * least:g} %", found.share >= least
    elif most is not None:
        wanted, met = f"≤ {100 * most:g} %" if most else "none", found.share <= most
    else:
        return name, found.text(), chance, "", ""
    return name, found.text(), chance, wanted, ("yes" if met else "**no**") if found.of else ""


def _closes(scores: Sequence[Score]) -> Iterator[Line]:
    sure = [s for c in scores for s in c.states if s[2]]
    links = [c.linked for c in scores]
    linked = Rate(sum(link[0] for link in links), sum(map(sum, links)))
    wrong = Rate(sum(link[1] for link in links), sum(map(sum, links)))
    clean = [bool(c.false_errors) for c in scores if c.clean and c.sure]
    yield _line("state right", rate(s[3] for s in sure), least=0.995)
    yield _line("abstained or not recognised", rate(not s[3] and s[1] in _NONE for s in sure), most=0.01)
    yield _line(
        "closes that were not lost, called lost",
        # Of a lost close that an unread line may record, both "lost" and "unverifiable" are true.
        rate(s[1] in MISSING and not s[3] for s in sure if s[0] not in MISSING),
        most=0,
    )
    yield _line("losses not seen", rate(s[1] not in MISSING for s in sure if s[0] in MISSING))
    yield _line("cases with an invented loss", rate(c.invented > 0 for c in scores if c.sure), most=0)
    yield _line("clean cases with a false error", rate(clean), most=0)
    yield _line("rows linked to their close", linked, least=0.999)
    yield _line("rows linked to another close", wrong, most=0)
    yield _line("exit code right", rate(c.exit for c in scores if c.sure))
    yield _line("money of the lost right, parts add up", rate(c.money for c in scores if c.money is not None))
    yield _line("one ledger in LA101 and LA201", rate(c.place for c in scores if c.place is not None))
    unsure = [s[3] for c in scores for s in c.states if not s[2]]
    yield _line("undecidable closes: abstained or right", rate(unsure))


def _clocks(scores: Sequence[Score]) -> Iterator[Line]:
    found = [c.clock for c in scores if c.clock and c.sure]
    yield _line("clock exact", rate(c == "exact" for c in found))
    yield _line("clock abstained", rate(c == "abstained" for c in found))
    yield _line("clock wrong", rate(c == "wrong" for c in found), most=0)
    yield _line(
        "interval holds the true offset", rate(c.contains for c in scores if c.contains is not None), least=1
    )


def _diagnosis(scores: Sequence[Score]) -> Iterator[Line]:
    blind = [c for c in scores if c.blind is not None]
    luck = _mean(1 / c.conditions for c in blind if c.conditions)
    yield _line("blind path named", rate(bool(c.blind) for c in blind), least=0.95, chance=luck)
    claimed = rate(c.invented_blind for c in scores if c.blind is None)
    yield _line("blind path claimed as an error where there is none", claimed)
    causes = [(c.cause, c.offered, c.alike) for c in scores if c.cause is not None]
    ranked = [(offered, alike) for _, offered, alike in causes if offered]
    strict = rate(cause[0] == 1 for cause, _, _ in causes)
    yield _line("leading cause, strictly", strict, chance=_mean(1 / offered for offered, _ in ranked))
    top = rate(cause[1] == 1 for cause, _, _ in causes)
    yield _line("leading cause, alike ones as one", top, least=0.9, chance=_mean(a / o for o, a in ranked))
    few = rate(0 < cause[1] <= _FEW for cause, _, _ in causes)
    yield _line(
        "true cause among the first three",
        few,
        least=0.97,
        chance=_mean(min(1.0, _FEW * a / o) for o, a in ranked),
    )


def _mean(values: Iterable[float]) -> str:
    found = list(values)
    return f"{100 * sum(found) / len(found):.0f} %" if found else ""
