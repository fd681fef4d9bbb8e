"""What a line of a table is when it is no closed trade: a total, a comment, a payment, a position still open."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from logaudit.core.fields import TradeFields
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location
from logaudit.core.trades import AsideReason, EntryKind, LedgerEntry
from logaudit.ledger.cells import YES, is_blank
from logaudit.ledger.columns import VAGUE_PRICES, Header, key

if TYPE_CHECKING:
    from logaudit.ledger.openings import Openings


class SetAside(Struct, frozen=True):
    """A line that is no closed trade.

    Attributes:
        entry: what it says of an open position, with ``at`` the time of its opening or writing; None for the rest.
    """

    location: Location
    kind: EntryKind
    reason: AsideReason
    entry: LedgerEntry | None = None


_TOTAL: Final = lazy_pattern(
    r"(?:grand |sub|net )?(?:total|sum|sums|summary|average|avg|mean|итого|всего|summe|gesamt|somme|suma|合计|总计)"
    r"s?\b.*",
    re.IGNORECASE,
)
#: Hashes that fill a cell are what a spreadsheet shows of a date in a column too narrow for it.
_COMMENT: Final = lazy_pattern(r"\s*(?:#(?!\d|#+[,;\t|])|//|--\s|;;)")
_RULE: Final = lazy_pattern(r"[\s,;\t=_*+|.\-]*[=_*+|\-]{3,}[\s,;\t=_*+|.\-]*")
_STATUS_KEYS: Final = frozenset(
    {"status", "state", "position_status", "trade_status", "action", "event", "event_type", "record_type", "row_type",
     "kind", "type", "trade_type", "operation"}
)  # fmt: skip
_OPEN_WORDS: Final = frozenset(
    {"open", "opened", "opening", "entry", "enter", "entered", "active", "running"}
)
_PAYMENTS: Final = frozenset(
    {"funding", "funding_fee", "funding_payment", "funding_settlement", "deposit", "withdrawal", "withdraw",
     "transfer", "interest", "commission", "fee", "rebate", "referral", "bonus", "dividend", "balance", "credit",
     "charge", "correction", "adjustment", "cashback"}
)  # fmt: skip
_NO_TRADES: Final = frozenset({"hold", "wait", "skip", "skipped", "none", "no_trade", "no_action"})
#: Last words of a status by which nothing came about: ``ENTRY_FAILED``, ``order_rejected``.
_FAILED: Final = frozenset({"failed", "rejected", "cancelled", "canceled", "error", "denied"})


class KindReader:
    """Tells what the lines under one header are.

    The words of status columns count only where the line itself shows no result: a recorder that never changes its
    status column has written a trade all the same.
    """

    def __init__(self, header: Header) -> None:
        names = [key(cell) for cell in header.cells]
        self._status = tuple(i for i, name in enumerate(names) if name in _STATUS_KEYS)
        self._prices = tuple(
            header.columns[n] for n in ("entry_price", "exit_price", "size") if n in header.columns
        )
        self._is_open = next((i for i, name in enumerate(names) if name in ("is_open", "ft_is_open")), -1)
        self._times = tuple(header.columns[n] for n in ("closed", "opened") if n in header.columns)
        self._called = tuple(header.columns[n] for n in ("closed", "opened", "symbol") if n in header.columns)
        self._reason = header.columns.get("reason", -1)
        shows_pnl = header.columns.keys() & {"net_pnl", "gross_pnl"}
        self._price_of_any = bool(shows_pnl) and header.key("exit_price") in VAGUE_PRICES

    def is_begun(self, cells: Sequence[str], fields: TradeFields) -> bool:
        """Whether a line is said to open a position, and shows a price that may be of either end, and no PnL."""
        pnl = any(value for value in (fields.net_pnl, fields.gross_pnl))
        return self._price_of_any and not pnl and bool({key(cells[i]) for i in self._status} & _OPEN_WORDS)

    def of_line(self, cells: Sequence[str]) -> AsideReason | None:
        """What a line is that may not even have all its cells; None for what has to be read as a row."""
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        if all(_RULE.fullmatch(cell) or not cell.strip() for cell in cells):
            return AsideReason.COMMENT
        named = [first, *(cells[i].strip() for i in self._called if i < len(cells))]
        return AsideReason.TOTAL if any(map(_TOTAL.fullmatch, named)) else None

    def is_payment(self, cells: Sequence[str]) -> bool:
        """Whether a line with money but neither a price nor a size is called a payment."""
        if not self._prices or any(_is_some(cells[i]) for i in self._prices):
            return False
        return any(key(cell) in _PAYMENTS for cell in cells)

    def of_words(self, cells: Sequence[str]) -> AsideReason | None:
        """What the words of its status columns say, for a line without a result."""
        if self._is_open >= 0 and cells[self._is_open].strip().lower() in YES:
            return AsideReason.OPEN
        words = {key(cells[i]) for i in self._status}
        if words & _PAYMENTS:
            return AsideReason.PAYMENT
        # Where neither a price nor a PnL says how it ended, the reason for the line may say that it began.
        if words & _OPEN_WORDS or (self._reason >= 0 and key(cells[self._reason]) in _OPEN_WORDS):
            return AsideReason.OPEN
        failed = any(word.rpartition("_")[2] in _FAILED for word in words)
        return AsideReason.NO_TRADE if failed or words & _NO_TRADES else None


def _is_some(cell: str) -> bool:
    """Whether a cell shows anything but nothing and zero."""
    return not is_blank(cell) and bool(cell.strip().strip("0.,+-"))


def is_comment(line: str) -> bool:
    """Whether a line is a remark."""
    return _COMMENT.match(line) is not None


def shows_result(fields: TradeFields) -> bool:
    """Whether a line shows how a trade ended: an exit price or a PnL other than 0."""
    return any(value for value in (fields.exit_price, fields.net_pnl, fields.gross_pnl))


def shows_end(fields: TradeFields, blank: Collection[str]) -> bool:
    """Whether a line shows an exit price beside a PnL; where it has no cell for one, a PnL other than 0."""
    money = [value for value in (fields.net_pnl, fields.gross_pnl) if value is not None]
    if fields.exit_price is None and "exit_price" not in blank:
        return any(money)
    return bool(fields.exit_price) and bool(money)


def shows_no_more_than_result(fields: TradeFields) -> bool:
    """Whether a line shows a side and a PnL, which may be 0, and its table neither prices nor sizes."""
    sparse = fields.entry_price is None and fields.exit_price is None and fields.size is None
    return sparse and fields.side is not None and not (fields.net_pnl is None and fields.gross_pnl is None)


def shows_position(fields: TradeFields) -> bool:
    """Whether a line shows a position at all: a price or a size other than 0."""
    return any(value for value in (fields.entry_price, fields.size))


def kind_of(reason: AsideReason) -> EntryKind:
    """The kind of entry such a line is."""
    return EntryKind.OPEN_POSITION if reason is AsideReason.OPEN else EntryKind.NONE


def all_blank(cells: Sequence[str]) -> bool:
    """Whether a line holds nothing but delimiters and words for nothing."""
    return all(map(is_blank, cells)) or not "".join(cells).strip(",;\t| ")


def parted_by_words(
    rows: Sequence[LedgerEntry], columns: dict[str, int], header: Sequence[str]
) -> Openings | None:
    """As `openings_in`, of a table in which several rows show no result; few tables are such."""
    if not {"net_pnl", "gross_pnl"} & columns.keys():
        return None
    without = sum(row.fields.net_pnl is None and row.fields.gross_pnl is None for row in rows)
    if not 1 < without < len(rows):
        return None
    from logaudit.ledger.openings import openings_in  # noqa: PLC0415 - said above

    return openings_in(rows, columns, header)
