"""Closes without a row of which the log itself leaves open whether the bot's ledger should hold them.

Beside what a bot trades its log may tell of trades on paper, and of those of somebody whom it follows. Neither is
lost where the ledger holds none of that kind, and the bot's own closes beside them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.trades import symbol_key
from logaudit.reconcile.claims import Claim
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

#: Words for trades without money, as a word of a line or a part of a name in it.
_ON_PAPER: Final = lazy_pattern(
    r"(?<![a-zа-яё])(?:paper|dry[ _-]?run|simulat(?:ed|ion|or)|backtest(?:ed|ing|er)?|shadow|demo|sandbox|testnet"
    r"|virtual|бумажн[а-яё]*|виртуальн[а-яё]*|симуляци[а-яё]*|демо)(?![a-zа-яё])|模拟|回测|虚拟",
    re.IGNORECASE,
)
#: So many closes of a market that was never opened are no positions from before the log, one a side at most.
_SEVERAL: Final = 3
#: So many recorded closes show that the bot tells of its opens, all but this part of them.
_SHOWN: Final = 3
_UNOPENED: Final = 10


def on_paper(close: Event) -> frozenset[str]:
    """The words of a close's lines that say that no money was traded."""
    found = (_ON_PAPER.findall(place.text) for place in close.locations)
    return frozenset(word.lower() for words in found for word in words)


def not_traded(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    claims: Sequence[Claim],
    lost: Collection[int],
    recorded: Iterable[int],
) -> set[int]:
    """Indices of those of the lost closes that may be no trades of the bot's.

    Args:
        lost: the closes without a row; recorded: those with one.
    """
    own = [claims[i] for i in recorded]
    if not own or not lost:
        return set()
    without = {i: claims[i].close for i in lost}
    return _told_on_paper(without, own) | _of_others(evidence, ledgers, without, own)


def _told_on_paper(lost: Mapping[int, Event], own: Iterable[Claim]) -> set[int]:
    """Those whose lines hold such a word that the line of no recorded close holds."""
    found = {i: words for i, close in lost.items() if (words := on_paper(close))}
    if not found:
        return set()
    kept = {word for claim in own for word in on_paper(claim.close)}
    return {i for i, words in found.items() if words - kept}


def _of_others(
    evidence: SessionEvidence,
    ledgers: Iterable[ReconciledLedger],
    lost: Mapping[int, Event],
    own: Sequence[Claim],
) -> set[int]:
    """Those of markets that are closed again and again, never opened and not in the ledger, unlike what is recorded."""
    unopened = sum(claim.position.open is None for claim in own)
    if len(own) < _SHOWN or unopened * _UNOPENED > len(own):
        return set()
    by_market: dict[str, list[int]] = defaultdict(list)
    for i, close in lost.items():
        if close.fields.symbol:
            by_market[symbol_key(close.fields.symbol)].append(i)
    for market in [market for market, closes in by_market.items() if len(closes) < _SEVERAL]:
        del by_market[market]
    if by_market:
        opens = evidence.of(EventKind.POSITION_OPENED)
        rows = (row for ledger in ledgers for row in ledger.ledger.rows)
        for fields in (*(event.fields for event in opens), *(row.fields for row in rows)):
            by_market.pop(symbol_key(fields.symbol), None)
    return {i for closes in by_market.values() for i in closes}
