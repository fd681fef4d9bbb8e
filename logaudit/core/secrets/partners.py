"""A key beside its secret: the mere word ``key`` names a credential where the other half of it stands in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import SecretKind
from logaudit.core.secrets.shapes import is_token, is_uuid

#: Characters on either side of a secret in which its key is looked for.
_REACH: Final = 300
_HALVES: Final = frozenset({SecretKind.SECRET, SecretKind.PASSPHRASE})
_KEY: Final = lazy_pattern(
    r"(?<![^\W_])(?i:key)(?:[\\'\"]{0,12}\s{0,4}(?:=>|:=|[:=(,])\s{0,4}|\s)(?:Some\()?[bu]?[\\'\"]{0,12}(?P<v>[\w+/=-]{16,256})"
)


def keys_beside(
    text: str, spans: Iterable[tuple[int, int, SecretKind]]
) -> Iterator[tuple[int, int, SecretKind]]:
    """Keys near the secrets that were found, each text looked at once."""
    looked = 0
    for start, end, kind in sorted(spans):
        if kind not in _HALVES or end + _REACH <= looked:
            continue
        begin = max(start - _REACH, 0, looked)
        for match in _KEY.finditer(text, begin, min(end + _REACH, len(text))):
            if is_uuid(match["v"]) or is_token(match["v"], address=True):
                yield *match.span("v"), SecretKind.API_KEY
        looked = end + _REACH
