"""What a call does to a path: it is the close, it records, it takes the result on, or it hides what becomes of it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from logaudit.codepaths.conditions import code
from logaudit.codepaths.model import CallTarget, Function
from logaudit.codepaths.parse import dotted, within
from logaudit.codepaths.path import CodePath, Holding, Stop
from logaudit.codepaths.signatures import call_name
from logaudit.codepaths.templates import LEVELS
from logaudit.core.message import Code, Message, msg

if TYPE_CHECKING:
    from logaudit.codepaths.context import SearchContext

#: A path behind an expression, and what of the result the expression's value holds.
Valued: TypeAlias = tuple[CodePath, Holding]
#: Calls whose value holds what their arguments hold.
_THROUGH: Final = frozenset(
    {
        "asdict", "astuple", "cast", "copy", "create_task", "deepcopy", "dict", "dumps", "ensure_future", "enumerate",
        "filter", "gather", "list", "model_dump", "replace", "reversed", "set", "shield", "sorted", "tuple", "vars",
        "wait_for", "zip",
    }
)  # fmt: skip
#: Calls that look at their arguments only.
_LOOKS: Final = frozenset(
    {
        "abs", "all", "any", "bool", "callable", "float", "format", "getattr", "hasattr", "id", "int", "isinstance",
        "issubclass", "len", "max", "min", "print", "range", "repr", "round", "str", "sum", "type",
    }
)  # fmt: skip
#: Methods by which a container takes something in.
_TAKES: Final = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "put", "put_nowait", "setdefault", "update"}
)
#: Calls that make an empty container.
_CONTAINERS: Final = frozenset({"list", "dict", "set", "deque", "defaultdict"})
#: Methods of a result that give it in another form.
_FORMS: Final = frozenset(
    {"_asdict", "as_dict", "copy", "dict", "items", "json", "model_dump", "to_dict", "values"}
)
#: Calls further away than this are not searched for calls known only at run time.
_NEAR: Final = 1


class Subject(Struct, frozen=True):
    """A function whose paths are followed, and the close that is looked for in it.

    Attributes:
        is_close: tells the call that is the close from all others.
        gives: what that call hands over: the result, or nothing; sure: whether it certainly does.
        depth: how many calls lie between the close and this function.
        fresh: whether results are made here, so that what is put together counts as one.
    """

    function: Function
    is_close: Callable[[ast.Call], bool]
    gives: Holding = Holding.NONE
    sure: bool = False
    depth: int = 0
    fresh: bool = False


class ReadyCall(Struct, frozen=True):
    """A call whose receiver and arguments were evaluated.

    Attributes:
        held: what the receiver holds; shares: what the arguments hold, keywords last.
    """

    node: ast.Call
    held: Holding
    shares: tuple[Holding, ...]

    @property
    def gives_result(self) -> bool:
        """Whether it is given the result."""
        return Holding.WHOLE in self.shares

    @property
    def name(self) -> str:
        """The last name of what is called."""
        return call_name(self.node)


class CallEffects:
    """The calls of one function."""

    def __init__(self, context: SearchContext, subject: Subject) -> None:
        self._context = context
        self._subject = subject

    def behind(self, call: ReadyCall, path: CodePath) -> list[Valued]:
        """The paths behind a call."""
        if self._subject.is_close(call.node):
            sure = self._subject.sure or path.sure
            return [(replace(path, closed=True, sure=sure), self._subject.gives)]
        if call.name in LEVELS and isinstance(call.node.func, ast.Attribute):
            return [(path, Holding.NONE)]
        known = self._recorded(call, path) or self._ordinary(call, path)
        if known is not None:
            return [known]
        target = self._context.names.resolve(call.node, self._subject.function)
        if target.functions and target.sure:
            return self._enter(target.functions[0], call, path)
        return [self._opaque(call, target, path)]

    def _recorded(self, call: ReadyCall, path: CodePath) -> Valued | None:
        """A call of the recorder; one before the close records another."""
        found = self._context.recording(call.node, self._subject.function, given=call.gives_result)
        if found is False:
            return None
        if not (path.closed or self._subject.fresh):
            return path, Holding.NONE
        if isinstance(found, Message):
            return replace(path, broken=path.broken or found), Holding.NONE
        return replace(path, recorded=True), Holding.NONE

    def _ordinary(self, call: ReadyCall, path: CodePath) -> Valued | None:
        """Calls of which the name tells what becomes of the result."""
        if call.name in _LOOKS and isinstance(call.node.func, ast.Name) and not _into_file(call.node):
            return path, Holding.NONE
        if call.name in _THROUGH:
            whole = call.gives_result or call.held is Holding.WHOLE
            return path, Holding.WHOLE if whole else Holding.NONE
        if call.name in _TAKES and call.gives_result and isinstance(call.node.func, ast.Attribute):
            return self._taken(call.node.func.value, path)
        return None

    def _opaque(self, call: ReadyCall, target: CallTarget, path: CodePath) -> Valued:
        """A call of what this source does not have, or not for certain."""
        fresh = self._subject.fresh
        if self._context.names.class_of(call.node, self._subject.function) or call.name[:1].isupper():
            return replace(
                path, sure=path.sure or fresh
            ), Holding.WHOLE if call.gives_result or fresh else Holding.NONE
        if call.held is Holding.WHOLE and call.name in _FORMS:
            return path, Holding.WHOLE
        doubt = self._doubt_about(call, target, path)
        if doubt is None:
            return self._callbacks(call.node, path), Holding.NONE
        whole = call.gives_result or call.held is Holding.WHOLE
        return doubted(path, doubt), Holding.WHOLE if whole else Holding.NONE

    def _doubt_about(self, call: ReadyCall, target: CallTarget, path: CodePath) -> Message | None:
        """Why a call hides what becomes of the result; None where it has nothing to do with it."""
        name = Code(dotted(call.node.func) or code(call.node.func))
        if call.held is Holding.WHOLE and call.name not in {"get", "keys"}:
            return msg("The result's own {name} is called.", name=Code(call.name))
        if call.gives_result:
            return msg("The result is passed to {name}, which this source does not settle.", name=name)
        if path.closed and call.name in {"write", "print"} and Holding.PART in call.shares:
            return msg("Parts of the result are passed to {name}, which may write a row.", name=name)
        if path.closed and target.dynamic and self._subject.depth <= _NEAR:
            return msg("What {name} calls is known only when the bot runs.", name=name)
        if path.closed and len(target.functions) > 1 and any(map(self._context.may_record, target.functions)):
            return msg("{name} may mean several functions.", name=name)
        return None

    def _callbacks(self, call: ast.Call, path: CodePath) -> CodePath:
        """Functions that are handed on behind the close may record when they are called."""
        if not path.closed:
            return path
        for arg in (*call.args, *(k.value for k in call.keywords)):
            inside = within([arg.body]) if isinstance(arg, ast.Lambda) else [arg]
            names = {dotted(n).rpartition(".")[2] for n in inside if isinstance(n, ast.Name | ast.Attribute)}
            if names & self._context.recording_names:
                said = msg("{name} is handed on, to be called later.", name=Code(code(arg)))
                return doubted(path, said)
        return path

    def _taken(self, container: ast.expr, path: CodePath) -> Valued:
        """The result goes into a container: a local variable holds it then."""
        if isinstance(container, ast.Name) and self._is_container(container.id):
            return replace(path, held=path.held | {container.id}), Holding.NONE
        kept = dotted(container) or "a container"
        said = msg("The result is kept in {name}, where other code may find it.", name=Code(kept))
        return doubted(path, said), Holding.NONE

    def _is_container(self, name: str) -> bool:
        """Whether a variable is certainly a list, a set or a dictionary that was made here."""
        values = self._context.names.assignments(self._subject.function).get(name, ())
        return bool(values) and all(
            isinstance(value, ast.List | ast.Set | ast.Dict | ast.ListComp | ast.DictComp | ast.SetComp)
            or (isinstance(value, ast.Call) and call_name(value) in _CONTAINERS)
            for value in values
        )

    def _enter(self, callee: Function, call: ReadyCall, path: CodePath) -> list[Valued]:
        """A function of the source: what it does with what it is given."""
        subject = self._subject
        if callee is subject.function:
            return [(path, Holding.NONE)]
        given = _parameters(callee, call)
        if call.held is Holding.WHOLE:
            given |= {"self"}
        if not given and not path.closed and not (subject.fresh and self._context.may_record(callee)):
            made = subject.fresh and _makes(callee)
            return [(path, Holding.WHOLE if made else Holding.NONE)]
        found: list[Valued] = []
        for effect in self._context.effects(
            callee, given, sure=path.sure, closed=path.closed, depth=subject.depth + 1
        ):
            if effect.stop is Stop.RAISE:
                continue
            new = replace(
                path,
                recorded=path.recorded or effect.recorded,
                unknown=path.unknown or effect.unknown,
                broken=path.broken or effect.broken,
                via=(*path.via, *effect.via) if effect.recorded and not path.recorded else path.via,
            )
            made = effect.returned or (subject.fresh and _makes(callee))
            found.append((new, Holding.WHOLE if made else Holding.NONE))
        return found or [(path, Holding.NONE)]


def _into_file(call: ast.Call) -> bool:
    """Whether a call of `print` writes elsewhere than to the screen."""
    return any(keyword.arg == "file" for keyword in call.keywords)


def _makes(callee: Function) -> bool:
    """Whether a function returns an object that it makes."""
    returned = [n.value for n in within(callee.body) if isinstance(n, ast.Return) and n.value is not None]
    return bool(returned) and all(isinstance(v, ast.Call) and call_name(v)[:1].isupper() for v in returned)


def _parameters(callee: Function, call: ReadyCall) -> frozenset[str]:
    """The parameters that take the whole result."""
    names = [arg.arg for arg in callee.parameters]
    if names[:1] in (["self"], ["cls"]) and isinstance(call.node.func, ast.Attribute):
        names = names[1:]
    count = len(call.node.args)
    places = [i for i, share in enumerate(call.shares[:count]) if share is Holding.WHOLE]
    found = {names[i] for i in places if i < len(names)}
    for keyword, share in zip(call.node.keywords, call.shares[count:], strict=True):
        if share is Holding.WHOLE and keyword.arg:
            found.add(keyword.arg)
    if callee.node is not None and len(found) < len(places):
        rest = (callee.node.args.vararg, callee.node.args.kwarg)
        found |= {arg.arg for arg in rest if arg is not None}
    return frozenset(found)


def doubted(path: CodePath, why: Message) -> CodePath:
    """A path on which it cannot be told whether the result is recorded."""
    return replace(path, unknown=path.unknown or why)
