"""LA110 blind-code-path.

# What it finds

A code path whose closes are never recorded while others are: the condition on code path, caller or reason
that tells the missing closes from the recorded ones, with how often it holds for either. Several causes give
several findings. It stays silent where closes are too few, or where the losses follow nothing in the code.

# Why it matters

It names the place to repair. A recorder that works for one function and not for another is not broken: it
is not called.

# Example

12 of 35 closes were written by `_close_position_by_reason` and are all missing; the 23 recorded ones were
written by `close_position_manually`.

# What to do

Read the function: where it ends a position, it must call the recorder with the trade's result. With few
closes the split may be chance, which makes this a warning; the quoted probability says how likely that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from logaudit.case import Case, Session
from logaudit.diagnosis.blind_paths import WEAK, find_blind_paths, is_code
from logaudit.model.diagnosis import BlindPath, BlindPaths, Diagnosis
from logaudit.model.finding import Finding, Rule, Severity
from logaudit.rules.base import count_of, losses, money, report, said

RULE = Rule("LA110", "blind-code-path", Severity.ERROR, "a code path whose closes are never recorded")

_WORDS: Final = {
    "path": "code path",
    "line": "line of code",
    "pattern": "close worded as",
    "caller": "called after",
    "preceding": "preceded by",
    "reason": "reason",
    "event": "preceded by event",
}


def check(case: Case) -> Iterator[Finding]:
    """One finding for each blind path that lies in the code."""
    return _found(case, find_blind_paths)


def informed(case: Case, diagnosis: Diagnosis) -> Iterator[Finding]:
    """As `check`, of the blind paths that the case's diagnosis names: it has none where nothing was lost."""
    known = {found.session: found for found in diagnosis.blind_paths}
    return _found(case, lambda session: known.get(session.root))


def _found(case: Case, of: Callable[[Session], BlindPaths | None]) -> Iterator[Finding]:
    for session in case.sessions:
        if session.ledgers and (found := of(session)) is not None:
            yield from (_blind(session, p) for p in found.paths if is_code(p) and not p.recorded)


def _blind(session: Session, path: BlindPath) -> Finding:
    places = frozenset(path.locations)
    lost = [t for t in session.missing if t.close.location in places]
    runs = {t.run for t in lost}
    closes = sum(t.missing or t.row is not None for t in session.closed)
    kept = closes - path.total_missing
    chance = f"p = {path.p_value}" + (
        ", so few closes could fall so by chance" if path.p_value > WEAK else ""
    )
    return report(
        RULE,
        session,
        f"Closes with {condition(path)} are never recorded: {count_of(path.missing, path.total_missing, 'lost trade')} "
        f"and none of {kept} recorded ones (net PnL {said(path.net_pnl)}; {chance}).",
        path.locations,
        tuple(part for c in path.conditions for part in (c.attribute, c.value)),
        run=runs.pop() if len(runs) == 1 else "",
        parts=losses(lost),
        severity=Severity.WARNING if path.p_value > WEAK else None,
        data={
            "condition": condition(path),
            "conditions": [{"attribute": c.attribute, "value": c.value} for c in path.conditions],
            "missing": path.missing,
            "recorded": path.recorded,
            "total_missing": path.total_missing,
            "closes": closes,
            "precision": str(path.precision),
            "recall": str(path.recall),
            "p_value": str(path.p_value),
            "unrecorded_net_pnl": money(path.net_pnl),
        },
    )


def condition(path: BlindPath) -> str:
    """``code path a:b and reason tp``."""
    return " and ".join(f"{_WORDS.get(c.attribute, c.attribute)} {c.value}" for c in path.conditions)
