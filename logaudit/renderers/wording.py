"""Small phrases that reports for people share: times, spans, lists and counts in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from logaudit.core.money import format_signed, parse_printed, total
from logaudit.core.money_parts import Amount
from logaudit.core.text import plural
from logaudit.core.timestamp import Stamp

_ISO: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d.*)", re.DOTALL)


def format_time(iso: str) -> str:
    """An ISO time with a space for its ``T``; anything else as it is."""
    match = _ISO.fullmatch(iso)
    return f"{match[1]} {match[2]}" if match else iso


def span(first: Stamp, last: Stamp | None) -> str:
    """Two times as one phrase, the second without its date where that is the same."""
    if last is None or first == last:
        return first.spaced()
    shown = last.spaced()
    return f"{first.spaced()} – {shown.partition(' ')[2] if first.day == last.day else shown}"


def listed(items: Sequence[str], limit: int) -> str:
    """``a, b and 3 more``: the first ``limit`` items."""
    rest = len(items) - limit
    return ", ".join(items[:limit]) + (f" and {rest:,} more" if rest > 0 else "")


def counted(errors: int, warnings: int, notes: int) -> str:
    """``8 errors, 1 warning, 3 notes``."""
    return ", ".join([plural(errors, "error"), plural(warnings, "warning"), plural(notes, "note")])


def sum_of(texts: Iterable[str]) -> Decimal | None:
    """The exact sum of those texts that are numbers; None when none is."""
    numbers = [number for number in map(parse_printed, texts) if number is not None]
    return total(numbers) if numbers else None


def amount_text(amount: Amount) -> str:
    """``+1.5``; ``+1.5 and 2 unknown amounts`` where not all is known, and no number where nothing is."""
    if not amount.left_out:
        return format_signed(amount.known_sum)
    unknown = plural(amount.left_out, "unknown amount")
    return f"{format_signed(amount.known_sum)} and {unknown}" if amount.nets or amount.grosses else unknown


def pnl(amount: Amount) -> str:
    """What an amount is an amount of."""
    return "gross PnL" if amount.is_gross else "net PnL"
