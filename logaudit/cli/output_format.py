"""The format of a command's output: as stated, else by the ending of the file to write."""

from collections.abc import Mapping
from pathlib import PurePath

from logaudit.core.errors import UserError


def chosen_format(stated: str | None, target: str, endings: Mapping[str, str]) -> str:
    """The format to write; the first of ``endings`` where nothing says which.

    Args:
        stated: what ``--format`` says; None for nothing.
        target: the file to write, empty for none.
        endings: ending of a file's name → format; several endings may stand for one.

    Raises:
        UserError: the ending of the file stands for another format than the stated one.
    """
    by_name = endings.get(PurePath(target).suffix.lower()) if target else None
    if stated and by_name and stated != by_name:
        raise UserError(
            f"{target} ends as {by_name} does, and --format {stated} is asked for.",
            f"Leave one of them out, or write --format {by_name}.",
        )
    return stated or by_name or next(iter(endings.values()))
