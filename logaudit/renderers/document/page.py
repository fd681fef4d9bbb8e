"""Document → one self-contained HTML page: one script of ours, no request, a policy that forbids all else.

The policy names the hashes of the style and of the script. The template walks over the document's own structs.
Whatever it prints passes two gates, once: `printable`, and the escaping of the template engine.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from itertools import count, groupby
from typing import Any, Final

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.text import printable
from logaudit.renderers.document.charts import draw
from logaudit.renderers.document.charts.drawing import Curve, Lanes
from logaudit.renderers.document.document import SIGNS, ColumnSize, Document, Table, TableColumn
from logaudit.renderers.document.evidence_file import NAME
from logaudit.renderers.document.exhibits import ExhibitIndex

#: Longer code may break after the signs that join its parts.
_LONG: Final = 28
_PIECES: Final = lazy_pattern(r"[^./:!_]*[./:!_]+|[^./:!_]+")
#: Columns whose values do not say what they are: a card that shows one says it.
_LABELLED: Final = (ColumnSize.AMOUNT, ColumnSize.COUNT, ColumnSize.WITNESS)


def render(document: Document, evidence: ExhibitIndex, explorer: str, attached: str) -> str:
    """The page as text.

    Args:
        explorer: the data of the script, as JSON without ``<``; empty for a page without explorer and script.
        attached: the register as a ``data:`` address.
    """
    style, script = _resource("style.css"), _resource("explorer.js") if explorer else ""
    scripts = f" script-src '{_hash(script)}';" if script else ""
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}';{scripts} img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    figures = count(1)

    def svg(drawing: Lanes | Curve) -> Markup:
        return Markup(draw(drawing, next(figures)))  # noqa: S704 - built from escaped parts

    page: str = _template().render(
        document=document,
        words=document.words,
        policy=policy,
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        explorer=Markup(explorer),  # noqa: S704 - JSON of printable text without a bracket
        attached=attached,
        file=NAME,
        label=evidence.label,
        long=_LONG,
        svg=svg,
        sources=[list(group) for _, group in groupby(evidence.exhibits, key=lambda one: one.place.address)],
    )
    return page


def _hash(text: str) -> str:
    """As a policy names a text that a page may hold."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _resource(name: str) -> str:
    return files("logaudit.renderers.document").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _template() -> Any:  # noqa: ANN401 - jinja2's Template
    environment = Environment(
        loader=BaseLoader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        keep_trailing_newline=True,
        finalize=_shown,
    )
    environment.filters |= {
        "kind": lambda one: type(one).__name__,
        "sign": SIGNS.__getitem__,
        "pieces": _pieces,
        "classes": _classes,
        "named": _named,
    }
    return environment.from_string(_resource("report.html"))


def _shown(value: object) -> object:
    """Text that may come from logs, made printable; what the template made itself is safe already."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _pieces(text: str) -> list[str]:
    """Long code in the pieces between which it may break; short code whole."""
    shown = printable(text)
    return _PIECES.findall(shown) if len(shown) > _LONG else [shown]


def _classes(table: Table) -> str:
    """How a table is set; alignment is told once a table, by column, instead of once a cell."""
    kinds = [name for name in ("compact", "facts", "records") if getattr(table, name)]
    kinds += [f"r{i}" for i, column in enumerate(table.columns, 1) if column.right]
    kinds += [f"w{i}" for i, column in enumerate(table.columns, 1) if column.wide and not table.records]
    return " ".join(kinds)


def _named(column: TableColumn, table: Table) -> str:
    """What a card says of a value; empty where it says so itself."""
    return column.title if table.records and column.size in _LABELLED else ""
