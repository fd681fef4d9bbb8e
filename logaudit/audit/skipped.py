"""What was not read, and why."""

from __future__ import annotations

from typing import Final

from logaudit.core.location import SourceKind
from logaudit.core.message import msg
from logaudit.core.source_report import Skipped
from logaudit.reconcile.reconciled import Case

_REASONS: Final = {
    SourceKind.EMPTY: msg("empty"),
    SourceKind.OTHER: msg("neither a log nor a table of trades"),
    SourceKind.UNREAD_TABLE: msg("a table that is not understood"),
    SourceKind.UNDATED_LOG: msg(
        "its times show no year or no date, and neither its name nor what lies beside it tells one"
    ),
}


def skipped_sources(case: Case) -> list[Skipped]:
    """What was left alone, then what could be read and is neither log nor table."""
    others = [
        Skipped(str(extract.address), _REASONS[extract.kind])
        for session in case.sessions
        for extract in session.evidence.others
        if extract.problem is None
    ]
    return [*case.skipped, *others]
