"""One language: its translations, and its words for units."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal
    from gettext import GNUTranslations

_FOLDER: Final = Path(__file__).parent
_DOMAIN: Final = "logaudit"
_SECOND: Final = 1_000_000
_MILLISECOND: Final = 1_000


class Language:
    """Translates texts, and writes figures as the language does; without a catalogue it is English."""

    def __init__(self, code: str, catalogue: GNUTranslations | None = None) -> None:
        self.code = code
        self._catalogue = catalogue

    def text(self, text: str, context: str = "") -> str:
        """The translation of ``text``; the text itself where there is none."""
        if self._catalogue is None:
            return text
        return self.pgettext(context, text) if context else self._catalogue.gettext(text)

    def form(self, one: str, many: str, count: int, context: str) -> str:
        """The translation in the plural form that goes with ``count``."""
        if self._catalogue is None:
            return one if count == 1 else many
        if context:
            return self.npgettext(context, one, many, count)
        return self._catalogue.ngettext(one, many, count)

    def pgettext(self, context: str, text: str) -> str:
        """As gettext's function of this name."""
        return text if self._catalogue is None else self._catalogue.pgettext(context, text)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """As gettext's function of this name."""
        if self._catalogue is None:
            return one if count == 1 else many
        return self._catalogue.npgettext(context, one, many, count)

    def number(self, value: int) -> str:
        """A count, its thousands grouped."""
        text = f"{value:,}"
        return text if -1000 < value < 1000 else text.replace(",", self.pgettext("thousands", ","))  # noqa: PLR2004 - no groups

    def percent(self, share: Decimal | None) -> str:
        """A fraction as percent with one decimal; a dash for none."""
        if share is None:
            return "–"
        from decimal import ROUND_HALF_EVEN, Context, Decimal  # noqa: PLC0415 - most commands show no share

        # Shares are short; what the calling thread has set for its decimals changes no figure.
        figures = Context(prec=60, rounding=ROUND_HALF_EVEN)
        points = figures.quantize(figures.multiply(share, Decimal(100)), Decimal("0.1"))
        return self.pgettext("unit", "{n}%").format(n=f"{points:f}".removesuffix(".0"))

    def duration(self, us: int) -> str:
        """A span of time in its two largest units: ``35 s``, ``12 min``, ``2 h 19 min``, ``3 d 4 h``."""
        seconds = round(abs(us) / _SECOND)
        if seconds < 1 and us:
            return self.pgettext("unit", "{n} ms").format(n=f"{abs(us) / _MILLISECOND:.0f}")
        if seconds < 120:  # noqa: PLR2004 - two minutes read better as seconds
            return self.pgettext("unit", "{n} s").format(n=seconds)
        days, rest = divmod(seconds, 86_400)
        hours, rest = divmod(rest, 3600)
        parts = [
            (days, self.pgettext("unit", "{n} d")),
            (hours, self.pgettext("unit", "{n} h")),
            (rest // 60, self.pgettext("unit", "{n} min")),
        ]
        while not parts[0][0]:
            parts.pop(0)
        return " ".join(unit.format(n=count) for count, unit in parts[:2] if count)

    def size(self, count: int) -> str:
        """Bytes, in words for people."""
        units = (
            (3, self.pgettext("unit", "{n} GB")),
            (2, self.pgettext("unit", "{n} MB")),
            (1, self.pgettext("unit", "{n} kB")),
        )
        for power, unit in units:
            if count >= 1000**power:
                return unit.format(n=f"{count / 1000**power:.1f}")
        return self.pgettext("unit", "{n} bytes").format(n=count)


#: The language of the code.
ENGLISH: Final = Language("en")


def installed() -> tuple[str, ...]:
    """Codes of the languages that can be read, English first."""
    found = sorted(path.parent.parent.name for path in _FOLDER.glob(f"*/LC_MESSAGES/{_DOMAIN}.mo"))
    return ("en", *found)


@lru_cache(maxsize=8)
def language(code: str) -> Language:
    """The language of a code; English where its catalogue is not installed or cannot be read."""
    if code == ENGLISH.code:
        return ENGLISH
    from gettext import GNUTranslations  # noqa: PLC0415 - English needs none of it
    from struct import error as struct_error  # noqa: PLC0415 - as above

    try:
        with (_FOLDER / code / "LC_MESSAGES" / f"{_DOMAIN}.mo").open("rb") as file:
            return Language(code, GNUTranslations(file))
    except (OSError, ValueError, IndexError, struct_error):
        return ENGLISH
