"""Extracts → reconciled sessions: the same for what was just read and for what a bundle holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.location import SourceKind
from logaudit.core.stopped import Stopped, stopped
from logaudit.core.trades import LedgerEntry
from logaudit.ingest.source_extract import OtherExtract, SourceExtract
from logaudit.profiles import Profile
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.normalize import SessionEvidence, merge
from logaudit.reconcile.reconciled import Session
from logaudit.sources import Problem

#: What stopped, in the words of LA905.
_RECONCILIATION: Final = "reconciliation"


def build_sessions(
    by_root: Mapping[str, Sequence[SourceExtract]],
    profiles: Mapping[str, Profile],
    problems: Sequence[Problem],
    zone: str,
) -> dict[str, Session]:
    """The session of each root, in order of their names; ``zone`` is the one stated for the logs."""
    merged = [_merged(root, by_root[root], profiles[root], zone) for root in sorted(by_root)]
    lone = rows_without_logs(evidence for evidence, _ in merged)
    return {
        evidence.root: _unreconciled(evidence, error)
        if error is not None
        else reconciled(evidence, problems_in(problems, evidence.root, by_root), lone)
        for evidence, error in merged
    }


def reconciled(
    evidence: SessionEvidence, problems: Sequence[Problem], lone: Sequence[LedgerEntry]
) -> Session:
    """As `build_session`; what meets a value that it cannot judge costs this session, and no other."""
    try:
        return build_session(evidence, problems, lone)
    except Exception as error:  # noqa: BLE001 - no value in the evidence ends a scan
        return _unreconciled(evidence, stopped(_RECONCILIATION, evidence.root, error))


def _merged(
    root: str, extracts: Sequence[SourceExtract], profile: Profile, zone: str
) -> tuple[SessionEvidence, Stopped | None]:
    try:
        return merge(root, extracts, profile, zone), None
    except Exception as error:  # noqa: BLE001 - as above
        unread = [OtherExtract(extract.address, SourceKind.OTHER, extract.size) for extract in extracts]
        return merge(root, unread, profile, zone), stopped(_RECONCILIATION, root, error)


def _unreconciled(evidence: SessionEvidence, why: Stopped) -> Session:
    """A session of which nothing is claimed but what its files are."""
    bare = replace(evidence, events=(), ledgers=())
    return Session(bare, (), (), (), (), (), (), (), stopped=why)


def rows_without_logs(sessions: Iterable[SessionEvidence]) -> list[LedgerEntry]:
    """The rows of ledgers in folders without a log: they may be those of a bot that logs elsewhere."""
    return [
        row
        for evidence in sessions
        if not evidence.streams
        for ledger in evidence.ledgers
        for row in ledger.ledger.rows
    ]


def problems_in(problems: Sequence[Problem], root: str, roots: Iterable[str]) -> list[Problem]:
    """The problems of files whose innermost session is ``root``; the only session has all of them."""
    others = [r for r in roots if r != root]
    inner = [r for r in others if root == "." or r.startswith(f"{root}/")]
    return [
        problem
        for problem in problems
        if (not others or root == "." or problem.address.path.startswith(f"{root}/"))
        and not any(problem.address.path.startswith(f"{r}/") for r in inner)
    ]
