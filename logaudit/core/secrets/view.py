"""Text without what hides names from a search: invisible characters, percent and unicode escapes, with places."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

#: Characters that show nothing and may stand within a word.
_JOINERS: Final = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
INVISIBLE: Final = f"\u00ad\u034f\u061c\u115f\u1160\u180e{_JOINERS}\u3164\ufe0f\ufeff"
_HIDING: Final = re.compile(
    rf"[{INVISIBLE}]+|%25(?=[0-9A-Fa-f]{{2}})|%(?P<hex>[2-7][0-9A-Fa-f])|\\+u00(?P<code>[2-7][0-9A-Fa-f])"
    r"|&(?P<name>quot|amp|apos|#39|#34|#x27|#x22);"
)
_CODE: Final = re.compile(r"[2-7][0-9A-Fa-f]")
_NAMED: Final = {"quot": '"', "amp": "&", "apos": "'", "#39": "'", "#34": '"', "#x27": "'", "#x22": '"'}


class ResolvedText(Struct, frozen=True):
    """A text with its escapes resolved.

    Attributes:
        places: of each of its characters, where it begins in the original; one more for the end.
    """

    text: str
    places: tuple[int, ...] | range

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the view lies in the original."""
        return self.places[start], self.places[end]


def hides(text: str) -> bool:
    """Whether `view_of` shows something else than the text."""
    return _HIDING.search(text) is not None


def view_of(text: str) -> ResolvedText:
    """The text with escapes resolved; those of percent signs first, so that what is encoded twice shows."""
    if not hides(text):
        return ResolvedText(text, range(len(text) + 1))
    letters: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        match = _HIDING.match(text, at)
        if match is None:
            letters.append(text[at])
            places.append(at)
            at += 1
            continue
        end = match.end()
        if match[0] == "%25" and (inner := _CODE.match(text, end)):
            letters.append(chr(int(inner[0], 16)))
            places.append(at)
            end = inner.end()
        elif code := match["hex"] or match["code"]:
            letters.append(chr(int(code, 16)))
            places.append(at)
        elif match["name"]:
            letters.append(_NAMED[match["name"]])
            places.append(at)
        elif match[0] == "%25":
            letters.append("%")
            places.append(at)
        at = end
    return ResolvedText("".join(letters), (*places, len(text)))
