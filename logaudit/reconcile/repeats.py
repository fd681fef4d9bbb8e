"""Which repeats of a close only say the same in another voice, and which claim another close of the position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from logaudit.core.events import Event
from logaudit.core.timestamp import MINUTE
from logaudit.reconcile.positions import Voice, shared, voice_of
from logaudit.reconcile.reconciled import ClosedTrade

#: A voice that repeats so many closes, each at once and none of its own, only passes on what another says.
_FEWEST: Final = 3


class Voices(Struct, frozen=True):
    """The voices of a session.

    Attributes:
        closing: those that tell of closes first; passing_on: those that only repeat what others tell, each time soon
            after: a notifier, the fill of a placed order.
    """

    closing: frozenset[Voice]
    passing_on: frozenset[Voice]


def voices_of(trades: Sequence[ClosedTrade]) -> Voices:
    """Who tells of these closes, and who repeats them."""
    closing = frozenset(voice_of(t.close) for t in trades)
    echoes = [(voice_of(e), abs(e.at.us - t.close.at.us) <= MINUTE) for t in trades for e in t.echoes]
    late = {voice for voice, soon in echoes if not soon}
    again = {voice for t in trades for voice, n in Counter(map(voice_of, t.echoes)).items() if n > 1}
    counts = Counter(voice for voice, _ in echoes)
    passing_on = (v for v, n in counts.items() if n >= _FEWEST and v not in closing | late | again)
    return Voices(closing, frozenset(passing_on))


def claims_another(trade: ClosedTrade, echo: Event, voices: Voices) -> bool:
    """Whether a repeat claims another close of the position: by a voice that closes, or with figures of its own."""
    voice = voice_of(echo)
    if voice in voices.passing_on:
        return False
    return voice in voices.closing or shared(trade.fields, echo.fields).differing > 0
