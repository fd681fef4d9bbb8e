"""Credentials below their names, in lines that are shown one by one: YAML puts a value on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import SecretKind
from logaudit.core.secrets.marks import mark
from logaudit.core.secrets.recognise import find_secrets

#: Lines above one that are looked at for a name.
REACH: Final = 50
#: What a line ends with whose value stands below it; how the lines of a block are joined.
_LAST: Final = ':=|>+-\\"' + "0123456789"
_OPENS: Final = lazy_pattern(
    r"[:=][ \t]{0,4}(?:[!&][\w./-]{1,40}[ \t]{0,4}){0,2}(?P<joined>[|>][-+0-9]{0,2})?[ \t]{0,4}(?P<cut>\\)?\"{0,4}$"
)
#: A line that says what the value in the next one is called.
_CALLED: Final = lazy_pattern(r"(?:name|key)['\"]?\s?[:=]\s?['\"]?[\w .-]{3,60}['\"]?,?\s*$", re.IGNORECASE)
_IS_VALUE: Final = lazy_pattern(r"\s*['\"]?value['\"]?\s?[:=]", re.IGNORECASE)
#: Characters at the end of a line in which its name lies.
_NAME: Final = 100
#: One of these is a credential under every name of one.
_SAMPLES: Final = ("Zq7XwLm2Pv9Kt4Rb", "winner thank year wave " * 3, "4c0883a69102937d" * 4)
_VALUE: Final = lazy_pattern(r"[\s'\"]*(?P<v>[^'\"\n]*[^'\"\s])")
_MAPPING: Final = lazy_pattern(r"['\"]?[\w .-]{1,60}['\"]?:(?:\s|$)|-\s")
#: An item of a list, in YAML or in quotes, or a name with its value.
_IN_LIST: Final = lazy_pattern(r"\s{1,80}(?:- |['\"]|[\w.-]{1,60}:\s)")
_SOME_WORDS: Final = lazy_pattern(r"(?:[^\W\d_]{3,12}[ ,-]{0,3}){3,24}")


def hide_below(text: str, above: Sequence[str]) -> str:
    """A line with a mark in place of the credential whose name stands in the lines above it, the nearest last."""
    found = below(text, above)
    if found is None:
        return text
    start, end, kind = found
    return f"{text[:start]}{mark(kind, text[start:end])}{text[end:]}"


def below(text: str, above: Sequence[str]) -> tuple[int, int, SecretKind] | None:
    """Where a credential lies whose name stands in the lines above, and its kind."""
    if not above or not (text[:1].isspace() or above[-1].rstrip('"').endswith("\\")):
        return None
    if _IS_VALUE.match(text) and _CALLED.search(above[-1], max(len(above[-1]) - _NAME, 0)):
        line = above[-1].rstrip()
        start = len(line) + 1 - (len(text) - len(text.lstrip()))
        found = [s for s in find_secrets(f"{line}\n{text.lstrip()}") if s.start > len(line)]
        return (found[0].start - start, found[0].end - start, found[0].kind) if found else None
    beside = True  # whether the lines between are as deep as this one: items of one list
    for distance, line in enumerate(reversed(above[-REACH:])):
        if opens_value(line):
            return _value(text, line, first=distance == 0) or (_item(text, line) if beside else None)
        beside = beside and _depth(line) == _depth(text)
        if line and not line[0].isspace():
            return None
    return None


def awaits_value(line: str) -> bool:
    """Whether the value of a name in this line may stand in the next one."""
    return opens_value(line) or _CALLED.search(line, max(len(line) - _NAME, 0)) is not None


def opens_value(line: str) -> bool:
    """Whether a line ends with what stands between a name and a value below it."""
    line = line.rstrip()
    ends_so = line[-1:] in _LAST or " &" in line[-_NAME:] or " !" in line[-_NAME:]
    return bool(line) and ends_so and _OPENS.search(line, max(len(line) - _NAME, 0)) is not None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _item(text: str, line: str) -> tuple[int, int, SecretKind] | None:
    """Where a credential lies in an item of a list or a map below a name."""
    above = line.rstrip()[-_NAME:] + "\n"
    if not _IN_LIST.match(text):
        return None
    for secret in find_secrets(above + text):
        if secret.start >= len(above):
            return secret.start - len(above), secret.end - len(above), secret.kind
    return None


def _value(text: str, line: str, *, first: bool) -> tuple[int, int, SecretKind] | None:
    line = line.rstrip()[-_NAME:]
    opens = _OPENS.search(line)
    value = _VALUE.match(text)
    if opens is None or value is None or not (first or opens["joined"]):
        return None
    if not opens["joined"] and _MAPPING.match(value["v"]):
        return None  # names of their own
    name = line[: opens.start()]
    for sample in _SAMPLES:
        trial = f"{name}='{sample}'"
        if (known := find_secrets(trial)) and known[-1].end >= len(trial) - 2:
            kind = known[-1].kind
            words = kind is SecretKind.MNEMONIC and _SOME_WORDS.fullmatch(value["v"])
            stated = words or find_secrets(f"{name}='{value['v']}'")
            return (*value.span("v"), kind) if stated else None
    return None
