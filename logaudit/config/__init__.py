"""Settings: flags, then ``LOGAUDIT_*``, then logaudit.toml or ``[tool.logaudit]``, then defaults."""

from logaudit.config.ages import parse_age
from logaudit.config.check import closest_match, output
from logaudit.config.find import FILE_NAME, working_folder
from logaudit.config.resolve import Resolved, resolve
from logaudit.config.settings import FORMATS, Settings, Suppression

__all__ = [
    "FILE_NAME",
    "FORMATS",
    "Resolved",
    "Settings",
    "Suppression",
    "closest_match",
    "output",
    "parse_age",
    "resolve",
    "working_folder",
]
