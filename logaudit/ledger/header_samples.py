"""How many lines below each header show how it is written: of a table with very many headers fewer for each."""

from __future__ import annotations

from typing import Final

#: Headers whose lines are all looked at; behind them ever fewer are, so that all looks together stay linear …
_WHOLE: Final = 8
#: … but no fewer than these.
_FEWEST: Final = 20


class HeaderSamples:
    """Asked once for each header of a table.

    Args:
        lines: how many lines may be looked at for one of the first headers.
    """

    def __init__(self, lines: int) -> None:
        self._lines = lines
        self._headers = 0

    def next(self) -> int:
        """How many lines are looked at for the next header."""
        self._headers += 1
        if self._headers <= _WHOLE:
            return self._lines
        return max(_FEWEST, self._lines * _WHOLE**2 // self._headers**2)
