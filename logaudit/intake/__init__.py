"""Sources → digests: looks at every source, chooses each session's profile, reads; in parallel where it pays."""

from logaudit.intake.flow import Intake, take_in
from logaudit.intake.kit import Kit, dialects_of
from logaudit.intake.sessions import Session

__all__ = ["Intake", "Kit", "Session", "dialects_of", "take_in"]
