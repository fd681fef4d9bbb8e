"""Compares what a scan says of a case with what is true of it, place by place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from msgspec import Struct

from simulator.cases import Case
from simulator.money import adds_up, contradictions
from simulator.plan import State
from simulator.truth import ABSENT, ENOUGH, JUDGED, TrueClose, Truth
from simulator.write import Place

MISSING: Final = frozenset({State.SILENT, State.FALSE_ACK, State.FAILED, State.BACKFILLED})
_ROWS: Final = frozenset({State.RECORDED, State.UNACKNOWLEDGED, State.BACKFILLED})
_SLACK: Final = 2.0

Json = Mapping[str, Any]


class Score(Struct):
    """How one case came out.

    Attributes:
        states: true state, found state, whether a reader can decide it, whether it is right.
        invented: losses that did not happen; false_errors: rules of errors on a clean case.
        linked: rows of decidable closes that were linked to their close, to another one, to none.
        rules: code → whether it must be found, whether it was; codes that may be found are left out.
        clock: ``exact``, ``abstained`` or ``wrong``, empty where nothing differs; contains: whether the interval of
            offsets holds the true one.
        blind: whether the blind path was named, None where there is none to name; conditions: among how many.
        cause: rank of the true cause, and the best rank of those that no evidence tells from it; 0 for none.
        offered: hypotheses that were ranked; alike: how many of them are right.
        money: whether the sums add up and are true, None where they cannot be known.
        wrong: what is wrong, in words, for the list of failing cases.
    """

    index: int
    faults: tuple[str, ...]
    kinds: tuple[int, ...]
    sure: bool
    clean: bool
    states: list[tuple[str, str, bool, bool]] = []
    invented: int = 0
    false_errors: list[str] = []
    linked: tuple[int, int, int] = (0, 0, 0)
    rules: dict[str, tuple[bool, bool]] = {}
    clock: str = ""
    contains: bool | None = None
    blind: bool | None = None
    conditions: int = 0
    invented_blind: bool = False
    cause: tuple[int, int] | None = None
    offered: int = 0
    alike: int = 0
    money: bool | None = None
    exit: bool = True
    place: bool | None = None
    wrong: list[str] = []


def failed(case: Case, why: str) -> Score:
    """A scan that gave no JSON."""
    score = _begun(case)
    score.wrong.append(why)
    score.exit = False
    score.states = [(str(c.right[0]), ABSENT, c.sure, False) for c in case.truth.closes.values()]
    return score


def scored(case: Case, code: int, found: Json) -> Score:
    """Compares the JSON of a scan."""
    score, truth = _begun(case), case.truth
    trades = _by_close(case, found["trades"], score)
    _states(case, trades, score, judged=code != 3)
    _orphans(case, found["trades"], score)
    codes = {f["rule"] for f in found["findings"]}
    sure = not truth.why_not and all(c.sure for c in truth.closes.values())
    if sure:
        score.rules = {c: (c in truth.must, c in codes) for c in JUDGED if c not in truth.may}
        if truth.one_of and not truth.one_of & codes:
            score.wrong.append(f"none of {', '.join(sorted(truth.one_of))}")
    if truth.clean:
        errors = {f["rule"] for f in found["findings"] if f["severity"] == "error"}
        score.false_errors = sorted(errors - truth.must - truth.may)
    score.exit = code in truth.exits or not (sure or truth.why_not)
    _clock(truth, found["ledgers"], score)
    _diagnosis(truth, found, score)
    if sure:
        score.money = adds_up(case, found, score.wrong)
        score.wrong += contradictions(case, code, found)
    score.place = _same_place(found["findings"])
    _explain(score, code, truth)
    return score


def _begun(case: Case) -> Score:
    truth = case.truth
    return Score(case.index, case.faults, case.kinds, not truth.why_not, truth.clean)


def _place(location: Json | None) -> Place | None:
    if location is None or location["line"] is None:
        return None
    return location["path"], location["member"] or "", location["line"]


def _by_close(case: Case, trades: Iterable[Json], score: Score) -> dict[int, Json]:
    """The trade that stands for each close; a second one that is missing is an invented loss."""
    owner: dict[Place, tuple[int, bool]] = {}
    for close in case.truth.closes.values():
        owner |= dict.fromkeys(close.repeats, (close.key, False)) | dict.fromkeys(
            close.places, (close.key, True)
        )
    found: dict[int, Json] = {}
    again: list[tuple[int, Json]] = []
    for trade in trades:
        place = _place(trade["log"])
        if place is None:
            continue
        key, first = owner.get(place, (-1, False))
        if key < 0 or key in found:
            again.append((key, trade))
        elif first:
            found[key] = trade
        else:
            again.append((key, trade))
    for key, trade in again:
        if key >= 0 and key not in found:
            found[key] = trade
        elif trade["missing"]:
            score.invented += 1
            score.wrong.append(f"invented loss at {_text(trade['log'])}")
        else:
            score.wrong.append(f"extra close at {_text(trade['log'])}")
    return found


def _text(location: Json) -> str:
    return f"{location['path']}:{location['line']}"


def _states(case: Case, trades: Mapping[int, Json], score: Score, *, judged: bool) -> None:
    linked = [0, 0, 0]
    for group in _groups(case.truth):
        keys = [c.key for c in group]
        said = [trades[k]["state"] if k in trades else ABSENT for k in keys]
        for close, state in zip(group, _aligned(group, said), strict=True):
            right = state in close.right or (not close.sure and state == State.UNVERIFIABLE)
            if not close.sure and not judged:
                right = True
            score.states.append((str(close.right[0]), state, close.sure, right))
            if not right and close.sure:
                score.wrong.append(f"close {close.key}: {state}, not {close.right[0]}")
            if close.sure and state in MISSING and not set(close.right) & MISSING:
                score.invented += 1
        rows = set().union(*(c.rows for c in group))
        for close in group:
            if not close.rows or not close.sure or close.right[0] not in _ROWS:
                continue
            trade = trades.get(close.key, {})
            places = {_place(trade.get("row")), _place(trade.get("backfill"))} - {None}
            linked[0 if places & rows else 1 if places else 2] += 1
    score.linked = (linked[0], linked[1], linked[2])


def _groups(truth: Truth) -> list[list[TrueClose]]:
    """Closes, those together that cannot be told from each other."""
    groups: dict[int, list[TrueClose]] = {}
    for close in truth.closes.values():
        groups.setdefault(close.twin if close.twin >= 0 else close.key, []).append(close)
    return list(groups.values())


def _aligned(group: list[TrueClose], said: list[str]) -> list[str]:
    """The found states in the order that fits the true ones best."""
    left, placed = list(said), []
    for close in group:
        fit = next((s for s in left if s in close.right), None)
        placed.append(fit)
        if fit is not None:
            left.remove(fit)
    return [left.pop(0) if fit is None else fit for fit in placed]


def _orphans(case: Case, trades: Iterable[Json], score: Score) -> None:
    alone = {place: t["state"] for t in trades if t["log"] is None and (place := _place(t["row"]))}
    for place in case.truth.orphans:
        state = alone.get(place, ABSENT)
        right = state == State.ORPHAN
        score.states.append((State.ORPHAN.value, state, score.sure, right))
        if not right and score.sure:
            score.wrong.append(f"orphan row {place[0]}:{place[2]} is {state}")


def _clock(truth: Truth, ledgers: Iterable[Json], score: Score) -> None:
    clocks = [found["clock"] for found in ledgers if found["rows"]]
    shifts = [c["shift"] for c in clocks if c["shift"] is not None]
    if truth.clock is None:
        score.clock = "wrong" if any(abs(s) > _SLACK for s in shifts) else ""
    elif any(abs(s - truth.clock) > _SLACK for s in shifts):
        score.clock = "wrong"
    elif truth.clock and (shifts or truth.pairs >= ENOUGH):
        score.clock = "exact" if shifts else "abstained"
    bounds = [(c["low"], c["high"]) for c in clocks if c["low"] is not None and c["high"] is not None]
    if bounds:
        score.contains = all(any(low <= o <= high for o in truth.offsets) for low, high in bounds)
        if not score.contains:
            score.wrong.append("the interval of offsets does not hold the true one")
    if score.clock == "wrong":
        score.wrong.append(f"clock {shifts}, not {truth.clock}")


def _diagnosis(truth: Truth, found: Json, score: Score) -> None:
    said = found["diagnosis"]
    named = [str(c["value"]) for path in said["blind_paths"] for c in path["conditions"]]
    if truth.blind:
        score.blind = any(truth.blind in name for name in named)
        score.conditions = truth.conditions
        if not score.blind:
            score.wrong.append(f"blind path {truth.blind} not named")
    else:
        score.invented_blind = any(
            f["rule"] == "LA110" and f["severity"] == "error" for f in found["findings"]
        )
    if not truth.causes or truth.why_not:
        return
    ranked = [h["id"] for h in sorted(said["hypotheses"], key=lambda h: int(h["rank"]))]
    ranks = [ranked.index(cause) + 1 if cause in ranked else 0 for cause in truth.causes]
    score.cause = ranks[0], min((r for r in ranks if r), default=0)
    score.offered, score.alike = len(ranked), sum(cause in ranked for cause in truth.causes)
    if score.cause[1] != 1:
        score.wrong.append(f"leading cause {ranked[:1]}, not {truth.causes[0]}")


def _same_place(findings: Iterable[Json]) -> bool | None:
    """Whether a missing row and its missing ledger name one ledger, None where nothing compares."""
    found = list(findings)
    named = {f["fingerprint"]: _ledgers(f) for f in found if f["rule"] == "LA101"}
    pairs = [(_ledgers(f), named[p]) for f in found if f["rule"] == "LA201" for p in f["parts"] if p in named]
    compared = [bool(one & other) for one, other in pairs if one and other]
    return all(compared) if compared else None


def _ledgers(finding: Json) -> set[str]:
    return {place["path"] for place in finding["locations"] if place["role"] == "ledger"}


def _explain(score: Score, code: int, truth: Truth) -> None:
    for rule, (must, was) in score.rules.items():
        if must and not was:
            score.wrong.append(f"no {rule}")
        elif was and not must:
            score.wrong.append(f"{rule} found")
    if score.false_errors:
        score.wrong.append(f"false errors {', '.join(score.false_errors)}")
    if score.place is False:
        score.wrong.append("LA101 and LA201 name different ledgers")
    if not score.exit:
        score.wrong.append(f"exit {code}, not {sorted(truth.exits)}")
