"""Log formats that are known without a profile: the loggers' own defaults and layouts in wide use."""

from __future__ import annotations

from typing import Final

from logaudit.logformats.compile import compile_format
from logaudit.logformats.json_lines import JsonFormat
from logaudit.logformats.text_format import TextFormat, with_usual_levels

_SECONDS: Final = "YYYY-MM-DD HH:mm:ss"
_LOGURU_TIMES: Final = (
    f"{_SECONDS}.SSS",  # the default up to 0.7
    f"{_SECONDS}.SSS Z",  # the default after it
    f"{_SECONDS}.SSSZ",
    _SECONDS,
    f"{_SECONDS}.SSSSSS",
    "YYYY-MM-DD at HH:mm:ss",
    "",
)
#: Layouts whose separators are rare enough in prose that a level may have any name.
_LOGURU_MARKED: Final = (
    "{%s} | {level: <8} | {name}:{function}:{line} - {message}",
    "{%s} | {level: <8} | {name}:{function}:{line} | {message}",
    "{%s} | {level: <8} | {message}",
    "[{level} | {%s}] {message}",
)
_LOGURU_PLAIN: Final = (
    "{%s} - {level} - {message}",
    "{%s} {level} {message}",
    "{%s} [{level}] {message}",
    "[{%s}] [{level}] {message}",
    "[{%s}] {level}: {message}",
)
#: None with a name between level and message: a message that begins `Order: …` would lose its first word
#: to the name. Bots that print it so say it in their profile.
_STDLIB_PLAIN: Final = (
    "%(asctime)s - %(name)s - %(levelname)s - %(message)s",
    "%(asctime)s - %(process)d - %(name)s - %(levelname)s - %(message)s",
    "%(asctime)s - %(levelname)s - %(message)s",
    "%(asctime)s - %(name)s - %(levelname)s - %(funcName)s:%(lineno)d - %(message)s",
    "%(asctime)s %(levelname)-8s %(message)s",
    "%(asctime)s %(levelname)s: %(message)s",
    "%(asctime)s %(name)s %(levelname)s %(message)s",
    "%(asctime)s | %(levelname)s | %(message)s",
    "%(asctime)s [%(levelname)s] %(message)s",
    "[%(asctime)s] [%(levelname)s] %(message)s",
    "[%(asctime)s] %(levelname)s: %(message)s",
    "%(levelname)s:%(asctime)s:%(message)s",
)
_STDLIB_DATES: Final = ("", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ")
#: Clocks printed to the nanosecond, and ISO times without a fraction.
_OTHERS: Final = (
    "{time:YYYY-MM-DDTHH:mm:ss.SSSSSSSSS[Z]!UTC} [{level}] {name}: {message}",
    "[{level} | {time:YYYY-MM-DDTHH:mm:ss}] {message}",
)


def _all() -> tuple[TextFormat | JsonFormat, ...]:
    marked = [*_loguru(_LOGURU_MARKED), *map(_compiled, _OTHERS)]
    plain = [
        *_loguru(_LOGURU_PLAIN),
        *(_compiled(layout, date) for layout in _STDLIB_PLAIN for date in _STDLIB_DATES),
    ]
    return (JsonFormat(), *marked, *map(with_usual_levels, plain))


def _loguru(layouts: tuple[str, ...]) -> list[TextFormat]:
    times = [f"time:{time}" if time else "time" for time in _LOGURU_TIMES]
    return [_compiled(layout % time) for layout in layouts for time in times]


def _compiled(written: str, datefmt: str = "") -> TextFormat:
    log_format = compile_format(written, datefmt)
    assert isinstance(log_format, TextFormat)  # noqa: S101 - only its own name compiles to the JSON log format
    return log_format


BUILT_IN: Final[tuple[TextFormat | JsonFormat, ...]] = _all()
