"""Text without what hides names from a search: invisible characters, colours, look-alikes, escapes; with places."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern

#: Characters that show nothing and may stand within a word.
_JOINERS: Final = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
INVISIBLE: Final = f"\u00ad\u034f\u061c\u115f\u1160\u180e{_JOINERS}\u3164\ufeff"
_HIDING: Final = lazy_pattern(
    rf"[{INVISIBLE}]+|%25(?=[0-9A-Fa-f]{{2}})|%(?P<hex>[2-7][0-9A-Fa-f])|\\+(?:u00|x)(?P<code>[2-7][0-9A-Fa-f])"
    r"|&(?:(?P<name>quot|amp|apos)|#(?P<decimal>0{0,4}(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]))"
    r"|#[xX]0{0,4}(?P<digits>[2-7][0-9A-Fa-f]));"
    # Colours of terminals, as such and as they are written where they are escaped.
    r"|(?:\x1b|\\+x1[bB]|\\+u001[bB]|\\+033|#033|\^\[)\[[0-9;]{0,20}m"
)
_CODE: Final = lazy_pattern(r"[2-7][0-9A-Fa-f]")
_NAMED: Final = {"quot": '"', "amp": "&", "apos": "'"}

#: Cyrillic letters that look like Latin ones, and those.
CYRILLIC: Final = "асеорухкіѕјАВСЕОРХКМНТІЅ"
LATIN: Final = "aceopyxkisjABCEOPXKMHTIS"
#: A word of Latin letters and of such that look like them.
_MIXED: Final = lazy_pattern(
    rf"(?<![^\W_])(?=[a-zA-Z_]*[{CYRILLIC}])(?=[{CYRILLIC}_]*[a-zA-Z])[a-zA-Z_{CYRILLIC}]+"
)
#: One character for another: letters of full width, hyphens that do not break.
_ALIKE: Final = str.maketrans(
    {
        **{chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)},
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
    }
)
_LETTERS: Final = str.maketrans(CYRILLIC, LATIN)


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
    return _HIDING.search(text) is not None or _plain(text) != text


def view_of(text: str) -> ResolvedText:
    """The text with escapes resolved; those of percent signs first, so that what is encoded twice shows."""
    text = _plain(text)
    if _HIDING.search(text) is None:
        return ResolvedText(text, range(len(text) + 1))
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in _HIDING.finditer(text):
        if match.start() < at:
            continue  # the code behind a percent sign that was encoded itself
        parts.append(text[at : match.start()])
        places += range(at, match.start())
        at = match.end()
        shown = _shown(match)
        if match[0] == "%25":
            twice = _CODE.match(text, at)
            shown = chr(int(twice[0], 16)) if twice else "%"
            at = twice.end() if twice else at
        if shown:
            parts.append(shown)
            places.append(match.start())
    return ResolvedText("".join((*parts, text[at:])), (*places, *range(at, len(text) + 1)))


def _shown(match: re.Match[str]) -> str:
    """What an escape stands for; nothing for what shows nothing."""
    if code := match["hex"] or match["code"] or match["digits"]:
        return chr(int(code, 16))
    return chr(int(match["decimal"])) if match["decimal"] else _NAMED.get(match["name"] or "", "")


def _plain(text: str) -> str:
    """The text in letters of one alphabet a word, as many characters long."""
    if text.isascii():
        return text
    return _MIXED.sub(lambda word: word[0].translate(_LETTERS), text.translate(_ALIKE))
