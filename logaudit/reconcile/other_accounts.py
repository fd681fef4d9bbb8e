"""Closes of an account whose ledger is not at hand, where one log tells of several accounts and each has a ledger."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from logaudit.core.events import Event, EventKind
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.reconcile.claims import Claim
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.links import Links
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

#: What a line says in brackets: ``[acc2]``.
_LABEL: Final = lazy_pattern(r"[\[(<]([\w.-]{2,32})[\])>]")
#: So many closes show that a ledger holds those of one label.
_FEWEST: Final = 3


def of_other_accounts(
    evidence: SessionEvidence,
    ledgers: Sequence[ReconciledLedger],
    claims: Sequence[Claim],
    lost: Collection[int],
    links: Links,
) -> set[int]:
    """Indices of the lost closes with a label that no recorded close bears and no ledger is called by.

    Each recorded close must bear a label by which its ledger is called: such a bot keeps a ledger for each. Opens must
    bear the label of a lost one, too: else it may be the name of a code path that closes the bot's own positions.
    """
    if len(links.matched) < _FEWEST:
        return set()
    kept: set[str] = set()
    for i, found in links.matched.items():
        place = links.rows[found.row].location
        labels = _labels(claims[i].close)
        if not any(_names(place.member or place.path, label) for label in labels):
            return set()
        kept |= labels
    names = [ledger.address.member or ledger.address.path for ledger in ledgers]
    opened = {label for event in evidence.of(EventKind.POSITION_OPENED) for label in _labels(event)}
    told = {i: _labels(claims[i].close) for i in lost}
    return {
        i
        for i, labels in told.items()
        if (labels & opened) - kept and not any(_names(name, label) for name in names for label in labels)
    }


def _labels(event: Event) -> set[str]:
    """What its first line says in brackets before it names the market; what stands behind may be a reason."""
    text, market = event.location.text, event.fields.symbol
    return {label.lower() for label in _LABEL.findall(text.partition(market)[0] if market else text)}


def _names(path: str, label: str) -> bool:
    """Whether a file is called by a label, as a word of its name."""
    return re.search(rf"(?<![a-z0-9]){re.escape(label)}(?![a-z0-9])", base_name(path).lower()) is not None
