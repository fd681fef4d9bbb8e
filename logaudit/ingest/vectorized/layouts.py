"""Written times that stand at fixed columns of a line, so that many lines can be read at once."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from logaudit.logformats import LogFormat
from logaudit.logformats.pieces import DIGIT, Slot
from logaudit.logformats.text_format import TextFormat
from logaudit.logformats.time_tokens import TimeRole, TimeToken

#: The digit that stands for any digit in a template.
ANY_DIGIT: Final = "0"
_NEEDED: Final = frozenset(
    {TimeRole.YEAR, TimeRole.MONTH, TimeRole.DAY, TimeRole.HOUR, TimeRole.MINUTE, TimeRole.SECOND}
)
_USED: Final = _NEEDED | {TimeRole.FRACTION}
#: Parts of a written time that leave the naive time as it is.
_BYSTANDERS: Final = frozenset({TimeRole.OFFSET, TimeRole.ZONE})


class Layout(Struct, frozen=True):
    """The beginning of a line up to the last digit of its time.

    Attributes:
        template: its characters, every digit written as `ANY_DIGIT`.
        columns: where each part of the time begins and ends.
    """

    template: str
    columns: tuple[tuple[TimeRole, int, int], ...]

    def __len__(self) -> int:
        return len(self.template)


def layout_of(log_format: LogFormat) -> Layout | None:
    """The columns of the log format's time; None where they are not fixed, or the time is of another kind."""
    if not isinstance(log_format, TextFormat) or sum(p.slot is Slot.STAMP for p in log_format.pieces) != 1:
        return None
    template = ""
    for piece in log_format.pieces:
        if piece.before or piece.after:
            return None
        if piece.slot is Slot.STAMP:
            return _columns(template, log_format.time)
        if not piece.fixed:
            return None
        template += "".join(piece.shape)
    return None


def _columns(template: str, tokens: tuple[TimeToken, ...]) -> Layout | None:
    columns: list[tuple[TimeRole, int, int]] = []
    # A template's own digits could not be told from any digit.
    plain = not any(c.isdecimal() for c in template)
    rest = list(tokens)
    while rest and rest[0].fixed and (rest[0].role in _USED or rest[0].role is None):
        token = rest.pop(0)
        start = len(template)
        for position in token.shape:
            if len(position) == 1:
                plain &= not position.isdecimal()
            elif position != DIGIT:
                return None
            template += position if len(position) == 1 else ANY_DIGIT
        # Of a part that is written twice the first counts.
        if token.role is not None and all(role is not token.role for role, _, _ in columns):
            columns.append((token.role, start, len(template)))
    # What stands behind the last digit may part one log format from another, but tells no time.
    template = template[: max((stop for _, _, stop in columns), default=0)]
    found = {role for role, _, _ in columns}
    others = {token.role for token in rest} - {None}
    if not plain or not template.isascii() or not found >= _NEEDED or not others <= _BYSTANDERS:
        return None
    return Layout(template, tuple(columns))
