"""Rows that show when their position was opened: without a close, they are orphans where the logs cover its end."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case

#: Minutes at which positions were opened and closed, in the order of their ends.
TRADES = ((3, 9), (12, 19), (15, 24), (28, 33), (36, 41), (38, 47), (50, 78), (81, 86), (84, 93), (97, 102))
#: The one whose close no log tells.
GONE = 6


def _at(minute: int, second: int = 17) -> str:
    return f"2026-06-11 {9 + minute // 60:02}:{minute % 60:02}:{second:02}"


def _orphans(folder: Path, lines: list[str], order: list[int]) -> list[str]:
    """The states of the rows without a close."""
    (folder / "bot.log").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    rows = "".join(
        f"{_at(TRADES[i][0])}.{100 + i},SOL-USDT,long,{150 + i}.25,{151 + i}.5,{1 + i},{7 + i}.13\n"
        for i in order
    )
    header = "time,symbol,side,entry_price,exit_price,size,net_pnl\n"
    (folder / "trades.csv").write_text(header + rows, encoding="utf-8")
    report = build_report(read_case([folder], ScanOptions(jobs=1)))
    assert not report.summary.missing
    return [trade.state.value for trade in report.trades if not trade.log]


def _log(silent: range) -> list[str]:
    """Lines of all opens and of all closes but one, and of each half minute, but for those of some minutes."""
    told = [(_at(-1, 0), "INFO | app:run:2 - Bot started")]
    for i, (opened, closed) in enumerate(TRADES):
        told.append(
            (
                f"{_at(opened)}.{100 + i}",
                f"INFO | core:enter:5 - Opened SOL-USDT long entry={150 + i}.25 size={1 + i}",
            )
        )
        if i != GONE:
            text = f"entry={150 + i}.25 exit={151 + i}.5 size={1 + i} net_pnl={7 + i}.13"
            told.append(
                (f"{_at(closed)}.{300 + i}", f"INFO | core:leave:8 - Position closed: SOL-USDT long {text}")
            )
    beats = [(_at(minute, s), "INFO | core:beat:3 - tick") for minute in range(130) for s in (0, 30)]
    hidden = {_at(minute)[:16] for minute in silent}
    return [f"{at} | {text}" for at, text in sorted((*told, *beats)) if at[:16] not in hidden]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    ("silent", "state"),
    [
        (range(0), "orphan-row"),
        (range(104, 125), "orphan-row"),  # the next row's close came before
        (
            range(53, 80),
            "unverifiable",
        ),  # it ended in the gap: opened before, its next row's position closed behind
    ],
)
def test_a_row_is_an_orphan_where_logs_cover_all_the_time_in_which_it_was_written(
    tmp_path, silent, state, newest_first
):
    order = [*range(len(TRADES))]
    assert _orphans(tmp_path, _log(silent), order[::-1] if newest_first else order) == [state]


def test_of_a_last_row_nothing_says_when_its_position_ended(tmp_path):
    order = [i for i in range(len(TRADES)) if i != GONE]
    assert _orphans(tmp_path, _log(range(0)), [*order, GONE]) == ["unverifiable"]
