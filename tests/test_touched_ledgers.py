"""Rows of which the log itself says why they are missing: recording was switched off, or somebody removed them."""

from __future__ import annotations

from pathlib import Path

import pytest
from english import English
from world import Deal

from logaudit.core.trades import TradeState

DEALS = [
    Deal(
        f"{10 + n}:30:00.000",
        ("LTC-USDT", "ETH-USDT")[n % 2],
        "long",
        f"{84 + n}.25",
        f"{85 + n}.75",
        f"{n + 1}.5",
    )
    for n in range(6)
]


def world_of(folder: Path, at: str, said: str, *lost: int) -> English:
    world = English(folder)
    for n, deal in enumerate(DEALS):
        (world.lost if n in lost else world.kept)(deal)
    world.say(at, said, by="trader.desk:note:7")
    return world


def unverifiable(world: English) -> list[int]:
    return [n for n, trade in enumerate(world.scan().trades) if trade.state is TradeState.UNVERIFIABLE]


def test_behind_a_recording_that_was_switched_off_nothing_is_lost(tmp_path: Path) -> None:
    world = world_of(tmp_path, "2026-01-10 13:00:00.000", "Recording disabled by operator", 4, 5, 3)
    assert unverifiable(world) == [3, 4, 5]
    assert world.scan().summary.missing == 0


def test_what_is_recorded_again_ends_it(tmp_path: Path) -> None:
    world = world_of(tmp_path, "2026-01-10 11:00:00.000", "Recording disabled by operator", 1, 3)
    assert unverifiable(world) == [1]
    assert world.scan().summary.missing == 1


def test_a_loss_before_it_is_one(tmp_path: Path) -> None:
    world = world_of(tmp_path, "2026-01-10 15:00:00.000", "Recording disabled by operator", 2)
    assert world.scan().summary.missing == 1


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Operator removed row 2 from trades.csv", [1, 2]),
        ("Deleted trade 2 of ETH-USDT from the ledger", [1]),
        ("Deleted 120 old rows from trades.csv", []),
        ("Cannot delete trade 2 from the ledger: error", []),
    ],
)
def test_rows_that_somebody_removed_are_not_the_recorders_loss(
    tmp_path: Path, said: str, left: list[int]
) -> None:
    world = world_of(tmp_path, "2026-01-10 15:45:00.000", said, 1, 2)
    assert unverifiable(world) == left


def test_closes_behind_the_removal_are_lost_all_the_same(tmp_path: Path) -> None:
    world = world_of(tmp_path, "2026-01-10 11:00:00.000", "Operator removed row 2 from trades.csv", 3)
    assert world.scan().summary.missing == 1
