"""Properties of joining: no order matters, no call is lost, none is invented."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from evidence_factory import PROFILE, beats, block, csv, digests, multiline, row_line, said
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from logaudit.core.events import EventKind
from logaudit.reconcile.normalize import merge

SYMBOLS = ("BTC-USDT", "ETH-USDT", "SOL-USDT")
FILES = {
    "main.1.log": "".join([*beats("10:00:00", "10:05:00"), *block("10:05:01")[:4]]),
    "main.2.log": "".join(
        [*block("10:05:01")[4:], said("10:05:02", "SAVED"), *beats("10:05:30", "10:10:00")]
    ),
    "main.log": "".join(beats("10:00:00", "10:03:00")),
    "info.log": "".join(
        [*multiline("10:05:01.500"), said("10:05:02.100", "SAVED"), said("10:09:00.000", "SAVED")]
    ),
    "old/main.2.log": "".join(beats("10:00:00", "10:03:00")),
    "trades_2026-03-10.csv": csv(row_line("10:05:01.6"), row_line("10:09:00.1")),
    "trades_2026-03-10 (1).csv": csv(row_line("10:05:01.6")),
    "trades_2026-03-09.csv": csv(),
    "notes.txt": "nothing to see\n",
}


def _read(files: dict[str, str]):
    with tempfile.TemporaryDirectory() as folder:
        return digests(Path(folder), files)


READ = _read(FILES)


@given(st.permutations(READ))
@settings(max_examples=60, deadline=None)
def test_the_order_of_digests_changes_nothing(order):
    assert merge(".", order, PROFILE) == merge(".", READ, PROFILE)


#: One close after another: symbol, milliseconds since the one before, whether it is one record.
STORY = st.lists(
    st.tuples(st.sampled_from(SYMBOLS), st.integers(1, 4000), st.booleans()), min_size=1, max_size=8
)


def _told(story: list[tuple[str, int, bool]]) -> list[str]:
    """Closes, each with its own net PnL, written one after the other."""
    lines: list[str] = []
    at = 0
    for i, (symbol, pause, whole) in enumerate(story):
        at += pause
        time = f"10:{at // 60_000:02d}:{at // 1000 % 60:02d}.{at % 1000:03d}"
        lines += (multiline if whole else block)(time, symbol, net=f"+{i}.25")
    return lines


@given(STORY, st.data())
@settings(max_examples=60, deadline=None)
def test_every_close_is_found_once_however_the_log_is_cut_and_doubled(story, data):
    """Cut anywhere into parts, each line doubled or not, a piece copied beside: each close stays one, whole."""
    lines = _told(story)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), max_size=3)))
    edges = [0, *cuts, len(lines)]
    parts = [lines[a:b] for a, b in pairwise(edges) if a < b]
    # A part of nothing but continuation lines shows no time, and cannot be put in order.
    assume(all(any(" | INFO | " in line for line in part) for part in parts))
    files = {f"main.{i}.log": "".join(part) for i, part in enumerate(parts)}
    if data.draw(st.booleans()):
        begin = data.draw(st.integers(0, len(lines) - 1))
        end = data.draw(st.integers(begin + 1, len(lines)))
        files["copy of main.log"] = "".join(lines[begin:end])
    events = merge(".", _read(files), PROFILE).of(EventKind.POSITION_CLOSED)
    expected = [(symbol, Decimal(f"{i}.25")) for i, (symbol, _, _) in enumerate(story)]
    assert [(e.fields.symbol, e.fields.net_pnl) for e in events] == expected


@given(STORY)
@settings(max_examples=40, deadline=None)
def test_two_sinks_of_a_story_tell_it_once(story):
    """The main sink prints whole seconds and records of their own, the other milliseconds in one record each."""
    fine = [(symbol, pause, True) for symbol, pause, _ in story]
    main = [line[:19] + line[23:] for line in _told([(symbol, pause, False) for symbol, pause, _ in story])]
    found = merge(".", _read({"main.log": "".join(main), "info.log": "".join(_told(fine))}), PROFILE)
    assert [e.fields.net_pnl for e in found.events] == [Decimal(f"{i}.25") for i in range(len(story))]
    assert all(len(e.also_in) == 1 for e in found.events)


@given(
    st.lists(
        st.sampled_from(["SAVED", "SAVED total=1", "NOT SAVED: full", "beat", "EXCHANGE FLAT BTC-USDT"]),
        max_size=12,
    )
)
@settings(max_examples=40, deadline=None)
def test_marks_of_one_source_become_as_many_events_unless_they_are_one_call(lines):
    """Distinct milliseconds: nothing may be merged."""
    text = "".join(said(f"10:00:00.{i:03d}", line) for i, line in enumerate(lines))
    (digest,) = _read({"main.log": said("09:59:59.000", "beat") + text})
    events = merge(".", [digest], PROFILE).events
    assert sorted(loc.line for e in events for loc in e.locations) == [m.line for m in digest.matches]
    assert len(events) == len(digest.matches)
