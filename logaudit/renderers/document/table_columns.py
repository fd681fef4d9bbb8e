"""Columns of tables by key: their title, alignment, and the room that records need for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from logaudit.core.message import Message
from logaudit.core.money_parts import Amount
from logaudit.renderers.document.document import ColumnSize, TableColumn
from logaudit.renderers.document.labels import COLUMNS

_SIZES: Final = {
    **dict.fromkeys(("closed", "closed+state"), ColumnSize.TIME),
    **dict.fromkeys(("symbol+side+reason", "seen"), ColumnSize.NAME),
    "entry→exit": ColumnSize.PRICE,
    **dict.fromkeys(("gross_pnl", "net_pnl", "unrecorded", "net_log", "net_row"), ColumnSize.AMOUNT),
    **dict.fromkeys(("bytes", "records"), ColumnSize.AMOUNT),
    **dict.fromkeys(("by", "closes", "missing"), ColumnSize.COUNT),
    **dict.fromkeys(("place", "delay", "in_recorded", "in_missing"), ColumnSize.COUNT),
    **dict.fromkeys(("ack", "row"), ColumnSize.WITNESS),
    "state": ColumnSize.STATE,
    "close": ColumnSize.CITE,
    "evidence": ColumnSize.CITES,
    "sha256": ColumnSize.HASH,
}


def pnl_column(sum_: Amount) -> str:
    """The key of a column of such amounts."""
    return "gross_pnl>" if sum_.is_gross else "net_pnl>"


def column(name: str, text: Callable[[Message], str]) -> TableColumn:
    """``closed``, ``net_pnl>`` for numbers, ``found=`` for sentences.

    ``symbol+side`` is one column that shows both, ``entry→exit`` one that shows a change.

    Args:
        name: the key, or several, with what follows them.
        text: says a message in the report's language.
    """
    keys = name.rstrip(">=")
    first, *others = (text(COLUMNS[key]) for key in re.split("[+→]", keys))
    separator = " → " if "→" in keys else ", "
    title = separator.join([first, *(other[:1].lower() + other[1:] for other in others)])
    size = _SIZES.get(keys, ColumnSize.REST)
    return TableColumn(title, right=name.endswith(">"), wide=name.endswith("="), size=size)
