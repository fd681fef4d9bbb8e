"""Profiles: TOML files that teach logaudit one bot, verified on load."""

from logaudit.profile.check import check
from logaudit.profile.detect import Choice, Score, detect
from logaudit.profile.load import BUILT_IN, load_built_in, load_file, parse, proven, resolve, text_of
from logaudit.profile.prefilter import prefilter
from logaudit.profile.types import (
    Block,
    HealthFile,
    LedgerSpec,
    Pattern,
    PatternRole,
    Profile,
    Sample,
    Stage,
    WrittenFormat,
)

__all__ = [
    "BUILT_IN",
    "Block",
    "Choice",
    "HealthFile",
    "LedgerSpec",
    "Pattern",
    "PatternRole",
    "Profile",
    "Sample",
    "Score",
    "Stage",
    "WrittenFormat",
    "check",
    "detect",
    "load_built_in",
    "load_file",
    "parse",
    "prefilter",
    "proven",
    "resolve",
    "text_of",
]
