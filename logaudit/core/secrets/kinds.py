"""Kinds of credentials, and the names under which they are written."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern


class SecretKind(StrEnum):
    """What a credential is."""

    API_KEY = "api-key"
    SECRET = "secret"  # noqa: S105 - a word for it
    PASSPHRASE = "passphrase"  # noqa: S105 - a word for it
    PASSWORD = "password"  # noqa: S105 - a word for it
    TOKEN = "token"  # noqa: S105 - a word for it
    SIGNATURE = "signature"
    AUTHORIZATION = "authorization"
    COOKIE = "cookie"
    WEBHOOK = "webhook"
    PRIVATE_KEY = "private-key"
    MNEMONIC = "mnemonic"


class NameClass(StrEnum):
    """How much a name proves: which values behind it are credentials."""

    SURE = "sure"
    RANDOM = "random"
    BARE_TOKEN = "bare-token"  # noqa: S105 - a word for it
    WORDS = "words"
    LINE = "line"
    HEX = "hex"


class SecretName(Struct, frozen=True):
    """A name of credentials.

    Attributes:
        stem: lower-case letters that stand in each of its spellings.
        glued: whether other letters may stand right before it (``dbpassword``).
    """

    stem: str
    pattern: re.Pattern[str]
    kind: SecretKind
    proves: NameClass
    glued: bool


def _name(stem: str, regex: str, kind: SecretKind, proves: NameClass, *, glued: bool = False) -> SecretName:
    return SecretName(stem, lazy_pattern(regex, re.IGNORECASE), kind, proves, glued)


#: Before a mere ``key`` or ``api`` these make it a credential's name: `OKX_KEY`.
VENUES: Final = (
    "okx", "binance", "bybit", "kucoin", "kraken", "bitget", "bitmex", "bingx", "coinbase", "deribit", "gateio",
    "huobi", "htx", "mexc", "hyperliquid",
)  # fmt: skip
_TOKENS: Final = (
    "access|auth|api|bot|refresh|session|bearer|csrf|xsrf|id|telegram|tg|slack|discord|user|jwt|security|ws"
)
#: Whose keys are told by their form alone: 64 digits in hex, or as long a number in base58.
HOLDERS: Final = (
    "account", "deployer", "agent", "owner", "trader", "signer", "master", "hot", "cold", "eth", "evm", "sol", "solana",
    "prv",
)  # fmt: skip
_IN_HEX: Final = (SecretKind.PRIVATE_KEY, NameClass.HEX)
_BACKUPS: Final = "seed|recovery|backup|wallet|mnemonic|restore"
_A_LIST: Final = (SecretKind.MNEMONIC, NameClass.WORDS)
#: Names; of those with one stem the one that proves most comes first.
NAMES: Final = (
    _name("authori", r"(?:proxy[-_])?authori[sz]ation", SecretKind.AUTHORIZATION, NameClass.LINE),
    _name("cookie", r"(?:set[-_])?cookie", SecretKind.COOKIE, NameClass.LINE),
    _name("mnemonic", r"mnemonic(?:[ _-]?(?:phrase|words|code|seed))?", *_A_LIST, glued=True),
    _name("phrase", rf"(?:{_BACKUPS}|secret|key)[ _-]?phrase", *_A_LIST, glued=True),
    _name("words", rf"(?:{_BACKUPS}|secret|12|15|18|21|24)[ _-]?words", *_A_LIST, glued=True),
    _name("wallet", r"wallet[ _-]?(?:backup|seed)", *_A_LIST),
    _name("bip", r"bip[ _-]?39(?:[ _-]?(?:phrase|words|seed|mnemonic))?", *_A_LIST),
    _name("немони", r"мнемоник\w|мнемоническая фраза", *_A_LIST),
    _name("фраза", r"(?:сид|seed|секретная|резервная)[ _-]?фраза|фраза восстановления", *_A_LIST),
    _name(
        "слова", r"(?:сид|seed|секретные|резервные)[ _-]?слова|слова (?:кошелька|восстановления)", *_A_LIST
    ),
    _name("助记词", r"助记词", *_A_LIST, glued=True),
    _name("фраза", r"(?:кодовая|парольная|пасс)[ _-]?фраза", SecretKind.PASSPHRASE, NameClass.SURE),
    _name("seed", r"seed", *_A_LIST),
    _name("pk", r"pk(?:[_-]?hex)?", *_IN_HEX),
    _name("sk", r"sk(?:[_-]?hex)?", *_IN_HEX),
    _name("priv", r"priv(?:ate)?(?:[_-]?hex)?", *_IN_HEX),
    _name("signer", r"signer", *_IN_HEX),
    _name("pair", r"key[ _-]?pair", *_IN_HEX),
    _name("wif", r"wif", *_IN_HEX),
    _name("приват", r"приват\w{0,4}", *_IN_HEX),
    _name("key", rf"(?:{'|'.join(HOLDERS)})[ _-]?key", *_IN_HEX),
    _name(
        "key",
        r"(?:private|priv|prv|signing|wallet|encryption|hmac)[ _.-]?key",
        SecretKind.PRIVATE_KEY,
        NameClass.SURE,
        glued=True,
    ),
    _name("key", r"secret[ _.-]?(?:access[ _.-]?)?key", SecretKind.SECRET, NameClass.SURE, glued=True),
    _name("key", r"api[ _.-]?key", SecretKind.API_KEY, NameClass.SURE, glued=True),
    _name(
        "key", r"(?:shared[ _-]?access|apim[ _-]?subscription)[ _-]?key", SecretKind.API_KEY, NameClass.SURE
    ),
    _name("key", r"access[ _.-]?key", SecretKind.API_KEY, NameClass.SURE),
    _name("key", r"(?:listen|session|auth)[ _-]?key", SecretKind.TOKEN, NameClass.SURE, glued=True),
    _name("key", r"(?<=['\"])(?-i:KEY)(?=\\{0,4}['\"])", SecretKind.API_KEY, NameClass.RANDOM),
    _name("key", rf"(?:{'|'.join(VENUES)})[_-]key", SecretKind.API_KEY, NameClass.BARE_TOKEN),
    _name("api", rf"(?:{'|'.join(VENUES)})_api", SecretKind.API_KEY, NameClass.BARE_TOKEN),
    _name("auth", r"rediscli[ _-]?auth", SecretKind.PASSWORD, NameClass.SURE),
    _name("auth", r"auth", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    _name("otp", r"t?otp(?:[ _-]?(?:seed|key))?", SecretKind.SECRET, NameClass.RANDOM),
    _name("ключ", r"приватный[ _-]?ключ", SecretKind.PRIVATE_KEY, NameClass.SURE),
    _name("ключ", r"секретный[ _-]?ключ", SecretKind.SECRET, NameClass.SURE),
    _name("ключ", r"(?:api|апи)[ _-]?ключ|ключ[ _-]?(?:api|апи|доступа)", SecretKind.API_KEY, NameClass.SURE),
    _name("ключ", r"ключ", SecretKind.API_KEY, NameClass.RANDOM),
    _name(
        "secret",
        r"(?:api|app|client|access|consumer|account)[ _.-]?secret",
        SecretKind.SECRET,
        NameClass.SURE,
        glued=True,
    ),
    _name("secret", r"secret", SecretKind.SECRET, NameClass.SURE),
    _name("секрет", r"секрет(?:[ _-](?:api|апи))?", SecretKind.SECRET, NameClass.SURE),
    _name("pass", r"pass[ _-]?phrase", SecretKind.PASSPHRASE, NameClass.SURE, glued=True),
    _name("pass", r"password|passwd|passwort", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    _name("pass", r"passcode", SecretKind.PASSWORD, NameClass.SURE),
    _name("pass", r"pass", SecretKind.PASSWORD, NameClass.RANDOM),
    _name("pwd", r"pwd", SecretKind.PASSWORD, NameClass.SURE),
    _name("pw", r"pw", SecretKind.PASSWORD, NameClass.RANDOM),
    _name("парол", r"парол(?:ь|я|ю|ем)", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    _name("token", rf"(?:{_TOKENS})[ _.-]?token", SecretKind.TOKEN, NameClass.SURE, glued=True),
    _name("token", r"token", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    _name("jwt", r"jwt", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    _name("токен", r"токен[ _-]?(?:доступа|бота)", SecretKind.TOKEN, NameClass.SURE),
    _name("токен", r"токен", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    _name("cred", r"credentials?|creds", SecretKind.SECRET, NameClass.SURE),
    _name("密", r"密码|密钥", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    _name("口令", r"口令", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    _name("令牌", r"令牌", SecretKind.TOKEN, NameClass.SURE, glued=True),
    _name("私钥", r"私钥", SecretKind.PRIVATE_KEY, NameClass.SURE, glued=True),
    _name("sig", r"signature", SecretKind.SIGNATURE, NameClass.RANDOM, glued=True),
    _name("sig", r"sign?", SecretKind.SIGNATURE, NameClass.RANDOM),
    _name("hmac", r"hmac(?:[ _-]?sha\d{3})?", SecretKind.SIGNATURE, NameClass.RANDOM),
    _name("подпись", r"подпись", SecretKind.SIGNATURE, NameClass.RANDOM),
    _name("hook", r"web[ _-]?hook(?:[ _-]?ur[li])?", SecretKind.WEBHOOK, NameClass.RANDOM, glued=True),
)

BY_STEM: Final = {
    stem: tuple(n for n in NAMES if n.stem == stem) for stem in dict.fromkeys(n.stem for n in NAMES)
}
#: Characters before a stem in which a name begins, and behind its beginning in which it ends.
BEFORE, BEHIND = 20, 24

#: What may stand between a name and its separator: whose key it is, or which one.
SUFFIX: Final = lazy_pattern(
    r"(?:s?\[\w{1,20}\]|s)?"
    r"(?:[ _-]?(?:okx|binance|bybit|kucoin|value|live|testnet|test|demo|prod|mainnet|main|new|old"
    r"|telegram|телеграм\w{0,2}|бд|базы|биржи|бота|запроса|\d{1,3}))?"
    r"(?:\s?\(\w[\w ,.-]{0,20}\)|\s(?:of|for|для|от|кошелька|бота|аккаунта)(?:\s[^\s:=]{1,64}){0,3}(?=\s?[:=]))?",
    re.IGNORECASE,
)
