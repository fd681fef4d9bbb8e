"""LA201: a day with closes has no ledger file, and its rows are in no other."""

from __future__ import annotations

from english import English
from msgspec.structs import replace
from world import DAY, HEADER, Deal, World, primary

from logaudit.core.finding import Severity

YESTERDAYS = "trades_2026-01-09.csv"
LOST = Deal("11:10:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")
KEPT = Deal("10:30:00.250")


def test_a_day_without_a_file_is_an_error_that_quotes_its_closes(tmp_path):
    world = World(tmp_path, boot=False, ledger=YESTERDAYS)
    world.lost(LOST, replace(LOST, closed="11:40:00", held=60))
    finding = world.one("LA201")
    assert finding.severity is Severity.ERROR
    assert primary(finding) == world.spot("ПОЗИЦИЯ ЗАКРЫТА: ETH-USDT LONG")
    assert str(finding.message) == (
        f"2 closes on {DAY} (net PnL +3.8000), but no ledger file of that day: {YESTERDAYS} holds no row of that day."
    )
    assert finding.data == finding.data | {
        "date": DAY,
        "closes": 2,
        "net_pnl": "3.8000",
        "ledgers": [YESTERDAYS],
    }
    assert finding.locations[-1].path == YESTERDAYS


def test_without_any_ledger_it_says_so(tmp_path):
    world = World(tmp_path, boot=False, ledger="")
    world.lost(LOST)
    finding = world.one("LA201")
    assert finding.severity is Severity.WARNING
    assert str(finding.message) == (
        f"1 close on {DAY} (net PnL +1.9000), but no ledger file of that day: no trades ledger at all is at hand."
    )


def test_acknowledged_closes_without_any_ledger_are_a_warning(tmp_path):
    """The recorder says that it wrote them: the file is likely elsewhere."""
    world = World(tmp_path, ledger="")
    world.lost(LOST)
    world.acknowledge(LOST)
    finding = world.one("LA201")
    assert finding.severity is Severity.WARNING
    assert "The recorder acknowledged it: the file is likely elsewhere." in str(finding.message)


def test_each_day_without_a_file_is_named(tmp_path):
    """The run lasts from the 9th to the 11th; only the 10th has a file."""
    world = World(tmp_path, boot=False, start="2026-01-09 20:00:00", end="2026-01-11 02:00:00", beat=600)
    world.kept(KEPT)
    world.lost(replace(LOST, closed="2026-01-09 21:00:00"), replace(LOST, closed="2026-01-11 01:00:00"))
    assert [f.data["date"] for f in world.found("LA201")] == ["2026-01-09", "2026-01-11"]


def test_a_day_whose_rows_are_in_yesterdays_file_is_not_missing(tmp_path):
    world = World(tmp_path, boot=False, ledger=YESTERDAYS)
    world.kept(KEPT)
    world.lost(LOST)
    assert "LA101" in world.codes()
    assert "LA201" not in world.codes()


def test_a_file_with_a_header_only_is_a_file(tmp_path):
    world = World(tmp_path)
    world.lost(LOST)
    assert "LA202" in world.codes()
    assert "LA201" not in world.codes()


def test_a_ledger_without_a_date_serves_every_day(tmp_path):
    world = English(tmp_path, start="2026-01-09 22:00:00", end="12:00:00", beat=300)
    world.kept(replace(KEPT, closed="2026-01-09 23:00:00"))
    world.lost(LOST)
    assert "LA101" in world.codes()
    assert "LA201" not in world.codes()


def test_a_file_in_another_folder_of_the_session_is_a_file(tmp_path):
    world = World(tmp_path, ledger="", log=f"logs/{DAY}/futures_main_{DAY}.log")
    world.kept(KEPT)
    world.write(f"logs/trades_{DAY}.csv", [HEADER, *world.rows])
    assert "LA201" not in world.codes()


def test_where_another_folder_holds_a_ledger_it_is_said_to_lie_elsewhere(tmp_path):
    """Two bots under one folder: only the other one's ledger is there."""
    well = World(tmp_path / "a")
    well.kept(KEPT)
    well.save()
    bare = World(tmp_path / "b", ledger="")
    bare.lost(LOST)
    bare.save()
    both = World(tmp_path, log="", ledger="", boot=False)
    message = str(both.one("LA201").message)
    assert message.endswith("but no ledger file of that day: no trades ledger lies beside its log.")
    said = [str(s.message) for s in both.scan().unjudged if s.code == "closes-unchecked"]
    assert said == ["1 close was logged, but no ledger lies beside its log to check."]


def test_a_close_that_a_ledger_at_hand_may_hold_is_not_said_to_lack_one(tmp_path):
    """Nothing tells whether the ledger had begun when the first position was closed."""
    world = English(tmp_path, boot=False)
    world.lost(KEPT)
    world.kept(LOST)
    (said,) = (str(s.message) for s in world.scan().unjudged if s.code == "closes-unchecked")
    assert said.startswith("1 close cannot be verified: its row may lie outside the ledger's time")
