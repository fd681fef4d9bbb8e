"""One log of several accounts, each with a ledger: the closes of an account whose ledger is not at hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report

START = datetime(2026, 7, 3, 6, 5)  # noqa: DTZ001 - the bot's own clock
COUNT = 14


def scan(
    folder: Path,
    ledgers: dict[str, list[int]],
    labels: tuple[str, ...] = ("[main]", "[hedge]"),
    opens: str = "",
) -> Report:
    """Closes of two accounts in turn; each ledger holds the rows of some of them, by their numbers."""
    lines, rows = [], {}
    for n in range(COUNT):
        at = START + timedelta(minutes=17 * n, seconds=7 * n)
        entry, out, pnl = f"{140 + n}.25", f"{143 + 2 * n}.5", f"{3 + 1.37 * n:.4f}"
        text = f"ETHUSDT entry={entry} size=0.{n + 11}"
        label = labels[n % len(labels)]
        lines += [
            f"{at - timedelta(minutes=6)},120 INFO [bot] {opens or label} Opened long {text}",
            f"{at},310 INFO [bot] {label} Position closed: long {text} exit={out} pnl={pnl}",
        ]
        rows[n] = f"{at},ETHUSDT,long,{entry},{out},0.{n + 11},{pnl}"
    (folder / "bot.log").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for name, kept in ledgers.items():
        text = "".join(f"{rows[n]}\n" for n in kept)
        header = "closed_at,symbol,side,entry_price,exit_price,size,pnl\n"
        (folder / name).write_text(header + text, encoding="utf-8")
    return build_report(read_case([folder], ScanOptions(jobs=1)))


MAIN, HEDGE = [*range(0, COUNT, 2)], [*range(1, COUNT, 2)]


def test_closes_of_an_account_without_a_ledger_are_not_lost(tmp_path):
    summary = scan(tmp_path, {"trades_main.csv": MAIN}).summary
    assert (summary.recorded, summary.missing, summary.unverifiable) == (len(MAIN), 0, len(HEDGE))


def test_a_close_of_the_account_with_a_ledger_is_lost(tmp_path):
    summary = scan(tmp_path, {"trades_main.csv": [n for n in MAIN if n != 6]}).summary
    assert (summary.missing, summary.unverifiable) == (1, len(HEDGE))


@pytest.mark.parametrize(
    ("ledgers", "labels"),
    [
        # Both ledgers are at hand.
        ({"trades_main.csv": MAIN, "trades_hedge.csv": [HEDGE[0]]}, ("[main]", "[hedge]")),
        # The only ledger is called by no account.
        ({"trades.csv": MAIN}, ("[main]", "[hedge]")),
        # It holds rows of both.
        ({"trades_main.csv": [*MAIN, HEDGE[0]]}, ("[main]", "[hedge]")),
        # The lines tell of no account.
        ({"trades_main.csv": MAIN}, ("", "")),
    ],
)
def test_without_that_they_are_lost(tmp_path, ledgers, labels):
    kept = {n for rows in ledgers.values() for n in rows}
    assert scan(tmp_path, ledgers, labels).summary.missing == COUNT - len(kept)


def test_closes_by_a_code_path_of_the_bot_are_lost_though_it_names_itself(tmp_path):
    """The opens are told by the path whose closes are recorded, and by whose name the ledger is called."""
    report = scan(tmp_path, {"main_trades.csv": MAIN}, ("[main]", "[exits]"), opens="[main]")
    assert report.summary.missing == len(HEDGE)
    assert "LA101" in {finding.rule for finding in report.findings}
