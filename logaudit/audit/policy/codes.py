"""Words for rules → codes: a code, a name, or the beginning of codes such as ``LA4``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from logaudit.core.errors import UserError
from logaudit.core.lazy_pattern import lazy_pattern

_BEGINNING: Final = lazy_pattern(r"LA\d{0,2}")
#: The rule that fails a job whatever else was asked for.
STALE: Final = "LA901"
#: A rule that could not be judged.
FAILED: Final = "LA905"
#: Rules that settings themselves call for; choosing among rules does not switch them off.
GATES: Final = frozenset({STALE, "LA902"})


def codes_of(words: Iterable[str], where: str) -> frozenset[str]:
    """The codes that ``words`` name.

    Raises:
        UserError: a word names no rule; begins with ``where``.
    """
    return frozenset(code for word in words for code in _codes(word, where))


def chosen_codes(
    select: Sequence[str], ignore: Sequence[str], where: tuple[str, str]
) -> frozenset[str] | None:
    """The codes to judge: those selected (all, when none is) without those ignored; None for simply all.

    Args:
        select: words; ignore: words.
        where: what messages call the two settings.

    Raises:
        UserError: a word names no rule, or no rule is left.
    """
    if not select and not ignore:
        return None
    selected = codes_of(select, where[0]) if select else frozenset(all_codes())
    left = selected - codes_of(ignore, where[1])
    if not left:
        raise UserError(f"{where[1]}: it leaves no rule to judge.", "Ignore fewer rules.")
    return left | GATES


def all_codes() -> tuple[str, ...]:
    """The codes of all rules, in their order."""
    from logaudit.rules import REGISTRY  # noqa: PLC0415 - rules bring all that judges: most jobs choose none

    return tuple(r.rule.code for r in REGISTRY)


def _codes(word: str, where: str) -> Iterable[str]:
    from logaudit.rules import find  # noqa: PLC0415 - as above

    upper = word.strip().upper()
    if _BEGINNING.fullmatch(upper):
        found = [code for code in all_codes() if code.startswith(upper)]
        if found:
            return found
    try:
        return [find(word).rule.code]
    except UserError as error:
        raise UserError(f"{where}: {error.problem[0].lower()}{error.problem[1:]}", error.remedy) from None
