"""A table without a header is read where its cells leave no doubt, and is no ledger where they do."""

from __future__ import annotations

import pytest

from logaudit.ledger.headless import header_by_content
from logaudit.profiles.profile import LedgerSpec

ROWS = (
    "2026-05-04 10:00:00,LTC-USDT,long,84.125,85.5,2.5,3.20",
    "2026-05-04 11:10:00,BTC-USDT,short,91480.0,91575.5,0.01,-1.10",
    "2026-05-04 12:30:00,LTC-USDT,short,84.75,83.25,3,4.25",
    "2026-05-04 14:05:00,BTC-USDT,long,90950.0,91210.0,0.02,4.40",
)


def columns(lines: list[str], sides: dict[str, str] | None = None) -> dict[str, int] | None:
    header = header_by_content(lines, LedgerSpec(), sides or {})
    return None if header is None else header.columns


def test_columns_are_told_by_their_look_and_by_arithmetic() -> None:
    found = columns(list(ROWS))
    assert found == {
        "closed": 0, "symbol": 1, "side": 2, "entry_price": 3, "exit_price": 4, "size": 5, "net_pnl": 6,
    }  # fmt: skip


def test_semicolons_and_another_order_are_told_as_well() -> None:
    turned = [";".join(reversed(row.split(","))) for row in ROWS]
    found = columns(turned)
    assert found is not None
    assert (found["closed"], found["exit_price"], found["net_pnl"]) == (6, 2, 0)


@pytest.mark.parametrize(
    "lines",
    [
        list(ROWS[:2]),
        ["time,symbol,side,entry,exit,size,pnl", *ROWS],
        [row.rsplit(",", 1)[0] for row in ROWS],
        [row.replace("3.20", "9.20").replace("4.40", "-4.40") for row in ROWS],
        ["2026-05-04 10:00:00 INFO started, waiting", "2026-05-04 10:00:05 INFO LTC-USDT, 84.125"],
    ],
    ids=["too few", "a header", "no result", "a result that does not follow", "a log"],
)
def test_what_leaves_a_doubt_gets_no_header(lines: list[str]) -> None:
    assert columns(lines) is None
