"""Finds and reads settings files, from the working directory upwards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from logaudit.core.errors import UserError
from logaudit.core.lazy_pattern import lazy_pattern

FILE_NAME: Final = "logaudit.toml"
_SHARED: Final = "pyproject.toml"
#: Some of these stand in a file with a table ``tool.logaudit``, however it is written; to parse it takes far longer.
_MENTIONS: Final = lazy_pattern(
    rb"""tool["'\s]*\.["'\s]*logaudit|^(?:\xef\xbb\xbf)?\s*(?:\[\s*["']?tool["']?\s*\]|["']?tool["']?\s*=)""",
    re.MULTILINE,
)


def working_folder() -> Path:
    """The working folder, absolute.

    Raises:
        UserError: it was deleted, or may not be looked at.
    """
    try:
        return Path.cwd()
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"The working folder cannot be used: {reason}.", "Go to another folder.") from error


def candidates(start: Path) -> Iterator[Path]:
    """The settings files above ``start``, the nearest first; a folder's own file before its pyproject."""
    for folder in (start, *start.parents):
        for name in (FILE_NAME, _SHARED):
            path = folder / name
            if path.is_file() and (name == FILE_NAME or _has_table(path)):
                yield path


def read(path: Path, shown: str) -> dict[str, Any]:
    """The settings of a file, raw: the whole of a TOML file, or pyproject.toml's ``[tool.logaudit]``.

    ``shown`` is what messages call the file.

    Raises:
        UserError: it cannot be read or is no TOML.
    """
    from logaudit.core.bounded_read import WRITTEN, read_bounded  # noqa: PLC0415 - most folders hold no settings
    from logaudit.core.toml import TomlError, parse_toml  # noqa: PLC0415 - as above

    try:
        tree = parse_toml(read_bounded(path, WRITTEN))
    except OSError as error:
        raise UserError(f"{shown} cannot be read: {error.strerror or error}.") from error
    except TomlError as error:
        raise UserError(f"{shown}: {error.problem}.", error.remedy) from error
    if path.name != _SHARED:
        return tree
    table = tree.get("tool", {})
    table = table.get("logaudit", {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise UserError(f"{shown}: tool.logaudit: a table is expected here.", "Write [tool.logaudit].")
    return table


def _has_table(path: Path) -> bool:
    """Whether a pyproject.toml speaks of logaudit; one that is broken elsewhere is not ours to judge."""
    from logaudit.core.bounded_read import WRITTEN, read_bounded  # noqa: PLC0415 - as above

    try:
        data = read_bounded(path, WRITTEN)
    except OSError:
        return False
    if not _MENTIONS.search(data):
        return False
    from logaudit.core.toml import TomlError, parse_toml  # noqa: PLC0415 - as above

    try:
        tool = parse_toml(data).get("tool", {})
    except TomlError:
        return b"[tool.logaudit" in data
    return isinstance(tool, dict) and "logaudit" in tool
