"""The fixtures: the committed tree is what build.py writes, and it writes the same everywhere."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "fixtures"
NAMES = sorted(path.parent.name for path in ROOT.glob("*/expected.json"))
_LIMIT = 2_000_000


def _build(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", str(ROOT / "build.py"), *arguments],
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _expected(name: str) -> dict[str, object]:
    return json.loads((ROOT / name / "expected.json").read_text(encoding="utf-8"))


def test_committed_tree_is_up_to_date():
    done = _build("--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_builds_are_identical_whatever_the_environment(tmp_path):
    for name, zone, seed in (("a", "UTC", "0"), ("b", "Asia/Tokyo", "77")):
        done = _build("--into", str(tmp_path / name), TZ=zone, PYTHONHASHSEED=seed, LC_ALL="C")
        assert done.returncode == 0, done.stderr
    built = _digests(tmp_path / "a")
    assert built == _digests(tmp_path / "b")
    assert built == {path: digest for path, digest in _digests(ROOT).items() if path.split("/")[0] in NAMES}


def test_check_names_stale_missing_and_strange_files(tmp_path):
    assert _build("--into", str(tmp_path)).returncode == 0
    (tmp_path / "clean" / "expected.json").write_text("{}", encoding="utf-8")
    (tmp_path / "clean" / "logs" / "trades_2026-02-10.csv").unlink()
    (tmp_path / "clean" / "logs" / "notes.txt").write_text("?", encoding="utf-8")
    (tmp_path / "retired").mkdir()
    (tmp_path / "retired" / "expected.json").write_text("{}", encoding="utf-8")
    done = _build("--check", "--into", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "clean/expected.json: differs",
        "clean/logs/notes.txt: should not be there",
        "clean/logs/trades_2026-02-10.csv: missing",
        "retired/expected.json: should not be there (no such fixture)",
    ]


def test_building_mends_a_spoilt_tree(tmp_path):
    assert _build("--into", str(tmp_path)).returncode == 0
    (tmp_path / "clean" / "expected.json").unlink()
    (tmp_path / "clean" / "logs" / "notes.txt").write_text("?", encoding="utf-8")
    assert _build("--into", str(tmp_path)).returncode == 0
    assert _build("--check", "--into", str(tmp_path)).returncode == 0


def test_the_tree_stays_small():
    size = sum(path.stat().st_size for name in NAMES for path in (ROOT / name).rglob("*") if path.is_file())
    assert size < _LIMIT


@pytest.mark.parametrize("name", NAMES)
def test_expected_figures_agree_with_each_other(name):
    expected = _expected(name)
    summary, states, trades = expected["summary"], expected["states"], expected["trades"]
    missing = {"silent-drop", "false-ack", "failed-write", "backfilled"}
    assert sum(states.values()) == len(trades)
    assert summary["closes"] == summary["recorded"] + summary["missing"]
    assert summary["missing"] == sum(states.get(state, 0) for state in missing)
    assert Decimal(summary["unrecorded_net_pnl"]) == sum(
        (Decimal(t["net_pnl"]) for t in trades if t["state"] in missing - {"backfilled"}), Decimal(0)
    )
    assert summary["lost"] == summary["missing"] - summary["backfilled"]
    parts = {name: Decimal(amount) for name, amount in expected["log_money"].items()}
    assert parts["total"] == sum(parts.values()) - parts["total"] == Decimal(summary["log_net_pnl"])
    assert not {finding["rule"] for finding in expected["findings"]} & set(expected["silent"])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "damaged-archive"])
def test_closes_stand_in_the_logs_at_the_time_expected(name):
    """A close's printed second and its symbol are on one line that says closed, exit or ЗАКРЫТА."""
    lines = [line for text in _logs(ROOT / name / "logs") for line in text.splitlines()]
    said = [line for line in lines if any(word in line for word in ("ЗАКРЫТА", "закрыта", "Closed", "EXIT"))]
    for trade in _expected(name)["trades"]:
        second = trade["closed"].replace("T", " ")[:19]
        found = any(line.startswith(second) and trade["symbol"] in line for line in said)
        assert found == bool(trade["net_pnl"]), trade


def _logs(folder: Path) -> list[str]:
    texts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                assert archive.testzip() is None
                texts += [archive.read(member).decode() for member in archive.namelist()]
        elif path.suffix == ".gz":
            texts.append(gzip.decompress(path.read_bytes()).decode())
        elif path.suffix == ".log":
            texts.append(path.read_bytes().decode())
    return texts


def test_the_seed_incident_is_as_its_document_says():
    logs = ROOT / "seed-incident" / "logs"
    header = (logs / "trades_2025-11-27.csv").read_bytes()
    assert len(header) == 109
    assert header.endswith(b"\r\n")
    assert not (logs / "trades_2025-11-28.csv").exists()
    assert (logs / "futures" / "debug" / "debug_20251127_225221.csv").exists()
    archives = sorted(path.name for path in (logs / "futures").glob("*.zip"))
    assert len(archives) == 111
    assert archives[:3] == [
        "futures_main_2025-11-28.2025-11-28_00-05-07_046547.log.zip",
        "futures_main_2025-11-28.2025-11-28_00-17-33_039647.log.zip",
        "futures_main_2025-11-28.2025-11-28_00-28-56_884048.log.zip",
    ]
    info = (logs / "futures" / "info_2025-11-28.log").read_bytes().decode()
    close = (
        "2025-11-28 05:13:38.049 | INFO | ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT SHORT\n"
        "   Entry price: $91480.000000\n"
        "   Exit price: $90579.200000\n"
        "   Gross PnL: $+2.1619 USDT\n"
        "   Net PnL: $+1.9434 USDT\n"
        "   Причина закрытия: tp\n"
    )
    assert close.replace("\n", "\r\n") in info
    everything = "".join(_logs(logs))
    for absent in ("PerformanceTracker", "trades CSV", "TRADE RECORDED", "записана в CSV", "| ERROR"):
        assert absent not in everything
    assert everything.count("ЗАКРЫТА") == 1
