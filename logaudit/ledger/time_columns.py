"""Rows that all begin with a time written alike: their times are cut out of a whole stretch at once."""

from __future__ import annotations

from struct import iter_unpack
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ledger.stamps import FRACTION_DIGITS

_REST: Final = lazy_pattern(rb"\d\d(?:[.,](\d+))?")
_DIGITS: Final = bytes.maketrans(b"123456789", b"000000000")


class Shape(Struct, frozen=True):
    """How a table's rows begin: the time cell and the delimiter behind it.

    Attributes:
        template: their bytes, every digit written as 0.
        minute: bytes before the last colon, the one between minute and second.
        digits: of the second's fraction, 0 without one.
    """

    template: bytes
    minute: int
    digits: int

    def heads(self, rows: list[bytes]) -> bytes | None:
        """How the rows begin, one behind the other; None where one of them begins otherwise."""
        size = len(self.template)
        heads = b"".join([row[:size] for row in rows])
        return heads if heads.translate(_DIGITS) == self.template * len(rows) else None

    def cut(self, heads: bytes) -> list[tuple[bytes, bytes, bytes]]:
        """The minute, second and fraction of each, the fraction down to the microsecond and never empty."""
        second = f"={self.minute}sx2s"
        if not self.digits:
            return [(*cut, b"0") for cut in iter_unpack(f"{second}x", heads)]
        told = min(self.digits, FRACTION_DIGITS)
        return list(iter_unpack(f"{second}x{told}s{self.digits - told}xx", heads))


def shape_of(row: bytes, delimiter: bytes) -> Shape | None:
    """The shape of a row; None when it does not begin with a time to the second, bare of quotes and spaces."""
    cell, found, _ = row.partition(delimiter)
    minute, _, rest = cell.rpartition(b":")
    shown = _REST.fullmatch(rest)
    if not found or shown is None or minute.count(b":") != 1 or cell != cell.strip().strip(b'"'):
        return None
    return Shape((cell + delimiter).translate(_DIGITS), len(minute), len(shown[1] or b""))
