"""Credentials that their form tells once it is looked at closely: decoded, or found to be random."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import CALLEES, SecretKind
from logaudit.core.secrets.shapes import is_key, is_session, is_token, is_uuid, looks_random, mixed

_BASE64: Final = r"(?P<v>[A-Za-z0-9+/]{8,512}={0,2})(?![\w+/=])"
_ARGUMENT: Final = r"[bru]?[\\'\"]{1,6}[\w+/=-]{16,256}[\\'\"]{1,6}"
#: What stands beside the code that a login hands out.
_OAUTH: Final = ("state=", "grant_type", "client_id", "redirect_uri", "callback", "oauth")


def _decoded(value: str) -> bytes:
    try:
        return binascii.a2b_base64(value, strict_mode=True)
    except binascii.Error:
        return b""


def _is_user_and_password(value: str, _lower: str) -> bool:
    data = _decoded(value)
    return b":" in data and data.isascii() and data.decode("ascii").isprintable()


def _is_login(value: str, _lower: str) -> bool:
    """What a mail server is told: two texts between NULs, or one that can be read."""
    data = _decoded(value).replace(b"\0", b" ")
    return len(data) > 4 and data.isascii() and data.decode("ascii").isprintable()  # noqa: PLR2004 - fewer are a word's


#: What stands around an argument.
_IN_QUOTES: Final = lazy_pattern(r"^\s*[bru]?[\\'\"]+|[\\'\"]+\s*$")


def _is_pair(value: str, _lower: str) -> bool:
    parts = [_IN_QUOTES.sub("", part) for part in value.split(",")]
    return all(
        is_token(part, address=True) or looks_random(part) or is_uuid(part) for part in parts
    ) and not is_uuid(parts[-1])


def _is_random(value: str, _lower: str) -> bool:
    return looks_random(value)


def _is_user(value: str, _lower: str) -> bool:
    hexed = len(value) == 32 and not value.strip("0123456789abcdef")  # noqa: PLR2004 - digits of a key
    return hexed or looks_random(value)


def _is_option(value: str, _lower: str) -> bool:
    return looks_random(value) or is_key(value)


def _is_code(value: str, lower: str) -> bool:
    return mixed(value) and any(word in lower for word in _OAUTH)


def _is_cookie(value: str, _lower: str) -> bool:
    return is_session(value.partition("=")[2].partition(";")[0])


#: Lower-case letters of a form, its kind, the form with the credential as its group ``v``, and what is asked of that.
_FORMS: Final[tuple[tuple[str, SecretKind, str, Callable[[str, str], bool]], ...]] = (
    ("basic", SecretKind.AUTHORIZATION, rf"(?i:\bbasic)[ \t]{{1,4}}{_BASE64}", _is_user_and_password),
    ("auth ", SecretKind.PASSWORD, rf"(?i:\bauth (?:plain|login))[ \t]{{1,4}}{_BASE64}", _is_login),
    ("://", SecretKind.TOKEN, r"://(?P<v>[\w-]{20,128})@", _is_user),
    ("code=", SecretKind.TOKEN, r"(?:^|(?<=[?&\s]))code=(?P<v>[\w./~-]{20,512})", _is_code),
    (
        ".run(",
        SecretKind.TOKEN,
        r"\.run\(\s?[bru]?[\\'\"]{1,6}(?P<v>[\w-]{23,28}\.[\w-]{6}\.[\w-]{27,40})[\\'\"]",
        lambda v, _: mixed(v),
    ),
    (
        "cg-",
        SecretKind.API_KEY,
        r"(?<![\w-])(?P<v>CG-[A-Za-z0-9]{24})(?!\w)",
        lambda v, _: looks_random(v[3:]),
    ),
    (
        "curl",
        SecretKind.COOKIE,
        r"\s(?:-b|--cookie)[ =][\\'\"]{0,6}(?P<v>[^\s=;'\"]{1,64}=[^\\'\"\s]{4,2048})",
        _is_cookie,
    ),
    *(
        (
            f"-{letter} ",
            SecretKind.SECRET,
            rf"(?<![\w-])-{letter} [\\'\"]{{0,6}}(?P<v>[\w+/=-]{{20,256}})(?![\w+/=.-])",
            _is_option,
        )
        for letter in "kst"
    ),
    *(
        (
            f"{callee}(",
            SecretKind.SECRET,
            rf"(?i:{callee})\(\s?(?P<v>{_ARGUMENT}\s?,\s?{_ARGUMENT})",
            _is_pair,
        )
        for callee in CALLEES
    ),
)
#: Those of `forms.CHECKED`, which are known without the forms.
LETTERS: Final = tuple(stem for stem, *_ in _FORMS)
_COMPILED: Final = tuple((stem, kind, lazy_pattern(text), test) for stem, kind, text, test in _FORMS)


def by_checked_form(text: str, lower: str) -> Iterator[tuple[int, int, SecretKind]]:
    """As `forms.by_form`."""
    for stem, kind, pattern, test in _COMPILED:
        if stem in lower:
            for match in pattern.finditer(text):
                if test(match["v"], lower):
                    yield *match.span("v"), kind
