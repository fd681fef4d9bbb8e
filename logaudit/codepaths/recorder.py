"""Which functions record trades: named by the user, found by the acknowledgements they log, or by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from logaudit.codepaths.model import Function, LoggingCall, SourceTree
from logaudit.codepaths.names import Names
from logaudit.codepaths.signatures import call_name
from logaudit.core.events import EventKind
from logaudit.core.lazy_pattern import lazy_pattern

#: What bots call the function that records a trade.
_RECORDS: Final = lazy_pattern(
    r"^_?(?:record|save|store|write|append|export|persist|journal|log|add|insert|register)_?"
    r"(?:\w*_)?(?:trade|deal|fill|closed?_position|trade_?result)s?(?:_\w*)?$"
)
#: Facts by function: which of its logging calls state them.
StatedFacts = Mapping[Function, tuple[tuple[LoggingCall, frozenset[EventKind]], ...]]


class Recorders(Struct, frozen=True):
    """The functions that record.

    Attributes:
        names: what they are called; functions: those of them that the source has.
        basis: as `SourceAnalysis.basis`.
    """

    names: frozenset[str] = frozenset()
    functions: tuple[Function, ...] = ()
    basis: str = ""


def find_recorders(tree: SourceTree, names: Names, told: StatedFacts, named: str) -> Recorders:
    """The recorder of a source, the one that is ``named`` if any; without one nothing can be said about any path."""
    if named:
        short = named.rpartition(".")[2]
        found = [
            f for m in tree.modules for f in m.functions if f.name == short and named in (short, f.qualified)
        ]
        return Recorders(frozenset({short}), tuple(found), "named")
    acknowledging = [
        f for f, calls in told.items() if any(EventKind.TRADE_ACKNOWLEDGED in k for _, k in calls)
    ]
    closing = {f.name for f, calls in told.items() if any(EventKind.POSITION_CLOSED in k for _, k in calls)}
    own = [
        f for f in acknowledging if f.name not in closing and not closing & _called(f) and _takes_a_value(f)
    ]
    named_so = Counter(f.name for f in own)
    # A function that calls another of these by its name is no recorder; its own name may be called for itself.
    inner = [f for f in own if not any(named_so[name] > (name == f.name) for name in _called(f))]
    if inner:
        return Recorders(frozenset(f.name for f in inner), tuple(inner), "acknowledgements")
    # The caller acknowledges what the recorder did.
    before = {name for f in acknowledging for name in _called(f) if _RECORDS.match(name)}
    if not before:
        before = {name for name in names.callers if _RECORDS.match(name)} - closing
    functions = tuple(f for m in tree.modules for f in m.functions if f.name in before)
    if not before:
        return Recorders()
    return Recorders(frozenset(before), functions, "acknowledgements" if acknowledging else "name")


def _called(function: Function) -> set[str]:
    return {call_name(call) for call in function.calls}


def _takes_a_value(function: Function) -> bool:
    names = [arg.arg for arg in function.parameters]
    return len([name for name in names if name not in ("self", "cls")]) > 0
