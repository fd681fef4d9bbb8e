"""What a source's head shows: its kind, and what its lines say for each profile."""

from __future__ import annotations

import threading

from msgspec import Struct, field

from logaudit.digest import Probe, SourceKind, probe
from logaudit.intake.kit import AnyDialect, Kit
from logaudit.profile.detect import Signs, choose, markers_in, signs_of
from logaudit.sources import Problem, Source


class Survey(Struct, frozen=True):
    """What a source's head shows.

    Attributes:
        header: the table's header, if it is one.
        lines: how many lines speak for profiles.
        signs: what they say, by profile name, for the profiles that were asked for.
    """

    kind: SourceKind
    header: str = ""
    problem: Problem | None = None
    lines: int = 0
    signs: dict[str, Signs] = field(default_factory=dict)


def survey(source: Source, kit: Kit, scored: tuple[str, ...]) -> Survey:
    """Looks at a source's head."""
    seen = _head(source, kit)
    signs = {name: signs_of(kit.profile(name), seen.sample) for name in scored if seen.sample}
    return Survey(seen.kind, seen.header, seen.problem, len(seen.sample), signs)


def likely_profile(source: Source, kit: Kit) -> str:
    """The name of the profile that a source's head speaks for.

    Where it holds markers, they say it: patterns, which take a while to compile, are only asked without any.
    """
    seen = _head(source, kit)
    markers = {profile.name: markers_in(profile, seen.sample) for profile in kit.profiles}
    name = max(markers, key=markers.__getitem__)
    if markers[name]:
        return name
    signs = {profile.name: [signs_of(profile, seen.sample)] for profile in kit.profiles}
    return choose(kit.profiles, signs, len(seen.sample), [seen.header] if seen.header else []).profile.name


def _head(source: Source, kit: Kit) -> Probe:
    return probe(source, kit.profiles, _any_dialect(kit), kit.encoding or None)


class _Known(threading.local):
    """What a thread recognises lines with."""

    def __init__(self) -> None:
        self.last: AnyDialect | None = None


_known = _Known()


def _any_dialect(kit: Kit) -> AnyDialect:
    if _known.last is None or _known.last.kit is not kit:
        _known.last = AnyDialect(kit)
    return _known.last
