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

from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.ledger import Ledger
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


def drifted(count: int, *, from_: int, values: tuple[object, ...]) -> list[list[object]]:
    """Rows of which some have cells between their entry and their exit that the header does not name."""
    found: list[list[object]] = []
    for n in range(count):
        first = [f"2026-04-02 09:{n:02d}:30", f"{['AVAX', 'DOT', 'SOL'][n % 3]}-USDT", "long", 20.11 + n]
        found.append([*first, *(values if n >= from_ else ()), 20.61 + n, 3 + n, round(0.5 * (3 + n), 2)])
    return found


DRIFTING = ["close_time", "symbol", "side", "entry_price", "exit_price", "size", "pnl"]


@pytest.mark.parametrize("from_", [0, 6])
def test_rows_of_a_sheet_that_are_wider_than_its_header_are_read_by_their_cells(tmp_path, from_):
    told = drifted(12, from_=from_, values=("limit",))
    write_workbook(tmp_path / "trades.xlsx", {"Closed": [DRIFTING, *told]})
    (ledger,) = ledgers(tmp_path)
    assert [(r.fields.entry_price, r.fields.exit_price, r.fields.size) for r in ledger.rows] == [
        (Decimal(str(row[3])), Decimal(str(row[-3])), Decimal(str(row[-2]))) for row in told
    ]
    assert [(g.cells, g.named, g.rows) for g in ledger.widths] == [(8, 7, 12 - from_)]


def test_a_remark_behind_a_row_of_a_sheet_is_no_drift(tmp_path):
    told = drifted(12, from_=12, values=())
    told[4].append("checked by hand")
    write_workbook(tmp_path / "trades.xlsx", {"Closed": [DRIFTING, *told]})
    (ledger,) = ledgers(tmp_path)
    assert (len(ledger.rows), len(ledger.rejected), ledger.widths) == (11, 1, ())


def ledgers(folder: Path) -> list[Ledger]:
    case = read_case([folder], ScanOptions(jobs=1))
    return [lc.ledger for session in case.sessions for lc in session.ledgers]
