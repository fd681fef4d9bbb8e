"""Hostile sizes: time and memory stay in proportion, and a limit that bites is said."""

from __future__ import annotations

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from program import run

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.events import EventKind
from logaudit.core.fields import FieldName
from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.location import SourceKind
from logaudit.ingest.context import template
from logaudit.ingest.extract import extract
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.ingest.match_limits import within_limits
from logaudit.ingest.source_extract import LedgerExtract, LogExtract
from logaudit.ingest.vectorized import chunk as chunk_module
from logaudit.ingest.vectorized import context as context_module
from logaudit.ingest.vectorized.context import Templates, first_later
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN
from logaudit.profiles import Pattern, load_built_in
from logaudit.profiles.watchdog import Budget
from logaudit.sources import ProblemKind, clean, discover, lines
from logaudit.sources.lines import line_chunks

PROFILE = load_built_in("generic")
#: The package has a function of the same name.
lines_module = sys.modules["logaudit.sources.lines"]
FORMATS = LogFormatSet(BUILT_IN)
HEAD = "2026-01-10 10:00:{:02} | INFO     | bot.loop:run:1 - {}\n"


def written(folder: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> LogExtract:
    """What both ways read of a log, which is one and the same."""
    path = folder / "bot.log"
    path.write_bytes(data)
    (source,) = discover([path], limits=limits).sources
    plain = extract_plain(source, PROFILE, FORMATS)
    for chunk in (500, 4_000, None):
        fast = extract_vectorized(source, PROFILE, FORMATS, chunk=chunk)
        assert fast in (None, plain), chunk
    return plain


@pytest.mark.parametrize("size", [999, 1_000, 1_001, 1_500, 40_000])
def test_a_long_line_is_kept_up_to_the_limit_whatever_the_blocks(size: int) -> None:
    text = b"a\n" + b"x" * size + b"\nb\n\nc"
    kept = b"x" * min(size, 1_000)
    for block in (1, 7, 400, 1_000):
        cut: list[int] = []
        blocks = (text[i : i + block] for i in range(0, len(text), block))
        found = list(lines(blocks, cut, 1_000))
        assert found == [(0, b"a"), (2, kept), (size + 3, b"b"), (size + 5, b""), (size + 6, b"c")], block
        assert cut == ([2] if size >= 1_000 else []), block


def test_of_many_nuls_before_a_line_the_line_is_left() -> None:
    """As a program leaves them that writes on where it was, in a file that was emptied under it."""
    text = b"a\n" + bytes(5_000) + b"rest\nb\n"
    cut: list[int] = []
    found = list(lines((text[i : i + 100] for i in range(0, len(text), 100)), cut, 1_000))
    assert [(at, line.strip(b"\0")) for at, line in found] == [(0, b"a"), (2, b"rest"), (5_007, b"b")]
    assert cut == []


def test_a_stretch_never_holds_more_than_a_long_line() -> None:
    blocks = [b"x" * 300] * 200
    assert [len(stretch) for _, stretch in line_chunks(blocks, longest=1_000)] == [1_001]


@pytest.mark.parametrize(
    "filler", ["", "a", "  ", "2026-13-40 10:00:00 | INFO     | bot:run:1 - ", "ab\0c", "\x1b[0m"]
)
def test_both_ways_agree_on_lines_that_no_record_has_room_for(filler: str, tmp_path: Path) -> None:
    for count in (39, 40, 41, 42, 90, 700):
        text = HEAD.format(1, "one") + f"{filler}\n" * count + HEAD.format(2, "two") + "more\n" * 45
        found = written(tmp_path, text.encode(), Limits(record_lines=40))
        assert found.records == 2
        # A line with a hole in it is no part of the record before.
        lost = count if filler.startswith("2026") or "\0" in filler else max(count - 40, 0)
        assert found.unparsed == lost + 5


def test_lines_behind_the_limit_are_read_at_once(tmp_path: Path) -> None:
    """A million short lines behind one record are no reason to read line by line."""
    text = HEAD.format(1, "one") + "\n" * 400_000 + "a\n" * 200_000 + HEAD.format(2, "two")
    path = tmp_path / "bot.log"
    path.write_text(text, encoding="utf-8")
    (source,) = discover([path]).sources
    found = extract_vectorized(source, PROFILE, FORMATS)
    assert found is not None
    assert (found.records, found.unparsed) == (2, 600_000 - DEFAULT_LIMITS.record_lines)


@pytest.mark.parametrize(
    "filler",
    [
        b"\x1b]",
        b"\x1b[",
        b"\x1b",
        b"\x1bP",
        b"\x1b]0;t\x07",
        b"\x1b\\",
        b"\x1b[0mab",
        b"\0",
        b"x\x1b]a\x1b\\",
    ],
)
def test_a_long_line_is_cleaned_as_a_short_one_and_in_little_memory(filler: bytes) -> None:
    """A substitution keeps about a hundred bytes for each sequence until its end."""
    line = b"begin " + filler * (100_000 // len(filler)) + b" end"
    tracemalloc.start()
    try:
        cleaned = clean(b"\xef\xbb\xbf" + line)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    expected = lines_module._NOISE.sub(b"", b"\xef\xbb\xbf" + line).removeprefix(b"\xef\xbb\xbf")
    # Behind a hole stands what may be of another line.
    assert cleaned == (lines_module.TORN.encode() + b"begin " if filler == b"\0" else expected)
    assert peak < 5 * len(line)


def test_a_line_beyond_the_limit_is_not_cleaned_before_the_plain_way_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counted(line: bytes) -> bytes:
        asked.append(len(line))
        return clean(line)

    monkeypatch.setattr(chunk_module, "clean", counted)
    text = HEAD.format(1, "one") + HEAD.format(2, "\x1b]" * 100_000) + HEAD.format(3, "two")
    path = tmp_path / "bot.log"
    path.write_text(text, encoding="utf-8")
    (source,) = discover([path], limits=Limits(line_size=1_000)).sources
    assert extract_vectorized(source, PROFILE, FORMATS) is None
    assert sum(asked) < 1_000


@pytest.mark.parametrize("distance", [1, 1_023, 1_024, 1_025, 5_000])
def test_the_end_of_surroundings_is_found_without_a_look_at_all_that_follows(distance: int) -> None:
    us = np.concatenate([np.zeros(10 + distance, np.int64), np.full(1_000_000, 9, np.int64)])
    assert first_later(us, 10, 5) == 10 + distance
    assert first_later(us, 10, 9) == len(us)
    assert first_later(us, len(us), 0) == len(us)


def test_a_ledger_says_that_a_line_lost_its_rest(tmp_path: Path) -> None:
    path = tmp_path / "trades.csv"
    rows = "2026-01-10 10:00:00,BTC/USDT,long,1,2,3,4\n" * 3
    header = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
    path.write_text(header + rows + "x" * (3 << 20) + "\n" + rows, encoding="utf-8")
    (source,) = discover([path], limits=Limits(line_size=1 << 20)).sources
    found = extract(source, SourceKind.LEDGER, PROFILE, FORMATS)
    assert isinstance(found, LedgerExtract)
    assert found.problem is not None
    assert found.problem.kind is ProblemKind.OVER_LIMIT
    assert str(found.problem.detail) == "1 line has more than 1.0 MB; its rest is left out"


CLOSE = "Closed long position BTC-USDT @ 101 size=1 pnl=1.00"


def test_a_close_beyond_what_patterns_look_at_is_said(tmp_path: Path) -> None:
    quiet = "x" * 3_000 + " all positions are well"
    late = "y " * 1_500 + CLOSE
    found = written(tmp_path, "".join(HEAD.format(i, m) for i, m in enumerate(("a", quiet, late))).encode())
    assert found.matches == ()
    assert found.problem is not None
    assert found.problem.kind is ProblemKind.OVER_LIMIT
    assert str(found.problem.detail).endswith("look at: line 3")
    # What was recognised, and words that tell of no close, are none.
    for message in (CLOSE + " z" * 2_000, quiet, "y " * 1_500 + "Closed connection to BTC-USDT stream"):
        assert written(tmp_path, HEAD.format(1, message).encode()).problem is None, message[-40:]


def test_of_a_long_line_a_few_places_are_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[int] = []
    read = Pattern.read

    def counted(pattern: Pattern, line: str, budget: Budget | None = None) -> dict[FieldName, str] | None:
        asked.append(len(line))
        return read(pattern, line, budget)

    monkeypatch.setattr(Pattern, "read", counted)
    path = tmp_path / "bot.log"
    path.write_text(HEAD.format(1, "closed " * 9_000), encoding="utf-8")
    (source,) = discover([path]).sources
    extract_plain(source, PROFILE, FORMATS)
    closing = sum(p.event is EventKind.POSITION_CLOSED for p in PROFILE.patterns)
    assert len(asked) <= len(PROFILE.patterns) + 8 * closing


ROWS = "2026-01-10 10:00:0{},BTC-USDT,long,100,101,1,1.00,tp\n"


def test_a_clean_scan_of_logs_that_a_limit_cut_is_not_judged(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "trades.csv").write_text(
        "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason\n" + ROWS.format(2), encoding="utf-8"
    )
    log = HEAD.format(1, "Opened long position BTC-USDT @ 100 size=1") + HEAD.format(2, CLOSE)
    (logs / "bot.log").write_text(log, encoding="utf-8")
    assert run(tmp_path, "scan", "logs", "-q").returncode == 0
    (logs / "bot.log").write_text(log + HEAD.format(3, "y " * 1_500 + CLOSE), encoding="utf-8")
    done = run(tmp_path, "scan", "logs", "-q")
    assert done.returncode == 3
    assert done.stdout.startswith("NOT JUDGED")
    assert "which may tell of more closes" in " ".join(done.stdout.split())


def test_behind_the_cut_of_a_ledgers_line_may_lie_any_row(tmp_path: Path) -> None:
    """A writer that lost its line ends left its rows on one line."""
    header = "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason\n"
    for torn, states in (
        (b"", {"silent-drop", "recorded"}),
        (b"x" * (3 << 20) + b"\n", {"unverifiable", "recorded"}),
    ):
        rows = ROWS.format(2).encode() + torn + ROWS.format(6).encode()
        (tmp_path / "trades.csv").write_bytes(header.encode() + rows)
        log = HEAD.format(0, "Trade recorder ready")
        log += "".join(HEAD.format(i, CLOSE.replace("1.00", f"{i}.00")) for i in (2, 4, 6))
        (tmp_path / "bot.log").write_text(log, encoding="utf-8")
        report = build_report(read_case([tmp_path], ScanOptions(jobs=1, limits=Limits(line_size=1 << 20))))
        found = {trade.state.value for trade in report.trades}
        assert ("silent-drop" in found) is ("silent-drop" in states), found


def test_templates_of_many_symbols_are_bounded_and_not_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context_module, "_MOST_TEMPLATES", 10)
    known = Templates()
    sizes: list[int] = []
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        symbol = f"{letter}-USDT"
        data = bytearray(f"saw {symbol} now".encode())
        where = np.array([0], np.int64), np.array([len(data)], np.int64)
        assert known.of(data, *where, symbol) == known.of(data, *where, symbol) == ["saw {symbol} now"]
        sizes.append(sum(map(len, known._by_symbol.values())))
    assert max(sizes) == 10
    assert len(known._by_symbol) <= 10


def test_a_log_of_too_many_markets_is_read_up_to_a_limit_however_it_is_read(tmp_path: Path) -> None:
    lines = [
        HEAD.format(i % 60, f"Position closed: A{i % 50}/USDT long entry=1 exit=2 pnl=+1.0")
        for i in range(90)
    ]
    read = written(tmp_path, "".join(lines).encode(), Limits(markets=20))
    assert len(read.matches) == 21, "no line is compared with patterns behind that of the 21st market"
    source, larger = (discover([tmp_path / "bot.log"], limits=Limits(markets=n)).sources[0] for n in (20, 50))
    bounded = within_limits(read, source)
    assert [m.line for m in bounded.matches] == [*range(1, 21)]
    assert bounded.problem is not None
    assert "more than 20 markets, and its lines from 21 on" in str(bounded.problem.detail)
    assert bounded.last is not None
    assert bounded.last.us == bounded.latest < read.latest
    (tmp_path / "trades.csv").write_text(
        "timestamp,symbol,side,entry_price,exit_price,pnl\n", encoding="utf-8"
    )
    report = build_report(read_case([tmp_path], ScanOptions(jobs=1, limits=Limits(markets=20))))
    assert any("20 markets" in str(finding.message) for finding in report.findings)
    assert within_limits(read, larger) is read


@pytest.mark.parametrize("symbol", ["1INCH-USDT", "A7/USDT", "BTC-USDT", ""])
def test_templates_of_symbols_with_digits_are_those_of_each_message(symbol: str) -> None:
    texts = [
        "tick 12 of A7/USDT at 1.5",
        "tick 13 of 1INCH-USDT",
        "tick 14",
        "api_key=Zx81kqPv92 for A7/USDT",
        "buy 3 A8/USDT",
    ] * 3
    data, ends = bytearray(), []
    for text in texts:
        data += text.encode()
        ends.append(len(data))
    starts = np.array([0, *ends[:-1]], np.int64)
    shown = Templates().of(data, starts, np.array(ends, np.int64), symbol)
    assert shown == [template(text, symbol) for text in texts]
