"""Live tables read a stretch at once say what they say read row by row, whatever is in them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from plain_health import parse_health

from logaudit.core.location import Address
from logaudit.core.timestamp import DAY, HOUR, MINUTE, SECOND
from logaudit.ledger import Health, RejectReason, read_health
from logaudit.ledger.day_clock import DayClock
from logaudit.ledger.gap_stats import GapStats
from logaudit.ledger.ticks import Ticks
from logaudit.ledger.time_columns import shape_of
from logaudit.profiles.profile import HealthFile
from logaudit.sources import blocks, clean, decode, discover, lines

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CORPUS = os.environ.get("LOGAUDIT_CORPUS", "")
SPEC = HealthFile("debug CSV", ("debug_*.csv",), "timestamp")
NAMES = ("debug_20251123_021925.csv", "debug_2025-11-23.csv", "debug.csv")
#: How rows may begin, as `datetime.strftime` writes it.
FORMATS = (
    "%H:%M:%S.%f",
    "%H:%M:%S",
    "%H:%M:%S,%f000",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S+03:00",
    "%H:%M:%S.%f PM",
    "%H:%M",
    '"%H:%M:%S"',
    " %H:%M:%S ",
)
STEPS = (0, 1, 999, SECOND, -SECOND, 5 * MINUTE, 5 * MINUTE - 1, 40 * MINUTE, 2 * HOUR, -2 * HOUR,
         -2 * HOUR - 1, 13 * HOUR, DAY - 10 * MINUTE, DAY - 10 * MINUTE + 1, DAY, 40 * DAY)  # fmt: skip
TAILS = (",check,BTC,a=1", ",check,BTC,a=1,b=2", ',note,BTC,"a, b"', ',note,BTC,"a', ",note", "", ",x,y,Ж\x1b[0m",
         ";check;BTC;a", "\tcheck\tBTC\ta", ",a,b,\0")  # fmt: skip
HEADERS = ("timestamp,event,symbol,data", "timestamp;event;symbol;data", "event,timestamp,symbol,data",
           "time\tevent\tsymbol\tdata", "a note", "")  # fmt: skip
DAMAGE = (b"", b"7", b'"', b"\0", b"\n", b",", b"\xff")


def row_by_row(parts: Sequence[bytes], name: str, spec: HealthFile | None, *, ended: bool = True) -> Health:
    numbered = ((offset, clean(line)) for offset, line in lines(parts))
    return parse_health(numbered, Address(name), spec, ended=lambda: ended)


def mostly(choices: Sequence[str], plain: int) -> st.SearchStrategy[str]:
    """One of the first few more often than one of the others: what reads alike is to be met as well."""
    return st.one_of(*[st.sampled_from(choices[:plain])] * 3, st.sampled_from(choices))


@st.composite
def passages(draw: st.DrawFn) -> bytes:
    """Rows of one format, most of them with one tail, and times that walk on."""
    shown, tail = draw(mostly(FORMATS, 7)), draw(mostly(TAILS, 3))
    end = draw(st.sampled_from(["\n", "\n", "\r\n", "\n\n"]))
    at = datetime(2025, 11, 23, 2, 20) + timedelta(microseconds=draw(st.integers(0, DAY)))  # noqa: DTZ001 - naive
    texts: list[str] = []
    for step in draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=6)):
        at += timedelta(microseconds=step)
        texts.append(at.strftime(shown) + tail)
    if draw(st.integers(0, 3)) == 3:
        odd = draw(st.sampled_from([*HEADERS, *TAILS, '"', "\ufeff", "02:20:61,a,b,c", "25:00:00,a,b,c"]))
        texts.insert(draw(st.integers(0, len(texts))), odd)
    return "".join(text + end for text in texts).encode()


def cut(data: bytes, places: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@settings(max_examples=200)
@given(
    mostly(HEADERS, 1),
    st.lists(passages(), max_size=5),
    st.none() | st.tuples(st.integers(0), st.integers(0, 4), st.sampled_from(DAMAGE)),
    st.lists(st.integers(0), max_size=4),
    st.sampled_from(NAMES),
    st.sampled_from([SPEC, None]),
    st.booleans(),
)
def test_both_ways_say_the_same(header, found, damage, places, name, spec, ended) -> None:
    """One passage a block, so that each is looked at as one; damage puts some bytes in the place of others."""
    parts = [header.encode() + b"\n", *found]
    if damage is not None:
        place, length, fresh = damage
        hurt = parts[place % len(parts)]
        at = place % (len(hurt) + 1)
        parts[place % len(parts)] = hurt[:at] + fresh + hurt[at + length :]
    for given_parts in (parts, cut(b"".join(parts), places)):
        expected = row_by_row(given_parts, name, spec, ended=ended)
        assert read_health(given_parts, Address(name), spec, ended=lambda: ended) == expected


@pytest.mark.parametrize("shown", FORMATS[:7])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_alike_are_not_read_one_by_one(shown: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    began = datetime(2025, 11, 23, 12)  # noqa: DTZ001 - tables are naive
    rows = [f"{began + timedelta(seconds=n):{shown}},check,BTC,a{end}".encode() for n in range(3000)]
    data = [b"timestamp,event,symbol,data\n", b"".join(rows)]
    expected = row_by_row(data, NAMES[0], SPEC)
    monkeypatch.delattr(Ticks, "read")
    assert read_health(data, Address(NAMES[0]), SPEC, ended=lambda: True) == expected
    assert expected.rows == len(rows)


@pytest.mark.parametrize(
    ("second", "rows", "bad"),
    [
        ("10:00:60,a,b,c", 1, [3]),
        ("24:00:00,a,b,c", 1, [3]),
        ("1:00:00,a,b,c", 2, []),
        ("10:00:0,a,b,c", 1, [3]),
        ("10:00:01;a,b,c,d", 1, [3]),
        ("10:00:01,a,b", 1, [3]),
        ('10:00:01,a,b,"c', 1, [3]),
        ('10:00:01,a,"b"",c', 1, [3]),
        ('10:00:01,a,"b,c",d', 2, []),
        ("10:00:01,a,b,c\0", 2, []),
        ("10:00:01,a,b\x1b],\x07", 1, [3]),
        ("\x1b[0m10:00:01,a,b,c", 2, []),
        ("\ufeff10:00:01,a,b,c", 2, []),
        ("timestamp,event,symbol,data", 1, []),
        (" ", 1, []),
    ],
)
def test_a_row_that_is_not_like_the_others_is_read_as_ever(second: str, rows: int, bad: list[int]) -> None:
    data = [b"timestamp,event,symbol,data\n", f"10:00:00,a,b,c\n{second}\n".encode()]
    health = read_health(data, Address(NAMES[0]), SPEC, ended=lambda: True)
    assert (health.rows, [rejected.location.line for rejected in health.malformed]) == (rows, bad)


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        (b"02:20:00.125,a", (b"00:00:00.000,", 5, 3)),
        (b"2025-11-23 02:20:00,a", (b"0000-00-00 00:00:00,", 16, 0)),
        (b"02:20,a", None),
        (b"02:20:00", None),
        (b"02:20:00.,a", None),
        (b"02:20:00+03:00,a", None),
        (b' 02:20:00,"a"', None),
        (b'"02:20:00,a', None),
        (b"1700000000,a", None),
    ],
)
def test_a_shape_is_a_time_to_the_second(row: bytes, shape: tuple[bytes, int, int] | None) -> None:
    found = shape_of(row, b",")
    assert (found and (found.template, found.minute, found.digits)) == shape


def test_rows_alike_after_a_short_one_are_the_end_of_the_file() -> None:
    data = [b"timestamp,event,symbol,data\n10:00:00,a\n", b"10:00:01,a,b,c\n"]
    (short,) = read_health(data, Address(NAMES[0]), SPEC, ended=lambda: False).malformed
    assert short.reason is RejectReason.SHORT


def test_rows_alike_end_the_doubt_about_an_open_quote() -> None:
    data = [b'timestamp,event,symbol,data\n10:00:00,a,b,"c\n', b"10:00:01,a,b,c\n", b"10:00:02,a\n"]
    found = read_health(data, Address(NAMES[0]), SPEC, ended=lambda: True).malformed
    assert [row.reason for row in found] == [RejectReason.UNCLOSED_QUOTE, RejectReason.SHORT]


def test_a_row_that_is_late_at_midnight_turns_no_day_back() -> None:
    """Two midnights, though the last row is of the day before the latest."""
    days = (b"25 23:59:59", b"26 00:00:01", b"27 00:00:00", b"26 23:59:59")
    data = [b"timestamp,event\n", b"".join(b"2025-11-%b,a\n" % day for day in days)]
    assert read_health(data, Address(NAMES[0]), SPEC).midnights == 2


def test_a_time_in_another_column_than_the_table_s_is_not_taken() -> None:
    data = [b"event,timestamp\n", b"10:00:00,soon\n10:00:01,later\n"]
    assert read_health(data, Address(NAMES[0]), SPEC).rows == 0


many_times = st.lists(
    st.one_of(st.sampled_from([0, 1, MINUTE, 5 * MINUTE, 10 * MINUTE, 10 * MINUTE + 1, 2 * HOUR, 2 * HOUR + 1,
                               12 * HOUR, DAY - 10 * MINUTE, DAY - 10 * MINUTE + 1, DAY - 1]),
              st.integers(0, DAY - 1)),
    min_size=1, max_size=20,
)  # fmt: skip


@given(many_times, many_times, st.sampled_from([None, 0, 20 * HOUR + 400 * DAY]))
@example(before=[0], after=[DAY - 1, DAY - 1], began=0)
@example(before=[0], after=[0, DAY - 10 * MINUTE + 1], began=0)
def test_a_day_clock_may_be_asked_for_many(before, after, began) -> None:
    one, many = DayClock(began), DayClock(began)
    for times in (before, after):
        assert many.at_all(times) == [one.at(time) for time in times]
        assert vars(many) == vars(one)


walks = st.lists(st.sampled_from(STEPS), min_size=1, max_size=6).map(
    lambda steps: list(itertools.accumulate(steps))
)


@given(walks, walks)
def test_a_pace_may_be_told_many(before, after) -> None:
    one, many = GapStats(), GapStats()
    for times in (before, after):
        places = [(n, n * 100, b"%d" % n) for n in range(len(times))]
        for time, place in zip(times, places, strict=True):
            one.row(time, *place)
        many.rows(times, lambda places=places: places)
        assert vars(many) == vars(one)


def tables(folder: Path) -> list[list[bytes]]:
    """The blocks of every table."""
    names = ((source, source.address.member or source.address.path) for source in discover([folder]).sources)
    return [list(decode(blocks(source)).blocks) for source, name in names if name.endswith(".csv")]


def test_the_fixtures_tables_read_alike_in_stretches_of_any_size() -> None:
    found = [table for logs in sorted(FIXTURES.glob("*/logs")) for table in tables(logs)]
    assert found
    for table in found:
        data = b"".join(table)
        expected = row_by_row(table, NAMES[0], SPEC)
        for size in (50, 300, 5_000, len(data) + 1):
            parts = [data[at : at + size] for at in range(0, len(data), size)]
            assert read_health(parts, Address(NAMES[0]), SPEC, ended=lambda: True) == expected


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="LOGAUDIT_CORPUS names no folder of real sessions")
def test_the_real_tables_read_alike() -> None:
    found = tables(Path(CORPUS))
    assert found
    for table in found:
        expected = row_by_row(table, NAMES[0], SPEC)
        assert read_health(table, Address(NAMES[0]), SPEC, ended=lambda: True) == expected
