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
    KEY = "key"
    FOREIGN = "foreign"
    SESSION = "session"
    CODE = "code"
    BARE_CODE = "bare-code"


class SecretName(Struct, frozen=True):
    """A name of credentials.

    Attributes:
        stem: lower-case letters that stand in each of its spellings.
        pattern: of the name in lower case: a search that heeds case is several times faster.
        glued: whether other letters may stand right before it (``dbpassword``).
        upper: whether it is one in capitals only.
    """

    stem: str
    pattern: re.Pattern[str]
    kind: SecretKind
    proves: NameClass
    glued: bool
    upper: bool


def named(
    stem: str, regex: str, kind: SecretKind, proves: NameClass, *, glued: bool = False, upper: bool = False
) -> SecretName:
    """A name of credentials."""
    return SecretName(stem, lazy_pattern(regex), kind, proves, glued, upper)


#: Before a mere ``key`` or ``api`` these make it a credential's name: `OKX_KEY`.
VENUES: Final = (
    "okx", "binance", "bybit", "kucoin", "kraken", "bitget", "bitmex", "bingx", "coinbase", "deribit", "gateio",
    "huobi", "htx", "mexc", "hyperliquid", "ftx", "ftxus", "bitfinex", "bitstamp", "gemini", "phemex", "poloniex",
    "upbit", "bithumb", "bitvavo", "alpaca", "oanda", "dydx", "exchange",
)  # fmt: skip
_TOKENS: Final = (
    "access|auth|api|bot|refresh|session|bearer|csrf|csrfmiddleware|xsrf|id|telegram|tg|slack|discord|user|jwt"
    "|security|ws"
)
#: Whose keys are told by their form alone: 64 digits in hex, or as long a number in base58.
HOLDERS: Final = (
    "account", "deployer", "agent", "owner", "trader", "signer", "master", "hot", "cold", "eth", "evm", "sol", "solana",
    "prv",
)  # fmt: skip
_IN_HEX: Final = (SecretKind.PRIVATE_KEY, NameClass.HEX)
#: What a key is for, or whose it is, where its value must be random text as well.
USES: Final = (
    "sub[ _-]?account|read[ _-]?only|trading|consumer|customer|broker|fernet|master|live|prod|demo|test|service"
    "|vault"
)
#: A second factor, and its codes.
_MFA: Final = "2fa|mfa|two[ _-]?fa"
_OF_DIGITS: Final = (SecretKind.SECRET, NameClass.CODE)
_BACKUPS: Final = "seed|recovery|backup|wallet|mnemonic|restore"
_A_LIST: Final = (SecretKind.MNEMONIC, NameClass.WORDS)
#: Names; of those with one stem the one that proves most comes first.
NAMES: Final = (
    named("authori", r"(?:proxy[-_])?authori[sz]ation", SecretKind.AUTHORIZATION, NameClass.LINE),
    named("cookie", r"(?:auth|session|login)[ _-]cookie", SecretKind.COOKIE, NameClass.SESSION),
    named("cookie", r"(?:set[-_])?cookie", SecretKind.COOKIE, NameClass.LINE),
    named("mnemonic", r"mnemonic(?:[ _-]?(?:phrase|words|code|seed))?", *_A_LIST, glued=True),
    named("phrase", rf"(?:{_BACKUPS}|secret|key)[ _-]?phrase", *_A_LIST, glued=True),
    named("words", rf"(?:{_BACKUPS}|secret|12|15|18|21|24)[ _-]?words", *_A_LIST, glued=True),
    named("wallet", r"wallet[ _-]?(?:backup|seed)", *_A_LIST),
    named("bip", r"bip[ _-]?39(?:[ _-]?(?:phrase|words|seed|mnemonic))?", *_A_LIST),
    named("немони", r"мнемоник\w|мнемоническая фраза", *_A_LIST),
    named("фраза", r"(?:сид|seed|секретная|резервная)[ _-]?фраза|фраза восстановления", *_A_LIST),
    named(
        "слова", r"(?:сид|seed|секретные|резервные)[ _-]?слова|слова (?:кошелька|восстановления)", *_A_LIST
    ),
    named("助记词", r"助记词", *_A_LIST, glued=True),
    named("фраза", r"(?:кодовая|парольная|пасс)[ _-]?фраза", SecretKind.PASSPHRASE, NameClass.SURE),
    named("seed", r"seed", *_A_LIST),
    named("pk", r"pk(?:[_-]?hex)?", *_IN_HEX),
    named("sk", r"sk(?:[_-]?hex)?", *_IN_HEX),
    named("priv", r"priv(?:ate)?(?:[_-]?hex)?", *_IN_HEX),
    named("signer", r"signer", *_IN_HEX),
    named("pair", r"key[ _-]?pair", *_IN_HEX),
    named("wif", r"wif", *_IN_HEX),
    named("приват", r"приват\w{0,4}", *_IN_HEX),
    named("key", rf"(?:{'|'.join(HOLDERS)})[ _-]?key", *_IN_HEX),
    named(
        "key",
        r"(?:private|priv|prv|signing|wallet|encryption|hmac)[ _.-]?key",
        SecretKind.PRIVATE_KEY,
        NameClass.SURE,
        glued=True,
    ),
    named(
        "key",
        rf"(?:secret[ _.-]?(?:access[ _.-]?)?|(?:{_MFA}|authenticator)[ _-]?)key",
        SecretKind.SECRET,
        NameClass.SURE,
        glued=True,
    ),
    named("key", r"api[ _.-]?key", SecretKind.API_KEY, NameClass.SURE, glued=True),
    named(
        "key", r"(?:shared[ _-]?access|apim[ _-]?subscription)[ _-]?key", SecretKind.API_KEY, NameClass.SURE
    ),
    named("key", r"(?:access|licen[cs]e)[ _.-]?key", SecretKind.API_KEY, NameClass.SURE),
    named("key", r"(?:listen|session|auth)[ _-]?key", SecretKind.TOKEN, NameClass.SURE, glued=True),
    named("key", r"(?<=['\"])key(?=\\{0,4}['\"])", SecretKind.API_KEY, NameClass.RANDOM, upper=True),
    named("key", rf"(?:{'|'.join(VENUES)})[_-]key", SecretKind.API_KEY, NameClass.BARE_TOKEN),
    named("key", rf"(?:(?:{USES})[ _-]?|(?<![^\W_][ _.-]))key", SecretKind.API_KEY, NameClass.KEY),
    *(
        named(
            f"key{joined}id", rf"(?:access|api)[ _-]?key{joined}id", SecretKind.API_KEY, NameClass.BARE_TOKEN
        )
        for joined in ("", "_", "-", " ")
    ),
    named("hash", r"api[ _-]?hash", SecretKind.SECRET, NameClass.BARE_TOKEN),
    named("api", rf"(?:{'|'.join(VENUES)})_api", SecretKind.API_KEY, NameClass.BARE_TOKEN),
    named("auth", r"rediscli[ _-]?auth", SecretKind.PASSWORD, NameClass.SURE),
    named("auth", r"auth", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    named("otp", r"t?otp[ _-]?code", *_OF_DIGITS),
    named("otp", r"t?otp(?:[ _-]?(?:seed|key))?", SecretKind.SECRET, NameClass.RANDOM),
    named("otp", r"t?otp", SecretKind.SECRET, NameClass.BARE_CODE),
    named("fa", rf"(?:{_MFA})[ _-]?(?:code|pin)", *_OF_DIGITS),
    named("fa", rf"(?:{_MFA})(?:[ _-]?seed)?", SecretKind.SECRET, NameClass.RANDOM),
    named("fa", rf"(?:{_MFA})", SecretKind.SECRET, NameClass.BARE_CODE),
    named("code", r"(?:verification|confirmation|sms|one[ _-]time|ga|authenticator)[ _-]?code", *_OF_DIGITS),
    named("code", r"auth(?:ori[sz]ation)?[ _-]code|code[ _-]verifier", SecretKind.TOKEN, NameClass.SESSION),
    named("pin", r"pin[ _-]?code", *_OF_DIGITS),
    named("pin", r"pin", SecretKind.SECRET, NameClass.BARE_CODE),
    named("пин", r"пин(?:[ _-]?код)?", SecretKind.SECRET, NameClass.BARE_CODE),
    named("код", r"код (?:подтверждения|из (?:смс|sms)|аутентификатора)", *_OF_DIGITS),
    named("sess", r"jsessionid|phpsessid", SecretKind.COOKIE, NameClass.BARE_TOKEN),
    named("sess", r"session[ _-]?(?:id|string)", SecretKind.COOKIE, NameClass.SESSION),
    named("cipher", r"cipher[ _-]?text", *_IN_HEX),
    named("ключ", r"приватный[ _-]?ключ", SecretKind.PRIVATE_KEY, NameClass.SURE),
    named("ключ", r"секретный[ _-]?ключ", SecretKind.SECRET, NameClass.SURE),
    named("ключ", r"(?:api|апи)[ _-]?ключ|ключ[ _-]?(?:api|апи|доступа)", SecretKind.API_KEY, NameClass.SURE),
    named("ключ", r"ключ", SecretKind.API_KEY, NameClass.RANDOM),
    named(
        "secret",
        r"(?:api|app|client|access|consumer|account)[ _.-]?secret",
        SecretKind.SECRET,
        NameClass.SURE,
        glued=True,
    ),
    named("secret", r"secret", SecretKind.SECRET, NameClass.SURE),
    named("секрет", r"секрет(?:[ _-](?:api|апи))?", SecretKind.SECRET, NameClass.SURE),
    named("pass", r"pass[ _-]?phrase", SecretKind.PASSPHRASE, NameClass.SURE, glued=True),
    named("pass", r"password|passwd|passwort", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    named("pass", r"passcode", SecretKind.PASSWORD, NameClass.SURE),
    named("pass", r"pass", SecretKind.PASSWORD, NameClass.RANDOM),
    named("pwd", r"pwd", SecretKind.PASSWORD, NameClass.SURE),
    named("pw", r"pw", SecretKind.PASSWORD, NameClass.RANDOM),
    named("парол", r"парол(?:ь|я|ю|ем)", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    named("token", rf"(?:{_TOKENS})[ _.-]?token", SecretKind.TOKEN, NameClass.SURE, glued=True),
    named("token", r"token", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    named("jwt", r"jwt", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    named("токен", r"токен[ _-]?(?:доступа|бота)", SecretKind.TOKEN, NameClass.SURE),
    named("токен", r"токен", SecretKind.TOKEN, NameClass.BARE_TOKEN),
    named("cred", r"credentials?|creds", SecretKind.SECRET, NameClass.SURE),
    named("密", r"密码|密钥", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    named("口令", r"口令", SecretKind.PASSWORD, NameClass.SURE, glued=True),
    named("令牌", r"令牌", SecretKind.TOKEN, NameClass.SURE, glued=True),
    named("私钥", r"私钥", SecretKind.PRIVATE_KEY, NameClass.SURE, glued=True),
    named("sig", r"signature", SecretKind.SIGNATURE, NameClass.RANDOM, glued=True),
    named("sig", r"sign?", SecretKind.SIGNATURE, NameClass.RANDOM),
    named("hmac", r"hmac(?:[ _-]?sha\d{3})?", SecretKind.SIGNATURE, NameClass.RANDOM),
    named("подпись", r"подпись", SecretKind.SIGNATURE, NameClass.RANDOM),
    named("hook", r"web[ _-]?hook(?:[ _-]?ur[li])?", SecretKind.WEBHOOK, NameClass.RANDOM, glued=True),
)

#: Characters before a stem in which a name begins, and behind its beginning in which it ends.
BEFORE, BEHIND = 20, 24

#: What is called with a key and its secret, in this order and without their names.
CALLEES: Final = (
    "client", "exchange", "api", "auth", "session", "account", "http", "connect", "creds", "credentials", "keys",
)  # fmt: skip

#: What may stand between a name and its separator: whose key it is, or which one.
SUFFIX: Final = lazy_pattern(
    r"(?:s?\[\w{1,20}\]|s)?"
    r"(?:[ _-]?(?:okx|binance|bybit|kucoin|value|live|testnet|test|demo|prod|mainnet|main|new|old"
    r"|telegram|телеграм\w{0,2}|бд|базы|биржи|бота|запроса|\d{1,3}))?"
    r"(?:\s?\(\w[\w ,.-]{0,20}\)|\s(?:of|for|для|от|кошелька|бота|аккаунта|de|del|da|do|di|von|für|pour)"
    r"(?:\s[^\s:=]{1,64}){0,3}?(?=\s?[:=]|\s(?:is|was)\s))?",
    re.IGNORECASE,
)
