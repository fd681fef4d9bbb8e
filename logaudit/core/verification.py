"""What checking an evidence bundle came to."""

from __future__ import annotations

from msgspec import Struct

from logaudit.core.message import Message


class Verification(Struct, frozen=True):
    """What became of a bundle's claims.

    Attributes:
        sha256: of the bundle.
        made_by: the version of logaudit that made it, empty where it cannot be read; checked_by: that of this one.
        findings: how many the report in it has.
        files: how many files were compared with the logs, None without logs.
        faults: what no longer holds.
    """

    sha256: str
    made_by: str
    checked_by: str
    findings: int
    files: int | None
    faults: tuple[Message, ...]
