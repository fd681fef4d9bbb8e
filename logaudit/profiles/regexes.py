"""Regular expressions as a profile writes them: expanded and compiled, or an error that says which key is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping

from logaudit.core.errors import ProfileError
from logaudit.profiles.fragments import UnknownFragmentError, expand


def expanded(text: str, where: str, fragments: Mapping[str, str]) -> str:
    """The regex with its fragments spelled out.

    Raises:
        ProfileError: a fragment is not known; begins with ``where``.
    """
    try:
        return expand(text, fragments)
    except UnknownFragmentError as error:
        raise ProfileError(f"{where}: {error}.") from error


def compiled(text: str, where: str) -> re.Pattern[str]:
    """An expanded regex, compiled.

    Raises:
        ProfileError: it is none; begins with ``where``.
    """
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ProfileError(f"{where}: not a regular expression: {error}.") from error
