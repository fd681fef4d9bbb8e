"""Finds every function that logs a close, and every place where the result of a close ends."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from logaudit.codepaths.calls import Subject
from logaudit.codepaths.context import SearchContext
from logaudit.codepaths.mentions import Mentions, replaces, result_names, texts_passed, why_named
from logaudit.codepaths.model import Function, LoggingCall, SourceTree
from logaudit.codepaths.names import Names
from logaudit.codepaths.parse import within
from logaudit.codepaths.path import CodePath, Holding, PathOutcome, outcome_of
from logaudit.codepaths.recorder import Recorders, StatedFacts, find_recorders
from logaudit.codepaths.signatures import COMMON
from logaudit.codepaths.templates import LEVELS, stated_facts
from logaudit.codepaths.walk import PathFollower
from logaudit.core.events import EventKind
from logaudit.core.location import Location, Role
from logaudit.core.message import Code, Message, msg
from logaudit.core.source_code import CloseSite, PathEnd, SourceAnalysis
from logaudit.profiles import Profile

#: Callers of callers that a result is followed to.
_FARTHEST = 6


class _Closer(Struct, frozen=True):
    """A function that logs a close; ``calls`` are the logging calls that tell of it alike."""

    function: Function
    calls: tuple[LoggingCall, ...]


class _PendingResult(Struct, frozen=True):
    """A result on its way: the function that hands it over, and those it came through, the closer first."""

    function: Function
    chain: tuple[str, ...]
    own: PathOutcome
    returned: bool
    reasons: tuple[str, ...] = ()


def analyze(tree: SourceTree, profile: Profile, recorder: str = "") -> SourceAnalysis:
    """Every place where the result of a close ends; none where no recorder is found.

    Args:
        tree: the source.
        profile: tells which logging calls state closes and acknowledgements.
        recorder: the function that records, ``name`` or ``Class.name``; empty to find it.
    """
    told = read_wordings(tree, profile)
    names = Names(tree)
    recorders = find_recorders(tree, names, told, recorder)
    sites: tuple[CloseSite, ...] = ()
    if recorders.names:
        context = SearchContext(tree, names, recorders)
        search = _Search(context)
        found = [site for f, calls in told.items() for site in search.of_function(f, calls)]
        sites = tuple(sorted(dict.fromkeys(found), key=lambda s: (s.place, s.closer)))
    return SourceAnalysis(
        name=tree.name,
        files=len(tree.modules),
        sites=sites,
        recorders=_shown(recorders),
        basis=recorders.basis,
        problems=tree.problems,
    )


def read_wordings(tree: SourceTree, profile: Profile) -> StatedFacts:
    """The functions whose logging calls the profile recognises."""
    found: dict[Function, tuple[tuple[LoggingCall, frozenset[EventKind]], ...]] = {}
    for module in tree.modules:
        for function in module.functions:
            told = tuple((call, kinds) for call in function.logging if (kinds := stated_facts(call, profile)))
            if told:
                found[function] = told
    return found


def _shown(recorders: Recorders) -> tuple[str, ...]:
    known = tuple(sorted({f"{f.module}:{f.qualified}" for f in recorders.functions}))
    return known or tuple(sorted(recorders.names))


class _Search:
    """One source."""

    def __init__(self, context: SearchContext) -> None:
        self._context = context
        self._mentions = Mentions(context.tree)
        self._results: dict[Function, frozenset[str]] = {}
        self._replaced: dict[Function, bool] = {}

    def of_function(
        self, function: Function, told: tuple[tuple[LoggingCall, frozenset[EventKind]], ...]
    ) -> Iterator[CloseSite]:
        """The places at which results of this function end; none when it logs no close."""
        groups: dict[PathOutcome, list[LoggingCall]] = {}
        for call, kinds in told:
            if EventKind.POSITION_CLOSED in kinds:
                groups.setdefault(self._own(function, call), []).append(call)
        for own, calls in groups.items():
            closer = _Closer(function, tuple(calls))
            owed = _PendingResult(function, (function.qualified,), own, own.end is None)
            sites = list(self._callers(closer, owed))
            yield from sites or [self._uncalled(closer, own)]

    def _own(self, function: Function, logged: LoggingCall) -> PathOutcome:
        """What the function itself does with its result."""

        def is_close(call: ast.Call) -> bool:
            named = isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS
            return named and (call.lineno, call.end_lineno) == (logged.line, logged.end)

        if function not in self._results:
            self._results[function] = frozenset(result_names(function))
        held = self._results[function]
        return outcome_of(
            self._run(Subject(function, is_close, fresh=True), CodePath(held=held, sure=bool(held)))
        )

    def _callers(self, closer: _Closer, owed: _PendingResult) -> Iterator[CloseSite]:
        """The places at which what ``owed.function`` hands over ends."""
        function = owed.function
        seen: set[int] = set()
        for caller, call in self._context.names.callers.get(function.name, ()):
            resolved = self._context.names.resolve(call, caller)
            if function not in resolved.functions or id(call) in seen:
                continue
            seen.add(id(call))
            reasons = tuple(dict.fromkeys((*owed.reasons, *texts_passed(call))))
            yield from self._site(closer, replace(owed, reasons=reasons), caller, call, sure=resolved.sure)
        for place, node, why in self._references(function):
            yield self._made(closer, owed, place, node, PathEnd.UNKNOWN, why)

    def _site(
        self, closer: _Closer, owed: _PendingResult, caller: Function, call: ast.Call, *, sure: bool
    ) -> Iterator[CloseSite]:
        function = owed.function
        settled = owed.own.end is PathEnd.RECORDED
        decorator = self._context.names.wrapped(function)
        gives = Holding.WHOLE if owed.returned else Holding.NONE
        judged = outcome_of(self._run(Subject(caller, _only(call), gives, owed.own.sure), CodePath()))
        if settled:
            end, why, condition = (
                PathEnd.RECORDED,
                msg("{name} records it.", name=Code(closer.function.qualified)),
                "",
            )
        elif judged.end in (PathEnd.RECORDED, PathEnd.CONDITIONAL) and sure:
            end, condition = judged.end, judged.condition
            why = _said(end, condition, caller)
        elif owed.own.end is PathEnd.CONDITIONAL:
            end, condition = PathEnd.CONDITIONAL, owed.own.condition
            why = _said(end, condition, closer.function)
        elif not sure:
            end, why, condition = PathEnd.UNKNOWN, msg("The call may mean several functions."), ""
        elif decorator:
            end, condition = PathEnd.UNKNOWN, ""
            why = msg("{name} may do something with the result.", name=Code(f"@{decorator}"))
        elif self._is_replaced(function):
            end, condition = PathEnd.UNKNOWN, ""
            why = msg("{name} is replaced while the bot runs.", name=Code(function.qualified))
        elif owed.own.end in (PathEnd.UNKNOWN, PathEnd.BROKEN):
            end, why, condition = owed.own.end, owed.own.why or msg("The source does not tell."), ""
        elif judged.end is None:
            yield from self._returned(closer, owed, caller, call, sure=judged.sure)
            return
        elif judged.end is PathEnd.DROPPED and (above := self._recording_above(caller)):
            end, condition = PathEnd.UNKNOWN, ""
            why = msg("{name}, which calls this, calls the recorder afterwards.", name=Code(above))
        else:
            end, condition = judged.end, ""
            why = judged.why or _said(judged.end, "", caller)
        yield self._made(closer, owed, caller, call, end, why, condition)

    def _returned(
        self, closer: _Closer, owed: _PendingResult, caller: Function, call: ast.Call, *, sure: bool
    ) -> Iterator[CloseSite]:
        """The caller hands the result on to its own callers."""
        chain = (*owed.chain, caller.qualified)
        passed = _PendingResult(
            caller, chain, PathOutcome(None, sure=sure), returned=True, reasons=owed.reasons
        )
        again = caller.qualified in owed.chain or len(chain) > _FARTHEST
        sites = [] if again else list(self._callers(closer, passed))
        if sites:
            yield from sites
        else:
            why = msg("The result is returned, and nothing in this source takes it.")
            yield self._made(closer, owed, caller, call, PathEnd.UNKNOWN, why)

    def _recording_above(self, function: Function) -> str:
        """A caller that comes to the recorder behind its call of the function; empty for none."""
        for caller, call in self._context.names.callers.get(function.name, ()):
            if function in self._context.names.resolve(call, caller).functions:
                end = outcome_of(self._run(Subject(caller, _only(call)), CodePath())).end
                if end in (PathEnd.RECORDED, PathEnd.CONDITIONAL):
                    return caller.qualified
        return ""

    def _run(self, subject: Subject, start: CodePath) -> list[CodePath]:
        self._context.begin()
        try:
            if not self._context.exhausted():
                return PathFollower(self._context, subject).run(start)
        except RecursionError:  # functions within functions, each of deep expressions
            pass
        return [replace(start, closed=True, unknown=msg("It has too many paths to follow."))]

    def _references(self, function: Function) -> Iterator[tuple[Function, ast.AST, Message]]:
        """Where the function is named without being called: whoever gets it may call it."""
        if function.name in COMMON or function.name.startswith("__"):
            return
        for place, node in self._mentions.uncalled(function.name):
            yield place, node, why_named(node, function)

    def _is_replaced(self, function: Function) -> bool:
        """Whether something else is put in the function's place."""
        if function not in self._replaced:
            self._replaced[function] = any(
                replaces(node, place, function)
                for module in self._mentions.modules(function.name)
                for place in module.functions
                for node in within(place.body)
            )
        return self._replaced[function]

    def _uncalled(self, closer: _Closer, own: PathOutcome) -> CloseSite:
        """A closer that nothing in the source calls."""
        function, line = closer.function, closer.calls[0].line
        end = own.end if own.end in (PathEnd.RECORDED, PathEnd.CONDITIONAL) else PathEnd.UNKNOWN
        if end is PathEnd.UNKNOWN:
            why = own.why or msg("Nothing in this source calls {name}.", name=Code(function.qualified))
        else:
            why = _said(end, own.condition, function)
        node = ast.Constant(None, lineno=line)
        owed = _PendingResult(function, (function.qualified,), own, returned=False)
        return self._made(closer, owed, function, node, end, why, own.condition)

    def _made(
        self,
        closer: _Closer,
        owed: _PendingResult,
        holder: Function,
        node: ast.AST,
        end: PathEnd,
        why: Message,
        condition: str = "",
    ) -> CloseSite:
        line = getattr(node, "lineno", 0)
        return CloseSite(
            place=self._location(holder.path, line),
            function=holder.qualified,
            closer=closer.function.qualified,
            module=closer.function.module,
            logged=tuple(self._location(closer.function.path, call.line) for call in closer.calls),
            end=end,
            why=why,
            condition=condition,
            via=owed.chain,
            reasons=owed.reasons,
        )

    def _location(self, path: str, line: int) -> Location:
        return Location(path, line=line, role=Role.CODE, text=self._context.tree.code(path, line))


def _only(call: ast.Call) -> Callable[[ast.Call], bool]:
    return lambda other: other is call


def _said(end: PathEnd, condition: str, function: Function) -> Message:
    name = Code(function.qualified)
    if end is PathEnd.RECORDED:
        return msg("{name} records it.", name=name)
    if end is PathEnd.CONDITIONAL:
        if not condition:
            return msg("{name} records it on some paths only.", name=name)
        return msg("{name} records it only if {condition}.", name=name, condition=Code(condition))
    if end is PathEnd.DROPPED:
        return msg("{name} drops the result: no path from here leads to the recorder.", name=name)
    return msg("The source does not tell.")
