"""source → digest: the one unit of heavy work, a pure function of a source's bytes and a profile."""

from logaudit.digest.probe import Probe, probe
from logaudit.digest.read import digest
from logaudit.digest.types import (
    Context,
    Digest,
    Excerpt,
    HealthDigest,
    Jump,
    LedgerDigest,
    LogDigest,
    Mark,
    Neighbour,
    OtherDigest,
    PatternTally,
    Silence,
    SourceKind,
)

__all__ = [
    "Context",
    "Digest",
    "Excerpt",
    "HealthDigest",
    "Jump",
    "LedgerDigest",
    "LogDigest",
    "Mark",
    "Neighbour",
    "OtherDigest",
    "PatternTally",
    "Probe",
    "Silence",
    "SourceKind",
    "digest",
    "probe",
]
