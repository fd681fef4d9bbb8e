"""Digests of one session, joined: the only place where sources meet."""

from logaudit.evidence.assemble import ROLE_OF, in_time_order
from logaudit.evidence.copies import at_home
from logaudit.evidence.merge import merge
from logaudit.evidence.types import Cut, Evidence, Gap, Interval, Stream

__all__ = ["ROLE_OF", "Cut", "Evidence", "Gap", "Interval", "Stream", "at_home", "in_time_order", "merge"]
