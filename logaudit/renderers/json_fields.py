"""Writes the report's structs as plain data for JSON: which keys each has, in the documented order.

A key is the name of the struct's field. Decimals become strings with their own digits, messages English sentences,
enums their values; what is not known is null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final, NamedTuple, cast

from logaudit.core.diagnosis import (
    BlindPath,
    ChainStep,
    Condition,
    Divergence,
    FailurePoint,
    Hypothesis,
    Impact,
    ImpactGroup,
    NextCheck,
    Prediction,
    Separation,
    StageView,
)
from logaudit.core.diff import ScanSide, TradeFate
from logaudit.core.finding import Data, Finding
from logaudit.core.location import Address, Location
from logaudit.core.message import (
    Message,
    plain_text,
)
from logaudit.core.money import format_decimal
from logaudit.core.money_parts import Amount, MoneyParts
from logaudit.core.policy_result import KnownFinding
from logaudit.core.report import (
    ClockReport,
    CoverageReport,
    LedgerReport,
    ProfileChoice,
    RunReport,
    Statement,
    Summary,
)
from logaudit.core.source_code import (
    CloseSite,
    ModuleMatch,
    PathChange,
    SourceAnalysis,
    SourceMatch,
    SourceProblem,
)
from logaudit.core.source_report import ArchiveMember, FileReport, Skipped, SourceReport
from logaudit.core.timestamp import Stamp
from logaudit.core.trade_report import RepeatReport, TradeReport
from logaudit.core.trades import TradeState
from logaudit.renderers.json_text import location

#: Types of values that are plain data; most values are of one of these.
_AS_THEY_ARE: Final = frozenset({type(None), bool, int, str})


class _Key(NamedTuple):
    """One key: its value in a struct, and what an empty one stands for: not known, or nothing to say."""

    name: str
    value: Callable[[Any], object]
    may_be_empty: bool
    left_out: bool = False


def data_of(value: object, *, spaced: bool = False) -> Data:
    """A value of the report as plain data.

    Args:
        spaced: whether sentences show times with a space for their ``T``, as people read them.
    """
    if type(value) in _AS_THEY_ARE:
        return cast("Data", value)
    match value:
        case tuple() | list():
            return [data_of(item, spaced=spaced) for item in value]
        case dict():
            return {str(key): data_of(item, spaced=spaced) for key, item in value.items()}
        case _ if (keys := _KEYS.get(type(value))) is not None:
            return {
                key.name: None if key.may_be_empty and found == "" else data_of(found, spaced=spaced)
                for key in keys
                for found in (key.value(value),)
                if found or not key.left_out
            }
        case _:
            return _plain(value, spaced=spaced)


def _plain(value: object, *, spaced: bool) -> Data:
    """A value that is no collection and none of the report's own structs."""
    found: Data
    match value:
        case StrEnum():
            found = value.value
        case int() | str():
            found = value
        case Location():
            found = location(value)
        case Decimal():
            found = format_decimal(value)
        case Stamp():
            found = value.iso()
        case date():
            found = value.isoformat()
        case Message():
            found = plain_text(value, spaced=True) if spaced else str(value)
        case _:
            raise TypeError(type(value))
    return found


def struct_data(value: object) -> dict[str, Data]:
    """A struct as an object, to which others are added."""
    found = data_of(value)
    assert isinstance(found, dict)  # noqa: S101 - what `_KEYS` holds is an object
    return found


def _keys(names: str, **values: Callable[[Any], object]) -> tuple[_Key, ...]:
    """The keys of a struct.

    Args:
        names: in order; ``?`` after one whose empty text is null, ``*`` after one that is left out when empty.
        values: of the keys that are no fields.
    """
    plain = (name.rstrip("?*") for name in names.split())
    return tuple(
        _Key(name, values.get(name) or attrgetter(name), shown.endswith("?"), shown.endswith("*"))
        for name, shown in zip(plain, names.split(), strict=True)
    )


def _named(*names: str) -> Callable[[Sequence[tuple[Any, ...]]], object]:
    """Tuples as objects with these keys."""
    return lambda items: [dict(zip(names, item, strict=True)) for item in items]


def _all(field: str, show: Callable[[Any], object]) -> Callable[[Any], object]:
    """The field of a struct as ``show`` gives it."""
    value = attrgetter(field)
    return lambda one: show(value(one))


def _states(counts: Mapping[TradeState, int]) -> object:
    """In the order of their definition."""
    return {state.value: counts[state] for state in TradeState if state in counts}


