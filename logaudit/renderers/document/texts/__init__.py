"""The report's own texts by language."""

from __future__ import annotations

from typing import Final

from logaudit.renderers.document.texts import en, en_words, ru, ru_words

TEXTS: Final[dict[str, dict[str, str]]] = {
    "en": {**en.TEXTS, **en_words.TEXTS},
    "ru": {**ru.TEXTS, **ru_words.TEXTS},
}
