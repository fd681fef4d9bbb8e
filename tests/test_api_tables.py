"""The tables of `logaudit.scan`: exact, typed, complete, and loaded when they are asked for."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import page_parts
import polars as pl
import pytest

import logaudit
from logaudit.api import Audit
from logaudit.core.errors import UserError
from logaudit.core.events import EventKind
from logaudit.renderers import json_report, positions

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "python.md"
TABLES = ("findings", "trades", "positions", "entries", "events")


@pytest.fixture(scope="module")
def clean() -> Audit:
    return logaudit.scan(ROOT / "fixtures" / "clean" / "logs", jobs=1)


def test_every_row_of_the_ledgers_names_the_trade_it_records(clean: Audit) -> None:
    """Nothing is lost in this session: trades, rows and closes are as many, and each row has its trade."""
    assert clean.verdict == "clean"
    recorded = {trade.id: trade for trade in clean.trades}
    assert len(clean.entries) == len(recorded) == clean.summary.closes
    for entry in clean.entries:
        assert entry.fields.net_pnl == recorded[entry.trade].ledger_net_pnl
        assert entry.row == recorded[entry.trade].row


def test_events_tell_every_close_once_and_where(clean: Audit) -> None:
    closes = [event for event in clean.events if event.kind is EventKind.POSITION_CLOSED]
    assert {event.log for event in closes} == {trade.log for trade in clean.trades}


def test_numbers_are_exact_unless_floats_are_asked_for(clean: Audit) -> None:
    exact, floating = clean.trades.to_polars(), clean.trades.to_polars(floats=True)
    assert exact["net_pnl"].to_list() == [trade.net_pnl for trade in clean.trades]
    assert isinstance(exact["net_pnl"][0], Decimal)
    assert floating["net_pnl"].dtype == pl.Float64
    assert exact["net_pnl"].sum() == clean.summary.log_net_pnl


@pytest.mark.parametrize("name", TABLES)
def test_frames_of_one_table_agree(clean: Audit, name: str) -> None:
    table = getattr(clean, name)
    frame = table.to_polars()
    assert (frame.height, table.to_arrow().num_rows, len(table.to_pandas())) == (len(table),) * 3
    assert frame.columns == table.to_arrow().column_names == [*table.to_pandas().columns]


def test_pandas_keeps_decimals(clean: Audit) -> None:
    assert [*clean.trades.to_pandas()["net_pnl"]] == [trade.net_pnl for trade in clean.trades]
    assert clean.trades.to_pandas(floats=True)["net_pnl"].dtype == "float64"


def test_without_pandas_the_command_that_installs_it_is_named(
    clean: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UserError, match="pip install pandas"):
        clean.trades.to_pandas()


def test_a_scan_loads_no_frames() -> None:
    code = (
        "import sys, logaudit; logaudit.scan('fixtures/seed-incident/logs', jobs=1);"
        "print({'polars', 'pyarrow', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.strip() == b"set()"


def test_a_scan_with_the_cache_gives_the_same_tables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LOGAUDIT_CACHE_DIR", str(tmp_path))
    seed = ROOT / "fixtures" / "seed-incident" / "logs"
    first, second, bare = (logaudit.scan(seed, jobs=1, cache=cache) for cache in (True, True, False))
    assert len(bare.events) > 1
    for name in TABLES:
        assert getattr(first, name) == getattr(second, name) == getattr(bare, name)


def test_a_credential_in_a_file_name_is_the_same_with_the_cache_and_without(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Values kept for the cache have no numbers of a report yet: a table that was written with them has other names."""
    value = "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6"
    logs, kept = tmp_path / "logs", tmp_path / "cache"
    shutil.copytree(ROOT / "fixtures" / "two-causes" / "logs", logs)
    for ledger in logs.glob("trades*.csv"):
        ledger.rename(ledger.with_name(f"{ledger.stem}_api_key={value}.csv"))
    log = next((logs / "futures").glob("*.log"))
    log.rename(log.with_name(f"{log.stem}_api_key={value}.log"))
    monkeypatch.setenv("LOGAUDIT_CACHE_DIR", str(kept))
    first, second, bare = (logaudit.scan(logs, jobs=1, cache=cache) for cache in (True, True, False))
    assert len(bare.entries) > 1
    assert any("«redacted" in str(entry) for entry in bare.entries)
    for name in TABLES:
        assert getattr(first, name) == getattr(second, name) == getattr(bare, name)
    told = [json_report.render(report) for report in (first, second, bare)]
    assert told == [told[0]] * 3
    assert value not in f"{told}{first}"
    assert not any(value.encode() in file.read_bytes() for file in kept.rglob("*") if file.is_file())


def test_the_page_shows_what_its_blocks_print() -> None:
    lines = PAGE.read_text(encoding="utf-8").split("\n")
    shown = {
        part.source: "\n".join(lines[part.start : part.end]) for part in page_parts.parts("\n".join(lines))
    }
    printed = runpy.run_path(str(ROOT / "docs" / "build.py"))["python_output"](PAGE)
    assert len(printed) > 4
    assert shown == {
        f"printed by: block {number} of docs/python.md": text for number, text in enumerate(printed, 1)
    }


@pytest.mark.parametrize("fixture", ["clean", "failed-write", "orphan-and-duplicate", "backfilled-rows"])
def test_trades_as_json_are_those_of_a_scan(fixture: str) -> None:
    report = logaudit.scan(ROOT / "fixtures" / fixture / "logs", jobs=1)
    alone = json.loads(positions.render(report, "trades", "json"))
    assert alone["trades"] == json.loads(json_report.render(report))["trades"] != []
