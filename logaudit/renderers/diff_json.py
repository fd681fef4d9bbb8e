"""The difference between two scans as JSON, in the manner of a scan's JSON."""

from __future__ import annotations

from collections.abc import Sequence

from logaudit.core.diff import ScanDiff, ScanSide, TradeFate
from logaudit.core.finding import Data
from logaudit.renderers.json_report import SCHEMA_VERSION
from logaudit.renderers.json_text import digits, dumps, null_if_empty
from logaudit.renderers.review_json import known_data


def render(comparison: ScanDiff) -> str:
    """``before``, ``after``, ``findings`` and ``trades``, each list under the name of what became of it."""
    return dumps(
        {
            "schema_version": SCHEMA_VERSION,
            "before": _side(comparison.before),
            "after": _side(comparison.after),
            "findings": {
                "new": [known_data(one) for one in comparison.new],
                "gone": [known_data(one) for one in comparison.gone],
                "unchanged": [known_data(one) for one in comparison.unchanged],
            },
            "trades": {
                "lost": _fates(comparison.lost),
                "mended": _fates(comparison.mended),
                "restored": _fates(comparison.restored),
                "still": _fates(comparison.still),
                "unseen": _fates(comparison.unseen),
            },
        }
    )


def _side(side: ScanSide) -> Data:
    return {
        "scan": side.label,
        "tool_version": side.tool_version,
        "closes": side.closes,
        "recorded": side.recorded,
        "missing": side.missing,
        "backfilled": side.backfilled,
        "unverifiable": side.unverifiable,
        "unrecorded_net_pnl": digits(side.unrecorded_net_pnl),
    }


def _fates(fates: Sequence[TradeFate]) -> list[Data]:
    return [
        {
            "symbol": fate.symbol,
            "side": null_if_empty(fate.side),
            "closed": null_if_empty(fate.closed),
            "net_pnl": null_if_empty(fate.net_pnl),
            "before": null_if_empty(fate.before),
            "after": null_if_empty(fate.after),
        }
        for fate in fates
    ]
