"""Finds the wording of a bot's close lines from the ledger rows that match them."""

from logaudit.learn.learn import Learned, learn
from logaudit.learn.messages import LogMessage, read_messages
from logaudit.learn.write import NAME, profile_of, toml_of

__all__ = ["NAME", "Learned", "LogMessage", "learn", "profile_of", "read_messages", "toml_of"]
