"""Tables that unpack to more than any memory: refused before they are unpacked, and a place where rows may lie."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from workbook import write_workbook

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report
from logaudit.core.trades import TradeState
from logaudit.ledger.readers import ParquetReader, SourceTable, XlsxReader, workbook_bounds
from logaudit.ledger.readers.table_reader import LatestTimes

_HEADER = ["timestamp", "symbol", "side", "entry_price", "exit_price", "size", "net_pnl", "note"]
_ROW = ["2026-01-10 10:00:05", "BTC/USDT", "long", 1, 2, 1, 1, "tp"]
_BIG = "x" * 1_000_000


def _report(folder: Path) -> Report:
    head = "2026-01-10 10:00:0{}.000 | INFO     | bot.loop:run:1 - "
    (folder / "bot.log").write_text(
        head.format(1) + "tick\n" + head.format(5) + "Position closed: BTC/USDT long entry=1 exit=2 pnl=+1\n"
    )
    return build_report(read_case([str(folder)], ScanOptions(jobs=1)))


def _parquet(folder: Path, notes: pa.Array, **settings: object) -> Path:
    cells = {name: [value] * len(notes) for name, value in zip(_HEADER, _ROW, strict=True)}
    file = folder / "trades.parquet"
    pq.write_table(pa.table({**cells, "note": notes}), file, **settings)
    return file


def _repeated(count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array([_BIG]))


def _sheet(folder: Path, xml: str, strings: str = "") -> Path:
    """A workbook of one row, with more text in its sheet."""
    file = folder / "trades.xlsx"
    write_workbook(file, {"Trades": [_HEADER, _ROW]})
    with zipfile.ZipFile(file) as book:
        parts = {info.filename: book.read(info) for info in book.infolist()}
    (name,) = [name for name in parts if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    parts[name] = parts[name].replace(b"</sheetData>", f"{xml}</sheetData>".encode())
    if strings:
        parts["xl/sharedStrings.xml"] = f"<sst><si><t>{strings}</t></si></sst>".encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for part, data in parts.items():
            book.writestr(part, data)
    return file


def _read(reader: ParquetReader | XlsxReader, file: Path) -> list[SourceTable]:
    return [*reader.read(file)]


def test_a_text_that_a_few_bytes_repeat_is_not_unpacked_as_often(tmp_path):
    with pytest.raises(ValueError, match="unpacks"):
        _read(ParquetReader(), _parquet(tmp_path, _repeated(1_000)))


def test_a_column_that_packs_to_nothing_is_not_unpacked(tmp_path):
    file = _parquet(tmp_path, pa.array([_BIG] * 300), use_dictionary=False, compression="zstd")
    with pytest.raises(ValueError, match="unpacks"):
        _read(ParquetReader(), file)


def test_a_long_note_in_some_rows_is_read(tmp_path):
    (table,) = _read(ParquetReader(), _parquet(tmp_path, _repeated(3)))
    assert [row.cells[-1] for row in table.rows] == [_BIG] * 3


def test_the_cell_farthest_out_makes_no_room_for_all_before_it(tmp_path):
    file = _sheet(tmp_path, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    with pytest.raises(ValueError, match="unpacks"):
        _read(XlsxReader(), file)
    assert [trade.state for trade in _report(tmp_path).trades] == [TradeState.UNVERIFIABLE]


def test_a_sheet_of_blanks_without_end_is_not_unpacked(tmp_path, monkeypatch):
    file = _sheet(tmp_path, " " * (3 << 20))
    assert len(_read(XlsxReader(), file)) == 1
    monkeypatch.setattr(workbook_bounds, "_PARTS", 2 << 20)
    with pytest.raises(ValueError, match="unpacks"):
        _read(XlsxReader(), file)


def test_a_shared_text_is_counted_in_each_cell_that_shows_it(tmp_path):
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(3, 200))
    with pytest.raises(ValueError, match="unpacks"):
        _read(XlsxReader(), _sheet(tmp_path, cells, _BIG))


@pytest.mark.parametrize("part", ["content.xml", "xl/workbook.bin"])
@pytest.mark.parametrize("name", ["trades.xlsx", "trades.ods", "trades.xlsb"])
def test_a_workbook_that_is_of_another_kind_as_well_is_not_opened(tmp_path, part, name):
    file = _sheet(tmp_path, "").rename(tmp_path / name)
    with zipfile.ZipFile(file, "a") as book:
        book.writestr(part, '<table:table-row table:number-rows-repeated="1000000"/>')
    with pytest.raises(ValueError, match="another kind"):
        _read(XlsxReader(), file)
    assert [trade.state for trade in _report(tmp_path).trades] == [TradeState.UNVERIFIABLE]


def test_a_row_far_below_the_others_is_read(tmp_path):
    (table,) = _read(XlsxReader(), _sheet(tmp_path, '<row r="50000"><c r="A50000"><v>1</v></c></row>'))
    assert [row.number for row in table.rows] == [2, 50_000]


def test_of_very_many_rows_that_are_left_out_each_text_is_looked_at_once(tmp_path, monkeypatch):
    looked_at: list[str] = []
    add = LatestTimes.add
    monkeypatch.setattr(
        LatestTimes, "add", lambda self, column, cells: add(self, column, [*map(_noted(looked_at), cells)])
    )
    (table,) = _read(ParquetReader(), _parquet(tmp_path, pa.array(["tp"] * 300_000)))
    assert table.left_out == 200_000
    assert set(looked_at) == {_ROW[0]}
    assert len(looked_at) < 100


def _noted(into: list[str]):
    return lambda text: (into.append(text), text)[1]
