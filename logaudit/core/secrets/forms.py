"""Credentials that their form alone tells: tokens, keys and addresses with a password in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import CALLEES, SecretKind

#: A user and a password, as clients of HTTP take them; in brackets it may be a list of words.
_QUOTES: Final = r"[\\'\"]{1,12}"
_USER: Final = rf"\s?[bu]?{_QUOTES}[^'\"\n\\]{{0,128}}{_QUOTES}\s?,\s?[bu]?{_QUOTES}"
_PAIR: Final = rf"(?:\({_USER}|\[{_USER}(?=[^'\"]{{0,255}}[\dA-Z]))(?P<v>[^'\"\n\\]{{4,256}})"
#: Commands take a password without saying so: ``mysql -pSECRET``.
_ARGUMENT: Final = r"['\"]?(?P<v>[^\s'\";|&]{3,128})"
#: Words of a command between its name and its password.
_WORDS: Final = r"(?:[ \t]{1,4}[^\s|;]{1,128}){0,12}?[ \t]{1,4}"
#: A password without a blank before it: words of prose may begin like this, but follow no user and hold no digits.
_GLUED: Final = rf"(?:-u[^\s|;]{{0,64}}{_WORDS}-p|-p(?=[^\s|;]{{0,127}}[\dA-Z]))"
#: Lower-case letters of a command, the command, and the option before its password.
_COMMANDS: Final = (
    ("mysql", r"mysql\w{0,20}", _GLUED),
    ("mariadb", r"mariadb[\w-]{0,20}", _GLUED),
    ("redis-cli", r"redis-cli", r"-a[ \t]{1,4}"),
    ("mongo", r"mongo\w{0,20}", r"-p[ \t]{0,4}"),
    ("mosquitto_", r"mosquitto_[a-z]{1,8}", r"-P[ \t]{1,4}"),
    ("sqlcmd", r"sqlcmd", r"-P[ \t]{0,4}"),
    ("smbclient", r"smbclient", r"-U[ \t]{0,4}[^\s%]{1,64}%"),
    ("zip ", r"(?:un)?zip", r"-P[ \t]{0,4}"),
    ("7z ", r"7z", r"-p"),
    ("openssl", r"openssl", r"(?:-k[ \t]{1,4}|-pass(?:in|out)?[ \t]{1,4}pass:)"),
    ("docker login", r"docker login", r"-p[ \t]{1,4}"),
    ("podman login", r"podman login", r"-p[ \t]{1,4}"),
    ("ldapsearch", r"ldapsearch", r"-w[ \t]{1,4}"),
)

_OPTIONS: Final = (
    *(
        (stem, SecretKind.PASSWORD, rf"(?<![\w-])(?:{command}){_WORDS}{option}{_ARGUMENT}")
        for stem, command, option in _COMMANDS
    ),
    ("requirepass", SecretKind.PASSWORD, rf"(?i:requirepass)[ \t]{{1,4}}{_ARGUMENT}"),
    ("identified by", SecretKind.PASSWORD, r"(?i:identified by)[ \t]{1,4}['\"](?P<v>[^'\"\n]{3,128})"),
)
#: Lower-case letters of a form, its kind, and the form, whose group ``v`` is the credential. Every repetition is
#: bounded, and begins only where no like character stands before it.
_FORMS: Final = (
    ("eyj", SecretKind.TOKEN, r"(?<![\w-])(?P<v>eyJ[\w-]{8,4096}\.[\w-]{4,8192}(?:\.[\w-]{0,4096})?)"),
    (":aa", SecretKind.TOKEN, r"(?<!\d)(?P<v>\d{6,12}:AA[\w-]{30,40})(?![\w-])"),
    ("/bot", SecretKind.TOKEN, r"/(?i:bot)(?P<v>\d{5,12}:[\w-]{8,64})"),
    ("/ws/", SecretKind.TOKEN, r"/ws/(?P<v>[A-Za-z0-9]{60,70})(?!\w)"),
    ("://", SecretKind.PASSWORD, r"://[^\s/@:'\"<>«]{0,128}:(?P<v>[^\s/'\"<>]{1,256})@"),
    (
        "curl",
        SecretKind.PASSWORD,
        r"\s(?:-[a-zA-Z]{0,6}u|--user)[ =]['\"]?[^\s:'\"]{1,64}:(?P<v>[^\s'\"]{4,128})",
    ),
    # A slash in the password; digits before it are a port.
    (
        "://",
        SecretKind.PASSWORD,
        r"://[^\s/@:'\"<>«]{0,128}:(?P<v>(?!\d{1,5}/)[^\s/@'\"<>]{1,128}/[^\s@'\"<>,;]{1,128})@",
    ),
    (
        "auth",
        SecretKind.TOKEN,
        r"auth[\\'\"]{1,6},\s?[\\'\"]{1,6}args[\\'\"]{1,6}:\s?\[(?P<v>[^\]\n]{8,1024})",
    ),
    ("bearer", SecretKind.TOKEN, r"(?i:\bbearer)[ \t:=]{1,4}(?P<v>(?=[^\s\d]{0,4096}\d)[\w.~+/-]{8,4096}=*)"),
    ("bearer", SecretKind.TOKEN, r"(?i:\bbearer)[ \t:=]{1,4}(?P<v>[\w.~+/-]{20,4096}=*)"),
    ("hooks.slack", SecretKind.WEBHOOK, r"(?i:hooks\.slack\.com/[a-z]{4,12}/)(?P<v>[\w/-]{8,256})"),
    (
        "webhooks/",
        SecretKind.WEBHOOK,
        r"(?i:discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/)(?P<v>\d{5,24}/[\w-]{8,128})",
    ),
    ("/hook/", SecretKind.WEBHOOK, r"(?i:/open-apis/bot/v2/hook/)(?P<v>[\w-]{8,128})"),
    ("webhook.office", SecretKind.WEBHOOK, r"(?i:webhook\.office\.com/webhookb2/)(?P<v>[\w@./-]{8,512})"),
    ("hooks.zapier", SecretKind.WEBHOOK, r"(?i:hooks\.zapier\.com/hooks/catch/)(?P<v>[\w/-]{8,128})"),
    ("webhook/send", SecretKind.WEBHOOK, r"(?i:/webhook/send\?key=)(?P<v>[\w-]{8,128})"),
    ("/with/key/", SecretKind.WEBHOOK, r"(?i:/with/key/)(?P<v>[\w-]{8,128})"),
    (".infura.io/", SecretKind.API_KEY, r"(?i:\.infura\.io/(?:ws/)?v\d/)(?P<v>[\w-]{16,128})"),
    (".alchemy.com/", SecretKind.API_KEY, r"(?i:\.alchemy\.com/v\d/)(?P<v>[\w-]{16,128})"),
    ("office.com/web", SecretKind.WEBHOOK, r"(?i:outlook\.office\.com/webhook/)(?P<v>[\w@./-]{8,512})"),
    ("<cookie ", SecretKind.COOKIE, r"<Cookie (?P<v>[^\s=>]{1,128}=[^\s>]{4,4096})"),
    ("auth", SecretKind.PASSWORD, rf"(?i:auth|credentials|creds)[\\'\"]{{0,12}}\s?[=:]?\s?{_PAIR}"),
    ("login(", SecretKind.PASSWORD, rf"(?i:login){_PAIR}"),
    (
        "login(",
        SecretKind.PASSWORD,
        rf"(?i:login)\(\s?\d{{3,12}}\s?,\s?[bu]?{_QUOTES}(?P<v>[^'\"\n\\]{{4,256}})['\"\\]",
    ),
    *(
        (
            stem,
            SecretKind.PRIVATE_KEY,
            rf"{call}\(\s?[\\'\"]{{0,6}}(?P<v>(?:0x)?[0-9a-fA-F]{{64}})(?![0-9a-fA-F])",
        )
        for stem, call in (
            ("from_key", "from_key"),
            ("privatekeytoaccount(", "privateKeyToAccount"),
            ("wallet(", "Wallet"),
        )
    ),
    ("accountkey", SecretKind.API_KEY, r"(?i:accountkey)=(?P<v>[A-Za-z0-9+/]{40,120}={0,2})"),
    ("suiprivkey", SecretKind.PRIVATE_KEY, r"(?<!\w)(?P<v>suiprivkey1[0-9a-z]{50,70})(?!\w)"),
    *_OPTIONS,
    ("sshpass", SecretKind.PASSWORD, r"\bsshpass\s{1,4}-p\s?['\"]?(?P<v>[^\s'\"]{4,128})"),
    ("ya29.", SecretKind.TOKEN, r"(?<![\w-])(?P<v>ya29\.[\w-]{20,2048})"),
    ("hvs.", SecretKind.TOKEN, r"(?<![\w-])(?P<v>hvs\.[\w-]{20,256})"),
    ("pypi-", SecretKind.TOKEN, r"(?<![\w-])(?P<v>pypi-AgEI[\w-]{20,512})"),
    ("glsa_", SecretKind.TOKEN, r"(?<![\w-])(?P<v>glsa_[A-Za-z0-9]{20,64}_[0-9a-f]{8})(?!\w)"),
    ("sntry", SecretKind.TOKEN, r"(?<![\w-])(?P<v>sntry[su]_[\w+/=-]{20,512})"),
    ("whsec_", SecretKind.SECRET, r"(?<![\w-])(?P<v>whsec_[\w+/=]{20,256})"),
    ("age-secret", SecretKind.PRIVATE_KEY, r"(?<![\w-])(?P<v>AGE-SECRET-KEY-1[0-9A-Z]{40,80})(?!\w)"),
    ("npm_", SecretKind.TOKEN, r"(?<![\w-])(?P<v>npm_[A-Za-z0-9]{30,64})(?!\w)"),
    ("hf_", SecretKind.TOKEN, r"(?<![\w-])(?P<v>hf_[A-Za-z0-9]{30,64})(?!\w)"),
    ("dop_v1_", SecretKind.TOKEN, r"(?<![\w-])(?P<v>dop_v1_[0-9a-f]{64})(?!\w)"),
    ("xox", SecretKind.TOKEN, r"(?<![\w-])(?P<v>xox[abeoprs]-[\w-]{10,256})"),
    ("xapp-", SecretKind.TOKEN, r"(?<![\w-])(?P<v>xapp-[\w-]{10,256})"),
    ("gh", SecretKind.TOKEN, r"(?<![\w-])(?P<v>gh[opsur]_\w{20,256})"),
    ("github_pat_", SecretKind.TOKEN, r"(?<![\w-])(?P<v>github_pat_\w{20,256})"),
    ("glpat-", SecretKind.TOKEN, r"(?<![\w-])(?P<v>glpat-[\w-]{16,64})"),
    ("k_", SecretKind.API_KEY, r"(?<![\w-])(?P<v>[sr]k_(?:live|test)_\w{10,256})"),
    ("sk-", SecretKind.API_KEY, r"(?<![\w-])(?P<v>sk-[\w-]{20,256})"),
    ("akia", SecretKind.API_KEY, r"(?<![\w-])(?P<v>AKIA[0-9A-Z]{16})(?![\w-])"),
    ("asia", SecretKind.API_KEY, r"(?<![\w-])(?P<v>ASIA[0-9A-Z]{16})(?![\w-])"),
    ("dckr_", SecretKind.TOKEN, r"(?<![\w-])(?P<v>dckr_[a-z]{3}_[\w-]{20,64})(?![\w-])"),
    ("gsk_", SecretKind.API_KEY, r"(?<![\w-])(?P<v>gsk_[A-Za-z0-9]{40,64})(?!\w)"),
    ("xai-", SecretKind.API_KEY, r"(?<![\w-])(?P<v>xai-[A-Za-z0-9]{60,100})(?!\w)"),
    ("tk_", SecretKind.TOKEN, r"(?<![\w-])(?P<v>tk_[a-z0-9]{29})(?!\w)"),
    ("$2", SecretKind.PASSWORD, r"(?<!\w)(?P<v>\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})(?![\w./])"),
    (
        "$argon2",
        SecretKind.PASSWORD,
        r"(?P<v>\$argon2[id]{1,2}\$v=\d{1,3}\$[\w=,]{5,40}\$[\w+/]{8,128}\$[\w+/]{16,256})",
    ),
    (
        "pbkdf2",
        SecretKind.PASSWORD,
        r"(?<!\w)(?P<v>pbkdf2[:_]sha\d{1,3}[:$]\d{1,9}\$[\w./+-]{1,128}\$[\w./+=-]{20,256})",
    ),
    *(
        (host, SecretKind.API_KEY, rf"(?i:{re.escape(host)}\w{{0,32}}/)(?P<v>[\w-]{{24,128}})")
        for host in (
            ".quiknode.pro",
            ".blastapi.io",
            ".chainstack.com",
            "go.getblock.io",
            ".nodereal.io/v",
            "rpc.ankr.com/",
        )
    ),
    ("aiza", SecretKind.API_KEY, r"(?<![\w-])(?P<v>AIza[\w-]{35})(?![\w-])"),
    ("sg.", SecretKind.TOKEN, r"(?<![\w-])(?P<v>SG\.[\w-]{16,64}\.[\w-]{16,128})"),
    ("mii", SecretKind.PRIVATE_KEY, r"(?<![\w+/])(?P<v>MII[A-Za-z0-9+/]{50,8192}={0,2})"),
    ("migha", SecretKind.PRIVATE_KEY, r"(?<![\w+/])(?P<v>MIGHA[A-Za-z0-9+/]{50,8192}={0,2})"),
    ("mhcca", SecretKind.PRIVATE_KEY, r"(?<![\w+/])(?P<v>MHcCA[A-Za-z0-9+/]{50,8192}={0,2})"),
    ("prv", SecretKind.PRIVATE_KEY, r"(?<!\w)(?P<v>[xyz]prv[1-9A-HJ-NP-Za-km-z]{90,120})(?!\w)"),
)
_COMPILED: Final = tuple((stem, kind, lazy_pattern(text)) for stem, kind, text in _FORMS)

_BEGIN: Final = lazy_pattern(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_END: Final = lazy_pattern(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
#: A whole line of a PEM block: as long as encoders make it, or the padded last one.
_PEM_LINE: Final = lazy_pattern(r"\s*(?P<v>[A-Za-z0-9+/]{60,76}={0,2}|[A-Za-z0-9+/]{11,76}={1,2})\s*")
_LONGEST_LINE: Final = 200


#: Lower-case letters of the forms that are looked at closely (see `checked_forms`).
CHECKED: Final = (
    "basic", "auth ", "://", "code=", ".run(", "cg-", "curl", "-k ", "-s ", "-t ",
    *(f"{callee}(" for callee in CALLEES),
)  # fmt: skip


def by_form(text: str, lower: str) -> Iterator[tuple[int, int, SecretKind]]:
    """Start, end and kind of each credential that its form tells; ``lower`` is the text in lower case."""
    for stem, kind, pattern in _COMPILED:
        if stem in lower:
            for match in pattern.finditer(text):
                yield match.start("v"), match.end("v"), kind
    for begin in _BEGIN.finditer(text):
        end = _END.search(text, begin.end())
        yield begin.end(), len(text) if end is None else end.start(), SecretKind.PRIVATE_KEY
    if (line := pem_line(text)) is not None:
        yield *line, SecretKind.PRIVATE_KEY


def pem_line(text: str) -> tuple[int, int] | None:
    """Where the whole text is one line of a PEM block; hashes in hex and words are none."""
    if len(text) > _LONGEST_LINE or (match := _PEM_LINE.fullmatch(text)) is None:
        return None
    value = match["v"]
    mixed = (
        any(c.isupper() for c in value)
        and any(c.islower() for c in value)
        and any(c.isdigit() for c in value)
    )
    return match.span("v") if mixed else None
