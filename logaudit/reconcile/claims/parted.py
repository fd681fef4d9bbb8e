"""Announcements of one close that a row adds up: they tell of partial closes, not again of the same one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from logaudit.core.events import Event
from logaudit.core.fields import TradeFields
from logaudit.core.money import agree
from logaudit.core.trades import LedgerEntry, symbol_key
from logaudit.reconcile.claims.claim import Claim
from logaudit.reconcile.links import Links
from logaudit.reconcile.matching import explain
from logaudit.reconcile.matching.deviations import LOOSE
from logaudit.reconcile.matching.grain import adds_up, as_one, within_sums
from logaudit.reconcile.matching.value_index import ValueIndex
from logaudit.reconcile.positions import voice_of
from logaudit.reconcile.positions.telling import AT_ONCE
from logaudit.reconcile.timeline import CROWD, NEAREST

#: Sums that agree in money and in one number more are no coincidence, nor those of so many digits.
_ENOUGH = 2
_DIGITS = 4


def parts_of(claims: Sequence[Claim], links: Links) -> Mapping[int, tuple[Event, ...]]:
    """Index of a claim → those of its echoes that tell of other parts of its position.

    A log that prints no sizes does not tell partial closes from a retry that prints the price of the moment; a row
    with the sum of their money does.
    """
    own = {row.location for row in links.rows}
    free = _Free([row for row in links.unexplained if row.location in own])
    found: dict[int, tuple[Event, ...]] = {}
    for c, claim in enumerate(claims):
        match = links.matched.get(c)
        if not claim.echoes or (match is not None and not match.comparison.differing):
            continue
        own_row = [links.rows[match.row]] if match is not None else []
        for others in dict.fromkeys((_distinct(claim), _apart(claim))):
            parts = [event.fields for event in (claim.close, *others)]
            opened = claim.position.open
            whole = as_one(parts, None if opened is None else opened.fields)
            if others and any(_is_sum(whole, parts, row) for row in (*free.like(whole), *own_row)):
                found[c] = others
                break
    return found


def _distinct(claim: Claim) -> tuple[Event, ...]:
    """One echo for each exit price and result that the claim's close does not show, nor shows in fewer digits."""
    seen = {_told(claim.close)}
    found: list[Event] = []
    for echo in claim.echoes:
        if (
            echo.fields.result is not None
            and _told(echo) not in seen
            and not any(_says_again(echo, told) for told in (claim.close, *found))
        ):
            seen.add(_told(echo))
            found.append(echo)
    return tuple(found)


def _apart(claim: Claim) -> tuple[Event, ...]:
    """The echoes that no other line of the close tells at once: parts may be equal."""
    found = [claim.close]
    for echo in claim.echoes:
        if echo.fields.result is not None and all(abs(echo.at.us - e.at.us) > AT_ONCE for e in found):
            found.append(echo)
    return tuple(found[1:])


def _says_again(echo: Event, told: Event) -> bool:
    """Whether another statement says at once the result that was told, as far as it is printed."""
    ours, theirs = told.fields, echo.fields
    if abs(echo.at.us - told.at.us) > AT_ONCE or voice_of(echo) == voice_of(told):
        return False
    if ours.result is None or theirs.result is None or not agree(ours.result, theirs.result):
        return False
    prices = ours.exit_price, theirs.exit_price
    return prices[0] is None or prices[1] is None or agree(prices[0], prices[1])


def _told(event: Event) -> tuple[object, ...]:
    return event.fields.exit_price, event.fields.result


class _Free:
    """Rows that nothing links, by their markets."""

    def __init__(self, rows: Sequence[LedgerEntry]) -> None:
        self._of: dict[str, list[LedgerEntry]] = defaultdict(list)
        for row in rows:
            self._of[symbol_key(row.fields.symbol)].append(row)
        self._indices: dict[str, ValueIndex] = {}

    def like(self, whole: TradeFields) -> list[LedgerEntry]:
        """The rows of a market; of many those that show a number of this trade which few do."""
        market = symbol_key(whole.symbol)
        rows = self._of.get(market, [])
        if len(rows) <= CROWD:
            return rows
        if market not in self._indices:
            self._indices[market] = ValueIndex([row.fields for row in rows])
        return [rows[i] for i in self._indices[market].candidates(whole, NEAREST)]


def _is_sum(whole: TradeFields, parts: Sequence[TradeFields], row: LedgerEntry) -> bool:
    """Whether a row of the market shows what the parts make together."""
    if symbol_key(whole.symbol) != symbol_key(row.fields.symbol):
        return False
    explained = explain(whole, row.fields)
    told = within_sums(explained.comparison, parts)
    if not told.differing and not LOOSE.isdisjoint(explained.deviations):
        return told.agreeing >= _ENOUGH
    shown = row.fields.net_pnl if row.fields.net_pnl is not None else row.fields.gross_pnl
    rare = shown is not None and len(shown.as_tuple().digits) >= _DIGITS
    return adds_up(told, parts) and (told.agreeing >= _ENOUGH or rare)
