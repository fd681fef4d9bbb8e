"""The difference between two scans as JSON, in the manner of a scan's JSON."""

from __future__ import annotations

from logaudit.core.diff import ScanDiff
from logaudit.renderers.json_fields import data_of
from logaudit.renderers.json_report import SCHEMA_VERSION
from logaudit.renderers.json_text import dumps


def render(comparison: ScanDiff) -> str:
    """``before``, ``after``, ``findings`` and ``trades``, each list under the name of what became of it."""
    return dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "before": data_of(comparison.before),
            "after": data_of(comparison.after),
            "findings": {
                "new": data_of(comparison.new),
                "gone": data_of(comparison.gone),
                "unchanged": data_of(comparison.unchanged),
            },
            "trades": {
                "lost": data_of(comparison.lost),
                "mended": data_of(comparison.mended),
                "restored": data_of(comparison.restored),
                "still": data_of(comparison.still),
                "unseen": data_of(comparison.unseen),
            },
        }
    )
