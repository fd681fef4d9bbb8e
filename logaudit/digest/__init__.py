"""source → digest: the one unit of heavy work, a pure function of a source's bytes and a profile."""

from logaudit.digest.probe import Probe, probe
from logaudit.digest.read import digest
from logaudit.digest.types import (
    Digest,
    Excerpt,
    HealthDigest,
    Jump,
    LedgerDigest,
    LogDigest,
    Mark,
    OtherDigest,
    PatternTally,
    Silence,
    SourceKind,
)

__all__ = [
    "Digest",
    "Excerpt",
    "HealthDigest",
    "Jump",
    "LedgerDigest",
    "LogDigest",
    "Mark",
    "OtherDigest",
    "PatternTally",
    "Probe",
    "Silence",
    "SourceKind",
    "digest",
    "probe",
]
