"""The simulator draws the same cases again, and what it calls true agrees with the files it writes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from simulator.cases import Case, build
from simulator.faults import FAULTS
from simulator.plan import State
from simulator.rates import Rate, rate

CASES = 40
HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return [build(1, index) for index in range(CASES)]


def lines(case: Case, path: str) -> list[str]:
    return case.written.files[path].decode().splitlines()


def test_a_case_is_the_same_in_another_process() -> None:
    code = (
        "import hashlib; from simulator.cases import build\n"
        "made = [build(1, index) for index in range(6)]\n"
        "print(hashlib.sha256(repr([(c.faults, sorted(c.written.files.items())) for c in made]).encode()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE / "benchmarks")}
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**environment, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            check=True,
            encoding="ascii",
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(seen) == 1


def test_other_seeds_draw_other_cases() -> None:
    assert build(1, 0).written.files != build(2, 0).written.files


def test_no_code_of_the_program_makes_the_truth() -> None:
    code = (
        "import sys; from simulator import cases; print([m for m in sys.modules if m.startswith('logaudit')])"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE / "benchmarks")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"


def test_each_close_has_its_own_lines_and_rows(cases: list[Case]) -> None:
    for case in cases:
        owners = Counter(place for c in case.truth.closes.values() for place in c.places | c.repeats)
        assert set(owners.values()) == {1}, case.index
        assert all(c.places for c in case.truth.closes.values()), case.index


def test_a_recorded_close_has_a_row_and_a_lost_one_has_none(cases: list[Case]) -> None:
    for case in cases:
        for close in case.truth.closes.values():
            kept = close.right[0] in {State.RECORDED, State.UNACKNOWLEDGED, State.BACKFILLED}
            assert bool(close.rows) == kept or State.UNVERIFIABLE in close.right, (case.index, close.key)


def test_rows_and_closes_are_told_of_where_the_truth_says(cases: list[Case]) -> None:
    for case in cases:
        for path, member, number in (place for place in case.written.rows if place[0] in case.written.files):
            assert not member
            assert 1 < number <= len(lines(case, path)), (case.index, path)
        plain = [
            (path, number)
            for c in case.truth.closes.values()
            for path, member, number in c.places
            if not member and path.endswith(".log") and path in case.written.files
        ]
        for path, number in plain:
            assert lines(case, path)[number - 1].strip(), (case.index, path, number)


def test_a_clean_case_must_not_fail_and_a_loss_must(cases: list[Case]) -> None:
    gone = {State.SILENT, State.FALSE_ACK, State.FAILED, State.BACKFILLED}
    for case in cases:
        lost = [c for c in case.truth.closes.values() if c.right[0] in gone]
        assert not (case.truth.clean and lost), case.index
        unmended = [c for c in lost if c.right[0] != State.BACKFILLED]
        assert not unmended or 0 not in case.truth.exits, case.index
        assert case.truth.must.isdisjoint(case.truth.may), case.index
        assert not case.truth.causes or lost, case.index


def test_printed_results_of_a_case_without_faults_are_those_of_its_rows() -> None:
    for index in range(CASES):
        case = build(1, index)
        if case.faults:
            continue
        printed = [c.result for c in case.truth.closes.values()]
        written = [row.cells["net"] for row in case.written.rows.values()]
        assert len(printed) == len(written)
        assert all(result is not None for result in printed)
        difference = sum((r for r in printed if r is not None), Decimal(0)) - sum(
            map(Decimal, written), Decimal(0)
        )
        assert abs(difference) <= Decimal("0.005") * len(printed)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_can_be_drawn(fault) -> None:
    assert fault.name in build(7, 0, [fault]).faults


def test_intervals_are_wilsons() -> None:
    # Worked by hand: centre (p + z²/2n) / (1 + z²/n) for 8 of 10 and z = 1.96 is 0.7167.
    low, high = Rate(8, 10).interval()
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Rate(0, 0).interval() == (0.0, 1.0)
    assert rate([True, False, True]) == Rate(2, 3)
