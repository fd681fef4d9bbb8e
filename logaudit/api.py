"""``logaudit.scan``: audits from Python, for notebooks and other programs."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct

from logaudit.audit.pipeline import run
from logaudit.audit.policy import apply_policy
from logaudit.audit.prepare import check, open_cache, with_fixed_times
from logaudit.audit.trade_reports import entry_reports, event_reports
from logaudit.config import closest_match, resolve, working_folder
from logaudit.config.check import KEYS
from logaudit.core.errors import UserError
from logaudit.core.finding import Finding
from logaudit.core.report import Report
from logaudit.core.secrets import unnumbered
from logaudit.core.trade_report import EntryReport, EventReport, PositionReport, TradeReport
from logaudit.core.verdict import Verdict, verdict_of
from logaudit.ingest.executor.reentry import end_reentered_worker
from logaudit.renderers import frames

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from logaudit.reconcile.reconciled import Case

RowT = TypeVar("RowT", bound=Struct)


class ReportTable(tuple[RowT, ...]):  # noqa: SLOT001 - a tuple can have no slots of its own
    """Rows of one kind, to iterate over, or as a data frame.

    In a frame times are naive, on the clock that wrote them, and numbers are exact decimals; ``floats=True`` makes
    them floating-point numbers, which are faster and not exact. Unknown values are null.
    """

    _kind: type[RowT]

    @classmethod
    def of(cls, kind: type[RowT], rows: Iterable[RowT]) -> ReportTable[RowT]:
        """A table of rows of this kind, which may be none."""
        table = cls(rows)
        table._kind = kind
        return table

    def to_polars(self, *, floats: bool = False) -> pl.DataFrame:
        """A polars frame with a column for each field."""
        return frames.to_polars(self, self._kind, floats=floats)

    def to_arrow(self, *, floats: bool = False) -> pa.Table:
        """The same as an Arrow table."""
        return frames.to_arrow(self, self._kind, floats=floats)

    def to_pandas(self, *, floats: bool = False) -> pd.DataFrame:
        """The same as a pandas frame.

        Raises:
            UserError: pandas, which logaudit does not require, is not installed.
        """
        return frames.to_pandas(self, self._kind, floats=floats)


class Audit(Report, frozen=True, kw_only=True):
    """The report of a scan, its rows as tables.

    Attributes:
        findings: what the rules claim; those that a baseline knows or a setting suppresses are not among them.
        trades: every logged close, and every row without one; positions: from open to close.
        entries: every row of every ledger, as it was read.
        events: every fact that the logs tell: opens, closes, acknowledgements, failures.
    """

    findings: ReportTable[Finding]
    trades: ReportTable[TradeReport]
    positions: ReportTable[PositionReport]
    entries: ReportTable[EntryReport]
    events: ReportTable[EventReport]

    @property
    def verdict(self) -> Verdict:
        """``lost``, ``restored``, ``errors``, ``clean`` or ``not-judged``: the gravest that holds."""
        return verdict_of(self)


def scan(
    paths: str | Path | Iterable[str | Path],
    *,
    now: str = "",
    cache: bool = False,
    executor: Executor | str | None = None,
    **settings: object,
) -> Audit:
    """Audits logs and ledgers, as ``logaudit scan`` does; prints nothing, and writes nothing but the cache.

    Neither a settings file nor ``LOGAUDIT_*`` variables are read, but for the place of the cache: what is not given
    has its default.

    Args:
        paths: a log folder, file, archive or pattern, or several of them.
        now: the ISO time that ages count from; empty for the machine's.
        cache: whether to use and fill the cache of the command line.
        executor: runs the reading tasks, for example a ``loky`` executor or a cluster's, which is not shut down; or the
            name of an engine, as the command line has it.
            Without one, large logs are read by worker processes, before which a script guards itself with
            ``if __name__ == "__main__"`` as for any use of `multiprocessing`; ``jobs=1`` starts none. A script
            without a guard is warned, and the logs are read in its own process.
        settings: any setting of ``logaudit.toml``, with ``_`` in place of ``-``: ``profile``, ``tz``, ``since``,
            ``until``, ``encoding``, ``jobs``, ``select``, ``ignore``, ``baseline``, ``require_coverage``, ``max_age``,
            ``limits={"table_rows": 400_000}`` …

    Returns:
        The report, its findings sorted by the settings; ``audit.review.exit_code`` is what the command would exit
        with: 0 verified and clean, 1 findings, 3 not judged.

    Raises:
        UserError: a path does not exist, or a setting is unknown or cannot be used; an exception with ``problem``
            and ``remedy``.
        InternalError: a defect of logaudit.
    """
    if settings.get("jobs") != 1:
        end_reentered_worker()
    named = [paths] if isinstance(paths, str | Path) else list(paths)
    given = {key.replace("_", "-"): value for key, value in settings.items()}
    for key in given:
        if key not in KEYS:
            raise UserError(f"There is no setting {key!r}.", closest_match(key, KEYS))
    if isinstance(limits := given.get("limits"), dict):
        given["limits"] = {str(key).replace("_", "-"): value for key, value in limits.items()}
    engine = None if isinstance(executor, str) else executor
    if isinstance(executor, str):
        given["executor"] = executor
    given["paths"] = [os.fspath(path) for path in named]
    resolved = with_fixed_times(resolve(given, {}, working_folder(), discover=False), now)
    options, policy = check(resolved, now)
    store = open_cache(resolved.settings) if cache else None
    cases: list[Case] = []
    report = run(resolved.settings.paths, options, store=store, executor=engine, keep=cases.append)
    return _audit(apply_policy(report, policy), cases[0])


def _audit(report: Report, case: Case) -> Audit:
    """The report with the tables of what it was made of."""
    same = {name: getattr(report, name) for name in Report.__struct_fields__}
    entries = [row for s in case.sessions for row in entry_reports(s)]
    events = [event for s in case.sessions for event in event_reports(s)]
    return Audit(
        **same
        | {
            "findings": ReportTable.of(Finding, report.findings),
            "trades": ReportTable.of(TradeReport, report.trades),
            "positions": ReportTable.of(PositionReport, report.positions),
            "entries": ReportTable.of(EntryReport, unnumbered(entries)),
            "events": ReportTable.of(EventReport, unnumbered(events)),
        }
    )
