"""What each field of a format string prints: its regex, its slot in the head, its levels."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from msgspec import Struct

from logaudit.dialect.formats import STDLIB_FIELDS, Field, Style
from logaudit.dialect.types import DIGIT, LETTER, WORD, DialectError, Slot, did_you_mean

#: Level numbers of loguru and stdlib logging.
_NUMBERS: Final = {
    5: "TRACE", 10: "DEBUG", 20: "INFO", 25: "SUCCESS", 30: "WARNING", 40: "ERROR", 50: "CRITICAL",
}  # fmt: skip
USUAL_LEVELS: Final = (*_NUMBERS.values(), "WARN", "FATAL", "ERR", "NOTICE", "NOTSET")


class Kind(Enum):
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


class Look(Struct, frozen=True):
    """How a field's value looks.

    Attributes:
        regex: what it matches; holds no capturing group, and no repeat without a bound: a match costs
            the same however long the line.
        slot: the part of the head it may fill.
        weight: how much a match of it says; sums up to a dialect's specificity.
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
_NUMERIC: Final = Look("[0-9][0-9_,.]{0,30}", None, 8, (DIGIT,), numeric=True)

LOOKS: Final[Mapping[Kind, Look]] = {
    Kind.LEVEL: Look(r"[^\W\d_][^ \t|:\])}>,;]{0,60}", Slot.LEVEL, 10, (LETTER,)),
    Kind.LEVEL_NUMBER: Look("[0-9]{1,3}", Slot.LEVEL, 9, (DIGIT,), numeric=True),
    Kind.NAME: Look(r"[\w<][^ \t|:]{0,200}", Slot.MODULE, 10, (WORD,)),
    Kind.FILE: Look(_STEM, Slot.MODULE, 10, after=_SUFFIX),
    Kind.PATH: Look(_STEM, Slot.MODULE, 10, before=r"(?:[^|\r\n]{0,400}[/\\])?", after=_SUFFIX),
    Kind.FUNCTION: Look(r"(?:[\w<>.$]{1,200}|\(unknown function\))", Slot.FUNCTION, 10),
    Kind.LINE: Look("[0-9]{1,9}", Slot.LINE, 10, (DIGIT,), numeric=True),
    Kind.NUMBER: _NUMERIC,
    Kind.ELAPSED: Look(r"(?:-?[0-9]{1,9} days?, )?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?", None, 8),
    Kind.WORDS: Look(".{1,120}?", None, 3),
    Kind.FREE: Look(".{0,250}?", None, 3),
    Kind.MAPPING: Look(r"\{(?:[^{}]|\{[^{}]{0,200}\}){0,400}\}", None, 6, ("{",)),
    Kind.NOTHING: Look("", None, 0),
}
#: A logger's name as stdlib allows it: words, none of them a lone separator.
SPACED_NAME: Final = Look(r"[\w<][^ \t|:]{0,200}(?: [\w(][^ \t|:]{0,60}){0,3}?", Slot.MODULE, 10, (WORD,))
#: Stdlib prints a level without a name as `Level 15`.
STDLIB_LEVEL: Final = Look(
    LOOKS[Kind.LEVEL].regex + r"(?:(?<=\bLevel) [0-9]{1,9})?", Slot.LEVEL, 10, (LETTER,)
)

