"""Kind 11: rows that someone else wrote, that stand twice, that have no close or another unit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec
from chance import Dice

from simulator import ledgers, zones
from simulator.draft import Draft
from simulator.faults.fault import Fault, touching
from simulator.faults.losses import some
from simulator.ledgers import Row
from simulator.plan import MINUTE, SECOND, Close


def _backfilled(draft: Draft, dice: Dice) -> bool:
    """Someone adds the rows of lost closes later, and repeats some that were there, in a hand of their own."""
    gone = some(draft, dice, 3)
    keys = {c.key for c in gone}
    kept = [c for c in draft.ordered() if c.row and c.key not in keys]
    again = [dice.pick(kept) for _ in range(dice.whole(0, 2))]
    draft.change(keys, row=False, ack=False, restored=True, cause="")

    def hook(rows: list[Row]) -> list[Row]:
        end = draft.last_run().end
        more = [_by_hand(draft, draft.closes[k], end, "restored") for k in sorted(keys)]
        return [
            *rows,
            *more,
            *(_by_hand(draft, c, end, "repeated") for c in {c.key: c for c in again}.values()),
        ]

    draft.row_hooks.append(hook)
    draft.may |= {"LA101", "LA102", "LA107"}
    draft.exits = {0, 1}
    return bool(keys) and not draft.dialect.daily and draft.dialect.has("exit")


def _by_hand(draft: Draft, close: Close, at: int, kind: str) -> Row:
    """A row with the minute only, money to the cent and no reason."""
    shown = zones.local(close.at, draft.dialect.zone)
    cells = ledgers.cells(draft.dialect, draft.of(close), close)
    money = {m: draft.dialect.number(f"{Decimal(getattr(close, m)):.2f}") for m in ("gross", "fee", "net")}
    cells = {**cells, **money, "closed": f"{shown:%Y-%m-%d %H:%M:%S}", "reason": "", "duration": ""}
    return Row(at, (close.key,), kind, cells, recorder=False)


def _duplicates(draft: Draft, dice: Dice) -> bool:
    """A row stands twice."""
    keys = {c.key for c in some(draft, dice, 2)}

    def hook(rows: list[Row]) -> list[Row]:
        return [copy for r in rows for copy in ((r, r) if keys & {*r.closes} else (r,))]

    draft.row_hooks.append(hook)
    draft.must.add("LA107")
    draft.may.add("LA111")
    draft.exits = {0, 1}
    return bool(keys)


def _orphans(draft: Draft, dice: Dice) -> bool:
    """Rows of which no line tells, in a time that the logs cover."""
    chosen = [dice.pick(draft.ordered()) for _ in range(dice.whole(1, 2))]
    rows = []
    for index, close in enumerate(chosen):
        position = draft.of(close)
        price = close.exit + position.market.tick * dice.whole(500, 900)
        other = msgspec.structs.replace(
            close, exit=price, gross=close.gross + 11 + index, at=close.at + 95 * SECOND
        )
        place = msgspec.structs.replace(
            position, entry=position.entry + position.market.tick * 77, order=9_000 + index
        )
        rows.append(Row(other.at, kind="orphan", cells=ledgers.cells(draft.dialect, place, other)))
    draft.row_hooks.append(lambda kept: sorted([*kept, *rows], key=lambda r: r.at))
    draft.may |= {"LA111", "LA204"}
    draft.exits = {0, 1}
    return all(r.at < draft.last_run().end - MINUTE for r in rows) and draft.dialect.has("exit")


def _unit_error(draft: Draft, dice: Dice) -> bool:
    """The results of one symbol are off by a constant factor."""
    symbols = [p.market.symbol for p in draft.positions]
    symbol = dice.pick([s for s in symbols if symbols.count(s) >= 2] or symbols)
    factor = dice.pick((Decimal(100), Decimal(10), Decimal("0.01")))

    def hook(rows: list[Row]) -> list[Row]:
        return [_scaled(draft, r, factor) if _about(draft, r, symbol) else r for r in rows]

    draft.row_hooks.append(hook)
    draft.must.add("LA106")
    draft.may |= {"LA204"}
    draft.exits = {0, 1}
    return any(_told(draft, c, symbol) for c in draft.closes.values())


def _told(draft: Draft, close: Close, symbol: str) -> bool:
    return draft.of(close).market.symbol == symbol and close.row and "result" in draft.bot.closes.prints


def _about(draft: Draft, row: Row, symbol: str) -> bool:
    return any(draft.of(draft.closes[k]).market.symbol == symbol for k in row.closes)


def _scaled(draft: Draft, row: Row, factor: Decimal) -> Row:
    close = draft.closes[row.closes[0]]
    fixed = msgspec.structs.replace(close, gross=close.gross * factor, fee=close.fee * factor)
    cells = ledgers.cells(draft.dialect, draft.of(close), fixed)
    return msgspec.structs.replace(row, cells={**row.cells, **{m: cells[m] for m in ("gross", "fee", "net")}})


FAULTS: Final = (
    Fault("backfilled", 11, _backfilled, touching("losses", "rows", "clock", "stamp", "numbers")),
    Fault("duplicates", 11, _duplicates, touching("losses", "rows")),
    Fault("orphans", 11, _orphans, touching("rows", "clock", "losses")),
    Fault("unit error", 11, _unit_error, touching("rows", "money", "losses")),
)
