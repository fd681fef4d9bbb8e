"""LA101: one finding for each logged close that has no row."""

from __future__ import annotations

import pytest
from english import English
from msgspec.structs import replace
from world import BY_REASON, DAY, HEADER, LEDGER, LOG, Deal, World, primary

from logaudit.core.finding import Severity
from logaudit.core.location import Role

KEPT = Deal("10:30:00.250")
LOST = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


def by_hand(deal: Deal) -> str:
    """A row as a person restores it: open time, whole seconds, cents, the rest left blank."""
    opened = deal.opened.isoformat("T", "seconds")
    return f"{opened},{deal.symbol},{deal.side},,,,,,{deal.net:.2f},{deal.held},,"


def test_a_close_without_a_row_is_an_error_that_quotes_the_close(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    finding = world.one("LA101")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT LONG")
    assert str(finding.message) == (
        f"ETH-USDT long closed {DAY}T11:10:00.500 (tp) with net PnL +1.9000 has no row from the recorder; "
        f"the row belongs in {LEDGER}."
    )
    assert finding.data == finding.data | {
        "symbol": "ETH-USDT",
        "side": "long",
        "closed": f"{DAY}T11:10:00.500",
        "reason": "tp",
        "entry_price": "3000.0",
        "exit_price": "3010.0",
        "size": "0.2",
        "gross_pnl": "2.0000",
        "net_pnl": "1.9000",
        "emitter": BY_REASON,
        "state": "silent-drop",
        "trade": f"ETHUSDT-long-{DAY}T11:10:00.500",
    }


def test_the_evidence_holds_the_block_and_the_line_where_the_row_belongs(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    world.kept(replace(KEPT, closed="11:40:00"))
    finding = world.one("LA101")
    assert {
        role: sum(1 for w in finding.locations if w.role is role) for role in (Role.CLOSE, Role.LEDGER)
    } == {
        Role.CLOSE: 1,
        Role.LEDGER: 1,
    }
    assert any("Net PnL: $+1.9000" in where.text for where in finding.locations)
    # The header, the row of 10:30, then the lost one.
    assert [(w.path, w.line) for w in finding.locations if w.role is Role.LEDGER] == [(LEDGER, 3)]


def test_each_missing_close_is_one_finding(tmp_path):
    """Three losses of one symbol and side, two of them in one minute, are three findings."""
    world = World(tmp_path)
    world.kept(KEPT)
    closes = ("11:00:00.100", "11:00:40.100", "11:30:00.100")
    world.lost(*(replace(LOST, closed=at, held=30) for at in closes))
    found = world.found("LA101")
    assert [f.data["closed"] for f in found] == [f"{DAY}T{at}" for at in closes]
    assert len({f.fingerprint for f in found}) == 3


def test_a_close_seen_in_two_sinks_is_missing_once(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    parts = (line.split(" | ", 3) for line in world.lines if "DEBUG" not in line)
    world.write(f"info_{DAY}.log", sorted(f"{at} | INFO | {message}" for at, _, _, message in parts))
    finding = world.one("LA101")
    assert {w.path for w in finding.locations if "ПОЗИЦИЯ ЗАКРЫТА" in w.text} == {LOG, f"info_{DAY}.log"}


def test_a_bot_in_english_is_judged_alike(tmp_path):
    world = English(tmp_path)
    world.kept(KEPT)
    world.lost(LOST, by="trader.exits:close_on_timeout:120")
    finding = world.one("LA101")
    assert primary(finding) == world.spot("Closed long position ETH-USDT")
    assert "ETH-USDT long closed" in str(finding.message)
    assert "+1.9000" in str(finding.message)


def test_a_row_restored_by_hand_makes_it_a_note_that_cites_the_row(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT, replace(KEPT, closed="10:50:00.7"))
    world.lost(LOST)
    world.kept(replace(KEPT, closed="11:40:00.4"))
    world.rows.append(by_hand(LOST))
    finding = world.one("LA101")
    assert finding.severity is Severity.NOTE
    assert f"Another writer restored it later ({LEDGER}:5)." in str(finding.message)
    assert finding.data["state"] == "backfilled"
    assert any((w.path, w.line) == (LEDGER, 5) for w in finding.locations)


def test_of_two_equal_closes_and_one_row_it_is_said_that_the_choice_is_open(tmp_path):
    """Both closes fit the row equally well: one is missing, and which one cannot be told."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.open(LOST)
    world.lost(LOST, by=BY_REASON)
    world.close(LOST, by=BY_REASON)
    world.rows.append(world.row(LOST))
    assert "which of them the ledger lost is not known" in str(world.one("LA101").message)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"timestamp": f"{DAY}T11:10:04.400000"},
        {"symbol": "ETH-USDT-SWAP"},
        {"symbol": "ETH/USDT:USDT"},
        {"net_pnl": "1.90", "gross_pnl": "2.00"},
        {"reason": ""},
    ],
)
def test_a_row_that_is_late_or_spelled_differently_is_a_row(tmp_path, changed):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    world.rows.append(world.row(LOST, **changed))
    assert "LA101" not in world.codes()


def test_a_row_in_another_days_file_is_a_row(tmp_path):
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    world.write("trades_2026-01-09.csv", [HEADER, world.row(LOST)])
    assert "LA101" not in world.codes()


def test_a_row_of_the_other_side_or_seconds_too_late_is_none(tmp_path):
    """The near misses of the near misses: their figures say that these rows record something else."""
    world = World(tmp_path)
    world.kept(KEPT)
    world.lost(LOST)
    world.rows.append(world.row(replace(LOST, exit="98.5", side="short")))
    world.rows.append(world.row(replace(LOST, exit="98.5", closed="11:11:00")))
    assert len(world.found("LA101")) == 1


def test_without_any_ledger_nothing_is_said_of_rows(tmp_path):
    world = World(tmp_path, ledger="")
    world.lost(LOST)
    assert world.scan().summary.closes == 1
    assert "LA101" not in world.codes()
