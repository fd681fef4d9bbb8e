"""A logger's name is told from the words that begin every message."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.pipeline import ScanOptions, read
from logaudit.ingest.source_extract import LogExtract


def formats_of(tmp_path: Path, *messages: str) -> set[str]:
    """The formats that lines with time, level and these messages are read with."""
    lines = [f"2026-01-10 10:{i:02}:00,000 INFO {text}" for i, text in enumerate(messages)]
    (tmp_path / "bot.log").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    extracts = read([tmp_path], ScanOptions(jobs=1)).extracts
    (log,) = (e for some in extracts.values() for e in some if isinstance(e, LogExtract))
    assert sum(log.log_formats.values()) == len(messages)
    return {name for name, count in log.log_formats.items() if count}


@pytest.mark.parametrize("head", ["Sale {market}", "{market} done", "Verkauf {market}", "Trade {n} over"])
def test_words_before_a_colon_in_every_line_stay_in_the_message(tmp_path: Path, head: str) -> None:
    heads = (head.format(market=m, n=n) for n, m in enumerate(["BTCUSDT", "SOL/USDT", "ETH-USDT"] * 8))
    used = formats_of(tmp_path, *(f"{h}: +1.20" for h in heads))
    assert not any("(name)" in one for one in used), used


@pytest.mark.parametrize("names", [("bot.core", "bot.exits"), ("Trading Bot",), ("desk",)])
def test_names_of_loggers_are_no_part_of_the_message(tmp_path: Path, names: tuple[str, ...]) -> None:
    messages = [f"{name}: BTCUSDT +1.20" for name in names] * 12
    assert all("(name)" in one for one in formats_of(tmp_path, *messages))
