"""Which function a call means: classes, their bases, and what the attributes of objects are made of."""

from __future__ import annotations

import ast
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from logaudit.codepaths.model import CallTarget, ClassInfo, Function, SourceModule, SourceTree
from logaudit.codepaths.parse import MODULE_BODY, annotated_class, dotted
from logaudit.codepaths.signatures import (
    COMMON,
    TRANSPARENT,
    TRANSPARENT_FOR_CLASSES,
    assigned_in,
    call_name,
    fits,
)
from logaudit.core.source_code import same_module

_NO_BASES: Final = frozenset({"object", "Protocol", "ABC", "abc.ABC", "NamedTuple", "Enum"})
#: Above and below a class so many others are looked at: chains of more are not written by hand.
_MOST_CLASSES: Final = 1_000
#: A name that so many classes give a method says nothing of an object whose class is not known.
_MOST_METHODS: Final = 400


class Names:
    """The names of one source."""

    def __init__(self, tree: SourceTree) -> None:
        self.tree = tree
        self._modules: dict[str, SourceModule] = {m.name: m for m in tree.modules}
        self._classes: dict[str, list[ClassInfo]] = defaultdict(list)
        self._children: dict[str, list[ClassInfo]] = defaultdict(list)
        self._methods: dict[str, list[Function]] = defaultdict(list)
        self._plain: dict[tuple[str, str], Function] = {}
        self._attributes: dict[str, set[str]] = defaultdict(set)
        self._targets: dict[ast.Call, CallTarget] = {}
        self._assigned: dict[Function, Mapping[str, tuple[ast.expr | None, ...]]] = {}
        self._named_so: dict[str, list[tuple[str, Function]]] = defaultdict(list)
        self.callers: dict[str, list[tuple[Function, ast.Call]]] = defaultdict(list)
        for module in tree.modules:
            for info in module.classes.values():
                self._classes[info.name].append(info)
                for base in info.bases:
                    self._children[base.rpartition(".")[2]].append(info)
                for name in (*info.attributes, *info.annotations):
                    self._attributes[name] |= set(self._made_of(info, name))
            for function in module.functions:
                if function.owner and not function.outer:
                    self._methods[function.name].append(function)
                else:
                    self._plain.setdefault((module.name, function.name), function)
                    self._named_so[function.name].append((module.name, function))
                for call in function.calls:
                    self.callers[call_name(call)].append((function, call))

    def resolve(self, call: ast.Call, within: Function) -> CallTarget:
        """The functions that a call within a function may mean."""
        if call not in self._targets:
            self._targets[call] = self._target(call, within)
        return self._targets[call]

    def _target(self, call: ast.Call, within: Function) -> CallTarget:
        match call.func:
            case ast.Name(id=name):
                return self._plain_call(name, within)
            case ast.Attribute(value=receiver, attr=name):
                return self._method_call(receiver, name, call, within)
            case _:
                return CallTarget(dynamic=True)

    def class_of(self, call: ast.expr, within: Function) -> ClassInfo | None:
        """The class of the source that a call makes an object of; None for any other expression."""
        name = dotted(call.func) if isinstance(call, ast.Call) else ""
        found = self._classes.get(name.rpartition(".")[2], []) if name else []
        return self._nearest(found, within.module)

    def wrapped(self, function: Function) -> str:
        """The first decorator of a function that may do something with what it returns; empty for none."""
        for decorator in function.node.decorator_list if function.node else ():
            name = dotted(decorator.func if isinstance(decorator, ast.Call) else decorator) or "a decorator"
            if name.rpartition(".")[2] not in TRANSPARENT:
                return name
        owners = (info for info in self._classes.get(function.owner, ()) if info.module == function.module)
        return next(
            (
                d
                for info in owners
                for d in info.decorated
                if d.rpartition(".")[2] not in TRANSPARENT_FOR_CLASSES
            ),
            "",
        )

    def open_bases(self, info: ClassInfo) -> bool:
        """Whether a class has a base outside of this source, or looks attributes up when asked."""
        for one in self.ancestry(info):
            if {"__getattr__", "__getattribute__"} & one.methods.keys():
                return True
            for base in one.bases:
                known = self._nearest(self._classes.get(base.rpartition(".")[2], []), one.module)
                if known is None and base not in _NO_BASES:
                    return True
        return False

    def ancestry(self, info: ClassInfo) -> Iterator[ClassInfo]:
        """A class and its bases within the source, the nearest first."""
        seen: set[int] = set()
        todo = deque((info,))
        while todo and len(seen) < _MOST_CLASSES:
            one = todo.popleft()
            if id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            named = (
                self._nearest(self._classes.get(b.rpartition(".")[2], []), one.module) for b in one.bases
            )
            todo += [base for base in named if base is not None]

    def receivers(self, receiver: ast.expr, within: Function) -> tuple[ClassInfo, ...]:  # noqa: PLR0911 - one arm for each kind of receiver
        """The classes that a receiver may be an object of; none where nothing tells."""
        match receiver:
            case ast.Name(id="self" | "cls") if within.owner:
                own = self._nearest(self._classes.get(within.owner, []), within.module)
                return (own,) if own else ()
            case ast.Name(id=name):
                return self._variable(name, within)
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if within.owner:
                own = self._nearest(self._classes.get(within.owner, []), within.module)
                found = {n for one in self.ancestry(own) for n in self._made_of(one, name)} if own else set()
                return self._named(found or self._attributes.get(name, set()), within)
            case ast.Attribute(attr=name):
                return self._named(self._attributes.get(name, set()), within)
            case ast.Call(func=ast.Name(id="super")) if within.owner:
                own = self._nearest(self._classes.get(within.owner, []), within.module)
                return tuple(one for one in self.ancestry(own) if one is not own)[:1] if own else ()
            case ast.Call():
                made = self.class_of(receiver, within)
                return (made,) if made else ()
            case ast.Await(value=inner):
                return self.receivers(inner, within)
            case _:
                return ()

    def assignments(self, within: Function) -> Mapping[str, tuple[ast.expr | None, ...]]:
        """Variables of a function → the values that are assigned to them; None for what a loop gives."""
        if within not in self._assigned:
            self._assigned[within] = assigned_in(within)
        return self._assigned[within]

    def _plain_call(self, name: str, within: Function) -> CallTarget:
        module = self._modules.get(within.module)
        inner = self._plain.get((within.module, name))
        if inner is not None and inner.outer in ("", within.qualified):
            return CallTarget((inner,), sure=True)
        if any(arg.arg == name for arg in within.parameters) or name in self.assignments(within):
            return CallTarget(dynamic=True)
        if module is not None and name in module.imports:
            source, _, what = module.imports[name].rpartition(".")
            found = self._plain.get((source, what)) or next(
                (f for where, f in self._named_so.get(what, ()) if same_module(where, source)), None
            )
            return CallTarget((found,), sure=True) if found else CallTarget()
        return CallTarget()

    def _method_call(self, receiver: ast.expr, name: str, call: ast.Call, within: Function) -> CallTarget:
        module = self._modules.get(within.module)
        if isinstance(receiver, ast.Name) and module is not None and receiver.id in module.imports:
            source = module.imports[receiver.id]
            plain = next((f for where, f in self._named_so.get(name, ()) if same_module(where, source)), None)
            if plain is not None:
                return CallTarget((plain,), sure=True)
        classes = self.receivers(receiver, within)
        if classes:
            return self._of_classes(classes, name, receiver, within)
        own = isinstance(receiver, ast.Name) and receiver.id in ("self", "cls")
        methods = self._methods.get(name, ())
        if own or len(methods) > _MOST_METHODS:
            return CallTarget()
        fitting = tuple(f for f in methods if fits(call, f))
        return CallTarget(fitting, sure=len(fitting) == 1 and name not in COMMON)

    def _of_classes(
        self, classes: Iterable[ClassInfo], name: str, receiver: ast.expr, within: Function
    ) -> CallTarget:
        found: list[Function] = []
        lacking: ClassInfo | None = None
        sure = True
        for info in classes:
            method = next((one.methods[name] for one in self.ancestry(info) if name in one.methods), None)
            if method is not None:
                above = isinstance(receiver, ast.Call) and dotted(receiver.func) == "super"
                below = [c.methods[name] for c in self._below(info.name) if name in c.methods and not above]
                found += [method, *(m for m in below if m is not method)]
            elif any(name in one.attributes or name in one.annotations for one in self.ancestry(info)):
                return CallTarget(dynamic=True)
            elif self.open_bases(info):
                sure = False
            else:
                lacking = info
        if found:
            return CallTarget(tuple(dict.fromkeys(found)), sure=sure and len(set(found)) == 1)
        own = isinstance(receiver, ast.Name) and receiver.id in ("self", "cls")
        mixed = own and within.owner != "" and bool(self._below(within.owner))
        return CallTarget(lacking=None if mixed or not sure else lacking)

    def _variable(self, name: str, within: Function) -> tuple[ClassInfo, ...]:
        for arg in within.parameters:
            if arg.arg == name:
                stated = annotated_class(arg.annotation)
                return (
                    self._named([stated], within)
                    if stated
                    else self._named(self._attributes.get(name, ()), within)
                )
        values = self.assignments(within).get(name, ())
        found = [c for v in values if v is not None for c in self._of_value(v, within)]
        if values:
            return tuple(dict.fromkeys(found)) if len(found) >= len(values) else ()
        direct = self._nearest(self._classes.get(name, []), within.module)
        if direct is not None:
            return (direct,)
        module = self._modules.get(within.module)
        body = next((f for f in module.functions if f.name == MODULE_BODY), None) if module else None
        if body is None or body is within:
            return ()
        return self._variable(name, body) if name in self.assignments(body) else ()

    def _of_value(self, value: ast.expr, within: Function) -> tuple[ClassInfo, ...]:
        if isinstance(value, ast.Call):
            made = self.class_of(value, within)
            return (made,) if made else ()
        return self.receivers(value, within) if isinstance(value, ast.Attribute) else ()

    def _made_of(self, info: ClassInfo, name: str) -> Iterator[str]:
        """The names of the classes that an attribute holds objects of."""
        if stated := info.annotations.get(name):
            yield stated.rpartition(".")[2]
        for value in info.attributes.get(name, ()):
            for part in value.values if isinstance(value, ast.BoolOp) else (value,):
                made = dotted(part.func) if isinstance(part, ast.Call) else ""
                if made and made.rpartition(".")[2][:1].isupper():
                    yield made.rpartition(".")[2]

    def _named(self, names: Iterable[str], within: Function) -> tuple[ClassInfo, ...]:
        """The classes of these names, all where a name means several; none unless all are classes of the source."""
        found: list[ClassInfo] = []
        for name in sorted({name.rpartition(".")[2] for name in names}):
            known = self._classes.get(name, [])
            nearest = self._nearest(known, within.module)
            if not known:
                return ()
            found += [nearest] if nearest else known
        return tuple(found)

    def _below(self, name: str) -> list[ClassInfo]:
        found: dict[int, ClassInfo] = {}
        todo = [name]
        while todo and len(found) < _MOST_CLASSES:
            for child in self._children.get(todo.pop(), ()):
                if id(child) not in found:
                    found[id(child)] = child
                    todo.append(child.name)
        return [*found.values()]

    def _nearest(self, classes: list[ClassInfo], module: str) -> ClassInfo | None:
        """The class that a name means in a module: its own, the one it imports, else the only one."""
        if len(classes) <= 1:
            return classes[0] if classes else None
        imports = self._modules[module].imports if module in self._modules else {}
        for info in classes:
            if info.module == module:
                return info
        for info in classes:
            source, _, name = imports.get(info.name, "").rpartition(".")
            if name == info.name and same_module(info.module, source):
                return info
        return None
