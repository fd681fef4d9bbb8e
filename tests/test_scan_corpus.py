"""The real sessions against the counts that were made of them independently; skipped where they are absent."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from logaudit.audit.pipeline import ScanOptions, run
from logaudit.core.finding import Severity
from logaudit.core.report import Report

CORPUS = os.environ.get("LOGAUDIT_CORPUS", "")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS, reason="LOGAUDIT_CORPUS names no folder of real sessions"),
]


def _table() -> list[dict[str, str]]:
    """The rows of the corpus's own README table."""
    if not CORPUS:
        return []
    lines = (Path(CORPUS) / "README.md").read_text(encoding="utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    # The dialect column shows a literal bar that Markdown escapes.
    head = cells[0]
    return [dict(zip(head, row, strict=False)) for row in _joined(cells[2:], len(head))]


def _joined(rows: list[list[str]], width: int) -> list[list[str]]:
    return [
        r if len(r) == width else [r[0], "|".join(r[1 : len(r) - width + 2]), *r[len(r) - width + 2 :]]
        for r in rows
    ]


TABLE = _table()
SESSIONS = [row["session"] for row in TABLE]
#: Named in the notes column of the table, in words.
BACKFILLED = {"logs_2025-11-17_23-24-13": (13, 5)}
UNVERIFIABLE = {"logs_2025-11-23_15-07-21": 1}


def read(path: Path) -> Report:
    return run([str(path)], ScanOptions(jobs=0))


@pytest.fixture(scope="module")
def whole() -> Report:
    return read(Path(CORPUS))


@pytest.mark.parametrize("row", TABLE, ids=SESSIONS)
def test_counts_and_sums_equal_the_independent_ones(row: dict[str, str]) -> None:
    name = row["session"]
    summary = read(Path(CORPUS) / name).summary
    assert summary.closes == int(row["closes"])
    assert summary.recorded == int(row["recorded"])
    assert summary.missing == int(row["missing"])
    assert summary.ledger_rows == int(row["rows"])
    assert (summary.backfilled, summary.repeated) == BACKFILLED.get(name, (0, 0))
    assert summary.unverifiable == UNVERIFIABLE.get(name, 0)
    for column, found in (
        ("log net", summary.log_net_pnl),
        ("ledger net", summary.ledger_net_pnl),
        ("unrecorded net", summary.unrecorded_net_pnl),
    ):
        if row[column]:
            assert found == Decimal(row[column]), column


def test_sessions_without_a_close_give_no_error() -> None:
    for row in TABLE:
        if row["closes"] == "0":
            assert read(Path(CORPUS) / row["session"]).summary.errors == 0


def test_one_call_over_all_sessions_is_their_sum(whole: Report) -> None:
    def column(name: str) -> int:
        return sum(int(row[name]) for row in TABLE)

    summary = whole.summary
    assert (summary.closes, summary.recorded, summary.missing, summary.ledger_rows) == (
        column("closes"),
        column("recorded"),
        column("missing"),
        column("rows"),
    )
    assert {t.session for t in whole.trades} <= set(SESSIONS)
    for trade in whole.trades:
        if trade.log and trade.row:
            assert trade.log.path.split("/")[0] == trade.row.path.split("/")[0]


def test_a_ledger_named_in_utc_puts_the_clock_east(whole: Report) -> None:
    (finding,) = [f for f in whole.findings if f.rule == "LA301"]
    assert finding.session == "logs_2025-11-23_12-54-01"
    low, high = finding.data["low_seconds"], finding.data["high_seconds"]
    assert isinstance(low, int)
    assert isinstance(high, int)
    # The run began at 02:19 local in a file of the day before: later than 2:19 east of UTC.
    assert 2 * 3600 + 19 * 60 < low <= 3 * 3600 <= high


def test_the_rows_of_another_writer_are_told_apart(whole: Report) -> None:
    (finding,) = [f for f in whole.findings if f.rule == "LA205"]
    assert (finding.data["restoring"], finding.data["repeating"], finding.data["unexplained"]) == (13, 5, 0)


def test_the_unit_error_has_one_ratio_a_symbol(whole: Report) -> None:
    found = {f.data["symbol"]: f.data["ratio"] for f in whole.findings if f.rule == "LA106"}
    # The exchange's contract values: 0.01 BTC, 0.1 ETH, 1 SOL, 1000 DOGE, 100 XRP; the ledger took contracts for coins.
    assert found == {"BTC-USDT": "100", "ETH-USDT": "10", "DOGE-USDT": "0.001", "XRP-USDT": "0.01"}


def test_every_missing_close_is_one_error_or_a_restored_note(whole: Report) -> None:
    found = [f for f in whole.findings if f.rule == "LA101"]
    assert len(found) == whole.summary.missing
    assert sum(f.severity is Severity.NOTE for f in found) == whole.summary.backfilled
