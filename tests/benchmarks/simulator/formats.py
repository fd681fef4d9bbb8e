"""How a log call is laid out as text: common formats of Python bots, with what each of them leaves out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final

from msgspec import Struct


class Emitter(Struct, frozen=True):
    """The code that logs."""

    module: str
    function: str
    line: int


class Call(Struct, frozen=True):
    """One log call, its time as the log's clock shows it."""

    at: datetime
    level: str
    emitter: Emitter
    text: str


class Format(Struct, frozen=True):
    """A layout.

    Attributes:
        lay: makes the text of one call.
        emitter: whether it prints module and function; name: whether it prints a logger's name at least.
        level: whether it prints the level.
        digits: of the fraction of a second.
    """

    title: str
    lay: Callable[[Call], str]
    emitter: bool = False
    level: bool = True
    digits: int = 3


def _iso(at: datetime, digits: int = 3, mark: str = ".", gap: str = " ") -> str:
    text = f"{at:%Y-%m-%d}{gap}{at:%H:%M:%S}"
    return text if not digits else f"{text}{mark}{at.microsecond:06d}"[: len(text) + 1 + digits]


def _where(call: Call) -> str:
    return f"{call.emitter.module}:{call.emitter.function}:{call.emitter.line}"


def _offset(at: datetime) -> str:
    return f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:5]


def _json(call: Call) -> str:
    cells = {
        "time": _iso(call.at, gap="T"),
        "level": call.level,
        "logger": call.emitter.module,
        "function": call.emitter.function,
        "message": call.text,
    }
    return json.dumps(cells, ensure_ascii=False)


LOGURU: Final = Format(
    "loguru", lambda c: f"{_iso(c.at)} | {c.level:<8} | {_where(c)} - {c.text}", emitter=True
)
LOGURU_SECONDS: Final = Format(
    "loguru, seconds, no emitter", lambda c: f"{_iso(c.at, 0)} | {c.level:<8} | {c.text}", digits=0
)
#: Formats that English bots use and that the built-in profile names.
KNOWN: Final = (
    LOGURU,
    Format("asctime - name - level", lambda c: f"{_iso(c.at, 3, ',')} - {c.emitter.module} - {c.level} - {c.text}"),
    Format("asctime level name:", lambda c: f"{_iso(c.at, 3, ',')} {c.level} {c.emitter.module}: {c.text}"),
    Format("asctime [level] name:", lambda c: f"{_iso(c.at, 3, ',')} [{c.level}] {c.emitter.module}: {c.text}"),
    Format("asctime [level]", lambda c: f"{_iso(c.at, 3, ',')} [{c.level}] {c.text}"),
    Format("asctime - level", lambda c: f"{_iso(c.at, 3, ',')} - {c.level} - {c.text}"),
    Format("[level | time]", lambda c: f"[{c.level} | {_iso(c.at, 0, gap='T')}] {c.text}", digits=0),
)  # fmt: skip
#: Formats of the Russian scalper.
RUSSIAN: Final = (
    Format(
        "seconds, ' - '",
        lambda c: f"{_iso(c.at, 0)} | {c.level:<8} | {_where(c)} - {c.text}",
        emitter=True,
        digits=0,
    ),
    Format(
        "milliseconds, ' | '", lambda c: f"{_iso(c.at)} | {c.level:<8} | {_where(c)} | {c.text}", emitter=True
    ),
)
RUSSIAN_INFO: Final = Format("milliseconds, no emitter", lambda c: f"{_iso(c.at)} | {c.level:<8} | {c.text}")
#: Formats that are common and that no built-in profile names.
OTHERS: Final = (
    Format("[time] level", lambda c: f"[{_iso(c.at, 0)}] {c.level} {c.text}", digits=0),
    Format("time:level:", lambda c: f"{_iso(c.at, 3, ',')}:{c.level}:{c.text}"),
    Format("time, no level", lambda c: f"{_iso(c.at)} {c.text}", level=False),
    Format("[time], no level", lambda c: f"[{_iso(c.at, 0)}] {c.text}", level=False, digits=0),
    Format("DD.MM.YYYY", lambda c: f"{c.at:%d.%m.%Y %H:%M:%S} {c.level} {c.text}", digits=0),
    Format("m/d/Y I:M:S p", lambda c: f"{c.at:%m/%d/%Y %I:%M:%S %p} - {c.level} - {c.text}", digits=0),
    Format("iso level name:", lambda c: f"{_iso(c.at, gap='T')} {c.level} {c.emitter.module}: {c.text}"),
    Format("asctime level", lambda c: f"{_iso(c.at, 3, ',')} {c.level} {c.text}"),
    Format("name level time", lambda c: f"{c.emitter.module} {c.level} {_iso(c.at, 3, ',')} {c.text}"),
    Format("json lines", _json, emitter=True),
)  # fmt: skip
#: Loguru with the offset printed.
WITH_OFFSET: Final = Format(
    "loguru, offset",
    lambda c: f"{_iso(c.at)}{_offset(c.at)} | {c.level:<8} | {_where(c)} - {c.text}",
    emitter=True,
)
#: Times that no reader can place: the year is missing.
NO_YEAR: Final = Format(
    "no year", lambda c: f"{_iso(c.at)[5:]} | {c.level:<8} | {_where(c)} - {c.text}", emitter=True
)
