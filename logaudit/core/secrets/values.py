"""What stands behind a name: where the value begins and ends, and whether it can be a credential."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.secrets.kinds import NameClass, SecretKind, SecretName
from logaudit.core.secrets.shapes import (
    CODE,
    FOLLOWS,
    LONGEST,
    PASSWORDS,
    PRIVATE,
    RANDOM_FROM,
    TOKEN_FROM,
    UNQUOTED,
    WORD_LIST,
    is_key,
    is_market,
    is_name,
    is_session,
    is_token,
    may_be_coin,
    quoted_end,
)

_SHORTEST: Final = 4
#: What a template or a shell fills in.
_REFERENCES: Final = ("{{", "${", "$(")

#: Between a name and its value; the quotes behind the name, the separator, a wrapper, the quotes before the value.
_SEPARATOR: Final = lazy_pattern(
    r"(?P<close>(?:[\\'\"\]]{1,12}\)|[\\'\"\]]{0,12}))"
    r"(?:\s?,?\s{0,40}[\\'\"]{0,12}(?<=[\s'\"])value[\\'\"]{0,12})?(?:[ \t]{5,40}|\s{0,4})"
    r"(?:(?P<sep>=>|:=|[=-]{1,20}>|>>>|[:=：＝]|—|(?<=\w)>)|(?P<comma>,))"
    r"(?:[ \t]{5,40}|\s{0,4})(?:(?:!{1,2}|&)[\w./-]{1,40}[ \t]{1,4})?(?:(?:str|Optional\[str\]|SecretStr)\s?=\s?)?"
    r"(?P<wrap>[A-Za-z_.]{1,24}\(|[\[({]?)(?:[bBuUrRfF](?=[\\'\"]))?(?P<open>[\\'\"]{0,12})"
)
#: What ends a value of several words: a delimiter, or the next name.
_WORDS_END: Final = lazy_pattern(r"[,;|&}\])<>'\"\n\r]|\s+\S{1,40}[=:]|\s-\s|\s{3}")
_OPENING: Final = lazy_pattern(r"[\s\\'\"\[({]{0,12}")
_HEX: Final = lazy_pattern(r"(?:0x)?[0-9a-fA-F]{32,256}")
#: A key as the numbers of its bytes, as Solana's tools write it.
_BYTES: Final = lazy_pattern(r"\d{1,3}(?:\s?,\s?\d{1,3}){31,63}(?!\d)")
_SCHEME: Final = lazy_pattern(
    r"(?i:(bearer|basic|token|apikey|api-key|digest|negotiate|hmac|oauth|aws4-hmac-sha256|signature|key|bot)\s{1,4})"
    # Another scheme, with something that is no word behind it.
    r"|([A-Za-z]{2,12}(?:-[A-Za-z]{2,8}\d{0,3}){0,3})\s{1,4}(?=[^\s\d]{0,256}\d)(?=\S{8})"
)
_LINE_END: Final = lazy_pattern(r"[\n\r|}<>]|\\r|\\n|\s-H\s")
#: What a file name goes on with behind a value in it.
_FILE_TYPE: Final = lazy_pattern(
    r"(?<=\w)(?:\.(?:log|csv|txt|json|jsonl|zip|gz|xz|bz2|tar|db|sqlite|xlsx|parquet|bak|\d{1,3}))+$"
)
#: A value behind the name of an option.
_OPTION: Final = lazy_pattern(r"(?P<sep>\s{1,3})(?=[^\s-])(?P<close>)(?P<comma>)(?P<wrap>)(?P<open>['\"]?)")
#: Words that stand where a value would: none of them is one.
_NO_VALUE: Final = frozenset(
    """none null nil true false yes no ok empty missing invalid incorrect wrong expired required enabled disabled
    not is are was must should too the for to and or has have set unset loaded loading found failed failure error
    accepted rejected
    valid verified changed updated refreshed renewed received sent created deleted revoked unknown undefined
    hidden masked redacted filtered secure pending read-only readonly removed default optional string str int
    bool bytes authentication unauthorized permission denied mismatch ошибка неверный неверная не нет да истёк
    истек обновлён обновлен получен создан удалён отсутствует загружен falsch fehlt ungültig leer incorrecta inválida
    incorreta errada incorrect invalide erroné yanlış hatalı geçersiz nieprawidłowe błędne špatné""".split()  # noqa: SIM905 - easier to read
)
#: A variable of the name's kind in place of its value: ``secret=secret``, ``key=self.api_key``.
_NAMED: Final = lazy_pattern(
    r"[A-Za-z_.]*(?:key|secret|token|password|passphrase|sign|signature)", re.IGNORECASE
)
_BLANK: Final = lazy_pattern(r"\s{1,3}(?:(?:is|was)\s)?['\"]?")
#: A name in a map, whether or not in quotes.
_NAME_IN_MAP: Final = lazy_pattern(r"[\w .-]{1,60}['\"\\]{0,4}\s?[:=]")
#: Names whose values are told by what they look like.
_TESTS: Final[dict[NameClass, Callable[[str], bool]]] = {
    NameClass.HEX: lambda value: PRIVATE.fullmatch(value) is not None,
    NameClass.FOREIGN: lambda value: _fits(value) and (value.isascii() or not value.isalpha()),
    NameClass.KEY: is_key,
    NameClass.SESSION: is_session,
}
_PATH: Final = lazy_pattern(r"[~.]{0,2}/|[A-Za-z]:\\")
_MASKED: Final = lazy_pattern(r"\$[A-Z][A-Z0-9_]{2,40}|[*•.xX#…_\-<>\[\]()]*|.{0,4}(?:\*{3,}|\.{3}|…).{0,4}")


def value_behind(
    text: str, at: int, name: SecretName, *, option: bool, listed: bool
) -> tuple[int, int] | None:
    """Where the credential behind a name lies that ends at ``at``; None where there is none.

    Args:
        option: whether the name is that of a command's option, which no separator need follow.
        listed: whether the name stands in quotes by itself, so that a comma may part it from its value.
    """
    from logaudit.core.secrets.blocks import block_behind  # noqa: PLC0415 - few texts hold a name

    if name.proves in {NameClass.CODE, NameClass.BARE_CODE}:
        return _code(text, at, spoken=name.proves is NameClass.CODE)
    if (block := block_behind(text, at)) is not None:
        return block if _holds(text[slice(*block)], name) else None
    return _beside(text, at, name, option=option, listed=listed)


def _beside(  # noqa: C901, PLR0911 - one a way of writing
    text: str, at: int, name: SecretName, *, option: bool, listed: bool
) -> tuple[int, int] | None:
    """As `value_behind`, of a value in the name's own line."""
    from logaudit.core.secrets.spoken import spoken  # noqa: PLC0415 - few texts hold a name

    kind, proves = name.kind, name.proves
    match = _SEPARATOR.match(text, at) or (_OPTION.match(text, at) if option else None)
    if match is None:
        return spoken(text, at, name)
    opened = match["open"]
    if text.startswith(_REFERENCES, match.start("wrap")):
        return None
    if match["comma"] and not (listed and match["close"][-1:] in {"'", '"'} and opened):
        return spoken(text, at, name)
    if (
        opened in {"''", '""'}
        and not match["close"].endswith(opened)
        and not FOLLOWS.match(text, match.end())
    ):
        return None  # an empty text, no cell's doubled quote
    start = match.end()
    if kind is SecretKind.PRIVATE_KEY and (numbers := _BYTES.match(text, start)) is not None:
        return numbers.span()
    if proves is NameClass.WORDS:
        return _words(text, match.end("wrap"))
    end = quoted_end(text, start, opened) if opened else -1
    if kind is SecretKind.COOKIE and match["wrap"] == "{":
        end = max(end, text.find("}", start, start + LONGEST))
        return (start, end) if ":" in text[start:end] else None
    if proves is NameClass.LINE:
        return _line(text, start, end, kind)
    if match["wrap"].endswith("{") and _NAME_IN_MAP.match(text, start):
        return None  # names of their own, and what is held there
    if end < 0:
        end = _unquoted_end(text, start, name)
        if (file_type := _FILE_TYPE.search(text, start, end)) is not None:
            end = file_type.start()
    elif match["wrap"] and proves is NameClass.SURE:
        # All of a list's texts are credentials.
        end = max(end, _list_end(text, end, opened))
    plain = not opened and match["sep"] in {":", "—"}
    shown = text[start:end]
    stated = len(shown) >= _SHORTEST and not _is_prose(shown, quoted=bool(opened))
    return (start, end) if stated and _is_credential(shown, name, plain=plain) else None


