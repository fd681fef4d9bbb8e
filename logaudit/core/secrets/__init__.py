"""Credentials in text: found by name or by form, replaced by marks, numbered within a report.

`redact` is asked of whatever is quoted, `Numbering` of whatever is shown. Neither changes order ids, trade ids,
prices, hashes, pairs or addresses: a random-looking text is a credential only where its name or its form says so.
"""

from logaudit.core.secrets.kept import names_secret, numbered, says_secret, unnumbered
from logaudit.core.secrets.kinds import SecretKind
from logaudit.core.secrets.marks import (
    Numbering,
    kinds_marked,
    redact,
    redact_unnumbered,
    walk,
    without_numbers,
)
from logaudit.core.secrets.prefilter import may_hold_secret, suspect_texts
from logaudit.core.secrets.recognise import find_secrets

__all__ = [
    "Numbering",
    "SecretKind",
    "find_secrets",
    "kinds_marked",
    "may_hold_secret",
    "names_secret",
    "numbered",
    "redact",
    "redact_unnumbered",
    "says_secret",
    "suspect_texts",
    "unnumbered",
    "walk",
    "without_numbers",
]
