"""A ledger of another instance beside a log, over the same hours: nothing is claimed of either."""

from __future__ import annotations

from pathlib import Path

import pytest
from english import English
from world import Deal

from logaudit.core.trades import TradeState

OURS = [
    Deal(
        f"1{i // 3}:{17 * (i % 3) + 4:02}:00.000",
        "ETH-USDT",
        "long",
        f"30{10 + i}.5",
        f"30{20 + 2 * i}.25",
        f"0.{21 + i}",
    )
    for i in range(8)
]
THEIRS = [
    Deal(
        f"1{i // 3}:{16 * (i % 3) + 11:02}:30.000",
        "SOL-USDT",
        "short",
        f"1{40 + i}.15",
        f"1{39 + i}.35",
        f"{2 + i}.7",
    )
    for i in range(8)
]


def world_of(folder: Path, *, recorded: int = 0, theirs: int = 8) -> English:
    """A bot that lost all but some of its closes, and the rows of another one."""
    world = English(folder)
    for i, deal in enumerate(OURS):
        (world.kept if i < recorded else world.lost)(deal)
    world.rows += [world.row(deal) for deal in THEIRS[:theirs]]
    return world


def states(world: English) -> set[TradeState]:
    return {trade.state for trade in world.scan().trades}


def test_rows_and_closes_that_share_nothing_are_not_judged(tmp_path: Path) -> None:
    world = world_of(tmp_path)
    assert states(world) == {TradeState.UNVERIFIABLE}
    assert not {"LA101", "LA102", "LA105"} & world.codes()


def test_one_recorded_close_shows_whose_ledger_it_is(tmp_path: Path) -> None:
    world = world_of(tmp_path, recorded=1)
    assert world.scan().summary.missing == 7


@pytest.mark.parametrize("theirs", [0, 1])
def test_hardly_a_row_in_the_time_of_the_logs_hides_no_loss(tmp_path: Path, theirs: int) -> None:
    """A recorder that was dead, and at most one row that somebody wrote by hand."""
    world = world_of(tmp_path, theirs=theirs)
    early = Deal("09:00:00.000", "ETH-USDT", "long", "2990.5", "2991.5", "0.3")
    world.rows.insert(0, world.row(early, timestamp="2026-01-09 09:00:00"))
    assert world.scan().summary.missing == 8
