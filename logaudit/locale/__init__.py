"""Languages: GNU gettext catalogues, and how a language writes counts, shares, sizes and durations.

English stands in the code and costs nothing to load. Another language is one file,
``<code>/LC_MESSAGES/logaudit.po``, compiled to a ``.mo`` when the package is built.
"""

from __future__ import annotations

from logaudit.locale.languages import ENGLISH, Language, installed, language

__all__ = ["ENGLISH", "Language", "installed", "language"]
