"""Lost closes → the rows that their ledgers miss, as patches, and the provenance of every cell.

What the log does not tell stays empty. What takes a decision that the evidence does not make is left to a person and
says ``TODO(human)``; a close whose row would be a guess gets none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec import Struct

from logaudit import __version__
from logaudit.audit.pipeline import Reading
from logaudit.audit.restore.ledger_patch import LedgerPatch, PlannedRow, patch_ledger
from logaudit.audit.restore.ledger_style import NOT_TOLD, TODO, LedgerStyle, LoggedClose
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address
from logaudit.core.secrets import numbered
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.ledger.columns import Header, header_of
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.open_rows import standing_rows
from logaudit.reconcile.positions import filled
from logaudit.reconcile.reconciled import ClosedTrade, Session, trade_name
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

PROVENANCE: Final = "provenance.json"
#: What the open tells of a close that does not say it.
_OF_OPEN: Final = ("side", "entry_price", "size", "contracts")
_OF_WHOLE: Final = ("size", "contracts")


class Unrestored(Struct, frozen=True):
    """A lost close that gets no row, and the decision that it needs."""

    trade: str
    todo: str
    evidence: tuple[str, ...]


class Restoration(Struct, frozen=True):
    """What restoring comes to.

    Attributes:
        ledgers: the ledgers that miss rows; unrestored: the lost closes that get none.
    """

    ledgers: tuple[LedgerPatch, ...]
    unrestored: tuple[Unrestored, ...]

    @property
    def rows(self) -> int:
        """How many rows are restored."""
        return sum(len(ledger.rows) for ledger in self.ledgers)

    @property
    def decisions(self) -> int:
        """How much is left to a person."""
        return len(self.unrestored) + sum(ledger.decisions for ledger in self.ledgers)

    def provenance(self) -> bytes:
        """Where each row and cell comes from, as JSON."""
        document = {
            "logaudit": "provenance",
            "version": 1,
            "tool_version": __version__,
            "ledgers": [ledger.provenance() for ledger in self.ledgers],
            "unrestored": self.unrestored,
        }
        # The names of files and the cells that it quotes; the patches hold the ledger's own text.
        shown = numbered(msgspec.json.decode(msgspec.json.encode(document)))
        return msgspec.json.format(msgspec.json.encode(shown), indent=1) + b"\n"


def restore(reading: Reading) -> Restoration:
    """The rows that the ledgers of all sessions miss."""
    sources = {source.address: source for source in reading.sources}
    patches: list[LedgerPatch] = []
    unrestored: list[Unrestored] = []
    for session in reading.case.sessions:
        planned: dict[Address, list[PlannedRow]] = defaultdict(list)
        ledgers = {ledger.address: ledger for ledger in session.ledgers}
        planner = _Planner(session)
        for trade in session.missing:
            if not trade.lost:
                continue
            row = planner.plan(trade)
            if isinstance(row, Unrestored):
                unrestored.append(row)
            else:
                planned[row.ledger].append(row)
        patches += [patch_ledger(ledgers[address], planned[address], sources) for address in sorted(planned)]
    return Restoration(tuple(patches), tuple(unrestored))


class _Planner:
    """The rows of one session's lost closes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._standing = {standing.trade.id: standing.row for standing in standing_rows(session)}
        self._styles: dict[Address, LedgerStyle | None] = {}

    def plan(self, trade: ClosedTrade) -> PlannedRow | Unrestored:
        """The row of a lost close, or why a person must decide."""
        ledger = _home(self._session, trade)
        if ledger is None:
            return self._left(trade, "the ledger that its row belongs to is not at hand")
        style = self._style(ledger)
        if why := self._obstacle(trade, ledger):
            return self._left(trade, why)
        if style is None:
            return self._left(trade, f"the header of {ledger.address} is not understood")
        opened = trade.position.open
        opens = None if opened is None else _on_clock(ledger, opened.at)
        closed = opens if ledger.shift.of_open else _on_clock(ledger, trade.at)
        cells = style.cells(LoggedClose(_told(trade), closed, opens))
        needed = [style.header.columns[n] for n in ("closed", "symbol") if n in style.header.columns]
        lacking = [cells[index].why_empty for index in needed]
        if closed is None or any(lacking):
            return self._left(trade, next(filter(None, lacking), NOT_TOLD).removeprefix(TODO))
        name = trade_name(self._session, trade)
        return PlannedRow(
            name, ledger.address, closed.end, style.header.cells, tuple(cells), _evidence(trade)
        )

    def _obstacle(self, trade: ClosedTrade, ledger: ReconciledLedger) -> str:
        """What keeps a row from being more than a guess; empty where nothing does."""
        if (row := self._standing.get(trade.id)) is not None:
            return f"its row stands open at {row.location.cite()}: complete it there"
        if trade.tied:
            return "one row fits this close and an equal one: which of them was lost is not known"
        if ledger.shift.seconds is None and ledger.ledger.rows and ledger.shift.others:
            return f"the clock of {ledger.address} is not known: state it with --tz"
        return ""

    def _left(self, trade: ClosedTrade, why: str) -> Unrestored:
        return Unrestored(trade_name(self._session, trade), TODO + why, _evidence(trade))

    def _style(self, ledger: ReconciledLedger) -> LedgerStyle | None:
        if ledger.address not in self._styles:
            self._styles[ledger.address] = self._new_style(ledger)
        return self._styles[ledger.address]

    def _new_style(self, ledger: ReconciledLedger) -> LedgerStyle | None:
        header = _header(ledger, self._session)
        if header is None:
            return None
        own = [row for row in ledger.own_rows if row.cells.names == header.cells]
        rows = own or [
            row for lc in self._session.ledgers for row in lc.own_rows if row.cells.names == header.cells
        ]
        taken = {row.location for row in rows}
        pairs = [
            (trade.fields, trade.row)
            for trade in self._session.closed
            if trade.row is not None and not trade.parts and trade.row.location in taken
        ]
        return LedgerStyle(header, rows, pairs, ledger.ledger.convention.decimals)


