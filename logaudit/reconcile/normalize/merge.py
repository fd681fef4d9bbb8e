"""The extracts of one session → its evidence: copies dropped, streams ordered, events unified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from logaudit.core.location import Address
from logaudit.ingest.source_extract import (
    HealthExtract,
    LedgerExtract,
    LogExtract,
    OtherExtract,
    SourceExtract,
)
from logaudit.profiles import Profile
from logaudit.reconcile.normalize.assemble_events import assemble, lacking
from logaudit.reconcile.normalize.clock_turns import with_turns
from logaudit.reconcile.normalize.coverage import build_stream
from logaudit.reconcile.normalize.dedupe_events import without_repeats
from logaudit.reconcile.normalize.duplicate_files import once
from logaudit.reconcile.normalize.merge_sinks import unify
from logaudit.reconcile.normalize.part_jumps import with_part_jumps
from logaudit.reconcile.normalize.possible_closes import with_possible_closes
from logaudit.reconcile.normalize.session_evidence import Cut, SessionEvidence
from logaudit.reconcile.normalize.told_by_opens import with_markets
from logaudit.reconcile.normalize.trade_ids import with_telling_ids
from logaudit.sources import stream_stem


def merge(root: str, extracts: Sequence[SourceExtract], profile: Profile, zone: str = "") -> SessionEvidence:
    """Joins what was read in one session; the order of ``extracts`` does not matter.

    Args:
        zone: what the user states the logs' zone to be, empty for nothing.
    """
    copies: dict[Address, tuple[Address, ...]] = {}
    logs = once([d for d in extracts if isinstance(d, LogExtract)], copies)
    clocks = with_turns(logs, zone)
    by_stream: dict[str, list[LogExtract]] = defaultdict(list)
    for extract in with_part_jumps(clocks.logs, clocks.turns):
        by_stream[stream_stem(extract.address.member or extract.address.path)].append(extract)
    streams = tuple(build_stream(name, by_stream[name]) for name in sorted(by_stream))
    ledgers = _ledgers(extracts, copies)
    told = unify(e for s in streams for e in without_repeats(s, assemble(s, profile)))
    if any(event.dealt is not None for event in told):
        from logaudit.reconcile.normalize.interleaved_blocks import (  # noqa: PLC0415 - few bots write blocks at once
            with_figures_of_rows,
        )

        told = with_figures_of_rows(told, ledgers)
    events = with_possible_closes(with_markets(with_telling_ids(told)))
    return SessionEvidence(
        root=root,
        profile=profile,
        events=events,
        streams=streams,
        ledgers=ledgers,
        health=once([d for d in extracts if isinstance(d, HealthExtract)], copies),
        others=tuple(sorted((d for d in extracts if isinstance(d, OtherExtract)), key=lambda d: d.address)),
        cuts=tuple(Cut(e, what) for e in events if (what := lacking(e, profile))),
        copies=copies,
        turns=clocks.turns,
        restated=clocks.restated,
        zone=zone,
    )


def _ledgers(
    extracts: Sequence[SourceExtract], copies: dict[Address, tuple[Address, ...]]
) -> tuple[LedgerExtract, ...]:
    ledgers = once([d for d in extracts if isinstance(d, LedgerExtract)], copies)
    if len(ledgers) <= 1:
        return ledgers
    from logaudit.reconcile.normalize.earlier_copies import without_earlier_copies  # noqa: PLC0415 - most bots keep one

    return without_earlier_copies(ledgers, copies)
