"""Rows that could not be read are room: a close that may have one is not judged, any other is."""

from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason\n"
ROWS = (
    "2026-03-05 11:02:10,ADA-USDT,long,0.7310,0.7402,410,+3.7720,tp\n",
    "2026-03-05 11:40:31,SOL-USDT,short,141.20,139.85,3.1,+4.1850,tp\n",
    "2026-03-05 12:15:45,BTC-USDT,long,61234.50,61100.00,0.013,-1.7485,sl\n",
)
CLOSES = (
    "2026-03-05 11:02:10.114 | INFO | exits:close:8 - Closed long position ADA-USDT @ 0.7402 size=410 pnl=+3.7720\n",
    "2026-03-05 11:40:31.220 | INFO | exits:close:8 - Closed short position SOL-USDT @ 139.85 size=3.1 pnl=+4.1850\n",
    "2026-03-05 12:15:45.901 | INFO | exits:stop:9 - Closed long position BTC-USDT @ 61100.00 size=0.013 pnl=-1.7485\n",
)
START = "2026-03-05 11:00:00.000 | INFO | journal:__init__:2 - Trade recorder initialized: {ledger}\n"
END = "2026-03-05 13:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"


def scan(folder: Path, *, ledger: str = "trades.csv", start: bool = True) -> Report:
    text = (START.format(ledger=ledger) if start else "") + "".join(CLOSES) + END
    (folder / "bot.log").write_text(text, encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


def states(report: Report) -> list[str]:
    return [trade.state.value for trade in report.trades]


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def write_zip(path: Path, name: str, text: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, text)


def test_a_close_without_a_row_is_lost_where_everything_was_read(tmp_path):
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + ROWS[1], encoding="utf-8")
    assert states(scan(tmp_path)) == ["unacknowledged", "unacknowledged", "silent-drop"] or states(
        scan(tmp_path)
    ) == ["recorded", "recorded", "silent-drop"]


def test_what_a_ledger_held_behind_its_cut_is_not_judged(tmp_path):
    packed = gzip.compress((HEADER + "".join(ROWS)).encode(), compresslevel=0, mtime=0)
    (tmp_path / "trades.csv.gz").write_bytes(packed[: packed.index(b"61234")])
    report = scan(tmp_path)
    assert [state != "unverifiable" for state in states(report)] == [True, True, False]
    assert {"LA101", "LA201"}.isdisjoint(rules(report))
    (found,) = [f for f in report.findings if f.rule == "LA401"]
    assert "row of 1 close" in str(found.message)


def test_rows_under_a_wrong_checksum_prove_nothing(tmp_path):
    path = tmp_path / "trades.csv.zip"
    write_zip(path, "trades.csv", HEADER + "".join(ROWS))
    data = path.read_bytes()
    path.write_bytes(data.replace(b"139.85", b"138.85"))
    report = scan(tmp_path)
    assert set(states(report)) == {"unverifiable"}
    assert "proves nothing" in str(next(f.message for f in report.findings if f.rule == "LA401"))


@pytest.mark.parametrize(
    "name", ["trades_2026-03-05.csv.7z", "trades_2026-03-05.csv.zst", "trades_2026-03-05.csv"]
)
def test_a_ledger_that_cannot_be_read_is_neither_missing_nor_silent(tmp_path, name):
    magic = {"7z": b"7z\xbc\xaf\x27\x1c", "zst": b"\x28\xb5\x2f\xfd"}.get(name.rpartition(".")[2], b"")
    (tmp_path / name).write_bytes(magic + b"\0" * 300)
    (tmp_path / "trades_2026-03-04.csv").write_text(
        HEADER + "2026-03-04 10:00:00,XRP-USDT,long,2.1100,2.1200,55,+0.5500,tp\n", encoding="utf-8"
    )
    report = scan(tmp_path, ledger="trades_2026-03-05.csv")
    assert states(report)[-3:] == ["unverifiable"] * 3
    assert "LA401" in rules(report)
    assert {"LA101", "LA102", "LA201"}.isdisjoint(rules(report))


def test_an_unreadable_file_that_is_no_table_by_its_name_excuses_nothing(tmp_path):
    (tmp_path / "backup.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + b"\0" * 300)
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + ROWS[1], encoding="utf-8")
    assert states(scan(tmp_path))[2] == "silent-drop"


