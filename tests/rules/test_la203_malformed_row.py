"""LA203: a ledger line that is no row is quoted, never dropped."""

from __future__ import annotations

import pytest
from world import DAY, LEDGER, Deal, World, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
NEXT = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


@pytest.mark.parametrize(
    ("line", "reason", "word"),
    [
        (f"{DAY}T11:00:00.5,ETH-USDT,long,3000", "short", "4 of 12 columns"),
        (f"{DAY}T11:00:00.5,ETH-USDT,long,1,2,3,4,5,6,7,tp,8,9,10", "over-long", "14"),
        ("at eleven,ETH-USDT,long,3000.0,3010.0,0.2,2.0,0.1,1.9,600,tp,50", "bad-time", "at eleven"),
        (f"{DAY}T11:00:00.5,ETH-USDT,long,3000.0,dear,0.2,2.0,0.1,1.9,600,tp,50", "bad-number", "dear"),
        (f"{DAY}T11:00:00.5,,long,3000.0,3010.0,0.2,2.0,0.1,1.9,600,tp,50", "no-symbol", ""),
    ],
)
def test_a_line_that_is_no_row_is_an_error_that_quotes_it(tmp_path, line, reason, word):
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append(line)
    world.kept(NEXT)
    finding = world.one("LA203")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot(line)
    assert str(finding.message).startswith(f"Line 3 of {LEDGER} cannot be read ({reason}): ")
    assert word in str(finding.message)
    assert finding.data == finding.data | {"ledger": LEDGER, "line": 3, "reason": reason}
    assert world.scan().summary.ledger_rows == 2


def test_a_last_line_that_breaks_off_is_torn(tmp_path):
    """The process died while it wrote: no line end follows."""
    world = World(tmp_path, ledger="")
    world.kept(KEPT)
    text = "\n".join([world.header, *world.rows, f"{DAY}T11:10:00.5,ETH-USDT,lo"])
    (tmp_path / LEDGER).write_text(text, encoding="utf-8")
    finding = world.one("LA203")
    assert finding.data["reason"] == "torn"
    assert "the file breaks off" in str(finding.message)
    assert primary(finding).text == f"{DAY}T11:10:00.5,ETH-USDT,lo"


def test_each_line_is_told(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows += [f"{DAY}T11:0{i}:00.5,ETH-USDT,long,3000" for i in range(3)]
    world.kept(NEXT)
    assert [f.data["line"] for f in world.found("LA203")] == [3, 4, 5]


@pytest.mark.parametrize("line", ["", "   ", World.header])
def test_blank_lines_and_the_header_again_are_no_damage(tmp_path, line):
    """A recorder that is started again writes its header once more."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append(line)
    world.kept(NEXT)
    assert "LA203" not in world.codes()


def test_blank_cells_are_no_damage(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(NEXT)
    world.rows.append(f"{DAY}T11:10:00.500000,ETH-USDT,long,,,,,,1.9000,600,,")
    assert "LA203" not in world.codes()


def test_positions_still_open_are_no_damage(tmp_path):
    """A table that lists a position from its open on has rows without a close time."""
    world = World(tmp_path, ledger="trades.csv")
    world.header = "open_time,close_time,symbol,side,entry_price,exit_price,size,net_pnl"
    world.lost(KEPT)
    world.rows += [
        f"{DAY}T10:20:00,{DAY}T10:30:00,BTC-USDT,short,90000.0,89000.0,0.002,1.9000",
        f"{DAY}T11:40:00,,ETH-USDT,long,3000.0,,0.2,",
    ]
    assert world.scan().summary.ledger_rows == 1
    assert "LA203" not in world.codes()


def test_a_block_of_nul_bytes_is_said(tmp_path):
    """A crash left zeros where the file system had promised space."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append("\0" * 700)
    world.kept(NEXT)
    finding = world.one("LA203")
    assert finding.severity is Severity.WARNING
    assert (finding.data["line"], finding.data["reason"]) == (3, "nul-bytes")
    assert world.scan().summary.ledger_rows == 2


def test_rows_without_a_line_end_between_them_are_read_and_said(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.kept(NEXT)
    world.rows[:] = ["".join(world.rows)]
    finding = world.one("LA203")
    assert finding.severity is Severity.WARNING
    assert (
        str(finding.message)
        == f"Line 2 of {LEDGER} lacks a line end: 2 rows stand on one line, and were read."
    )
    assert {trade.state.value for trade in world.scan().trades} == {"recorded"}


def without_time(row: str) -> str:
    return row.partition(",")[2]


def test_a_column_that_is_gone_from_a_line_on_is_one_finding(tmp_path):
    world = World(tmp_path)
    world.kept(*(Deal(f"10:{10 + i}:00.500", held=30) for i in range(12)))
    world.rows[5:] = [without_time(row) for row in world.rows[5:]]
    finding = world.one("LA203")
    assert finding.severity is Severity.ERROR
    assert str(finding.message) == (
        f"7 lines of {LEDGER}, from line 7 to line 13, cannot be read (short): each has 11 of 12 columns."
    )
    assert (finding.data["line"], finding.data["last_line"], finding.data["lines"]) == (7, 13, 7)
    assert primary(finding).line == 7
    summary = world.scan().summary
    assert (summary.recorded, summary.missing, summary.unverifiable) == (5, 0, 7)


def test_lines_apart_are_told_apart(tmp_path):
    """What stands between good rows is damage of its own."""
    world = World(tmp_path)
    world.kept(*(Deal(f"10:{10 + i}:00.500", held=30) for i in range(12)))
    world.rows = [without_time(row) if i % 2 else row for i, row in enumerate(world.rows)]
    assert [f.data["line"] for f in world.found("LA203")] == [3, 5, 7, 9, 11, 13]
