"""Remembers what earlier scans read and found, so that only what is new is read.

Nothing here may change an answer. An entry is found by everything that shapes it (`keys`): the content of the
file, the profile, the user's formats and encoding, the program and its version. It stands in a frame that
proves it whole and in its place (`frames`): damage, a foreign file or a half-written one is a miss, and so is
any trouble with the folder (`store`). What the cache holds:

- *files*: for each set of scanned paths, the state (size, times, inode) and the content of its files. A state is
  believed only if it was clearly older than the scan that noted it; else the file's bytes are hashed. Nothing
  is ever unpacked to recognise it.
- *extracts*: for each file, what its sources gave (`extracts`), a frame a source.
- *checkpoints*: for each growing log, how far it was read. What was read must be there unchanged, which its hash
  shows; what follows is read.
- *reports*: for each unchanged corpus its whole answer before it is reviewed: suppressions, baselines
  and ages count from today.

Entries are written under a temporary name and renamed, so readers and other writers never meet half of one. A
temporary file whose writer is dead is removed by the next scan. The entries out of use longest go first when
the cache is larger than it may be.
"""

from logaudit.cache.files import Files
from logaudit.cache.keys import key_of, reading, zone_rules
from logaudit.cache.reports import CachedReports
from logaudit.cache.store import VARIABLE, CacheEntryKind, Info, Store, folder_of

__all__ = [
    "VARIABLE",
    "CacheEntryKind",
    "CachedReports",
    "Files",
    "Info",
    "Store",
    "folder_of",
    "key_of",
    "reading",
    "zone_rules",
]
