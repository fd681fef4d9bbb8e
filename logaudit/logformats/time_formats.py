"""How times are spelled in format strings: loguru's tokens and strftime's directives."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.logformats.pieces import DIGIT, LogFormatError, did_you_mean
from logaudit.logformats.time_tokens import (
    DAY_NAME,
    DAY_SHORT,
    HALF,
    MONTH_NAME,
    MONTH_SHORT,
    OFFSET,
    ZONE,
    TimeRole,
    TimeToken,
    digits,
    literal,
    number,
    spaced,
    with_zulu,
)

LOGURU_DEFAULT: Final = "%Y-%m-%dT%H:%M:%S.%f%z"
ASCTIME_DEFAULT: Final = "%Y-%m-%d %H:%M:%S,%f"
_NANOSECONDS: Final = 9

_LOGURU: Final[dict[str, TimeToken]] = {
    "YYYY": digits(4, TimeRole.YEAR),
    "YY": digits(2, TimeRole.YEAR),
    "Q": digits(1, None),
    "MMMM": MONTH_NAME,
    "MMM": MONTH_SHORT,
    "MM": digits(2, TimeRole.MONTH),
    "M": number(2, TimeRole.MONTH),
    "DDDD": digits(3, TimeRole.YEAR_DAY),
    "DDD": number(3, TimeRole.YEAR_DAY),
    "DD": digits(2, TimeRole.DAY),
    "D": number(2, TimeRole.DAY),
    "dddd": DAY_NAME,
    "ddd": DAY_SHORT,
    "d": digits(1, None),
    "E": digits(1, None),
    "HH": digits(2, TimeRole.HOUR),
    "H": number(2, TimeRole.HOUR),
    "hh": digits(2, TimeRole.HOUR_12),
    "h": number(2, TimeRole.HOUR_12),
    "mm": digits(2, TimeRole.MINUTE),
    "m": number(2, TimeRole.MINUTE),
    "ss": digits(2, TimeRole.SECOND),
    "s": number(2, TimeRole.SECOND),
    "A": HALF,
    "Z": OFFSET,
    "ZZ": OFFSET,
    "zz": ZONE,
    "X": TimeToken("[0-9]{9,11}", TimeRole.EPOCH, (DIGIT,)),
    "x": TimeToken("[0-9]{15,17}", TimeRole.EPOCH_US, (DIGIT,)),
}
# Longest first, and brackets around one token make it literal: as loguru reads it.
_LOGURU_TOKENS: Final = r"HH?|hh?|mm?|ss?|S+|YYYY|YY|M{1,4}|D{1,4}|ZZ?|zz|A|X|x|E|Q|dddd|ddd|d"
_LOGURU_TOKEN: Final = lazy_pattern(rf"(?:{_LOGURU_TOKENS})|\[(?:{_LOGURU_TOKENS}|!UTC|)\]")

_STRFTIME: Final[dict[str, TimeToken | str]] = {
    "Y": digits(4, TimeRole.YEAR),
    "y": digits(2, TimeRole.YEAR),
    "m": digits(2, TimeRole.MONTH),
    "B": MONTH_NAME,
    "b": MONTH_SHORT,
    "h": MONTH_SHORT,
    "d": digits(2, TimeRole.DAY),
    "e": spaced(TimeRole.DAY),
    "j": digits(3, TimeRole.YEAR_DAY),
    "H": digits(2, TimeRole.HOUR),
    "k": spaced(TimeRole.HOUR),
    "I": digits(2, TimeRole.HOUR_12),
    "l": spaced(TimeRole.HOUR_12),
    "p": HALF,
    "P": HALF,
    "M": digits(2, TimeRole.MINUTE),
    "S": digits(2, TimeRole.SECOND),
    "z": OFFSET,
    ":z": OFFSET,
    "Z": ZONE,
    "s": TimeToken("[0-9]{9,11}", TimeRole.EPOCH, (DIGIT,)),
    "A": DAY_NAME,
    "a": DAY_SHORT,
    "w": digits(1, None),
    "u": digits(1, None),
    "U": digits(2, None),
    "W": digits(2, None),
    "V": digits(2, None),
    "G": digits(4, None),
    "g": digits(2, None),
    "C": digits(2, None),
    "F": "%Y-%m-%d",
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "T": "%H:%M:%S",
    "X": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "c": "%a %b %e %H:%M:%S %Y",
    "n": " ",
    "t": "\t",
    "%": literal("%"),
}
_DIRECTIVE: Final = lazy_pattern(r"%([-#_0^]?)(:?[A-Za-z%])")
#: `datetime.strftime` prints six digits; `time.strftime`, which stdlib logging calls, prints the letters.
_PRECISE: Final = digits(6, TimeRole.FRACTION)
_MAYBE_PRECISE: Final = TimeToken("(?:[0-9]{3,6}|%?f)", TimeRole.FRACTION)
_MILLISECONDS: Final = digits(3, TimeRole.FRACTION)


class TimeFormat(Struct, frozen=True):
    """A spelled-out time: its tokens, and whether the format states that they show UTC."""

    tokens: tuple[TimeToken, ...]
    utc: bool = False


@lru_cache(maxsize=64)
def loguru_time(spec: str) -> TimeFormat:
    """The text after ``{time:``; empty means loguru's own default, ``%`` means strftime.

    Raises:
        LogFormatError: an unknown directive, or more than nine ``S``.
    """
    utc = spec.endswith("!UTC")
    plain = spec.removesuffix("!UTC")
    if not plain or "%" in plain:
        return TimeFormat(_strftime(plain or LOGURU_DEFAULT, _PRECISE, spec), utc)
    tokens: list[TimeToken] = []
    text, at = "", 0
    for found in _LOGURU_TOKEN.finditer(plain):
        text += plain[at : found.start()]
        at = found.end()
        token = found[0]
        if token.startswith("["):
            text += token[1:-1]
            continue
        tokens, text = _append(tokens, text, _loguru_token(token, spec)), ""
    return TimeFormat(tuple(_append(tokens, text + plain[at:])), utc)


def _loguru_token(token: str, spec: str) -> TimeToken:
    if token.startswith("S"):
        if len(token) > _NANOSECONDS:
            raise LogFormatError(f"Time format {spec!r}: {token} asks for more than nanoseconds.", "Use SSS.")
        return digits(len(token), TimeRole.FRACTION)
    return _LOGURU[token]


@lru_cache(maxsize=64)
def asctime(datefmt: str) -> TimeFormat:
    """Stdlib ``%(asctime)s``; an empty ``datefmt`` means ``2025-01-01 00:00:00,123``.

    Raises:
        LogFormatError: an unknown directive.
    """
    if not datefmt:
        return TimeFormat(_strftime(ASCTIME_DEFAULT, _MILLISECONDS, "asctime"))
    return TimeFormat(_strftime(datefmt, _MAYBE_PRECISE, datefmt))


def _strftime(spec: str, fraction: TimeToken, where: str) -> tuple[TimeToken, ...]:
    tokens: list[TimeToken] = []
    at = 0
    while True:
        found = _DIRECTIVE.search(spec, at)
        if found is None:
            return tuple(_append(tokens, spec[at:]))
        text, at = spec[at : found.start()], found.end()
        flag, letter = found.groups()
        meaning = fraction if letter == "f" else _STRFTIME.get(letter)
        if meaning is None:
            near = did_you_mean(letter, [x for x in _STRFTIME if x.lower() == letter.lower()], "%{}")
            raise LogFormatError(
                f"Time format {where!r}: unknown directive {found[0]}.",
                near or "Write %Y-%m-%d %H:%M:%S, or loguru's YYYY-MM-DD HH:mm:ss.",
            )
        if isinstance(meaning, str):
            spec, at = spec[: found.start()] + meaning + spec[found.end() :], found.start()
            tokens = _append(tokens, text)
            continue
        tokens = _append(tokens, text, _unpadded(meaning, flag))


def _unpadded(token: TimeToken, flag: str) -> TimeToken:
    """``%-d`` and Windows' ``%#d`` print a number without its leading zero."""
    if flag in ("-", "#") and token.fixed and set(token.shape) == {DIGIT}:
        return number(len(token.shape), token.role)
    return token


def _append(tokens: list[TimeToken], text: str, token: TimeToken | None = None) -> list[TimeToken]:
    """``tokens`` with a literal and a token after them; a literal ``Z`` is a zone."""
    result, rest = with_zulu(tokens, text)
    if rest:
        result.append(literal(rest))
    if token is not None:
        result.append(token)
    return result
