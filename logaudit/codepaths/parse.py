"""Files → modules: what a file defines, calls and logs, by its syntax alone; nothing is imported or run."""

from __future__ import annotations

import ast
import codecs
import io
import tokenize
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from logaudit.codepaths.model import (
    ClassInfo,
    Function,
    FunctionNode,
    SourceFile,
    SourceFiles,
    SourceModule,
    SourceTree,
)
from logaudit.codepaths.parse_budget import MOST_MEMORY, ParseBudget
from logaudit.codepaths.templates import assigned_once, logging_call
from logaudit.core.message import Code, Size, msg
from logaudit.core.source_code import SourceProblem

MODULE_BODY: Final = "<module>"
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
#: Encodings of names on the net, which take time by the square of the text.
_SLOW: Final = frozenset({"punycode", "idna"})
#: What has a body of its own.
_OWN: Final = (*_FUNCTIONS, ast.ClassDef)


def parse_source(files: SourceFiles) -> SourceTree:
    """The modules of a source; files that are not Python 3, or too much of it, are among the problems."""
    budget = ParseBudget()
    found = {
        file.path: parse_module(file, budget)
        # What is too much is left out of the largest: few of these were written by hand.
        for file in sorted(files.files, key=lambda file: (len(file.data), file.path))
    }
    parsed = [found[file.path] for file in files.files]
    problems = [*files.problems, *(one for one in parsed if isinstance(one, SourceProblem))]
    left = [path for file in files.files if found[path := file.path] is None]
    if left:
        said = msg(
            "Python is parsed as far as that takes about {most} of memory, small files first. Left out: {count}.",
            most=Size(MOST_MEMORY),
            count=len(left),
        )
        problems.append(SourceProblem(left[0], said))
    modules = tuple(one for one in parsed if isinstance(one, SourceModule))
    by_path = {module.path: module for module in modules}
    return SourceTree(files.name, modules, tuple(problems), files.revision, by_path)


def parse_module(file: SourceFile, budget: ParseBudget) -> SourceModule | SourceProblem | None:
    """One file; None where the budget has no room for it."""
    try:
        text = _text(file.data)
        if not budget.admits(text):
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        budget.keep(text, tree)
        return _Reader(file, text, tree).module
    except SyntaxError as error:
        return SourceProblem(
            file.path,
            msg("It is not Python 3: {why}.", why=Code(error.msg or "syntax error")),
            error.lineno or 0,
        )
    except (ValueError, LookupError, RecursionError, MemoryError) as error:
        return SourceProblem(
            file.path, msg("It cannot be parsed: {why}.", why=Code(str(error) or type(error).__name__))
        )