def _code(text: str, at: int, *, spoken: bool) -> tuple[int, int] | None:
    """A one-time code or a PIN; a ``spoken`` one may stand behind a blank."""
    match = _SEPARATOR.match(text, at) or (_BLANK.match(text, at) if spoken else None)
    code = None if match is None else CODE.match(text, match.end())
    return None if code is None else code.span()


def _holds(block: str, name: SecretName) -> bool:
    """Whether the lines below a name are what it says."""
    if name.proves is NameClass.WORDS:
        return _words(block, 0) is not None
    return len(block) >= _SHORTEST and not _is_prose(block) and _is_credential(block, name, plain=False)


def _list_end(text: str, at: int, opened: str) -> int:
    """Where the last text of a list ends whose first one ends at ``at``."""
    listed = re.compile(
        rf"(?:{re.escape(opened)}\s?,\s?[bu]?{re.escape(opened)}[^'\"\\]{{1,256}}){{1,16}}"
    ).match(text, at)
    return at if listed is None else listed.end()


def _unquoted_end(text: str, start: int, name: SecretName) -> int:
    match = UNQUOTED.match(text, start)
    if match is None:
        return start
    spaced = name.kind in PASSWORDS and name.proves is NameClass.SURE
    short = name.proves is NameClass.RANDOM and len(match[0]) < _SHORTEST
    if not spaced or short or _is_prose(match[0]):
        return match.end()
    # Passwords may hold spaces: what follows belongs to them up to a delimiter or the next name.
    end = _WORDS_END.search(text, match.end(), start + LONGEST)
    return max(match.end(), min(len(text), start + LONGEST) if end is None else end.start())


