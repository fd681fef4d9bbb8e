"""Blind paths of every fixture against what its builder knows."""

from __future__ import annotations

import pytest
from diagnosed import FIXTURES, expected, fixture, run_point

from logaudit.core.message import plain_text
from logaudit.locale import language

CLAIMED = [
    path.parent.name
    for path in sorted(FIXTURES.glob("*/expected.json"))
    if "blind_paths" in expected(path.parent.name)
]


@pytest.mark.parametrize("name", CLAIMED)
def test_blind_paths_are_those_of_the_builder_and_no_other(name):
    wanted = expected(name)["blind_paths"]
    found = [path for session in fixture(name).diagnosis.blind_paths for path in session.paths]
    assert [(p.missing, p.recorded) for p in found] == [(w["missing"], w["recorded"]) for w in wanted]
    for path, truth in zip(found, wanted, strict=True):
        assert len(path.conditions) == 1
        assert truth.get("function", truth.get("reason")) in str(path.condition)


def test_two_causes_explain_every_loss_with_no_false_alarm():
    (session,) = fixture("two-causes").diagnosis.blind_paths
    missing = [t.id for t in fixture("two-causes").trades if t.missing]
    assert sorted(name for path in session.paths for name in path.trades) == sorted(missing)
    assert [str(path.precision) for path in session.paths] == ["1.0", "1.0"]
    # 12 of 19 and 7 of 19.
    assert [str(path.recall) for path in session.paths] == ["0.6316", "0.3684"]


def test_losses_at_random_are_said_to_follow_nothing():
    (session,) = fixture("random-losses").diagnosis.blind_paths
    assert session.paths == ()
    assert plain_text(session.abstained, spaced=True).startswith(
        "No code path, reason, symbol, side or time tells the 10 lost from the 22 recorded trades beyond chance."
    )


def test_one_trade_is_too_few_to_name_a_code_path():
    (session,) = fixture("seed-incident").diagnosis.blind_paths
    assert session.paths == ()
    assert (
        plain_text(session.abstained, spaced=True)
        == "One trade is too few to name a code path; at least 5 are needed."
    )
    assert plain_text(session.abstained, language("ru")).startswith(
        "Одной сделки слишком мало, чтобы назвать путь кода"
    )


@pytest.mark.parametrize(
    ("name", "stage"),
    [("two-causes", "C"), ("random-losses", "C"), ("failed-write", "E"), ("false-acknowledgement", "E")],
)
def test_failure_points_are_where_the_world_breaks_the_chain(name, stage):
    points = fixture(name).diagnosis.failure_points
    assert {p.stage for p in points} == {stage}


def test_a_path_whose_losses_were_restored_by_hand_is_blind_all_the_same():
    (session,) = fixture("backfilled-rows").diagnosis.blind_paths
    (path,) = session.paths
    assert "_close_position_by_reason" in path.conditions[0].value
    assert (path.missing, path.recorded) == (6, 0)
    assert run_point(fixture("backfilled-rows").diagnosis).stage == "C"
