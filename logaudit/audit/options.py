"""What a user may say about how to read; kept apart, as what is known from earlier is not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from logaudit.core.time_window import TimeWindow

if TYPE_CHECKING:
    from logaudit.profiles import WrittenFormat


class ScanOptions(Struct, frozen=True):
    """What a user may say about how to read.

    Attributes:
        profile: name or path; empty to detect one for each session.
        formats: the bot's own format strings, tried before all others.
        encoding: stated encoding of all text; empty to detect.
        zone: time zone of the logs' naive times; empty when not known.
        jobs: worker processes; 0 for one a core, up to 8.
        sums: whether hashes of the unpacked logs are wanted; only some outputs show them.
        window: which closes and rows are judged; everything is read in any case.
    """

    profile: str = ""
    formats: tuple[WrittenFormat, ...] = ()
    encoding: str = ""
    zone: str = ""
    jobs: int = 0
    sums: bool = True
    window: TimeWindow = field(default_factory=TimeWindow)
