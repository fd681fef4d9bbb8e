"""Says a `Phrase` in the reader's language: its code picks the template, its params fill it.

Params may hold text from logs. It is not escaped here: a renderer escapes the whole sentence for its format.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from logaudit.core.diagnosis import Condition, Phrase
from logaudit.renderers.phrases import en, ru
from logaudit.renderers.phrases.fill import Template, fill

#: Languages that every phrase can be said in.
LANGUAGES: Final = ("en", "ru")

_TEMPLATES: Final[dict[str, dict[str, Template]]] = {"en": en.PHRASES, "ru": ru.PHRASES}


def translate(phrase: Phrase, lang: str = "en") -> str:
    """The sentence in ``lang``, one of `LANGUAGES`.

    Raises:
        KeyError: the language or the code is unknown, or a param is missing.
    """
    return fill(_TEMPLATES[lang][phrase.code], phrase.params)


def condition(conditions: Iterable[Condition], lang: str = "en") -> str:
    """Conditions that hold together: ``the code path is a:b and the reason is tp``."""
    said = [translate(Phrase(f"condition.{c.attribute}", {"value": c.value}), lang) for c in conditions]
    return fill(_TEMPLATES[lang]["and"], {}).join(said)


__all__ = ["LANGUAGES", "condition", "translate"]
