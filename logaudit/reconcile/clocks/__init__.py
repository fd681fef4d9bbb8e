"""What naive times mean: offsets stated, or inferred from names and matches. All conversion is here."""

from logaudit.reconcile.clocks.filename_offset import NamingInterval, naming_interval, written_date
from logaudit.reconcile.clocks.offset_inference import infer_shift
from logaudit.reconcile.clocks.shift import PairedTimes, Shift
from logaudit.reconcile.clocks.stated_time import parse_time
from logaudit.reconcile.clocks.timezone import fixed_offset, to_utc

__all__ = [
    "NamingInterval",
    "PairedTimes",
    "Shift",
    "fixed_offset",
    "infer_shift",
    "naming_interval",
    "parse_time",
    "to_utc",
    "written_date",
]
