"""Calls that log, the wording of their messages, and which of a profile's patterns recognise it."""

from __future__ import annotations

import ast
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from logaudit.codepaths.model import LoggingCall
from logaudit.core.events import EventKind
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.profiles import PatternRole, Profile

LEVELS: Final = frozenset(
    {"trace", "debug", "info", "success", "warning", "warn", "error", "exception", "critical", "fatal", "log"}
)
#: Marks of values in format strings: ``%s`` and ``%(name)s``, and ``{}``.
_PERCENT: Final = lazy_pattern(r"%(?:\(\w+\))?[-+ #0]*[\d.]*[a-zA-Z]")
_BRACES: Final = lazy_pattern(r"\{[^{}]*\}")
_NUMERIC: Final = lazy_pattern(r"[-+ ,\d.]*[dfeEgG%]$")
#: What stands for values when a wording is tried against a pattern: a symbol, a side, a number, a reason.
_WORDS: Final = ("LTC-USDT", "LONG", "1.5", "tp")
_NUMBER: Final = "1.5"
#: Values of one line that are varied; the others are numbers.
_VARIED: Final = 5


def logging_call(call: ast.Call, assigned: Mapping[str, ast.expr]) -> LoggingCall | None:
    """A call of a logger's method with its message; None for any other call.

    Args:
        call: the call.
        assigned: the variables of its function that are assigned once: a message may be one.
    """
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS and call.args):
        return None
    message = call.args[1 if call.func.attr == "log" and len(call.args) > 1 else 0]
    if isinstance(message, ast.Name):
        message = assigned.get(message.id, message)
    parts = tuple(_pieces(message, has_values=len(call.args) > 1))
    return LoggingCall(
        call.lineno,
        call.end_lineno or call.lineno,
        tuple(t for t, _ in parts),
        tuple(n for t, n in parts if t is None),
    )


def stated_facts(call: LoggingCall, profile: Profile) -> frozenset[EventKind]:
    """The facts that a logging call states by itself, as the profile reads its lines."""
    constant = "".join(part for part in call.parts if part)
    if sum(map(str.isalpha, constant)) < 3:  # noqa: PLR2004 - a message made of values alone is no wording
        return frozenset()
    found: set[EventKind] = set()
    patterns = [p for p in profile.patterns if not p.literals or any(text in constant for text in p.literals)]
    for line in _lines(call) if patterns else ():
        for text in _filled(line):
            pattern = next((p for p in patterns if p.regex.search(text)), None)
            if pattern is not None:
                if pattern.role is PatternRole.EVENT:
                    found.add(pattern.event)
                break
    return frozenset(found)


def _pieces(node: ast.expr, *, has_values: bool) -> Iterator[tuple[str | None, bool]]:
    match node:
        case ast.Constant(value=str(text)) if has_values:
            yield from _split(text, _PERCENT if _PERCENT.search(text) else _BRACES)
        case ast.Constant(value=str(text)):
            yield text, False
        case ast.JoinedStr(values=values):
            for value in values:
                if isinstance(value, ast.FormattedValue):
                    yield None, _is_number(value)
                else:
                    yield from _pieces(value, has_values=False)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _pieces(left, has_values=has_values)
            yield from _pieces(right, has_values=has_values)
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod()):
            yield from _split(text, _PERCENT)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            yield from _split(text, _BRACES)
        case _:
            yield None, False


def _split(text: str, marks: re.Pattern[str]) -> Iterator[tuple[str | None, bool]]:
    at = 0
    for mark in marks.finditer(text):
        yield text[at : mark.start()], False
        yield (
            None,
            _NUMERIC.search(mark[0].strip("{}").rpartition(":")[2].rpartition(")")[2].lstrip("%"))
            is not None,
        )
        at = mark.end()
    yield text[at:], False


def _is_number(value: ast.FormattedValue) -> bool:
    spec = value.format_spec
    if not (
        isinstance(spec, ast.JoinedStr) and len(spec.values) == 1 and isinstance(spec.values[0], ast.Constant)
    ):
        return False
    return _NUMERIC.match(str(spec.values[0].value)) is not None


def assigned_once(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """Variables to which one statement among the nodes of a function assigns, with what it assigns."""
    values: dict[str, list[ast.expr]] = defaultdict(list)
    for node in nodes:
        if isinstance(node, ast.Assign):
            for name in {target.id for target in node.targets if isinstance(target, ast.Name)}:
                values[name].append(node.value)
    return {name: found[0] for name, found in values.items() if len(found) == 1}


def _lines(call: LoggingCall) -> Iterator[list[str | bool]]:
    """The lines of a message: texts, and for each value whether it is a number."""
    line: list[str | bool] = []
    numeric = iter(call.numeric)
    for part in call.parts:
        if part is None:
            line.append(next(numeric))
            continue
        head, *rest = part.split("\n")
        line.append(head)
        for text in rest:
            yield line
            line = [text]
    yield line


def _filled(line: Sequence[str | bool]) -> Iterator[str]:
    """The line with values in the places of its values."""
    values = [i for i, part in enumerate(line) if isinstance(part, bool)]
    varied = [i for i in values if not line[i]][:_VARIED]
    for words in itertools.product(_WORDS, repeat=len(varied)):
        chosen = dict(zip(varied, words, strict=True))
        yield "".join(
            chosen.get(i, _NUMBER) if isinstance(part, bool) else part for i, part in enumerate(line)
        )
