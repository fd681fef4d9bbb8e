"""Parses TOML bytes; whatever is wrong with them is one error."""

from __future__ import annotations

import tomllib
from typing import Any, Final

from logaudit.core.lazy_pattern import lazy_pattern

#: A key of so many parts nests as many tables; the parser takes time and memory in the square of that.
_DEEP: Final = lazy_pattern(rb"""(?<![A-Za-z0-9_"'-])(?:[A-Za-z0-9_"'-]+[ \t]{0,9}\.[ \t]{0,9}){200}""")
_TOO_DEEP: Final = "its tables or lists are nested too deeply"


class TomlError(Exception):
    """Bytes that are no TOML.

    Attributes:
        problem: what is wrong, one clause without a full stop.
        remedy: what to do about it, empty where the problem says it all.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


def parse_toml(data: bytes) -> dict[str, Any]:
    """The document that ``data`` holds, UTF-8 with or without a byte order mark.

    Raises:
        TomlError: not UTF-8, not TOML, or beyond what the parser takes (nesting, digits of a number).
    """
    if _DEEP.search(data):
        raise TomlError(_TOO_DEEP)
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TomlError(f"not UTF-8 at byte {error.start}", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"not valid TOML: {error}") from error
    except RecursionError as error:
        raise TomlError(_TOO_DEEP) from error
    except ValueError as error:  # the limit on the digits of a whole number
        raise TomlError("a number in it has too many digits") from error
