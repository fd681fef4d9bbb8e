"""What a search through one source remembers: its recorder, and what each function does with a result."""

from __future__ import annotations

import ast
from typing import Final

from logaudit.codepaths.calls import Subject
from logaudit.codepaths.model import Function, SourceTree
from logaudit.codepaths.names import Names
from logaudit.codepaths.path import CodePath
from logaudit.codepaths.recorder import Recorders
from logaudit.codepaths.shapes import argument_mismatch
from logaudit.codepaths.signatures import COMMON, call_name
from logaudit.core.message import Code, Message, msg

#: Calls within calls that are followed.
_DEEPEST: Final = 8
#: Statements that are followed for one close or call.
_MOST_STEPS: Final = 10_000
#: Statements that are followed for all closes of one source.
_MOST_IN_ALL: Final = 400_000
#: Methods that write a row, whoever calls them.
_WRITES: Final = frozenset({"writerow", "writerows", "writelines", "executemany"})


class SearchContext:
    """One source with its recorder."""

    def __init__(self, tree: SourceTree, names: Names, recorders: Recorders) -> None:
        self.tree = tree
        self.names = names
        self.recorders = recorders
        self.recording_names = self._leading_to_recorder()
        self._effects: dict[tuple[object, ...], list[CodePath]] = {}
        self._steps = self._in_all = 0
        self._entered: set[tuple[object, ...]] = set()
        self._words = {word for name in recorders.names for word in name.strip("_").split("_")}
        owners = {(f.module, f.owner) for f in recorders.functions if f.owner}
        self._classes = owners

    def recording(self, call: ast.Call, function: Function, *, given: bool) -> bool | Message:  # noqa: PLR0911 - the reasons, in order
        """Whether a call records; a message says why it cannot, although it is meant to."""
        name = call_name(call)
        if name in _WRITES or (name == "execute" and _inserts(call)):
            return True
        if not isinstance(call.func, ast.Attribute | ast.Name):
            return False
        if name not in self.recorders.names:
            return self._no_such_method(call, name, function) if given or self._sounds_alike(name) else False
        resolved = self.names.resolve(call, function)
        if resolved.lacking is not None:
            return msg("{owner} has no {name}.", owner=Code(resolved.lacking.name), name=Code(name))
        meant = [f for f in resolved.functions if f in self.recorders.functions]
        if resolved.functions and resolved.sure and not meant:
            return False
        if not resolved.functions and name in COMMON:
            return False
        if len(resolved.functions) == 1 and resolved.sure:
            return argument_mismatch(call, resolved.functions[0], function, self.names) or True
        return True

    def may_record(self, function: Function) -> bool:
        """Whether a function may come to the recorder, by the names of what is called."""
        return function.name in self.recording_names

    def effects(
        self, function: Function, given: frozenset[str], *, sure: bool, closed: bool, depth: int
    ) -> list[CodePath]:
        """The paths through a function that is given a result, or is called behind a close."""
        from logaudit.codepaths.walk import PathFollower  # noqa: PLC0415 - the two need each other

        start = CodePath(closed=closed or bool(given), held=given, sure=sure)
        if depth > _DEEPEST or (not given and not self.may_record(function) and depth > 1):
            return [start]
        key = function, given, sure, closed, min(depth, 2)
        if key in self._entered:
            return [start]
        if key not in self._effects:
            self._entered.add(key)
            found = PathFollower(self, Subject(function, lambda _call: False, depth=depth)).run(start)
            self._entered.discard(key)
            if self._is_spent():
                return found
            self._effects[key] = found
        return self._effects[key]

    def begin(self) -> None:
        """A new search, with all its steps before it."""
        self._steps = 0

    def spent(self) -> bool:
        """Counts a statement; whether the search has followed too many."""
        self._steps += 1
        self._in_all += 1
        return self._is_spent()

    def exhausted(self) -> bool:
        """Whether all searches together have followed too many."""
        return self._in_all > _MOST_IN_ALL

    def _is_spent(self) -> bool:
        return self._steps > _MOST_STEPS or self._in_all > _MOST_IN_ALL

    def _no_such_method(self, call: ast.Call, name: str, function: Function) -> bool | Message:
        """A method of the recorder's class that it does not have."""
        if not isinstance(call.func, ast.Attribute):
            return False
        resolved = self.names.resolve(call, function)
        lacking = resolved.lacking
        if lacking is None or not any(
            (one.module, one.name) in self._classes for one in self.names.ancestry(lacking)
        ):
            return False
        return msg("{owner} has no {name}.", owner=Code(lacking.name), name=Code(name))

    def _sounds_alike(self, name: str) -> bool:
        return bool(self._words & {*name.strip("_").split("_")})

    def _leading_to_recorder(self) -> frozenset[str]:
        """Names of functions from which calls lead to the recorder."""
        found = set(self.recorders.names)
        todo = [*self.recorders.names, *_WRITES]
        while todo:
            for function, _ in self.names.callers.get(todo.pop(), ()):
                if function.name not in found:
                    found.add(function.name)
                    todo.append(function.name)
        return frozenset(found)


def _inserts(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and "INSERT" in str(first.value).upper()
