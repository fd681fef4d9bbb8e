"""The source as it is searched: modules, classes, functions, and the calls that log."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from logaudit.core.source_code import SourceProblem

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class SourceFile(Struct, frozen=True):
    """A file as read.

    Attributes:
        path: with ``/``, relative to the repository that holds it, so that code hosts find it, or to the source.
        module: its dotted name, from the path within the source.
    """

    path: str
    data: bytes
    module: str


def module_name(path: str) -> str:
    """The dotted name of a module, from its path with ``/``."""
    parts = path.removesuffix(".pyw").removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


class SourceFiles(Struct, frozen=True):
    """The Python files of one version of a source.

    Attributes:
        revision: the commit, empty for a folder.
    """

    name: str
    files: tuple[SourceFile, ...]
    problems: tuple[SourceProblem, ...] = ()
    revision: str = ""


class LoggingCall(Struct, frozen=True):
    """A call that logs.

    Attributes:
        parts: the pieces of its message: text as written, None for a value.
        numeric: for each value, whether its format says that it is a number.
    """

    line: int
    end: int
    parts: tuple[str | None, ...]
    numeric: tuple[bool, ...] = ()


class Function(Struct, frozen=True, eq=False):
    """A function, or the body of a module (named ``<module>``).

    Attributes:
        owner: the class that holds it, empty for none; outer: the function that holds it, empty for none.
        calls: those in it that are not in a function of its own, in order of evaluation.
    """

    module: str
    path: str
    name: str
    owner: str
    outer: str
    body: list[ast.stmt]
    node: FunctionNode | None
    logging: tuple[LoggingCall, ...]
    calls: tuple[ast.Call, ...]

    @property
    def qualified(self) -> str:
        """``Class.name``, or the name alone."""
        return f"{self.owner}.{self.name}" if self.owner else self.name

    @property
    def parameters(self) -> tuple[ast.arg, ...]:
        """All that take one value, ``self`` included."""
        if self.node is None:
            return ()
        found = self.node.args
        return (*found.posonlyargs, *found.args, *found.kwonlyargs)


class ClassInfo(Struct, frozen=True, eq=False):
    """A class.

    Attributes:
        bases: as written, dotted.
        attributes: what its methods assign to ``self`` or its body declares: name → the expressions assigned.
        annotations: name → the class that an annotation names.
        decorated: dotted names of its decorators.
    """

    module: str
    name: str
    bases: tuple[str, ...]
    methods: Mapping[str, Function]
    attributes: Mapping[str, list[ast.expr | None]]
    annotations: Mapping[str, str]
    decorated: tuple[str, ...] = ()


class CallTarget(Struct, frozen=True):
    """What a call means.

    Attributes:
        functions: the functions of the source that it may call; sure if it calls one of them and no other.
        dynamic: whether it calls what is known only when the bot runs: a variable, a callback, what `getattr` gives.
        lacking: the class of the receiver, where that class is known and has no such method.
    """

    functions: tuple[Function, ...] = ()
    sure: bool = False
    dynamic: bool = False
    lacking: ClassInfo | None = None


class SourceModule(Struct, frozen=True, eq=False):
    """A parsed file.

    Attributes:
        name: its dotted name, from the path.
        imports: local name → the dotted name that it stands for.
        lines: its text.
    """

    path: str
    name: str
    lines: list[str]
    functions: tuple[Function, ...]
    classes: Mapping[str, ClassInfo]
    imports: Mapping[str, str]


class SourceTree(Struct, frozen=True, eq=False):
    """All parsed modules of one version of a source."""

    name: str
    modules: tuple[SourceModule, ...]
    problems: tuple[SourceProblem, ...] = ()
    revision: str = ""
    by_path: dict[str, SourceModule] = field(default_factory=dict)

    def code(self, path: str, line: int) -> str:
        """A line of the source, without its indentation."""
        lines = self.by_path[path].lines
        return lines[line - 1].strip()[:500] if 0 < line <= len(lines) else ""
