"""Whether a source wrote some logs: every place that the logs name must be a logging call of that function there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from logaudit.codepaths.model import SourceModule, SourceTree
from logaudit.codepaths.templates import LEVELS
from logaudit.core.events import Emitter
from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.source_code import ModuleMatch, SourceMatch, same_module

#: How loguru and logging call the script that was started.
_SCRIPT: Final = "__main__"
_LOGS: Final = lazy_pattern(rf"\.(?:{'|'.join(sorted(LEVELS))})\(")


def compare(tree: SourceTree, emitters: Iterable[Emitter]) -> SourceMatch:
    """How the places that the logs name compare with a source, module by module."""
    by_module = grouped(emitters)
    lines = any(e.line for group in by_module.values() for e in group)
    packages = {part for m in tree.modules for part in _packages(m.name)}
    found: list[ModuleMatch] = []
    for name, group in sorted(by_module.items()):
        candidates = [
            m for m in tree.modules if same_module(name, m.name) or (name == _SCRIPT and _has_all(m, group))
        ]
        matches = [_module(name, module, group) for module in candidates]
        if matches:
            found.append(max(matches, key=lambda m: m.matched))
        elif any(same_module(part, package) for part in _packages(name) for package in packages):
            found.append(ModuleMatch(name, "", 0, len(group), first=str(group[0])))
    known = any(m.path for m in found)
    return SourceMatch(tuple(found) if known else (), tree.revision, lines, assumed=False)


def grouped(emitters: Iterable[Emitter]) -> Mapping[str, Sequence[Emitter]]:
    """The places by module; those that name no function are left out."""
    found: dict[str, list[Emitter]] = defaultdict(list)
    for emitter in sorted(set(emitters)):
        if emitter.module and emitter.function and emitter.function != "<lambda>":
            found[emitter.module].append(emitter)
    return found


def rough_matches(text: str, emitters: Sequence[Emitter]) -> int:
    """How many places look like logging calls, by their lines alone: quick, for choosing among versions."""
    lines = text.split("\n")
    return sum(0 < e.line <= len(lines) and _LOGS.search(lines[e.line - 1]) is not None for e in emitters)


def _module(name: str, module: SourceModule, group: Sequence[Emitter]) -> ModuleMatch:
    differing = [e for e in group if not _has(module, e)]
    first = str(differing[0]) if differing else ""
    return ModuleMatch(name, module.path, len(group) - len(differing), len(group), first)


def _has_all(module: SourceModule, group: Sequence[Emitter]) -> bool:
    return all(_has(module, emitter) for emitter in group)


def _has(module: SourceModule, emitter: Emitter) -> bool:
    """Whether a function of this name logs at this line, or at all where the logs print no line."""
    return any(
        function.name == emitter.function
        and any(not emitter.line or call.line <= emitter.line <= call.end for call in function.logging)
        for function in module.functions
    )


def _packages(name: str) -> tuple[str, ...]:
    """The package of a module, where it has one."""
    package = name.rpartition(".")[0]
    return (package,) if package else ()
