"""Errors of the recorder that no pattern words: heard by who logged them, or by the ledger that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath, PureWindowsPath
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Captures, Emitter, Event, EventKind
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location, Role
from logaudit.core.timestamp import SECOND
from logaudit.ingest.context import masked
from logaudit.ingest.source_extract import LogContext, LogExtract, NearbyRecord
from logaudit.reconcile.normalize import SessionEvidence

#: What such an event has in place of a pattern's id.
UNWORDED: Final = "error-by-recorder"
_ERRORS: Final = frozenset({"ERROR", "CRITICAL", "FATAL"})
#: Where no level is printed, the words tell of an error.
_FAILED: Final = lazy_pattern(
    r"\b(?:errno|\w*error|\w*exception|traceback|failed|failure|could not|couldn't|cannot|can't|unable|denied|"
    r"no space|disk full|read-only|quota exceeded|is locked)\b",
    re.IGNORECASE,
)
#: Facts that the recorder itself tells.
_BY_RECORDER: Final = (EventKind.RECORDER_READY, EventKind.LEDGER_OPENED, EventKind.TRADE_ACKNOWLEDGED)
#: Facts that others tell: whoever tells them is not known for recording.
_BY_OTHERS: Final = (EventKind.RUN_STARTED, EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED)
#: A ledger's name shorter than this may be part of any word.
_SHORTEST: Final = 5

#: Path, member and line of a record.
_Line = tuple[str, str, int]


class _Recorder(Struct, frozen=True):
    """How the recorder is known: its functions, the modules that hold nothing else, and its ledgers' names."""

    functions: frozenset[str]
    modules: frozenset[str]
    ledgers: re.Pattern[str] | None

    def wrote(self, near: NearbyRecord) -> bool:
        """Whether a record is one of the recorder's."""
        if near.emitter and (
            near.emitter in self.functions or near.emitter.partition(":")[0] in self.modules
        ):
            return True
        return self.ledgers is not None and self.ledgers.search(near.template) is not None


def unworded_failures(evidence: SessionEvidence, closes: Sequence[Event]) -> list[Event]:
    """ERROR records of the recorder that follow one of these closes within the ledger's window, in time order."""
    if not closes:
        return []
    recorder = _recorder(evidence)
    if not (recorder.functions or recorder.modules or recorder.ledgers):
        return []
    at = {_line(p): close for close in closes for p in close.locations if p.role is Role.CLOSE}
    window = round(evidence.profile.ledger.window * SECOND)
    found: dict[_Line, Event] = {}
    for line, context, extract, stream in _contexts(evidence, at):
        for near in context.after:
            where = (extract.address.path, extract.address.member, near.line)
            if near.delta <= window and _is_error(near) and recorder.wrote(near):
                found[where] = _event(at[line], near, extract, stream)
    for place in (p for e in evidence.events for p in e.locations) if found else ():
        found.pop(_line(place), None)
    return sorted(found.values(), key=lambda e: (e.at.us, e.location))


def _line(place: Location) -> _Line:
    return place.path, place.member, place.line


def _is_error(near: NearbyRecord) -> bool:
    return near.level in _ERRORS or (not near.level and _FAILED.search(near.template) is not None)


def _recorder(evidence: SessionEvidence) -> _Recorder:
    ours = {e.emitter for e in evidence.of(*_BY_RECORDER) if e.emitter}
    others = {e.emitter for e in evidence.of(*_BY_OTHERS) if e.emitter}
    names = {extract.address.member or extract.address.path for extract in evidence.ledgers}
    names |= {e.captures.path for e in evidence.of(EventKind.LEDGER_OPENED)}
    told = sorted({masked(_base(name), "") for name in names if len(_base(name)) >= _SHORTEST})
    return _Recorder(
        functions=frozenset(e.path for e in ours) - {e.path for e in others},
        modules=frozenset(e.module for e in ours) - {e.module for e in others},
        ledgers=re.compile("|".join(rf"(?<![\w#])(?:{re.escape(name)})(?!\w)" for name in told))
        if told
        else None,
    )


def _base(name: str) -> str:
    return PureWindowsPath(name).name if "\\" in name else PurePosixPath(name).name


def _contexts(
    evidence: SessionEvidence, closes: Mapping[_Line, Event]
) -> Iterator[tuple[_Line, LogContext, LogExtract, str]]:
    """What is kept around each line that states one of the closes."""
    for stream in evidence.streams:
        for extract in stream.sources:
            by_record = {context.record: context for context in extract.contexts}
            for mark in extract.matches if by_record else ():
                line = (extract.address.path, extract.address.member, mark.line)
                if mark.record in by_record and line in closes:
                    yield line, by_record[mark.record], extract, stream.name


def _event(close: Event, near: NearbyRecord, extract: LogExtract, stream: str) -> Event:
    module, _, function = near.emitter.partition(":")
    return Event(
        kind=EventKind.RECORDER_FAILED,
        at=replace(close.at, us=close.at.us + near.delta),
        stream=stream,
        emitter=Emitter(module, function),
        level=near.level,
        captures=Captures(detail=near.template),
        pattern=UNWORDED,
        locations=(Location(extract.address.path, extract.address.member, near.line, byte=near.byte),),
    )
