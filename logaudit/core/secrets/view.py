"""Text without what hides names from a search: invisible characters, percent and unicode escapes, with places."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern

#: Characters that show nothing and may stand within a word.
_JOINERS: Final = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
INVISIBLE: Final = f"\u00ad\u034f\u061c\u115f\u1160\u180e{_JOINERS}\u3164\ufeff"
_HIDING: Final = lazy_pattern(
    rf"[{INVISIBLE}]+|%25(?=[0-9A-Fa-f]{{2}})|%(?P<hex>[2-7][0-9A-Fa-f])|\\+u00(?P<code>[2-7][0-9A-Fa-f])"
    r"|&(?P<name>quot|amp|apos|#39|#34|#x27|#x22);"
)
_CODE: Final = lazy_pattern(r"[2-7][0-9A-Fa-f]")
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
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for match in _HIDING.finditer(text):
        if match.start() < at:
            continue  # the code behind a percent sign that was encoded itself
        parts.append(text[at : match.start()])
        places += range(at, match.start())
        at = match.end()
        shown = _NAMED.get(match["name"] or "", "")
        if code := match["hex"] or match["code"]:
            shown = chr(int(code, 16))
        elif match[0] == "%25":
            twice = _CODE.match(text, at)
            shown = chr(int(twice[0], 16)) if twice else "%"
            at = twice.end() if twice else at
        if shown:
            parts.append(shown)
            places.append(match.start())
    return ResolvedText("".join((*parts, text[at:])), (*places, *range(at, len(text) + 1)))
