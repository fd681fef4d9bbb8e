"""The shape of a profile file: which keys a TOML table may hold, and of what type."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

#: The version of the file format that this logaudit reads.
SCHEMA: Final = 1

_Window = Annotated[float, msgspec.Meta(gt=0, le=3600)]
_Name = Annotated[str, msgspec.Meta(min_length=1)]


class SampleTable(msgspec.Struct, forbid_unknown_fields=True):
    """``[[patterns.samples]]``."""

    line: _Name
    values: dict[str, str] = {}


class PatternTable(msgspec.Struct, forbid_unknown_fields=True):
    """``[[patterns]]``."""

    id: _Name
    event: str
    regex: _Name
    samples: Annotated[list[SampleTable], msgspec.Meta(min_length=1)]
    role: str = "event"
    block: str = ""
    emitter: str = ""
    set: dict[str, str] = {}
    rejects: list[str] = []


class FormatTable(msgspec.Struct, forbid_unknown_fields=True):
    """``[[formats]]``."""

    format: _Name
    datefmt: str = ""


class BlockTable(msgspec.Struct, forbid_unknown_fields=True):
    """``[blocks.NAME]``."""

    window: _Window = 5.0
    required: list[str] = []


class LedgerTable(msgspec.Struct, forbid_unknown_fields=True):
    """``[ledger]``."""

    files: list[str] = []
    columns: dict[str, list[str]] = {}
    window: _Window = 5.0
    kind: Literal["closed-trade", "fill"] = "closed-trade"
    places: dict[str, Annotated[int, msgspec.Meta(ge=1, le=18)]] = {}


class HealthTable(msgspec.Struct, forbid_unknown_fields=True):
    """``[[health]]``."""

    title: _Name
    files: Annotated[list[str], msgspec.Meta(min_length=1)]
    time_column: _Name = "timestamp"


class StageTable(msgspec.Struct, forbid_unknown_fields=True):
    """``[[stages]]``."""

    id: _Name
    title: dict[str, str]
    events: list[str] = []
    patterns: list[str] = []
    log_statement: str = ""


class ProfileFile(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    schema: int
    name: _Name
    title: _Name
    patterns: Annotated[list[PatternTable], msgspec.Meta(min_length=1)]
    formats: list[FormatTable] = []
    markers: list[str] = []
    sides: dict[str, list[str]] = {}
    fragments: dict[str, str] = {}
    blocks: dict[str, BlockTable] = {}
    ledger: LedgerTable = msgspec.field(default_factory=LedgerTable)
    health: list[HealthTable] = []
    stages: list[StageTable] = []
