"""The one place that knows archives: finds sources, reads them as UTF-8 lines, and reads their names."""

from logaudit.sources.decode import BINARY, Decoded, decode
from logaudit.sources.discover import discover
from logaudit.sources.lines import clean, lines
from logaudit.sources.naming import name_date, name_stamp, stream_stem
from logaudit.sources.read import LIMIT, TARS, blocks, file_blocks
from logaudit.sources.sessions import group_sessions
from logaudit.sources.types import Container, Discovery, Problem, ProblemKind, Source, SourceError

__all__ = [
    "BINARY",
    "LIMIT",
    "TARS",
    "Container",
    "Decoded",
    "Discovery",
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
    "lines",
    "name_date",
    "name_stamp",
    "stream_stem",
]
