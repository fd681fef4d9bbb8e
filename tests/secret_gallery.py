"""Two galleries: forms in which credentials are written, and what resembles them and is none.

A form holds ``{}`` where its credential stands; each gets a value of its own, so that a leak names its form.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

#: Names whose value follows in any of `_FRAMES`.
_NAMES: Final = (
    "OKX_API_KEY", "BINANCE_API_SECRET", "OKX_PASSPHRASE", "TELEGRAM_BOT_TOKEN", "api_key", "apiKey", "API-KEY",
    "apisecret", "secretKey", "passphrase", "PASSWORD", "dbPassword", "X-BAPI-SIGN", "sign", "KC-API-SIGN",
    "CB-ACCESS-SIGN", "OK-ACCESS-PASSPHRASE", "X-MBX-APIKEY", "signature", "listenKey", "access_token", "refreshToken",
    "private_key", "client_secret", "пароль", "секрет", "ключ API", "токен",
)  # fmt: skip
#: Ways in which a name and its value are written, by turns with each name.
_FRAMES: Final = (
    "{name}={}",
    "{name}: {}",
    "{{'{name}': '{}', 'qty': 1}}",
    '{{"{name}": "{}"}}',
    "{{'{name}': b'{}'}}",
    "[('{name}', '{}'), ('qty', '1')]",
    "(b'{name}', b'{}')",
    '{{\\"{name}\\": \\"{}\\"}}',
    '"note","{{""{name}"": ""{}""}}",1',
    "GET /v5/order?{name}={}&symbol=BTCUSDT",
    "config.{name} = '{}'",
    "{name} => {}",
)
_ALONE: Final = (
    "Authorization: Token {}",
    "Authorization: ApiKey {}",
    "Authorization: Bearer {}",
    "Authorization: Basic {}==",
    "authorization={}",
    "{{'Authorization': 'Bearer {}'}}",
    "{{'Authorization': b'Token {}'}}",
    '{{\\"Authorization\\": \\"Bearer {}\\"}}',
    "'Authorization': ['Bearer {}']",
    "('Authorization', 'Bearer {}')",
    'Authorization: Digest username="bot", realm="x", response="{}"',
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature={}",
    "Proxy-Authorization: Basic {}",
    "sent Bearer {} to the gateway",
    "Cookie: sid={}; theme=dark",
    "Set-Cookie: session={}; HttpOnly",
    "{{'Cookie': 'sid={}; a=b'}}",
    "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{}.dozjgNryP4J3jVmNHl0w5N",
    "jwt=eyJhbGciOiJIUzI1NiJ9.{}.x",
    "postgres://bot:{}@db.local:5432/trades",
    "redis://:{}@cache:6379/0",
    "proxy http://user:{}@10.0.0.1:8080 refused",
    "https://hooks.slack.com/services/T000/B000/{}",
    "https://discord.com/api/webhooks/123456789012345678/{}",
    "https://discordapp.com/api/v10/webhooks/123456789012345678/{}",
    "https://open.feishu.cn/open-apis/bot/v2/hook/{}",
    "webhook_url=https://example.org/in/{}",
    "-----BEGIN PRIVATE KEY-----\\nMIIE{}\\n-----END PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY-----MHc{}",
    "xoxb-1234567890-{}",
    "ghp_{}{}",
    "glpat-{}",
    "sk_live_{}",
    "api%5Fkey={}&x=1",
    "%22secret%22%3A%22{}%22",
    "api%255Fkey%253D{}",
    "api\u200b_key={}",
    "a\u00adpi_k\u2060ey: {}",
    "pass\u200bphrase={}",
    "{{\\u0022apiSecret\\u0022: \\u0022{}\\u0022}}",
    "&quot;apiKey&quot;:&quot;{}&quot;",
    "api_key=SecretStr('{}')",
    "api_key: str = '{}'",
    "os.environ['API_SECRET'] = '{}'",
    "run --api-key {} --symbol BTC-USDT",
    "run --okx-passphrase {}",
    "password is '{}'",
    "BYBIT_API_KEY_1={}",
    "API_SECRET_TESTNET={}",
    "api_key -> {}",
    "Api key : {}",
    "login(password='{}', user='bot')",
    "секретный ключ: {}",
    "API ключ = {}",
    "Пароль={}",
    "ПАРОЛЬ: {}",
    "Токен бота: {}",
    "подпись={}",
    "ключ доступа: {}",
    "wallet private key: 0x{}",
    "with api key {} of the main account",
    "Using passphrase '{}'",
    "<password>{}</password>",
    "api_key|{}",
    "api_key\t{}",
    "api_keys=['{}', 'x']",
    "creds=('{}', 'x')",
    "api_key[0]={}",
    "curl -u bot:{} https://example.org",
    '{{"op":"auth","args":["{}",1767225600000,"9f86d0"]}}',
    "{{'KEY': '{}', 'Timestamp': '1'}}",
    "https://user:p%40{}@example.org/",
    "hmac_sha256={}",
    "密码：{}",
)  # fmt: skip
#: Credentials of several words, or of a form of their own: text, and what must not be shown of it.
_WHOLE: Final = (
    ("bot 7712345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1 is up", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"),
    ("POST https://api.telegram.org/bot7712345679:AAGmqTcvCH1vGWJxfSeofSAs0K5PALDsaw2/sendMessage", "AAGmqTcvCH1v"),
    ("POST https://api.telegram.org/bot7712345670%3AAAKmqTcvCH1vGWJxfSeofSAs0K5PALDsaw3/x", "AAKmqTcvCH1v"),
    ("token: 7712345671:AALmqTcvCH1vGWJxfSeofSAs0K5PALDsaw4", "AALmqTcvCH1v"),
    ("mnemonic: gravity winner thank year wave sausage worth useful legal winner thank yellow", "gravity winner"),
    ('"seed_phrase": "lemon winner thank year wave sausage worth useful legal winner thank yellow"', "lemon winner"),
    ("seed=['velvet', 'winner', 'thank', 'year', 'wave', 'sausage', 'worth', 'useful', 'legal', 'a', 'b']"
     .replace("'a', 'b'", "'winner', 'thank', 'yellow'"), "velvet"),
    ("сид-фраза: marble winner thank year wave sausage worth useful legal winner thank yellow", "marble winner"),
    ("password=purple horse battery staple", "horse battery"),
    ('{"passphrase": "orange horse battery staple"}', "orange horse"),
    ('"password": "no violet staple"', "violet staple"),
    ("passphrase: 'indigo horse \\' battery'", "indigo horse"),
    ("password = crimson-horse 42, user = bot", "crimson-horse 42"),
    ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", "MIIEvQIBADANBg"),
    ("AKIAQ4ZTR7XK2M5NB3VD is the key id", "AKIAQ4ZTR7XK2M5NB3VD"),
    ("AIzaSyD3f9Qk2Lm7Xw1Zp5Rt8Vn4Bc6Hj0Gk2Ls", "AIzaSyD3f9Qk2Lm"),
    ("wss://stream.binance.com/ws/pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1", "pqia91ma19"),
)  # fmt: skip


class Form(Struct, frozen=True):
    """A text and the credential in it."""

    text: str
    secret: str


def _value(number: int) -> str:
    """A random-looking value of its own for each form."""
    return f"Zq{number:03d}XwLm2Pv9Kt4Rb"


def _forms() -> tuple[Form, ...]:
    texts = [
        frame.replace("{name}", name)
        for at, name in enumerate(_NAMES)
        for frame in (
            _FRAMES[at % len(_FRAMES)],
            _FRAMES[(at + 5) % len(_FRAMES)],
            _FRAMES[(at + 8) % len(_FRAMES)],
        )
    ]
    texts += _ALONE
    made = [
        Form(text.replace("{}", _value(number)).replace("{{", "{").replace("}}", "}"), _value(number))
        for number, text in enumerate(texts)
    ]
    return tuple(made) + tuple(Form(text, secret) for text, secret in _WHOLE)


PLANTED: Final = _forms()

INNOCENT: Final = (
    "order 3066958007089307648 for DOGE-USDT is filled",
    "ordId=3066958007089307648, clOrdId=e847386590ce4dBC12ab34, tradeId=839201847",
    "client_order_id: 550e8400-e29b-41d4-a716-446655440000",
    "newClientOrderId=x-40PobWqxd2b5a1f0c9e84d6b8a7c31",
    "position 7f3b2c1d-9a8e-4f5b-8c7d-6e5f4a3b2c1d closed",
    "sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  trades.csv",
    "commit 3f786850e387550fdab836ed7e6dc881de23001b deployed",
    "md5 d41d8cd98f00b204e9800998ecf8427e",
    "txHash=0x88df016429689c079f3b2f6ad39fa052532c56795b733da78a91ebe6a713944b",
    "token=BTC amount=0.5",
    "token: USDT",
    "token: 0xdAC17F958D2ee523a2206206994597C13D831ec7",
    "token=EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
    "token_id=71321045679252212594626385532706912750332728571942532289631379312455583992563",
    "tokens used: 4096, max_tokens=8192",
    "contract 0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599",
    "Closed BTC-USDT long at 60500.00, net PnL +4.0000",
    "2026-01-10T10:30:00.500000,ETH-USDT,long,3000.0,3010.0,0.2,2.0,0.1,1.9,600,tp,50",
    "signal: LONG BTC-USDT strength 0.85",
    "signals=12 assigned=3 design=modern",
    "sign=-1 side=sell",
    "sign: buy",
    "the signature could not be verified",
    "Signature for this request is not valid.",
    "signature: invalid",
    "Invalid API-key, IP, or permissions for action.",
    "API keys: 3 loaded",
    "api_key loaded from environment",
    "api_key: missing",
    "api_key=None secret=None passphrase=''",
    "api_key=*** secret=********",
    "password: authentication failed for user bot",
    "Неверный пароль: доступ запрещён"[:15],
    "пароль не задан",
    "ключевой уровень: 60500",
    "ключ: BTC-USDT",
    "passed: 10, failed: 2, bypass=true",
    "pass: 3 fail: 0",
    "seed=42 random_state=7",
    "secret: true",
    "keyboard interrupt, key=BTC-USDT:long",
    "KeyError: 'entry_price'",
    "cookie jar is empty",
    "cookies: none",
    "connected to wss://ws.okx.com:8443/ws/v5/private",
    "GET https://api.binance.com/api/v3/time at 10:30",
    "wss://stream.binance.com:9443/ws/btcusdt@trade",
    "mailto bot@example.org from 10.0.0.1:8080",
    "authorization required",
    "Authorization failed: 401",
    "webhook delivered in 120 ms",
    "hooks loaded: 4",
    "bearer of the message",
    "token bucket refilled, rate limit token count 20",
    "session_id=550e8400-e29b-41d4-a716-446655440001",
    "+1.25% since 12:30, drawdown -3%25",
    "user:bot@okx, ratio 1:2",
    "Private WS: ордер 3066958007089307648 для DOGE-USDT - filled",
    "algoId 612345678901234567:A",
    "USDT:AAVE pair 12345678:AAVE",
    "base64 is no hash: abcdefgh",
    "secretary=Smith",
    "nonce=1767225600000 recvWindow=5000",
    "phrase: to be or not to be",
    "words: long short long short",
    "private channel subscribed",
    '["Bot not started: no API key", "robot started", "Failed"]',
    "self._secret = secret",
    "connect(api_key=self.api_key, secret=API_SECRET)",
    "credentials: loaded",
    "API key ends in 4Kt, secret is set",
    "password reset link sent",
    "curl -u is not used",
    "keys,values,1,2",
    "compass: north, password_reset=false",
)  # fmt: skip
