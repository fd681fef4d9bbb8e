"""Literals that every line a regular expression matches must contain, derived from its parse tree."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final, TypeAlias

import msgspec

#: Key of a regex → its literals, of all regexes of the built-in profiles.
TABLE: Final = Path(__file__).resolve().with_name("literals.json")
#: A literal shorter than this, in bytes of UTF-8, selects too many lines to be worth searching for.
SHORTEST: Final = 3
#: More alternatives than this are not spelled out: each costs time on every line.
MOST: Final = 8

#: From here on a character is an ideograph or a syllable: the first of the CJK radicals.
_WHOLE: Final = "\u2e80"

#: Alternatives of which a match contains at least one; empty when nothing is known.
_Choice: TypeAlias = frozenset[str]
_NOTHING: Final[_Choice] = frozenset()
_PLAIN: Final[_Choice] = frozenset([""])
_REPEATS: Final = frozenset({ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT})


def literals_of(regex: str) -> tuple[str, ...]:
    """As `required_literals`; for regexes of the built-in profiles from a table, as deriving takes long."""
    known = _built_in().get(regex_key(regex))
    return required_literals(regex) if known is None else known


def regex_key(regex: str) -> str:
    """What stands for a regex in the table; those of the profiles are long."""
    return hashlib.blake2b(regex.encode(), digest_size=12).hexdigest()


@cache
def _built_in() -> dict[str, tuple[str, ...]]:
    """What `tools/literals.py` derived; nothing where the table is missing or broken."""
    try:
        return msgspec.json.decode(TABLE.read_bytes(), type=dict[str, tuple[str, ...]])
    except (OSError, msgspec.MsgspecError):
        return {}


def required_literals(regex: str) -> tuple[str, ...]:
    """Texts of which every matching line contains at least one, sorted; empty when none can be derived.

    Of several derivable sets the one with the longest shortest text is taken, as it lets the fewest lines
    through. Parts that ignore case yield nothing: their letters need not occur as written.
    """
    tree = parser.parse(regex)
    if tree.state.flags & re.IGNORECASE:
        return ()
    found = _best(tree)
    # A line that holds the longer of two also holds the shorter within it.
    return tuple(sorted(text for text in found if not any(o != text and o in text for o in found)))


def _best(tree: Iterable[tuple[Any, Any]]) -> _Choice:
    """The most selective choice that a sequence of parsed items implies."""
    choices: list[_Choice] = []
    run = _PLAIN
    for op, argument in tree:
        spellings = _spellings(op, argument)
        # An item that can be spelled out goes on with the text around it; anchors part nothing.
        if spellings and len(run) * len(spellings) <= MOST:
            run = frozenset(head + tail for head in run for tail in spellings)
        elif spellings:
            choices.append(run)
            run = spellings
        elif op is not ops.AT:
            choices += [run, _inside(op, argument)]
            run = _PLAIN
    choices.append(run)
    return max((c for c in choices if _shortest(c) >= SHORTEST), key=_selectivity, default=_NOTHING)


def _spellings(op: Any, argument: Any) -> _Choice:  # noqa: ANN401 - the parser's tree has no public type
    """Every text the item can match, when these are few and plain; else nothing."""
    if op is ops.LITERAL:
        return frozenset([chr(argument)])
    if op is ops.IN and len(argument) <= MOST and all(inner is ops.LITERAL for inner, _ in argument):
        return frozenset(chr(value) for _, value in argument)
    if op is ops.SUBPATTERN and not argument[1] & re.IGNORECASE:
        return _all_spellings(argument[-1])
    if op is ops.BRANCH:
        parts = [_all_spellings(branch) for branch in argument[1]]
        joined = _NOTHING.union(*parts)
        return joined if all(parts) and len(joined) <= MOST else _NOTHING
    return _NOTHING


def _all_spellings(tree: Iterable[tuple[Any, Any]]) -> _Choice:
    texts = _PLAIN
    for op, argument in tree:
        more = _spellings(op, argument)
        if not more or len(texts) * len(more) > MOST:
            return _NOTHING
        texts = frozenset(head + tail for head in texts for tail in more)
    return texts


def _inside(op: Any, argument: Any) -> _Choice:  # noqa: ANN401 - as above
    """What one item that cannot be spelled out implies."""
    if op is ops.SUBPATTERN:
        return _NOTHING if argument[1] & re.IGNORECASE else _best(argument[-1])
    if op is ops.BRANCH:
        parts = [_best(branch) for branch in argument[1]]
        return _NOTHING.union(*parts) if all(parts) else _NOTHING
    if op in _REPEATS:
        return _best(argument[2]) if argument[0] >= 1 else _NOTHING
    if op is ops.ATOMIC_GROUP:
        return _best(argument)
    if op is ops.ASSERT:
        # What stands ahead or behind is no part of the match, but it is part of the line.
        return _best(argument[1])
    return _NOTHING


def _shortest(choice: _Choice) -> int:
    return min((len(text.encode()) for text in choice), default=0)


def _selectivity(choice: _Choice) -> tuple[int, int, list[str]]:
    # The texts themselves make the order total, so that equal profiles yield equal literals.
    return min(map(_letters, choice), default=0), -len(choice), sorted(choice)


def _letters(text: str) -> int:
    """How much a text tells, in letters.

    Not in bytes: a short word of Cyrillic stands in more lines than a longer one of ASCII. An ideograph or a
    syllable is as rare as two letters.
    """
    return len(text) + sum(letter >= _WHOLE for letter in text)
