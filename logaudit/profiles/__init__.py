"""Profiles: TOML files that teach logaudit one bot, verified on load."""

from logaudit.profiles.detect import Choice, Score, detect
from logaudit.profiles.load import BUILT_IN, load_built_in, load_file, parse, proven, resolve, text_of
from logaudit.profiles.prefilter import prefilter
from logaudit.profiles.profile import (
    BlockSpec,
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
    "BlockSpec",
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
    "detect",
    "load_built_in",
    "load_file",
    "parse",
    "prefilter",
    "proven",
    "resolve",
    "text_of",
]
