"""The format of a command's output: as stated, else by the ending of the file to write."""

from collections.abc import Mapping
from pathlib import PurePath

from logaudit.core.errors import UserError

#: Endings that promise nothing but text.
_PLAIN = frozenset({".txt", ".log", ".out", ".tmp"})


def chosen_format(stated: str | None, target: str, endings: Mapping[str, str]) -> str:
    """The format to write; the first of ``endings`` where nothing says which.

    Args:
        stated: what ``--format`` says; None for nothing.
        target: the file to write, empty for none.
        endings: ending of a file's name → format; several endings may stand for one.

    Raises:
        UserError: the ending of the file stands for another format than the stated one, or for none that there is.
    """
    ending = PurePath(target).suffix.lower() if target else ""
    by_name = endings.get(ending)
    if not stated and not by_name and ending[1:].isalpha() and ending not in _PLAIN:
        raise UserError(
            f"No format is known by the ending of {target}.",
            f"Let it end in {' or '.join(endings)}, or state --format.",
        )
    if stated and by_name and stated != by_name:
        raise UserError(
            f"{target} ends as {by_name} does, and --format {stated} is asked for.",
            f"Leave one of them out, or write --format {by_name}.",
        )
    return stated or by_name or next(iter(endings.values()))
