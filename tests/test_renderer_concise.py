"""`--format concise`: a line a trade that is not recorded."""

from __future__ import annotations

from pathlib import Path

import report_model
from msgspec.structs import replace
from program import run
from test_restore import LOST, one_lost

from logaudit.core.trades import TradeState
from logaudit.renderers import concise
from logaudit.renderers.style import RenderStyle


def test_a_lost_trade_is_one_line_that_begins_with_its_place(tmp_path: Path) -> None:
    world = one_lost(tmp_path / "logs")
    done = run(tmp_path, "scan", "logs", "-q", "--no-cache", "--format", "concise")
    lines = [*enumerate((tmp_path / "logs" / world.log).read_text(encoding="utf-8").splitlines(), 1)]
    (number,) = [number for number, line in lines if "ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT" in line]
    told = f"lost 2026-01-10T10:40:00.250 ETH-USDT long +{LOST.net} tp"
    assert (done.returncode, done.stdout) == (1, f"{world.log}:{number}: {told}\n")


def test_recorded_trades_are_listed_when_verbose() -> None:
    small = report_model.small()
    assert concise.render(small).count("\n") == small.summary.missing
    assert concise.render(small, RenderStyle(verbose=True)).count("\n") == len(small.trades)


def test_a_clean_report_prints_nothing() -> None:
    assert concise.render(report_model.clean()) == ""


def test_what_is_not_told_is_a_dash_and_hostile_text_stays_on_its_line() -> None:
    small = report_model.small()
    bare = replace(
        small.trades[0], state=TradeState.ORPHAN_ROW, symbol="a\nb", side=None, net_pnl=None,
        ledger_net_pnl=None, reason="", log=None,
    )  # fmt: skip
    (line,) = concise.render(replace(small, trades=(bare,))).splitlines()
    assert line.endswith(" a\\nb - - -")
    assert ": orphan-row " in line
