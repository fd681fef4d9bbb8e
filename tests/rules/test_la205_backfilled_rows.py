"""LA205: rows that another writer than the recorder added."""

from __future__ import annotations

from msgspec.structs import replace
from world import DAY, LEDGER, Deal, World, primary

from logaudit.core.finding import Severity

FIRST = Deal("10:20:00.253117")
MORE = [replace(FIRST, closed=f"{at}.604219", held=120) for at in ("10:30:00", "10:45:00", "11:50:00")]
LOST = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def by_hand(deal: Deal, **changed: str) -> str:
    """A row as a person restores it: open time, whole seconds, cents, the rest left blank."""
    cells = {
        "at": deal.opened.isoformat("T", "seconds"),
        "symbol": deal.symbol,
        "side": deal.side,
        "net": f"{deal.net:.2f}",
        "held": str(deal.held),
        **changed,
    }
    return "{at},{symbol},{side},,,,,,{net},{held},,".format(**cells)


def desk(tmp_path) -> World:
    """Four recorded trades, one lost."""
    world = World(tmp_path)
    world.kept(FIRST, *MORE)
    world.lost(LOST)
    return world


def test_rows_of_another_writer_are_one_warning_with_what_they_do(tmp_path):
    """One restores the loss, one repeats a recorded close, one fits nothing."""
    world = desk(tmp_path)
    stranger = replace(LOST, closed="10:55:00", symbol="SOL-USDT", entry="150.0", exit="151.0", size="2")
    world.rows += [by_hand(LOST), by_hand(FIRST), by_hand(stranger)]
    finding = world.one("LA205")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot(by_hand(LOST))
    # 1.90 + 1.90 + 1.90
    assert str(finding.message) == (
        f"3 rows of {LEDGER} were not written by the recorder: 1 restores a missing close, 1 repeats a recorded one, "
        "1 fits no logged close. They add net PnL +5.70; 2 hold the open time in place of the close time; "
        "blank: commission, entry_price, exit_price, gross_pnl, reason, size."
    )
    figures = ("rows", "restoring", "repeating", "unexplained", "open_time", "net_pnl")
    assert [finding.data[name] for name in figures] == [3, 1, 1, 1, 2, "5.70"]
    assert [w.line for w in finding.locations] == [6, 7, 8]


def test_one_row_reads_well(tmp_path):
    world = desk(tmp_path)
    world.rows.append(by_hand(LOST, at=f"{DAY}T11:10:00"))
    assert str(world.one("LA205").message) == (
        f"1 row of {LEDGER} was not written by the recorder: 1 restores a missing close. It adds net PnL +1.90; blank: "
        "commission, entry_price, exit_price, gross_pnl, reason, size."
    )


def test_a_recorder_that_prints_whole_seconds_writes_its_own_rows(tmp_path):
    """The same coarse clock in every row is the recorder's."""
    world = World(tmp_path)
    for deal in (FIRST, *MORE):
        world.lost(deal)
        world.rows.append(world.row(deal, timestamp=deal.at.isoformat("T", "seconds")))
    assert "LA205" not in world.codes()


def test_a_blank_cell_in_the_recorders_own_print_is_its_own(tmp_path):
    world = desk(tmp_path)
    world.rows.insert(3, world.row(LOST, reason=""))
    world.rows.sort()
    assert "LA205" not in world.codes()


def test_a_row_on_the_full_second_is_the_recorders(tmp_path):
    """A clock that drops trailing zeros prints one second in a million whole."""
    world = desk(tmp_path)
    world.rows.append(world.row(LOST, timestamp=f"{DAY}T11:10:00"))
    world.rows.sort()
    assert "LA205" not in world.codes()
