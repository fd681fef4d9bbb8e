"""Languages: GNU gettext catalogues, and how a language writes counts, shares, sizes and durations.

English stands in the code and costs nothing to load. Another language is one file,
``<code>/LC_MESSAGES/logaudit.po``, compiled to a ``.mo`` when the package is built.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from logaudit.locale.languages import ENGLISH, Language, installed, language

__all__ = ["ENGLISH", "LANGUAGES", "Language", "installed", "language"]

#: Codes of the languages there are catalogues for, compiled or not; English first.
LANGUAGES: Final = (
    ENGLISH.code,
    *sorted(path.parent.name for path in Path(__file__).parent.glob("*/LC_MESSAGES")),
)
