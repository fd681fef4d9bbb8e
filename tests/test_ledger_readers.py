"""Tables that are no separated text: databases, JSON, and a format that lives in this test."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.report import Report
from logaudit.ingest import extract_table
from logaudit.ledger.readers import READERS, Row, SourceTable

CLOSES = (
    "2026-04-02 08:10:05.120 | INFO | exits:close:8 - Closed long position AVAX-USDT @ 21.40 size=15 pnl=+4.50\n",
    "2026-04-02 09:45:33.870 | INFO | exits:close:8 - Closed short position DOT-USDT @ 4.112 size=70 pnl=-2.31\n",
)
END = "2026-04-02 10:30:00.000 | INFO | loop:beat:4 - Heartbeat ok\n"
ROWS = (
    ("2026-04-02 08:10:05", "AVAX-USDT", "long", 21.10, 21.40, 15.0, 4.50, 0),
    ("2026-04-02 09:45:33", "DOT-USDT", "short", 4.079, 4.112, 70.0, -2.31, 0),
)
OPEN = (None, "SOL-USDT", "long", 140.5, None, 2.0, None, 1)
COLUMNS = ("close_date", "pair", "side", "open_rate", "close_rate", "amount", "close_profit_abs", "is_open")


def scan(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Report:
    (folder / "bot.log").write_text("".join(CLOSES) + END, encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1, limits=limits)))


def states(report: Report) -> list[str]:
    return [trade.state.value for trade in report.trades]


def rules(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


def create(file: Path, *rows: tuple[object, ...], wal: bool = False) -> sqlite3.Connection:
    base = sqlite3.connect(file)
    if wal:
        base.execute("pragma journal_mode=wal")
        base.execute("pragma wal_autocheckpoint=0")
    base.execute(f"create table trades (id integer primary key, {', '.join(COLUMNS)})")
    base.execute("create table equity (ts text, cash real)")
    base.executemany("insert into trades values (null,?,?,?,?,?,?,?,?)", rows)
    base.commit()
    return base


def test_closed_rows_of_a_database_record_closes_and_open_ones_are_no_damage(tmp_path):
    create(tmp_path / "bot.sqlite", *ROWS, OPEN).close()
    report = scan(tmp_path)
    assert states(report) == ["recorded", "recorded"]
    assert {"LA203", "LA105"}.isdisjoint(rules(report))
    assert report.ledgers[0].set_aside == {"open": 1}


def test_a_close_without_a_row_in_the_database_is_lost(tmp_path):
    create(tmp_path / "bot.sqlite", ROWS[0]).close()
    assert states(scan(tmp_path)) == ["recorded", "silent-drop"]


def test_a_row_of_a_database_is_cited_by_table_and_row_id(tmp_path):
    create(tmp_path / "bot.sqlite", *ROWS).close()
    case = (scan(tmp_path), read_case([tmp_path], ScanOptions(jobs=1)))[1]
    assert [row.location.cite() for row in case.sessions[0].rows] == [
        "bot.sqlite#trades:1",
        "bot.sqlite#trades:2",
    ]


def test_rows_in_a_write_ahead_log_count_and_nothing_is_written_beside_it(tmp_path):
    place = tmp_path / "logs"
    place.mkdir()
    with closing(create(tmp_path / "live.sqlite", *ROWS, wal=True)):
        for suffix in ("", "-wal"):
            shutil.copyfile(tmp_path / f"live.sqlite{suffix}", place / f"bot.sqlite{suffix}")
    before = {file.name: file.read_bytes() for file in place.iterdir()}
    assert states(scan(place)) == ["recorded", "recorded"]
    after = {file.name: file.read_bytes() for file in place.iterdir() if file.name != "bot.log"}
    assert after == before


def also(file: Path, table: str, columns: tuple[str, ...], *rows: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(file)) as base:
        base.execute(f"create table {table} ({', '.join(columns)})")
        base.executemany(f"insert into {table} values ({','.join('?' * len(columns))})", rows)  # noqa: S608 - the test's own names
        base.commit()


def test_tables_with_the_same_columns_are_one_ledger(tmp_path):
    create(tmp_path / "bot.sqlite", ROWS[0]).close()
    also(tmp_path / "bot.sqlite", "trades_more", ("id", *COLUMNS), (1, *ROWS[1]))
    report = scan(tmp_path)
    assert states(report) == ["recorded", "recorded"]
    assert "LA401" not in rules(report)


def test_a_second_table_of_trades_with_other_columns_is_room_and_is_said(tmp_path):
    create(tmp_path / "bot.sqlite", ROWS[0]).close()
    columns = ("closed_at", "symbol", "side", "exit_price", "qty", "pnl")
    also(tmp_path / "bot.sqlite", "futures", columns, (ROWS[1][0], *ROWS[1][1:3], *ROWS[1][4:7]))
    report = scan(tmp_path)
    assert states(report) == ["recorded", "unverifiable"]
    assert "LA401" in rules(report)


@pytest.mark.parametrize(
    ("table", "columns", "row"),
    [
        ("trades_bak0", ("id", *COLUMNS), (2, *ROWS[1])),
        (
            "orders",
            ("time", "symbol", "side", "price", "qty", "status"),
            (ROWS[1][0], "DOT-USDT", "buy", 4.1, 70, "NEW"),
        ),
        ("by_pair", ("date", "symbol", "pnl", "trades"), ("2026-04-02 00:00:00", "DOT-USDT", -2.31, 1)),
    ],
)
def test_backups_orders_and_sums_in_a_database_are_no_second_ledger(tmp_path, table, columns, row):
    create(tmp_path / "bot.sqlite", ROWS[0]).close()
    also(tmp_path / "bot.sqlite", table, columns, row)
    report = scan(tmp_path)
    assert states(report) == ["recorded", "silent-drop"]
    assert "LA401" not in rules(report)


def test_a_write_that_was_not_committed_is_undone_by_its_journal(tmp_path):
    place = tmp_path / "logs"
    place.mkdir()
    with closing(create(tmp_path / "live.sqlite", *ROWS)) as base:
        base.execute("pragma cache_size = 1")
        base.execute("update trades set close_rate = 99, close_profit_abs = 7")
        base.executemany("insert into equity values (?, ?)", [("x" * 500, n) for n in range(2000)])
        for suffix in ("", "-journal"):
            shutil.copyfile(tmp_path / f"live.sqlite{suffix}", place / f"bot.sqlite{suffix}")
    report = scan(place)
    assert states(report) == ["recorded", "recorded"]
    assert "LA106" not in rules(report)


def test_a_database_that_its_bot_has_locked_is_read(tmp_path):
    with closing(create(tmp_path / "bot.sqlite", *ROWS)) as base:
        base.execute("begin exclusive")
        assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_a_write_ahead_log_that_is_not_at_hand_is_room_for_the_newest_rows(tmp_path):
    create(tmp_path / "bot.sqlite", ROWS[0], wal=True).close()
    report = scan(tmp_path)
    assert states(report) == ["recorded", "unverifiable"]
    assert "LA401" in rules(report)


def test_a_database_in_an_archive_is_read(tmp_path):
    create(tmp_path / "bot.sqlite", *ROWS).close()
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.write(tmp_path / "bot.sqlite", "bot.sqlite")
    (tmp_path / "bot.sqlite").unlink()
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_a_damaged_database_of_trades_is_room(tmp_path):
    create(tmp_path / "trades.sqlite", *ROWS).close()
    data = (tmp_path / "trades.sqlite").read_bytes()
    (tmp_path / "trades.sqlite").write_bytes(data[:100] + b"\xff" * (len(data) - 100))
    report = scan(tmp_path)
    assert set(states(report)) == {"unverifiable"}
    assert "LA401" in rules(report)


def objects() -> list[dict[str, object]]:
    names = ("closeTimestamp", "symbol", "side", "entryPrice", "closePrice", "quantity", "profit", "closed")
    return [dict(zip(names, (*row[:7], True), strict=True)) for row in ROWS]


@pytest.mark.parametrize(
    ("name", "dump"),
    [
        ("trades.json", lambda items: json.dumps(items, indent=2)),
        ("state.json", lambda items: json.dumps({"version": 3, "trades": items})),
        ("trades.jsonl", lambda items: "".join(json.dumps(item) + "\n" for item in items)),
    ],
)
def test_objects_of_json_are_rows(tmp_path, name, dump):
    (tmp_path / name).write_text(dump(objects()), encoding="utf-8")
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_a_position_without_a_close_in_json_is_open(tmp_path):
    still = objects()[1] | {"closeTimestamp": None, "closePrice": None, "profit": None, "closed": False}
    (tmp_path / "trades.json").write_text(json.dumps([objects()[0], still]), encoding="utf-8")
    report = scan(tmp_path)
    assert states(report) == ["recorded", "silent-drop"]
    assert "LA203" not in rules(report)


@pytest.mark.parametrize(
    "text", ['{"leverage": 3, "symbols": ["AVAX-USDT"]}', "[1, 2", "{}", "[[]]", "[" * 9000]
)
def test_json_that_is_no_ledger_is_left_alone(tmp_path, text):
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    report = scan(tmp_path)
    assert set(states(report)) == {"unverifiable"}


class LinesOfBars:
    """A format of this test: columns and rows between bars."""

    def matches(self, head: bytes, name: str) -> bool:
        return head.startswith(b"%%bars") and name.endswith(".bars")

    def read(self, file: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[SourceTable]:
        del limits
        _, names, *rows = file.read_text(encoding="utf-8").splitlines()
        cells = [tuple(row.split("!")) for row in rows]
        yield SourceTable("", tuple(names.split("!")), tuple(Row(c, line=i) for i, c in enumerate(cells, 3)))


def test_a_new_format_is_one_reader_in_the_tuple(tmp_path, monkeypatch):
    monkeypatch.setattr(extract_table, "READERS", (*READERS, LinesOfBars()))
    lines = ["%%bars", "!".join(COLUMNS), *("!".join(map(str, row)) for row in ROWS)]
    (tmp_path / "trades.bars").write_text("\n".join(lines), encoding="utf-8")
    report = scan(tmp_path)
    assert states(report) == ["recorded", "recorded"]


def test_objects_under_keys_of_their_own_are_rows(tmp_path):
    """A recorder may name each trade by its id; fewer than three such objects may be the parts of a setting."""
    names = ("closed_at", "symbol", "side", "entry_price", "exit_price", "size", "pnl")
    extra = ("2026-04-02 10:11:12", "SOL-USDT", "long", 140.5, 141.2, 2.0, 1.4)
    rows = [dict(zip(names, row[:7], strict=True)) for row in (*ROWS, extra)]
    (tmp_path / "trades.json").write_text(json.dumps({f"t{i}": row for i, row in enumerate(rows)}))
    assert states(scan(tmp_path)) == ["recorded", "recorded", "orphan-row"]


@pytest.mark.parametrize("price", ["price", "fill_price"])
def test_a_row_that_opens_a_position_at_a_price_is_no_close(tmp_path, price):
    lines = [
        f"time,symbol,action,{price},pnl,reason",
        "2026-04-02 08:01:00,AVAX-USDT,OPEN,21.10,,",
        "2026-04-02 08:10:05,AVAX-USDT,CLOSE,21.40,4.50,target",
        "2026-04-02 09:30:00,DOT-USDT,OPEN,4.079,,",
        "2026-04-02 09:45:33,DOT-USDT,CLOSE,4.112,-2.31,stop",
    ]
    (tmp_path / "trades.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_a_row_whose_reason_says_that_it_began_is_no_close(tmp_path):
    lines = [
        "time,symbol,side,size,entry,exit,reason",
        "2026-04-02 08:01:00,AVAX-USDT,long,15,21.10,,OPEN",
        "2026-04-02 08:10:05,AVAX-USDT,long,15,21.10,21.40,target",
        "2026-04-02 09:30:00,DOT-USDT,short,70,4.079,,OPEN",
        "2026-04-02 09:45:33,DOT-USDT,short,70,4.079,4.112,stop",
    ]
    (tmp_path / "trades.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_a_database_that_is_empty_without_its_log_is_room_for_all(tmp_path):
    live = tmp_path / "live"
    live.mkdir()
    (tmp_path / "bot").mkdir()
    with closing(create(live / "trades.sqlite", *ROWS, wal=True)):
        shutil.copyfile(live / "trades.sqlite", tmp_path / "bot" / "trades.sqlite")
    report = scan(tmp_path / "bot")
    assert set(states(report)) == {"unverifiable"}
    assert "LA401" in rules(report)
