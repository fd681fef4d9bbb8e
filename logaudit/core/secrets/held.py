"""Several credentials of one name, in a list, a map or one behind another: ``secrets: [a, b]``, ``key a to b``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import NameClass, SecretKind, SecretName
from logaudit.core.secrets.shapes import (
    PASSWORDS,
    RANDOM_FROM,
    is_key,
    is_market,
    is_token,
    looks_random,
    may_be_coin,
)

#: A name whose value is several, in brackets or behind a dash.
_OPENS: Final = lazy_pattern(r"s?[\\'\"]{0,12}\s?[:=][ \t]{0,4}(?:(?P<wrap>[\[({])|(?=- \S))")
#: One of them: its name in a map, and its value.
_ITEM: Final = lazy_pattern(
    r"[\s,]{0,8}(?:- )?(?:[bBuUrR]?[\\'\"]{0,12}(?P<name>[\w .-]{1,60})[\\'\"]{0,12}\s?(?:=>|[:=])\s{0,4})?"
    r"[bBuUrR]?(?P<open>[\\'\"]{0,12})(?P<v>[^\s'\"\\,;&}\])<>|]{1,512})(?P=open)"
)
#: They stand in lines of their own below the name, each as deep as the first.
_BELOW: Final = lazy_pattern(r"s?[\\'\"]{0,12}\s?:[ \t]{0,4}(?=(?:\n|\\n)(?P<shape>[ \t]{1,40}(?![ \t])|- ))")
_LINE: Final = lazy_pattern(
    r"(?:\n|\\n)(?P<shape>[ \t]{1,40}(?![ \t])|- )(?:- {1,4})?(?:(?P<name>[\w.-]{1,60}):[ \t]{1,4})?(?P<open>['\"]?)"
    r"(?P<v>[^\s'\"\\,;&}\])<>|]{1,512})(?P=open)(?=\s|\\n|$)"
)
#: Names of what goes with a credential and is none.
_BESIDE: Final = lazy_pattern(
    r".{0,40}(?:user|login|name|account|mail|address|venue|exchange|host|url|path|file|id|pair|symbol|market)s?",
    re.IGNORECASE,
)
#: What stands between a value and another one of the same name.
_NEXT: Final = lazy_pattern(
    r"['\"]?\s?(?:(?P<comma>[,;])|/|->|=>|\b(?:to|and|or|на|и)\b)\s?['\"]?"
    r"(?P<v>[\w+/=-]{16,256})(?![\w+/=:])"
)
_PATH: Final = lazy_pattern(r"[~.]{0,2}/|[A-Za-z]:\\|\w{1,12}://")
#: Items that are looked at.
_MOST: Final = 64


def held(text: str, at: int, name: SecretName) -> tuple[list[tuple[int, int]], int]:
    """Where credentials lie in what is opened behind a name that ends at ``at``, and how far it was looked at."""
    found: list[tuple[int, int]] = []
    if name.proves not in {NameClass.SURE, NameClass.BARE_TOKEN, NameClass.FOREIGN}:
        return found, at
    opens = _OPENS.match(text, at)
    start = opens or _BELOW.match(text, at)
    if start is None:
        return found, at
    place = start.end()
    for _ in range(_MOST):
        match = (_ITEM if opens else _LINE).match(text, place)
        if match is None or not (opens or match["shape"] == start["shape"]):
            break
        if not (match["name"] and _BESIDE.fullmatch(match["name"])) and _is_held(match["v"], name):
            found.append(match.span("v"))
        place = match.end()
    return found, place


def following(text: str, at: int, name: SecretName, *, plural: bool) -> Iterator[tuple[int, int]]:
    """Where random text lies behind a credential that ends at ``at``; behind a comma if its name is ``plural``."""
    if name.kind in PASSWORDS or name.proves is NameClass.LINE:
        return
    for _ in range(_MOST):
        match = _NEXT.match(text, at)
        if (
            match is None
            or (match["comma"] and not plural)
            or not (is_key(match["v"]) or looks_random(match["v"]))
        ):
            return
        yield match.span("v")
        at = match.end()


def _is_held(value: str, name: SecretName) -> bool:
    """Whether an item looks like a credential: a name of its own says nothing of it."""
    if _PATH.match(value) or is_market(value):
        return False
    if name.stem == "secret" or name.kind in PASSWORDS:
        return len(value) >= RANDOM_FROM and any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    if name.kind is SecretKind.TOKEN and not looks_random(value):
        return is_token(value, address=not may_be_coin(name)) and any(map(str.islower, value))
    return is_token(value, address=False)
