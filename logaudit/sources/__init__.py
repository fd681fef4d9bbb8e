"""The one place that knows archives: finds sources, reads them as UTF-8 lines, and reads their names."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from logaudit.sources.decode import BINARY, Decoded, decode
from logaudit.sources.discover import discover
from logaudit.sources.lines import LONGEST, TORN, clean, is_torn, line_chunks, lines
from logaudit.sources.source import (
    Admitted,
    Container,
    Discovery,
    MemberShare,
    Problem,
    ProblemKind,
    Source,
    SourceError,
    last_written,
)

if TYPE_CHECKING:
    from logaudit.sources.read import TARS, blocks, file_blocks, prefetch
    from logaudit.sources.rotation_names import name_date, name_stamp, rotation_age, stream_stem
    from logaudit.sources.session_folders import group_sessions

__all__ = [
    "BINARY",
    "LONGEST",
    "TARS",
    "TORN",
    "Admitted",
    "Container",
    "Decoded",
    "Discovery",
    "MemberShare",
    "Problem",
    "ProblemKind",
    "Source",
    "SourceError",
    "blocks",
    "clean",
    "decode",
    "discover",
    "file_blocks",
    "group_sessions",
    "is_torn",
    "last_written",
    "line_chunks",
    "lines",
    "name_date",
    "name_stamp",
    "prefetch",
    "rotation_age",
    "stream_stem",
]

#: What loads when it is asked for: where every file is known from earlier, none is opened.
_LATER: Final = {
    **dict.fromkeys(("name_date", "name_stamp", "rotation_age", "stream_stem"), "rotation_names"),
    **dict.fromkeys(("TARS", "blocks", "prefetch", "file_blocks"), "read"),
    "group_sessions": "session_folders",
}

if not TYPE_CHECKING:  # a checker that saw it would take every name for one of this package

    def __getattr__(name: str) -> object:
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return globals().setdefault(name, getattr(import_module(f"{__name__}.{_LATER[name]}"), name))
