"""Named pieces of regular expression, so that a pattern says ``%{NUMBER:pnl}`` instead of its spelling."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern

_SIGN: Final = r"[+\-\u2212]?"
_DIGITS: Final = r"(?>(?:\d+(?:[,_]\d{3}(?!\d))*(?:\.\d+)?|\.\d+)(?:[eE][+\-]?\d+)?)"

#: Fragments every profile may use; a profile's own ``[fragments]`` are added to them, never replace them.
#: Numbers are atomic: what follows can refuse the whole number, never cut it short. (Possessive groups would say the
#: same, but Python before 3.11.5 keeps what a last, failed turn of one has passed.)
BUILT_IN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "NUMBER": rf"{_SIGN}{_DIGITS}",
        "MONEY": rf"{_SIGN}\$?{_SIGN}{_DIGITS}",
        "INT": r"\d++",
        "SYMBOL": r"[A-Z0-9][A-Z0-9.]*(?:[\-/_:][A-Z0-9]+)*",
        "SIDE": r"(?:[Ll]ong|LONG|[Ss]hort|SHORT|[Bb]uy|BUY|[Ss]ell|SELL)",
        "WORD": r"[^\W\d][\w\-]*",
        "FILE": r"[^\s'\"]+",
        "REST": r".*\S",
    }
)

_REFERENCE: Final = lazy_pattern(r"%\{([^}:]*)(?::([^}]*))?\}")
_NAME: Final = lazy_pattern(r"[A-Z][A-Z0-9_]*")
#: Fragments may use fragments; a chain deeper than this is a circle.
_DEEPEST: Final = 8


class UnknownFragmentError(ValueError):
    """A ``%{…}`` that names nothing, or fragments that name each other in a circle."""


def expand(text: str, fragments: Mapping[str, str]) -> str:
    """``text`` with every ``%{NAME}`` and ``%{NAME:field}`` replaced by its regular expression.

    Raises:
        UnknownFragmentError: a name is neither built in nor among ``fragments``, or they form a circle.
    """
    known = {**fragments, **BUILT_IN}

    def replace(match: re.Match[str]) -> str:
        name, field = match[1], match[2]
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
            raise UnknownFragmentError(f"%{{{name}}} is not known; {hint}")
        return f"(?P<{field}>{known[name]})" if field else f"(?:{known[name]})"

    for _ in range(_DEEPEST):
        expanded = _REFERENCE.sub(replace, text)
        if expanded == text:
            return text
        text = expanded
    raise UnknownFragmentError("fragments name each other in a circle")


def is_name(text: str) -> bool:
    """Whether a profile may call a fragment so: capitals, digits and underscores, not a built-in's name."""
    return _NAME.fullmatch(text) is not None and text not in BUILT_IN
