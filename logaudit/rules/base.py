"""What rules share: making findings, and naming trades, runs and places in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from logaudit.core.fields import TradeFields
from logaudit.core.finding import Data, Finding, Rule, Severity, fingerprint
from logaudit.core.location import Location, Role
from logaudit.core.message import Code, Message, msg
from logaudit.core.money import format_decimal
from logaudit.core.money_parts import amount_of
from logaudit.core.timestamp import SECOND, Stamp, iso
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.normalize import Stream
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session, Trade

Check: TypeAlias = Callable[[Case], Iterator[Finding]]

_TROUBLE: Final = frozenset({"WARNING", "WARN", "ERROR", "CRITICAL", "FATAL"})


def report(
    rule: Rule,
    session: Session | str | None,
    message: Message,
    locations: Iterable[Location],
    meaning: Sequence[object],
    *,
    run: str = "",
    severity: Severity | None = None,
    data: dict[str, Data] | None = None,
    remedy: Message | None = None,
    parts: Iterable[str] = (),
    at: Stamp | None = None,
    until: Stamp | None = None,
) -> Finding:
    """A finding of ``rule``; ``meaning`` is what its fingerprint is made of: never paths or lines.

    Nor anything that changes while the fault goes on (counts, the first or last loss): what a fault is made
    of goes into ``parts``.
    """
    return Finding(
        rule=rule.code,
        name=rule.name,
        severity=severity or rule.severity,
        message=message,
        locations=tuple(locations),
        fingerprint=fingerprint(rule.code, *meaning),
        run=run,
        session=session.root if isinstance(session, Session) else session or ".",
        data=data or {},
        remedy=remedy,
        parts=tuple(parts),
        title=rule.title,
        at=at,
        until=until,
        told_in=rule.told_in,
    )


def by_settings(_case: Case) -> Iterator[Finding]:
    """The check of rules that are judged by what the user asked for, in `logaudit.audit.policy`, not by the case."""
    return iter(())


def money(value: Decimal | None) -> str | None:
    """JSON form of an amount: exact digits, None when not known."""
    return None if value is None else format_decimal(value)


def side_word(fields: TradeFields) -> str:
    """A side as fingerprints know it: ``long``, ``short`` or ``side unknown``."""
    return fields.side.value if fields.side else "side unknown"


def trade_meaning(trade: Trade) -> tuple[object, ...]:
    """What makes a trade the same on every scan: symbol, side, time to the second, and its ordinal."""
    ordinal = trade.id.partition("#")[2]
    return symbol_key(trade.fields.symbol), side_word(trade.fields), iso(trade.at.us, SECOND), ordinal


def severity_of(trades: Iterable[ClosedTrade], otherwise: Severity | None = None) -> Severity | None:
    """A note where every one of these lost trades was restored: what is told is past; else ``otherwise``."""
    return otherwise if any(trade.lost for trade in trades) else Severity.NOTE


def restore_rows() -> Message:
    """How missing rows come back."""
    return msg(
        "Write the missing rows as a patch: {command}.", command=Code("logaudit restore LOGS -o FOLDER")
    )


def losses(trades: Iterable[Trade]) -> Iterator[str]:
    """The fingerprints under which LA101 reports these trades: the parts of what sums them up."""
    return (fingerprint("LA101", *trade_meaning(trade)) for trade in trades)


def run_meaning(run: Run) -> str:
    """What makes a run the same on every scan: its start, or that it began before the logs at hand."""
    return run.id.rpartition("/")[2] if run.started is not None else "began before the logs"


def row_meaning(row: LedgerEntry) -> tuple[object, ...]:
    """As `trade_meaning` for a row."""
    told = row.fields
    return symbol_key(told.symbol), side_word(told), row.at.iso(), money(told.net_pnl)


def trade_data(trade: ClosedTrade) -> dict[str, Data]:
    """The figures of one close, for machines and for tables."""
    told = trade.close.fields
    return {
        "symbol": told.symbol,
        "side": told.side.value if told.side else None,
        "closed": trade.close.at.iso(),
        "reason": told.reason or None,
        "entry_price": money(told.entry_price),
        "exit_price": money(told.exit_price),
        "size": money(told.amount),
        "gross_pnl": money(told.gross_pnl),
        "net_pnl": money(told.result),
        "gross_only": trade.gross_only,
        "emitter": str(trade.close.emitter) or None,
        "state": trade.state.value,
        "trade": trade.id,
    }


def net_of(trades: Iterable[ClosedTrade]) -> Decimal | None:
    """Net PnL of the closes together; None where one of them shows none."""
    return amount_of(trades).value


def place_for(trade: ClosedTrade, session: Session) -> Location | None:
    """The line of the ledger in force where the missing row belongs; None without a ledger."""
    ledger = in_force(session.ledgers, session.run(trade.run), trade.at.us)
    if ledger is None:
        return None
    line = ledger.line_of(ledger.row_time(trade.at.end)) + 1
    return Location(ledger.address.path, ledger.address.member, line, Role.LEDGER)


def first_run(session: Session, at: int) -> Run | None:
    """The run that holds a moment."""
    return next((r for r in session.runs if r.holds(at)), None)


def logs_routinely(stream: Stream) -> bool:
    """Whether its silence means anything: a log of warnings and errors is silent while all is well."""
    return any(level not in _TROUBLE for level in stream.levels)


def lacks_logs(session: Session, start: int, end: int) -> bool:
    """Whether logs are missing somewhere between two moments, naive µs."""
    streams = (s for s in session.evidence.streams if logs_routinely(s))
    return any(start < gap.end and gap.start < end for s in streams for gap in s.gaps)
