"""LA204 arithmetic-mismatch.

# What it finds

A row that contradicts itself: gross less commission is not net, price difference times size is not gross, or
the duration is not close less open. Tolerances come from the printed digits.

# Why it matters

The row cannot be right as a whole, whatever the log says.

# Example

entry 100.00, exit 101.00, size 2, long, gross 1.00: prices times size give 2.00.

# What to do

A single row points to a torn or edited line. Most rows of a ledger alike point to a convention (fees elsewhere,
another unit of time), and all rows of a symbol off by one power of ten to a size in contracts: then it is a
warning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Code, Message, Number, Place, label, msg, plural, plural_in
from logaudit.core.money import difference, format_decimal, product, quotient, rounded, total, trimmed, unit
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.matching import DeviationKind
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import money, report, row_meaning
from logaudit.rules.wording import describe_row

RULE = Rule(
    "LA204",
    "arithmetic-mismatch",
    Severity.ERROR,
    "a row contradicts itself",
    label("rule", "a row contradicts itself"),
    needs=Needs.LEDGER,
)

#: How a row contradicts itself, False where it does not, None where it does not show the figures.
_Result: TypeAlias = "Message | bool | None"

#: When more of the rows that can be checked fail alike, the ledger follows another convention.
_CONVENTION: Final = 0.5
#: The contract values that exchanges use.
_CONTRACTS: Final = tuple(Decimal((0, (1,), k)) for k in (-4, -3, -2, -1, 1, 2, 3, 4))
#: Ways of writing (LA208) under which prices, side and size make no gross, and gross and fee no net.
_OF_GROSS: Final = frozenset(
    {
        DeviationKind.SIDE,
        DeviationKind.SIZE_NOTIONAL,
        DeviationKind.SIZE_CONTRACTS,
        DeviationKind.GROSS_FOR_NET,
        DeviationKind.PERCENT,
    }
)
_OF_NET: Final = frozenset({DeviationKind.GROSS_FOR_NET, DeviationKind.PERCENT})
_TWO: Final = Decimal(2)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each row, or one for the symbol or ledger whose rows fail alike."""
    for session in case.sessions:
        merged = _means(session)
        for ledger in session.ledgers:
            rows = ledger.ledger.rows
            known = {
                c.deviation.kind for c in session.conventions if c.ledger == ledger.address and c.prevails
            }
            contracts = {} if known & _OF_GROSS else _contract_values(rows)
            for symbol in sorted(contracts):
                alike = [r for r in rows if symbol_key(r.fields.symbol) == symbol and _gross(r)]
                yield _in_contracts(session, ledger, alike, contracts[symbol])
            if not known & _OF_NET:
                yield from _kind(session, ledger, "net", [(r, _net(r.fields)) for r in rows])
            others = [
                r for r in rows if symbol_key(r.fields.symbol) not in contracts and r.location not in merged
            ]
            if not known & _OF_GROSS:
                yield from _kind(session, ledger, "gross", [(r, _gross(r)) for r in others])
            if DeviationKind.OPEN_TIME not in known:
                yield from _kind(session, ledger, "duration", [(r, _duration(r)) for r in rows])


def _means(session: Session) -> set[Location]:
    """The rows that stand for several closes: their exit price is a mean, which its digits do not give exactly."""
    return {
        trade.row.location
        for trade in session.closed
        if trade.row is not None
        and trade.match is not None
        and any(d.kind is DeviationKind.ONE_ROW for d in trade.match.deviations)
    }


def _kind(
    session: Session, ledger: ReconciledLedger, kind: str, results: Sequence[tuple[LedgerEntry, _Result]]
) -> Iterator[Finding]:
    judged = sum(how is not None for _, how in results)
    wrong = [(row, how) for row, how in results if isinstance(how, Message)]
    if len(wrong) > 1 and len(wrong) > _CONVENTION * judged:
        yield _convention(session, ledger, kind, wrong, judged)
        return
    for row, how in wrong:
        yield report(
            RULE,
            session,
            msg("The row {row} contradicts itself: {how}.", row=describe_row(row), how=how),
            [row.location],
            (*row_meaning(row), kind),
            at=row.at,
            data={
                "kind": kind,
                "symbol": row.fields.symbol,
                "side": row.fields.side.value if row.fields.side else None,
                "closed": row.at.iso(),
                "entry_price": money(row.fields.entry_price),
                "exit_price": money(row.fields.exit_price),
                "size": money(row.fields.size),
                "gross_pnl": money(row.fields.gross_pnl),
                "commission": money(row.fields.commission),
                "net_pnl": money(row.fields.net_pnl),
                "duration_sec": money(row.fields.duration_sec),
            },
        )


def _net(told: TradeFields) -> _Result:
    """Whether gross and commission do not make net."""
    gross, fee, net = told.gross_pnl, told.commission, told.net_pnl
    if gross is None or fee is None or net is None:
        return None
    slack, off = total((unit(gross), unit(fee), unit(net))), difference(gross, net)
    # Fees and funding are written as a cost or as a signed amount; any convention may make the sum.
    paid = (Decimal(0),) if told.funding is None else (Decimal(0), told.funding, told.funding.copy_negate())
    slack = slack if told.funding is None else total((slack, unit(told.funding)))
    costs = (total((cost, other)) for cost in (fee, fee.copy_negate()) for other in paid)
    if any(difference(off, cost).copy_abs() <= slack for cost in costs):
        return False
    return msg(
        "gross {gross} less commission {commission} is not net {net}",
        gross=Number(gross),
        commission=Number(fee),
        net=Number(net),
    )


