"""The difference between two scans as JSON, in the manner of JSON, version 1."""

from __future__ import annotations

from collections.abc import Sequence

from logaudit.model.comparison import Comparison, Fate, Side
from logaudit.model.finding import Data
from logaudit.model.money import plain
from logaudit.outputs.json_v1 import SCHEMA_VERSION
from logaudit.outputs.jsontext import dumps, known
from logaudit.outputs.review_json import known_data


def render(comparison: Comparison) -> str:
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


def _side(side: Side) -> Data:
    return {
        "scan": side.label,
        "tool_version": side.tool_version,
        "closes": side.closes,
        "recorded": side.recorded,
        "missing": side.missing,
        "backfilled": side.backfilled,
        "unverifiable": side.unverifiable,
        "unrecorded_net_pnl": plain(side.unrecorded_net_pnl),
    }


def _fates(fates: Sequence[Fate]) -> list[Data]:
    return [
        {
            "symbol": fate.symbol,
            "side": known(fate.side),
            "closed": known(fate.closed),
            "net_pnl": known(fate.net_pnl),
            "before": known(fate.before),
            "after": known(fate.after),
        }
        for fate in fates
    ]
