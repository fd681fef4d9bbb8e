"""What a ledger's linked rows write otherwise than their closes → the ledger's conventions, each said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, TradeFields
from logaudit.core.location import Address, Location
from logaudit.core.money import difference, quotient, tolerance, total, trimmed
from logaudit.core.timestamp import DAY, MINUTE, SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.clocks.shift import QUARTER
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching import Deviation, DeviationKind, Match, NumberDifference, compare_fields
from logaudit.reconcile.matching.grain import summed, within_sums
from logaudit.reconcile.reconciled_ledger import LedgerConvention, ReconciledLedger, is_rule

#: A row may follow its close by so much and still show the zones' difference.
_LATE: Final = 2 * MINUTE
_PROOF: Final = 3
#: Deviations whose two sides are told symbol by symbol.
_BY_SYMBOL: Final = frozenset({DeviationKind.SYMBOL, DeviationKind.PRICE_SCALE, DeviationKind.SIZE_CONTRACTS})
#: Factors of contracts and lots.
_POWERS: Final = tuple(Decimal(1).scaleb(n) for n in range(-6, 7) if n)
_MOST: Final = 10**9
#: A row with the time of the open and the line that tells of the open may be printed so far apart.
_OPEN_SLACK: Final = 2 * SECOND
_OF_SIZE: Final = frozenset({DeviationKind.SIZE_CONTRACTS, DeviationKind.SIZE_NOTIONAL})
#: Deviations that explain numbers; of few rows they are errors of these rows.
_NUMBERS: Final = frozenset(
    {
        DeviationKind.SIZE_NOTIONAL,
        DeviationKind.SIZE_CONTRACTS,
        DeviationKind.FEE_SIGN,
        DeviationKind.GROSS_FOR_NET,
        DeviationKind.PERCENT,
    }
)


class _Linked(Struct, frozen=True):
    """A close and its row; where several of one side are one trade together, that side has their sums.

    Attributes:
        log: what the log says, of all closes that share the row.
        parts: what was added up; empty where close and row are one to one.
    """

    close: Event
    log: TradeFields
    row: LedgerEntry
    match: Match
    opened: int | None
    parts: tuple[TradeFields, ...] = ()


def settle_conventions(
    closes: Sequence[Event],
    links: Links,
    ledgers: Sequence[ReconciledLedger],
    opened: Callable[[int], int | None],
    window: int,
) -> tuple[Links, tuple[LedgerConvention, ...]]:
    """The links without the excuses that too few rows share, and what each ledger does as a rule or now and then.

    Args:
        opened: index of a close → naive µs of its position's open, None when not known.
    """
    by_ledger: dict[Address, list[_Linked]] = defaultdict(list)
    for one in _all_linked(closes, links, opened):
        by_ledger[one.row.location.address].append(one)
    conventions: list[LedgerConvention] = []
    for ledger in ledgers:
        linked = by_ledger.get(ledger.address, [])
        linked = _in_contracts(linked, links)
        of_values = list(_of_values(ledger.address, linked))
        refused = {c.deviation.kind for c in of_values if c.deviation.kind in _NUMBERS and not c.prevails}
        for one in linked:
            if any(d.kind in refused for d in one.match.deviations):
                links.matched[one.match.close] = _without_excuses(one)
        conventions += [c for c in of_values if c.deviation.kind not in refused]
        conventions += _of_times(ledger, linked, window)
    return links, tuple(conventions)


def _all_linked(
    closes: Sequence[Event], links: Links, opened: Callable[[int], int | None]
) -> Iterator[_Linked]:
    of_row: dict[int, list[TradeFields]] = defaultdict(list)
    for c, match in sorted(links.matched.items()):
        of_row[match.row].append(closes[c].fields)
    for c, match in sorted(links.matched.items()):
        one = _Linked(closes[c], closes[c].fields, links.rows[match.row], match, opened(c))
        rows = tuple(row.fields for row in links.rows_of(c))
        told = tuple(of_row[match.row])
        if rows:
            yield replace(one, row=replace(one.row, fields=summed(rows)), parts=rows)
        elif len(told) > 1:
            yield replace(one, log=summed(told), parts=told)
        else:
            yield one


def _in_contracts(linked: Sequence[_Linked], links: Links) -> list[_Linked]:
    """The links in which a size that alone differs, by one constant for its symbol, is named: contracts, lots."""
    by_symbol: dict[str, list[_Linked]] = defaultdict(list)
    for one in linked:
        if one.log.size and one.row.fields.size:
            by_symbol[symbol_key(one.log.symbol)].append(one)
    off = {symbol: [one for one in group if _only_size(one)] for symbol, group in by_symbol.items()}
    proven = any(len(members) > 1 and _factor(members) is not None for members in off.values())
    factors = {
        symbol: factor
        for symbol, group in by_symbol.items()
        if (factor := _factor(off[symbol], lone=proven)) is not None
        and is_rule(sum(_factor([*off[symbol], one], lone=proven) == factor for one in group), len(group))
    }
    # A single row of a symbol may be off for other reasons: it counts where no other symbol's sizes are the log's.
    sound = any(not off[symbol] for symbol in by_symbol) and not any(
        len(off[symbol]) > 1 for symbol in factors
    )
    found: dict[int, Match] = {}
    for symbol, members in off.items():
        # A few digits may fit the position's value as well: the constant of the other rows is believed.
        if symbol in factors and not sound:
            members += [
                one
                for one in by_symbol[symbol]
                if any(d.kind is DeviationKind.SIZE_NOTIONAL for d in one.match.deviations)
                and _factor([*members, one], lone=proven) == factors[symbol]
            ]
        for one in members:
            if symbol not in factors or sound:
                found[one.match.close] = _without_excuses(one)
            else:
                named = Deviation(DeviationKind.SIZE_CONTRACTS, one.log.symbol, factors[symbol])
                found[one.match.close] = _with(one.match, named)
    links.matched |= found
    return [replace(one, match=found.get(one.match.close, one.match)) for one in linked]


def _only_size(one: _Linked) -> bool:
    fields = {d.field for d in one.match.comparison.differences if isinstance(d, NumberDifference)}
    named = any(d.kind is DeviationKind.SIZE_CONTRACTS for d in one.match.deviations)
    return fields == {FieldName.SIZE} or named


def _factor(linked: Sequence[_Linked], *, lone: bool = False) -> str | None:
    """The one number by which all these rows' sizes are the log's times it.

    Args:
        lone: whether one row is enough for a number that is no power of ten.
    """
    low, high = Decimal(0), Decimal(_MOST)
    for one in linked:
        log, row = one.log.size, one.row.fields.size
        if log is None or row is None:
            return None
        ours, theirs = log.copy_abs(), row.copy_abs()
        slack, least = tolerance(theirs), difference(ours, tolerance(ours))
        low = max(low, quotient(difference(theirs, slack), total((ours, tolerance(ours)))))
        if least > 0:
            high = min(high, quotient(total((theirs, slack)), least))
    if not linked or low > high:
        return None
    first = linked[0].row.fields.size, linked[0].log.size
    exact = quotient(first[0].copy_abs(), first[1].copy_abs(), 4) if first[0] and first[1] else Decimal(0)
    round_one = next((p for p in _POWERS if low <= p <= high), None)
    if round_one is not None:
        return f"{round_one:f}"
    return f"{trimmed(exact):f}" if (lone or len(linked) > 1) and low <= exact <= high else None


def _with(match: Match, named: Deviation) -> Match:
    """The link with its differing size explained."""
    told = match.comparison
    left = tuple(d for d in told.differences if d.field is not FieldName.SIZE)
    explained = len(told.differences) - len(left)
    others = tuple(d for d in match.deviations if d.kind not in _OF_SIZE)
    comparison = replace(
        told, agreeing=told.agreeing + explained, differing=told.differing - explained, differences=left
    )
    return replace(match, comparison=comparison, deviations=(*others, named))


def _without_excuses(linked: _Linked) -> Match:
    """The link with its numbers compared as they are printed."""
    match = linked.match
    return replace(
        match,
        comparison=within_sums(compare_fields(linked.log, linked.row.fields), linked.parts),
        deviations=tuple(d for d in match.deviations if d.kind not in _NUMBERS),
    )


def _of_values(ledger: Address, linked: Sequence[_Linked]) -> Iterator[LedgerConvention]:
    """Everything but times, with how many of the rows that could do so do."""
    shown: dict[Deviation, list[_Linked]] = defaultdict(list)
    pairs: dict[Deviation, set[tuple[str, str]]] = defaultdict(set)
    for one in linked:
        for deviation in one.match.deviations:
            kind = deviation
            if deviation.kind in _BY_SYMBOL:
                kind = Deviation(deviation.kind)
                pairs[kind].add((deviation.log, deviation.row))
            shown[kind].append(one)
    for deviation, members in sorted(shown.items()):
        symbols = {symbol_key(one.log.symbol) for one in members}
        of = _rows(one for one in linked if _could(deviation, one, members[0], symbols))
        yield LedgerConvention(
            ledger,
            deviation,
            _rows(members),
            max(of, _rows(members)),
            _proof(members),
            pairs=tuple(sorted(pairs[deviation])),
        )


def _rows(linked: Iterable[_Linked]) -> int:
    return len({one.row.number for one in linked})


def _could(deviation: Deviation, one: _Linked, first: _Linked, symbols: Collection[str]) -> bool:
    """Whether a row could write so: it shows the number, one of the symbols, a size of that side."""
    log, row = one.log, one.row.fields
    match deviation.kind:
        case DeviationKind.SYMBOL | DeviationKind.PRICE_SCALE:
            could = symbol_key(log.symbol) in symbols
        case DeviationKind.SIDE:
            could = log.side is not None and row.side is not None
        case DeviationKind.SIZE_SIGN:
            could = row.size is not None and log.side is first.log.side
        case DeviationKind.SIZE_NOTIONAL | DeviationKind.SIZE_CONTRACTS:
            could = row.size is not None and log.size is not None and symbol_key(log.symbol) in symbols
        case DeviationKind.FEE_SIGN:
            could = bool(row.commission) and bool(log.commission)
        case DeviationKind.GROSS_FOR_NET | DeviationKind.PERCENT:
            could = row.result is not None and log.result is not None
        case _:
            could = True
    return could


def _of_times(ledger: ReconciledLedger, linked: Sequence[_Linked], window: int) -> Iterator[LedgerConvention]:
    """A lag of all rows, the open's time; single rows whose numbers link them at another time."""
    shift = ledger.shift
    near = [one for one in linked if not one.match.by_values]
    if shift.of_open:
        named = Deviation(DeviationKind.OPEN_TIME)
        yield LedgerConvention(ledger.address, named, len(near), len(linked), _proof(near))
    elif shift.lag != (0, 0):
        named = Deviation(DeviationKind.LAG)
        yield LedgerConvention(ledger.address, named, len(near), len(linked), _proof(near), shift.lag)
    elif shift.seconds and not shift.is_zone:
        named = Deviation(DeviationKind.CLOCK, seconds=shift.seconds)
        yield LedgerConvention(ledger.address, named, len(near), len(linked), _proof(near))
    low, high = shift.lag
    shown: dict[Deviation, list[_Linked]] = defaultdict(list)
    for one in linked:
        far = one.match.by_values or shift.seconds is None
        if far and not low - window <= (lag := _lag(ledger, one)) <= high + window:
            shown[_named(lag, one)].append(one)
    for deviation, members in sorted(shown.items()):
        lags = [_lag(ledger, one) for one in members]
        yield LedgerConvention(
            ledger.address, deviation, len(members), len(linked), _proof(members), (min(lags), max(lags))
        )


def _lag(ledger: ReconciledLedger, one: _Linked) -> int:
    """µs from the close to the row, 0 within printed precision."""
    at = ledger.log_time(one.row)
    if at + one.row.at.precision <= one.close.at.us:
        return at - one.close.at.us
    return max(0, at - one.close.at.us) if at >= one.close.at.end else 0


def _named(lag: int, one: _Linked) -> Deviation:
    """A lag as the time that the position was held, whole days, whole quarter hours, or seconds."""
    if one.opened is not None and abs(one.row.at.us - one.opened) <= max(_OPEN_SLACK, one.row.at.precision):
        return Deviation(DeviationKind.OPEN_TIME)
    quarter = (lag + MINUTE) // QUARTER * QUARTER
    if quarter and lag - quarter <= _LATE:
        if quarter % DAY == 0:
            return Deviation(DeviationKind.DAY, seconds=quarter // SECOND)
        if abs(quarter) <= DAY + 2 * 4 * QUARTER:
            return Deviation(DeviationKind.CLOCK, seconds=quarter // SECOND)
    return Deviation(DeviationKind.LAG)


def _proof(members: Sequence[_Linked]) -> tuple[Location, ...]:
    return tuple(place for one in members[:_PROOF] for place in (one.row.location, one.close.location))
