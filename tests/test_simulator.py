"""The simulator draws the same cases again, and what it calls true agrees with the files it writes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import accuracy
import pytest
from simulator.cases import Case, build
from simulator.faults import FAULTS
from simulator.plan import State
from simulator.rates import Rate, rate
from simulator.report import page
from simulator.score import failed, scored
from simulator.truth import ABSENT

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


def reported(case: Case) -> dict[str, Any]:
    """What a program without fault says of a case without faults."""
    trades = []
    for close in case.truth.closes.values():
        log, row = min(close.places), min(close.rows)
        trades.append(
            {
                "state": str(close.right[0]),
                "missing": False,
                "log": {"path": log[0], "member": log[1] or None, "line": log[2]},
                "row": {"path": row[0], "member": None, "line": row[2]},
                "backfill": None,
            }
        )
    net = str(sum((close.result for close in case.truth.closes.values() if close.result), Decimal(0)))
    log = {"recorded": net, "lost": "0", "restored": "0", "unverifiable": "0", "repeats": "0", "total": net}
    return {
        "schema_version": 2,
        "verdict": "clean",
        "summary": {
            "closes": len(case.truth.closes),
            "unrecorded_net_pnl": "0",
            "money": {"log": log, "ledger": {"recorded": net, "total": net}},
        },
        "trades": trades,
        "findings": [],
        "ledgers": [],
        "diagnosis": {"blind_paths": [], "hypotheses": []},
    }


@pytest.fixture(scope="module")
def sound() -> Case:
    return next(case for case in map(partial(build, 1), range(CASES)) if not case.faults)


def test_a_true_report_is_right(sound: Case) -> None:
    score = scored(sound, 0, reported(sound))
    assert not score.wrong
    assert score.linked == (len(sound.truth.closes), 0, 0)
    assert score.money
    assert all(right for *_, right in score.states)


def test_a_false_loss_is_an_invented_one(sound: Case) -> None:
    found = reported(sound)
    found["trades"][0] |= {"state": "silent-drop", "missing": True, "row": None}
    found["summary"]["unrecorded_net_pnl"] = "1.5"
    found["findings"].append(
        {"rule": "LA101", "severity": "error", "fingerprint": "a", "locations": [], "parts": []}
    )
    score = scored(sound, 1, found)
    assert score.invented == 1
    assert score.linked == (len(sound.truth.closes) - 1, 0, 1)
    assert score.false_errors == ["LA101"]
    assert score.rules["LA101"] == (False, True)
    assert not score.exit
    assert not score.money


@pytest.mark.parametrize("part", ["recorded", "lost", "total"])
def test_a_wrong_part_of_the_money_is_wrong(sound: Case, part: str) -> None:
    found = reported(sound)
    log = found["summary"]["money"]["log"]
    log[part] = str(Decimal(log[part]) + 1)
    assert not scored(sound, 0, found).money


def test_a_loss_at_a_line_of_no_close_is_an_invented_one(sound: Case) -> None:
    found = reported(sound)
    elsewhere = {**found["trades"][0]["log"], "line": 1}
    found["trades"].append({**found["trades"][0], "log": elsewhere, "state": "silent-drop", "missing": True})
    assert scored(sound, 0, found).invented == 1


def test_a_close_that_is_left_out_is_not_recognised(sound: Case) -> None:
    found = reported(sound)
    del found["trades"][0]
    assert [said for _, said, _, right in scored(sound, 0, found).states if not right] == [ABSENT]


def test_rows_of_another_close_are_wrong_links(sound: Case) -> None:
    found = reported(sound)
    one, other = found["trades"][:2]
    one["row"], other["row"] = other["row"], one["row"]
    assert scored(sound, 0, found).linked == (len(sound.truth.closes) - 2, 2, 0)


def test_a_page_has_as_many_cells_in_every_row_of_a_table(sound: Case) -> None:
    made = page([scored(sound, 0, reported(sound)), failed(sound, "crash")], command="accuracy.py")
    blocks = [block for block in made.split("\n\n") if block.startswith("|")]
    assert len(blocks) >= 4
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1
    assert "`accuracy.py --case" in made


def test_the_document_holds_what_the_command_printed() -> None:
    text = (HERE.parent / "docs" / "accuracy.md").read_text(encoding="utf-8")
    head, _, rest = text.partition(accuracy.BEGIN)
    made, _, tail = rest.partition(accuracy.END)
    assert head
    assert not tail.strip()
    assert "python tests/benchmarks/accuracy.py" in made
    assert "| state right |" in made
