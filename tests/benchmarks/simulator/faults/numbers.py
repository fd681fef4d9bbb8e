"""Kind 5: numbers and dates as spreadsheets, countries and libraries write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Final

from chance import Dice

from simulator import zones
from simulator.draft import Draft
from simulator.faults.fault import Fault, touching
from simulator.plan import MINUTE, SECOND, SOFT


def _grouped(text: str) -> str:
    """``60500.00`` → ``60,500.00``."""
    whole, dot, rest = text.partition(".")
    return (
        f"{int(whole):,}{dot}{rest}" if whole.lstrip("-").isdigit() and not whole.startswith("-0") else text
    )


def _german(text: str) -> str:
    """``60500.00`` → ``60.500,00``."""
    return _grouped(text).translate(str.maketrans(",.", ".,"))


def _noted(draft: Draft) -> bool:
    draft.may.add("LA208")
    return True


def _decimal_comma(draft: Draft, dice: Dice) -> bool:
    """Decimal commas, behind semicolons or in quotes."""
    draft.redialect(number=lambda text: text.replace(".", ","), delimiter=dice.pick((";", ";", "\t", ",")))
    return _noted(draft)


def _dot_thousands(draft: Draft, dice: Dice) -> bool:
    """Dots between thousands and decimal commas, or commas between thousands."""
    if dice.chance(0.6):
        draft.redialect(number=_german, delimiter=";")
    else:
        draft.redialect(number=_grouped, delimiter=dice.pick((";", ",")))
    return _noted(draft)


_ORDERS: Final[tuple[Callable[[datetime], str], ...]] = (
    lambda at: f"{at:%d/%m/%Y %H:%M:%S}",
    lambda at: f"{at:%m/%d/%Y %H:%M:%S}",
    lambda at: f"{at:%d.%m.%Y %H:%M:%S}",
    lambda at: f"{at:%d-%m-%Y %H:%M:%S}",
    lambda at: f"{at.month}/{at.day}/{at.year} {at:%I:%M:%S %p}",
    lambda at: f"{at.month}/{at.day}/{at:%y} {at.hour}:{at:%M:%S}",
    lambda at: f"{at:%d %b %Y %H:%M:%S}",
)


def _date_order(draft: Draft, dice: Dice) -> bool:
    """Dates that begin with the day or the month."""
    draft.redialect(stamp=dice.pick(_ORDERS))
    return _noted(draft)


def _epoch(draft: Draft, dice: Dice) -> bool:
    """Times are seconds or milliseconds since 1970: UTC, whatever the log's zone is."""
    if draft.dialect.daily:
        return False
    factor = dice.pick((1, 1000))
    draft.redialect(stamp=lambda at: str(int(at.timestamp() * factor)))
    shift = -zones.offset(draft.runs[0].start, draft.zone)
    draft.clock = shift
    draft.redialect(zone="UTC")
    if shift:
        draft.must.add("LA303")
        draft.differs.add("clock")
    return _noted(draft)


_WORDS: Final = {"EST": "-18000", "UTC": "UTC", "CET": "+3600", "JST": "+32400", "PDT": "-25200"}


def _zone_word(draft: Draft, dice: Dice) -> bool:
    """A zone's short name follows the time."""
    if draft.dialect.daily:
        return False
    word = dice.pick(list(_WORDS))
    shift = zones.offset(draft.runs[0].start, _WORDS[word]) - zones.offset(draft.runs[0].start, draft.zone)
    draft.redialect(zone=_WORDS[word], stamp=lambda at: f"{at:%Y-%m-%d %H:%M:%S} {word}")
    draft.clock = shift
    if shift:
        draft.must.add("LA303")
        draft.may |= {"LA301", "LA302"}
        draft.differs.add("clock")
    return _noted(draft)


def _hour_24(draft: Draft, dice: Dice) -> bool:
    """The hour after midnight is the 24th of the day before."""
    start = draft.runs[0].start
    midnight = start - _since_midnight(start, draft.zone)
    draft.move(midnight + dice.whole(2, 20) * MINUTE)

    def stamp(at: datetime) -> str:
        if at.hour:
            return f"{at:%Y-%m-%d %H:%M:%S}"
        before = datetime.fromordinal(at.toordinal() - 1)
        return f"{before:%Y-%m-%d} 24:{at:%M:%S}"

    draft.redialect(stamp=stamp)
    # Refusing such a time is right as well, as long as nothing is claimed of the row.
    draft.change([c.key for c in draft.ordered() if not zones.local(c.at, draft.zone).hour], room=SOFT)
    draft.exits = {0, 1, 3}
    draft.may |= {"LA301", "LA302", "LA203"}
    return _noted(draft) and not draft.dialect.daily


def _since_midnight(at: int, zone: str) -> int:
    shown = zones.local(at, zone)
    return (shown.hour * 3600 + shown.minute * 60 + shown.second) * SECOND


def _blanks(draft: Draft, dice: Dice) -> bool:
    """Cells without a value hold a word or a dash."""
    more = (("stop_loss", "stop"), ("signal_id", "signal"))
    draft.redialect(
        columns=(*draft.dialect.columns, *more), blank=dice.pick(("-", "None", "N/A", "nan", "null", "--"))
    )
    return True


def _scientific(draft: Draft, dice: Dice) -> bool:
    """Small numbers with an exponent, as floats are printed."""
    del dice
    draft.redialect(number=lambda text: repr(float(text)) if abs(Decimal(text)) >= 1 else f"{float(text):e}")
    return True


def _units(draft: Draft, dice: Dice) -> bool:
    """Numbers with their currency."""
    form = dice.pick(("{} USDT", "${}"))
    draft.redialect(number=lambda text: form.format(text).replace("$-", "-$"))
    return _noted(draft)


FAULTS: Final = (
    Fault("decimal comma", 5, _decimal_comma, touching("numbers")),
    Fault("thousands", 5, _dot_thousands, touching("numbers")),
    Fault("date order", 5, _date_order, touching("stamp")),
    Fault("epoch times", 5, _epoch, touching("stamp", "clock")),
    Fault("zone word", 5, _zone_word, touching("stamp", "clock")),
    Fault("hour 24", 5, _hour_24, touching("stamp", "clock", "move")),
    Fault("blanks", 5, _blanks, touching("columns")),
    Fault("scientific numbers", 5, _scientific, touching("numbers")),
    Fault("currency signs", 5, _units, touching("numbers")),
)
