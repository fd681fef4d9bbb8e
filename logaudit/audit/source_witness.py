"""Asks the bot's source about the closes of sessions."""

from __future__ import annotations

from collections.abc import Mapping

from logaudit.codepaths.locate import SourceRef
from logaudit.codepaths.witness import CodeWitness
from logaudit.core.location import Address
from logaudit.core.source_code import SourceAnalysis
from logaudit.ingest.emitters import emitters_of
from logaudit.ingest.read_context import ReadContext
from logaudit.reconcile.reconciled import Session
from logaudit.sources import Source


class SourceWitness:
    """One version of the source, or one for each that ran."""

    def __init__(self, source: SourceRef, recorder: str, context: ReadContext) -> None:
        """``recorder`` is its function that records, empty to find it; ``context`` is how logs are read."""
        self._witness = CodeWitness(source, recorder)
        self._context = context

    def ask(self, session: Session, sources: Mapping[Address, Source]) -> SourceAnalysis | None:
        """What the source says of a session's closes; None where it has no logs."""
        addresses = [part.address for stream in session.evidence.streams for part in stream.sources]
        if not addresses:
            return None
        logs = [sources[address] for address in addresses if address in sources]
        log_formats = self._context.log_formats(session.profile.name)
        emitters = emitters_of(logs, log_formats, self._context.encoding)
        return self._witness.of_logs(session.profile, sorted(emitters))
