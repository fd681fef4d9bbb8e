"""Values that a sentence tells, or that stand in a cell, a bracket or a dotted line behind their name."""

from __future__ import annotations

from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import NameClass, SecretKind, SecretName
from logaudit.core.secrets.shapes import (
    PASSWORDS,
    PRIVATE,
    RANDOM_FROM,
    TOKEN_FROM,
    UNQUOTED,
    WORD_LIST,
    is_key,
    is_token,
    is_uuid,
    may_be_coin,
    mixed,
    quoted_end,
)

_VERB: Final = lazy_pattern(
    r"(?:[ \t]{0,40}(?:[|;,\t]|\\t)\s?|\s{1,2}[-–—]\s|[ \t]?(?:\.{3,80}|-{2,80})\s"
    r"|(?P<bracket>\s?[\[({<])|(?P<joined>[-_])"
    r"|\s(?:loaded|set|changed|updated|rotated|created|generated|received|saved|replaced)(?:\s(?:from|to|as|is))?\s?(?:[-=]?>|[:=])?\s"
    r"|\s{1,3}(?P<is>(?:is|was)\s)?)"
    r"(?P<open>[\\'\"]{0,12}(?<!\\))"
)
#: A signature that was refused, and what it is.
_REFUSED: Final = lazy_pattern(
    r"(?:\s(?:mismatch|invalid|wrong|error|failed|verification|(?:for this request )?is not valid)){1,3}"
    r"\s?[:=]\s?['\"]?"
)
_SIGNED: Final = lazy_pattern(r"(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/]{43}=)(?![\w+/=])")
#: What a hyphen may join to a name: ``token-1cXq…``, no ``token-bucket``.
_LONG: Final = lazy_pattern(r"[A-Za-z0-9]{24,256}(?:\.\w{1,8})*$")
#: The secret of one-time codes.
_BASE32: Final = lazy_pattern(r"(?=[A-Z]{0,256}[2-7])[A-Z2-7]{16,256}")
#: A key of several groups: a licence.
_GROUPS: Final = lazy_pattern(r"(?=[A-Z-]{0,80}\d)[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){2,7}")
_PUNCTUATION: Final = frozenset("!@#$%^&*+?~")
#: Kinds of characters of a password that nothing sets off from a sentence.
_DIVERSE: Final = 3


def spoken(text: str, at: int, name: SecretName) -> tuple[int, int] | None:
    """A value behind a blank, a verb or a cell's delimiter: it must look random, or be a list of words."""
    if name.kind is SecretKind.SIGNATURE and (refused := _REFUSED.match(text, at)) is not None:
        signed = _SIGNED.match(text, refused.end())
        return None if signed is None else signed.span()
    match, proves = _VERB.match(text, at), name.proves
    if match is None or proves in {NameClass.RANDOM, NameClass.LINE}:
        return None
    start = match.end()
    if proves is NameClass.WORDS:
        words = WORD_LIST.match(text, start)
        return None if words is None else words.span()
    if match["open"] and not match["joined"]:
        end = quoted_end(text, start, match["open"])
        shown = text[start:end]
        named = mixed(shown) or (name.kind in PASSWORDS and _is_word_and_number(shown))
        return (start, end) if end - start >= RANDOM_FROM and named else None
    word = UNQUOTED.match(text, start)
    if word is None or (match["joined"] and not _LONG.match(word[0])):
        return None
    stated = (match["is"] or match["bracket"]) and name.kind in PASSWORDS and _is_word_and_number(word[0])
    return word.span() if stated or _is_value(word[0], name) else None


def _is_value(word: str, name: SecretName) -> bool:
    if name.proves is NameClass.KEY:
        return is_key(word)
    proves_key = name.proves in {NameClass.SURE, NameClass.FOREIGN}
    if (
        (name.kind is SecretKind.PRIVATE_KEY and PRIVATE.fullmatch(word))
        or (name.kind in PASSWORDS and _is_diverse(word))
        or (name.kind is SecretKind.SECRET and _BASE32.fullmatch(word))
        or (name.kind is SecretKind.API_KEY and proves_key and (is_uuid(word) or _GROUPS.fullmatch(word)))
    ):
        return True
    if len(word) < TOKEN_FROM or not mixed(word) or "=" in word.rstrip("="):
        return False
    return is_token(word, address=not may_be_coin(name))


def _is_word_and_number(value: str) -> bool:
    """Whether a value is a word with some digits and nothing else, as people choose passwords."""
    digits = sum(map(str.isdigit, value))
    return len(value) >= RANDOM_FROM and value.isalnum() and digits > 1 and not value.isdigit()


def _is_diverse(value: str) -> bool:
    """Whether a word is made as passwords are and words of a sentence are not: of a sign and two kinds of others."""
    signs = not _PUNCTUATION.isdisjoint(value[:-1])
    kinds = sum(any(map(test, value)) for test in (str.isdigit, str.isupper, str.islower))
    return len(value) >= RANDOM_FROM and signs and kinds + 1 >= _DIVERSE
