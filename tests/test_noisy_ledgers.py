"""Bytes that are no text in a ledger: a row may have stood there, whatever the cells of the line say now."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from program import Done, run

from tests.trials.damages import plain_night, reversed_night

NIGHTS = pytest.mark.parametrize("night", [plain_night, reversed_night])


def scan(folder: Path, log: bytes, ledger: bytes) -> tuple[Done, dict[str, Any]]:
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    (logs / "futures_main_2026-01-10.log").write_bytes(log)
    (logs / "trades_2026-01-10.csv").write_bytes(ledger)
    done = run(folder, "scan", "logs", "-q", "--no-cache", "--output-format", "json")
    return done, json.loads(done.stdout)


def state_of(report: dict[str, Any], symbol: str) -> list[str]:
    return [trade["state"] for trade in report["trades"] if trade["symbol"] == symbol]


@NIGHTS
@pytest.mark.parametrize("noise", [b"\x0e", b"\x83\xff\xfe", b"\xef\xbf\xbd", b"\x02\x9c\x11\xf5"])
def test_a_row_that_noise_joins_with_the_one_before_is_not_lost(
    night: Any, noise: bytes, tmp_path: Path
) -> None:
    log, ledger, _ = night(lossy=False)
    lines = ledger.splitlines(keepends=True)
    for at in range(len(lines) - 1):
        joined = lines[at][:-1] + noise + lines[at + 1]
        _, report = scan(tmp_path, log, b"".join([*lines[:at], joined, *lines[at + 2 :]]))
        assert "silent-drop" not in {trade["state"] for trade in report["trades"]}


@NIGHTS
def test_noise_over_two_rows_that_leaves_one_is_room(night: Any, tmp_path: Path) -> None:
    log, ledger, _ = night(lossy=False)
    at = ledger.index(b"SOL-USDT") + 4
    end = ledger.index(b"-USDT", at + 10)
    _, report = scan(tmp_path, log, ledger[:at] + b"\xf1\x02\x80" + ledger[end:])
    assert "silent-drop" not in {trade["state"] for trade in report["trades"]}


@NIGHTS
def test_a_loss_beside_noise_is_not_judged_and_one_elsewhere_is_claimed(night: Any, tmp_path: Path) -> None:
    log, ledger, _ = night(lossy=True)
    for symbol, code, state in ((b"DOT", 3, "unverifiable"), (b"SOL", 1, "silent-drop")):
        at = ledger.index(symbol)
        done, report = scan(tmp_path, log, ledger[:at] + b"\x02" + ledger[at + 1 :])
        assert (done.returncode, state_of(report, "ETH-USDT")) == (code, [state])
        assert "bytes that are no text" in done.stdout


@NIGHTS
@pytest.mark.parametrize(
    "word", ["\u2705", "\u00a0", "\u200d", "\U0001f468\u200d\U0001f469", "\\x0e", "\u0434\u0430"]
)
def test_letters_of_any_kind_are_no_noise(night: Any, word: str, tmp_path: Path) -> None:
    log, ledger, _ = night(lossy=True)
    first, *rows = ledger.decode().splitlines()
    text = "".join(f"{line}\n" for line in (f"{first},comment", *(f"{row},{word}" for row in rows)))
    done, report = scan(tmp_path, log, text.encode())
    assert (done.returncode, state_of(report, "ETH-USDT")) == (1, ["silent-drop"])
    assert "bytes that are no text" not in done.stdout


def test_a_header_that_holds_a_time_took_a_row(tmp_path: Path) -> None:
    log, ledger, _ = plain_night(lossy=False)
    _, report = scan(tmp_path, log, ledger.replace(b"\n", b"*", 1))
    assert state_of(report, "BTC-USDT") != ["silent-drop"]


def test_the_rest_of_a_row_that_shows_no_time_is_room(tmp_path: Path) -> None:
    log, ledger, _ = plain_night(lossy=False)
    at = ledger.index(b":15:30,SOL")
    _, report = scan(tmp_path, log, ledger[:at] + b":" + ledger[ledger.index(b",2.25") :])
    assert state_of(report, "SOL-USDT") == ["unverifiable"]
