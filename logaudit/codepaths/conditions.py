"""Tests on the way of a result: which of them the result itself settles, and how they are quoted."""

from __future__ import annotations

import ast
from typing import Final

from logaudit.codepaths.path import CodePath

#: Characters of a piece of code that are quoted.
_QUOTED: Final = 160


def truth(test: ast.expr, path: CodePath) -> bool | None:  # noqa: PLR0911 - one arm for each kind of test
    """What a test comes to where the result is certainly there; None where that does not settle it."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.Name(id=name) | ast.NamedExpr(target=ast.Name(id=name)):
            return True if path.sure and name in path.held else None
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            inside = truth(inner, path)
            return None if inside is None else not inside
        case ast.Compare(
            left=left, ops=[ast.Is() | ast.IsNot() as op], comparators=[ast.Constant(value=None)]
        ):
            there = truth(left, path)
            return None if there is None else there is isinstance(op, ast.IsNot)
        case ast.BoolOp(op=op, values=values):
            inside_all = [truth(value, path) for value in values]
            decisive = isinstance(op, ast.Or)
            if decisive in inside_all:
                return decisive
            return None if None in inside_all else not decisive
        case _:
            return None


def quoted(test: ast.expr, path: CodePath) -> str:
    """A test as code, without the parts that are settled."""
    if isinstance(test, ast.BoolOp):
        open_parts = [value for value in test.values if truth(value, path) is None]
        word = " and " if isinstance(test.op, ast.And) else " or "
        return word.join(map(code, open_parts))[:_QUOTED]
    return code(test)


def code(node: ast.AST) -> str:
    """A node as code, cut."""
    return ast.unparse(node)[:_QUOTED]
