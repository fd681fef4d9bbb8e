"""The output formats of a scan, by name; the command line, the settings and their schema take theirs from here.

To add one, write a module with ``render(report, style)`` and register it below. This module loads nothing, as it
is imported for every command: a format's module is imported when a report is written in it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from logaudit.core.report import Report
    from logaudit.renderers.style import RenderStyle


class Renderer(NamedTuple):
    """An output format.

    Attributes:
        name: what settings and flags call it.
        place: ``module:function`` of what writes it: (Report, RenderStyle) → str or bytes.
        shows_hashes: whether it shows the SHA-256 of what was read, which costs time to compute.
        is_json: whether it is JSON, in which an escape must be JSON's own.
        endings: what names of its files may end with; of formats with one ending, the first is meant.
    """

    name: str
    place: str
    shows_hashes: bool = False
    is_json: bool = False
    endings: tuple[str, ...] = ()

    def render(self, report: Report, style: RenderStyle) -> str | bytes:
        """The report in this format."""
        module, _, function = self.place.partition(":")
        write: Callable[[Report, RenderStyle], str | bytes] = getattr(import_module(module), function)
        return write(report, style)


_renderers: dict[str, Renderer] = {}


def register(renderer: Renderer) -> None:
    """Adds an output format; before the command line or the settings are imported, which list them."""
    _renderers[renderer.name] = renderer


def formats() -> tuple[str, ...]:
    """The names of all formats, in the order in which they are listed."""
    return tuple(_renderers)


def endings() -> tuple[str, ...]:
    """Every ending that stands for a format."""
    return tuple(dict.fromkeys(end for one in _renderers.values() for end in one.endings))


def format_of(file: str) -> str:
    """The format that the ending of a file's name stands for; empty where it stands for none."""
    fitting = (one.name for one in _renderers.values() if file.lower().endswith(one.endings or "\0"))
    return next(fitting, "")


def renderer(name: str) -> Renderer:
    """The format of this name; raises KeyError."""
    return _renderers[name]


register(Renderer("text", "logaudit.renderers.text:render", endings=(".txt",)))
register(Renderer("concise", "logaudit.renderers.concise:render"))
register(
    Renderer(
        "json", "logaudit.renderers.json_report:render", shows_hashes=True, is_json=True, endings=(".json",)
    )
)
register(Renderer("jsonl", "logaudit.renderers.jsonl:render", is_json=True, endings=(".jsonl", ".ndjson")))
register(Renderer("sarif", "logaudit.renderers.sarif:render", is_json=True, endings=(".sarif", ".json")))
register(Renderer("github", "logaudit.renderers.github:render"))
register(Renderer("gitlab", "logaudit.renderers.gitlab:render", is_json=True, endings=(".json",)))
register(Renderer("junit", "logaudit.renderers.junit:render", endings=(".xml",)))
register(
    Renderer(
        "markdown", "logaudit.renderers.document:as_markdown", shows_hashes=True, endings=(".md", ".markdown")
    )
)
register(
    Renderer("html", "logaudit.renderers.document:as_html", shows_hashes=True, endings=(".html", ".htm"))
)
register(Renderer("csv", "logaudit.renderers.findings_csv:render", endings=(".csv",)))
