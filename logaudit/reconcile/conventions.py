"""What a ledger's linked rows write otherwise than their closes → the ledger's conventions, each said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address, Location
from logaudit.core.money import tolerance
from logaudit.core.timestamp import DAY, MINUTE, SECOND
from logaudit.core.trades import symbol_key
from logaudit.reconcile.clocks.shift import QUARTER
from logaudit.reconcile.contract_sizes import with_contracts
from logaudit.reconcile.linked_values import Linked, all_linked, without_excuses
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching import Deviation, DeviationKind
from logaudit.reconcile.matching.deviations import LOOSE, OF_NUMBERS
from logaudit.reconcile.matching.grain import Parted
from logaudit.reconcile.reconciled_ledger import LedgerConvention, ReconciledLedger

#: A row may follow its close by so much and still show the zones' difference.
_LATE: Final = 2 * MINUTE
_PROOF: Final = 3
#: Deviations whose two sides are told symbol by symbol.
_BY_SYMBOL: Final = frozenset({DeviationKind.SYMBOL, DeviationKind.PRICE_SCALE, DeviationKind.SIZE_CONTRACTS})
#: A row with the time of the open and the line that tells of the open may be printed so far apart.
_OPEN_SLACK: Final = 2 * SECOND


def settle_conventions(
    closes: Sequence[Event],
    links: Links,
    ledgers: Sequence[ReconciledLedger],
    opened: Callable[[int], int | None],
    window: int,
    positions: Sequence[Parted],
) -> tuple[Links, tuple[LedgerConvention, ...]]:
    """The links without the excuses that too few rows share, and what each ledger does as a rule or now and then.

    Args:
        opened: index of a close → naive µs of its position's open, None when not known.
        positions: all of them, with what their opens say.
    """
    by_ledger: dict[Address, list[Linked]] = defaultdict(list)
    for one in all_linked(closes, links, opened, positions):
        by_ledger[one.row.location.address].append(one)
    conventions: list[LedgerConvention] = []
    for ledger in ledgers:
        linked = by_ledger.get(ledger.address, [])
        linked = with_contracts(linked, links)
        of_values = list(_of_values(ledger.address, linked))
        refused = {c.deviation.kind for c in of_values if c.deviation.kind in OF_NUMBERS and not c.prevails}
        for one in linked:
            if any(d.kind in refused for d in one.match.deviations):
                links.matched[one.match.close] = without_excuses(one)
        conventions += [c for c in of_values if c.deviation.kind not in refused]
        conventions += _of_times(ledger, linked, window)
    return links, tuple(conventions)


def _of_values(ledger: Address, linked: Sequence[Linked]) -> Iterator[LedgerConvention]:
    """Everything but times, with how many of the rows that could do so do."""
    shown: dict[Deviation, list[Linked]] = defaultdict(list)
    pairs: dict[Deviation, set[tuple[str, str]]] = defaultdict(set)
    for one in linked:
        for deviation in one.match.deviations:
            kind = deviation
            if deviation.kind in _BY_SYMBOL:
                kind = Deviation(deviation.kind)
                pairs[kind].add((deviation.log, deviation.row))
            shown[kind].append(one)
    for deviation, members in sorted(shown.items()):
        # One row may fit another way of writing by chance: it counts among the rows of all symbols.
        alike = members if len(members) > 1 else linked
        symbols = {symbol_key(one.log.symbol) for one in alike}
        of = _rows(one for one in linked if _could(deviation, one, members[0], symbols))
        yield LedgerConvention(
            ledger,
            deviation,
            _rows(members),
            max(of, _rows(members)),
            _proof(members),
            pairs=tuple(sorted(pairs[deviation])),
        )


def _rows(linked: Iterable[Linked]) -> int:
    return len({one.row.number for one in linked})


def _could(deviation: Deviation, one: Linked, first: Linked, symbols: Collection[str]) -> bool:
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
        case DeviationKind.GROSS_FOR_NET | DeviationKind.AFTER_FEE:
            could = _fee_shows(log, row)
            if could and deviation in LOOSE and deviation not in one.match.deviations:
                from logaudit.reconcile.matching.unprinted_fee import would_show  # noqa: PLC0415 - as in `explain`

                could = would_show(log, row, (first.log, first.row.fields))
        case DeviationKind.PERCENT:
            could = row.result is not None and log.result is not None
        case _:
            could = True
    return could


def _fee_shows(log: TradeFields, row: TradeFields) -> bool:
    """Whether both print results, with digits enough to tell one before the fee from one after it."""
    if row.result is None or log.result is None:
        return False
    fee = row.commission if row.commission is not None else log.commission
    return fee is None or fee.copy_abs() > max(tolerance(row.result), tolerance(log.result))


def _of_times(ledger: ReconciledLedger, linked: Sequence[Linked], window: int) -> Iterator[LedgerConvention]:
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
    shown: dict[Deviation, list[Linked]] = defaultdict(list)
    for one in linked:
        far = one.match.by_values or shift.seconds is None
        if far and not low - window <= (lag := _lag(ledger, one)) <= high + window:
            shown[_named(lag, one)].append(one)
    for deviation, members in sorted(shown.items()):
        lags = [_lag(ledger, one) for one in members]
        yield LedgerConvention(
            ledger.address, deviation, len(members), len(linked), _proof(members), (min(lags), max(lags))
        )


def _lag(ledger: ReconciledLedger, one: Linked) -> int:
    """µs from the close to the row, 0 within printed precision."""
    at = ledger.log_time(one.row)
    if at + one.row.at.precision <= one.close.at.us:
        return at - one.close.at.us
    return max(0, at - one.close.at.us) if at >= one.close.at.end else 0


def _named(lag: int, one: Linked) -> Deviation:
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


def _proof(members: Sequence[Linked]) -> tuple[Location, ...]:
    return tuple(place for one in members[:_PROOF] for place in (one.row.location, one.close.location))
