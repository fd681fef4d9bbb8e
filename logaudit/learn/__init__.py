"""Finds the wording of a bot's close lines from the ledger rows that match them, or lists what a person may choose."""

from logaudit.learn.both_ends import ReadAsClose, tells_of_both_ends
from logaudit.learn.candidates import Candidate, candidates, lesson_of_choice, market_of_close
from logaudit.learn.choose import MOST_SAID, Learned, Way, learn
from logaudit.learn.messages import LogMessage, read_messages
from logaudit.learn.write import lesson_of, profile_of, toml_of

__all__ = [
    "MOST_SAID",
    "Candidate",
    "Learned",
    "LogMessage",
    "ReadAsClose",
    "Way",
    "candidates",
    "learn",
    "lesson_of",
    "lesson_of_choice",
    "market_of_close",
    "profile_of",
    "read_messages",
    "tells_of_both_ends",
    "toml_of",
]
