"""What values look like: where a quoted one ends, and what random text, keys, addresses and lists of words are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import SecretKind, SecretName

PASSWORDS: Final = frozenset({SecretKind.PASSWORD, SecretKind.PASSPHRASE})
#: Characters of a value that are looked at.
LONGEST: Final = 4096
RANDOM_FROM: Final = 8
TOKEN_FROM: Final = 12

_BASE58: Final = "[1-9A-HJ-NP-Za-km-z]"
FOLLOWS: Final = lazy_pattern(r"[\w$!@#%^*+/.-]")
UNQUOTED: Final = lazy_pattern(r"[^\s'\",;&}\])<>|]{1,4096}")
#: A dozen words or more, numbered or not, parted by blanks, commas, hyphens or the ends of lines.
WORD_LIST: Final = lazy_pattern(
    r"(?:(?:\d{1,2}[.):]?\s?)?(?:(?![\w.-]{1,40}['\"]?\s?[=:])[^\W\d_]{3,12}|[\u4e00-\u9fff])"
    r"(?:['\"]?[ ,-]{1,3}['\"]?|\s{0,3}(?:\n|\\n)\s{0,40}|$|(?=[^a-zа-яё_]))){12,24}",
    re.IGNORECASE,
)
#: Private keys in hex, in base58 (Solana) and as wallets of Bitcoin export them.
PRIVATE: Final = lazy_pattern(
    rf"(?:0x)?[0-9a-fA-F]{{64}}(?:[0-9a-fA-F]{{64}})?|{_BASE58}{{86,88}}|[5KL9c]{_BASE58}{{50,51}}"
)
#: Addresses of tokens, which stand behind ``token`` as well: Ethereum's, Solana's, Tron's and Bitcoin's.
_ADDRESS: Final = lazy_pattern(rf"0x[0-9a-fA-F]{{40}}|{_BASE58}{{43,44}}|1{{31,32}}|[13T]{_BASE58}{{25,33}}")
_UUID: Final = lazy_pattern(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

#: A market, a coin or a contract, by whatever follows it: ``1000PEPE/USDT:USDT``, ``BTC-PERP-20251226``.
_MARKET: Final = lazy_pattern(
    r"(?:10{1,9}|1M)?[A-Z]{2,12}(?:[-/:_.][A-Z]{2,8}){0,3}(?:[-_:]?(?:\d{2,8}|\d{1,2}[A-Z]{3}\d{2})){0,2}(?:[-_]\w{1,8}){0,2}"
)
#: A one-time code or a PIN, and not the beginning of a price, a time or an amount.
CODE: Final = lazy_pattern(
    r"(?:\d{8}|\d{6}|\d{4}|\d{3}[ -]\d{3})(?![-.,:/]?\w|\s?%|\s(?:ms|s|us|bars?|points?|usd\w?|(?:sec|min)\w{0,5})\b)"
)
#: Letters of one alphabet, digits and no sign: how keys are made.
_PURE: Final = lazy_pattern(r"[A-Za-z0-9]{20,512}")
_PACKED: Final = lazy_pattern(r"[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{86}==|[A-Za-z0-9_-]{43}=")
_SESSION: Final = lazy_pattern(
    r"(?=[^\W_]{0,256}[g-zG-Z])(?=[^\W_]{0,256}\d)[A-Za-z0-9]{24,256}|[\w-]{60,1024}={0,2}"
)
#: Kinds of characters of random text change at so many of its places; names written as one word change less often.
_CHANGES: Final = 0.4
#: As long as a bare ``key`` must be.
_KEY_FROM: Final = 30
_JOINED: Final = lazy_pattern(r"\w[:/]\w")
_SIGNATURE: Final = lazy_pattern(rf"{_BASE58}{{86,88}}")


def quoted_end(text: str, start: int, opened: str) -> int:
    """Where a quoted value ends; at the end of the text where its closing quote was cut off."""
    mark = opened[-1]
    if mark == "\\":
        return -1
    escaped = opened.count("\\") > 0
    at, stop = start, min(len(text), start + LONGEST)
    while at < stop:
        if text[at] == "\\" and not escaped:
            at += 2
        elif text[at] == mark:
            if FOLLOWS.match(text, at + 1) and (rest := UNQUOTED.match(text, at + 1)) is not None:
                return rest.end()  # that quote was another's first one: a value that was cut, or holds one
            while escaped and at > start and text[at - 1] == "\\":
                at -= 1
            return at
        else:
            at += 1
    return stop


def mixed(value: str) -> bool:
    """Whether letters of both cases and digits stand in it."""
    return any(map(str.isdigit, value)) and any(map(str.isupper, value)) and any(map(str.islower, value))


def is_uuid(value: str) -> bool:
    """Whether a value is a UUID: keys of one venue are such, and ids of most."""
    return _UUID.fullmatch(value) is not None


def is_token(value: str, *, address: bool) -> bool:
    """Whether a value looks like a token; ``address`` tells whether one that looks like an address may be one."""
    if len(value) < TOKEN_FROM or "://" in value or is_uuid(value) or is_market(value):
        return False
    mixed = any(map(str.isdigit, value)) and any(map(str.isalpha, value))
    return mixed and (address or _ADDRESS.fullmatch(value) is None)


def looks_random(value: str) -> bool:
    """Whether a value is random letters of both cases and digits, no name of several words and no address."""
    if (
        _PURE.fullmatch(value) is None
        or not mixed(value)
        or _ADDRESS.fullmatch(value)
        or _SIGNATURE.fullmatch(value)
    ):
        return False
    return _changes(value) >= _CHANGES


def _changes(value: str) -> float:
    """At how many of a text's places, of all of them, the kind of characters changes."""
    kinds = [(c.isdigit(), c.isupper()) for c in value]
    return sum(a != b for a, b in pairwise(kinds)) / (len(value) - 1)


def is_name(value: str) -> bool:
    """Whether a value is words and numbers of some length, as keys of maps and ids of orders are written."""
    return is_market(value) or _JOINED.search(value) is not None or _changes(value) < _CHANGES / 2


def is_key(value: str) -> bool:
    """Whether a value is a credential behind the mere word ``key``: long random text."""
    return (len(value) >= _KEY_FROM and looks_random(value)) or (
        _PACKED.fullmatch(value) is not None and mixed(value)
    )


def is_session(value: str) -> bool:
    """Whether a value is what a server hands out, and no name or hash."""
    return _SESSION.fullmatch(value) is not None and any(map(str.isdigit, value))


def is_market(value: str) -> bool:
    """Whether a value names what is traded."""
    return _MARKET.fullmatch(value) is not None


def may_be_coin(name: SecretName) -> bool:
    """Whether a name is also that of what is traded."""
    return name.stem in {"token", "токен"}
