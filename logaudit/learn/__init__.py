"""Finds the wording of a bot's close lines from the ledger rows that match them."""

from logaudit.learn.choose import MOST_SAID, Learned, learn
from logaudit.learn.messages import LogMessage, read_messages
from logaudit.learn.write import profile_of, toml_of

__all__ = ["MOST_SAID", "Learned", "LogMessage", "learn", "profile_of", "read_messages", "toml_of"]
