"""What a verified profile holds; everything one bot says in its own words is in here."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.core.events import EventKind
from logaudit.core.fields import FieldName
from logaudit.core.trades import EntryKind
from logaudit.profiles.literals import literals_of
from logaudit.profiles.watchdog import SECONDS, Budget, search

#: Characters of a line that patterns look at. A logged object can be megabytes long, and a regex may take
#: time that grows with the square of it.
LINE_LIMIT: Final = 2048


#: Name and origin of a profile that ledger rows have taught.
LEARNED: Final = "learned"
#: What the ids of the patterns begin with that rows taught.
LEARNED_CLOSE: Final = "learned-close-"


class PatternRole(StrEnum):
    """What a matching line does.

    ``event`` states a fact by itself and, with ``block``, opens a block that later lines fill;
    ``part`` adds values to the open block of its emitter; ``hint`` comes before the event and lends it
    values it does not repeat.
    """

    EVENT = "event"
    PART = "part"
    HINT = "hint"


class Sample(Struct, frozen=True):
    """A line the pattern must match and the values it must yield."""

    line: str
    values: dict[FieldName, str]


# Its dict holds what follows from its texts, made when first asked for; that does not travel between processes.
class Pattern(Struct, frozen=True, dict=True):
    """One kind of line.

    Attributes:
        id: unique in the profile.
        event: the fact it states; for parts and hints, the fact they belong to.
        block: name of the block it opens, fills or announces; empty for a one-line event.
        written: the text of `regex`; emitter_written: that of `emitter`, empty for none.
        constants: values every match gets.
        watched: whether a user wrote it, so that its regex may take for ever.
    """

    id: str
    role: PatternRole
    event: EventKind
    block: str
    written: str
    emitter_written: str
    constants: dict[FieldName, str]
    samples: tuple[Sample, ...] = ()
    rejects: tuple[str, ...] = ()
    watched: bool = False

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Searched in one line's message, the log format's prefix removed.

        Patterns are tried in the profile's order, and the first that matches a line takes it.
        """
        return re.compile(self.written)

    @cached_property
    def emitter(self) -> re.Pattern[str] | None:
        """Searched in ``module:function``; None for any.

        Lines whose log format prints no emitter are not held to it.
        """
        return re.compile(self.emitter_written) if self.emitter_written else None

    @cached_property
    def literals(self) -> tuple[str, ...]:
        """Texts of which every matching line contains at least one; empty when none follows from the regex."""
        return literals_of(self.written)

    def budget(self, seconds: float = SECONDS) -> Budget | None:
        """The time that its regex may take over the lines of a source; None for any."""
        return Budget(seconds) if self.watched else None

    def read(self, line: str, budget: Budget | None = None) -> dict[FieldName, str] | None:
        """The values a line's first `LINE_LIMIT` characters yield, or None when they do not match.

        Raises:
            SlowRegexError: the ``budget`` is used up.
        """
        match = search(self.regex, line, LINE_LIMIT, budget)
        if match is None:
            return None
        found = {FieldName(k): v.strip() for k, v in match.groupdict().items() if v and v.strip()}
        return {**self.constants, **found}


class WrittenFormat(Struct, frozen=True):
    """A format string as the bot's source has it: loguru ``format=``, or stdlib with its datefmt."""

    format: str
    datefmt: str = ""


class BlockSpec(Struct, frozen=True):
    """How the lines of one event hang together.

    Attributes:
        window: seconds within which parts follow, and hints precede, the line that states the event.
        required: values without which the event counts as cut (its figures lie elsewhere).
    """

    name: str
    window: float = 5.0
    required: tuple[FieldName, ...] = ()


class LedgerSpec(Struct, frozen=True):
    """The trades CSV.

    Attributes:
        files: glob patterns of its names, a hint only.
        columns: canonical column name → the headers that mean it, lower case.
        window: seconds between a close's record and its row within which they may be one trade.
        separator, decimal, date_order, zone: how the table is written, where the user states it; empty where its
            own cells decide.
        kind: what each of its rows records: a closed trade, or a fill.
        symbol: the market of all rows of a table without a column for it, as the user states it.
        named_symbol: the market that the file's name names; it counts where rows show the prices of whole trades.
        places: canonical column → digits behind the point, where a database holds its numbers as integers.
    """

    files: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    window: float = 5.0
    separator: str = ""
    decimal: str = ""
    date_order: str = ""
    zone: str = ""
    symbol: str = ""
    named_symbol: str = ""
    kind: EntryKind = EntryKind.CLOSED_TRADE
    places: dict[str, int] = field(default_factory=dict)

    def with_stated(self, stated: LedgerSpec) -> LedgerSpec:
        """What the user states of a table, over what the profile says."""
        return replace(
            stated,
            files=(*stated.files, *self.files),
            columns={**self.columns, **stated.columns},
            window=self.window,
            kind=self.kind,
            places=self.places,
        )


class HealthFile(Struct, frozen=True):
    """Another CSV the bot writes, checked only for being alive."""

    title: str
    files: tuple[str, ...]
    time_column: str


class Stage(Struct, frozen=True):
    """One step of the recorder's chain, in order; ``events`` are the facts that show it happened."""

    id: str
    title: dict[str, str]
    events: tuple[EventKind, ...] = ()
    patterns: tuple[str, ...] = ()
    log_statement: str = ""


class Profile(Struct, frozen=True):
    """One bot.

    Attributes:
        watched: whether a user wrote it, so that a regex of it may take for ever.
    """

    name: str
    title: str
    origin: str
    formats: tuple[WrittenFormat, ...]
    markers: tuple[re.Pattern[str], ...]
    sides: dict[str, str]
    blocks: dict[str, BlockSpec]
    patterns: tuple[Pattern, ...]
    ledger: LedgerSpec
    health: tuple[HealthFile, ...]
    stages: tuple[Stage, ...]
    watched: bool = False

    def has(self, kind: EventKind) -> bool:
        """Whether the profile can recognise this fact at all."""
        return any(p.event is kind and p.role is PatternRole.EVENT for p in self.patterns)

    def pattern(self, pattern_id: str) -> Pattern:
        """The pattern of this id; raises KeyError."""
        for pattern in self.patterns:
            if pattern.id == pattern_id:
                return pattern
        raise KeyError(pattern_id)
