"""Where functions are named without being called, replaced, or given texts; and which variables hold results."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from logaudit.codepaths.model import Function, SourceModule, SourceTree
from logaudit.codepaths.parse import within
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.message import Code, Message, msg

#: A name as it stands in a text: whatever is not of ASCII may be part of one.
_WORD: Final = lazy_pattern(r"[0-9A-Za-z_\x80-\U0010ffff]+")
#: Places that name one function: each of them settles as little as the first.
_MOST_PLACES: Final = 100


class Mentions:
    """Which modules of a source name which of its functions, by the words of their texts."""

    def __init__(self, tree: SourceTree) -> None:
        self._by_word: dict[str, list[SourceModule]] = {f.name: [] for m in tree.modules for f in m.functions}
        for module in tree.modules:
            words = {word for line in module.lines for word in _WORD.findall(line)}
            for word in words & self._by_word.keys():
                self._by_word[word].append(module)
        self._places: dict[str, tuple[tuple[Function, ast.AST], ...]] = {}

    def modules(self, name: str) -> Sequence[SourceModule]:
        """Those in whose text a function's name stands, in the order of the source."""
        return self._by_word.get(name, ())

    def uncalled(self, name: str) -> tuple[tuple[Function, ast.AST], ...]:
        """Where it is named without being called, each place with its function: the first hundred."""
        if name not in self._places:
            places = (
                (place, node)
                for module in self.modules(name)
                for place in module.functions
                for node in named_in(name, place)
            )
            self._places[name] = tuple(islice(places, _MOST_PLACES))
        return self._places[name]


def result_names(function: Function) -> Iterator[str]:
    """Variables that hold what the function makes: objects and larger dictionaries, and what it returns."""
    for node in within(function.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=made)):
                last = made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")
                if last[:1].isupper() and not last.isupper():
                    yield name
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys)) if len(keys) > 2:  # noqa: PLR2004 - no table
                yield name
            case _:
                pass


def texts_passed(call: ast.Call) -> tuple[str, ...]:
    """Short texts that a call passes."""
    values = (*call.args, *(k.value for k in call.keywords))
    return tuple(
        v.value.lower()
        for v in values
        if isinstance(v, ast.Constant) and isinstance(v.value, str) and v.value
    )


def named_in(name: str, place: Function) -> Iterator[ast.AST]:
    """Where a function names another without calling it; in a lambda, it would be called later."""
    called = {id(call.func) for call in place.calls}
    for node in within(place.body):
        match node:
            case ast.Attribute(attr=found, ctx=ast.Load()) | ast.Name(id=found, ctx=ast.Load()):
                if found == name and id(node) not in called:
                    yield node
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(found)), *_]) if (
                found == name
            ):
                yield node
            case _:
                pass
    for statement in place.body:
        for node in ast.walk(statement) if not isinstance(statement, ast.FunctionDef | ast.ClassDef) else ():
            if isinstance(node, ast.Lambda) and any(
                isinstance(n, ast.Attribute | ast.Name) and getattr(n, "attr", getattr(n, "id", "")) == name
                for n in ast.walk(node.body)
            ):
                yield node


def replaces(node: ast.AST, place: Function, function: Function) -> bool:
    """Whether a node sets an attribute of the function's name; an unrelated object's own is another's."""
    match node:
        case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Store()) if place.owner != function.owner:
            return False
        case ast.Attribute(attr=found, ctx=ast.Store()):
            return found == function.name
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=found), *_]):
            return bool(found == function.name)
        case _:
            return False


def why_named(node: ast.AST, function: Function) -> Message:
    """Why such a place settles nothing."""
    if isinstance(node, ast.Call):
        return msg("{name} is looked up by its name.", name=Code(function.qualified))
    return msg("{name} is handed on, to be called by whoever gets it.", name=Code(function.qualified))
