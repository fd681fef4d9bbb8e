"""Positions over time by symbol, each with its outcome as a shape, above what the logs cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.text import printable
from logaudit.core.timestamp import SECOND
from logaudit.renderers.document.charts.axis import Scale, time_ticks
from logaudit.renderers.document.charts.drawing import Bar, CoverageStrip, Lane, Lanes, TradeOutcome
from logaudit.renderers.document.charts.svg import box, element, line, num, path, picture, text, titled

WIDTH: Final = 960
_LEFT: Final = 132
_RIGHT: Final = WIDTH - 18
_TOP: Final = 44
#: Height of one row of bars, of the space between lanes, of one strip.
_ROW: Final = 15
_GAP: Final = 9
_STRIP: Final = 20
#: Bars that overlap in time share a lane in so many rows at most.
_ROWS: Final = 5
_APART: Final = 6.0
_NAME: Final = 17
_TICKS: Final = 9
#: More bars than this are thinned to one of an outcome a stretch of so many pixels: a sign is nine wide.
_MANY: Final = 1_000
_COVERED: Final = 4


def draw(lanes: Lanes, number: int) -> str:
    """The picture as SVG text."""
    times = list(_times(lanes))
    low, high = min(times), max(times)
    pad = max((high - low) // 100, 1)
    x = Scale(low - pad, high + pad, _LEFT, _RIGHT)
    body: list[str] = []
    y = float(_TOP)
    many = sum(len(lane.bars) for lane in lanes.lanes) > _MANY
    for lane in lanes.lanes:
        rows = _packed(lane.bars, x)
        height = len(rows) * _ROW
        body.append(_lane(lane, [_apart(row, x) for row in rows] if many else rows, x, y))
        y += height + _GAP
    lanes_end = y
    for strip in lanes.strips:
        body.append(_strip(strip, lanes, x, y, number))
        y += _STRIP
    y += 4
    grid = [_tick(at, label, x, y) for at, label in time_ticks(low, high, _TICKS)]
    starts = [_start(at, lanes, x, lanes_end) for at in lanes.starts if low - SECOND <= at <= high]
    legend = _legend(lanes, number, started=bool(starts))
    return picture(
        WIDTH,
        round(y + 24),
        number,
        lanes.title,
        lanes.description,
        _hatch(number),
        *grid,
        *starts,
        *body,
        *legend,
    )


def _times(lanes: Lanes) -> Iterator[int]:
    for lane in lanes.lanes:
        for bar in lane.bars:
            yield from (bar.end, bar.end if bar.start is None else bar.start)
    for strip in lanes.strips:
        for start, end in strip.covered:
            yield from (start, end)


def _packed(bars: Sequence[Bar], x: Scale) -> list[list[Bar]]:
    """Rows of bars that do not touch; when they would be too many, the emptiest row takes the rest."""
    rows: list[list[Bar]] = []
    ends: list[float] = []
    for bar in sorted(bars, key=lambda bar: (_begin(bar), bar.end)):
        start, end = x(_begin(bar)), x(bar.end) + _APART
        free = next((i for i, taken in enumerate(ends) if taken < start - 1), None)
        if free is None and len(rows) < _ROWS:
            rows.append([])
            ends.append(0.0)
            free = len(rows) - 1
        elif free is None:
            free = ends.index(min(ends))
        rows[free].append(bar)
        ends[free] = max(ends[free], end)
    return rows or [[]]


def _begin(bar: Bar) -> int:
    return bar.end if bar.start is None else min(bar.start, bar.end)


def _lane(lane: Lane, rows: Sequence[Sequence[Bar]], x: Scale, y: float) -> str:
    height = len(rows) * _ROW
    name = _short(lane.name)
    parts = [
        box(_LEFT, y, _RIGHT - _LEFT, height, "lane"),
        text(name, _LEFT - 10, y + height / 2 + 4, "label", text_anchor="end"),
    ]
    for number, row in enumerate(rows):
        middle = y + number * _ROW + _ROW / 2
        # The lost are drawn last, so that nothing hides them.
        for fate in sorted(TradeOutcome, key=lambda fate: fate is TradeOutcome.LOST):
            bars = [_bar(bar, x, middle) for bar in row if bar.fate is fate]
            if bars:
                parts.append(element("g", *bars, class_=fate.value))
    return element("g", *parts)


def _apart(row: Sequence[Bar], x: Scale) -> list[Bar]:
    """The bars of a row without those whose signs others of the same outcome would cover."""
    return list({(bar.fate, round(x(bar.end) / _COVERED)): bar for bar in row}.values())


def _bar(bar: Bar, x: Scale, y: float) -> str:
    start, end = x(_begin(bar)), x(bar.end)
    body = (
        [path(f"M{num(start)} {num(y)}h{num(max(end - start, 1))}", "hold")] if bar.start is not None else []
    )
    title = [titled(bar.label)] if bar.label else []
    return element("g", *title, *body, shape(bar.fate, end, y))


def shape(fate: TradeOutcome, x: float, y: float) -> str:
    """What tells an outcome without colour: disc, cross, diamond, arrow, square."""
    match fate:
        case TradeOutcome.RECORDED:
            return path(f"M{num(x - 4.2)} {num(y)}a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0 -8.4 0", "sign")
        case TradeOutcome.LOST:
            return path(f"M{num(x - 4.5)} {num(y - 4.5)}l9 9m0 -9l-9 9", "sign")
        case TradeOutcome.RESTORED:
            return path(f"M{num(x)} {num(y - 5.5)}l5.5 5.5l-5.5 5.5l-5.5 -5.5z", "sign")
        case TradeOutcome.OPEN:
            return path(f"M{num(x - 3)} {num(y - 5)}l7 5l-7 5z", "sign")
        case TradeOutcome.UNKNOWN:
            return box(x - 4, y - 4, 8, 8, "sign")


def _strip(strip: CoverageStrip, lanes: Lanes, x: Scale, y: float, number: int) -> str:
    name = _short(strip.name)
    parts = [
        text(name, _LEFT - 10, y + 11, "label small", text_anchor="end"),
        box(_LEFT, y + 2, _RIGHT - _LEFT, 11, "uncovered"),
    ]
    parts += [box(x(a), y + 2, max(x(b) - x(a), 1), 11, "covered") for a, b in strip.covered]
    parts += [
        box(x(a), y + 2, max(x(b) - x(a), 1), 11, "silent", fill=f"url(#hatch-{number})")
        for a, b in strip.silent
    ]
    return element("g", titled(f"{lanes.words['logs']}: {strip.name}"), *parts)


def _short(name: str) -> str:
    shown = printable(name)
    return shown if len(shown) <= _NAME else shown[: _NAME - 1] + "…"


def _tick(at: int, label: str, x: Scale, bottom: float) -> str:
    here = x(at)
    return line(here, _TOP - 6, here, bottom, "grid") + text(
        label, here, bottom + 15, "tick", text_anchor="middle"
    )


def _start(at: int, lanes: Lanes, x: Scale, bottom: float) -> str:
    here = x(at)
    head = path(f"M{here - 4:.1f} {_TOP - 9}h8l-4 6z", "start-head")
    return element("g", titled(lanes.words["run"]), line(here, _TOP - 6, here, bottom, "start"), head)


def _hatch(number: int) -> str:
    stripe = path("M-1 5L5 -1M1 7L7 1", "hatch-line")
    pattern = element(
        "pattern", stripe, id=f"hatch-{number}", width=6, height=6, patternUnits="userSpaceOnUse"
    )
    return element("defs", pattern)


def _legend(lanes: Lanes, number: int, *, started: bool) -> Iterator[str]:
    """The shapes that occur, with their words."""
    present = [
        fate for fate in TradeOutcome if any(bar.fate is fate for lane in lanes.lanes for bar in lane.bars)
    ]
    at = float(_LEFT)
    for fate in present:
        sign = shape(fate, at + 5, 16)
        yield element("g", sign, text(lanes.words[fate], at + 16, 20, "label"), class_=fate.value)
        at += 34 + 6.6 * len(lanes.words[fate])
    if any(strip.silent for strip in lanes.strips):
        yield box(at, 10, 14, 11, "silent", fill=f"url(#hatch-{number})")
        yield text(lanes.words["silent"], at + 20, 20, "label")
        at += 40 + 6.6 * len(lanes.words["silent"])
    if lanes.strips:
        yield box(at, 10, 14, 11, "covered")
        yield text(lanes.words["covered"], at + 20, 20, "label")
        at += 40 + 6.6 * len(lanes.words["covered"])
    if started:
        yield path(f"M{at:.1f} 11h8l-4 6z", "start-head")
        yield text(lanes.words["run"], at + 14, 20, "label")