def _gross(row: LedgerEntry) -> _Result:
    """As `_net` for prices, size and gross; a PnL not named gross may have its fees taken off already."""
    made, gross = _product(row.fields), row.fields.gross_pnl
    if made is None or gross is None or not any("gross" in name.lower() for name, _ in row.cells):
        return None
    worth, slack = made
    if difference(worth, gross).copy_abs() <= total((slack, unit(gross))):
        return False
    return msg(
        "prices times size give {product}, gross is {gross}",
        product=Number(_short(worth)),
        gross=Number(gross),
    )


def _product(told: TradeFields) -> tuple[Decimal, Decimal] | None:
    """Price difference times size, and how far its printed digits leave it open."""
    entry, end, size = told.entry_price, told.exit_price, told.size
    if entry is None or end is None or size is None or told.side is None:
        return None
    moved = difference(end, entry) if told.side is PositionSide.LONG else difference(entry, end)
    off, off_size = total((unit(entry), unit(end))), unit(size)
    size = size.copy_abs()
    slack = product(size, off), product(moved.copy_abs(), off_size), product(off, off_size)
    return product(moved, size), total(slack)


def _contract_values(rows: Sequence[LedgerEntry]) -> Mapping[str, Decimal]:
    """Symbols all of whose rows show a gross that is one power of ten of prices times size.

    A single row of a symbol may be off by ten for other reasons: it counts where other symbols prove that
    sizes are in contracts, or where the ledger holds no other row to compare with.
    """
    by_symbol: dict[str, list[LedgerEntry]] = defaultdict(list)
    for row in rows:
        if _gross(row) is not None:
            by_symbol[symbol_key(row.fields.symbol)].append(row)
    found = {key: value for key, group in by_symbol.items() if (value := _contract_value(group)) is not None}
    proven = any(len(by_symbol[key]) > 1 for key in found) or sum(map(len, by_symbol.values())) == 1
    return {key: value for key, value in found.items() if proven or len(by_symbol[key]) > 1}


def _contract_value(rows: Sequence[LedgerEntry]) -> Decimal | None:
    if not any(map(_gross, rows)):
        return None
    return next(
        (v for v in _CONTRACTS if all(_scales(r.fields, v) for r in rows) and _telling(rows, v)), None
    )


def _scales(told: TradeFields, value: Decimal) -> bool:
    worth, slack = _product(told) or (Decimal(0), Decimal(0))
    gross = told.gross_pnl or Decimal(0)
    off = difference(product(worth, value), gross).copy_abs()
    return off <= total((product(slack, value), unit(gross)))


def _telling(rows: Sequence[LedgerEntry], value: Decimal) -> bool:
    """Whether any gross is too large to be zero within the printed digits: zeros fit every value."""
    return any(
        gross.copy_abs() > product(total((product(made[1], value), unit(gross))), _TWO)
        for row in rows
        if (gross := row.fields.gross_pnl) is not None and (made := _product(row.fields)) is not None
    )


def _duration(row: LedgerEntry) -> _Result:
    opened, held = row.fields.opened, row.fields.duration_sec
    if opened is None or held is None:
        return None
    elapsed = quotient(row.at.us - opened.us, SECOND)
    slack = total((unit(held), quotient(max(row.at.precision, opened.precision), SECOND)))
    if difference(elapsed, held).copy_abs() <= slack:
        return False
    return msg(
        "close less open is {elapsed} s, duration is {held} s",
        elapsed=Number(_short(elapsed)),
        held=Number(held),
    )


def _short(value: Decimal) -> Decimal:
    return trimmed(rounded(value, 6))


def _in_contracts(
    session: Session, ledger: ReconciledLedger, rows: Sequence[LedgerEntry], value: Decimal
) -> Finding:
    symbol = rows[0].fields.symbol
    return report(
        RULE,
        session,
        plural(
            "In {n} row of {symbol} in {ledger} gross is {value} times prices times size: the size seems to be in "
            "contracts of {value}.",
            "In {n} rows of {symbol} in {ledger} gross is {value} times prices times size: the size seems to be in "
            "contracts of {value}.",
            len(rows),
            symbol=Code(symbol),
            ledger=Place(ledger.address),
            value=Number(value),
        ),
        [row.location for row in rows[:5]],
        (str(ledger.ledger.name_date or ""), symbol_key(symbol), "contracts", format_decimal(value)),
        severity=Severity.WARNING,
        data={
            "kind": "gross",
            "symbol": symbol,
            "contract_value": format_decimal(value),
            "rows": len(rows),
            "ledger": ledger.address.path,
        },
    )


def _convention(
    session: Session,
    ledger: ReconciledLedger,
    kind: str,
    wrong: Sequence[tuple[LedgerEntry, Message]],
    judged: int,
) -> Finding:
    return report(
        RULE,
        session,
        msg(
            "{n} of {rows} of {ledger} contradict themselves in the same way, so the ledger may follow another "
            "convention; the first: {how}.",
            n=len(wrong),
            rows=plural_in("of", "{n} row", "{n} rows", judged),
            ledger=Place(ledger.address),
            how=wrong[0][1],
        ),
        [row.location for row, _ in wrong[:5]],
        (str(ledger.ledger.name_date or ""), kind, "convention"),
        severity=Severity.WARNING,
        data={"kind": kind, "rows": len(wrong), "checked": judged, "ledger": ledger.address.path},
    )
