"""The digests of one session → its evidence: copies dropped, streams ordered, events unified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from logaudit.digest import Digest, HealthDigest, LedgerDigest, LogDigest, OtherDigest
from logaudit.evidence.assemble import assemble, lacking
from logaudit.evidence.copies import once, without_earlier_copies
from logaudit.evidence.coverage import build_stream
from logaudit.evidence.repeats import without_repeats
from logaudit.evidence.types import Cut, Evidence
from logaudit.evidence.unify import unify
from logaudit.model.location import Address
from logaudit.profile import Profile
from logaudit.sources import stream_stem


def merge(root: str, digests: Sequence[Digest], profile: Profile) -> Evidence:
    """Joins what was read in one session; the order of ``digests`` does not matter."""
    copies: dict[Address, tuple[Address, ...]] = {}
    logs = once([d for d in digests if isinstance(d, LogDigest)], copies)
    by_stream: dict[str, list[LogDigest]] = defaultdict(list)
    for digest in logs:
        by_stream[stream_stem(digest.address.member or digest.address.path)].append(digest)
    streams = tuple(build_stream(name, by_stream[name]) for name in sorted(by_stream))
    events = unify(e for s in streams for e in without_repeats(s, assemble(s, profile)))
    return Evidence(
        root=root,
        profile=profile,
        events=events,
        streams=streams,
        ledgers=without_earlier_copies(
            once([d for d in digests if isinstance(d, LedgerDigest)], copies), copies
        ),
        health=once([d for d in digests if isinstance(d, HealthDigest)], copies),
        others=tuple(sorted((d for d in digests if isinstance(d, OtherDigest)), key=lambda d: d.address)),
        cuts=tuple(Cut(e, what) for e in events if (what := lacking(e, profile))),
        copies=copies,
    )
