"""Settings: flags, then ``LOGAUDIT_*``, then logaudit.toml or ``[tool.logaudit]``, then defaults."""

from logaudit.config.ages import parse_age
from logaudit.config.check import near, output
from logaudit.config.find import FILE_NAME
from logaudit.config.resolve import Resolved, resolve
from logaudit.config.schema import schema_text
from logaudit.config.show import show, toml_text
from logaudit.config.types import FORMATS, LogFormat, Settings, Suppression

__all__ = [
    "FILE_NAME",
    "FORMATS",
    "LogFormat",
    "Resolved",
    "Settings",
    "Suppression",
    "near",
    "output",
    "parse_age",
    "resolve",
    "schema_text",
    "show",
    "toml_text",
]
