"""Format strings taken apart: loguru's, and stdlib logging's three styles, into literals and fields."""

from __future__ import annotations

import re
import string
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.logformats.pieces import LogFormatError, did_you_mean

STDLIB_FIELDS: Final = (
    "asctime", "created", "filename", "funcName", "levelname", "levelno", "lineno", "message", "module",
    "msecs", "name", "pathname", "process", "processName", "relativeCreated", "taskName", "thread",
    "threadName",
)  # fmt: skip
#: Fields that only stdlib formats have: one of them tells a ``{``-style format from loguru's.
_STDLIB_ONLY: Final = frozenset(STDLIB_FIELDS) - {"message", "module", "name", "process", "thread"}

_PERCENT: Final = lazy_pattern(
    r"%(?:%|\((?P<name>[^)]*)\)(?P<flags>[#0\- +]*)(?P<width>\d*)(?:\.(?P<cut>\d+))?[hlL]?(?P<kind>[diouxXeEfFgGcrsa]))"
)
_PERCENT_STYLE: Final = lazy_pattern(r"%\(\w+\)")
_DOLLAR: Final = lazy_pattern(r"\$(?:\$|\{(?P<braced>\w+)\}|(?P<bare>[A-Za-z_]\w*))")
_DOLLAR_STYLE: Final = lazy_pattern(
    rf"\$(?:\{{(?:{'|'.join(STDLIB_FIELDS)})\}}|(?:{'|'.join(STDLIB_FIELDS)})\b)"
)
_SPEC: Final = lazy_pattern(
    r"(?:(?P<fill>.)?(?P<align>[<>=^]))?[+\- ]?z?#?(?P<zero>0)?(?P<width>\d+)?[,_]?"
    r"(?:\.(?P<cut>\d+))?(?P<kind>[a-zA-Z%])?",
    re.DOTALL,
)
#: The escapes of a format copied from source text rather than from the running program.
_ESCAPES: Final = {r"\n": "\n", r"\r": "\r", r"\t": "\t"}
_ESCAPE: Final = lazy_pattern(r"\\[nrt]")

_TAG: Final = lazy_pattern(r"(\\*)(</?(?:[fb]g\s)?[^<>\s]*>)")
_STYLES: Final = (
    "b", "d", "n", "h", "i", "l", "s", "u", "v", "bold", "dim", "normal", "hide", "italic", "blink", "strike",
    "underline", "reverse",
)  # fmt: skip
_COLOURS: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_LETTERS: Final = ("k", "r", "g", "y", "e", "m", "c", "w")
TAGS: Final = frozenset(
    (
        "level", "lvl", *_STYLES, *_COLOURS, *_LETTERS, *(x.upper() for x in _LETTERS),
        *(x.upper() for x in _COLOURS), *(f"light-{c}" for c in _COLOURS),
        *(f"LIGHT-{c.upper()}" for c in _COLOURS), *(f"l{x}" for x in _LETTERS),
        *(f"L{x.upper()}" for x in _LETTERS),
    )
)  # fmt: skip


class FormatStyle(Enum):
    """Which program's format a string is."""

    LOGURU = auto()
    STDLIB = auto()


class Spec(Struct, frozen=True):
    """How a field is padded.

    Attributes:
        fill: the padding character.
        align: ``<`` padding follows, ``>`` it leads, ``^`` both; empty for none.
        width: the least number of characters, 0 for any.
        cut: the most characters of text that are shown, None for all.
        kind: the conversion letter, empty when there is none.
        raw: the text of the spec.
    """

    fill: str = " "
    align: str = ""
    width: int = 0
    cut: int | None = None
    kind: str = ""
    raw: str = ""


class FormatField(Struct, frozen=True):
    """A replacement field; ``token`` is how the format spells it, for messages."""

    name: str
    spec: Spec
    token: str


