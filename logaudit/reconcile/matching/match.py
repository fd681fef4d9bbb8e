"""Closes × rows → one-to-one links, globally consistent, ties reported instead of guessed.

Three stages, each over what the ones before leave: pairs within the window that agree in every number, three or more;
pairs that three telling numbers make one trade, whatever their times, symbols and sides; what else lies in the window.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.timestamp import DAY, HOUR
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching.assignment import assign
from logaudit.reconcile.matching.by_ids import SharedIds
from logaudit.reconcile.matching.by_values import ValuePair, is_rename, value_pairs
from logaudit.reconcile.matching.deviations import Deviation, explain
from logaudit.reconcile.matching.field_compare import FieldComparison
from logaudit.reconcile.matching.near_pairs import NearRows, Pair, PairLink, least_lag

#: The widest zones differ by 26 hours.
FARTHEST: Final = DAY + 2 * HOUR


class Match(Struct, frozen=True):
    """A close and the row that recorded it.

    Attributes:
        comparison: with what ``deviations`` explain counted as agreement.
        lag: row time, on the log's clock, less close time, µs; 0 within printed precision.
        ambiguous: another choice explains the session equally well.
        deviations: how the row writes the trade otherwise.
        by_values: whether its numbers or ids alone make it this close's.
    """

    close: int
    row: int
    comparison: FieldComparison
    lag: int
    ambiguous: bool
    deviations: tuple[Deviation, ...] = ()
    by_values: bool = False


def match(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    window: int,
    readings: Callable[[LedgerEntry], Sequence[int]],
    reach: Callable[[LedgerEntry], int] | None = None,
    taken: tuple[Collection[int], Collection[int]] = (frozenset(), frozenset()),
    foreign: Callable[[LedgerEntry], bool] = lambda _: False,
    opens: Sequence[TradeFields | None] = (),
    *,
    anywhere: bool = True,
) -> tuple[tuple[Match, ...], frozenset[int]]:
    """Links closes to the rows that record them.

    Of the pairs of each stage as many as possible are made; among those choices the one with the fewest disagreeing
    values and then the least total lag. Where numbers alone decide, a row that fits several closes goes to one whose
    time is nearest.

    Args:
        window: µs between a close and its row within which they may be one trade.
        readings: what a row's time may mean, naive µs on the log's clock; several where its clock is in doubt.
        reach: the window of rows that follow their closes at a varying distance.
        taken: closes and rows that are linked already.
        foreign: whether a row's known clock puts it where no log reaches; far from a close it is another trade's.
        opens: what the open of each close's position says, where that is known.
        anywhere: whether numbers may link what lies outside the window.

    Returns:
        The links in the order of the closes, and the closes that were left without a row though an equally
        good choice would have given them one.
    """
    reaches = [window if reach is None else reach(row) for row in rows]
    ids = SharedIds(closes, rows, lambda c, r: abs(least_lag(closes[c], rows[r], readings)) <= reaches[r])
    links = {
        (c, r): link
        for (c, r), link in NearRows(closes, rows, reaches, readings).pairs(opens)
        if c not in taken[0] and r not in taken[1] and not ids.rule_out(closes[c].fields, rows[r].fields)
    }
    free_pairs = [(c, r) for c, r in ids.pairs() if c not in taken[0] and r not in taken[1]]
    named = _by_ids(closes, rows, free_pairs, readings)
    owners = {c for c, _ in named}, {r for _, r in named}
    links = {
        (c, r): link for (c, r), link in links.items() if c not in owners[0] and r not in owners[1]
    } | named
    sure = {pair: link for pair, link in links.items() if link.comparison.certain or pair in named}
    pairs, ties = _choose(sure)
    # A row that fits one close in every value is no evidence for another, even where its own is taken.
    spoken_for = {r for _, r in sure}
    # A row at its close's time that differs in a number is a wrong row, not another trade's.
    alike = [
        (c, r) for (c, r), link in links.items() if link.alike and c not in pairs and r not in spoken_for
    ]
    settled = {c for c, _ in alike} | {*pairs} | {*taken[0]}, {r for _, r in alike} | spoken_for | {*taken[1]}
    free = (
        [c for c in range(len(closes)) if c not in settled[0]],
        [r for r in range(len(rows)) if r not in settled[1]],
    )
    far = _by_values(closes, rows, free, (readings, foreign, reaches), ids, opens) if anywhere else {}
    found, more_ties = _choose(far)
    pairs, ties, spoken_for = pairs | found, ties | more_ties, spoken_for | {r for _, r in far}
    chosen = {*pairs.values()}
    nearest = {r: lag for r, lag in _nearest(far | sure).items() if r not in chosen}
    rest = {
        (c, r): link
        for (c, r), link in links.items()
        if c not in pairs and (r not in spoken_for or _is_own(link, nearest.get(r, 0)))
    }
    found, more_ties = _choose(rest)
    pairs, ties = pairs | found, ties | more_ties
    links |= far
    result = [_match(c, r, links[c, r], ambiguous=c in ties) for c, r in pairs.items()]
    return tuple(sorted(result, key=lambda m: m.close)), ties - pairs.keys()


def _nearest(links: Mapping[Pair, PairLink]) -> dict[int, int]:
    """Row → how far it lies from the nearest of the closes that it fits in all."""
    found: dict[int, int] = {}
    for (_, r), link in links.items():
        found[r] = min(found.get(r, abs(link.lag)), abs(link.lag))
    return found


def _is_own(link: PairLink, nearest: int) -> bool:
    """Whether a row that fits another close in all, though that has its own, lies nearer to this one and fits too."""
    return not link.comparison.differing and abs(link.lag) < nearest


def _match(close: int, row: int, link: PairLink, *, ambiguous: bool) -> Match:
    return Match(close, row, link.comparison, link.lag, ambiguous, link.deviations, link.by_values)


def _by_ids(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    pairs: Iterable[Pair],
    readings: Callable[[LedgerEntry], Sequence[int]],
) -> dict[Pair, PairLink]:
    """The pairs that bear one id, but for those that too many numbers speak against."""
    found: dict[Pair, PairLink] = {}
    for c, r in pairs:
        explained = explain(closes[c].fields, rows[r].fields)
        if explained.comparison.plausible:
            lag = least_lag(closes[c], rows[r], readings)
            found[c, r] = PairLink(explained.comparison, lag, explained.deviations, by_values=True)
    return found


def _by_values(
    closes: Sequence[Event],
    rows: Sequence[LedgerEntry],
    free: tuple[Sequence[int], Sequence[int]],
    known: tuple[Callable[[LedgerEntry], Sequence[int]], Callable[[LedgerEntry], bool], Sequence[int]],
    ids: SharedIds,
    known_opens: Sequence[TradeFields | None],
) -> dict[Pair, PairLink]:
    """The pairs of what is left that their numbers or ids make one trade.

    Args:
        known: readings of rows, which rows are foreign, and how far each may lie from its close.
    """
    readings, foreign, reaches = known
    free_closes, free_rows = free
    if not free_closes or not free_rows:
        return {}
    found: dict[Pair, PairLink] = {}
    symbols = {symbol_key(c.fields.symbol) for c in closes}, {symbol_key(r.fields.symbol) for r in rows}
    told = [closes[c].fields for c in free_closes], [rows[r].fields for r in free_rows]
    opens = [known_opens[c] for c in free_closes] if known_opens else ()
    for pair in _certain(value_pairs(*told, opens)):
        c, r = free_closes[pair.close], free_rows[pair.row]
        if not is_rename(pair.explained, closes[c], rows[r], symbols):
            continue
        if ids.rule_out(closes[c].fields, rows[r].fields):
            continue
        lag = least_lag(closes[c], rows[r], readings)
        if abs(lag) <= reaches[r] or not (pair.contradicted or (abs(lag) > FARTHEST and foreign(rows[r]))):
            found[c, r] = PairLink(pair.explained.comparison, lag, pair.explained.deviations, by_values=True)
    return found


def _certain(pairs: Iterator[ValuePair]) -> list[ValuePair]:
    """Those that hardly mean another trade; of a row's and of a close's only the ones with the most equal numbers."""
    sure = [p for p in pairs if p.certain]
    by_close: dict[int, tuple[bool, int]] = {}
    by_row: dict[int, tuple[bool, int]] = {}
    for pair in sure:
        rank = pair.same_id, pair.telling
        by_close[pair.close] = max(by_close.get(pair.close, rank), rank)
        by_row[pair.row] = max(by_row.get(pair.row, rank), rank)
    return [p for p in sure if (p.same_id, p.telling) == by_close[p.close] == by_row[p.row]]


def _choose(links: Mapping[Pair, PairLink]) -> tuple[dict[int, int], frozenset[int]]:
    """The best links, and the closes that another choice serves equally well.

    Where a close goes without a row for a fraction of a second only, it and the close that has the row are such.
    """
    pairs, ties = assign({pair: link.cost for pair, link in links.items()})
    _, near = assign({pair: link.coarse for pair, link in links.items()})
    owner = {r: c for c, r in pairs.items()}
    lost = near - pairs.keys()
    rivals = {owner[r] for c, r in links if c in lost and r in owner}
    return pairs, ties | lost | (near & rivals)
