"""What calls and functions show of themselves: names, parameters, and what is assigned to variables."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from logaudit.codepaths.model import Function
from logaudit.codepaths.parse import dotted

#: Methods that objects of libraries have as well: without the receiver's class their name tells nothing.
COMMON: Final = frozenset(
    {
        "acquire", "add", "append", "call", "cancel", "clear", "close", "commit", "connect", "disconnect", "emit",
        "execute", "exit", "extend", "finish", "flush", "format", "get", "handle", "info", "insert", "items", "join",
        "keys", "notify", "open", "parse", "pop", "process", "publish", "push", "put", "read", "release", "remove",
        "reset", "run", "save", "send", "set", "start", "stop", "submit", "update", "values", "write",
    }
)  # fmt: skip
#: Decorators that hand through what a function returns.
TRANSPARENT: Final = frozenset(
    {"staticmethod", "classmethod", "abstractmethod", "override", "final", "wraps"}
)

#: Decorators of classes that leave their methods as they are.
TRANSPARENT_FOR_CLASSES: Final = frozenset(
    {"dataclass", "define", "final", "frozen", "runtime_checkable", "s", "total_ordering"}
)


def call_name(call: ast.Call) -> str:
    """The last name of what is called; empty for what has none."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def assigned_in(within: Function) -> Mapping[str, tuple[ast.expr | None, ...]]:
    """Variables of a function → the values that are assigned to them; None for what a loop gives."""
    found: dict[str, list[ast.expr | None]] = defaultdict(list)
    for statement in within.body:
        for node in ast.walk(statement):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        if isinstance(target, ast.Name):
                            found[target.id].append(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=value):
                    found[name].append(value)
                case ast.For(target=ast.Name(id=name)) | ast.AsyncFor(target=ast.Name(id=name)):
                    found[name].append(None)
                case _:
                    pass
    return {name: tuple(values) for name, values in found.items()}


def fits(call: ast.Call, function: Function) -> bool:
    """Whether a method takes what the call passes."""
    if function.node is None or any(isinstance(a, ast.Starred) for a in call.args):
        return True
    args = function.node.args
    static = any(dotted(d) == "staticmethod" for d in function.node.decorator_list)
    names = [a.arg for a in (*args.posonlyargs, *args.args)][0 if static else 1 :]
    if len(call.args) > len(names) and args.vararg is None:
        return False
    given = {k.arg for k in call.keywords}
    if None in given:
        return True
    known = {*names, *(a.arg for a in args.kwonlyargs)}
    if args.kwarg is None and not given <= known:
        return False
    needed = names[: len(names) - len(args.defaults)] if args.defaults else names
    return all(name in given for name in needed[len(call.args) :])
