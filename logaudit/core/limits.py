"""How much of the evidence is read: the bounds that a user may move, in plain units, and what they are by default."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Limits(Struct, frozen=True):
    """They travel with every source, so that whoever reads one in whatever process keeps to the same.

    The names are those of the settings, with ``_`` in place of ``-``.

    Attributes:
        archive_members: members of one archive that are looked at: hourly logs of a year and more.
        unpacked_size: bytes that one packed source may have once unpacked; a year of a chatty bot stays far below.
        unpacked_ratio: how many times its packed size that may be, beyond what does no harm at any ratio. Logs pack
            10:1 to 40:1 and monotonous ones a few hundred to one; a bomb comes near deflate's 1032:1 or goes beyond.
        packed_lines: lines that a packed source may have at any rate, or all members of an archive together that unpack
            to unusually much; one of less than 300,000 bytes may have as large a part of them, a large one may have one
            for every four of its bytes. A day of a bot that logs a traceback of fifteen lines each second has 1.3
            million.
        packed_matches: lines of a packed log that patterns may recognise at any rate; of a larger one, one for every
            eight of its bytes; of equal events of one moment, one for every 200. Shared as the lines are.
        line_size: bytes that are kept of one line.
        record_lines: lines that one record keeps beside its first.
        table_rows: rows that a table may have to be kept whole; of a longer one the newest half as many are.
        json_size: bytes of a document that is no strict JSON.
        markets: markets that one log may name; behind the line that names one more, no pattern is tried.
        pattern_seconds: processor time that one regular expression of a user's may take over all lines of a source.
    """

    archive_members: int = 10_000
    unpacked_size: int = 16 << 30
    unpacked_ratio: int = 500
    packed_lines: int = 1_500_000
    packed_matches: int = 20_000
    line_size: int = 8 << 20
    record_lines: int = 10_000
    table_rows: int = 100_000
    json_size: int = 32 << 20
    markets: int = 10_000
    pattern_seconds: float = 3.0


DEFAULT_LIMITS: Final = Limits()


def only_changed(limits: Limits) -> tuple[Limits, ...]:
    """Nothing where they are the default ones: what joins the keys of what was remembered under them."""
    return () if limits == DEFAULT_LIMITS else (limits,)
