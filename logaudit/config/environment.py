"""Settings from ``LOGAUDIT_*`` variables: ``LOGAUDIT_FAIL_ON=warning`` is ``fail-on = "warning"``."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

from logaudit.config.check import KEYS, check_one
from logaudit.core.errors import UserError

PREFIX: Final = "LOGAUDIT_"
#: Variables that are not settings.
_OTHERS: Final = frozenset({"TRACEBACK", "CORPUS", "CACHE_DIR", "NOTIFY"})
_LISTS: Final = frozenset({"paths", "outputs", "select", "ignore"})
_FORMATS: Final = "log-formats"
_TABLES: Final = frozenset({"suppressions", "ledgers", "limits", _FORMATS})
_ALMOST: Final = 0.75


def from_environment(environment: Mapping[str, str]) -> dict[str, tuple[str, object]]:
    """Key → (variable, typed value), for variables that are set and not empty.

    Lists are split at line ends, or at commas where there is only one line; ``LOGAUDIT_LOG_FORMATS`` holds
    one format string a line, all with the datefmt of ``LOGAUDIT_DATE_FORMAT``.

    Raises:
        UserError: a wrong value, or a name that is almost a setting's.
    """
    names = {_variable(key): key for key in KEYS if key not in _TABLES}
    found: dict[str, tuple[str, object]] = {}
    for name, text in environment.items():
        if not name.startswith(PREFIX) or not text.strip():
            continue
        if key := names.get(name):
            found[key] = name, check_one(key, _split(text) if key in _LISTS else text.strip(), name)
        else:
            _misspelt(name, [*names, _variable(_FORMATS), f"{PREFIX}DATE_FORMAT"])
    formats = environment.get(_variable(_FORMATS), "").splitlines()
    if any(line.strip() for line in formats):
        datefmt = environment.get(f"{PREFIX}DATE_FORMAT", "")
        value = [{"format": line, "datefmt": datefmt} for line in formats if line.strip()]
        found[_FORMATS] = _variable(_FORMATS), check_one(_FORMATS, value, _variable(_FORMATS))
    return found


def _variable(key: str) -> str:
    return PREFIX + key.replace("-", "_").upper()


def _split(text: str) -> list[str]:
    parts = text.splitlines() if len(text.splitlines()) > 1 else text.split(",")
    return [part.strip() for part in parts if part.strip()]


def _misspelt(name: str, names: list[str]) -> None:
    """A variable nobody reads may belong to another program; one that is almost ours is a mistake."""
    if name in names or name.removeprefix(PREFIX) in _OTHERS:
        return
    bare = [known.removeprefix(PREFIX) for known in names]
    close = difflib.get_close_matches(name.removeprefix(PREFIX), bare, 1, cutoff=_ALMOST)
    if close:
        raise UserError(f"{name}: there is no such setting.", f"Did you mean {PREFIX}{close[0]}?")
