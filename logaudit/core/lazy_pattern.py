"""Regexes compiled on first use: most commands use few of those that are written down, a scan less than half.

Compiling all of them takes a tenth of a small scan. Every regex that stands at the top of a module is written so;
`re.compile` is for those that are built from what is read. `tests/test_startup.py` compiles all of them, and counts
those that a scan compiles.
"""

from __future__ import annotations

import re
from typing import AnyStr, cast


class _LazyPattern:
    """What `re.compile` would give; each of its methods is looked up once, so that a call costs what it costs there."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._written_flags = flags

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _LazyPattern) and self.__reduce__() == other.__reduce__()

    def __hash__(self) -> int:
        return hash((self.pattern, self._written_flags))

    def __reduce__(self) -> tuple[type[_LazyPattern], tuple[str | bytes, int]]:
        return _LazyPattern, (self.pattern, self._written_flags)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # copying asks for such before there is anything to compile
            raise AttributeError(name)
        value: object = getattr(re.compile(self.pattern, self._written_flags), name)
        setattr(self, name, value)
        return value


def lazy_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """A regex that is compiled when it is first searched for; a mistake in it is an error only then."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(text, flags))
