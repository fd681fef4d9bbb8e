"""Credentials that their form alone tells: tokens, keys and addresses with a password in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import SecretKind

#: Lower-case letters of a form, its kind, and the form, whose group ``v`` is the credential. Every repetition is
#: bounded, and begins only where no like character stands before it.
_FORMS: Final = (
    ("eyj", SecretKind.TOKEN, r"(?<![\w-])(?P<v>eyJ[\w-]{8,4096}\.[\w-]{4,8192}(?:\.[\w-]{0,4096})?)"),
    (":aa", SecretKind.TOKEN, r"(?<!\d)(?P<v>\d{6,12}:AA[\w-]{30,40})(?![\w-])"),
    ("/bot", SecretKind.TOKEN, r"/(?i:bot)(?P<v>\d{5,12}:[\w-]{8,64})"),
    ("/ws/", SecretKind.TOKEN, r"/ws/(?P<v>[A-Za-z0-9]{60,70})(?!\w)"),
    ("://", SecretKind.PASSWORD, r"://[^\s/@:'\"<>]{0,128}:(?P<v>[^\s/'\"<>]{1,256})@"),
    ("curl", SecretKind.PASSWORD, r"\s(?:-u|--user)[ =]['\"]?[^\s:'\"]{1,64}:(?P<v>[^\s'\"]{4,128})"),
    (
        "auth",
        SecretKind.TOKEN,
        r"auth[\\'\"]{1,6},\s?[\\'\"]{1,6}args[\\'\"]{1,6}:\s?\[(?P<v>[^\]\n]{8,1024})",
    ),
    ("://", SecretKind.TOKEN, r"://(?P<v>[0-9a-f]{32})@"),
    ("bearer", SecretKind.TOKEN, r"(?i:\bbearer)[ \t]{1,4}(?P<v>(?=[^\s\d]{0,4096}\d)[\w.~+/-]{8,4096}=*)"),
    ("bearer", SecretKind.TOKEN, r"(?i:\bbearer)[ \t]{1,4}(?P<v>[\w.~+/-]{20,4096}=*)"),
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
    ("sshpass", SecretKind.PASSWORD, r"\bsshpass\s{1,4}-p\s?['\"]?(?P<v>[^\s'\"]{4,128})"),
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
