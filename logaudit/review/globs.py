"""Path globs of suppressions: ``*`` within a folder, ``**`` across folders."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|.", re.DOTALL)
_SAID: Final = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def matches(pattern: str, path: str) -> bool:
    """Whether a ``/`` path fits; a pattern without ``/`` fits a name in any folder, as in ignore files."""
    return _regex(pattern).fullmatch(path) is not None


@lru_cache(maxsize=256)
def _regex(pattern: str) -> re.Pattern[str]:
    shaped = pattern.replace("\\", "/").removeprefix("./")
    if "/" not in shaped.rstrip("/"):
        shaped = f"**/{shaped}"
    if shaped.endswith("/"):
        shaped += "**"
    return re.compile("".join(_piece(token) for token in _TOKEN.findall(shaped)), re.DOTALL)


def _piece(token: str) -> str:
    if token in _SAID:
        return _SAID[token]
    if token.startswith("[") and token.endswith("]") and len(token) > 1:
        inner = token[1:-1]
        negated = inner.startswith("!")
        listed = inner.removeprefix("!").replace("\\", "\\\\").replace("^", "\\^").replace("[", "\\[")
        return f"[{'^' if negated else ''}{listed}]"
    return re.escape(token)
