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
from logaudit.core.money import total
from logaudit.core.trades import symbol_key
from logaudit.reconcile.claims import Claim
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.positions.announcements import voice_of
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

#: What says the opposite of the word before it, as in `dry_run=False`.
_NOT: Final = r"(?![\"']?\s*[:=]\s*[\"']?(?:false|no|off|0)\b)"
#: Words for trades without money, as a word of a line or a part of a name in it.
_ON_PAPER: Final = lazy_pattern(
    r"(?<![a-zа-яё])(?:paper|dry[ _-]?run|simulat(?:ed|ion|or)|backtest(?:ed|ing|er)?|бумажн[а-яё]*|симуляци[а-яё]*)"
    rf"(?![a-zа-яё]){_NOT}|模拟|回测",
    re.IGNORECASE,
)
#: Words that may as well tell of a stop, a candle or the bot's own name.
_PERHAPS: Final = lazy_pattern(
    r"(?<![a-zа-яё])(?:shadow|demo|sandbox|testnet|virtual|виртуальн[а-яё]*|демо)"
    rf"(?![a-zа-яё]){_NOT}|虚拟",
    re.IGNORECASE,
)
_WORD: Final = lazy_pattern(r"[^\W\d_]+")
_SIDE: Final = lazy_pattern(r"\b(?:long|short|buy|sell)\b", re.IGNORECASE)
#: So many closes of a market that was never opened are no positions from before the log, one a side at most.
_SEVERAL: Final = 3
#: So many recorded closes show that the bot tells of its opens, all but this part of them.
_SHOWN: Final = 3
_UNOPENED: Final = 10


def on_paper(event: Event) -> frozenset[str]:
    """The words of a close's or an open's lines that say that no money was traded."""
    market = event.fields.symbol
    texts = [place.text.replace(market, "*") if market else place.text for place in event.locations]
    found = [word for text in texts for word in _ON_PAPER.findall(text)]
    return frozenset(word.lower() for word in (*found, *_PERHAPS.findall(_before_market(event))))


def _before_market(event: Event) -> str:
    """What the first line says before it names the market: who speaks, not why."""
    text, market = event.location.text, event.fields.symbol
    return text.partition(market)[0] if market else text


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
    without = {i: claims[i] for i in lost}
    return _told_on_paper(evidence, without, own) | _of_others(evidence, ledgers, without, own)


def _told_on_paper(evidence: SessionEvidence, lost: Mapping[int, Claim], own: Iterable[Claim]) -> set[int]:
    """Those whose lines hold such a word that the line of no recorded close holds, and an open before them, too.

    Without such an open the word must introduce the line: behind the market it may be a reason.
    """
    found = {i: words for i, claim in lost.items() if (words := on_paper(claim.close))}
    if not found:
        return set()
    kept = {word for claim in own for word in on_paper(claim.close)}
    opened: dict[tuple[str, str], int] = {}
    for event in evidence.of(EventKind.POSITION_OPENED):
        for word in on_paper(event):
            key = symbol_key(event.fields.symbol), word
            opened[key] = min(event.at.us, opened.get(key, event.at.us))
    told: set[int] = set()
    for i, words in found.items():
        close = lost[i].close
        market = symbol_key(close.fields.symbol)
        introduced = {word.lower() for word in _ON_PAPER.findall(_before_market(close))}
        if any(
            word in introduced or opened.get((market, word), close.at.us + 1) <= close.at.us
            for word in words - kept
        ):
            told.add(i)
    return told


def _of_others(
    evidence: SessionEvidence,
    ledgers: Iterable[ReconciledLedger],
    lost: Mapping[int, Claim],
    own: Sequence[Claim],
) -> set[int]:
    """Those of words, or of a market, that tell of ends again and again and never of what was opened.

    What is recorded was opened in the log. Of a path that closes the bot's own positions the same is true. Of a market
    that was never opened, lines like those of recorded closes are the bot's all the same: their opens are told in words
    that are not known, or before the logs begin.
    """
    opens = evidence.of(EventKind.POSITION_OPENED)
    ended = len({id(claim.position) for claim in own})
    if len(own) < _SHOWN or (ended - len(opens)) * _UNOPENED > ended:
        return set()
    kept = {_words(claim.close) for claim in own}
    by_words: dict[object, list[int]] = defaultdict(list)
    by_market: dict[str, list[int]] = defaultdict(list)
    for i, claim in lost.items():
        if (words := _words(claim.close)) not in kept:
            by_words[words].append(i)
        if claim.close.fields.symbol:
            by_market[symbol_key(claim.close.fields.symbol)].append(i)
    told = [
        some
        for some in by_words.values()
        if _are_ends_of_nothing([lost[i] for i in some], len(opens) - ended)
    ]
    for market in [market for market, closes in by_market.items() if len(closes) < _SEVERAL]:
        del by_market[market]
    if by_market:
        rows = (row for ledger in ledgers for row in ledger.ledger.rows)
        for fields in (*(event.fields for event in opens), *(row.fields for row in rows)):
            by_market.pop(symbol_key(fields.symbol), None)
    known = {word for claim in own for word in _introduction(claim.close)} if by_market else set()
    for market, some in [*by_market.items()]:
        if not frozenset.intersection(*(_introduction(lost[i].close) for i in some)) - known:
            del by_market[market]
    return {i for some in (*told, *by_market.values()) for i in some}


def _are_ends_of_nothing(claims: Sequence[Claim], left: int) -> bool:
    """Whether most closes end nothing that was opened, and more than were held before the log began.

    Args:
        left: how many opens are not those of recorded closes. Which close ended which cannot be told here: a close of
            somebody else seems to end a position of the bot's, whose own close comes later.
    """
    without = sum(not _is_part(claim) for claim in claims) - max(0, left)
    held = {(symbol_key(claim.close.fields.symbol), claim.close.fields.side) for claim in claims}
    return without >= _SEVERAL and without > len(held) and 2 * without > len(claims)


def _is_part(claim: Claim) -> bool:
    """Whether a close takes a part of its position, as what its other closes leave of it shows."""
    opened, closes = claim.position.open, claim.position.closes
    if opened is None or opened.fields.size is None or len(closes) == 1:
        return False
    held, sizes = opened.fields.size.copy_abs(), [close.fields.size for close in closes]
    told = [size.copy_abs() for size in sizes if size is not None]
    taken = total(told)
    return bool(told) and (taken <= held if len(told) == len(closes) else taken < held)


def _words(close: Event) -> tuple[object, ...]:
    """Who speaks in which words, whatever the side."""
    *voice, words = voice_of(close)
    return *voice, _SIDE.sub("*", words)


def _introduction(close: Event) -> frozenset[str]:
    """The words before the market, without the level and the side."""
    level = close.level.lower()
    words = (word.lower() for word in _WORD.findall(_SIDE.sub("", _before_market(close))))
    return frozenset(word for word in words if not (level and level.startswith(word)))
