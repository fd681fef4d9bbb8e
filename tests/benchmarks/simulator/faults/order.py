"""Kinds 14 and 15, and the change of daylight time: tolerance, precision and the order of lines."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Final

import msgspec
from chance import Dice

from simulator import formats, ledgers, zones
from simulator.draft import Draft, Say, Sink
from simulator.faults.fault import Fault, touching
from simulator.faults.losses import some
from simulator.ledgers import Row
from simulator.plan import HOUR, MINUTE, SECOND

#: Nights on which clocks go back, and on which they go forward: zone and the instant of the change.
_AUTUMN: Final = (("Europe/Berlin", "2025-10-26T01:00:00"), ("America/New_York", "2025-11-02T06:00:00"))
_SPRING: Final = (("Europe/Berlin", "2025-03-30T01:00:00"), ("America/New_York", "2025-03-09T07:00:00"))


def _mismatch(draft: Draft, dice: Dice) -> bool:
    """A row differs from its close in one figure, by more than the digits printed."""
    chosen = {c.key for c in some(draft, dice, 2)}
    prints = draft.bot.closes.prints
    figures = [f for f in ("exit", "size") if f in prints and draft.dialect.has(f)]
    if not figures:
        return False
    figure = dice.pick(figures)

    def hook(rows: list[Row]) -> list[Row]:
        return [_altered(draft, row, figure) if chosen & {*row.closes} else row for row in rows]

    draft.row_hooks.append(hook)
    draft.must.add("LA106")
    draft.may |= {"LA204"}
    draft.exits = {0, 1}
    return bool(chosen)


def _altered(draft: Draft, row: Row, figure: str) -> Row:
    close = draft.closes[row.closes[0]]
    other = close.exit + 9 * draft.of(close).market.tick if figure == "exit" else close.size * 3
    cells = ledgers.cells(draft.dialect, draft.of(close), msgspec.structs.replace(close, **{figure: other}))
    return msgspec.structs.replace(row, cells={**row.cells, figure: cells[figure]})


def _rounded(draft: Draft, dice: Dice) -> bool:
    """The ledger keeps fewer digits than the log prints."""
    cut = dice.pick((Decimal("0.01"), Decimal("0.1")))

    def number(text: str) -> str:
        value = Decimal(text)
        kept = f"{value.quantize(cut)}"
        return text if abs(value) < 1 or "." not in text or len(kept) >= len(text) else kept

    draft.redialect(number=number, cents=2)
    return True


def _two_sinks(draft: Draft, dice: Dice) -> bool:
    """A second file tells the same calls in whole seconds, without emitters, from INFO on."""
    first = draft.sinks[0]
    if draft.bot.russian:
        second = formats.RUSSIAN_INFO if first.layout.digits == 0 else formats.LOGURU_SECONDS
        draft.sinks.append(Sink("info", second, level="INFO"))
        return True
    if first.layout != formats.LOGURU:
        return False
    draft.sinks.append(Sink("info", formats.LOGURU_SECONDS, level="INFO", part=dice.pick((0, 80))))
    return True


def _minutes(draft: Draft, dice: Dice) -> bool:
    """Rows have minutes only."""
    form = dice.pick(("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M"))
    draft.redialect(stamp=lambda at: at.strftime(form))
    draft.may |= {"LA208"}
    return True


def _set_back(draft: Draft, dice: Dice) -> bool:
    """The machine's clock is set back once, between two closes."""
    closes = draft.ordered()
    gaps = [(b.at - a.at, a.at) for a, b in pairwise(closes)]
    wide, after = max(gaps)
    if wide < 6 * MINUTE:
        return False
    at, by = after + wide // 2, dice.whole(4, 14) * MINUTE

    def hook(said: list[Say]) -> list[Say]:
        return [msgspec.structs.replace(s, at=s.at - by) if s.at >= at else s for s in said]

    draft.say_hooks.append(hook)
    draft.lags |= {c.key: draft.lags.get(c.key, 0) - by for c in closes if c.at >= at}
    draft.must.add("LA304")
    draft.may |= {"LA405", "LA303"}
    draft.clock = None
    return True


def _changed_night(draft: Draft, dice: Dice, nights: tuple[tuple[str, str], ...]) -> bool:
    zone, text = dice.pick(nights)
    if draft.dialect.daily:
        return False
    draft.zone = zone
    span = draft.last_run().end - draft.runs[0].start
    draft.move(zones.instant(text) - span * dice.whole(30, 60) // 100)
    draft.redialect(zone=zone)
    draft.may |= {"LA305", "LA301", "LA302"}
    return span > HOUR


def _autumn(draft: Draft, dice: Dice) -> bool:
    """The session spans the night on which an hour comes twice; logs and rows are local."""
    return _changed_night(draft, dice, _AUTUMN)


def _spring(draft: Draft, dice: Dice) -> bool:
    """The session spans the night on which an hour is left out."""
    return _changed_night(draft, dice, _SPRING)


def _night_utc(draft: Draft, dice: Dice) -> bool:
    """The clocks change during the session, and rows are in UTC."""
    if not _changed_night(draft, dice, dice.pick((_AUTUMN, _SPRING))):
        return False
    draft.redialect(zone="UTC")
    draft.clock = None
    draft.differs.add("clock")
    draft.may |= {"LA303"}
    draft.must.add("LA305")
    draft.may.discard("LA305")
    return True


def _moved_server(draft: Draft, dice: Dice) -> bool:
    """The log prints its offset, which changes when the bot is moved to another server."""
    if draft.bot.russian or draft.dialect.daily or len(draft.runs) < 2:
        return False
    draft.relay(formats.WITH_OFFSET)
    draft.moved = draft.runs[1].start - SECOND, dice.pick([z for z in zones.ZONES if z != draft.zone])
    draft.redialect(zone="UTC", stamp=lambda at: at.isoformat(sep=" ", timespec="milliseconds"))
    draft.clock = None
    draft.may |= {"LA303", "LA208", "LA301", "LA302"}
    return True


def _stated_zone(draft: Draft, dice: Dice) -> bool:
    """Rows are in UTC, and the user states the zone of the logs."""
    del dice
    at = draft.runs[0].start
    shift = -zones.offset(at, draft.zone)
    if draft.dialect.daily or not shift:
        return False
    draft.args += ["--tz", draft.zone]
    draft.redialect(zone="UTC")
    draft.clock = shift
    draft.must.add("LA303")
    draft.may |= {"LA301", "LA302", "LA208"}
    draft.differs.add("clock")
    return True


FAULTS: Final = (
    Fault("a figure differs", 14, _mismatch, touching("rows", "size", "numbers", "losses", "money")),
    Fault("fewer digits in the ledger", 14, _rounded, touching("numbers", "size", "rows")),
    Fault("two sinks of two precisions", 15, _two_sinks, touching("layout", "repeats")),
    Fault("rows with minutes only", 15, _minutes, touching("stamp", "clock")),
    Fault("clock set back", 15, _set_back, touching("clock", "repeats", "losses", "layout"), order=9),
    Fault("night with an hour twice", 15, _autumn, touching("move", "clock", "stamp", "repeats"), order=-1),
    Fault("night without an hour", 3, _spring, touching("move", "clock", "stamp", "repeats"), order=-1),
    Fault(
        "night of the change, rows in UTC",
        3,
        _night_utc,
        touching("move", "clock", "stamp", "repeats"),
        rich=True,
        order=-1,
    ),
    Fault("moved server", 3, _moved_server, touching("clock", "stamp", "layout", "runs", "repeats")),
    Fault("stated zone", 3, _stated_zone, touching("clock", "stamp")),
)
