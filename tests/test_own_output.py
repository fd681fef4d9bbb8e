"""What is no ledger though it tells of trades: logaudit's own reports, states and settings beside the logs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_ledger_readers import CLOSES, END, ROWS, rules, scan, states

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.ingest.own_output import is_own_output
from logaudit.renderers import registry
from logaudit.renderers.positions import render as render_rows
from logaudit.renderers.style import PLAIN

HEAD = "close_time,symbol,side,entry_price,exit_price,size,pnl\n"
#: A ledger that ends before the second close: nothing but a second ledger may hold its row.
FIRST = HEAD + ",".join(map(str, ROWS[0][:7])) + "\n"
LATER = "2026-04-02 11:02:41,SOL-USDT,long,140.5,141.2,2.0,1.4\n"
LAST = "2026-04-02 11:02:41.200 | INFO | exits:close:8 - Closed long position SOL-USDT @ 141.2 size=2 pnl=+1.40\n"


def lossy(folder: Path) -> None:
    """A folder in which the second of three closes has no row."""
    (folder / "trades.csv").write_text(FIRST + LATER, encoding="utf-8")


def seen(folder: Path) -> list[str]:
    (folder / "bot.log").write_text("".join(CLOSES) + END + LAST, encoding="utf-8")
    return states(build_report(read_case([folder], ScanOptions(jobs=1))))


@pytest.mark.parametrize("name", registry.formats())
def test_a_report_left_beside_the_logs_changes_nothing(tmp_path: Path, name: str) -> None:
    lossy(tmp_path)
    before = seen(tmp_path)
    assert before == ["recorded", "silent-drop", "recorded"]
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    renderer = registry.renderer(name)
    text = renderer.render(report, PLAIN)
    ending = renderer.endings[0] if renderer.endings else ".txt"
    (tmp_path / f"trades_report{ending}").write_text(str(text), encoding="utf-8")
    assert seen(tmp_path) == before


@pytest.mark.parametrize("what", ["positions", "trades"])
@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_table_of_positions_or_trades_that_logaudit_wrote_is_no_ledger(
    tmp_path: Path, what: str, form: str
) -> None:
    lossy(tmp_path)
    before = seen(tmp_path)
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    text = render_rows(report, what, form)
    (tmp_path / f"all_{what}.{form}").write_text(str(text), encoding="utf-8")
    assert seen(tmp_path) == before


def test_a_document_that_states_findings_is_no_ledger(tmp_path: Path) -> None:
    """What a test of an auditor expects tells of the lost trade, and is no row of it."""
    lossy(tmp_path)
    close = {"symbol": "DOT-USDT", "side": "short", "closed": "2026-04-02 09:45:33", "net_pnl": "-2.31"}
    (tmp_path / "expected.json").write_text(json.dumps({"findings": [{"rule": "LA101"}], "trades": [close]}))
    assert seen(tmp_path) == ["recorded", "silent-drop", "recorded"]


def test_a_ledger_of_a_bot_is_no_report() -> None:
    bots = [
        ["symbol,side,reason,emitter,state,pnl"],
        ['{"tool": "scanner", "trades": [{"symbol": "DOT-USDT", "rule": "breakout"}]}'],
        ["status,severity,message"],
        [],
    ]
    assert not any(map(is_own_output, bots))


STATE = {
    "symbol": "DOT-USDT",
    "side": "short",
    "entry_price": 4.079,
    "size": 70.0,
    "opened_at": "2026-04-02 09:01:10",
}
GRID = {
    "symbol": "DOT-USDT",
    "side": "long",
    "lower_price": 3.9,
    "upper_price": 4.4,
    "amount": 70,
    "created_at": "2026-04-02",
}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(STATE, id="a position by itself"),
        pytest.param(GRID, id="a setting"),
        pytest.param([STATE | {"tp": 3.9, "sl": 4.3}], id="a list of open positions"),
        pytest.param({"positions": [STATE], "balance": 1012.5}, id="open positions in a state"),
    ],
)
def test_what_has_no_room_for_the_end_of_a_trade_excuses_no_loss(tmp_path: Path, document: object) -> None:
    (tmp_path / "bot.log").write_text("".join(CLOSES) + END + LAST, encoding="utf-8")
    (tmp_path / "state.json").write_text(json.dumps(document), encoding="utf-8")
    lossy(tmp_path)
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert states(report) == ["recorded", "silent-drop", "recorded"]
    assert "LA209" not in rules(report)


def test_a_list_that_may_say_how_trades_ended_still_makes_room(tmp_path: Path) -> None:
    """Numbers whose meaning is open may be results: nothing is called lost beside them."""
    unknown = [
        {
            "when": "x",
            "coin": "DOT-USDT",
            "way": "short",
            "a": 4.079,
            "b": 4.112,
            "lots": 70.0,
            "pnl_x": -2.31,
        }
    ]
    (tmp_path / "deals.json").write_text(json.dumps(unknown), encoding="utf-8")
    report = scan(tmp_path)
    assert "silent-drop" not in states(report)
    assert "LA209" in rules(report)
