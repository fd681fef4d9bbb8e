"""Logs that tell of very many runs, opens, ledgers or edits: what is looked through for one is not for each of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.reconcile import reconciled, touched_ledgers
from logaudit.reconcile.positions import telling

_ROWS = (
    "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n2026-01-10 09:00:00,BTC/USDT,long,1,2,1,1.5\n"
)


def _close(n: int) -> str:
    return f"Position closed: S{n % 5000}/USDT long entry={n + 1} exit={n + 2} pnl=+{n}"


def _scan(folder: Path, told: Callable[[int], str], count: int) -> None:
    """Scans a log of so many messages, ten of them in each second, beside a ledger."""
    moments = (
        f"2026-01-10 {10 + n // 36_000}:{n // 600 % 60:02}:{n // 10 % 60:02}.{n % 10}00" for n in range(count)
    )
    lines = (f"{at} | INFO     | bot.loop:run:1 - {told(n)}\n" for n, at in enumerate(moments))
    (folder / "bot.log").write_text("".join(lines))
    (folder / "trades.csv").write_text(_ROWS)
    build_report(read_case([str(folder)], ScanOptions(jobs=1)))


def _counted(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> list[int]:
    """Notes each call of a function."""
    calls: list[int] = []
    called = getattr(owner, name)

    def counting(*args: Any, **named: Any) -> Any:
        calls.append(1)
        return called(*args, **named)

    monkeypatch.setattr(owner, name, counting)
    return calls


def _looked_through(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Notes each time that all closes of a session are asked for."""
    calls: list[int] = []
    closed = reconciled.Session.closed.fget
    monkeypatch.setattr(reconciled.Session, "closed", property(lambda s: (calls.append(1), closed(s))[1]))
    return calls


def test_closes_are_looked_through_once_and_not_for_each_run(tmp_path, monkeypatch):
    calls = _looked_through(monkeypatch)
    _scan(tmp_path, lambda n: _close(n) if n % 2 else "Bot started", 400)
    assert len(calls) < 200


def test_closes_are_looked_through_once_and_not_for_each_ledger_that_the_log_names(tmp_path, monkeypatch):
    calls = _looked_through(monkeypatch)
    _scan(tmp_path, lambda n: _close(n) if n % 2 else f"Created new trades CSV: logs/trades_{n}.csv", 400)
    assert len(calls) < 200


def test_edits_of_a_ledger_are_not_looked_through_for_each_close(tmp_path, monkeypatch):
    calls = _counted(monkeypatch, touched_ledgers, "symbol_key")
    _scan(tmp_path, lambda n: "Deleted 3 rows from trades.csv" if n % 2 else _close(n), 400)
    assert 0 < len(calls) < 2_000


def test_closes_of_one_result_are_told_apart_by_their_ids_at_first_sight(tmp_path, monkeypatch):
    calls = _counted(monkeypatch, telling, "_says_again")
    _scan(tmp_path, lambda n: f"Position closed: BTC/USDT long exit=2 pnl=+1 trade_id=T{n}", 400)
    assert len(calls) < 1_000


def test_closes_of_one_result_are_told_apart_by_their_exit_prices_at_first_sight(tmp_path, monkeypatch):
    calls = _counted(monkeypatch, telling, "_says_again")
    _scan(tmp_path, lambda n: f"Position closed: BTC/USDT long exit={n + 2} pnl=+1", 400)
    assert len(calls) < 1_000


def test_opens_are_not_looked_through_for_each_position_that_was_opened_again(tmp_path):
    begin = time.process_time()
    _scan(tmp_path, lambda n: f"Position opened: BTC/USDT long size=1 entry={n + 1}", 6_000)
    assert time.process_time() - begin < 8