def _home(session: Session, trade: ClosedTrade) -> ReconciledLedger | None:
    """The ledger in force, else the only one that bears no date: its rows before the first may be the lost ones."""
    found = in_force(session.ledgers, session.run(trade.run), trade.at.us)
    undated = [ledger for ledger in session.ledgers if ledger.ledger.name_date is None]
    if found is None and len(session.ledgers) == len(undated) == 1 and not undated[0].elsewhere:
        return undated[0]
    return found


def _header(ledger: ReconciledLedger, session: Session) -> Header | None:
    """The header in force at the end of a ledger."""
    read = ledger.ledger
    if not read.header_changes:
        named = header_of(read.header, read.delimiter, session.profile.ledger)
        dates = named.dates if named is not None and named.columns == read.columns else {}
        return Header(read.header, read.delimiter, read.columns, dates) if read.columns else None
    return header_of(read.header_changes[-1].header, read.delimiter, session.profile.ledger)


def _told(trade: ClosedTrade) -> TradeFields:
    """What the log tells of a close, its open included."""
    opened = trade.position.open
    if opened is None:
        return trade.fields
    more = filled(trade.fields, [opened.fields])
    names: Sequence[str] = [n for n in _OF_OPEN if not (n in _OF_WHOLE and len(trade.position.closes) > 1)]
    lacking = {n: getattr(more, n) for n in names if getattr(trade.fields, n) is None}
    if trade.fields.amount is not None:  # in coins or in contracts: of one close, not of the whole position
        lacking = {n: value for n, value in lacking.items() if n not in _OF_WHOLE}
    return msgspec.structs.replace(trade.fields, **lacking)


def _on_clock(ledger: ReconciledLedger, at: Stamp) -> Stamp:
    """A time of the log on the ledger's clock."""
    changes = [seconds for _, seconds in ledger.shift.changes]
    shifted = ledger.row_time(at.us) if not changes else at.us + changes[-1] * SECOND
    return Stamp(shifted, at.precision)


def _evidence(trade: ClosedTrade) -> tuple[str, ...]:
    places = [*trade.close.locations, *(trade.position.open.locations if trade.position.open else ())]
    return tuple(dict.fromkeys(place.cite() for place in places))