def split_format(text: str) -> tuple[FormatStyle, list[str | FormatField]]:
    """The style of a format string, and its literals and fields in order.

    Raises:
        LogFormatError: unbalanced braces, a malformed ``%(field)``, an unknown colour tag.
    """
    text = _ESCAPE.sub(lambda m: _ESCAPES[m[0]], text).lstrip("\r\n")
    if _PERCENT_STYLE.search(text):
        return FormatStyle.STDLIB, _percent(text)
    if _DOLLAR_STYLE.search(text):
        return FormatStyle.STDLIB, _dollar(text)
    parts = _braces(text)
    if any(isinstance(part, FormatField) and part.name in _STDLIB_ONLY for part in parts):
        return FormatStyle.STDLIB, parts
    return FormatStyle.LOGURU, [
        _without_colours(part, text) if isinstance(part, str) else part for part in parts
    ]


def _percent(text: str) -> list[str | FormatField]:
    parts: list[str | FormatField] = []
    at = 0
    while (sign := text.find("%", at)) >= 0:
        parts.append(text[at:sign])
        found = _PERCENT.match(text, sign)
        if found is None:
            raise LogFormatError(
                f"Format {text!r}: {text[sign : sign + 20]!r} is not a field.",
                "Write %(name)s, and %% for a percent sign.",
            )
        parts.append("%" if found["name"] is None else _percent_field(found))
        at = found.end()
    return [*parts, text[at:]]


def _percent_field(found: re.Match[str]) -> FormatField:
    zero = "0" in found["flags"]
    spec = Spec(
        fill="0" if zero else " ",
        align="" if not found["width"] else "<" if "-" in found["flags"] else ">",
        width=int(found["width"] or 0),
        cut=int(found["cut"]) if found["cut"] else None,
        kind=found["kind"],
        raw=found[0].partition(")")[2],
    )
    return FormatField(found["name"], spec, found[0])


def _dollar(text: str) -> list[str | FormatField]:
    parts: list[str | FormatField] = []
    at = 0
    for found in _DOLLAR.finditer(text):
        name = found["braced"] or found["bare"]
        parts += [text[at : found.start()], FormatField(name, Spec(), found[0]) if name else "$"]
        at = found.end()
    return [*parts, text[at:]]


def _braces(text: str) -> list[str | FormatField]:
    parts: list[str | FormatField] = []
    try:
        for plain, name, spec, conversion in string.Formatter().parse(text):
            parts.append(plain)
            if name is not None:
                token = f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}"
                parts.append(FormatField(name, parse_spec(spec or ""), token))
    except ValueError as error:
        raise LogFormatError(f"Format {text!r}: {error}.", "Write {{ and }} for literal braces.") from error
    return parts


def parse_spec(spec: str) -> Spec:
    """Python's format-spec language; a spec that is none (a time layout) is kept raw only.

    A nested ``{width}`` may stand for any padding.
    """
    if "{" in spec:
        return Spec(align="^", raw=spec)
    found = _SPEC.fullmatch(spec)
    if found is None:
        return Spec(raw=spec)
    width = int(found["width"] or 0)
    return Spec(
        fill=found["fill"] or ("0" if found["zero"] else " "),
        align=found["align"] or ("?" if width else ""),
        width=width,
        cut=int(found["cut"]) if found["cut"] else None,
        kind=found["kind"] or "",
        raw=spec,
    )


def _without_colours(text: str, whole: str) -> str:
    """Loguru strips colour tags from literals; a tag after an odd number of backslashes is text."""

    def raw_field(found: re.Match[str]) -> str:
        slashes = "\\" * (len(found[1]) // 2)
        if len(found[1]) % 2:
            return slashes + found[2]
        tag = found[2][1:-1].removeprefix("/")
        if not _is_tag(tag, closing=found[2].startswith("</")):
            raise LogFormatError(
                f"Format {whole!r}: {found[2]} is not a colour of loguru's.",
                did_you_mean(tag, TAGS, "<{}>") or f"Write \\{found[2]} for the text itself.",
            )
        return slashes

    return _TAG.sub(raw_field, text)


def _is_tag(tag: str, *, closing: bool) -> bool:
    if tag in TAGS or (closing and not tag):
        return True
    kind, _, colour = tag.partition(" ")
    if kind not in ("fg", "bg") or not colour:
        return False
    return (
        colour.lower() in TAGS
        or re.fullmatch(r"#(?:[0-9a-fA-F]{3}){1,2}|[0-9]{1,3}(?:,[0-9]{1,3}){0,2}", colour) is not None
    )
