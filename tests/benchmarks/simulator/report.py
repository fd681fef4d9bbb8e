"""The scores of many cases as Markdown: rates, confusion, rules, kinds, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from simulator.plan import State
from simulator.rates import Rate, rate
from simulator.score import ABSENT, MISSING, Score

_STATES: Final = (*(s.value for s in State), ABSENT)
#: Hypotheses a lucky guess is right about, of those that were ranked.
_FEW: Final = 3
Line = tuple[str, Rate, str, bool | None]


def page(scores: Sequence[Score], *, worst: int = 3, command: str) -> str:
    """The whole report."""
    parts = [
        "### Figures\n\n" + _figures(scores),
        "### States, decidable closes and rows\n\nTrue states are the rows, found ones the columns.\n\n"
        + _confusion(s for c in scores for s in c.states if s[2]),
        "### States, undecidable ones\n\n" + _confusion(s for c in scores for s in c.states if not s[2]),
        "### Rules\n\nIn decidable cases whose plan knows whether the rule must speak.\n\n" + _rules(scores),
        "### Kinds\n\nA case is right when nothing about it is wrong.\n\n" + _kinds(scores),
        "### Faults and conventions\n\n" + _faults(scores, worst, command),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _figures(scores: Sequence[Score]) -> str:
    lines = figures(scores)
    rows = [
        (name, found.text(), wanted, "" if met is None else "yes" if met else "**no**")
        for name, found, wanted, met in lines
    ]
    return _table(("figure", "measured (95 % interval)", "wanted", "met"), rows)


def figures(scores: Sequence[Score]) -> list[Line]:
    """What is measured, beside what is wanted."""
    sure = [s for c in scores for s in c.states if s[2]]
    unsure = [s for c in scores for s in c.states if not s[2]]
    links = [c.linked for c in scores]
    rows = Rate(sum(link[0] for link in links), sum(map(sum, links)))
    causes = [c for c in scores if c.cause is not None]
    clean = [c for c in scores if c.clean and c.sure]
    shifted = [c for c in scores if c.clock and c.sure]
    blind = [c.blind for c in scores if c.blind is not None]
    return [
        ("state right", rate(s[3] for s in sure), "≥ 99.5 %", None),
        (
            "abstained or not recognised",
            rate(not s[3] and s[1] in {State.UNVERIFIABLE, ABSENT} for s in sure),
            "≤ 1 %",
            None,
        ),
        (
            "closes not lost that are claimed lost",
            rate(s[1] in MISSING for s in sure if s[0] not in MISSING),
            "0",
            None,
        ),
        ("cases with an invented loss", rate(c.invented > 0 for c in scores if c.sure), "0", None),
        ("clean cases with an error", rate(bool(c.false_errors) for c in clean), "0", None),
        ("rows linked to their close", rows, "≥ 99.9 %", None),
        ("exit code right", rate(c.exit for c in scores), "", None),
        ("money right", rate(c.money for c in scores if c.money is not None), "", None),
        ("clock exact", rate(c.clock == "exact" for c in shifted), "", None),
        ("clock abstained", rate(c.clock == "abstained" for c in shifted), "", None),
        ("clock wrong", rate(c.clock == "wrong" for c in shifted), "0", None),
        (
            "interval of offsets holds the true one",
            rate(c.contains for c in scores if c.contains is not None),
            "100 %",
            None,
        ),
        ("blind path named", rate(blind), "≥ 95 %", None),
        (
            "blind path claimed where there is none",
            rate(c.invented_blind for c in scores if c.blind is None),
            "",
            None,
        ),
        ("leading cause, strictly", rate(c.cause is not None and c.cause[0] == 1 for c in causes), "", None),
        (
            "leading cause, alike ones as one",
            rate(c.cause is not None and c.cause[1] == 1 for c in causes),
            "≥ 90 %",
            None,
        ),
        (
            "true cause among the first three",
            rate(c.cause is not None and 0 < c.cause[1] <= _FEW for c in causes),
            "≥ 97 %",
            None,
        ),
        ("undecidable: abstained or right", rate(s[3] for s in unsure), "", None),
    ]


def _confusion(found: Iterable[tuple[str, str, bool, bool]]) -> str:
    counts: Counter[tuple[str, str]] = Counter()
    for true, said, _, right in found:
        counts[true, true if right and said != State.UNVERIFIABLE else said] += 1
    shown = [s for s in _STATES if any(s in pair for pair in counts)]
    if not shown:
        return "None."
    rows = [
        (true, *(f"{counts[true, said]:,}" if counts[true, said] else "" for said in shown))
        for true in shown
        if any(counts[true, said] for said in shown)
    ]
    return _table(("", *shown), rows)


def _rules(scores: Sequence[Score]) -> str:
    codes = sorted({code for c in scores for code in c.rules})
    rows = []
    for code in codes:
        pairs = [c.rules[code] for c in scores if code in c.rules]
        must, was = rate(was for must, was in pairs if must), rate(must for must, was in pairs if was)
        false = sum(was and not must for must, was in pairs)
        rows.append((code, was.text(), must.text(), f"{false:,} of {sum(not must for must, _ in pairs):,}"))
    return _table(("rule", "precision", "recall", "spoke where it must not"), rows)


def _kinds(scores: Sequence[Score]) -> str:
    def row(name: str, belongs: Callable[[Score], bool]) -> tuple[str, str, str]:
        found = [c for c in scores if belongs(c)]
        return (
            name,
            f"{100 * len(found) / max(len(scores), 1):.1f} %",
            rate(not c.wrong for c in found).text(),
        )

    kinds = sorted({k for c in scores for k in c.kinds})
    rows = [row("none", lambda c: not c.kinds)]
    rows += [row(str(kind), lambda c, kind=kind: kind in c.kinds) for kind in kinds]  # type: ignore[misc]
    return _table(("kind", "share of cases", "cases right"), rows)


def _faults(scores: Sequence[Score], worst: int, command: str) -> str:
    names = sorted({name for c in scores for name in c.faults})
    rows, listed = [], []
    for name in names:
        found = [c for c in scores if name in c.faults]
        rows.append((name, str(len(found)), rate(not c.wrong for c in found).text()))
        alone = [c for c in found if c.wrong and len(c.faults) == 1]
        bad = sorted(alone or [c for c in found if c.wrong], key=lambda c: -len(c.wrong))
        listed += [_failing(name, score, command) for score in bad[:worst]]
    text = _table(("fault or convention", "cases", "cases right"), rows)
    clean = [c for c in scores if not c.faults and c.wrong]
    listed += [_failing("none", score, command) for score in clean[:worst]]
    return text + "\n\n### Worst failing cases\n\n" + ("\n".join(listed) or "None.")


def _failing(name: str, score: Score, command: str) -> str:
    """One line about a case that came out wrong, with the command that repeats it."""
    return f"- {name}: `{command} --case {score.index}`: {'; '.join(score.wrong[:3])[:260]}"
