"""What naive times mean: offsets stated, or inferred from names and matches. All conversion is here."""

from logaudit.clocks.moments import moment
from logaudit.clocks.naming import EAST, WEST, NamingInterval, naming_interval, written_date
from logaudit.clocks.shift import MIN_SUPPORT, PairedTimes, Shift, infer_shift
from logaudit.clocks.zone import fixed_offset, to_utc

__all__ = [
    "EAST",
    "MIN_SUPPORT",
    "WEST",
    "NamingInterval",
    "PairedTimes",
    "Shift",
    "fixed_offset",
    "infer_shift",
    "moment",
    "naming_interval",
    "to_utc",
    "written_date",
]
