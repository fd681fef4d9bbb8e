"""Log formats: how one log record is laid out, compiled from the format string the bot was given.

`logaudit.logformats.builtin` holds those that are known without one; it stands apart, as it compiles them all.
"""

from logaudit.logformats.compile import compile_format
from logaudit.logformats.format_set import (
    FormatMatch,
    LogFormat,
    LogFormatSet,
    Opening,
    mistakes_words_for_names,
)
from logaudit.logformats.heuristic import looks_stamped
from logaudit.logformats.json_lines import JSON_NAME
from logaudit.logformats.pieces import LogFormatError, RecordHeader

__all__ = [
    "JSON_NAME",
    "FormatMatch",
    "LogFormat",
    "LogFormatError",
    "LogFormatSet",
    "Opening",
    "RecordHeader",
    "compile_format",
    "looks_stamped",
    "mistakes_words_for_names",
]
