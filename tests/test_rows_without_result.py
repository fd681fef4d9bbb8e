"""Rows that show neither an exit nor a result: of positions that may still be open."""

from __future__ import annotations

from pathlib import Path

import pytest
from english import English
from world import Deal

DEAL = Deal("10:30:00.250")
LATER = Deal("10:45:00.250")


def row(world: English, **cells: str) -> str:
    """A row of the later deal, which no line tells of."""
    told = world.cells(LATER) | cells
    return ",".join(told[name] for name in world.header.split(","))


@pytest.mark.parametrize(("exit_price", "orphan"), [("", False), ("90001.5", True)])
def test_a_row_without_exit_and_result_is_no_orphan(tmp_path: Path, exit_price: str, *, orphan: bool) -> None:
    world = English(tmp_path)
    world.kept(DEAL)
    world.rows.append(row(world, exit_price=exit_price, pnl="", reason="open"))
    assert ("LA105" in world.codes()) is orphan


def test_the_row_of_a_close_may_lack_its_result(tmp_path: Path) -> None:
    world = English(tmp_path)
    world.close(LATER)
    world.rows.append(row(world, exit_price="", pnl=""))
    assert not {"LA101", "LA105"} & {*world.codes()}