def test_between_the_rows_of_a_ledger_no_other_of_its_name_is_room(tmp_path):
    (tmp_path / "trades_2026-03-01.csv.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"\0" * 300)
    (tmp_path / "trades_2026-03-05.csv").write_text(HEADER + ROWS[0] + ROWS[2], encoding="utf-8")
    assert states(scan(tmp_path, start=False))[1] == "silent-drop"


def test_a_line_that_shows_symbol_and_digits_of_a_close_may_be_its_row(tmp_path):
    broken = ROWS[2].replace("0.013", "zero").replace(",tp", "")
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + ROWS[1] + broken, encoding="utf-8")
    report = scan(tmp_path)
    assert states(report)[2] == "unverifiable"
    assert "LA203" in rules(report)


def test_a_broken_line_of_another_trade_excuses_nothing(tmp_path):
    broken = "2026-03-05 09:15:45,BTC-USDT,long,60001.50,60011.00,none at all,+1.2345,sl\n"
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + ROWS[1] + broken, encoding="utf-8")
    assert states(scan(tmp_path))[2] == "silent-drop"


def test_before_its_first_row_a_ledger_covers_only_runs_that_opened_it(tmp_path):
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[1] + ROWS[2], encoding="utf-8")
    assert states(scan(tmp_path, start=False))[0] == "unverifiable"
    assert states(scan(tmp_path))[0] == "silent-drop"


def test_the_logs_decide_the_order_of_dates_that_nothing_else_decides(tmp_path):
    rows = [row.replace("2026-03-05", "03/05/2026") for row in ROWS]
    (tmp_path / "trades.csv").write_text(HEADER + "".join(rows) + "TOTAL,,,,,,+6.2085,\n", encoding="utf-8")
    report = scan(tmp_path)
    assert "unverifiable" not in states(report)
    assert report.ledgers[0].written == {"date_order": "month-first", "date_order_by": "the time of the logs"}
    assert report.ledgers[0].set_aside == {"total": 1}


UNPRICED = "2026-03-05 12:15:45.901 | INFO | exits:stop:9 - Position closed: {symbol} LONG\n"


def unpriced(folder: Path, symbol: str) -> list[str]:
    """States of a session whose last close prints no number, and whose last row has no time."""
    undated = ROWS[2].replace("2026-03-05 12:15:45", "noon and a quarter")
    (folder / "trades.csv").write_text(HEADER + ROWS[0] + ROWS[1] + undated, encoding="utf-8")
    text = START.format(ledger="trades.csv") + CLOSES[0] + CLOSES[1] + UNPRICED.format(symbol=symbol) + END
    (folder / "bot.log").write_text(text, encoding="utf-8")
    return states(build_report(read_case([folder], ScanOptions(jobs=1))))


def test_an_undated_row_may_be_that_of_any_close_that_it_does_not_contradict(tmp_path):
    assert unpriced(tmp_path, "BTC-USDT")[2] == "unverifiable"


def test_an_undated_row_of_another_symbol_excuses_nothing(tmp_path):
    assert unpriced(tmp_path, "ADA-USDT")[2] == "silent-drop"


def test_a_broken_line_at_the_time_of_a_close_of_its_symbol_may_be_its_row(tmp_path):
    broken = "2026-03-05 12:15:45,BTC-USDT,long,?,?,?\n"
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + ROWS[1] + broken, encoding="utf-8")
    assert states(scan(tmp_path))[2] == "unverifiable"


