"""First settings for a log folder, and jobs that check it every night."""

from logaudit.cli.init.folders import log_folders
from logaudit.cli.init.write import Wanted, refuse, write

__all__ = ["Wanted", "log_folders", "refuse", "write"]
