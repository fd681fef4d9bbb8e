"""Bots whose words no profile knows: the generator is repeatable and true, and a scan claims nothing untrue of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from simulator.unknown.bots import TrueClose, Unknown, draw
from simulator.unknown.run import judged, page
from simulator.unknown.speech import WORDINGS
from simulator.unknown.tables import KINDS
from simulator.unknown.verdict import Judged, Outcome, judge

#: What may leave so much room that abstaining is the answer.
HARD = {"swapped times", "two clocks in one column"}
#: Each wording and each kind of ledger occurs.
_SEEN = 24


def said(state: str, line: int, row: int = 0) -> Mapping[str, Any]:
    """A trade of the JSON report."""
    return {
        "state": state,
        "log": {"line": line} if line else None,
        "row": {"line": row} if row else None,
    }


def told(*trades: Mapping[str, Any], error: str = "") -> Mapping[str, Any]:
    """The JSON report of a scan."""
    found = [{"severity": "error", "rule": error, "message": ""}] if error else []
    return {"trades": list(trades), "findings": found}


def folder(*closes: TrueClose, related: bool = True) -> Unknown:
    return Unknown(0, {}, closes, related, tested=False, traits=())


KEPT, LOST = TrueClose(frozenset({3}), 2, sure=True), TrueClose(frozenset({5, 6}), 0, sure=True)
PAPER = TrueClose(frozenset({1}), 0, sure=False, real=False)


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        (told(said("recorded", 3, 2), said("silent-drop", 5), error="LA101"), Outcome.RIGHT),
        (told(said("recorded", 3, 2), said("unverifiable", 5)), Outcome.ABSTAINED),
        (told(), Outcome.ABSTAINED),
        (told(said("silent-drop", 3)), Outcome.WRONG),
        (told(said("silent-drop", 1)), Outcome.WRONG),
        (told(said("recorded", 3, 4)), Outcome.WRONG),
        (told(said("recorded", 3, 2), said("silent-drop", 5), said("silent-drop", 6)), Outcome.WRONG),
        (told(said("orphan-row", 0, 2)), Outcome.WRONG),
        (told(said("unacknowledged", 9, 7)), Outcome.WRONG),
        (told(said("recorded", 3, 2), error="LA106"), Outcome.WRONG),
    ],
)
def test_an_outcome_is_wrong_where_anything_untrue_is_claimed(
    report: Mapping[str, Any], outcome: Outcome
) -> None:
    assert judge(folder(PAPER, KEPT, LOST), 1, report).outcome is outcome


def test_the_same_folder_is_drawn_again_and_others_differ() -> None:
    assert draw(1, 7).files == draw(1, 7).files
    assert draw(1, 7).files != draw(2, 7).files


def test_each_close_has_its_line_and_each_row_its_close() -> None:
    for index in range(_SEEN):
        case = draw(4, index)
        log = case.files["bot.log"].decode().splitlines()
        assert all(0 < line <= len(log) for close in case.closes for line in close.lines)
        rows = [close.row for close in case.closes if close.row]
        assert len(rows) == len(set(rows))
        assert bool(rows) == case.related
        assert not any(close.row and not close.real for close in case.closes)


def test_all_wordings_and_ledgers_are_drawn_together() -> None:
    drawn = [draw(1, index).traits for index in range(len(WORDINGS) * len(KINDS))]
    assert {t[2] for t in drawn} == {wording.text for wording in WORDINGS}
    assert len({t[1:3] for t in drawn}) == len(WORDINGS) * len(KINDS)


@pytest.mark.parametrize("index", range(_SEEN))
def test_nothing_untrue_is_claimed_of_an_unknown_bot(index: int) -> None:
    """Folders of every wording; the whole measurement is that of the accuracy command."""
    found = judged(5, index)
    assert found.outcome is not Outcome.WRONG, found.why
    assert found.outcome is Outcome.RIGHT or HARD & set(found.traits), found.why


def test_the_report_counts_outcomes_and_lists_what_is_not_right() -> None:
    found = [Judged(0, ("en", "csv"), Outcome.RIGHT), Judged(1, ("en", "csv"), Outcome.WRONG, ("a loss",))]
    text = page(found, "run")
    assert "| right or abstained | 50.0 %" in text
    assert "| csv | 1 |  | 1 |" in text
    assert "- wrong: `run --case 1`: a loss" in text