def _sides(show: Callable[[Amount], object]) -> Callable[[MoneyParts], object]:
    """Every part of both sides as ``show`` gives it."""
    return lambda money: {
        "log": {name: show(amount) for name, amount in money.log.parts()},
        "ledger": {name: show(amount) for name, amount in money.ledger.parts()},
    }


_OFFSETS: Final = "offset low high basis shift support"

_KEYS: Final[Mapping[type, tuple[_Key, ...]]] = {
    Address: _keys("path member?"),
    Summary: _keys(
        "sources archives records closes recorded missing backfilled unverifiable ledger_rows orphan_rows states "
        "log_net_pnl ledger_net_pnl unrecorded_net_pnl errors warnings notes duplicates lines repeated repeats "
        "recorder_errors first_loss last_loss lost money known_money gross_only",
        states=_all("states", _states),
        money=_all("money", _sides(attrgetter("value"))),
        known_money=_all("money", _sides(attrgetter("known_sum"))),
        gross_only=_all("money", _sides(attrgetter("grosses"))),
    ),
    RunReport: _keys(
        "id start end ledger? closes recorded missing session started ready log_net_pnl unrecorded_net_pnl "
        "backfilled",
        log_net_pnl=attrgetter("money.closes.value"),
        unrecorded_net_pnl=attrgetter("money.lost.value"),
    ),
    LedgerReport: _keys(
        "path rows status file_date first last clock session copies malformed bytes newline? comparable "
        "set_aside* written*",
        clock=_all("clock", lambda clock: {name: getattr(clock, name) for name in _OFFSETS.split()}),
    ),
    ClockReport: _keys(f"session subject {_OFFSETS}"),
    CoverageReport: _keys(
        "session stream sources records intervals encoding dialects levels",
        intervals=_all("intervals", _named("start", "end")),
        dialects=_all("dialects", _named("name", "records")),
        levels=_all("levels", _named("name", "records")),
    ),
    Statement: _keys("code session message locations searched"),
    TradeReport: _keys(
        "id symbol side opened closed reason? emitter? state net_pnl log row session run? missing "
        "ambiguous partial entry_price exit_price size gross_pnl ledger_net_pnl gross_only backfill also"
    ),
    RepeatReport: _keys("trade at symbol side emitter? exit_price net_pnl session log"),
    Finding: _keys("rule name severity message fingerprint locations data session run? remedy parts"),
    KnownFinding: _keys("rule name severity message fingerprint"),
    Skipped: _keys("path reason"),
    ProfileChoice: _keys("session name why learned*"),
    SourceReport: _keys(
        "path member? session kind stream? sha256? bytes records first last copies",
        path=attrgetter("address.path"),
        member=attrgetter("address.member"),
    ),
    FileReport: _keys("path bytes sha256? members*"),
    ArchiveMember: _keys("member bytes crc32?"),
    BlindPath: _keys(
        "condition missing recorded precision recall conditions total_missing p_value net_pnl session trades locations",
        p_value=_all("p_value", str),
    ),
    Condition: _keys("attribute value"),
    FailurePoint: _keys("kind subject stage? session stages"),
    StageView: _keys("id title state why locations searched log_statement?"),
    Hypothesis: _keys("id title rank likelihood session predictions check log_statement?"),
    Prediction: _keys("predicts found state locations"),
    Divergence: _keys("session abstained shared lost extra"),
    ChainStep: _keys(
        "emitter? template place recorded of_recorded missing of_missing delay_us example",
        delay_us=attrgetter("delay"),
    ),
    Impact: _keys(
        "session closes missing rows log_net_pnl ledger_net_pnl unrecorded_net_pnl win_rate_log win_rate_ledger "
        "average_log average_ledger first_loss last_loss covered groups cumulative comparable",
        cumulative=_all("cumulative", _named("at", "log_net_pnl", "ledger_net_pnl")),
    ),
    ImpactGroup: _keys("dimension value? closes missing log_net_pnl unrecorded_net_pnl"),
    Separation: _keys("session first second observation log_statement?"),
    NextCheck: _keys("session what command? log_statement?"),
    ScanSide: _keys(
        "scan tool_version closes recorded missing backfilled unverifiable unrecorded_net_pnl",
        scan=attrgetter("label"),
    ),
    SourceAnalysis: _keys("name basis? recorders files sites problems match"),
    CloseSite: _keys("place function closer module end condition? why via reasons logged"),
    SourceProblem: _keys("path line reason"),
    SourceMatch: _keys("revision? complete matched emitters lines assumed modules"),
    ModuleMatch: _keys("module path? matched emitters first?"),
    PathChange: _keys("name before? after? place"),
    TradeFate: _keys("symbol side? closed? net_pnl? before? after?"),
}
