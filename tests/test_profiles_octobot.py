"""The profile of OctoBot: filled orders in its log, a TinyDB document of fills as its ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import logaudit
from logaudit.core.report import Report
from logaudit.ledger.readers.json_rows import JsonReader

START = datetime(2025, 5, 6, 8, 0, tzinfo=UTC)


class Fill(NamedTuple):
    """An order that was filled: at the price that was asked for, or at another one."""

    number: int
    symbol: str
    side: str
    at: datetime
    asked: str
    got: str
    size: str

    @property
    def id(self) -> str:
        return f"{self.number * 0x9E3779B97F4A7C15 % 2**64:016x}"


def fills(size: Callable[[int], str] = lambda i: f"{0.5 + 0.13 * i:.4f}") -> list[Fill]:
    return [
        Fill(
            i + 1,
            ("LTC/USDT", "ATOM/USDT")[i // 2 % 2],
            ("buy", "sell")[i % 2],
            START + timedelta(minutes=11 * i + i * i),
            f"{84 + i}.250",
            f"{84 + i}.25" if i % 2 else f"{84 + i}.31",
            size(i // 2),
        )
        for i in range(12)
    ]


def line(fill: Fill) -> str:
    kind = f"{fill.side.upper()}_{'LIMIT' if fill.number % 2 == 0 else 'MARKET'}"
    order = (
        f"{fill.symbol} | {kind} | Price : {fill.asked} | Quantity : {fill.size} | State : filled | id : {fill.id} "
        f"exchange id: 77{fill.number}"
    )
    return (
        f"{fill.at:%Y-%m-%d %H:%M:%S} INFO   {'Order ' + fill.id:20} fill_order_state.py:96       "
        f"{order} filled on binance"
    )


def row(fill: Fill, own: str) -> dict[str, Any]:
    return {
        "x": round(fill.at.timestamp() * 1000) - 700,
        "text": f"limit {fill.side} {fill.size} at {fill.got}",
        "id": own,
        "symbol": fill.symbol,
        "trading_mode": "DailyTradingMode",
        "type": "limit",
        "volume": float(fill.size),
        "y": float(fill.got),
        "cost": float(fill.got) * float(fill.size),
        "state": "filled",
        "side": fill.side,
        "size": "10",
        "fees_amount": 0.04,
        "fees_currency": "USDT",
    }


def scan(
    folder: Path,
    told: Sequence[Fill],
    kept: Sequence[Fill],
    own: Callable[[Fill], str] = lambda fill: fill.id,
) -> Report:
    (folder / "OctoBot.log").write_text("\n".join(map(line, told)) + "\n", encoding="utf-8")
    rows = {str(n + 1): row(fill, own(fill)) for n, fill in enumerate(kept)}
    document = {"_default": {}, "trades": rows}
    (folder / "trades.json").write_text(json.dumps(document), encoding="utf-8")
    return logaudit.scan(folder)


def lost(report: Report) -> list[object]:
    return [finding.data["order_id"] for finding in report.findings if finding.rule == "LA115"]


OTHER_IDS: Callable[[Fill], str] = lambda fill: f"T-{fill.number * 7 + 900_000}"  # noqa: E731


@pytest.mark.parametrize("own", [lambda fill: fill.id, OTHER_IDS], ids=["same ids", "other ids"])
def test_a_whole_ledger_is_clean(tmp_path: Path, own: Callable[[Fill], str]) -> None:
    report = scan(tmp_path, fills(), fills(), own)
    assert [choice.name for choice in report.profiles] == ["octobot"]
    assert not report.findings


def test_a_fill_whose_order_has_no_row_is_lost(tmp_path: Path) -> None:
    told = fills()
    assert lost(scan(tmp_path, told, [*told[:5], *told[6:]])) == [told[5].id]


def test_without_a_common_id_nothing_is_lost(tmp_path: Path) -> None:
    """Symbol, side, size and time link what was written; the price got may be another than the one asked for."""
    told = fills()
    report = scan(tmp_path, told, [*told[:5], *told[6:]], OTHER_IDS)
    assert not report.findings


def test_fills_alike_that_no_id_tells_apart_are_not_linked(tmp_path: Path) -> None:
    alike = [
        fill._replace(at=START + timedelta(seconds=n), symbol="LTC/USDT")
        for n, fill in enumerate(fills(lambda _: "2.5"))
    ]
    report = scan(tmp_path, alike, alike[:-2], OTHER_IDS)
    assert not report.findings
    assert report.verdict == "not-judged"


@pytest.mark.parametrize("gap", ["", "NaN"], ids=["strict", "with NaN"])
def test_tables_by_name_with_rows_by_id_are_read(tmp_path: Path, gap: str) -> None:
    rows = {"1": {"a": 1}, "2": {"a": 2}}
    file = tmp_path / "base.json"
    text = json.dumps({"_default": {}, "trades": rows, "orders": {"7": {"b": 1}}})
    file.write_text(text.replace('"a": 2', f'"a": {gap or 2}'), encoding="utf-8")
    tables = {table.name: [row.cells for row in table.rows] for table in JsonReader().read(file)}
    assert tables == {"trades": [("1",), (gap or "2",)], "orders": [("1",)]}


def test_rows_that_hold_objects_stay_rows(tmp_path: Path) -> None:
    file = tmp_path / "base.json"
    rows = {f"t{i}": {"symbol": "LTC", "entry": {"price": i}, "exit": {"price": i}} for i in range(3)}
    file.write_text(json.dumps(rows), encoding="utf-8")
    (table,) = JsonReader().read(file)
    assert table.columns == ("symbol", "entry", "exit")
