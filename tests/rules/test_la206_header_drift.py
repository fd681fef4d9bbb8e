"""LA206: columns change within a ledger, or from one day's file to the next."""

from __future__ import annotations

from msgspec.structs import replace
from world import DAY, HEADER, LEDGER, Deal, World, primary

from logaudit.core.finding import Severity

TOMORROWS = "trades_2026-01-11.csv"
KEPT = Deal("10:30:00.250")
WIDE = f"{HEADER},order_id"


def two_days(tmp_path, header: str, ending: str = "") -> World:
    """A second file, of the next day."""
    world = World(tmp_path, end="2026-01-11 11:00:00", beat=600)
    world.kept(KEPT)
    later = replace(KEPT, closed="2026-01-11 10:30:00.250")
    world.lost(later)
    world.write(TOMORROWS, [header, world.row(later) + ending])
    return world


def test_a_column_added_in_the_next_file_is_a_warning_that_quotes_both_headers(tmp_path):
    world = two_days(tmp_path, WIDE, ",4711")
    finding = world.one("LA206")
    assert finding.severity is Severity.WARNING
    assert str(finding.message) == f"The columns change from {LEDGER} to {TOMORROWS}: new: order_id."
    assert primary(finding) == world.spot(WIDE)
    assert [(w.path, w.line, w.text) for w in finding.locations] == [
        (TOMORROWS, 1, WIDE),
        (LEDGER, 1, HEADER),
    ]
    assert finding.data == finding.data | {"before": HEADER.split(","), "after": WIDE.split(",")}


def test_columns_in_another_order_are_a_change(tmp_path):
    swapped = HEADER.replace("entry_price,exit_price", "exit_price,entry_price")
    world = two_days(tmp_path, swapped)
    assert str(world.one("LA206").message).endswith("the same columns in another order.")


def test_a_column_added_within_a_file_is_a_warning_at_the_new_header(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append(WIDE)
    more = replace(KEPT, closed="11:10:00.5")
    world.lost(more)
    world.rows.append(world.row(more) + ",4711")
    finding = world.one("LA206")
    assert str(finding.message) == f"The columns of {LEDGER} change at line 3: new: order_id."
    assert primary(finding) == world.spot(WIDE)
    assert finding.data == finding.data | {"ledger": LEDGER, "line": 3}
    assert world.scan().summary.ledger_rows == 2


def test_a_file_that_changes_and_changes_back_is_compared_step_by_step(tmp_path):
    """The second change takes away what the first added; the next day's file goes on as the last header did."""
    world = two_days(tmp_path, HEADER)
    more = replace(KEPT, closed="11:10:00.5")
    world.lost(more)
    world.rows += [WIDE, world.row(more) + ",4711", HEADER]
    assert [str(f.message).partition(": ")[2] for f in world.found("LA206")] == [
        "new: order_id.",
        "gone: order_id.",
    ]


def test_a_file_that_goes_on_as_the_one_before_ended_is_silent_itself(tmp_path):
    """Yesterday's file changed at noon; today's has the new columns from the start."""
    world = two_days(tmp_path, WIDE, ",4711")
    more = replace(KEPT, closed="11:10:00.5")
    world.lost(more)
    world.rows += [WIDE, world.row(more) + ",4711"]
    assert str(world.one("LA206").message).startswith(f"The columns of {LEDGER} change at line 3")


def test_the_same_columns_in_both_files_are_silent(tmp_path):
    assert "LA206" not in two_days(tmp_path, HEADER).codes()


def test_the_same_header_written_again_is_silent(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.rows.append(HEADER)
    world.kept(replace(KEPT, closed="11:10:00.5"))
    assert "LA206" not in world.codes()


def test_another_table_of_trades_may_have_other_columns(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    columns = "close_time,symbol,side,exit_price,net_pnl"
    world.write(f"fills_{DAY}.csv", [columns, f"{DAY} 10:30:00,BTC-USDT,short,89000.0,1.9000"])
    assert "LA206" not in world.codes()


def test_a_file_without_any_header_has_no_columns_to_compare(tmp_path):
    world = two_days(tmp_path, "2026-01-11T10:00:00.5,ETH-USDT,long,3000.0,3010.0,0.2,2.0,0.1,1.9,600,tp,50")
    assert "LA206" not in world.codes()
