"""The trials that are run by hand, in small: their longer runs differ in nothing but their count."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from program import run

from tests.trials import changes, damages, kills


def test_no_damage_makes_or_hides_a_claim() -> None:
    assert damages.run(156, 1, "") == []


@pytest.mark.parametrize("date", ["2026-01-18", "2026-01-70", "2026-07-10", "2036-01-10"])
def test_a_close_whose_row_bears_another_date_and_all_its_numbers_is_not_lost(
    tmp_path: Path, date: str
) -> None:
    log, ledger, _ = damages.plain_night(lossy=False)
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "bot.log").write_bytes(log)
    last = ledger.rindex(b"2026-01-10")
    (logs / "trades.csv").write_bytes(ledger[:last] + date.encode() + ledger[last + len(date) :])
    report = json.loads(run(tmp_path, "scan", "logs", "-q", "--no-cache", "--output-format", "json").stdout)
    assert {trade["state"] for trade in report["trades"]}.isdisjoint({"silent-drop", "false-ack"})


def test_every_changed_byte_of_a_bundle_is_found() -> None:
    assert changes.run(6, 1, "") == []


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("command", ["extract", "bundle"])
def test_a_kill_leaves_nothing_behind(command: str) -> None:
    assert kills.run(2, 2, command) == []
