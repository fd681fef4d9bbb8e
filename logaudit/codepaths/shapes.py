"""Whether a recorder can take what it is given: its parameters, and what it reads from the result."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from logaudit.codepaths.model import ClassInfo, Function
from logaudit.codepaths.names import Names
from logaudit.codepaths.parse import dotted, within
from logaudit.codepaths.signatures import fits
from logaudit.core.message import Code, Message, codes, msg

#: Attributes that every dictionary has.
_OF_DICTIONARIES = frozenset(dir(dict))


def argument_mismatch(call: ast.Call, recorder: Function, caller: Function, names: Names) -> Message | None:
    """Why a recorder fails with what a call passes; None where nothing shows that it does."""
    if not fits(call, recorder):
        return msg("{name} does not take what it is called with.", name=Code(recorder.qualified))
    for parameter, arg in _passed(call, recorder):
        read, keyed = _uses(parameter, recorder)
        shape = _shape(arg, caller, names, depth=2)
        if isinstance(shape, ClassInfo):
            lacking = sorted(read - _members(shape, names)) if not names.open_bases(shape) else []
            if lacking:
                return msg(
                    "{recorder} reads {fields}, which {shape} does not have.",
                    recorder=Code(recorder.qualified),
                    fields=codes(lacking),
                    shape=Code(shape.name),
                )
        elif shape == "dict" and read - _OF_DICTIONARIES:
            return msg(
                "{recorder} reads the attributes {fields}, and is given a dictionary.",
                recorder=Code(recorder.qualified),
                fields=codes(sorted(read - _OF_DICTIONARIES)),
            )
        elif shape == "constant" and (read or keyed):
            return msg(
                "{recorder} is given a constant in place of a result.", recorder=Code(recorder.qualified)
            )
    return None


def _passed(call: ast.Call, recorder: Function) -> Iterator[tuple[str, ast.expr]]:
    names = [arg.arg for arg in recorder.parameters]
    positional = names[1:] if names[:1] in (["self"], ["cls"]) else names
    yield from zip(positional, call.args, strict=False)
    yield from ((k.arg, k.value) for k in call.keywords if k.arg)


def _uses(parameter: str, recorder: Function) -> tuple[frozenset[str], bool]:
    """The attributes that are read of a parameter, and whether it is read by keys.

    What is asked for with care (`getattr`, `hasattr`, `isinstance`), or bound anew, tells nothing.
    """
    read: set[str] = set()
    keyed = False
    for node in within(recorder.body):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name == parameter:
                read.add(attr)
            case ast.Subscript(value=ast.Name(id=name)) if name == parameter:
                keyed = True
            case ast.Call(
                func=ast.Name(id="getattr" | "hasattr" | "isinstance"), args=[ast.Name(id=name), *_]
            ):
                if name == parameter:
                    return frozenset(), False
            case ast.Name(id=name, ctx=ast.Store()) if name == parameter:
                return frozenset(), False
            case _:
                pass
    return frozenset(read), keyed


def _shape(node: ast.expr, within_function: Function, names: Names, depth: int) -> ClassInfo | str | None:  # noqa: PLR0911 - one arm for each kind of value
    """The class of an expression's value, ``dict``, ``constant``; None where it is not certain."""
    match node:
        case ast.Await(value=inner):
            return _shape(inner, within_function, names, depth)
        case ast.Dict():
            return "dict"
        case ast.Constant(value=value):
            return "constant" if value is not None else None
        case ast.Name(id=name):
            values = [
                n.value
                for n in within(within_function.body)
                if isinstance(n, ast.Assign)
                and any(isinstance(t, ast.Name) and t.id == name for t in n.targets)
            ]
            stored = [n for n in within(within_function.body) if isinstance(n, ast.Name) and n.id == name]
            bound = sum(isinstance(n.ctx, ast.Store) for n in stored)
            return _shape(values[0], within_function, names, depth) if len(values) == bound == 1 else None
        case ast.Call():
            made = names.class_of(node, within_function)
            if made is not None or dotted(node.func) == "dict":
                return made or "dict"
            resolved = names.resolve(node, within_function)
            if depth and resolved.sure and not names.wrapped(resolved.functions[0]):
                return _returned_shape(resolved.functions[0], names, depth - 1)
            return None
        case _:
            return None


def _returned_shape(function: Function, names: Names, depth: int) -> ClassInfo | str | None:
    """What a function returns, ``None`` aside, where all its returns agree."""
    returned = [n.value for n in within(function.body) if isinstance(n, ast.Return) and n.value is not None]
    shapes = {
        _shape(v, function, names, depth)
        for v in returned
        if not (isinstance(v, ast.Constant) and v.value is None)
    }
    return shapes.pop() if len(shapes) == 1 else None


def _members(info: ClassInfo, names: Names) -> frozenset[str]:
    found: set[str] = set(dir(object))
    for one in names.ancestry(info):
        found |= {*one.methods, *one.attributes, *one.annotations}
    return frozenset(found)
