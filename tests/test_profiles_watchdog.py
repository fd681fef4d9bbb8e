"""Regexes that try too many ways are found by the check, bounded in a scan, and not among the built-in ones."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from logaudit.core.errors import ProfileError
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN as FORMATS
from logaudit.profiles import BUILT_IN, load_built_in
from logaudit.profiles.check import check
from logaudit.profiles.load import load_file, parse
from logaudit.profiles.profile import LINE_LIMIT, Profile
from logaudit.profiles.watchdog import Budget
from logaudit.sources import ProblemKind, discover

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no timer interrupts a search there")

PROFILE = """
schema = 1
name = "slow"
title = "slow"
[[patterns]]
id = "closed"
event = "position-closed"
regex = '{regex}'
samples = [{{ line = "{sample}", values = {{ symbol = "BTCUSDT" }} }}]
[[patterns]]
id = "recorded"
event = "trade-acknowledged"
regex = 'RECORDED (?P<symbol>[A-Z]+)'
samples = [{{ line = "RECORDED BTCUSDT", values = {{ symbol = "BTCUSDT" }} }}]
"""
#: Each letter more doubles the ways in which the first can fail.
DOUBLING = r"CLOSED (?P<symbol>(?:[A-Z]+)+)$"
HEAD = "2026-01-10 10:00:{:02} | INFO     | bot.loop:run:1 - {}\n"


@pytest.fixture
def profile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Profile:
    monkeypatch.setattr(Budget.__init__, "__defaults__", (0.05,))
    path = tmp_path / "slow.toml"
    path.write_text(PROFILE.format(regex=DOUBLING, sample="CLOSED BTCUSDT"), encoding="utf-8")
    return load_file(path)


def test_a_slow_regex_is_bounded_and_said(profile: Profile, tmp_path: Path) -> None:
    messages = ["CLOSED BTCUSDT", "CLOSED " + "A" * 60 + "!", "CLOSED BTCUSDT", "RECORDED BTCUSDT"]
    path = tmp_path / "bot.log"
    path.write_text("".join(HEAD.format(i, m) for i, m in enumerate(messages)), encoding="utf-8")
    (source,) = discover([path]).sources
    dialects = LogFormatSet(FORMATS)
    for read in (
        extract_plain(source, profile, dialects),
        extract_vectorized(source, profile, dialects),
    ):
        assert read is not None
        assert [(m.pattern, m.line) for m in read.matches] == [("closed", 1), ("recorded", 4)]
        assert read.problem is not None
        assert read.problem.kind is ProblemKind.OVER_LIMIT
        assert "from line 2 on" in str(read.problem.detail)


def test_the_check_names_a_slow_regex_and_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logaudit.profiles.check._PATIENCE", 0.1)
    slow = parse(PROFILE.format(regex=DOUBLING, sample="CLOSED BTCUSDT").encode(), "slow.toml")
    (note,) = (n for n in check(slow) if "too long" in n)
    assert note.startswith("patterns 'closed': ")
    quick = PROFILE.format(regex=r"CLOSED (?P<symbol>(?:[A-Z]+))$", sample="CLOSED BTCUSDT")
    assert not [n for n in check(parse(quick.encode(), "quick.toml")) if "too long" in n]


def test_a_regex_that_is_slow_on_its_own_sample_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Budget.__init__, "__defaults__", (0.05,))
    sample = "CLOSED " + "A" * 60 + "! CLOSED BTCUSDT"
    text = PROFILE.format(regex=DOUBLING, sample=sample)
    with pytest.raises(ProfileError, match="take longer"):
        parse(text.encode(), "slow.toml")


#: Lines that once took the built-in patterns seconds.
HOSTILE = (
    "Bot " * 2_500, "-2" * 5_000, "started " + "a-" * 5_000, "Created trades file" + " " * 9_000,
    "Opened trades file " + " " * 9_000, "Failed to save trade BTC-USDT to csv:" + " " * 9_000,
    "Failed to close position BTC-USDT: " + " " * 9_000, "CLOSED BTC-USDT sell 3.1 @ 141.20, PnL" + " " * 9_000,
    "closed position " + "not " * 2_500, "already closed " * 700, "opened position " + "2829. " * 1_700,
)  # fmt: skip


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_patterns_take_no_longer_for_a_hostile_line(name: str) -> None:
    """A usual record of 100 bytes takes about 0.01 ms; of 10 kB, at fifty times as much, 50 ms a line."""
    assert LINE_LIMIT <= 2048
    patterns = load_built_in(name).patterns
    for line in HOSTILE:
        for pattern in patterns:
            _ = pattern.regex
        start = time.process_time()
        for pattern in patterns:
            pattern.read(line)
        assert time.process_time() - start < 0.5, line[:40]
