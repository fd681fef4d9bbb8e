"""Reads the source that the user names, finds the version that wrote the logs, and asks it about every close."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from logaudit.codepaths.classify import analyze, read_wordings
from logaudit.codepaths.emitters import compare, grouped
from logaudit.codepaths.history import best_commit
from logaudit.codepaths.locate import SourceRef
from logaudit.codepaths.model import SourceTree
from logaudit.codepaths.parse import parse_source
from logaudit.core.events import Emitter, EventKind
from logaudit.core.source_code import SourceAnalysis, SourceMatch
from logaudit.profiles import BUILT_IN, Profile, load_built_in


class CodeWitness:
    """One source; what was found in its versions is kept.

    Args:
        source: what the user named.
        recorder: the function that records, empty to find it.
    """

    def __init__(self, source: SourceRef, recorder: str = "") -> None:
        self._source = source
        self._recorder = recorder
        self._trees: dict[str, SourceTree] = {}
        self._analyses: dict[tuple[str, tuple[str, ...]], SourceAnalysis] = {}

    def alone(self, profile: Profile | None = None) -> SourceAnalysis:
        """What the source says without logs; without a profile the built-in one that recognises the most of it."""
        tree = self._tree("")
        return self._analysis("", profile or _likeliest(tree))

    def of_logs(self, profile: Profile, emitters: Sequence[Emitter]) -> SourceAnalysis:
        """What it says of the closes of a session whose log lines name these places."""
        at_hand = compare(self._tree(""), emitters)
        if not grouped(emitters) or (self._source.revision and not at_hand.modules):
            assumed = SourceMatch(
                (), self._tree("").revision, lines=False, assumed=bool(self._source.revision)
            )
            return replace(self._analysis("", profile), match=assumed)
        version, match = "", at_hand
        if not at_hand.complete and not self._source.revision and self._source.repository.exists():
            commit = best_commit(self._source.repository, emitters)
            if commit:
                found = compare(self._tree(commit), emitters)
                if (found.complete, found.matched) > (at_hand.complete, at_hand.matched):
                    version, match = commit, found
        return replace(self._analysis(version, profile), match=match)

    def _tree(self, commit: str) -> SourceTree:
        if commit not in self._trees:
            # A tree is large: beside the one at hand, that of the last commit is kept.
            self._trees = {name: tree for name, tree in self._trees.items() if not name}
            source = self._source
            files = source.repository.read(commit, source.name) if commit else source.read()
            self._trees[commit] = parse_source(files)
        return self._trees[commit]

    def _analysis(self, commit: str, profile: Profile) -> SourceAnalysis:
        key = commit, tuple(pattern.written for pattern in profile.patterns)
        if key not in self._analyses:
            self._analyses[key] = analyze(self._tree(commit), profile, self._recorder)
        return self._analyses[key]


def _likeliest(tree: SourceTree) -> Profile:
    """The built-in profile that recognises the most closes in the source; one of a single bot first."""

    def fit(profile: Profile) -> tuple[bool, int]:
        closes = sum(map(_states_close, read_wordings(tree, profile).values()))
        return bool(closes and profile.markers), closes

    return max((load_built_in(name) for name in BUILT_IN), key=fit)


def _states_close(told: Sequence[tuple[object, frozenset[EventKind]]]) -> bool:
    return any(EventKind.POSITION_CLOSED in kinds for _, kinds in told)
