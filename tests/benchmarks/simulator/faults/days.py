"""Kind 17: sessions that go on past midnight."""

from __future__ import annotations

from typing import Final

import msgspec
from chance import Dice

from simulator import zones
from simulator.draft import Draft
from simulator.faults.fault import Fault, touching
from simulator.faults.losses import SILENCE, some
from simulator.plan import HOUR, SECOND


def _second_day(draft: Draft, dice: Dice) -> bool:
    """A run goes on past midnight; its closes of the new day are lost and that day has no ledger."""
    if not draft.bot.russian and not draft.dialect.daily:
        return False
    closes = draft.ordered()
    middle = closes[dice.whole(len(closes) // 3, 2 * len(closes) // 3)].at + 30 * SECOND
    draft.runs = [msgspec.structs.replace(draft.runs[0], end=draft.last_run().end)]
    draft.positions = [msgspec.structs.replace(p, run=0) for p in draft.positions]
    start = draft.runs[0].start
    shown = zones.local(start, draft.zone)
    midnight = start - (shown.hour * 3600 + shown.minute * 60 + shown.second) * SECOND + 24 * HOUR
    draft.move(midnight - (middle - start))
    keys = [c.key for c in draft.closes.values() if c.at >= midnight]
    draft.change(keys, row=False, ack=False, cause="")
    draft.alike = SILENCE
    draft.must.add("LA201")
    draft.may |= {"LA202", "LA302", "LA301"}
    return 0 < len(keys) < len(closes) and zones.steady(
        midnight - 12 * HOUR, midnight + 12 * HOUR, draft.zone
    )


def _not_rolled(draft: Draft, dice: Dice) -> bool:
    """A run goes on past midnight in the ledger of the day on which it began; some closes are lost."""
    if not draft.dialect.daily or len(draft.runs) > 1:
        return False
    start = draft.runs[0].start
    closes = draft.ordered()
    middle = closes[len(closes) // 2].at + 30 * SECOND
    shown = zones.local(start, draft.zone)
    midnight = start - (shown.hour * 3600 + shown.minute * 60 + shown.second) * SECOND + 24 * HOUR
    draft.move(midnight - (middle - start))
    begun = draft.runs[0].start
    day = f"{zones.local(begun, draft.zone):%Y-%m-%d}"
    draft.redialect(name=draft.dialect.name.format(day=day), daily=False)
    keys = [c.key for c in some(draft, dice, 2)] if dice.chance(0.5) else []
    draft.change(keys, row=False, ack=False, cause="")
    draft.must.add("LA302")
    draft.may |= {"LA301", "LA201"}
    return zones.steady(midnight - 12 * HOUR, midnight + 12 * HOUR, draft.zone)


FAULTS: Final = (
    Fault(
        "no ledger of the second day",
        17,
        _second_day,
        touching("losses", "runs", "move", "rows", "clock", "file"),
        order=-1,
    ),
    Fault(
        "ledger not rolled at midnight",
        17,
        _not_rolled,
        touching("losses", "runs", "move", "clock"),
        order=-1,
    ),
)
