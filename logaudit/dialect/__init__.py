"""Dialects: how one log record is laid out, compiled from the format string the bot was given.

`logaudit.dialect.built_in` holds those that are known without one; it stands apart, as it compiles them all.
"""

from logaudit.dialect.choose import Dialect, DialectSet, Opening, Reading
from logaudit.dialect.compile import compile_format
from logaudit.dialect.json_lines import JSON_NAME
from logaudit.dialect.types import MESSAGE_LIMIT, DialectError, Head
from logaudit.dialect.unknown import looks_stamped

__all__ = [
    "JSON_NAME",
    "MESSAGE_LIMIT",
    "Dialect",
    "DialectError",
    "DialectSet",
    "Head",
    "Opening",
    "Reading",
    "compile_format",
    "looks_stamped",
]
