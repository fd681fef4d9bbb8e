"""What every worker needs to know: the profiles at hand, and the dialects each of them reads with."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from logaudit.dialect import Dialect, DialectSet, Head, compile_format
from logaudit.dialect.built_in import BUILT_IN
from logaudit.profile import Profile, WrittenFormat


class _Made(threading.local):
    """What a thread has made: a set of dialects learns from line to line, so threads must not share one."""

    def __init__(self) -> None:
        self.dialects = lru_cache(maxsize=8)(_dialects)


def _dialects(formats: tuple[WrittenFormat, ...]) -> DialectSet:
    return DialectSet([*(compile_format(f.format, f.datefmt) for f in dict.fromkeys(formats)), *BUILT_IN])


_made = _Made()


def dialects_of(formats: tuple[WrittenFormat, ...]) -> DialectSet:
    """The dialects of some formats and the built-in ones; costly to make, so made once for each thread."""
    return _made.dialects(formats)


class Kit(Struct, frozen=True):
    """How sources are read; cheap to send, and what is costly is made where it is needed.

    Attributes:
        profiles: the candidates.
        formats: the user's own, tried before all others.
        encoding: stated by the user; empty to detect.
        sums: whether every log is hashed; else only those that may be copies of others are.
    """

    profiles: tuple[Profile, ...]
    formats: tuple[WrittenFormat, ...] = ()
    encoding: str = ""
    sums: bool = True

    def profile(self, name: str) -> Profile:
        """The profile of this name; raises KeyError."""
        for profile in self.profiles:
            if profile.name == name:
                return profile
        raise KeyError(name)

    def dialects(self, name: str) -> DialectSet:
        """The dialects that a profile reads with: the user's formats, its own, the built-in ones."""
        return dialects_of((*self.formats, *self.profile(name).formats))


class AnyDialect:
    """Recognises what any of the profiles would, with one set of dialects and the few that it lacks."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        # A bot with markers is likelier than none, and its dialects are made in any case.
        marked = [p.name for p in kit.profiles if p.markers]
        self._first = kit.dialects(marked[0] if marked else kit.profiles[0].name)
        self._others: Sequence[Dialect] | None = None

    def match(self, line: str) -> tuple[Dialect, Head] | None:
        """The dialect and head of a record's first line; None for any other line."""
        found = self._first.match(line)
        if found is not None:
            return found
        if self._others is None:
            written = dict.fromkeys(f for p in self.kit.profiles for f in p.formats)
            known = set(self._first.dialects)
            made = (compile_format(f.format, f.datefmt) for f in written)
            self._others = [dialect for dialect in made if dialect not in known]
        for dialect in self._others:
            head = dialect.match(line)
            if head is not None:
                return dialect, head
        return None
