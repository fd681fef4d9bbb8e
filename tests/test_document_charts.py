"""The pictures: round ticks, shapes that tell outcomes apart, nothing drawn over anything, hostile names as text."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_model import EVIL

from logaudit.core.timestamp import DAY, HOUR, MINUTE, us_of_day
from logaudit.renderers.document.charts import draw
from logaudit.renderers.document.charts.axis import Scale, number_ticks, time_ticks
from logaudit.renderers.document.charts.drawing import Bar, CoverageStrip, Curve, Lane, Lanes, TradeOutcome
from logaudit.renderers.document.charts.swimlanes import shape
from logaudit.renderers.document.utc_times import micros

SIX = micros("2026-03-04 06:00:00") or 0
WORDS = {key: str(key) for key in (*TradeOutcome, "covered", "silent", "run", "logs")}


def lanes(*rows: Lane, strips: tuple[CoverageStrip, ...] = (), starts: tuple[int, ...] = ()) -> Lanes:
    return Lanes("Positions", "All of them", rows, strips, starts, WORDS)


def bar(start: int | None, end: int, fate: TradeOutcome = TradeOutcome.RECORDED) -> Bar:
    return Bar(None if start is None else SIX + start * MINUTE, SIX + end * MINUTE, fate, "label", None)


def tree(svg: str) -> ET.Element:
    """The picture as a parser of XML reads it; its text is our own."""
    return ET.fromstring(svg)  # noqa: S314 - made by the program under test


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in tree(svg).iter() if element.tag.endswith("}text")]


def test_each_outcome_has_a_shape_of_its_own() -> None:
    shapes = {re.sub(r"[\d.]+", "", shape(fate, 0, 0)) for fate in TradeOutcome}
    assert len(shapes) == len(TradeOutcome)


def test_a_picture_is_titled_and_described() -> None:
    root = tree(draw(lanes(Lane("A", (bar(0, 5),))), 7))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == "chart-7-title chart-7-description"
    assert [child.text for child in root[:2]] == ["Positions", "All of them"]


def test_overlapping_positions_take_rows_of_their_own() -> None:
    """Two that overlap stand one below the other, a third that follows stands beside the first."""
    svg = draw(lanes(Lane("A", (bar(0, 30), bar(10, 40), bar(50, 60)))), 1)
    heights = re.findall(r'<path d="M[\d.]+ ([\d.]+)h', svg)
    assert len(heights) == 3
    assert len(set(heights)) == 2
    assert heights[0] == heights[2] != heights[1] or heights[0] == heights[1] != heights[2]


def test_silences_and_starts_are_drawn_and_explained() -> None:
    strip = CoverageStrip(
        "main", ((SIX, SIX + HOUR), (SIX + 2 * HOUR, SIX + 3 * HOUR)), ((SIX + HOUR, SIX + 2 * HOUR),)
    )
    svg = draw(lanes(Lane("A", (bar(0, 5, TradeOutcome.LOST),)), strips=(strip,), starts=(SIX,)), 1)
    assert svg.count('class="silent"') == 2  # on the strip and in the legend
    assert svg.count('class="covered"') == 3
    assert {"lost", "silent", "covered", "run"} <= set(texts(svg))
    assert "recorded" not in texts(svg)


def test_a_position_without_an_open_is_a_sign_alone() -> None:
    svg = draw(lanes(Lane("A", (bar(None, 5), bar(None, 9)))), 1)
    assert 'class="hold"' not in svg
    assert svg.count('class="sign"') == 3


def test_hostile_names_stay_text() -> None:
    svg = draw(lanes(Lane(EVIL, (bar(0, 5),)), strips=(CoverageStrip(EVIL, ((SIX, SIX + HOUR),), ()),)), 1)
    assert all(text.isprintable() for text in texts(svg))
    assert {element.tag.rpartition("}")[2] for element in tree(svg).iter()} <= {
        "svg",
        "title",
        "desc",
        "defs",
        "pattern",
        "path",
        "g",
        "rect",
        "line",
        "text",
    }


def test_one_moment_can_be_drawn() -> None:
    assert draw(lanes(Lane("A", (bar(None, 0),))), 1)
    assert draw(Curve("c", "d", ((SIX, 0.0, 0.0),), "log", "ledger", "gap"), 1)


def test_a_curve_ends_at_its_last_values() -> None:
    points = ((SIX, 1.0, 0.0), (SIX + HOUR, 3.5, -2.0), (SIX + 2 * HOUR, 16.2553, -4.2677))
    svg = draw(Curve("Sums", "d", points, "log", "ledger", "gap"), 1)
    assert {"+16.26", "-4.27", "log", "ledger", "gap", "0"} <= set(texts(svg))
    assert svg.count('class="curve log"') == 2
    # Higher on the page is more: the log's last value stands above the ledger's.
    ends = {m[2]: float(m[1]) for m in re.finditer(r'y="([\d.]+)" class="end (\w+)"', svg)}
    assert ends["log"] < ends["ledger"]


def test_labels_of_equal_ends_do_not_collide() -> None:
    svg = draw(Curve("c", "d", ((SIX, 1.0, 1.0), (SIX + HOUR, 2.0, 2.0)), "log", "ledger", "gap"), 1)
    first, second = (float(y) for y in re.findall(r'y="([\d.]+)" class="end', svg))
    assert abs(first - second) >= 15


def test_the_ticks_of_all_times_that_there_are_stay_few() -> None:
    """From year 1 to 9999, as a clock that was never set may span."""
    first, last = us_of_day(date(1, 1, 1)), us_of_day(date(9999, 12, 31))
    assert 2 <= len(time_ticks(first, last, 9)) <= 10


@given(st.integers(0, 4_000 * DAY), st.integers(1, 800 * DAY))
def test_times_are_round_few_and_in_order(low: int, span: int) -> None:
    ticks = time_ticks(low, low + span, 9)
    assert len(ticks) <= 10
    assert all(low <= at <= low + span for at, _ in ticks)
    assert len({after[0] - before[0] for before, after in pairwise(ticks)}) <= 1


@given(st.floats(-1e9, 1e9), st.floats(0.001, 1e9))
def test_amounts_are_round_few_and_in_order(low: float, span: float) -> None:
    ticks = number_ticks(low, low + span, 6)
    assert 1 <= len(ticks) <= 8
    assert [value for value, _ in ticks] == sorted(value for value, _ in ticks)
    assert len({label for _, label in ticks}) == len(ticks)


@pytest.mark.parametrize(("value", "pixel"), [(0, 100), (5, 150), (10, 200)])
def test_a_scale_maps_ends_to_ends(value: float, pixel: float) -> None:
    assert Scale(0, 10, 100, 200)(value) == pixel


def test_no_space_is_marked_between_sums_that_cannot_be_compared():
    points = ((SIX, 1.0, 100.0), (SIX + HOUR, 2.0, 200.0))
    marked, plain = (draw(Curve("c", "d", points, "log", "ledger", name), 1) for name in ("gap", ""))
    assert marked.count('class="gap"') == 2
    assert 'class="gap"' not in plain
    assert {"log", "ledger"} <= set(texts(plain))
