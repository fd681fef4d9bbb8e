"""XLSX and Parquet: sheets and files are ledgers like any other table, and nothing is read into dates that is none."""

from __future__ import annotations

import sys
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_ledger_readers import END, rules, scan, states
from workbook import write_workbook

from logaudit.ledger.readers import ParquetReader, SourceTable, XlsxReader

HEAD = ["close_time", "symbol", "side", "exit_price", "size", "pnl"]
#: 2026-04-02 is day 46114 since 1899-12-30, and 08:10:05 is 29,405 of 86,400 s.
SERIALS = (46114 + 29405 / 86400, 46114 + 35133 / 86400)
DEALS = (["AVAX-USDT", "long", 21.4, 15, 4.5], ["DOT-USDT", "short", 4.112, 70, -2.31])
assert END


def rows(*times: object) -> list[list[object]]:
    return [[at, *deal] for at, deal in zip(times, DEALS, strict=True)]


def only(file: Path) -> SourceTable:
    (table,) = XlsxReader().read(file)
    return table


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([(SERIALS[0],), (SERIALS[1],)], id="formatted as dates"),
        pytest.param([SERIALS[0], SERIALS[1]], id="bare numbers"),
        pytest.param(["2026-04-02 08:10:05", "2026-04-02 09:45:33"], id="texts"),
    ],
)
def test_a_sheet_with_dates_of_any_kind_records_closes(tmp_path, times):
    sheets = {"Notes": [["all mine"]], "Closed": [["Account 7"], [], HEAD, *rows(*times)]}
    write_workbook(tmp_path / "trades.xlsx", sheets)
    report = scan(tmp_path)
    assert states(report) == ["recorded", "recorded"]
    assert "LA401" not in rules(report)


def test_a_row_is_cited_by_sheet_and_by_its_number_in_the_sheet(tmp_path):
    write_workbook(tmp_path / "trades.xlsx", {"Closed": [["Account 7"], [], HEAD, *rows(*SERIALS)]})
    table = only(tmp_path / "trades.xlsx")
    assert (table.name, [row.number for row in table.rows]) == ("Closed", [4, 5])
    assert [row.cells[0] for row in table.rows] == ["2026-04-02 08:10:05", "2026-04-02 09:45:33"]


def test_days_since_1904_are_counted_from_there(tmp_path):
    shifted = [at - 1462 for at in SERIALS]
    write_workbook(tmp_path / "t.xlsx", {"Closed": [HEAD, *rows(*shifted)]}, since_1904=True)
    assert [row.cells[0] for row in only(tmp_path / "t.xlsx").rows] == [
        "2026-04-02 08:10:05",
        "2026-04-02 09:45:33",
    ]


def test_prices_that_could_be_days_stay_prices(tmp_path):
    write_workbook(
        tmp_path / "t.xlsx", {"Closed": [HEAD, ["2026-04-02 08:10:05", "BTC-USDT", "long", 46114.5, 1, 2]]}
    )
    assert only(tmp_path / "t.xlsx").rows[0].cells[3] == "46114.5"


def test_a_workbook_of_candles_is_no_ledger(tmp_path):
    write_workbook(tmp_path / "data.xlsx", {"S": [["time", "open", "high", "low", "close"], [1, 2, 3, 1, 2]]})
    assert {"LA209", "LA401"}.isdisjoint(rules(scan(tmp_path)))


def test_a_damaged_workbook_of_trades_is_room(tmp_path):
    write_workbook(tmp_path / "trades.xlsx", {"Closed": [HEAD, *rows(*SERIALS)]})
    with zipfile.ZipFile(tmp_path / "broken.zip", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
        archive.writestr("[Content_Types].xml", "")
    (tmp_path / "broken.zip").replace(tmp_path / "trades.xlsx")
    report = scan(tmp_path)
    assert set(states(report)) == {"unverifiable"}
    assert "LA401" in rules(report)


def test_without_the_package_the_command_that_helps_is_said(tmp_path, monkeypatch):
    write_workbook(tmp_path / "trades.xlsx", {"Closed": [HEAD, *rows(*SERIALS)]})
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    report = scan(tmp_path)
    (finding,) = [f for f in report.findings if f.rule == "LA401"]
    assert "pip install 'logaudit[excel]'" in str(finding.message)
    assert set(states(report)) == {"unverifiable"}


def test_a_zip_of_logs_is_still_an_archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("trades.csv", ",".join(HEAD) + "\n2026-04-02 08:10:05,AVAX-USDT,long,21.4,15,4.5\n")
    assert states(scan(tmp_path)) == ["recorded", "silent-drop"]


def test_a_parquet_file_records_closes(tmp_path):
    times = [datetime(2026, 4, 2, 8, 10, 5, tzinfo=UTC), datetime(2026, 4, 2, 9, 45, 33, tzinfo=UTC)]
    columns = {name: [row[i] for row in rows(*times)] for i, name in enumerate(HEAD)}
    table = pa.table(columns | {"close_time": pa.array(times, pa.timestamp("ns", "UTC"))})
    pq.write_table(table, tmp_path / "trades.parquet")
    assert states(scan(tmp_path)) == ["recorded", "recorded"]


def test_values_of_parquet_keep_their_digits(tmp_path):
    table = pa.table(
        {"a": pa.array([Decimal("21.400")]), "b": [0.1], "c": [None], "d": [{"x": 1}], "e": [True]}
    )
    pq.write_table(table, tmp_path / "t.parquet")
    (read,) = ParquetReader().read(tmp_path / "t.parquet")
    assert read.rows[0].cells == ("21.400", "0.1", "", '{"x": 1}', "true")


def test_a_parquet_file_that_is_cut_is_room(tmp_path):
    pq.write_table(pa.table({"symbol": ["AVAX-USDT"]}), tmp_path / "trades.parquet")
    data = (tmp_path / "trades.parquet").read_bytes()
    (tmp_path / "trades.parquet").write_bytes(data[: len(data) // 2])
    report = scan(tmp_path)
    assert set(states(report)) == {"unverifiable"}
    assert "LA401" in rules(report)
