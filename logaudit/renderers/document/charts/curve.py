"""Two running sums in steps, the space between them marked: what the ledger does not know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from logaudit.renderers.document.charts.axis import Scale, number_ticks, time_ticks
from logaudit.renderers.document.charts.drawing import Curve
from logaudit.renderers.document.charts.svg import element, line, num, path, picture, text

WIDTH: Final = 960
HEIGHT: Final = 320
_LEFT: Final = 72
_RIGHT: Final = WIDTH - 92
_TOP: Final = 40
_BOTTOM: Final = HEIGHT - 30
#: Labels at the ends of the lines keep this much from each other.
_LABEL: Final = 15.0
#: More points than the picture has half pixels are thinned.
_MANY: Final = 2 * WIDTH

_Point: TypeAlias = "tuple[int, float, float]"


def draw(curve: Curve, number: int) -> str:
    """The picture as SVG text."""
    points = curve.points
    values = [0.0, *(v for _, log, ledger in points for v in (log, ledger))]
    low, high = min(values), max(values)
    room = (high - low) * 0.06 or 1.0
    y = Scale(low - room, high + room, _BOTTOM, _TOP)
    first, last = points[0][0], points[-1][0]
    pad = max((last - first) // 50, 1)
    x = Scale(first - pad, last + pad, _LEFT, _RIGHT)
    grid = [
        line(_LEFT, y(value), _RIGHT, y(value), "grid zero" if value == 0 else "grid")
        + text(label, _LEFT - 8, y(value) + 4, "tick", text_anchor="end")
        for value, label in number_ticks(low - room, high + room, 6)
    ]
    grid += [
        line(x(at), _BOTTOM, x(at), _BOTTOM + 5, "grid")
        + text(label, x(at), _BOTTOM + 19, "tick", text_anchor="middle")
        for at, label in time_ticks(first, last, 9)
    ]
    points = _thinned(points, x)
    log = [(at, value) for at, value, _ in points]
    ledger = [(at, value) for at, _, value in points]
    top, bottom = _steps(log, x, y), _steps(ledger, x, y)
    gap = path(f"M{_moves(top)}L{_moves(bottom[::-1])}z", "gap")
    return picture(
        WIDTH,
        HEIGHT,
        number,
        curve.title,
        curve.description,
        *grid,
        *([gap] if curve.gap else []),
        path(f"M{_moves(bottom)}", "curve ledger"),
        path(f"M{_moves(top)}", "curve log"),
        *_legend(curve),
        *_ends(curve, top[-1], bottom[-1]),
    )


def _thinned(points: tuple[_Point, ...], x: Scale) -> tuple[_Point, ...]:
    """The points; of very many, the last of each half pixel."""
    if len(points) <= _MANY:
        return points
    return tuple({round(2 * x(point[0])): point for point in points}.values())


def _steps(series: Sequence[tuple[int, float]], x: Scale, y: Scale) -> list[tuple[float, float]]:
    """From zero, level until each close and upright at it."""
    found = [(float(_LEFT), y(0.0))]
    for at, value in series:
        found += [(x(at), found[-1][1]), (x(at), y(value))]
    return [*found, (float(_RIGHT), found[-1][1])]


def _moves(points: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{num(px)} {num(py)}" for px, py in points)


def _legend(curve: Curve) -> list[str]:
    log_end = _LEFT + 48 + 6.6 * len(curve.log)
    ledger_end = log_end + 64 + 6.6 * len(curve.ledger)
    names = [
        line(_LEFT, 18, _LEFT + 28, 18, "curve log"),
        text(curve.log, _LEFT + 36, 22, "label"),
        line(log_end + 16, 18, log_end + 44, 18, "curve ledger"),
        text(curve.ledger, log_end + 52, 22, "label"),
    ]
    if not curve.gap:
        return names
    return [
        *names,
        element("rect", x=ledger_end + 20, y=11, width=20, height=13, class_="gap"),
        text(curve.gap, ledger_end + 48, 22, "label"),
    ]


def _ends(curve: Curve, log: tuple[float, float], ledger: tuple[float, float]) -> list[str]:
    """The last values beside the ends of the lines, moved apart where they would collide."""
    _, final_log, final_ledger = curve.points[-1]
    upper, lower = log[1], ledger[1]
    if abs(upper - lower) < _LABEL:
        middle = (upper + lower) / 2
        shift = _LABEL / 2 if upper <= lower else -_LABEL / 2
        upper, lower = middle - shift, middle + shift
    return [
        text(f"{final_log:+,.2f}", _RIGHT + 8, upper + 4, "end log"),
        text(f"{final_ledger:+,.2f}", _RIGHT + 8, lower + 4, "end ledger"),
    ]
