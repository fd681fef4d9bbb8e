"""Follows the paths through one function, statement by statement, from a close to where its result ends."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from logaudit.codepaths.calls import Subject, Valued
from logaudit.codepaths.conditions import code, quoted, truth
from logaudit.codepaths.evaluate import Evaluator, only_paths
from logaudit.codepaths.model import Function
from logaudit.codepaths.parse import dotted, within
from logaudit.codepaths.path import CodePath, Holding, Stop, merged
from logaudit.core.message import Code, msg

if TYPE_CHECKING:
    from logaudit.codepaths.context import SearchContext

#: Paths of one function that are followed at once; with more, nothing is said.
_MOST: Final = 96


class PathFollower:
    """One function."""

    def __init__(self, context: SearchContext, subject: Subject) -> None:
        self._context = context
        self._values = Evaluator(context, subject)
        self._subject = subject
        self._shared = _shared_names(subject.function)

    def run(self, start: CodePath) -> list[CodePath]:
        """All paths to the function's end."""
        paths = self._block(self._subject.function.body, [start])
        if len(paths) > _MOST:
            return [replace(p, unknown=p.unknown or msg("It has too many paths to follow.")) for p in paths]
        return paths

    def _block(self, body: Sequence[ast.stmt], paths: Iterable[CodePath]) -> list[CodePath]:
        going = merged(paths)
        done: list[CodePath] = []
        for statement in body:
            after = [new for path in going for new in self._statement(statement, path)]
            done += [p for p in after if p.stop is not Stop.NO]
            going = merged(p for p in after if p.stop is Stop.NO)
            if len(going) > _MOST:
                said = msg("It has too many paths to follow.")
                going = merged(replace(p, held=frozenset(), unknown=p.unknown or said) for p in going)
        return merged([*done, *going])

    def _statement(self, node: ast.stmt, path: CodePath) -> list[CodePath]:
        """One statement; a search that takes too long knows nothing more."""
        if self._context.spent():
            return [
                replace(
                    path, held=frozenset(), unknown=path.unknown or msg("It has too many paths to follow.")
                )
            ]
        return self._behind(node, path)

    def _behind(self, node: ast.stmt, path: CodePath) -> list[CodePath]:  # noqa: C901, PLR0911, PLR0912 - one arm for each
        match node:
            case ast.Return(value=value):
                return [self._returned(value, share, new) for new, share in self._value(value, path)]
            case ast.Raise():
                return [replace(p, stop=Stop.RAISE) for p in only_paths(self._value(node.exc, path))]
            case ast.Continue() | ast.Break():
                return [replace(path, stop=Stop.LOOP)]
            case ast.Assign(targets=targets, value=value):
                return [self._assign(targets, share, new) for new, share in self._value(value, path)]
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                return [self._assign([target], share, new) for new, share in self._value(value, path)]
            case ast.AugAssign(target=target, value=value):
                return [
                    self._assign([target], share, new) if share is Holding.WHOLE else new
                    for new, share in self._value(value, path)
                ]
            case ast.If(test=test):
                return self._if(test, node.body, node.orelse, path)
            case ast.For() | ast.AsyncFor():
                return self._for(node, path)
            case ast.While():
                return self._while(node, path)
            case ast.Try() | ast.TryStar():
                return self._try(node, path)
            case ast.With() | ast.AsyncWith():
                return self._with(node, path)
            case ast.Match():
                return self._match(node, path)
            case ast.Expr(value=value):
                return only_paths(self._value(value, path))
            case ast.Assert(test=test):
                return only_paths(self._value(test, path))
            case _:
                return [path]

    def _value(self, node: ast.expr | None, path: CodePath) -> list[Valued]:
        return [(path, Holding.NONE)] if node is None else self._values.value(node, path)

    def _returned(self, value: ast.expr | None, share: Holding, path: CodePath) -> CodePath:
        """Any value but a constant may be the result where results are made."""
        made = self._subject.fresh and value is not None and not isinstance(value, ast.Constant | ast.Compare)
        given = share is Holding.WHOLE or (made and path.closed)
        return replace(path, stop=Stop.RETURN, returned=given, sure=path.sure and share is Holding.WHOLE)

    def _assign(self, targets: Sequence[ast.expr], share: Holding, path: CodePath) -> CodePath:
        for target in targets:
            match target:
                case ast.Name(id=name) if share is Holding.WHOLE and name in self._shared:
                    path = _kept(path, name)
                case ast.Name(id=name):
                    lost = frozenset() if self._subject.fresh else {name}
                    held = path.held | {name} if share is Holding.WHOLE else path.held - lost
                    path = replace(path, held=held)
                case ast.Tuple(elts=parts) | ast.List(elts=parts):
                    path = self._assign(parts, share, path)
                case ast.Starred(value=inner):
                    path = self._assign([inner], share, path)
                case ast.Subscript(value=ast.Name(id=name)) if share is Holding.WHOLE:
                    path = replace(path, held=path.held | {name})
                case ast.Attribute() | ast.Subscript() if share is Holding.WHOLE:
                    kept = dotted(target.value if isinstance(target, ast.Subscript) else target)
                    path = _kept(path, kept or "an object")
                case _:
                    pass
        return path

    def _if(
        self, test: ast.expr, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt], path: CodePath
    ) -> list[CodePath]:
        found: list[CodePath] = []
        for new in only_paths(self._value(test, path)):
            holds = truth(test, new)
            text = "" if holds is not None else quoted(test, new)
            if holds is not False:
                found += self._block(body, [_via(new, text)])
            if holds is not True:
                found += self._block(orelse, [_via(new, f"not ({text})" if text else "")])
        return merged(found)

    def _for(self, node: ast.For | ast.AsyncFor, path: CodePath) -> list[CodePath]:
        found: list[CodePath] = []
        for new, share in self._value(node.iter, path):
            whole = share is Holding.WHOLE
            inside = self._assign([node.target], share, new) if whole else new
            text = f"for {code(node.target)} in {code(node.iter)}"
            once = self._loop(node.body, inside if whole else _via(inside, text))
            never = [] if whole else [_via(new, f"not ({text})")]
            found += self._block(node.orelse, merged([*once, *never]))
        return merged(found)

    def _while(self, node: ast.While, path: CodePath) -> list[CodePath]:
        found: list[CodePath] = []
        for new in only_paths(self._value(node.test, path)):
            forever = isinstance(node.test, ast.Constant) and bool(node.test.value)
            # As long as results are left, and there are some.
            drains = isinstance(node.test, ast.Name) and node.test.id in new.held
            text = f"while {code(node.test)}"
            once = self._loop(node.body, new if forever or drains else _via(new, text))
            never = [] if forever or drains else [_via(new, f"not ({text})")]
            found += self._block(node.orelse, merged([*once, *never]))
        return merged(found)

    def _loop(self, body: Sequence[ast.stmt], path: CodePath) -> list[CodePath]:
        """The body once, and once more for a result that waits for the next turn."""
        first = self._block(body, [path])
        going = [replace(p, stop=Stop.NO) if p.stop is Stop.LOOP else p for p in first]
        waiting = [
            p
            for p in going
            if p.stop is Stop.NO and p.closed and not p.recorded and p.held and not path.closed
        ]
        second = self._block(body, waiting) if waiting else []
        kept = [p for p in going if p not in waiting]
        again = [replace(p, stop=Stop.NO) if p.stop is Stop.LOOP else p for p in second]
        return merged([*kept, *again])

    def _try(self, node: ast.Try | ast.TryStar, path: CodePath) -> list[CodePath]:
        """What is raised behind the close is no path: any call may raise, and says so."""
        tried = self._block(node.body, [path])
        going = [p for p in tried if p.stop is Stop.NO]
        found = [p for p in tried if p.stop is not Stop.NO] + self._block(node.orelse, going)
        for handler in node.handlers:
            found += [p for p in self._block(handler.body, [path]) if not path.closed]
        if not node.finalbody:
            return merged(found)
        return merged(
            last if last.stop is not Stop.NO else replace(last, stop=one.stop)
            for one in merged(found)
            for last in self._block(node.finalbody, [replace(one, stop=Stop.NO)])
        )

    def _with(self, node: ast.With | ast.AsyncWith, path: CodePath) -> list[CodePath]:
        paths = [path]
        for item in node.items:
            valued = [v for p in paths for v in self._value(item.context_expr, p)]
            target = item.optional_vars
            paths = [self._assign([target], share, p) if target is not None else p for p, share in valued]
        return self._block(node.body, paths)

    def _match(self, node: ast.Match, path: CodePath) -> list[CodePath]:
        found: list[CodePath] = []
        for new in only_paths(self._value(node.subject, path)):
            subject, total = code(node.subject), False
            for case in node.cases:
                always = (
                    isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and not case.guard
                )
                total = total or always
                test = f"{subject} matches {code(case.pattern)}"
                found += self._block(case.body, [_via(new, test)])
            if not total:
                found.append(new)
        return merged(found)


def _shared_names(function: Function) -> frozenset[str]:
    """Variables that other functions see: all of a module's own, and those declared so."""
    nodes = list(within(function.body))
    if function.node is None:
        return frozenset(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    return frozenset(name for n in nodes if isinstance(n, ast.Global | ast.Nonlocal) for name in n.names)


def _kept(path: CodePath, name: str) -> CodePath:
    said = msg("The result is kept in {name}, where other code may find it.", name=Code(name))
    return replace(path, unknown=path.unknown or said)


def _via(path: CodePath, text: str) -> CodePath:
    return replace(path, via=(*path.via, text)) if text else path
