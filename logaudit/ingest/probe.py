"""What a source's head shows: its kind, and what its lines say for each profile."""

from __future__ import annotations

import threading

from msgspec import Struct, field

from logaudit.core.location import SourceKind
from logaudit.ingest.read_context import AnyLogFormat, ReadContext
from logaudit.ingest.source_head import SourceHead, read_head
from logaudit.profiles.detect import ProfileHits, choose, hits_by_profile, markers_by_profile
from logaudit.sources import Problem, Source


class ProbeResult(Struct, frozen=True):
    """What a source's head shows.

    Attributes:
        header: the table's header, if it is one.
        lines: how many lines speak for profiles.
        hits: what they say, by profile name, for the profiles that were asked for.
    """

    kind: SourceKind
    header: str = ""
    problem: Problem | None = None
    lines: int = 0
    hits: dict[str, ProfileHits] = field(default_factory=dict)

    def markers(self, profile: str) -> tuple[str | None, ...]:
        """What its lines show of a profile's markers; nothing where it was not asked for."""
        return self.hits[profile].markers if profile in self.hits else ()


def probe(source: Source, context: ReadContext, scored: tuple[str, ...]) -> ProbeResult:
    """Looks at a source's head."""
    seen = _head(source, context)
    signs = hits_by_profile([context.profile(name) for name in scored], seen.sample) if seen.sample else {}
    return ProbeResult(seen.kind, seen.header, seen.problem, len(seen.sample), signs)


def likely_profile(source: Source, context: ReadContext) -> str:
    """The name of the profile that a source's head speaks for.

    Where it holds markers, they say it: patterns, which take a while to compile, are only asked without any.
    """
    seen = _head(source, context)
    markers = markers_by_profile(context.profiles, seen.sample)
    found = {name: sum(text is not None for text in texts) for name, texts in markers.items()}
    name = max(found, key=found.__getitem__)
    if found[name]:
        return name
    signs = hits_by_profile(context.profiles, seen.sample)
    return choose(
        context.profiles,
        {name: [hits] for name, hits in signs.items()},
        len(seen.sample),
        [seen.header] if seen.header else [],
    ).profile.name


def _head(source: Source, context: ReadContext) -> SourceHead:
    return read_head(
        source, context.profiles_for(source.address), _any_log_format(context), context.encoding or None
    )


class _Known(threading.local):
    """What a thread recognises lines with."""

    def __init__(self) -> None:
        self.last: AnyLogFormat | None = None


_known = _Known()


def _any_log_format(context: ReadContext) -> AnyLogFormat:
    if _known.last is None or _known.last.context is not context:
        _known.last = AnyLogFormat(context)
    return _known.last
