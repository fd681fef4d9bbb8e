"""Closes in words of other languages: believed where no other close is known and the market was opened before."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_logformats_infer import scan_json

OPEN = "2026-02-10 09:06:53 | INFO | Opened long position BTC-USDT @ 60000.0 size=0.5"
CLOSE = "2026-02-10 09:20:00 | INFO | Posición cerrada: BTC-USDT long tamaño 0.5 precio 60100.0 PnL +50.0000"
ROW = "2026-02-10 09:20:00,BTC-USDT,long,60000.0,60100.0,0.5,50.0000,tp\n"
HEADER = "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason\n"


def summary(folder: Path, *lines: str, rows: str = "") -> tuple[int, int, int]:
    """What a scan of these lines and rows comes to."""
    said = ["2026-02-10 09:00:00 | INFO | Bot started", *lines, "2026-02-10 10:20:00 | INFO | Heartbeat ok"]
    (folder / "bot.log").write_text("\n".join(said) + "\n", encoding="utf-8")
    (folder / "trades.csv").write_text(HEADER + rows, encoding="utf-8")
    found = scan_json(folder)["summary"]
    return found["closes"], found["recorded"], found["lost"]


def test_a_close_of_an_open_position_is_one(tmp_path: Path) -> None:
    assert summary(tmp_path, OPEN, CLOSE, rows=ROW) == (1, 1, 0)


def test_without_its_row_it_is_lost(tmp_path: Path) -> None:
    assert summary(tmp_path, OPEN, CLOSE) == (1, 0, 1)


def test_without_its_open_it_is_not_believed(tmp_path: Path) -> None:
    assert summary(tmp_path, OPEN.replace("BTC", "ETH"), CLOSE) == (0, 0, 0)


def test_beside_closes_that_are_known_it_is_talk(tmp_path: Path) -> None:
    known = "2026-02-10 09:20:05 | INFO | Closed long position BTC-USDT @ 60100.0 size=0.5 pnl=+50.0000"
    alarm = "2026-02-10 09:19:00 | INFO | TP hit: BTC-USDT @ 60105.5"
    assert summary(tmp_path, OPEN, alarm, known, rows=ROW) == (1, 1, 0)


@pytest.mark.parametrize(
    "words",
    [
        "Position BTC-USDT will be closed at 60100.0, pnl +50.0000",
        "order closed the book for BTC-USDT @ 60100.0",
        "BTC-USDT closing time 16:00, last @ 60100.0",
        "Trying to close BTC-USDT @ 60100.0",
        "Failed to close BTC-USDT @ 60100.0: timeout",
        "If closed now, BTC-USDT would book +50.0000",
        "Se BTC-USDT for fechada @ 60100.0 resultado +50.0000",
        "Position BTC-USDT wird geschlossen bei 60100.0",
        "Свеча BTC-USDT закрыта на 60100.0",
        "准备平仓 BTC-USDT 价格 60100.0",
    ],
)
def test_what_only_talks_of_closing_is_no_close(tmp_path: Path, words: str) -> None:
    assert summary(tmp_path, OPEN, f"2026-02-10 09:20:00 | INFO | {words}") == (0, 0, 0)


def test_rows_that_teach_the_wording_go_before_it(tmp_path: Path) -> None:
    lines, rows = [OPEN, CLOSE], [ROW]
    for hour in ("10", "11", "12"):
        lines += [line.replace(" 09:", f" {hour}:").replace("60100", f"60{hour}0") for line in (OPEN, CLOSE)]
        rows.append(ROW.replace(" 09:", f" {hour}:").replace("60100", f"60{hour}0"))
    assert summary(tmp_path, *lines, rows="".join(rows)) == (4, 4, 0)


def test_the_end_of_one_position_and_the_begin_of_the_next_in_one_line(tmp_path: Path) -> None:
    told = (
        "2026-02-10 09:20:00 | INFO | Reversed BTC-USDT: closed long position @ 60100.0 pnl=+50.0000, "
        "opened short position size=0.25"
    )
    assert summary(tmp_path, OPEN, told, rows=ROW) == (1, 1, 0)
    rules = {finding["rule"] for finding in scan_json(tmp_path)["findings"]}
    assert "LA106" not in rules


def test_an_alarm_that_leaves_the_row_over_is_not_believed(tmp_path: Path) -> None:
    """The row is of an end half a minute later, at another price, in words that nothing knows."""
    alarm = "2026-02-10 09:19:00 | INFO | TP hit: BTC-USDT LONG @ 61000.0"
    later = ROW.replace("09:20:00", "09:19:31").replace("60100.0", "61003.0").replace("50.0000", "501.5000")
    assert summary(tmp_path, OPEN, alarm, rows=later) == (0, 0, 0)
    assert scan_json(tmp_path)["verdict"] == "not-judged"


ALARM = "2026-02-10 09:19:00 | INFO | TP hit: BTC-USDT LONG @ 61000.0"


def test_an_alarm_alone_is_neither_a_loss_nor_an_all_clear(tmp_path: Path) -> None:
    assert summary(tmp_path, OPEN, ALARM) == (1, 0, 0)
    found = scan_json(tmp_path)
    assert found["verdict"] == "not-judged"
    assert "closes-may-be-alarms" in {said["code"] for said in found["unjudged"]}


@pytest.mark.parametrize(
    "later",
    [OPEN.replace("09:06", "09:46"), OPEN.replace("09:06", "09:46").replace("long", "short")],
)
def test_an_alarm_after_which_the_market_is_opened_anew_told_of_a_close(tmp_path: Path, later: str) -> None:
    assert summary(tmp_path, OPEN, ALARM, later) == (1, 0, 1)


def test_an_alarm_in_words_that_a_row_bears_out_elsewhere_is_a_close(tmp_path: Path) -> None:
    row = ROW.replace("60100.0", "61000.0").replace("09:20", "09:19").replace("50.0000", "500.0000")
    other = [line.replace("BTC", "ETH") for line in (OPEN, ALARM)]
    assert summary(tmp_path, OPEN, ALARM, *other, rows=row) == (2, 1, 1)


def test_alarms_on_the_way_are_no_closes(tmp_path: Path) -> None:
    alarms = [f"2026-02-10 09:{m}9:00 | INFO | TP hit: BTC-USDT LONG @ 6{m}000.0" for m in (1, 2, 4)]
    later = ROW.replace("09:20:00", "09:49:02").replace("60100.0", "62301.0").replace("50.0000", "1150.5000")
    assert summary(tmp_path, OPEN, *alarms, rows=later) == (0, 0, 0)
