"""Extracts → reconciled sessions: the same for what was just read and for what a bundle holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from logaudit.core.trades import LedgerEntry
from logaudit.ingest.source_extract import SourceExtract
from logaudit.profiles import Profile
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.normalize import SessionEvidence, merge
from logaudit.reconcile.reconciled import Session
from logaudit.sources import Problem


def build_sessions(
    by_root: Mapping[str, Sequence[SourceExtract]],
    profiles: Mapping[str, Profile],
    problems: Sequence[Problem],
    zone: str,
) -> dict[str, Session]:
    """The session of each root, in order of their names; ``zone`` is the one stated for the logs."""
    merged = [merge(root, by_root[root], profiles[root], zone) for root in sorted(by_root)]
    lone = rows_without_logs(merged)
    return {
        evidence.root: build_session(evidence, problems_in(problems, evidence.root, by_root), lone)
        for evidence in merged
    }


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
