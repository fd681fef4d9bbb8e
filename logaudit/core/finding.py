"""What rules say: severities, rule descriptions and findings."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct, field

from logaudit.core.location import Location
from logaudit.core.message import Message
from logaudit.core.secrets.marks import redact, without_numbers
from logaudit.core.timestamp import Stamp

#: Plain values a finding may carry to renderers: money and times are already strings.
if TYPE_CHECKING:
    Data: TypeAlias = "str | int | bool | list[Data] | dict[str, Data] | None"
else:  # decoders follow types, but not in circles
    Data = str | int | bool | list | dict | None


class Severity(StrEnum):
    """``error``: the ledger is wrong; ``warning``: it may be; ``note``: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return _RANK[self]


_RANK: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class Needs(StrEnum):
    """What a rule needs at hand to say anything about a session."""

    BOTH = "both"
    LOGS = "logs"
    LEDGER = "ledger"
    NOTHING = "nothing"


class ReportSection(StrEnum):
    """A section of reports that tells a rule's findings beside the list of all: as moments, or as what is missing."""

    TIMELINE = "timeline"
    COLLECTION = "collection"
    LEDGERS = "ledgers"


class Rule(Struct, frozen=True):
    """A rule's identity; its page is the docstring of the module that holds it.

    Attributes:
        title: what it finds, as a heading of reports.
        needs: without this in a session the rule can say nothing about it.
        overlaps: whether a span that reaches into the time that is judged counts, too: a silence hides some of it.
        told_in: the section of reports that tells its findings as well.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    title: Message | None = None
    needs: Needs = Needs.BOTH
    overlaps: bool = False
    told_in: ReportSection | None = None


class Finding(Struct, frozen=True):
    """One rule's claim.

    Attributes:
        rule, name: the rule's code and name.
        severity: may be lower than the rule's usual one, never invented by a renderer.
        message: one paragraph for a tired reader; figures included, log text quoted at most once.
        locations: evidence, the primary first.
        run: id of the run it belongs to, empty for findings about files or streams.
        session: folder of the bot it belongs to, relative, ``.`` for the scanned root.
        fingerprint: stable over rotation, renaming and moving; see `fingerprint`.
        data: the figures behind the message, for machines.
        remedy: what to do, one sentence; none when the rule's page says all.
        parts: fingerprints of the findings it sums up: a run's silence is made of its lost trades, and a
            known one stays known while any of them is, wherever the logs at hand begin.
        title: what its rule finds, as a heading of reports.
        at: when it was, on the clock of its first place; None where it is about no moment, or about a close.
        until: where it counts what lies between `at` and a later moment, that moment.
        told_in: as its rule's.
    """

    rule: str
    name: str
    severity: Severity
    message: Message
    locations: tuple[Location, ...]
    fingerprint: str
    run: str = ""
    session: str = "."
    data: dict[str, Data] = field(default_factory=dict)
    remedy: Message | None = None
    parts: tuple[str, ...] = ()
    title: Message | None = None
    at: Stamp | None = None
    until: Stamp | None = None
    told_in: ReportSection | None = None


def fingerprint(code: str, *meaning: object) -> str:
    """16 hex digits over the rule and what the finding means (symbol, side, time), never over places or credentials."""
    text = without_numbers(redact("\x1f".join([code, *(str(part) for part in meaning)])))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]
