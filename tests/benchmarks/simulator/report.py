"""The scores of many cases as Markdown: rates, confusion, rules, kinds, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from simulator.figures import figures
from simulator.plan import State
from simulator.rates import rate, table
from simulator.score import Score
from simulator.truth import ABSENT

_STATES: Final = (*(s.value for s in State), ABSENT)


def page(scores: Sequence[Score], *, worst: int = 3, command: str) -> str:
    """The whole report."""
    parts = [
        "### Figures\n\n"
        + table(("figure", "measured (95 % interval)", "by chance", "wanted", "met"), figures(scores)),
        "### States, decidable closes and rows\n\nTrue states are the rows, found ones the columns.\n\n"
        + _confusion(s for c in scores for s in c.states if s[2]),
        "### States, undecidable ones\n\n" + _confusion(s for c in scores for s in c.states if not s[2]),
        "### Rules\n\nIn decidable cases whose plan knows whether the rule must speak.\n\n" + _rules(scores),
        "### Kinds\n\nA case is right when nothing about it is wrong.\n\n" + _kinds(scores),
        "### Faults and conventions\n\n" + _faults(scores, worst, command),
    ]
    return "\n\n".join(parts) + "\n"


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
    return table(("", *shown), rows)


def _rules(scores: Sequence[Score]) -> str:
    codes = sorted({code for c in scores for code in c.rules})
    rows = []
    for code in codes:
        pairs = [c.rules[code] for c in scores if code in c.rules]
        must, was = rate(was for must, was in pairs if must), rate(must for must, was in pairs if was)
        false = sum(was and not must for must, was in pairs)
        rows.append((code, was.text(), must.text(), f"{false:,} of {sum(not must for must, _ in pairs):,}"))
    return table(("rule", "precision", "recall", "spoke where it must not"), rows)


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
    return table(("kind", "share of cases", "cases right"), rows)


def _faults(scores: Sequence[Score], worst: int, command: str) -> str:
    names = sorted({name for c in scores for name in c.faults})
    rows, listed = [], []
    for name in names:
        found = [c for c in scores if name in c.faults]
        rows.append((name, str(len(found)), rate(not c.wrong for c in found).text()))
        alone = [c for c in found if c.wrong and len(c.faults) == 1]
        bad = sorted(alone or [c for c in found if c.wrong], key=lambda c: -len(c.wrong))
        listed += [_failing(name, score, command) for score in bad[:worst]]
    text = table(("fault or convention", "cases", "cases right"), rows)
    clean = [c for c in scores if not c.faults and c.wrong]
    listed += [_failing("none", score, command) for score in clean[:worst]]
    return text + "\n\n### Worst failing cases\n\n" + ("\n".join(listed) or "None.")


def _failing(name: str, score: Score, command: str) -> str:
    """One line about a case that came out wrong, with the command that repeats it."""
    return f"- {name}: `{command} --case {score.index}`: {'; '.join(score.wrong[:3])[:260]}"
