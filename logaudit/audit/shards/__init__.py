"""Extracts as files: any scheduler that can run a command reads parts of the evidence, one scan judges them all.

What a source gives depends on its bytes alone. What depends on other sources is left to the merging side:

- *the profile* of a session follows from the heads of all its sources, so a shard holds what each head says for
  every profile. A source that was read with another profile than the session's is read again.
- *copies* are found among all sources, so a shard holds the hash of each.
- *wordings* (a learned profile, candidates for closes) are searched in logs of sessions without a recognised close.
- dates of undated logs, clocks, positions and matches are the work of reconciling, which sees no difference.

The bytes to read again come from the shard, which holds the text of what no bot's marker settles, else from the
file itself where it still lies there unchanged.
"""

from logaudit.audit.shards.merge import scan_shards
from logaudit.audit.shards.write import write_shard

__all__ = ["scan_shards", "write_shard"]
