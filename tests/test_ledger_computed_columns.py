"""Columns that a table need not have: computed ones of a database, and keys that few objects of a list have."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from logaudit.ledger.readers import json_rows
from logaudit.ledger.readers.json_rows import JsonReader
from logaudit.ledger.readers.sqlite import SqliteReader


def test_computed_columns_are_not_computed_and_stored_ones_are_read(tmp_path: Path) -> None:
    """One that is computed whenever it is read may take hours; the cells beside it stay in their columns."""
    path = tmp_path / "trades.db"
    with closing(sqlite3.connect(path)) as base:
        base.execute(
            "create table trades (id integer primary key, symbol text, slow text generated always as "
            "(hex(zeroblob(400000000))) virtual, net real, whole real generated always as (net * 2) stored, side text)"
        )
        base.execute("insert into trades (symbol, net, side) values ('BTC-USDT', 1.5, 'long')")
        base.commit()
    (table,) = SqliteReader().read(path)
    assert table.columns == ("id", "symbol", "net", "whole", "side")
    assert [row.cells for row in table.rows] == [("1", "BTC-USDT", "1.5", "3.0", "long")]


def test_a_table_without_row_ids_has_its_stored_columns(tmp_path: Path) -> None:
    path = tmp_path / "trades.db"
    with closing(sqlite3.connect(path)) as base:
        base.execute(
            "create table trades (id text primary key, two text generated always as (id || id), net real) without rowid"
        )
        base.execute("insert into trades (id, net) values ('a', 1.5)")
        base.commit()
    (table,) = SqliteReader().read(path)
    assert (table.columns, [row.cells for row in table.rows]) == (("id", "net"), [("a", "1.5")])


@pytest.mark.parametrize("lines", [False, True])
def test_of_objects_with_keys_of_their_own_those_that_most_have_are_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, lines: bool
) -> None:
    monkeypatch.setattr(json_rows, "_FEW_COLUMNS", 4)
    monkeypatch.setattr(json_rows, "_CELLS", 100)
    items = [{f"own{n}": n, "symbol": "BTC", "net": n, "side": "long"} for n in range(50)]
    path = tmp_path / ("trades.jsonl" if lines else "trades.json")
    path.write_text("\n".join(map(json.dumps, items)) if lines else json.dumps(items), encoding="utf-8")
    (table,) = JsonReader().read(path)
    assert set(table.columns) >= {"symbol", "net", "side"}
    assert len(table.columns) == 4
    assert len(table.rows) == 50
    assert str(table.trouble) == "its rows have more than 4 columns"
    monkeypatch.setattr(json_rows, "_FEW_COLUMNS", 64)
    (whole,) = JsonReader().read(path)
    assert (len(whole.columns), whole.trouble) == (53, None)
