"""Evidence for what bytes above ASCII mean: UTF-16, UTF-8, or one of two national code pages."""

from __future__ import annotations

import codecs
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern

CYRILLIC: Final = "cp1251"
LATIN: Final = "cp1252"

_HIGH: Final = lazy_pattern(rb"[\x80-\xff]")
# In cp1251 a Russian word is a run of bytes that are letters in both pages, standing free of Latin letters;
# in cp1252 a letter with an accent stands in a word of plain ones.
_FREE_WORD: Final = lazy_pattern(rb"(?<![A-Za-z\xa8\xb8\xc0-\xff])[\xa8\xb8\xc0-\xff]{2,}(?![A-Za-z])")
_ACCENT: Final = lazy_pattern(rb"(?<=[A-Za-z])[\xc0-\xff]|[\xc0-\xff](?=[A-Za-z])")
_SAMPLE: Final = 1 << 16
#: Letters after which the answer is no longer a matter of chance.
_ENOUGH: Final = 1000
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


def first_high(block: bytes) -> int:
    """Offset of the first byte above ASCII, -1 when there is none."""
    found = _HIGH.search(block)
    return found.start() if found else -1


def utf16_order(head: bytes) -> str:
    """``utf-16-le`` or ``utf-16-be`` where the zero halves of ASCII letters show it, else empty.

    Runs of NULs, as a power failure leaves them, have as many on even as on odd places.
    """
    pairs = len(head) // 2
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    for zeros, others, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if pairs > 1 and zeros * 5 >= pairs and others * 20 <= zeros:
            return name
    return ""


def utf8_evidence(text: bytes) -> tuple[int, int]:
    """Valid and invalid UTF-8 sequences above ASCII; one cut off by the end counts as neither.

    ``text`` begins with its first byte above ASCII. When its beginning says enough, the rest is not looked
    at.
    """
    valid, invalid = _sequences(text[:_SAMPLE])
    if (valid and not invalid) or valid + invalid >= _ENOUGH:
        return valid, invalid
    return _sequences(text)


def _sequences(text: bytes) -> tuple[int, int]:
    try:
        letters = codecs.utf_8_decode(text, "strict", False)[0]  # noqa: FBT003 - the standard library's signature
    except UnicodeDecodeError:
        letters = codecs.utf_8_decode(text, "replace", False)[0]  # noqa: FBT003 - as above
        replaced = letters.count(_REPLACED) - text.count(_REPLACED.encode())
    else:
        replaced = 0
    high = len(letters) - len(letters.encode("ascii", "ignore"))
    return high - replaced, replaced


class CodePage:
    """Chooses between cp1251 and cp1252 by the letters of the blocks seen so far."""

    def __init__(self) -> None:
        self._cyrillic = 0
        self._latin = 0

    @property
    def name(self) -> str:
        """The page the evidence speaks for; cp1252 while nothing does."""
        return CYRILLIC if self._cyrillic > self._latin else LATIN

    def convert(self, block: bytes) -> bytes:
        """The block as UTF-8; bytes the page leaves undefined become U+FFFD."""
        if self._cyrillic + self._latin < _ENOUGH:
            self._cyrillic += sum(len(word) for word in _FREE_WORD.findall(block))
            self._latin += len(_ACCENT.findall(block))
        return block.decode(self.name, "replace").encode("utf-8")
