"""What each field of a format string prints: its regex, its slot in the head, its levels."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from msgspec import Struct

from logaudit.logformats.format_strings import STDLIB_FIELDS, FormatField, FormatStyle
from logaudit.logformats.pieces import DIGIT, LETTER, WORD, LogFormatError, Slot, did_you_mean

#: Level numbers of loguru and stdlib logging.
_NUMBERS: Final = {
    5: "TRACE", 10: "DEBUG", 20: "INFO", 25: "SUCCESS", 30: "WARNING", 40: "ERROR", 50: "CRITICAL",
}  # fmt: skip
USUAL_LEVELS: Final = (*_NUMBERS.values(), "WARN", "FATAL", "ERR", "NOTICE", "NOTSET")


class FormatFieldKind(Enum):
    """What a field shows."""

    TIME = auto()
    ASCTIME = auto()
    MSECS = auto()
    CREATED = auto()
    LEVEL = auto()
    LEVEL_NUMBER = auto()
    NAME = auto()
    FILE = auto()
    PATH = auto()
    FUNCTION = auto()
    LINE = auto()
    NUMBER = auto()
    ELAPSED = auto()
    WORDS = auto()
    FREE = auto()
    MAPPING = auto()
    NOTHING = auto()
    MESSAGE = auto()


class FieldPattern(Struct, frozen=True):
    """How a field's value looks.

    Attributes:
        regex: what it matches; holds no capturing group, and no repeat without a bound: a match costs
            the same however long the line.
        slot: the part of the head it may fill.
        weight: how much a match of it says; sums up to a log format's specificity.
        shape: classes of its leading characters.
        numeric: padded on the left where the format does not say.
        before, after: parts of the text around the value that are no padding (a path's folders).
    """

    regex: str
    slot: Slot | None
    weight: int
    shape: tuple[str, ...] = ()
    numeric: bool = False
    before: str = ""
    after: str = ""


#: Not a level's name: in `… - INFO - ERROR - text` the logger's name was not printed at all.
_NO_LEVEL: Final = rf"(?!(?:{'|'.join(USUAL_LEVELS)})[\s|\]])"
_STEM: Final = r"[^/\\|:\r\n]{1,200}?"
_SUFFIX: Final = r"(?:\.pyw?)?"
_NUMERIC: Final = FieldPattern("[0-9][0-9_,.]{0,30}", None, 8, (DIGIT,), numeric=True)

FIELD_PATTERNS: Final[Mapping[FormatFieldKind, FieldPattern]] = {
    FormatFieldKind.LEVEL: FieldPattern(r"[^\W\d_][^ \t|:\])}>,;]{0,60}", Slot.LEVEL, 10, (LETTER,)),
    FormatFieldKind.LEVEL_NUMBER: FieldPattern("[0-9]{1,3}", Slot.LEVEL, 9, (DIGIT,), numeric=True),
    FormatFieldKind.NAME: FieldPattern(r"[\w<][^ \t|:]{0,200}", Slot.MODULE, 10, (WORD,)),
    FormatFieldKind.FILE: FieldPattern(_STEM, Slot.MODULE, 10, after=_SUFFIX),
    FormatFieldKind.PATH: FieldPattern(
        _STEM, Slot.MODULE, 10, before=r"(?:[^|\r\n]{0,400}[/\\])?", after=_SUFFIX
    ),
    FormatFieldKind.FUNCTION: FieldPattern(r"(?:[\w<>.$]{1,200}|\(unknown function\))", Slot.FUNCTION, 10),
    FormatFieldKind.LINE: FieldPattern("[0-9]{1,9}", Slot.LINE, 10, (DIGIT,), numeric=True),
    FormatFieldKind.NUMBER: _NUMERIC,
    FormatFieldKind.ELAPSED: FieldPattern(
        r"(?:-?[0-9]{1,9} days?, )?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?", None, 8
    ),
    FormatFieldKind.WORDS: FieldPattern(".{1,120}?", None, 3),
    FormatFieldKind.FREE: FieldPattern(".{0,250}?", None, 3),
    FormatFieldKind.MAPPING: FieldPattern(r"\{(?:[^{}]|\{[^{}]{0,200}\}){0,400}\}", None, 6, ("{",)),
    FormatFieldKind.NOTHING: FieldPattern("", None, 0),
}
#: A logger's name as stdlib allows it: words, none of them a lone separator.
SPACED_NAME: Final = FieldPattern(
    r"[\w<][^ \t|:]{0,200}(?: [\w(][^ \t|:]{0,60}){0,3}?", Slot.MODULE, 10, (WORD,)
)
#: Stdlib prints a level without a name as `Level 15`.
STDLIB_LEVEL: Final = FieldPattern(
    FIELD_PATTERNS[FormatFieldKind.LEVEL].regex + r"(?:(?<=\bLevel) [0-9]{1,9})?", Slot.LEVEL, 10, (LETTER,)
)

_LOGURU: Final[Mapping[str, FormatFieldKind]] = {
    "time": FormatFieldKind.TIME,
    "level": FormatFieldKind.LEVEL,
    "level.name": FormatFieldKind.LEVEL,
    "level.no": FormatFieldKind.LEVEL_NUMBER,
    "level.icon": FormatFieldKind.FREE,
    "name": FormatFieldKind.NAME,
    "module": FormatFieldKind.NAME,
    "file": FormatFieldKind.FILE,
    "file.name": FormatFieldKind.FILE,
    "file.path": FormatFieldKind.PATH,
    "function": FormatFieldKind.FUNCTION,
    "line": FormatFieldKind.LINE,
    "message": FormatFieldKind.MESSAGE,
    "process": FormatFieldKind.NUMBER,
    "process.id": FormatFieldKind.NUMBER,
    "process.name": FormatFieldKind.WORDS,
    "thread": FormatFieldKind.NUMBER,
    "thread.id": FormatFieldKind.NUMBER,
    "thread.name": FormatFieldKind.WORDS,
    "elapsed": FormatFieldKind.ELAPSED,
    "exception": FormatFieldKind.NOTHING,
    "extra": FormatFieldKind.MAPPING,
}
_STDLIB: Final[Mapping[str, FormatFieldKind]] = {
    "asctime": FormatFieldKind.ASCTIME,
    "msecs": FormatFieldKind.MSECS,
    "created": FormatFieldKind.CREATED,
    "levelname": FormatFieldKind.LEVEL,
    "levelno": FormatFieldKind.LEVEL_NUMBER,
    "name": FormatFieldKind.NAME,
    "module": FormatFieldKind.NAME,
    "filename": FormatFieldKind.FILE,
    "pathname": FormatFieldKind.PATH,
    "funcName": FormatFieldKind.FUNCTION,
    "lineno": FormatFieldKind.LINE,
    "message": FormatFieldKind.MESSAGE,
    "process": FormatFieldKind.NUMBER,
    "processName": FormatFieldKind.WORDS,
    "thread": FormatFieldKind.NUMBER,
    "threadName": FormatFieldKind.WORDS,
    "taskName": FormatFieldKind.WORDS,
    "relativeCreated": FormatFieldKind.NUMBER,
}
#: Which field names the module when several could: the code path, not a label, comes first.
_MODULE_ORDER: Final = {
    FormatStyle.LOGURU: ("name", "module", "file", "file.name", "file.path"),
    FormatStyle.STDLIB: ("module", "filename", "pathname", "name"),
}
#: Stdlib formats may print attributes of the user's own; only a close miss is taken for a typing error.
_CLOSE: Final = 0.84


def kind_of(field: FormatField, style: FormatStyle) -> FormatFieldKind:
    """What a field shows.

    Raises:
        LogFormatError: loguru or stdlib has no such field.
    """
    match style:
        case FormatStyle.LOGURU:
            return _loguru_kind(field)
        case FormatStyle.STDLIB:
            return _stdlib_kind(field)


def _loguru_kind(field: FormatField) -> FormatFieldKind:
    if field.name in _LOGURU:
        return _LOGURU[field.name]
    base = field.name.partition(".")[0].partition("[")[0]
    if base in ("extra", "elapsed", "exception") and base != field.name:
        return FormatFieldKind.FREE
    near = did_you_mean(field.name, [*_LOGURU, *STDLIB_FIELDS], "{{{}}}")
    raise LogFormatError(
        f"{field.token} is not a field of loguru's.", near or "Values of your own are {extra[name]}."
    )


def _stdlib_kind(field: FormatField) -> FormatFieldKind:
    if field.name in _STDLIB:
        return _STDLIB[field.name]
    near = did_you_mean(field.name, STDLIB_FIELDS, cutoff=_CLOSE)
    if near or not field.name.isidentifier():
        raise LogFormatError(f"{field.token} is not a field of logging's.", near)
    return FormatFieldKind.FREE


def module_field(names: list[str], style: FormatStyle) -> str:
    """The one of the printed fields that fills the head's module; empty for none."""
    return next((name for name in _MODULE_ORDER[style] if name in names), "")


def pattern_of(kind: FormatFieldKind, style: FormatStyle, following: str) -> FieldPattern:
    """How a field's value looks, given the literal that follows it."""
    if kind is FormatFieldKind.LEVEL and style is FormatStyle.STDLIB:
        return STDLIB_LEVEL
    if kind is FormatFieldKind.NAME and following != ":":
        look = SPACED_NAME if style is FormatStyle.STDLIB and following.strip() else FIELD_PATTERNS[kind]
        return FieldPattern(_NO_LEVEL + look.regex, look.slot, look.weight, look.shape)
    return FIELD_PATTERNS[kind]


def usual_regex(levels: Mapping[str, str], kind: FormatFieldKind, style: FormatStyle) -> str:
    """A regex for the printed texts of the usual levels, and for stdlib's levels without a name."""
    unnamed = "|Level [0-9]{1,9}" if kind is FormatFieldKind.LEVEL and style is FormatStyle.STDLIB else ""
    return f"(?:{'|'.join(levels)}{unnamed})"


@lru_cache(maxsize=64)
def usual_levels(kind: FormatFieldKind, cut: int | None) -> Mapping[str, str]:
    """Printed text → level name, for the level names in common use.

    A name cut to its first letters stands for the first usual level that begins so.
    """
    if kind is FormatFieldKind.LEVEL_NUMBER:
        return {str(number): name for number, name in _NUMBERS.items()}
    found: dict[str, str] = {}
    for name in USUAL_LEVELS:
        for spelt in (name, name.lower(), name.capitalize()):
            found.setdefault(spelt if cut is None else spelt[:cut], name)
    return found
