"""Two scans → their difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from logaudit.audit.diff.load import Scan, TradeMark
from logaudit.core.diff import ScanDiff, TradeFate
from logaudit.core.policy_result import KnownFinding
from logaudit.core.trades import TradeState


def compare(before: Scan, after: Scan) -> ScanDiff:
    """What changed. Equal fingerprints pair off one to one; what sums others up follows any of its parts."""
    new, unchanged = _without(after.findings, before.findings)
    gone, _ = _without(before.findings, after.findings)
    fates = _fates(before.trades, after.trades)
    missing = [(b, a, fate) for b, a, fate in fates if b is not None and b.missing]
    return ScanDiff(
        before=before.side,
        after=after.side,
        new=tuple(new),
        gone=tuple(gone),
        unchanged=tuple(unchanged),
        mended=tuple(fate for _, a, fate in missing if a is not None and not a.missing),
        restored=tuple(fate for b, a, fate in missing if a is not None and _restored(b, a)),
        still=tuple(fate for b, a, fate in missing if a is not None and a.missing and not _restored(b, a)),
        unseen=tuple(fate for _, a, fate in missing if a is None),
        lost=tuple(
            fate
            for b, a, fate in fates
            if a is not None and a.missing and (b is None or not b.missing)
        ),
    )  # fmt: skip


def _restored(before: TradeMark, after: TradeMark) -> bool:
    return after.state == TradeState.BACKFILLED and before.state != TradeState.BACKFILLED


def _without(
    these: Sequence[KnownFinding], those: Sequence[KnownFinding]
) -> tuple[list[KnownFinding], list[KnownFinding]]:
    """Those of ``these`` that ``those`` do not hold, and those that they hold."""
    left: dict[str, int] = defaultdict(int)
    for known in those:
        left[known.fingerprint] += 1
    own = {known.fingerprint for known in those}
    parts = {part for known in those for part in known.parts}
    alone: list[KnownFinding] = []
    shared: list[KnownFinding] = []
    for known in these:
        if left[known.fingerprint] > 0:
            left[known.fingerprint] -= 1
            shared.append(known)
        elif known.parts and (own | parts).intersection(known.parts):
            shared.append(known)
        else:
            alone.append(known)
    return alone, shared


def _fates(
    before: Sequence[TradeMark], after: Sequence[TradeMark]
) -> list[tuple[TradeMark | None, TradeMark | None, TradeFate]]:
    """Every trade of either side with its state on both, in the order of the earlier scan."""
    later: dict[tuple[str, str, str, str], list[TradeMark]] = defaultdict(list)
    for mark in after:
        later[mark.key].append(mark)
    pairs: list[tuple[TradeMark | None, TradeMark | None]] = [
        (mark, later[mark.key].pop(0) if later[mark.key] else None) for mark in before
    ]
    taken = {id(a) for _, a in pairs if a is not None}
    pairs += [(None, mark) for mark in after if id(mark) not in taken]
    return [(b, a, _fate(b, a)) for b, a in pairs]


def _fate(before: TradeMark | None, after: TradeMark | None) -> TradeFate:
    mark = after or before
    assert mark is not None  # noqa: S101 - one side holds the trade
    return TradeFate(
        symbol=mark.symbol,
        side=mark.side,
        closed=mark.closed,
        net_pnl=mark.net_pnl,
        before=before.state if before else "",
        after=after.state if after else "",
    )
