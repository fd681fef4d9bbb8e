"""LA107: two rows record one close."""

from __future__ import annotations

import json

import pytest
from english import English
from msgspec.structs import replace
from world import DAY, HEADER, LEDGER, Deal, World, later, primary

from logaudit.core.finding import Severity

KEPT = Deal("10:30:00.250")
TWICE = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def test_the_second_row_is_an_error_that_quotes_it_and_names_the_first(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, TWICE)
    world.rows.append(world.row(TWICE))
    finding = world.one("LA107")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot(",ETH-USDT,", 2)
    assert [w.line for w in finding.locations] == [4, 3]
    assert str(finding.message) == (
        f"The row ETH-USDT long at {DAY}T11:10:00.500000 repeats {LEDGER}:3: net PnL +1.9000 counts twice."
    )
    assert finding.data == finding.data | {
        "symbol": "ETH-USDT",
        "closed": f"{DAY}T11:10:00.500000",
        "net_pnl": "1.9000",
    }


def test_the_same_row_in_two_days_files_is_a_duplicate(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, TWICE)
    world.write("trades_2026-01-11.csv", [HEADER, world.row(TWICE)])
    assert {w.path for w in world.one("LA107").locations} == {LEDGER, "trades_2026-01-11.csv"}


def test_a_row_written_again_a_second_later_is_a_duplicate(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, TWICE)
    world.rows.append(world.row(TWICE, timestamp=f"{DAY}T11:10:01.700000"))
    assert world.one("LA107").data["symbol"] == "ETH-USDT"


def test_three_equal_rows_are_two_findings_that_can_be_told_apart(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, TWICE)
    world.rows += [world.row(TWICE)] * 2
    found = world.found("LA107")
    assert len({f.fingerprint for f in found}) == len(found) == 2


def test_two_closes_with_equal_figures_have_two_rows(tmp_path):
    """Same prices, size and result, four minutes apart: two trades."""
    world = World(tmp_path)
    world.kept(KEPT, replace(KEPT, closed=later(KEPT.at, 240), held=200))
    assert "LA107" not in world.codes()


@pytest.mark.parametrize("changed", [{"exit_price": "3011.0"}, {"side": "short"}, {"symbol": "SOL-USDT"}])
def test_a_row_that_differs_is_an_orphan_and_no_duplicate(tmp_path, changed):
    world = World(tmp_path)
    world.kept(KEPT, TWICE)
    world.rows.append(world.row(TWICE, **changed))
    assert "LA107" not in world.codes()
    assert "LA105" in world.codes()


def test_a_copy_of_the_whole_ledger_repeats_nothing(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, TWICE)
    world.write(f"backup/{LEDGER}", [HEADER, *world.rows], newline="\r\n")
    assert "LA107" not in world.codes()


def test_equal_rows_that_no_close_tells_of_are_a_warning(tmp_path):
    """Rows that tests of the bot wrote: nobody knows whether a trade counts twice."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows += [world.row(replace(TWICE, symbol="TEST-USDT"))] * 2
    assert world.one("LA107").severity is Severity.WARNING


def test_a_ledger_kept_in_two_forms_is_told_once_as_a_note(tmp_path):
    world = English(tmp_path)
    deals = [Deal(f"10:{minute}0:00.250", exit=f"91{minute}00.0") for minute in (2, 3, 4)]
    for deal in deals:
        world.kept(deal)
    told = [
        {"close_time": d.at.isoformat(), "pair": d.symbol, "direction": d.side, "entry": float(d.entry),
         "exit": float(d.exit), "amount": float(d.size), "pnl": float(d.net)}
        for d in deals
    ]  # fmt: skip
    world.write("trades.jsonl", [json.dumps(row) for row in told])
    finding = world.one("LA107")
    assert finding.severity is Severity.NOTE
    assert finding.data["rows"] == 3
    assert "LA206" not in world.codes()


def test_a_row_again_in_a_table_of_order_sides_is_a_duplicate(tmp_path):
    """The side that closes is written in all rows: the second of two equal ones is none of another trade."""
    world = World(tmp_path)
    deals = [Deal(f"1{n}:10:00.500", side="long", entry=f"9000{n}.0", exit=f"9010{n}.5") for n in range(2)]
    deals += [Deal(f"1{n}:40:00.500", side="long", entry=f"9100{n}.0", exit=f"9120{n}.5") for n in range(2)]
    deals.append(TWICE)
    world.kept(*sorted(deals, key=lambda deal: deal.closed))
    world.rows.append(world.row(replace(TWICE, closed="11:10:01.500")))
    world.rows = [row.replace(",long,", ",sell,") for row in world.rows]
    assert "LA107" in world.codes()
    assert "LA105" not in world.codes()
