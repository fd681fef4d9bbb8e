"""What an expression does to a path: whether it holds the result, calls the recorder, or gives the result away."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from logaudit.codepaths.calls import CallEffects, ReadyCall, Subject, Valued, doubted
from logaudit.codepaths.conditions import quoted, truth
from logaudit.codepaths.path import CodePath, Holding
from logaudit.core.message import msg

if TYPE_CHECKING:
    from logaudit.codepaths.context import SearchContext

_T = TypeVar("_T")
#: Keys from which on a dictionary counts as a result.
_KEYS: Final = 3
#: Operands of one ``and`` or ``or``: each is a path with all tests before it.
_MOST_OPERANDS: Final = 300


def only_paths(valued: Iterable[Valued]) -> list[CodePath]:
    """The paths alone."""
    return [path for path, _ in valued]


class Evaluator:
    """The expressions of one function."""

    def __init__(self, context: SearchContext, subject: Subject) -> None:
        self._calls = CallEffects(context, subject)
        self._fresh = subject.fresh

    def value(self, node: ast.expr, path: CodePath) -> list[Valued]:
        """The paths behind an expression, one of each state."""
        return _merged(self._behind(node, path))

    def _behind(self, node: ast.expr, path: CodePath) -> list[Valued]:  # noqa: C901, PLR0911, PLR0912 - one arm for each kind of expression
        match node:
            case ast.Name(id=name):
                return [(path, Holding.WHOLE if name in path.held else Holding.NONE)]
            case ast.Attribute(value=inner):
                return [(p, Holding.PART if s is Holding.WHOLE else s) for p, s in self.value(inner, path)]
            case ast.Subscript(value=inner, slice=ast.Constant(value=str())):
                return [(p, Holding.PART if s is Holding.WHOLE else s) for p, s in self.value(inner, path)]
            case ast.Await(value=inner) | ast.Starred(value=inner) | ast.Subscript(value=inner):
                return self.value(inner, path)
            case ast.NamedExpr(target=ast.Name(id=name), value=inner):
                return [
                    (replace(p, held=p.held | {name}) if s is Holding.WHOLE else p, s)
                    for p, s in self.value(inner, path)
                ]
            case ast.Call():
                return self._call(node, path)
            case ast.BoolOp(values=values) if len(values) > _MOST_OPERANDS:
                return [(doubted(path, msg("It has too many paths to follow.")), Holding.NONE)]
            case ast.BoolOp(values=values):
                return self._bool_op(values, path)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                after = only_paths(self.value(test, path))
                return [v for p in after for side in (body, orelse) for v in self.value(side, p)]
            case ast.Dict(keys=keys) if self._is_result(len(keys)):
                return [
                    (replace(p, sure=True), Holding.WHOLE)
                    for p in only_paths(self._several(_children(node), path))
                ]
            case ast.JoinedStr() | ast.FormattedValue():
                valued = self._several(_children(node), path)
                return [(p, Holding.PART if s is Holding.WHOLE else s) for p, s in valued]
            case ast.BinOp(op=op) if not isinstance(op, ast.Add | ast.Mod):
                said = msg("An operator takes the result.")
                valued = self._several(_children(node), path)
                return [(doubted(p, said) if s is Holding.WHOLE else p, s) for p, s in valued]
            case ast.Compare() | ast.UnaryOp():
                return [(p, Holding.NONE) for p in only_paths(self._several(_children(node), path))]
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node, path)
            case ast.Lambda():
                return [(path, Holding.NONE)]
            case ast.Yield(value=ast.expr() as inner) | ast.YieldFrom(value=inner):
                said = msg("The result is yielded.")
                return [
                    (doubted(p, said) if s is Holding.WHOLE else p, s) for p, s in self.value(inner, path)
                ]
            case _:
                return self._several(_children(node), path)

    def _is_result(self, keys: int) -> bool:
        return self._fresh and keys >= _KEYS

    def _several(self, nodes: Sequence[ast.expr], path: CodePath) -> list[Valued]:
        """All of some expressions, one after the other: together they hold what one of them holds."""
        found: list[Valued] = [(path, Holding.NONE)]
        for node in nodes:
            found = _merged([(p, max(s, t, key=_rank)) for q, t in found for p, s in self.value(node, q)])
        return found

    def _bool_op(self, values: Sequence[ast.expr], path: CodePath) -> list[Valued]:
        """Each operand but the first is reached on a condition."""
        going = self.value(values[0], path)
        found: list[Valued] = []
        for before, value in pairwise(values):
            following: list[Valued] = []
            for p, share in going:
                settled = truth(before, p)
                if settled is None:
                    found.append((p, share))
                test = quoted(before, p) if settled is None else ""
                following += self.value(value, replace(p, via=(*p.via, test)) if test else p)
            going = following
        return [*going, *found]

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, path: CodePath
    ) -> list[Valued]:
        paths = [path]
        for part in node.generators:
            valued = [v for p in paths for v in self.value(part.iter, p)]
            names = frozenset(n.id for n in ast.walk(part.target) if isinstance(n, ast.Name))
            paths = [replace(p, held=p.held | names) if s is Holding.WHOLE else p for p, s in valued]
        made = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        return [v for p in paths for v in self._several(made, p)]

    def _call(self, call: ast.Call, path: CodePath) -> list[Valued]:
        found: list[Valued] = []
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        for start, held in self.value(receiver, path) if receiver is not None else [(path, Holding.NONE)]:
            states: list[tuple[CodePath, tuple[Holding, ...]]] = [(start, ())]
            for arg in (*call.args, *(k.value for k in call.keywords)):
                states = _merged([(p, (*shares, s)) for q, shares in states for p, s in self.value(arg, q)])
            for behind, shares in states:
                found += self._calls.behind(ReadyCall(call, held, shares), behind)
        return found


def _merged(found: list[tuple[CodePath, _T]]) -> list[tuple[CodePath, _T]]:
    """One path of each state and value, the first."""
    if len(found) == 1:
        return found
    kept: dict[tuple[object, _T], tuple[CodePath, _T]] = {}
    for path, value in found:
        kept.setdefault((path.state, value), (path, value))
    return list(kept.values())


def _children(node: ast.AST) -> list[ast.expr]:
    return [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)]


def _rank(share: Holding) -> int:
    return share.value
