"""Cells of CSV files that spreadsheets open: nothing in them is computed or obeyed."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.text import printable

NUMBER: Final = lazy_pattern(r"[+-]?\d+(\.\d+)?", re.ASCII)
#: What spreadsheets take for the beginning of a formula; the wide forms count in East Asian locales.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(text: str, *, number: bool = False) -> str:
    """``text`` printable; what could be a formula begins with an apostrophe, plain numbers excepted."""
    if number and NUMBER.fullmatch(text):
        return text
    shown = printable(text)
    return f"'{shown}" if text.lstrip(" ").startswith(_FORMULA) or shown.startswith(_FORMULA) else shown


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as CSV, each ended by a line feed."""
    out = StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
