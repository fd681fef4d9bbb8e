"""Of a table with too many rows the newest are read; closes before them are not called lost, and that is said."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_ledger_readers import rules, scan, states
from workbook import write_workbook

from logaudit.core.report import Report
from logaudit.ledger.readers import sqlite as sqlite_reader
from logaudit.ledger.readers import table_reader

NAMES = ("close_date", "pair", "side", "open_rate", "close_rate", "amount", "close_profit_abs")
#: The rows of the two closes in the log, and others before, between and after them.
FIRST = ("2026-04-02 08:10:05", "AVAX-USDT", "long", 21.1, 21.4, 15.0, 4.5)
SECOND = ("2026-04-02 09:45:33", "DOT-USDT", "short", 4.079, 4.112, 70.0, -2.31)
OLDER = [
    (f"2026-03-{day:02d} 08:10:05", "SOL-USDT", "long", 140.0, 141.0 + day, 1.0, 1.0 + day)
    for day in range(1, 9)
]

Rows = Sequence[tuple[object, ...]]


@pytest.fixture(autouse=True)
def two_rows(monkeypatch):
    for module in (table_reader, sqlite_reader):
        monkeypatch.setattr(module, "MOST_ROWS", 2)


def as_sqlite(folder: Path, rows: Rows) -> None:
    with closing(sqlite3.connect(folder / "trades.sqlite")) as base:
        base.execute(f"create table trades ({', '.join(NAMES)})")
        base.executemany("insert into trades values (?,?,?,?,?,?,?)", rows)
        base.commit()


def as_json(folder: Path, rows: Rows) -> None:
    items = [dict(zip(NAMES, row, strict=True)) for row in rows]
    (folder / "trades.json").write_text(json.dumps(items), encoding="utf-8")


def as_lines(folder: Path, rows: Rows) -> None:
    items = (json.dumps(dict(zip(NAMES, row, strict=True))) for row in rows)
    (folder / "trades.jsonl").write_text("\n".join(items), encoding="utf-8")


def as_parquet(folder: Path, rows: Rows) -> None:
    columns = {name: [row[i] for row in rows] for i, name in enumerate(NAMES)}
    pq.write_table(pa.table(columns), folder / "trades.parquet", row_group_size=3)


def as_workbook(folder: Path, rows: Rows) -> None:
    write_workbook(folder / "trades.xlsx", {"Closed": [NAMES, *rows]})


ALL = pytest.mark.parametrize("write", [as_sqlite, as_json, as_lines, as_parquet, as_workbook])


def limits(report: Report) -> list[str]:
    return [str(f.message) for f in report.findings if f.rule == "LA401"]


@ALL
def test_the_newest_rows_of_a_large_table_record_their_closes(tmp_path, write):
    write(tmp_path, [*OLDER, FIRST, SECOND])
    report = scan(tmp_path)
    assert states(report) == ["recorded", "recorded"]
    assert len(limits(report)) == 1


@ALL
def test_a_close_before_the_rows_that_are_read_is_not_lost(tmp_path, write):
    later = [("2026-04-02 11:00:00", *SECOND[1:-1], -9.31), ("2026-04-02 11:10:00", *SECOND[1:-1], -8.31)]
    write(tmp_path, [*OLDER, FIRST, SECOND, *later])
    report = scan(tmp_path)
    assert set(states(report)[:2]) == {"unverifiable"}
    assert "LA101" not in rules(report)


@pytest.mark.parametrize("write", [as_sqlite, as_json, as_parquet])
def test_of_a_table_with_the_newest_row_first_these_are_read(tmp_path, write):
    write(tmp_path, [SECOND, FIRST, *reversed(OLDER)])
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


@ALL
def test_a_close_within_the_rows_that_are_read_is_lost_as_ever(tmp_path, write):
    write(tmp_path, [*OLDER, ("2026-04-02 08:01:00", *FIRST[1:-1], 7.5), SECOND])
    assert states(scan(tmp_path)).count("silent-drop") == 1


@ALL
def test_a_table_within_the_limit_is_read_whole(tmp_path, write):
    write(tmp_path, [*OLDER[-2:], FIRST, SECOND][: 4 if write is not as_workbook else 3])
    assert limits(scan(tmp_path)) == []
