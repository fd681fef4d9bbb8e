"""Messages that the diagnosis shares: conditions on closes, stages, lost closes, what a ledger holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from logaudit.core.diagnosis import BlindPath, Condition
from logaudit.core.events import EventKind
from logaudit.core.message import (
    Authored,
    Code,
    Joiner,
    Listed,
    Message,
    Place,
    Text,
    msg,
    plural,
    plural_in,
)
from logaudit.diagnosis.attributes import Attribute
from logaudit.profiles import Stage
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

_CONDITIONS: Final[dict[Attribute, Callable[[Code], Message]]] = {
    Attribute.PATH: lambda value: msg("the code path is {value}", value=value),
    Attribute.LINE: lambda value: msg("the line of code is {value}", value=value),
    Attribute.PATTERN: lambda value: msg("the close is worded as {value}", value=value),
    Attribute.CALLER: lambda value: msg("the last other code path before the close is {value}", value=value),
    Attribute.PRECEDING: lambda value: msg("the line before the close is {value}", value=value),
    Attribute.EVENT: lambda value: msg("the event before the close is {value}", value=value),
    Attribute.REASON: lambda value: msg("the reason is {value}", value=value),
    Attribute.SIDE: lambda value: msg("the side is {value}", value=value),
    Attribute.SYMBOL: lambda value: msg("the symbol is {value}", value=value),
    Attribute.RUN: lambda value: msg("the run is {value}", value=value),
    Attribute.HOUR: lambda value: msg("the hour of the day is {value}", value=value),
    Attribute.SINCE_START: lambda value: msg("the time since the run began is {value}", value=value),
    Attribute.FROM: lambda value: msg("the time is {value} or later", value=value),
    Attribute.UNTIL: lambda value: msg("the time is {value} or earlier", value=value),
}

#: What shows that a trade came to the recorder.
OF_TRADES: Final = (EventKind.TRADE_ACKNOWLEDGED, EventKind.RECORDER_FAILED)
#: Titles of the stages of a chain that no profile declares, by what shows them.
_TITLES: Final[Mapping[tuple[EventKind, ...], Message]] = {
    (EventKind.RECORDER_READY,): msg("the recorder is initialised"),
    (EventKind.LEDGER_OPENED,): msg("the ledger is created or opened"),
    OF_TRADES: msg("the code that closes the position calls the recorder"),
    (EventKind.TRADE_ACKNOWLEDGED,): msg("the row is written and acknowledged"),
}


def condition(tests: Iterable[Condition]) -> Message:
    """Tests that hold together: ``the code path is a:b and the reason is tp``."""
    found = tuple(_CONDITIONS[Attribute(test.attribute)](Code(test.value)) for test in tests)
    return Message("{tests}", (("tests", Listed(found, Joiner.AND)),))


def any_of(paths: Iterable[BlindPath]) -> Listed:
    """The conditions of several blind paths."""
    return Listed(tuple(path.condition for path in paths), Joiner.OR)


def stage_of(stage_id: str, title: Message) -> Message:
    """A stage of the recorder's chain, named."""
    return msg("stage {id} ({title})", id=Text(stage_id), title=title)


def stage_title(stage: Stage) -> Message:
    """What happens at a stage, in its author's words or, where no profile declares it, in ours."""
    if stage.title:
        return Message("{title}", (("title", Authored(tuple(stage.title.items()))),))
    return _TITLES[stage.events]


def stage_named(stage: Stage) -> Message:
    """As `stage_of`, of a stage of the profile."""
    return stage_of(stage.id, stage_title(stage))


def lost_closes(count: int) -> Message:
    """``12 lost closes``, after "of"."""
    return plural_in("of", "{n} lost close", "{n} lost closes", count)


def held(ledger: ReconciledLedger) -> Message:
    """What a ledger holds, as a part of a sentence."""
    file = Place(ledger.address)
    if not ledger.ledger.rows:
        return msg("{file} holds no row at all, only its header", file=file)
    return plural("{file} holds {n} row", "{file} holds {n} rows", len(ledger.ledger.rows), file=file)
