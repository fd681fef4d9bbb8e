"""Kind 3: ledgers and logs under other clocks."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from chance import Dice

from simulator import formats, ledgers, zones
from simulator.draft import Draft
from simulator.faults.fault import Fault, touching
from simulator.ledgers import Row
from simulator.plan import DAY, HOUR, MINUTE


def _shifted(draft: Draft, zone: str, *, stated: bool = False) -> bool:
    """Moves the ledger's clock; ``stated`` where the texts themselves say so."""
    at = draft.runs[0].start
    shift = zones.offset(at, zone) - zones.offset(at, draft.zone)
    if not shift:
        return False
    draft.redialect(zone=zone)
    draft.clock = shift
    if stated:
        draft.may |= {"LA303", "LA301", "LA302", "LA208"}
    else:
        draft.must.add("LA303")
        draft.may |= {"LA301", "LA302", "LA208"}
        draft.differs.add("clock")
    return True


def _rows_utc(draft: Draft, dice: Dice) -> bool:
    """Rows in UTC without saying so."""
    del dice
    return not draft.dialect.daily and _shifted(draft, "UTC")


def _rows_elsewhere(draft: Draft, dice: Dice) -> bool:
    """Rows in a zone of their own."""
    return not draft.dialect.daily and _shifted(
        draft, dice.pick(("+10800", "-18000", "+28800", "+20700", "-12600"))
    )


def _aware(at: datetime) -> str:
    return at.isoformat(sep="T", timespec="milliseconds")


def _rows_aware(draft: Draft, dice: Dice) -> bool:
    """Rows print their offset; the log does not."""
    if draft.dialect.daily:
        return False
    draft.redialect(stamp=_aware)
    return _shifted(draft, dice.pick(("UTC", "+10800", "-18000")))


def _log_offset(draft: Draft, dice: Dice) -> bool:
    """The log prints its offset; rows are in UTC, with or without saying so."""
    if draft.bot.russian or draft.dialect.daily:
        return False
    draft.relay(formats.WITH_OFFSET)
    if dice.chance(0.5):
        draft.redialect(stamp=_aware)
        return _shifted(draft, "UTC", stated=True)
    return _shifted(draft, "UTC")


def _long_ledger(draft: Draft, dice: Dice) -> bool:
    """The ledger goes back for weeks, the logs cover its last day; its clock may differ as well."""
    if draft.dialect.daily:
        return False
    if dice.chance(0.6) and not _shifted(draft, dice.pick(("UTC", "+10800"))):
        return False
    draft.row_hooks.append(lambda rows: [*_older(draft, dice, dice.whole(120, 700)), *rows])
    return True


def _older(draft: Draft, dice: Dice, count: int) -> list[Row]:
    """Rows of days before the logs, made of the same market's figures."""
    start = draft.runs[0].start - 2 * DAY
    keys = list(draft.closes)
    rows = []
    for index in range(count):
        close = draft.closes[dice.pick(keys)]
        position = draft.of(close)
        at = start - (count - index) * HOUR - dice.whole(0, 3000) * 1_000_000
        moved = position.market.tick * dice.whole(50, 900)
        older = msgspec.structs.replace(
            close, at=at, exit=close.exit + moved, gross=close.gross + moved * close.size * position.sign
        )
        place = msgspec.structs.replace(
            position, at=at - 20 * MINUTE, order=position.order - 1_000_000 - index
        )
        rows.append(Row(at, kind="older", cells=ledgers.cells(draft.dialect, place, older)))
    return rows


FAULTS: Final = (
    Fault("rows in UTC", 3, _rows_utc, touching("clock")),
    Fault("rows in another zone", 3, _rows_elsewhere, touching("clock")),
    Fault("rows with printed offsets", 3, _rows_aware, touching("clock", "stamp")),
    Fault("log with printed offsets", 3, _log_offset, touching("clock", "stamp", "layout")),
    Fault("long ledger", 3, _long_ledger, touching("clock", "older")),
)
