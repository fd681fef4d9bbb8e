"""Russian counts and spans: the noun's form depends on the number."""

from __future__ import annotations

_TEENS = range(11, 15)
_FEW = range(2, 5)


def counted(count: int, one: str, few: str, many: str) -> str:
    """``1 строка``, ``2 строки``, ``5 строк``."""
    return f"{count} {form(count, one, few, many)}"


def form(count: int, one: str, few: str, many: str) -> str:
    """The noun's form alone."""
    last, teens = count % 10, count % 100 in _TEENS
    if last == 1 and not teens:
        return one
    return few if last in _FEW and not teens else many


def span(seconds: int) -> str:
    """A duration for people: ``35 с``, ``12 мин``, ``2 ч 19 мин``, ``3 д 4 ч``."""
    if seconds < 120:  # noqa: PLR2004 - two minutes read better as seconds
        return f"{seconds} с"
    minutes = seconds // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} д {hours} ч" if hours else f"{days} д"
    if hours:
        return f"{hours} ч {minutes} мин" if minutes else f"{hours} ч"
    return f"{minutes} мин"