_LOGURU: Final[Mapping[str, Kind]] = {
    "time": Kind.TIME,
    "level": Kind.LEVEL,
    "level.name": Kind.LEVEL,
    "level.no": Kind.LEVEL_NUMBER,
    "level.icon": Kind.FREE,
    "name": Kind.NAME,
    "module": Kind.NAME,
    "file": Kind.FILE,
    "file.name": Kind.FILE,
    "file.path": Kind.PATH,
    "function": Kind.FUNCTION,
    "line": Kind.LINE,
    "message": Kind.MESSAGE,
    "process": Kind.NUMBER,
    "process.id": Kind.NUMBER,
    "process.name": Kind.WORDS,
    "thread": Kind.NUMBER,
    "thread.id": Kind.NUMBER,
    "thread.name": Kind.WORDS,
    "elapsed": Kind.ELAPSED,
    "exception": Kind.NOTHING,
    "extra": Kind.MAPPING,
}
_STDLIB: Final[Mapping[str, Kind]] = {
    "asctime": Kind.ASCTIME,
    "msecs": Kind.MSECS,
    "created": Kind.CREATED,
    "levelname": Kind.LEVEL,
    "levelno": Kind.LEVEL_NUMBER,
    "name": Kind.NAME,
    "module": Kind.NAME,
    "filename": Kind.FILE,
    "pathname": Kind.PATH,
    "funcName": Kind.FUNCTION,
    "lineno": Kind.LINE,
    "message": Kind.MESSAGE,
    "process": Kind.NUMBER,
    "processName": Kind.WORDS,
    "thread": Kind.NUMBER,
    "threadName": Kind.WORDS,
    "taskName": Kind.WORDS,
    "relativeCreated": Kind.NUMBER,
}
#: Which field names the module when several could: the code path, not a label, comes first.
_MODULE_ORDER: Final = {
    Style.LOGURU: ("name", "module", "file", "file.name", "file.path"),
    Style.STDLIB: ("module", "filename", "pathname", "name"),
}
#: Stdlib formats may print attributes of the user's own; only a close miss is taken for a typing error.
_CLOSE: Final = 0.84


def kind_of(field: Field, style: Style) -> Kind:
    """What a field shows.

    Raises:
        DialectError: loguru or stdlib has no such field.
    """
    match style:
        case Style.LOGURU:
            return _loguru_kind(field)
        case Style.STDLIB:
            return _stdlib_kind(field)


def _loguru_kind(field: Field) -> Kind:
    if field.name in _LOGURU:
        return _LOGURU[field.name]
    base = field.name.partition(".")[0].partition("[")[0]
    if base in ("extra", "elapsed", "exception") and base != field.name:
        return Kind.FREE
    near = did_you_mean(field.name, [*_LOGURU, *STDLIB_FIELDS], "{{{}}}")
    raise DialectError(
        f"{field.token} is not a field of loguru's.", near or "Values of your own are {extra[name]}."
    )


def _stdlib_kind(field: Field) -> Kind:
    if field.name in _STDLIB:
        return _STDLIB[field.name]
    near = did_you_mean(field.name, STDLIB_FIELDS, cutoff=_CLOSE)
    if near or not field.name.isidentifier():
        raise DialectError(f"{field.token} is not a field of logging's.", near)
    return Kind.FREE


def module_field(names: list[str], style: Style) -> str:
    """The one of the printed fields that fills the head's module; empty for none."""
    return next((name for name in _MODULE_ORDER[style] if name in names), "")


def look_of(kind: Kind, style: Style, following: str) -> Look:
    """How a field's value looks, given the literal that follows it."""
    if kind is Kind.LEVEL and style is Style.STDLIB:
        return STDLIB_LEVEL
    if kind is Kind.NAME and following != ":":
        look = SPACED_NAME if style is Style.STDLIB and following.strip() else LOOKS[kind]
        return Look(_NO_LEVEL + look.regex, look.slot, look.weight, look.shape)
    return LOOKS[kind]


def usual_regex(levels: Mapping[str, str], kind: Kind, style: Style) -> str:
    """A regex for the printed texts of the usual levels, and for stdlib's levels without a name."""
    unnamed = "|Level [0-9]{1,9}" if kind is Kind.LEVEL and style is Style.STDLIB else ""
    return f"(?:{'|'.join(levels)}{unnamed})"


def usual_levels(kind: Kind, cut: int | None) -> dict[str, str]:
    """Printed text → level name, for the level names in common use.

    A name cut to its first letters stands for the first usual level that begins so.
    """
    if kind is Kind.LEVEL_NUMBER:
        return {str(number): name for number, name in _NUMBERS.items()}
    found: dict[str, str] = {}
    for name in USUAL_LEVELS:
        for spelt in (name, name.lower(), name.capitalize()):
            found.setdefault(spelt if cut is None else spelt[:cut], name)
    return found
