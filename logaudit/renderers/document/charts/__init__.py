"""Pictures as SVG text, written here and nowhere else: no script, no style attributes, classes only."""

from __future__ import annotations

from typing import assert_never

from logaudit.renderers.document.charts import curve, swimlanes
from logaudit.renderers.document.charts.drawing import Curve, Lanes

__all__ = ["draw"]


def draw(drawing: Lanes | Curve, number: int) -> str:
    """The picture; ``number`` makes its ids unique on the page."""
    match drawing:
        case Lanes():
            return swimlanes.draw(drawing, number)
        case Curve():
            return curve.draw(drawing, number)
        case _:
            assert_never(drawing)
