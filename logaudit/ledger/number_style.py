"""Which character is the decimal sign of a table's numbers, decided for each column from all its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern


class Decimals(StrEnum):
    """The decimal sign of a column; the other one groups thousands.

    ``EITHER`` for a column in which some cells show the one, some the other, and none groups thousands: two writers.
    """

    POINT = "."
    COMMA = ","
    EITHER = ".,"


#: A number as written: sign, money sign, digits with points, commas and groups, a currency word behind it.
_SHAPE: Final = lazy_pattern(r"[^\d.,]*([\d.,' \u00a0\u202f_]*\d)\s*(?:[A-Za-z%]{1,10})?", re.ASCII)
_GROUP: Final = 3


def sign_shown(cell: str) -> Decimals | None:
    """The decimal sign that a cell shows; None where it has none or may mean either.

    ``60,5``, ``0,008``, ``1234,567`` and ``1.234,5`` show a comma; ``1,234`` may be thousands as well.
    """
    if "," not in cell and "." not in cell:
        return None
    shape = _SHAPE.fullmatch(cell.strip())
    if shape is None:
        return None
    digits = re.sub(r"['\s_]", "", shape[1])
    for sign, other in ((Decimals.COMMA, Decimals.POINT), (Decimals.POINT, Decimals.COMMA)):
        if sign not in digits:
            continue
        head, _, tail = digits.rpartition(sign)
        if sign in head:  # thousands: the other one is the decimal sign, if anything is
            return other if other not in head else None
        if other in tail:
            continue
        if other in head:
            return sign
        grouped = len(tail) == _GROUP and 1 <= len(head) <= _GROUP and not head.startswith("0")
        return None if grouped else sign
    return None


def decide(columns: Mapping[str, Iterable[str]], delimiter: str) -> dict[str, Decimals]:
    """The decimal sign of each column whose cells show one, or take that of the table.

    A column is decided by its own cells where these agree. Otherwise the other columns of the table decide if they
    agree; where no cell of the table shows a sign and cells are separated by semicolons, as by spreadsheets of
    countries with a decimal comma, a comma is one. What stays open is left out: each row is read on its own.
    """
    shown = {name: {sign for cell in cells if (sign := sign_shown(cell))} for name, cells in columns.items()}
    own = {name: next(iter(signs)) for name, signs in shown.items() if len(signs) == 1}
    of_table = set(own.values())
    own |= {
        name: Decimals.EITHER
        for name, signs in shown.items()
        if len(signs) > 1 and not _groups(columns[name])
    }
    if len(of_table) == 1:
        (common,) = of_table
    elif not of_table and delimiter == ";":
        common = Decimals.COMMA
    else:
        return own
    return {name: own.get(name, common) for name, signs in shown.items() if len(signs) <= 1 or name in own}


def sign_of_row(cells: Iterable[str]) -> Decimals | None:
    """The decimal sign that all numbers of one row which show one agree on: the row has one writer."""
    signs = {sign for cell in cells if (sign := sign_shown(cell))}
    return signs.pop() if len(signs) == 1 else None


def _groups(cells: Iterable[str]) -> bool:
    """Whether a cell shows a sign of thousands: both signs, or one twice."""
    return any(cell.count(",") + cell.count(".") > 1 for cell in cells)


def with_point(cell: str, decimals: Decimals | None) -> str:
    """The cell with a point as its decimal sign and no thousands; as written where nothing is decided."""
    match decimals:
        case None:
            return cell
        case Decimals.COMMA:
            return cell.replace(".", "").replace(",", ".") if "," in cell or "." in cell else cell
        case Decimals.POINT:
            return cell.replace(",", "")
        case Decimals.EITHER:
            return cell.replace(",", ".")
