"""Regexes that try too many ways are found by the check, bounded in a scan, and not among the built-in ones."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from pathlib import Path

import pytest

from logaudit.core.errors import ProfileError
from logaudit.core.limits import Limits
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN as FORMATS
from logaudit.profiles import BUILT_IN, load_built_in
from logaudit.profiles.check import check
from logaudit.profiles.load import load_file, parse
from logaudit.profiles.profile import LINE_LIMIT, Profile
from logaudit.profiles.search_process import SearchProcess, search_process
from logaudit.profiles.watchdog import Budget, SlowRegexError
from logaudit.sources import ProblemKind, discover

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
    (source,) = discover([path], limits=Limits(pattern_seconds=0.05)).sources
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


#: As on Windows, and in other threads than the main one.
WITHOUT_TIMER = "logaudit.profiles.watchdog._armed"
EVIL = re.compile(DOUBLING)
ENDLESS = "CLOSED " + "A" * 60 + "!"


def test_without_a_timer_a_slow_regex_is_bounded_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WITHOUT_TIMER, lambda: False)
    budget = Budget(1.0)
    match = budget.search(EVIL, "CLOSED BTCUSDT", LINE_LIMIT)
    assert match is not None
    assert match["symbol"] == "BTCUSDT"
    assert budget.search(EVIL, "OPENED BTCUSDT", LINE_LIMIT) is None
    with pytest.raises(SlowRegexError):
        budget.search(EVIL, ENDLESS, LINE_LIMIT)
    with pytest.raises(SlowRegexError):  # it has no time left
        budget.search(EVIL, "CLOSED BTCUSDT", LINE_LIMIT)
    assert Budget(1.0).search(EVIL, "CLOSED BTCUSDT", LINE_LIMIT) is not None  # in a new process


def test_a_scan_without_a_timer_says_which_pattern_it_gave_up(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WITHOUT_TIMER, lambda: False)
    messages = ["CLOSED BTCUSDT", ENDLESS, "CLOSED BTCUSDT", "RECORDED \ud83d BTCUSDT", "RECORDED BTCUSDT"]
    path = tmp_path / "bot.log"
    path.write_text("".join(HEAD.format(i, m) for i, m in enumerate(messages)), "utf-8", "surrogatepass")
    (source,) = discover([path], limits=Limits(pattern_seconds=1.0)).sources
    read = extract_plain(source, profile, LogFormatSet(FORMATS))
    assert [(m.pattern, m.line) for m in read.matches] == [("closed", 1), ("recorded", 5)]
    assert read.problem is not None
    assert "from line 2 on" in str(read.problem.detail)


def test_in_another_thread_searches_are_bounded_and_their_process_ends_with_it() -> None:
    said: list[object] = []
    processes: list[subprocess.Popen[bytes]] = []

    def searched() -> None:
        budget = Budget(1.0)
        said.append(budget.search(EVIL, "CLOSED BTCUSDT", LINE_LIMIT) is not None)
        held = search_process()._process
        assert held is not None
        processes.append(held)
        try:
            budget.search(EVIL, ENDLESS, LINE_LIMIT)
        except SlowRegexError as error:
            said.append(type(error))
        Budget(1.0).search(EVIL, "CLOSED BTCUSDT", LINE_LIMIT)
        held = search_process()._process
        assert held is not None
        processes.append(held)

    thread = threading.Thread(target=searched)
    thread.start()
    thread.join()
    assert said == [True, SlowRegexError]
    assert [process.wait(30) is not None for process in processes] == [True, True]


def test_many_searches_share_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    popen = subprocess.Popen

    def counted(*args: object, **named: object) -> object:
        started.append(args)
        return popen(*args, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", counted)
    process = SearchProcess()
    assert all(process.search(EVIL, "CLOSED BTCUSDT", LINE_LIMIT, 30.0)[0] for _ in range(50))
    process.close()
    assert len(started) == 1


def test_where_no_process_can_be_started_the_pattern_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WITHOUT_TIMER, lambda: False)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    search_process().close()
    with pytest.raises(SlowRegexError):
        Budget(1.0).search(EVIL, "CLOSED BTCUSDT", LINE_LIMIT)


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
