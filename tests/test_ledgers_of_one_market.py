"""Tables without a column for the market: the settings state it, the file's name, or logs that name one alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from program import run

import logaudit
from logaudit.core.report import Report
from logaudit.ledger.market_in_name import market_in_name

START = datetime(2026, 5, 14, 8, 0)  # noqa: DTZ001 - the bot's own clock
#: Entry, exit and size of long trades.
TRADES = (("57602.5", "57450.1", "0.48"), ("57310.0", "57811.2", "0.31"), ("57999.9", "58123.4", "0.12"),
          ("58001.7", "57640.5", "0.77"), ("57777.7", "57901.1", "0.25"))  # fmt: skip
WHOLE = "closed_at,side,size,entry_price,exit_price,pnl"


def pnl(entry: str, out: str, size: str) -> Decimal:
    return ((Decimal(out) - Decimal(entry)) * Decimal(size)).quantize(Decimal("0.0001"))


def write(folder: Path, name: str, kept: Sequence[int], header: str = WHOLE) -> None:
    lines, rows = [], []
    for i, (entry, out, size) in enumerate(TRADES):
        at = START + timedelta(minutes=31 * i)
        lines += [
            f"{at - timedelta(minutes=7)} | INFO     | bot:enter:51 - Opened LONG BTCUSDT qty={size} entry={entry}",
            (
                f"{at} | INFO     | bot.core:leave:97 - Closed LONG BTCUSDT qty={size} entry={entry} "
                f"exit={out} pnl={pnl(entry, out, size):+} USDT"
            ),
        ]
        cells = {"closed_at": str(at), "side": "LONG", "size": size, "entry_price": entry, "exit_price": out,
                 "pnl": str(pnl(entry, out, size))}  # fmt: skip
        if i in kept:
            rows.append(",".join(cells[name] for name in header.split(",")))
    (folder / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def missing(report: Report) -> list[object]:
    return [f.data["exit_price"] for f in report.findings if f.rule == "LA101"]


@pytest.mark.parametrize("name", ["trades_BTCUSDT.csv", "BTC-USDT closed trades.csv"])
def test_the_files_name_names_the_market(tmp_path: Path, name: str) -> None:
    write(tmp_path, name, [0, 1, 3, 4])
    report = logaudit.scan(tmp_path)
    assert missing(report) == ["58123.4"]
    assert report.summary.recorded == 4
    assert not {"LA208", "LA209"} & {f.rule for f in report.findings}


def test_a_whole_ledger_of_one_market_is_clean(tmp_path: Path) -> None:
    write(tmp_path, "trades_BTCUSDT.csv", range(5))
    report = logaudit.scan(tmp_path)
    assert not report.findings
    assert report.not_judged is None


@pytest.mark.parametrize("header", ["closed_at,pnl", "closed_at,side,size,exit_price"])
def test_a_name_makes_no_ledger_of_a_table_of_less(tmp_path: Path, header: str) -> None:
    """A curve of results, or a list of exits, may be of anything."""
    write(tmp_path, "curve_BTCUSDT.csv", range(4), header)
    report = logaudit.scan(tmp_path)
    assert not missing(report)
    assert not report.ledgers


def test_the_market_of_another_ledger_proves_no_loss(tmp_path: Path) -> None:
    """The rows are the closes, whatever market the file is called by: all numbers say so."""
    write(tmp_path, "trades_ETHUSDT.csv", range(5))
    report = logaudit.scan(tmp_path)
    assert not missing(report)


def test_the_settings_state_the_market(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs, "journal.csv", [0, 1, 3, 4])
    with (logs / "bot.log").open("a", encoding="utf-8") as log:
        log.write(
            f"{START + timedelta(hours=9)} | INFO     | bot:watch:12 - ETHUSDT is watched from now on\n"
        )
    before = run(tmp_path, "scan", logs)
    assert "LA101" not in before.stdout
    (tmp_path / "logaudit.toml").write_text(
        '[[ledgers]]\nfiles = "journal.csv"\nsymbol = "BTCUSDT"\n', encoding="utf-8"
    )
    after = run(tmp_path, "scan", logs)
    assert "LA101 missing-row" in after.stdout
    assert "1 missing" in after.stdout
    shown = run(tmp_path, "profile", "ledger", logs / "journal.csv")
    assert 'symbol = "BTCUSDT"' in shown.stdout


def test_restored_rows_of_one_market_have_no_cell_for_it(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs, "trades_BTCUSDT.csv", [0, 1, 3, 4])
    made = run(tmp_path, "restore", logs, "-o", "restored")
    assert made.returncode == 0, made.stderr
    patches = [p.read_text(encoding="utf-8") for p in (tmp_path / "restored").rglob("*") if p.is_file()]
    assert any("58123.4" in text for text in patches)


@pytest.mark.parametrize(
    ("name", "market"),
    [
        ("trades_BTCUSDT.csv", "BTCUSDT"),
        ("2026-02-10 ETH-USDT.csv", "ETH-USDT"),
        ("BTCUSDT.ETHUSDT.csv", ""),
        ("TRADES-USDT.csv", ""),
        ("trades_usdt.csv", ""),
        ("20260210-USD.csv", ""),
        ("trades.csv", ""),
    ],
)
def test_a_name_names_one_market_or_none(name: str, market: str) -> None:
    assert market_in_name(name) == market


def test_logs_that_name_one_market_name_that_of_the_table(tmp_path: Path) -> None:
    write(tmp_path, "trades.csv", [0, 1, 3, 4])
    report = logaudit.scan(tmp_path)
    assert missing(report) == ["58123.4"]
    assert report.summary.recorded == 4


def test_logs_that_name_another_market_too_name_none(tmp_path: Path) -> None:
    write(tmp_path, "trades.csv", [0, 1, 3, 4])
    with (tmp_path / "bot.log").open("a", encoding="utf-8") as log:
        log.write(
            f"{START + timedelta(hours=9)} | INFO     | bot:watch:12 - ETHUSDT is watched from now on\n"
        )
    report = logaudit.scan(tmp_path)
    assert not missing(report)
    assert "LA209" in {f.rule for f in report.findings}


def three_markets(
    folder: Path, ledgers: Sequence[str], *, lost: int = -1, name: str = "{market}_trades.csv"
) -> Report:
    """Three trades of each of three markets, and the ledgers of some of these."""
    lines, rows = [], dict[str, list[str]]()
    for n, market in enumerate(("BTCUSDT", "ETHUSDT", "SOLUSDT") * 3):
        entry, out, size = TRADES[n % 5]
        end = START + timedelta(minutes=10 * n + 5)
        gain = pnl(entry, out, size)
        lines += [f"{end - timedelta(minutes=4)},100 INFO Opened long {market}: {size} @ {entry}"]
        lines += [f"{end},200 INFO Closed long {market}: {size} @ {out}, pnl={gain}"]
        if n != lost:
            rows.setdefault(market, []).append(f"{end},{market},long,{size},{entry},{out},{gain}")
    (folder / "bot.log").write_text("".join(f"{line}\n" for line in lines))
    for market in ledgers:
        table = ["time,symbol,side,size,entry,exit,pnl", *rows[market]]
        (folder / name.format(market=market)).write_text("".join(f"{row}\n" for row in table))
    return logaudit.scan(folder)


def test_where_each_market_has_a_ledger_that_of_another_may_lie_elsewhere(tmp_path: Path) -> None:
    report = three_markets(tmp_path, ["BTCUSDT", "ETHUSDT"])
    assert (report.summary.missing, report.summary.unverifiable) == (0, 3)
    assert "market-without-ledger" in {said.code for said in report.unjudged}


def test_a_close_of_a_market_whose_ledger_is_at_hand_is_lost(tmp_path: Path) -> None:
    assert three_markets(tmp_path, ["BTCUSDT", "ETHUSDT"], lost=3).summary.missing == 1


def test_ledgers_that_are_not_called_like_markets_are_of_all(tmp_path: Path) -> None:
    assert three_markets(tmp_path, ["BTCUSDT"], name="trades.csv").summary.missing == 6
