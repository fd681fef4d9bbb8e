"""Of a table with too many rows the newest are read; closes before them are not called lost, and that is said."""

from __future__ import annotations

import gzip
import json
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_ledger_readers import rules, states
from test_ledger_readers import scan as scan_within
from workbook import write_workbook

from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.limits import Limits
from logaudit.core.report import Report
from logaudit.ledger.readers import table_reader
from logaudit.ledger.stamps import Stamp, parse_any_year

NAMES = ("close_date", "pair", "side", "open_rate", "close_rate", "amount", "close_profit_abs")
#: The rows of the two closes in the log, and others before, between and after them.
FIRST = ("2026-04-02 08:10:05", "AVAX-USDT", "long", 21.1, 21.4, 15.0, 4.5)
SECOND = ("2026-04-02 09:45:33", "DOT-USDT", "short", 4.079, 4.112, 70.0, -2.31)
OLDER = [
    (f"2026-03-{day:02d} 08:10:05", "SOL-USDT", "long", 140.0, 141.0 + day, 1.0, 1.0 + day)
    for day in range(1, 9)
]

Rows = Sequence[tuple[object, ...]]


def scan(folder: Path, table_rows: int = 4) -> Report:
    """The report, with two rows kept of a longer table."""
    return scan_within(folder, Limits(table_rows=table_rows))


def as_sqlite(folder: Path, rows: Rows) -> None:
    with closing(sqlite3.connect(folder / "trades.sqlite")) as base:
        base.execute(f"create table trades ({', '.join(NAMES)})")
        base.executemany(f"insert into trades values ({','.join('?' * len(NAMES))})", rows)  # noqa: S608 - question marks
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


def as_csv(folder: Path, rows: Rows) -> None:
    lines = [NAMES, *rows]
    text = "".join(",".join("" if cell is None else str(cell) for cell in line) + "\n" for line in lines)
    (folder / "trades.csv").write_text(text, encoding="utf-8")


ALL = pytest.mark.parametrize("write", [as_sqlite, as_json, as_lines, as_parquet, as_workbook, as_csv])


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


@pytest.mark.parametrize("write", [as_sqlite, as_json, as_parquet, as_csv])
def test_of_a_table_with_the_newest_row_first_these_are_read(tmp_path, write):
    write(tmp_path, [SECOND, FIRST, *reversed(OLDER)])
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


@ALL
def test_a_close_within_the_rows_that_are_read_is_lost_as_ever(tmp_path, write):
    write(tmp_path, [*OLDER, ("2026-04-02 08:01:00", *FIRST[1:-1], 7.5), SECOND])
    assert states(scan(tmp_path)).count("silent-drop") == 1


@ALL
def test_a_table_within_the_limit_is_read_whole(tmp_path, write):
    write(tmp_path, [*OLDER[-2:], FIRST, SECOND][: 3 if write in (as_workbook, as_csv) else 4])
    assert limits(scan(tmp_path)) == []


def test_of_separated_text_the_newest_rows_are_found_wherever_they_stand(tmp_path):
    as_csv(tmp_path, [FIRST, *OLDER[:4], SECOND, *OLDER[4:]])
    report = scan(tmp_path)
    assert states(report) == ["recorded", "recorded"]
    assert len(limits(report)) == 1


@pytest.mark.parametrize("write", [as_sqlite, as_csv])
def test_a_row_that_was_written_long_before_its_close_is_read(tmp_path, write):
    """Its position was held while many others were opened and closed."""
    write(tmp_path, [*OLDER[:3], SECOND, *OLDER[3:], FIRST])
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_of_a_database_whose_times_do_not_sort_the_last_rows_are_read(tmp_path):
    def written(row: tuple[object, ...]) -> tuple[object, ...]:
        day, clock = str(row[0]).split()
        return (f"{'.'.join(reversed(day.split('-')))} {clock}", *row[1:])

    as_sqlite(tmp_path, [written(row) for row in (*OLDER, FIRST, SECOND)])
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_lines_keep_their_numbers_where_others_are_left_out(tmp_path):
    as_csv(tmp_path, [FIRST, *OLDER[:4], SECOND, *OLDER[4:]])
    case = read_case([tmp_path], ScanOptions(jobs=1, limits=Limits(table_rows=4)))
    assert [row.location.cite() for row in case.sessions[0].rows] == ["trades.csv:2", "trades.csv:7"]


def test_a_position_that_stands_open_is_read_however_old_its_row(tmp_path):
    open_row = (None, "AVAX-USDT", "long", 21.1, None, 15.0, None)
    as_csv(tmp_path, [open_row, *OLDER, SECOND])
    report = scan(tmp_path)
    assert report.ledgers[0].set_aside == {"open": 1}


def test_a_long_table_whose_times_cannot_be_read_makes_no_close_lost(tmp_path):
    rows = [(f"day {i} of trading", *row[1:]) for i, row in enumerate([*OLDER, FIRST])]
    as_csv(tmp_path, rows)
    report = scan(tmp_path)
    assert set(states(report)) == {"unverifiable"}
    assert any("nothing tells which of its rows are the newest" in text for text in limits(report))


