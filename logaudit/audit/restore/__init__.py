"""Missing rows, written as their ledgers write them: patches, and where every cell comes from."""

from logaudit.audit.restore.restore import PROVENANCE, Restoration, restore

__all__ = ["PROVENANCE", "Restoration", "restore"]
