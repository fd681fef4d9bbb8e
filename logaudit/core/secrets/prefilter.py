"""Quick looks that dismiss text without a credential: errors are on the safe side."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, count, pairwise
from typing import TYPE_CHECKING, Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.forms import pem_line
from logaudit.core.secrets.kinds import CALLEES, HOLDERS, VENUES
from logaudit.core.secrets.tongues import ABROAD, spellings
from logaudit.core.secrets.view import CYRILLIC, LATIN

if TYPE_CHECKING:
    from ahocorasick_rs import BytesAhoCorasick

#: With ASCII letters in lower case every name and form holds one of these, or one of `_WEAK`.
_STEMS: Final = (
    *spellings(ABROAD),
    "secret", "token", "passp", "passw", "pass_", "pass-", "pass p", "passc", "pwd", "authoriz", "authoris",
    "cookie", "mnemonic", "phrase", "seed", "words", "bearer", "curl", 'auth"', "auth'", "auth\\", "cred", "密码",
    "密钥", "口令", "令牌", "私钥", "eyj", "hook", "signature", "hmac", "jwt", ":aa", "/bot", "/ws/", "xox", "xapp-",
    "ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "glpat-", "sk-", "akia", "aiza", "sg.",
    "mysql", "mariadb", "redis-cli", "rediscli", "mongo", "mosquitto_", "sqlcmd", "smbclient", "zip -", "7z ",
    "<cookie ", "office.com/web", "ya29.", "hvs.", "pypi-", "glsa_", "sntry", "whsec_", "age-secret",
    "keypair", "key pair", "key_pair", "key-pair", "пасс", "Пасс", "ПАСС",
    "ｅｙ", "ＥＹ", "ｅｃｒ", "ＥＣＲ", "ｏｋｅ", "ＯＫＥ", "ａｓｓ", "ＡＳＳ", "ｉｇ", "ＩＧ",
    "openssl", "docker login", "podman login", "ldapsearch", "requirepass", "identified by", "from_key",
    "toaccount(", "wallet(", "accountkey", "signer",
    "suiprivkey", "bip39", "bip-39", "bip 39", "bip_39", "wallet b", "wallet_b", "wallet-b", "слова", "Слова", "СЛОВА",
    "риват", "РИВАТ", "助记词", ".infura.io/", ".alchemy.com/", "/with/key/", "npm_", "dop_v1_",
    "api_hash", "api-hash", "api hash", "dckr_", "$argon2", "$2a$", "$2b$", "$2y$", "pbkdf2", ".quiknode.pro",
    ".blastapi.io", ".chainstack.com",     "go.getblock.io", ".nodereal.io/v", "rpc.ankr.com/", "licen", "2fa",
    "mfa", "two fa", "two_fa", "two-fa", "twofa",     "pin=", "pin:", "pin =", "pin :", 'pin"', "pin'", "pin\\",
    "pincode", "pin code", "pin_code", "pin-code", "authenticator",     "пин", "Пин", "ПИН", "код подт", "Код подт",
    "код из", "Код из", "код ауте", "Код ауте", "sessionid", "session_id",     "session-id", "session id",
    "session_string", "session string", "phpsessid", "jsessionid", "ciphertext", "cipher_text",
    "prv", "mii", "migha", "mhcca", "begin ", "арол", "екрет", "окен", "люч", "раза", "одпись", "немони", "АРОЛ",
    "ЕКРЕТ", "ОКЕН", "ЛЮЧ", "РАЗА", "ОДПИСЬ", "НЕМОНИ", "\u00ad", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e",
    "\u200f", "\u2060", "\ufeff", "\u3164", "\u115f", "\u1160", "\u034f", "\u061c", "\u2061", "\u2062", "\u2063",
    "\u2064", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
)  # fmt: skip
#: Pairs of letters of names, one of which is a Cyrillic letter that looks like the Latin one.
_ALIKE: Final = sorted(
    {
        stem
        for name in (
            "api_key",
            "apikey",
            "secret",
            "passphrase",
            "password",
            "token",
            "private",
            "sign",
            "cookie",
            "access",
        )
        for a, b in pairwise(name)
        for latin, cyrillic in zip(LATIN.lower(), CYRILLIC, strict=True)
        for stem in ((cyrillic + b) if a == latin else "", (a + cyrillic) if b == latin else "")
        if stem
    }
)
_WORDS_FOR_KEYS: Final = (
    "api",
    "access",
    "private",
    "priv",
    "signing",
    "encryption",
    "hmac",
    "sharedaccess",
    "subscription",
    "wallet",
    "listen",
    "session",
    "auth",
    *HOLDERS,
    *VENUES,
)
#: What follows a short name where a value may stand behind it.
_BEHIND_A_NAME: Final = r"(?:[\"'\\\]]{0,12}\s{0,4}(?:[=:,(|]|->)|\s{1,3}(?:is\s)?['\"]?(?:0x)?[0-9a-f]{8})"
#: What follows a mere ``key`` where it may be long random text, no hash.
_KEYED: Final = (
    r"[\"'\\\]]{0,12}\s{0,4}(?:[=:(,]|->)?\s{0,4}[\"'\\]{0,4}(?=[0-9a-f]{0,80}[g-z+/_-])[\w+/-]{30}"
)
#: What is before the word where it is one of a second factor, or of a login.
_BEFORE_CODES: Final = (
    "verification", "confirmation", "sms", "one time", "one-time", "one_time", "ga", "authenticator", "auth",
    "authorization", "authorisation",
)  # fmt: skip
_CODES: Final = (
    "code(?:"
    + "|".join(f"(?<={word}{joined}code)" for word in _BEFORE_CODES for joined in ("", " ", "_", "-"))
    + r"|[ _-]verifier|=[\w./~-]{20})"
)
#: Stems that stand in common words as well, and what they are part of where they matter.
_WEAK: Final = (
    (
        "key",
        "key(?:"
        + "|".join(
            f"(?<={w}key)|(?<={w}[ _.-]key)|(?<={w}\u2010key)|(?<={w}\u2011key)" for w in _WORDS_FOR_KEYS
        )
        + rf"|(?<=['\"]key)|{_KEYED})",
    ),
    ("sig", "sign?(?![a-z])"),
    ("pass", "pass(?![a-z])"),
    ("auth", r"auth[\"'\\\]]{0,12}\s{0,4}(?:[=:,(]|->)"),
    ("login(", r"login\(\s?(?:[bu]?[\\'\"]|\d)"),
    ("pk", rf"(?<![a-z])pk(?:[_-]?hex)?{_BEHIND_A_NAME}"),
    ("sk", rf"sk_(?:live|test)_|(?<![a-z])sk(?:[_-]?hex)?{_BEHIND_A_NAME}"),
    ("wif", rf"(?<![a-z])wif{_BEHIND_A_NAME}"),
    ("pw", rf"(?<![a-z])pw{_BEHIND_A_NAME}"),
    ("priv", rf"priv(?:ate)?(?:[_-]?hex)?{_BEHIND_A_NAME}"),
    ("otp", "otp(?![a-z])"),
    ("code", _CODES),
    ("basic", r"basic[ \t]{1,4}[a-z0-9+/]{8}"),
    ("auth ", r"auth (?:plain|login)[ \t]{1,4}[a-z0-9+/]{8}"),
    (".run(", r"\.run\(\s?[bru]?[\\'\"]{1,6}[\w-]{23,28}\."),
    ("cg-", "(?<![a-z0-9_-])cg-[a-z0-9]{24}"),
    ("asia", "asia[0-9a-z]{16}"),
    ("gsk_", "gsk_[a-z0-9]{40}"),
    ("xai-", "xai-[a-z0-9]{60}"),
    ("tk_", "(?<![a-z0-9_-])tk_[a-z0-9]{29}"),
    *((f"-{letter} ", rf"(?<![\w-])-{letter} [\\'\"]{{0,6}}[\w+/=-]{{20}}") for letter in "kst"),
    *((f"{callee}(", rf"{callee}\(\s?[bru]?[\\'\"]{{1,6}}[\w+/=-]{{16}}") for callee in CALLEES),
    ("_api", "(?:" + "|".join(f"(?<={v}_api)" for v in VENUES) + r")(?![a-z])"),
    ("hf_", "hf_[a-z0-9]{30}"),
    ("rk_", "rk_(?:live|test)_"),
    ("://", r"://[^\s]{0,400}@"),
    ("%", "%[2-7][0-9a-f]"),
    ("\\u00", "u00"),
    ("&", "&(?:quot|amp|apos|#)"),
)
_SECOND: Final = {stem: lazy_pattern(regex.encode()) for stem, regex in _WEAK}
#: Bytes behind a weak stem in which what it is part of ends; none is part of anything that begins before it.
_WINDOW: Final = 401
#: The first few texts, where they are shorter, are not worth the making of a search for all stems at once: a scan
#: that knows everything looks at no more.
_SHORT: Final = 512
_FEW: Final = 8
_looks: Final = count()
#: No shorter text is a credential with its name.
_SHORTEST: Final = 8


@lru_cache(maxsize=1)
def _search() -> BytesAhoCorasick:
    """Finds all stems at once, those within others too: `rootPassword` holds ``otp``. Loaded by what quotes text."""
    from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind  # noqa: PLC0415 - `--help` and `--version` quote nothing

    texts = [text.encode() for text in (*_STEMS, *_ALIKE, *_SECOND)]
    return BytesAhoCorasick(texts, matchkind=MatchKind.Standard, implementation=Implementation.DFA)


@lru_cache(maxsize=1)
def _weak() -> dict[int, re.Pattern[bytes]]:
    return dict(enumerate(_SECOND.values(), len(_STEMS) + len(_ALIKE)))


def may_hold_secret(text: str) -> bool:
    """Whether `find_secrets` may find any: asked of every text that is quoted."""
    if len(text) < _SHORTEST:
        return False
    data = text.encode("utf-8", "surrogatepass")
    return may_hold_bytes(data) or (b" " not in data and pem_line(text) is not None)


def suspect_texts(texts: Sequence[str]) -> list[str]:
    """Those of which `may_hold_secret` may say so, found by one look at all of them, in their order."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = [*accumulate(len(data) + 1 for data in encoded)]
    lower, weak, told = b"\n".join(encoded).lower(), _weak(), set[int]()
    for number, start, end in _search().find_matches_as_indexes(lower, overlapping=True):
        i = bisect_right(ends, start)
        if i not in told and (
            number not in weak or weak[number].search(lower, start, min(end + _WINDOW, ends[i] - 1))
        ):
            told.add(i)
    return [
        text
        for i, text in enumerate(texts)
        if len(text) >= _SHORTEST and (i in told or (" " not in text and pem_line(text) is not None))
    ]


def stem_places(data: bytes) -> list[int]:
    """Where stems begin that may matter: a line of a text without any holds no credential."""
    lower, weak = data.lower(), _weak()
    return [
        start
        for number, start, end in _search().find_matches_as_indexes(lower, overlapping=True)
        if number not in weak or weak[number].search(lower, start, end + _WINDOW)
    ]


def may_hold_bytes(data: bytes) -> bool:
    """As `may_hold_secret`, of any bytes that hold texts in UTF-8; lines of PEM blocks are not looked for."""
    lower = data.lower()
    if next(_looks) < _FEW and len(lower) < _SHORT:
        found = {number for number, stem in enumerate((*_STEMS, *_ALIKE, *_SECOND)) if stem.encode() in lower}
    else:
        found = {number for number, _, _ in _search().find_matches_as_indexes(lower, overlapping=True)}
    if not found:
        return False
    weak = _weak()
    return any(number not in weak or weak[number].search(lower) for number in found)
