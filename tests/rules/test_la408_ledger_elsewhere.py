"""LA408: the log names a ledger, and the one at hand is another."""

from __future__ import annotations

from english import English
from msgspec.structs import replace
from world import Deal, World, later, primary

from logaudit.core.finding import Severity

OLD = Deal("2026-01-03 10:20:00.250", entry="88000.0", exit="87500.0")
NEW = Deal("10:40:00.500", symbol="ETH-USDT", side="long", entry="3000.0", exit="3010.0", size="0.2")


class Naming(English):
    """Its recorder says which file it opens."""

    names = "/srv/data/trades_live.csv"

    def boot(self, at: str) -> None:
        super().boot(at)
        self.say(later(at, 0.02), f"Created new trades CSV: {self.names}", by="trader.journal:setup:40")


def lost(world: World) -> World:
    world.lost(NEW)
    world.rows = [world.row(OLD)]
    return world


def test_closes_of_a_run_whose_ledger_is_not_at_hand_are_open_and_the_file_is_named(tmp_path):
    world = lost(Naming(tmp_path))
    finding = world.one("LA408")
    assert finding.severity is Severity.WARNING
    assert primary(finding) == world.spot("trades_live.csv")
    assert finding.data == {"path": Naming.names, "opened": 1, "closes": 1}
    assert world.scan().summary.missing == 0
    assert not {"LA101", "LA102", "LA103"} & world.codes()


def test_the_named_file_at_hand_in_another_folder_is_the_ledger(tmp_path):
    world = lost(Naming(tmp_path, ledger="copied/trades_live.csv"))
    assert "LA408" not in world.codes()
    assert world.scan().summary.missing == 1


def test_a_ledger_of_another_name_that_holds_the_runs_rows_is_it(tmp_path):
    world = lost(Naming(tmp_path))
    world.kept(Deal("11:10:00.500", symbol="SOL-USDT", side="long", entry="150.0", exit="151.0", size="1"))
    assert "LA408" not in world.codes()
    assert world.scan().summary.missing == 1


def test_a_log_that_names_no_file_says_nothing(tmp_path):
    assert "LA408" not in lost(English(tmp_path)).codes()


def test_without_any_ledger_it_is_another_rules_matter(tmp_path):
    world = Naming(tmp_path, ledger="")
    world.lost(NEW)
    assert "LA408" not in world.codes()


def test_a_row_of_another_day_with_a_closes_figures_does_not_make_the_ledger_the_runs(tmp_path):
    """Days before the run a trade ended with the very figures of one of its closes."""
    world = lost(Naming(tmp_path))
    other = Deal("11:10:00.500", symbol="SOL-USDT", side="long", entry="150.0", exit="151.0", size="1")
    world.lost(other)
    world.rows.append(world.row(replace(other, closed="2026-01-05 11:10:00.500")))
    assert "LA408" in world.codes()
    assert world.scan().summary.missing == 0