def _words(text: str, at: int) -> tuple[int, int] | None:
    """A list of a dozen words or more, or a seed in hex."""
    quoted = _OPENING.match(text, at)
    start = at if quoted is None else quoted.end()
    match = WORD_LIST.match(text, start)
    if match is not None:
        return start, match.end()
    hexed = _HEX.match(text, start)
    return None if hexed is None else hexed.span()


def _line(text: str, start: int, quoted: int, kind: SecretKind) -> tuple[int, int] | None:
    """The value of a header: all of it, behind the name of a scheme."""
    if quoted < 0:
        end = _LINE_END.search(text, start, start + LONGEST)
        stop = min(len(text), start + LONGEST) if end is None else end.start()
    else:
        stop = quoted
    if kind is SecretKind.AUTHORIZATION:
        scheme = _SCHEME.match(text, start, stop)
        if scheme is not None:
            start = scheme.end()
        if quoted < 0 and (
            scheme is None
            or (scheme[1] or "").lower() not in {"digest", "aws4-hmac-sha256", "signature", "oauth"}
        ):
            word = UNQUOTED.match(text, start, stop)
            stop = start if word is None else word.end()
    value = text[start:stop].strip()
    if len(value) < _SHORTEST or _is_prose(value, quoted=quoted >= 0):
        return None
    return (start, stop) if kind is SecretKind.AUTHORIZATION or "=" in value else None


def _is_prose(value: str, *, quoted: bool = False) -> bool:
    """Whether a value is a word about one, or begins a sentence (never within quotes), or is masked."""
    bare = value.strip("'\"()[]{}<>.,!?:")
    if _NAMED.fullmatch(bare):
        return True
    first = (bare if quoted else bare.partition(" ")[0]).lower()
    return first in _NO_VALUE or _MASKED.fullmatch(value) is not None


def _is_credential(value: str, name: SecretName, *, plain: bool) -> bool:
    """Whether a value may be what its name says; a ``plain`` one stands behind a colon, as prose does."""
    kind, proves = name.kind, name.proves
    if (
        (proves is NameClass.RANDOM or name.stem == "pwd")
        and _PATH.match(value)
        and kind is SecretKind.PASSWORD
    ):
        return False  # the working directory, as shells call it, or a sentence that tells to pass a folder
    if proves is NameClass.SURE:
        return not plain or kind in PASSWORDS or _fits(value)
    if (test := _TESTS.get(proves)) is not None:
        return test(value)
    if kind is SecretKind.WEBHOOK:
        return value.startswith(("http://", "https://"))
    if proves is NameClass.BARE_TOKEN:
        return is_token(value, address=not may_be_coin(name))
    digit, letter = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    spread = len(set(value)) >= RANDOM_FROM - 3
    return (
        len(value) >= RANDOM_FROM
        and (kind in PASSWORDS or not (is_name(value) if kind is SecretKind.API_KEY else is_market(value)))
        and letter
        and spread
        and (digit or len(value) >= 2 * TOKEN_FROM)
    )


def _fits(value: str) -> bool:
    """Whether a value is no single dictionary-like word of a sentence."""
    return (
        any(map(str.isdigit, value)) or len(value) >= TOKEN_FROM or not value.isalpha() or not value.islower()
    )
