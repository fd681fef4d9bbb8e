"""Both ways to read a log, record by record and in stretches, give one and the same digest."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from secret_gallery import INNOCENT, PLANTED

from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.ingest.vectorized import native
from logaudit.ingest.vectorized.layouts import layout_of
from logaudit.ingest.vectorized.prefix_analysis import analyse_prefix
from logaudit.logformats import LogFormatSet, compile_format
from logaudit.logformats.builtin import BUILT_IN as BUILT_IN_DIALECTS
from logaudit.profiles import BUILT_IN, Profile, load_built_in
from logaudit.sources import Source, discover

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CORPUS = os.environ.get("LOGAUDIT_CORPUS", "")
#: Bytes looked at together; small ones put a border into every kind of line.
STRETCHES = (200, 1_000, 7_000)


@cache
def way(name: str) -> tuple[Profile, LogFormatSet]:
    profile = load_built_in(name)
    return profile, LogFormatSet(
        [*(compile_format(f.format, f.datefmt) for f in profile.formats), *BUILT_IN_DIALECTS]
    )


def compare(source: Source, name: str, stretch: int | None = None) -> bool:
    """Whether the fast way was possible; fails when it says something else."""
    profile, dialects = way(name)
    fast = extract_vectorized(source, profile, dialects, chunk=stretch)
    if fast is not None:
        assert fast == extract_plain(source, profile, dialects)
    return fast is not None


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_fixtures_read_alike_whatever_the_stretch(name: str) -> None:
    logs = sorted(FIXTURES.glob("*/logs"))
    sources = [s for s in discover(logs).sources if (s.address.member or s.address.path).endswith(".log")]
    taken = sum(compare(source, name, stretch) for source in sources[::5] for stretch in STRETCHES)
    assert taken > len(sources[::5])


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="LOGAUDIT_CORPUS names no folder of real sessions")
@pytest.mark.parametrize("name", BUILT_IN)
def test_the_real_logs_read_alike(name: str) -> None:
    sources = [s for s in discover([CORPUS]).sources if s.address.member]
    assert all(compare(source, name) for source in sources[::12])


HEADS = (
    "2026-01-10 10:00:00 | INFO     | bot.loop:run:1 - ",
    "2026-01-10 10:00:00.123 | DEBUG    | bot.loop:run:1 | ",
    "2026-01-10 10:00:07.500 | INFO | ",
    "2026-01-10 09:58:00.000 | WARNING  | bot.loop:run:1 | ",
    "2026-01-10 11:30:00.000 | ERROR    | bot.loop:run:1 - ",
    "2026-01-10 10:00:00,123 - bot - INFO - ",
    "2026-13-40 10:00:00 | INFO     | bot:run:1 - ",
    "[2026-01-10T10:00:00] ",
    "   ",
    "",
    "Traceback ",
)
MESSAGES = (
    "heartbeat",
    "ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT SHORT",
    "   Entry price: $91480.000000",
    "   Net PnL: $+1.9434 USDT",
    "📊 TRADE RECORDED | Total: 1 | Win Rate: 100.0% | Daily PnL: $1.94",
    "✅ Позиция ETH-USDT LONG открыта по реальному сигналу",
    "✅ Сделка BTC-USDT записана в CSV",
    "Position closed: BTC/USDT long pnl=+1.0",
    "Position closed: BTC/USDT long\0\0\0 pnl=+1.0",
    "torn\0\0\0002026-01-10 10:00:00.123 | DEBUG    | bot.loop:run:1 | Position closed: BTC/USDT long pnl=+1.0",
    "",
)
lines_of = st.lists(st.tuples(st.sampled_from(HEADS), st.sampled_from(MESSAGES)), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=lines_of,
    newline=st.sampled_from(["\n", "\r\n"]),
    last=st.sampled_from(["", "\n"]),
    stretch=st.sampled_from(STRETCHES),
    compiled=st.booleans(),
)
def test_any_mix_of_lines_reads_alike(
    tmp_path: Path,
    rows: list[tuple[str, str]],
    newline: str,
    last: str,
    stretch: int,
    *,
    compiled: bool,
) -> None:
    text = newline.join(head + message for head, message in rows) + last
    path = tmp_path / "bot.log"
    path.write_bytes(text.encode())
    (source,) = discover([path]).sources
    with pytest.MonkeyPatch.context() as patch:
        if not compiled:
            patch.setattr(native, "compiled", None)
        for name in BUILT_IN:
            compare(source, name, stretch)


def test_padding_that_goes_on_in_a_later_line_reads_alike(tmp_path: Path) -> None:
    """The first line leaves open how far the padding of the format goes; the second has more of it."""
    path = tmp_path / "bot.log"
    lines = ("2026-01-31 00:00:17 WARNING run", "2026-03-10 00:00:37 WARNING  - WARNING :INFO] 31 up 12")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (source,) = discover([path]).sources
    profile, _ = way("generic")
    own = "{time:YYYY-MM-DD HH:mm:ss} {level: <8} - {level: <8}:{function}] {process} {message}"
    dialects = LogFormatSet([compile_format(own), *BUILT_IN_DIALECTS])
    plain = extract_plain(source, profile, dialects)
    assert plain.log_formats[own] == 1
    assert extract_vectorized(source, profile, dialects) == plain


def test_a_beginning_settles_nothing_while_a_dialect_behind_may_see_a_level() -> None:
    """The first dialect fits whatever follows, but prints no level: one that finds a usual level is surer."""
    first = compile_format("{time:YYYY-MM-DD HH:mm:ss} {name}:{function}:{line} - {message}")
    behind = compile_format("{time:YYYY-MM-DD HH:mm:ss} {thread.name} - {level} | {message}")
    dialects = LogFormatSet([behind, first])
    beginning = "2026-01-10 10:00:00 bot:run:1 - "
    found = [dialects.match(beginning + rest) for rest in ("hello", "INFO | hello")]
    assert [match and match[0].name for match in found] == [first.name, behind.name]
    layout = layout_of(first)
    assert layout is not None
    assert analyse_prefix(dialects, layout, beginning) is None
    alone = analyse_prefix(LogFormatSet([first]), layout, beginning)
    assert alone is not None
    assert alone.log_format == first.name


@pytest.mark.parametrize("name", ["okx-scalper", "generic"])
def test_both_ways_count_the_same_credentials(tmp_path: Path, name: str) -> None:
    texts = [form.text for form in PLANTED] + list(INNOCENT)
    written = []
    for number in range(2_000):
        text = texts[number % len(texts)].replace("key", "k\x1b[1mey", number % 50 == 0)
        written.append(f"{HEADS[1]}{text}" + (f"\n  and {text}" if number % 7 == 0 else ""))
    (tmp_path / "a.log").write_text("\n".join(written), encoding="utf-8")
    (source,) = discover([tmp_path]).sources
    assert all(compare(source, name, stretch) for stretch in (None, 1_000, 70_000))
    assert len(extract_plain(source, *way(name)).secrets) > 5


def test_a_log_of_carriage_returns_alone_is_read_the_plain_way(tmp_path: Path) -> None:
    # Its line ends are counted in the bytes on disk, which hold no line feed.
    (tmp_path / "bot.log").write_bytes(b"2026-01-10 10:00:00 | INFO | started\rsecond line")
    (source,) = discover([tmp_path / "bot.log"]).sources
    assert extract_vectorized(source, *way("generic")) is None


def test_a_beginning_that_ends_in_a_carriage_return_hides_no_letter_of_the_message(tmp_path: Path) -> None:
    """Found by fuzzing: the return was counted as a part of what stands before the message."""
    close = "2026-01-10 10:00:00.123 | INFO     | bot.loop:run:1 - Position closed: BTC/USDT long entry=1 exit=2\n"
    path = tmp_path / "bot.log"
    path.write_bytes(f"{close}2026-01-10 10:00:00.123 | INFO     | bot.loop:runs2 -\r\r\n".encode())
    (source,) = discover([path]).sources
    assert compare(source, "generic")