def _text(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    if codecs.lookup(encoding).name in _SLOW:
        raise LookupError(encoding)
    return data.decode(encoding)


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of names and attributes; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def within(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes in order of evaluation, as far as order of fields tells; functions inside are left out."""
    todo: list[tuple[ast.AST, bool]] = [(node, False) for node in nodes]
    todo.reverse()
    while todo:
        node, opened = todo.pop()
        if opened:
            yield node
        elif isinstance(node, _OWN):
            todo += [(decorator, False) for decorator in reversed(node.decorator_list)]
        elif not isinstance(node, ast.Lambda):
            todo.append((node, True))
            todo += [(child, False) for child in reversed(list(_children(node)))]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """As `ast.iter_child_nodes`, without the nodes that only say how a name is used."""
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            yield from (item for item in value if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST) and not isinstance(
            value, ast.expr_context | ast.operator | ast.cmpop
        ):
            yield value


def annotated_class(annotation: ast.expr | None) -> str:
    """The one class that an annotation names, without ``None``: empty when there are several or none."""
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return annotated_class(ast.parse(text, mode="eval").body)
            except (SyntaxError, ValueError):
                return ""
        case ast.Subscript(value=base, slice=inner) if dotted(base).endswith("Optional"):
            return annotated_class(inner)
        case ast.BinOp(op=ast.BitOr()):
            named = [side for side in (annotation.left, annotation.right) if not _is_none(side)]
            return annotated_class(named[0]) if len(named) == 1 else ""
        case ast.Name() | ast.Attribute():
            return dotted(annotation)
        case _:
            return ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


class _Reader:
    """One file's definitions."""

    def __init__(self, file: SourceFile, text: str, tree: ast.Module) -> None:
        self._path = path = file.path
        self._name = file.module
        self._functions: list[Function] = []
        self._classes: dict[str, ClassInfo] = {}
        self._assignments: dict[Function, list[ast.AST]] = {}
        self._imports: list[ast.Import | ast.ImportFrom] = []
        self._function(MODULE_BODY, "", "", tree.body, None)
        self.module = SourceModule(
            path,
            self._name,
            text.split("\n"),
            tuple(self._functions),
            self._classes,
            _imports(self._imports, self._name, is_package=path.endswith("__init__.py")),
        )

    def _function(
        self, name: str, owner: str, outer: str, body: list[ast.stmt], node: FunctionNode | None
    ) -> Function:
        nodes = list(within(body))
        self._imports += [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
        calls = tuple(n for n in nodes if isinstance(n, ast.Call))
        assigned = assigned_once(nodes)
        logging = tuple(found for c in calls if (found := logging_call(c, assigned)) is not None)
        made = Function(self._name, self._path, name, owner, outer, body, node, logging, calls)
        self._functions.append(made)
        if owner:
            self._assignments[made] = [n for n in nodes if isinstance(n, ast.Assign | ast.AnnAssign)]
        inside = made.qualified if node is not None else ""
        for inner in _definitions(body):
            if isinstance(inner, ast.ClassDef):
                self._class(inner)
            else:
                self._function(inner.name, "" if inside else owner, inside, inner.body, inner)
        return made

    def _class(self, node: ast.ClassDef) -> None:
        methods: dict[str, Function] = {}
        for inner in _definitions(node.body):
            if isinstance(inner, ast.ClassDef):
                self._class(inner)
            else:
                methods[inner.name] = self._function(inner.name, node.name, "", inner.body, inner)
        attributes: dict[str, list[ast.expr | None]] = defaultdict(list)
        annotations: dict[str, str] = {}
        for statement in node.body:
            _declared(statement, attributes, annotations)
        for method in methods.values():
            _assigned(method, self._assignments.get(method, ()), attributes, annotations)
        bases = tuple(dotted(base) or "?" for base in node.bases)
        decorated = tuple(dotted(d.func if isinstance(d, ast.Call) else d) for d in node.decorator_list)
        self._classes[node.name] = ClassInfo(
            self._name, node.name, bases, methods, dict(attributes), annotations, decorated
        )


def _definitions(nodes: Iterable[ast.AST]) -> Iterator[FunctionNode | ast.ClassDef]:
    """Functions and classes that stand in a body, also below its conditions and loops."""
    for node in nodes:
        if isinstance(node, _OWN):
            yield node
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _definitions(ast.iter_child_nodes(node))


def _declared(
    statement: ast.stmt, attributes: dict[str, list[ast.expr | None]], annotations: dict[str, str]
) -> None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
            attributes[name].append(value)
            annotations.setdefault(name, annotated_class(annotation))
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Name):
                    attributes[target.id].append(value)
        case _:
            pass


def _assigned(
    method: Function,
    assignments: Iterable[ast.AST],
    attributes: dict[str, list[ast.expr | None]],
    annotations: dict[str, str],
) -> None:
    """What a method assigns to its object; a parameter that is kept brings its annotation along."""
    stated = {arg.arg: annotated_class(arg.annotation) for arg in method.parameters}
    for node in assignments:
        match node:
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=value):
                attributes[name].append(value)
                annotations.setdefault(name, annotated_class(node.annotation))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Attribute) and dotted(target.value) == "self":
                        attributes[target.attr].append(value)
                        if isinstance(value, ast.Name) and stated.get(value.id):
                            annotations.setdefault(target.attr, stated[value.id])
            case _:
                pass


def _imports(
    statements: Iterable[ast.Import | ast.ImportFrom], module: str, *, is_package: bool
) -> dict[str, str]:
    found: dict[str, str] = {}
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in statements:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        else:
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                found[alias.asname or alias.name] = f"{source}.{alias.name}" if source else alias.name
    return found
