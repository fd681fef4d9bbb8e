"""Asks the bot's source about the closes of every session."""

from __future__ import annotations

from collections.abc import Sequence

from logaudit.codepaths.locate import SourceRef
from logaudit.codepaths.witness import CodeWitness
from logaudit.core.source_code import SourceAnalysis
from logaudit.ingest.emitters import emitters_of
from logaudit.ingest.read_context import ReadContext
from logaudit.reconcile.reconciled import Session
from logaudit.sources import Source


def ask_source(
    source: SourceRef,
    recorder: str,
    sessions: Sequence[Session],
    sources: Sequence[Source],
    context: ReadContext,
) -> dict[str, SourceAnalysis]:
    """Root of each session that has logs → what the source says of its closes."""
    witness = CodeWitness(source, recorder)
    by_address = {one.address: one for one in sources}
    found: dict[str, SourceAnalysis] = {}
    for session in sessions:
        addresses = [part.address for stream in session.evidence.streams for part in stream.sources]
        if not addresses:
            continue
        logs = [by_address[address] for address in addresses if address in by_address]
        emitters = emitters_of(logs, context.log_formats(session.profile.name), context.encoding)
        found[session.root] = witness.of_logs(session.profile, sorted(emitters))
    return found
