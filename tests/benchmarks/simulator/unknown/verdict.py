"""Holds what a scan says of an unknown bot's folder against the truth: right, abstained, or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from simulator.unknown.bots import TrueClose, Unknown

_LOST: Final = frozenset({"silent-drop", "false-ack", "failed-write"})
_WITH_ROW: Final = frozenset({"recorded", "unacknowledged"})
#: Errors that a lost close may raise.
_OF_LOSS: Final = frozenset({"LA101", "LA102", "LA103", "LA110"})


class Outcome(StrEnum):
    """How a scan of one folder came out."""

    RIGHT = "right"
    ABSTAINED = "abstained"
    WRONG = "wrong"


class Judged(Struct, frozen=True):
    """One folder's outcome, and why it is not right."""

    index: int
    traits: tuple[str, ...]
    outcome: Outcome
    why: tuple[str, ...] = ()


def judge(case: Unknown, code: int, found: Mapping[str, Any]) -> Judged:
    """The outcome of one scan, from its exit code and its JSON."""
    wrong = [*_untrue(case, found), *_errors(case, found)]
    if wrong:
        return Judged(case.index, case.traits, Outcome.WRONG, tuple(wrong))
    short = [*_short(case, found)]
    outcome = Outcome.ABSTAINED if short or code not in (0, 1, 3) else Outcome.RIGHT
    return Judged(case.index, case.traits, outcome, tuple(short))


def _untrue(case: Unknown, found: Mapping[str, Any]) -> Iterator[str]:
    """Claims of single trades that are not true."""
    by_line = {line: close for close in case.closes for line in close.lines}
    by_row = {close.row: close for close in case.closes if close.row}
    seen = set[int]()
    for trade in found["trades"]:
        state, line, row = trade["state"], _line(trade["log"]), _row(trade["row"])
        close = by_line.get(line)
        if state in _LOST and (close is None or close.row or not close.real):
            yield f"line {line} is called lost"
        if state == "orphan-row" and row in by_row:
            yield f"row {row} is called an orphan"
        if state in _WITH_ROW and (close is None or close.row != row):
            yield f"line {line} is linked to row {row}"
        if close is not None and state != "unverifiable":
            if min(close.lines) in seen:
                yield f"line {line} is counted twice"
            seen.add(min(close.lines))
        if close is None and line and state != "unverifiable":
            yield f"line {line} is counted as a close"


def _errors(case: Unknown, found: Mapping[str, Any]) -> Iterator[str]:
    """Errors that nothing in the folder gives a reason for."""
    lost = any(not close.row and close.real for close in case.closes)
    allowed = (_OF_LOSS if lost else frozenset()) | (
        frozenset() if case.related and not case.tested else {"LA105"}
    )
    for finding in found["findings"]:
        if finding["severity"] == "error" and finding["rule"] not in allowed:
            yield f"{finding['rule']}: {finding['message'][:100]}"


def _short(case: Unknown, found: Mapping[str, Any]) -> Iterator[str]:
    """What is true and not said."""
    if not case.related:
        return
    states = {_line(trade["log"]): trade["state"] for trade in found["trades"] if trade["log"]}
    counts = {"recorded": 0, "lost": 0}
    for close in case.closes:
        told = {states[line] for line in close.lines if line in states}
        if close.row and not told & _WITH_ROW:
            counts["recorded"] += 1
        if _is_surely_lost(close) and not told & _LOST:
            counts["lost"] += 1
    for name, count in counts.items():
        if count:
            yield f"{count} {name} not recognised"


def _is_surely_lost(close: TrueClose) -> bool:
    return not close.row and close.sure and close.real


def _line(place: Mapping[str, Any] | None) -> int:
    return 0 if place is None else place["line"] or 0


def _row(place: Mapping[str, Any] | None) -> int:
    if place is None:
        return 0
    number: int = place.get("row") or place["line"] or 0
    return number
