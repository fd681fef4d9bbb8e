"""Builds SVG text: elements with escaped attributes and text, numbers to one decimal."""

from __future__ import annotations

from html import escape
from typing import TypeAlias

from logaudit.core.text import printable

SvgValue: TypeAlias = "str | float"


def element(tag: str, *inside: str, **attributes: SvgValue) -> str:
    """One element; ``inside`` is SVG that is already built, underscores in names become dashes."""
    given = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items())
    return f"<{tag}{given}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{given}/>"


def text(content: str, x: float, y: float, kind: str, **more: SvgValue) -> str:
    """A line of text; the content may be hostile."""
    return element("text", words(content), x=x, y=y, class_=kind, **more)


def titled(content: str) -> str:
    """What a pointer resting on the parent shows."""
    return element("title", words(content))


def words(content: str) -> str:
    """Text as character data."""
    return escape(printable(content))


def picture(width: int, height: int, number: int, title: str, description: str, *inside: str) -> str:
    """The root element: scales with the page, and says what it shows to those who do not see it."""
    ids = f"chart-{number}-title", f"chart-{number}-description"
    return element(
        "svg",
        element("title", words(title), id=ids[0]),
        element("desc", words(description), id=ids[1]),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby=f"{ids[0]} {ids[1]}",
        class_="chart",
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def box(x: float, y: float, width: float, height: float, kind: str, **more: SvgValue) -> str:
    """A rectangle."""
    return element("rect", x=x, y=y, width=width, height=height, class_=kind, **more)


def path(moves: str, kind: str, **more: SvgValue) -> str:
    """A path of our own making."""
    return element("path", d=moves, class_=kind, **more)


def num(value: float) -> str:
    """A coordinate to one decimal, without a useless one."""
    shown = f"{value:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: SvgValue) -> str:
    return escape(value) if isinstance(value, str) else num(value)
