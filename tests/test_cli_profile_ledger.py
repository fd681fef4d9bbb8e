"""`logaudit profile ledger`: what was understood of a table, and settings that say it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from program import run

LEDGER = (
    "timestamp,symbol,side,exit_price,size,pnl,mood\n"
    "2026-05-02 09:10:04,AVAX-USDT,long,21.40,15,4.50,good\n"
    "TOTAL,,,,,4.50,\n"
)
UNKNOWN = (
    "w1,w2,m1,m2,way,n1,n2\n"
    "2026-05-02 09:45:31,2026-05-02 09:00:00,DOT-USDT,BTC-USDT,short,4.112,70\n"
    "2026-05-02 09:00:00,2026-05-02 09:45:31,BTC-USDT,DOT-USDT,short,4.112,70\n"
)


def stated(text: str) -> dict[str, object]:
    (ledger,) = tomllib.loads(text[text.index("[[ledgers]]") :])["ledgers"]
    return dict(ledger)


def test_a_ledger_is_shown_column_by_column_with_rows_and_settings(tmp_path: Path) -> None:
    (tmp_path / "closed.csv").write_text(LEDGER, encoding="utf-8")
    done = run(tmp_path, "profile", "ledger", "closed.csv", "-o", "stated.toml")
    assert done.returncode == 0, done.stderr
    assert "1 closed-trade, 1 total" in done.stdout
    assert (
        "closed-trade: at=2026-05-02T09:10:04 symbol=AVAX-USDT side=long exit=21.40 size=15 gross=4.50"
        in done.stdout
    )
    (mood,) = [line.split() for line in done.stdout.splitlines() if line.strip().startswith("mood")]
    assert mood[:2] == ["mood", "-"]
    assert stated(done.stdout) == stated((tmp_path / "stated.toml").read_text(encoding="utf-8"))
    assert stated(done.stdout)["columns"] == {
        "closed": "timestamp", "symbol": "symbol", "side": "side",
        "exit_price": "exit_price", "size": "size", "gross_pnl": "pnl",
    }  # fmt: skip


def test_the_settings_it_prints_are_accepted_and_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "closed.csv").write_text(LEDGER, encoding="utf-8")
    first = run(tmp_path, "profile", "ledger", "closed.csv", "-o", "logaudit.toml")
    again = run(tmp_path, "profile", "ledger", "closed.csv")
    assert again.returncode == 0, again.stderr
    assert stated(again.stdout) == stated(first.stdout)


def test_a_table_that_is_not_understood_names_the_candidates_and_exits_3(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(UNKNOWN, encoding="utf-8")
    done = run(tmp_path, "profile", "ledger", "deals.csv")
    assert done.returncode == 3
    lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.startswith("  ")}
    assert lines["w1"] == ["-", "closed"]
    assert lines["m2"] == ["-", "symbol"]
    assert stated(done.stdout)["columns"]["closed"] == "?"  # type: ignore[index]


def test_a_file_that_is_no_table_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here\n", encoding="utf-8")
    done = run(tmp_path, "profile", "ledger", "notes.txt")
    assert (done.returncode, done.stdout) == (3, "")
    assert "notes.txt holds no table" in done.stderr


def test_nothing_is_written_over_the_table(tmp_path: Path) -> None:
    (tmp_path / "closed.csv").write_text(LEDGER, encoding="utf-8")
    assert run(tmp_path, "profile", "ledger", "closed.csv", "-o", "closed.csv").returncode == 2
    assert (tmp_path / "closed.csv").read_text(encoding="utf-8") == LEDGER


def test_what_a_cell_holds_cannot_command_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "closed.csv").write_text(LEDGER.replace("good", "\x1b[2Jgood"), encoding="utf-8")
    assert "\x1b" not in run(tmp_path, "profile", "ledger", "closed.csv").stdout
