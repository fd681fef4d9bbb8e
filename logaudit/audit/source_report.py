"""What the bot's source says without logs, as a report; and how two versions of it differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from logaudit.audit.build_report import build_report
from logaudit.codepaths.locate import locate
from logaudit.codepaths.versions import path_changes
from logaudit.codepaths.witness import CodeWitness
from logaudit.core.report import Report
from logaudit.core.source_code import PathChange, SourceAnalysis
from logaudit.profiles import resolve
from logaudit.reconcile.reconciled import Case


def source_report(analysis: SourceAnalysis) -> Report:
    """A report that holds the source and the findings about it, and nothing else."""
    case = Case(
        sessions=(), problems=(), skipped=(), roots=(analysis.name,), archives=0, code={".": analysis}
    )
    report = build_report(case)
    return replace(report, not_judged=None) if analysis.sites else report


def analyze_source(where: str, profile: str, recorder: str) -> tuple[SourceAnalysis, tuple[PathChange, ...]]:
    """What a source says, and how it differs from the earlier version when ``where`` names two.

    Raises:
        UserError: no such folder, revision or profile.
    """
    known = resolve(profile) if profile else None
    found = [CodeWitness(locate(one), recorder).alone(known) for one in _versions(where)]
    return found[-1], path_changes(*found) if len(found) > 1 else ()


def _versions(where: str) -> Iterator[str]:
    """``REPO@OLD..NEW`` as two sources; without ``REPO@`` the repository is the working directory's."""
    older, dots, newer = where.partition("..")
    if not dots or not older or not newer or Path(where).exists() or older.endswith(("/", "\\")):
        yield where
        return
    path, _, _ = older.rpartition("@")
    for one in (older, newer):
        yield one if "@" in one or Path(one).is_dir() else f"{path or '.'}@{one}"
