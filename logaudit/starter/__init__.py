"""First settings for a log folder, and jobs that check it every night."""

from logaudit.starter.folders import log_folders
from logaudit.starter.write import Wanted, refuse, write

__all__ = ["Wanted", "log_folders", "refuse", "write"]
