"""What every worker needs to know: the profiles at hand, and the log formats each of them reads with."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.location import Address
from logaudit.ledger.market_in_name import market_in_name
from logaudit.logformats import LogFormat, LogFormatSet, RecordHeader, compile_format
from logaudit.logformats.builtin import BUILT_IN
from logaudit.profiles import LedgerSpec, Profile, WrittenFormat


class _Made(threading.local):
    """What a thread has made: a set of log formats learns from line to line, so threads must not share one."""

    def __init__(self) -> None:
        self.log_formats = lru_cache(maxsize=8)(_log_formats)


def _log_formats(formats: tuple[WrittenFormat, ...]) -> LogFormatSet:
    return LogFormatSet([*(compile_format(f.format, f.datefmt) for f in dict.fromkeys(formats)), *BUILT_IN])


_made = _Made()


def log_formats_of(formats: tuple[WrittenFormat, ...]) -> LogFormatSet:
    """The log formats of some formats and the built-in ones; costly to make, so made once for each thread."""
    return _made.log_formats(formats)


class ReadContext(Struct, frozen=True):
    """How sources are read; cheap to send, and what is costly is made where it is needed.

    Attributes:
        profiles: the candidates.
        formats: the user's own, tried before all others.
        encoding: stated by the user; empty to detect.
        ledgers: how some tables are written, as the user states it.
        sums: whether every plain log is hashed; else only those that may be copies of others are.
        portable: whether what is read will be merged with what others read: every log is hashed, and every head is
            held against every profile.
        crowded: whether so many sources are read that what they give waits compressed.
    """

    profiles: tuple[Profile, ...]
    formats: tuple[WrittenFormat, ...] = ()
    encoding: str = ""
    sums: bool = True
    ledgers: tuple[LedgerSpec, ...] = ()
    portable: bool = False
    crowded: bool = False

    def profile_for(self, name: str, address: Address) -> Profile:
        """The profile of this name, with what the user states of the table at ``address``."""
        return self._stated(self.profile(name), address)

    def profiles_for(self, address: Address) -> tuple[Profile, ...]:
        """All profiles, as `profile_for` has one."""
        return tuple(self._stated(profile, address) for profile in self.profiles)

    def _stated(self, profile: Profile, address: Address) -> Profile:
        name = PurePosixPath(address.member or address.path).name
        spec = profile.ledger
        for stated in self.ledgers:
            if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in stated.files):
                spec = spec.with_stated(stated)
                break
        if market := market_in_name(name):
            spec = replace(spec, named_symbol=market)
        return profile if spec is profile.ledger else replace(profile, ledger=spec)

    def profile(self, name: str) -> Profile:
        """The profile of this name; raises KeyError."""
        for profile in self.profiles:
            if profile.name == name:
                return profile
        raise KeyError(name)

    def log_formats(self, name: str) -> LogFormatSet:
        """The log formats that a profile reads with: the user's formats, its own, the built-in ones."""
        return log_formats_of((*self.formats, *self.profile(name).formats))


class AnyLogFormat:
    """Recognises what any of the profiles would, with one set of log formats and the few that it lacks."""

    def __init__(self, context: ReadContext) -> None:
        self.context = context
        # A bot with markers is likelier than none, and its log formats are made in any case.
        marked = [p.name for p in context.profiles if p.markers]
        self._first = context.log_formats(marked[0] if marked else context.profiles[0].name)
        self._others: Sequence[LogFormat] | None = None

    def match(self, line: str) -> tuple[LogFormat, RecordHeader] | None:
        """The log format and head of a record's first line; None for any other line."""
        found = self._first.match(line)
        if found is not None:
            return found
        if self._others is None:
            written = dict.fromkeys(f for p in self.context.profiles for f in p.formats)
            known = set(self._first.log_formats)
            made = (compile_format(f.format, f.datefmt) for f in written)
            self._others = [log_format for log_format in made if log_format not in known]
        for log_format in self._others:
            head = log_format.match(line)
            if head is not None:
                return log_format, head
        return None
