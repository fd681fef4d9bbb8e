"""Logs that tell of very many runs, opens, ledgers or edits: what is looked through for one is not for each of them."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report
from logaudit.core.secrets import recognise
from logaudit.ledger import columns, convention, newest_lines
from logaudit.profiles.profile import LedgerSpec
from logaudit.reconcile import ledger_copies, number_index, reconciled, rooms, touched_ledgers
from logaudit.reconcile.matching import assign_offers
from logaudit.reconcile.positions import telling

_ROWS = (
    "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n2026-01-10 09:00:00,BTC/USDT,long,1,2,1,1.5\n"
)


def _close(n: int) -> str:
    return f"Position closed: S{n % 5000}/USDT long entry={n + 1} exit={n + 2} pnl=+{n}"


def _scan(folder: Path, told: Callable[[int], str], count: int, table: str = _ROWS) -> None:
    """Scans a log of so many messages, ten of them in each second, beside a ledger."""
    moments = (
        f"2026-01-10 {10 + n // 36_000}:{n // 600 % 60:02}:{n // 10 % 60:02}.{n % 10}00" for n in range(count)
    )
    lines = (f"{at} | INFO     | bot.loop:run:1 - {told(n)}\n" for n, at in enumerate(moments))
    (folder / "bot.log").write_text("".join(lines))
    (folder / "trades.csv").write_text(table)
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


def _table(folder: Path, lines: list[str]) -> Report:
    """Scans a table of these lines beside a log of one close that it has no row of."""
    (folder / "bot.log").write_text(
        "2026-01-10 10:00:00.000 | INFO     | bot.loop:run:1 - tick\n"
        f"2026-01-10 10:00:01.000 | INFO     | bot.loop:run:1 - {_close(7)}\n"
        "2026-01-10 10:00:09.000 | INFO     | bot.loop:run:1 - tick\n"
    )
    (folder / "trades.csv").write_text("".join(lines))
    return build_report(read_case([str(folder)], ScanOptions(jobs=1)))


_HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl{}\n"
_ROW = "2026-01-10 09:{:02}:{:02},BTC/USDT,long,{},2,1,1.5{}\n"


def _row(n: int, more: str = "") -> str:
    return _ROW.format(n // 60 % 60, n % 60, n + 1, more)


def test_lines_below_each_of_very_many_headers_are_not_all_looked_at(tmp_path, monkeypatch):
    calls = _counted(monkeypatch, convention, "split")
    headers = (_HEADER.format(f",note {n % 3}") for n in range(600))
    report = _table(tmp_path, [line for n, header in enumerate(headers) for line in (header, _row(n, ",x"))])
    assert report.ledgers[0].rows == 600
    assert len(calls) < 40_000


def test_a_header_that_is_repeated_is_known_by_its_text(tmp_path, monkeypatch):
    calls = _counted(monkeypatch, columns, "named_columns")
    report = _table(tmp_path, [line for n in range(500) for line in (_HEADER.format(""), _row(n))])
    assert report.ledgers[0].rows == 500
    assert len(calls) < 100


def test_of_a_long_table_with_very_many_headers_each_is_understood_once(tmp_path, monkeypatch):
    calls = _counted(monkeypatch, newest_lines, "infer_convention")
    lines = [f"{_HEADER.format(',' + 'ab'[n % 2])}{_row(n, ',x')}".encode() for n in range(300)]
    found = newest_lines.newest_lines(
        [(n, line) for n, line in enumerate(b"".join(lines).splitlines())], LedgerSpec(), {}, table_rows=100
    )
    assert found is not None
    assert found.rows == 300
    assert len(calls) == 2


def test_thousands_of_ledgers_are_not_compared_with_each_other(tmp_path, monkeypatch):
    aside = _counted(monkeypatch, ledger_copies, "is_set_aside")
    for n in range(400):
        (tmp_path / f"trades-{n}.csv").write_text(_HEADER.format("") + _row(n))
    _scan(tmp_path, _close, 20)
    assert len(aside) < 4_000


def test_a_line_with_a_credential_is_redacted_once_for_all_closes_around_it(tmp_path, monkeypatch):
    calls = _counted(monkeypatch, recognise, "view_of")
    _scan(tmp_path, lambda n: f"{_close(n)} api_key=abcdef0123456789{n:06}", 400)
    assert len(calls) < 10 * 400


def test_lines_that_cannot_be_read_are_not_looked_through_for_each_close(tmp_path, monkeypatch):
    compared = [_counted(monkeypatch, module, "agree") for module in (number_index, rooms)]
    rows = [
        _row(n).replace(",long,", ",long,x").replace(",2,1,1.5", f",{n + 2_300},1,1.5") for n in range(600)
    ]
    table = "".join([_HEADER.format(""), *rows])
    _scan(
        tmp_path,
        lambda n: f"Position closed: BTC/USDT long entry={n + 100} exit={n + 2000} pnl=+1",
        600,
        table,
    )
    assert 0 < sum(map(len, compared)) < 20_000


def test_pairs_of_a_crowd_take_little_memory():
    crowd = {
        left: {right: abs(left - right) * 10**9 + right for right in range(left, left + 16)}
        for left in range(3_000)
    }
    tracemalloc.start()
    try:
        assert len(assign_offers(crowd)[0]) == 3_000
        assert tracemalloc.get_traced_memory()[1] < 3_000 * 16 * 100
    finally:
        tracemalloc.stop()


def test_the_events_of_a_run_are_not_looked_through_for_each_loss(tmp_path, monkeypatch):
    looked_at: list[int] = []
    by_run = reconciled.Session._events_by_run.func
    monkeypatch.setattr(
        reconciled.Session, "_events_by_run", property(lambda s: (looked_at.append(1), by_run(s))[1])
    )
    _scan(tmp_path, _close, 400)
    assert len(looked_at) < 50