def test_the_row_of_a_close_may_lie_in_a_folder_without_logs(tmp_path):
    """The bot wrote a file beside its log, then one elsewhere: whose that one is, its values tell."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "logs" / "trades.csv").write_text(HEADER + ROWS[0], encoding="utf-8")
    (tmp_path / "data" / "journal.csv").write_text(HEADER + ROWS[1], encoding="utf-8")
    text = START.format(ledger="trades.csv") + "".join(CLOSES) + END
    (tmp_path / "logs" / "bot.log").write_text(text, encoding="utf-8")
    sessions = read_case([tmp_path], ScanOptions(jobs=1)).sessions
    closes = [trade.state.value for session in sessions for trade in session.closed]
    assert [state in ("recorded", "unacknowledged") for state in closes] == [True, False, False]
    assert closes[1:] == ["unverifiable", "silent-drop"]


def test_an_undated_row_whose_size_is_in_contracts_may_record_a_close(tmp_path):
    undated = ROWS[1].replace("2026-03-05 11:40:31", "noon less twenty").replace(",3.1,", ",31,")
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + undated + ROWS[2], encoding="utf-8")
    assert states(scan(tmp_path))[1] == "unverifiable"


def test_an_undated_row_with_another_result_records_none(tmp_path):
    undated = ROWS[1].replace("2026-03-05 11:40:31", "noon less twenty").replace("+4.1850", "+9.1850")
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + undated + ROWS[2], encoding="utf-8")
    assert states(scan(tmp_path))[1] == "silent-drop"


def test_rows_of_months_before_the_logs_make_no_room_by_their_sum(tmp_path):
    """Their amounts are printed to one digit or two, so that their sum is known only to a wide margin."""
    old = "".join(
        f"2026-0{month}-{day:02d} 08:00:00,ADA-USDT,long,0.70,0.71,10,{'+0.1' if day % 2 else '-0.11'},tp\n"
        for month in (1, 2)
        for day in range(1, 28)
    )
    closes, rows = [], []
    for n in range(1, 8):
        closes.append(
            f"2026-03-05 11:0{n}:10.114 | INFO | exits:close:8 - Closed long position SOL-USDT @ 14{n}.25 "
            f"size=1.{n} pnl=+{8 - n}.37\n"
        )
        rows.append(f"2026-03-05 11:0{n}:10,SOL-USDT,long,139.10,14{n}.25,1.{n},+{8 - n}.37,tp\n")
    (tmp_path / "trades.csv").write_text(HEADER + old + "".join(rows[:-1]), encoding="utf-8")
    (tmp_path / "bot.log").write_text("".join(closes) + END, encoding="utf-8")
    (session,) = read_case([tmp_path], ScanOptions(jobs=1)).sessions
    assert [trade.state.value for trade in session.closed] == ["recorded"] * 6 + ["silent-drop"]


def test_behind_a_row_that_breaks_off_rows_may_have_stood(tmp_path):
    whole = HEADER + "".join(ROWS)
    (tmp_path / "trades.csv").write_text(whole[: whole.index("SOL-USDT,short")], encoding="utf-8")
    report = scan(tmp_path)
    assert [state == "unverifiable" for state in states(report)] == [False, True, True]
    assert {"LA101", "LA102"}.isdisjoint(rules(report))
    assert "LA203" in rules(report)


def test_a_header_that_breaks_off_is_no_empty_ledger(tmp_path):
    (tmp_path / "trades.csv").write_text(HEADER[: HEADER.index("ize,pnl")], encoding="utf-8")
    assert set(states(scan(tmp_path))) == {"unverifiable"}
    (tmp_path / "trades.csv").write_text(HEADER, encoding="utf-8")
    assert "unverifiable" not in states(scan(tmp_path))


def test_nuls_in_the_place_of_rows_are_room_between_the_rows_beside_them(tmp_path):
    text = HEADER + "".join(ROWS)
    start, end = text.index(ROWS[1]), text.index(ROWS[1]) + len(ROWS[1])
    (tmp_path / "trades.csv").write_text(text[:start] + "\0" * (end - start) + text[end:], encoding="utf-8")
    assert states(scan(tmp_path))[1] == "unverifiable"


def test_before_the_nuls_a_row_is_missing_as_ever(tmp_path):
    text = HEADER + ROWS[1] + "\0" * 200 + "\n" + ROWS[2]
    (tmp_path / "trades.csv").write_text(text, encoding="utf-8")
    assert states(scan(tmp_path))[0] == "silent-drop"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("12:15:45,BTC-USDT", "12:15:45\0BTC-USDT"),
        ("BTC-USDT,long", "B\0C,T,long,,"),
        (":45,BTC-", ":45-BTC-"),
    ],
)
def test_a_damaged_row_whose_market_is_lost_is_told_by_its_time_and_numbers(tmp_path, before, after):
    damaged = ROWS[2].replace(before, after)
    assert damaged != ROWS[2]
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + ROWS[1] + damaged, encoding="utf-8")
    report = scan(tmp_path)
    assert states(report)[2] in {"unverifiable", "recorded", "unacknowledged"}
    assert "LA101" not in rules(report)


def test_a_damaged_row_of_a_lost_market_at_another_time_excuses_nothing(tmp_path):
    damaged = "2026-03-05 11:22:45\0XYZ-USDT,long,71.50,72.25,0.5,+0.3750,sl\n"
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + damaged + ROWS[1], encoding="utf-8")
    assert states(scan(tmp_path))[2] == "silent-drop"


def test_pages_of_a_database_that_do_not_fit_together_are_room(tmp_path):
    path = tmp_path / "trades.sqlite"
    with closing(sqlite3.connect(path)) as base:
        columns = HEADER.strip().split(",")
        base.execute(
            f"create table trades (id integer primary key, {', '.join(f'{c} text' for c in columns)})"
        )
        for row in ROWS:
            base.execute(f"insert into trades values (null{', ?' * len(columns)})", row.strip().split(","))  # noqa: S608 - names of the test
        base.commit()
    data = path.read_bytes()
    at = data.index(b"SOL-USDT")
    path.write_bytes(data[: at - 30] + bytes(90) + data[at + 60 :])
    report = scan(tmp_path, ledger="trades.sqlite")
    assert states(report)[1] == "unverifiable"
    assert {"LA101", "LA102"}.isdisjoint(rules(report))
    assert "LA401" in rules(report)


def test_a_line_of_json_that_breaks_in_the_middle_may_have_been_any_row(tmp_path):
    columns = HEADER.strip().split(",")
    lines = [json.dumps(dict(zip(columns, row.strip().split(","), strict=True))) for row in ROWS]
    lines[1] = lines[1][:40]
    (tmp_path / "trades.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = scan(tmp_path, ledger="trades.jsonl")
    assert states(report)[1] == "unverifiable"
    assert "LA401" in rules(report)


def test_behind_the_cut_of_a_ledger_that_the_run_rolled_over_to_rows_may_have_stood(tmp_path):
    # The run names the file of the day before; its rows of this day stand in the next one, which breaks off.
    (tmp_path / "trades_2026-03-04.csv").write_text(
        HEADER + ROWS[0].replace("03-05 11:02:10", "03-04 23:41:07"), encoding="utf-8"
    )
    torn = HEADER + ROWS[0] + ROWS[1][:30]
    (tmp_path / "trades_2026-03-05.csv").write_text(torn, encoding="utf-8")
    start = "2026-03-04 23:00:00.000 | INFO | journal:open:2 - Created new trades CSV: logs/trades_2026-03-04.csv\n"
    first = CLOSES[0].replace("03-05 11:02:10", "03-04 23:41:07")
    (tmp_path / "bot.log").write_text(start + first + "".join(CLOSES) + END, encoding="utf-8")
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1)))
    assert [state != "unverifiable" for state in states(report)] == [True, True, False, False]
    assert "LA101" not in rules(report)


def test_what_the_file_of_another_day_held_behind_its_cut_excuses_nothing(tmp_path):
    old = (HEADER + ROWS[0] + ROWS[1][:30]).replace("2026-03-05", "2026-03-04")
    (tmp_path / "trades_2026-03-04.csv").write_text(old, encoding="utf-8")
    (tmp_path / "trades_2026-03-05.csv").write_text(HEADER + ROWS[0] + ROWS[1], encoding="utf-8")
    start = "2026-03-05 11:00:00.000 | INFO | journal:open:2 - Created new trades CSV: logs/trades_2026-03-05.csv\n"
    (tmp_path / "bot.log").write_text(start + "".join(CLOSES) + END, encoding="utf-8")
    assert states(build_report(read_case([tmp_path], ScanOptions(jobs=1))))[-1] == "silent-drop"


@pytest.mark.parametrize("order", [(2, 1, 0), (2, 0, 1)])
def test_behind_the_cut_of_a_ledger_in_another_order_any_row_may_have_stood(tmp_path, order):
    kept, behind = [ROWS[i] for i in order[:-1]], ROWS[order[-1]]
    (tmp_path / "trades.csv").write_text(HEADER + "".join(kept) + behind[:4], encoding="utf-8")
    assert "silent-drop" not in states(scan(tmp_path))


def test_noise_in_the_place_of_rows_is_room_between_the_rows_beside_it(tmp_path):
    noise = "\u0438\x01\x9b\x03;x\x10\n\x05y\x1f\x11\x02,\x0e\n"
    (tmp_path / "trades.csv").write_text(HEADER + ROWS[0] + noise + ROWS[2], encoding="utf-8")
    assert [s == "unverifiable" for s in states(scan(tmp_path))] == [False, True, False]


def test_bytes_behind_which_packed_data_goes_wrong_prove_nothing(tmp_path):
    packed = bytearray(gzip.compress((HEADER + "".join(ROWS)).encode(), compresslevel=0, mtime=0))
    packed[packed.index(b"61100")] ^= 1  # only the checksum at the end shows it
    (tmp_path / "trades.csv.gz").write_bytes(packed)
    assert set(states(scan(tmp_path))) == {"unverifiable"}


def test_a_member_that_ends_early_though_its_bytes_are_all_there_proves_nothing(tmp_path):
    path = tmp_path / "trades.csv.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("trades.csv", HEADER + "".join(ROWS))
    data = path.read_bytes()
    wrong = []
    for at in range(60, 260, 3):
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        if "silent-drop" in states(scan(tmp_path)):
            wrong.append(at)
    assert wrong == []
