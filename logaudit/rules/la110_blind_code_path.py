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

from logaudit.core.diagnosis import BlindPath, BlindPaths, Diagnosis
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Joiner, Listed, Message, Probability, label, msg, plural_in
from logaudit.core.pnl_words import pnl_figure
from logaudit.diagnosis.blind_paths import WEAK, find_blind_paths, is_code
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import losses, money, report, severity_of

RULE = Rule(
    "LA110",
    "blind-code-path",
    Severity.ERROR,
    "a code path whose closes are never recorded",
    label("rule", "a code path that never records"),
)

_CONDITIONS: Final[dict[str, Callable[[Code], Message]]] = {
    "path": lambda value: label("condition", "code path {value}", value=value),
    "line": lambda value: label("condition", "line of code {value}", value=value),
    "pattern": lambda value: label("condition", "close worded as {value}", value=value),
    "caller": lambda value: label("condition", "called after {value}", value=value),
    "preceding": lambda value: label("condition", "preceded by {value}", value=value),
    "reason": lambda value: label("condition", "reason {value}", value=value),
    "event": lambda value: label("condition", "preceded by event {value}", value=value),
    "symbol": lambda value: label("condition", "symbol {value}", value=value),
    "side": lambda value: label("condition", "side {value}", value=value),
    "run": lambda value: label("condition", "run {value}", value=value),
    "from": lambda value: label("condition", "from {value}", value=value),
    "until": lambda value: label("condition", "until {value}", value=value),
    "since-start": lambda value: label("condition", "since-start {value}", value=value),
    "hour": lambda value: label("condition", "hour {value}", value=value),
}


def check(case: Case) -> Iterator[Finding]:
    """One finding for each blind path that lies in the code."""
    return _found_paths(case, find_blind_paths)


def check_diagnosed(case: Case, diagnosis: Diagnosis) -> Iterator[Finding]:
    """As `check`, of the blind paths that the case's diagnosis names: it has none where nothing was lost."""
    known = {found.session: found for found in diagnosis.blind_paths}
    return _found_paths(case, lambda session: known.get(session.root))


def _found_paths(case: Case, of: Callable[[Session], BlindPaths | None]) -> Iterator[Finding]:
    for session in case.sessions:
        if (found := of(session)) is not None:
            yield from (_blind(session, p) for p in found.paths if is_code(p) and not p.recorded)


def _blind(session: Session, path: BlindPath) -> Finding:
    places = frozenset(path.locations)
    lost = [t for t in session.missing if t.close.location in places]
    runs = {t.run for t in lost}
    closes = sum(t.missing or t.row is not None for t in session.closed)
    kept = closes - path.total_missing
    p = Probability(path.p_value)
    chance = (
        msg("p = {p}, so few closes could fall so by chance", p=p)
        if path.p_value > WEAK
        else msg("p = {p}", p=p)
    )
    return report(
        RULE,
        session,
        msg(
            "Closes with {condition} are never recorded: they are {missing} of {lost} and none of {kept} recorded "
            "ones ({pnl}; {chance}).",
            condition=condition(path),
            missing=path.missing,
            lost=plural_in("of", "{n} lost trade", "{n} lost trades", path.total_missing),
            kept=kept,
            pnl=pnl_figure(lost),
            chance=chance,
        ),
        path.locations,
        tuple(part for c in path.conditions for part in (c.attribute, c.value)),
        run=runs.pop() if len(runs) == 1 else "",
        parts=losses(lost),
        severity=severity_of(lost, Severity.WARNING if path.p_value > WEAK else None),
        remedy=_remedy(path) if any(t.lost for t in lost) else None,
        data={
            "condition": str(condition(path)),
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


def _remedy(path: BlindPath) -> Message:
    for told in path.conditions:
        if told.attribute == "path":
            return msg("Call the recorder in {path}, with the result of the trade.", path=Code(told.value))
    return msg("Call the recorder where closes with {condition} are made.", condition=condition(path))


def condition(path: BlindPath) -> Message:
    """``code path a:b and reason tp``."""
    tests = tuple(_CONDITIONS[c.attribute](Code(c.value)) for c in path.conditions)
    return Message("{tests}", (("tests", Listed(tests, Joiner.AND)),))