def test_a_long_table_that_breaks_off_as_well_makes_no_close_lost(tmp_path):
    as_csv(tmp_path, [*OLDER, FIRST])
    whole = gzip.compress((tmp_path / "trades.csv").read_bytes())
    (tmp_path / "trades.csv").unlink()
    (tmp_path / "trades.csv.gz").write_bytes(whole[:-20])
    assert set(states(scan(tmp_path))) == {"unverifiable"}


def test_rows_below_another_header_are_ranked_by_its_columns(tmp_path):
    as_csv(tmp_path, OLDER)
    with (tmp_path / "trades.csv").open("a", encoding="utf-8") as file:
        file.write("pair,close_date,side,open_rate,close_rate,amount,close_profit_abs\n")
        for at, pair, *rest in (FIRST, SECOND):
            file.write(",".join(map(str, (pair, at, *rest))) + "\n")
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


#: Written at its open, long before its close: by the order of the file it is an old row.
HELD = ("2026-04-02 09:45:33", "DOT-USDT", "short", 4.079, 4.112, 70.0, -2.31)
YOUNGER = [("2026-04-02 09:00:00", "XRP-USDT", "long", 2.0, 2.1, 1.0, 0.1), FIRST]
UNORDERED = pytest.mark.parametrize("write", [as_sqlite, as_json, as_lines, as_parquet, as_workbook, as_csv])


@UNORDERED
@pytest.mark.parametrize("at", range(11))
def test_a_row_that_is_not_kept_makes_no_close_lost_wherever_it_stands(tmp_path, write, at):
    """Kept or not: the close has its row."""
    rows: list[tuple[object, ...]] = [*OLDER, *YOUNGER]
    rows.insert(at, HELD)
    write(tmp_path, rows)
    report = scan(tmp_path)
    assert "silent-drop" not in states(report)
    assert "LA101" not in rules(report)


@pytest.mark.parametrize("write", [as_json, as_lines, as_parquet, as_workbook])
def test_an_unread_time_among_the_rows_that_are_not_kept_may_be_any(tmp_path, write):
    doubtful = ("03/04/26", *OLDER[4][1:])
    write(tmp_path, [*OLDER[:4], doubtful, *OLDER[5:], ("2026-04-02 08:01:00", *FIRST[1:-1], 7.5), SECOND])
    assert "silent-drop" not in states(scan(tmp_path))


def test_rows_at_the_beginning_that_were_closed_late_are_read(tmp_path):
    as_json(tmp_path, [HELD, *OLDER, FIRST])
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_rows_that_are_not_kept_are_read_once_and_for_their_times_alone(tmp_path, monkeypatch):
    read: list[str] = []

    def counted(cell: str) -> Stamp | None:
        read.append(cell)
        return parse_any_year(cell)

    monkeypatch.setattr(table_reader, "parse_any_year", counted)
    many = [(f"2026-03-01 08:{i // 60:02d}:{i % 60:02d}", *OLDER[0][1:]) for i in range(600)]
    as_json(tmp_path, [*many, FIRST, SECOND])
    scan(tmp_path)
    times = [cell for cell in read if cell.startswith("2026-03-01")]
    assert len(times) <= 3 * len(many)  # by the probe and by the extract, and those of kept rows once more


FILLS = ("time", "symbol", "side", "price", "amount")


@ALL
@pytest.mark.parametrize("cut", [0, 1])
def test_fills_of_positions_that_were_open_where_the_rows_begin_make_no_close_lost(
    tmp_path, monkeypatch, write, cut
):
    """The first row that is kept ended a position, or opened one: nothing tells."""
    monkeypatch.setattr(sys.modules[__name__], "NAMES", FILLS)
    fills: list[tuple[object, ...]] = []
    for day, size in enumerate((3.0, 5.0, 7.0, 9.0), 1):
        fills.append((f"2026-03-{day:02d} 08:00:00", "AVAX-USDT", "buy", 20.0 + day, size))
        fills.append((f"2026-03-{day:02d} 09:00:00", "AVAX-USDT", "sell", 20.5 + day, size))
    fills.append(("2026-04-02 08:00:00", "AVAX-USDT", "buy", 21.1, 15.0))
    fills.append(("2026-04-02 08:10:05", "AVAX-USDT", "sell", 21.4, 15.0))
    fills.append(("2026-04-02 09:40:00", "DOT-USDT", "sell", 4.079, 70.0))
    fills.append(("2026-04-02 09:45:33", "DOT-USDT", "buy", 4.112, 70.0))
    write(tmp_path, fills)
    report = scan(tmp_path, 8 + 2 * cut)
    assert "silent-drop" not in states(report)
    assert "LA101" not in rules(report)


@pytest.mark.parametrize("write", [as_sqlite, as_json, as_lines, as_parquet, as_workbook, as_csv])
def test_of_a_table_with_many_columns_fewer_rows_are_kept(tmp_path, monkeypatch, write):
    more = tuple(f"extra_{i}" for i in range(18))
    monkeypatch.setattr(sys.modules[__name__], "NAMES", (*NAMES, *more))
    rows = [(*row, *range(18)) for row in (*OLDER, FIRST, SECOND)]
    write(tmp_path, rows)
    # As many cells as seven rows of eight columns have.
    report = scan(tmp_path, 14)
    assert "LA401" in rules(report)
    assert states(report)[:2] == ["recorded", "recorded"]
    assert report.summary.ledger_rows == 2
