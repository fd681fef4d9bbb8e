"""Where closes crowd, little is kept around each: memory stays in proportion to the log, whichever way it is read."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_ingest_parts import compare, in_parts, read_in_parts, source_of
from test_ingest_ways import way

from logaudit.core.timestamp import SECOND
from logaudit.ingest import context
from logaudit.ingest.concat import join, joined
from logaudit.ingest.context import FEW, MOST, REACH, Crowd
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.ingest.source_extract import LogContext

#: Steps between lines in ms, and what a line says.
STEPS = (0, 3, 900, 1_900, 4_000, 6_000, -2_000)
SAID = (
    "Closed long position {} @ 63394.7 size=0.006 pnl=+1.10",
    "Closed long position {} @ 63394.7 size=0.006 pnl=+1.10",
    "Opened long position {} @ 63211.4 size=0.006",
    "Order 581104693 filled",
    "heartbeat",
    "connect api_key=Zq7XwLm2Pv9Kt4Rb {}",
)
SYMBOLS = ("BTC-USDT", "ETH-USDT", "1INCH-USDT")
lines_of = st.lists(
    st.tuples(st.sampled_from(STEPS), st.sampled_from(SAID), st.sampled_from(SYMBOLS)),
    min_size=20,
    max_size=120,
)


def log_of(rows: list[tuple[int, str, str]]) -> bytes:
    at = 12 * 3_600_000
    lines = []
    for step, said, symbol in rows:
        at += step
        clock = f"{at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1_000 % 60:02}.{at % 1_000:03}"
        lines.append(f"2026-03-04 {clock} | INFO     | trader.loop:run:1 - {said.format(symbol)}\n")
    return "".join(lines).encode()


def crowd(closes: int) -> bytes:
    """So many closes, 300 a second, each with two lines before it."""
    said = (SAID[2], SAID[3], SAID[0])
    return log_of(
        [
            (10 if n % 3 == 0 and n % 9 == 0 else 0, said[n % 3], SYMBOLS[n // 3 % 2])
            for n in range(3 * closes)
        ]
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=lines_of, stretch=st.sampled_from([300, 2_000, 1 << 20]), count=st.integers(2, 7))
def test_every_way_of_reading_keeps_the_same(
    tmp_path: Path, rows: list[tuple[int, str, str]], stretch: int, count: int
) -> None:
    source = source_of(tmp_path / "bot.log", log_of(rows))
    with (
        mock.patch.object(context, "_CROWD", 2),
        mock.patch.object(context, "_CROWDED", 2),
        mock.patch.object(context, "FEW", 2),
    ):
        fast = extract_vectorized(source, *way("generic"), chunk=stretch)
        assert fast == extract_plain(source, *way("generic"))
        compare(source, "generic", max(source.size // count, 1))


def sides(found: LogContext) -> tuple[int, int]:
    return len(found.before), len(found.after)


@pytest.fixture
def few_closes(monkeypatch: pytest.MonkeyPatch) -> int:
    """A limit that a short log reaches."""
    monkeypatch.setattr(context, "_CROWDED", 300)
    return 300


@pytest.mark.parametrize("parts", [1, 3])
def test_the_first_crowded_closes_keep_much_and_those_behind_them_little(
    tmp_path: Path, parts: int, few_closes: int
) -> None:
    closes = few_closes + 100
    source = source_of(tmp_path / "bot.log", crowd(closes))
    read = in_parts(source, "generic", source.size // parts + 1) if parts > 1 else None
    found = read or extract_plain(source, *way("generic"))
    assert len(found.contexts) == closes
    last = context._CROWD + few_closes
    assert sides(found.contexts[200]) == (MOST - 1, MOST)
    assert not found.contexts[200].cut_before
    assert {sides(c) for c in found.contexts[last:-2]} == {(FEW, FEW)}
    # A side that is cut tells nothing by what it lacks.
    assert all(c.cut_before and c.cut_after for c in found.contexts[last:])
    nearest = found.contexts[last]
    assert [near.template.split()[0] for near in nearest.before[-2:]] == ["Opened", "Order"]


def test_closes_that_stand_alone_are_no_crowd() -> None:
    crowded = Crowd()
    assert {crowded.room(n * (REACH // 4 + 1)) for n in range(5_000)} == {MOST}
    crowded = Crowd()
    rooms = [crowded.room(n * SECOND) for n in range(5_000)]
    assert rooms == [MOST] * (context._CROWD + context._CROWDED) + [FEW] * (
        5_000 - context._CROWD - context._CROWDED
    )


def test_messages_without_the_symbol_are_kept_once(tmp_path: Path) -> None:
    source = source_of(tmp_path / "bot.log", crowd(200))
    fast = extract_vectorized(source, *way("generic"))
    assert fast is not None
    said = [near.template for c in fast.contexts for near in c.before if near.template.startswith("Order")]
    assert len(said) > 10_000
    assert len({id(text) for text in said}) == 1


def test_parts_are_joined_to_what_the_whole_keeps_in_any_order_of_steps(
    tmp_path: Path, few_closes: int
) -> None:
    source = source_of(tmp_path / "bot.log", crowd(few_closes + 60))
    parts = read_in_parts(source, "generic", source.size // 4)
    assert parts is not None
    whole = extract_plain(source, *way("generic"))
    halves = [joined(parts[:2], "utf-8"), joined(parts[2:], "utf-8")]
    assert join(halves, whole.sha256, "utf-8").contexts == whole.contexts
