"""LA110: a code path whose closes are never recorded while others are."""

from __future__ import annotations

from msgspec.structs import replace
from world import BY_REASON, DAY, MANUAL, Deal, World

from logaudit.core.finding import Severity

BASE = Deal("10:30:00.250")
PATH = "futures.position_manager:_close_position_by_reason"


def deals(count: int, start: int = 10, **changes: str) -> list[Deal]:
    """Deals five minutes apart."""
    times = [f"{start + n // 12:02d}:{n % 12 * 5:02d}:30.250" for n in range(1, count + 1)]
    return [replace(BASE, closed=at, held=120, **changes) for at in times]


def test_a_path_that_loses_all_while_another_records_is_an_error(tmp_path):
    world = World(tmp_path, end="13:00:00")
    lost, kept = deals(5), deals(5, start=11)
    world.lost(*lost)
    world.kept(*kept)
    finding = world.one("LA110")
    assert finding.severity is Severity.ERROR
    # One of the 252 ways to choose 5 of 10.
    assert str(finding.message) == (
        f"Closes with code path {PATH} are never recorded: they are 5 of 5 lost trades and none of 5 recorded ones "
        "(net PnL +9.5000; p = 0.00397)."
    )
    assert finding.data == finding.data | {
        "condition": f"code path {PATH}",
        "conditions": [{"attribute": "path", "value": PATH}],
        "missing": 5,
        "recorded": 0,
        "total_missing": 5,
        "closes": 10,
        "precision": "1.0",
        "recall": "1.0",
        "p_value": "0.00397",
        "unrecorded_net_pnl": "9.5000",
    }
    assert finding.run == f"run-{DAY}T10:00:00"
    assert [place.line for place in finding.locations] == [
        world.spot("ПОЗИЦИЯ ЗАКРЫТА", nth).line for nth in range(1, 6)
    ]


def test_the_sum_is_of_all_closes_that_it_counts_also_of_those_that_were_restored(tmp_path):
    world = World(tmp_path, end="13:00:00")
    own = {"symbol": "ETH-USDT", "side": "long", "entry": "3000.0", "exit": "3010.0", "size": "0.2"}
    lost = [*deals(1, **own), *deals(5)[1:]]
    world.lost(*lost)
    world.kept(*deals(5, start=11))
    opened = lost[0].opened.isoformat("T", "seconds")
    world.rows.append(f"{opened},ETH-USDT,long,,,,,,1.90,120,,")
    finding = world.one("LA110")
    assert world.one("LA102").data["restored"] == 1
    assert "5 of 5 lost trades and none of 5 recorded ones (net PnL +9.5000;" in str(finding.message)


def test_few_closes_make_it_a_warning_that_speaks_of_chance(tmp_path):
    world = World(tmp_path, end="13:00:00")
    world.lost(*deals(4))
    world.kept(*deals(1, start=11))
    finding = world.one("LA110")
    assert finding.severity is Severity.WARNING
    assert "p = 0.2, so few closes could fall so by chance" in str(finding.message)


def test_two_causes_are_two_findings(tmp_path):
    world = World(tmp_path, end="14:00:00")
    world.lost(*deals(6, reason="tp"))
    world.lost(*deals(6, start=11, reason="cut"), by=MANUAL)
    world.kept(*deals(8, start=12, reason="sl"))
    found = world.found("LA110")
    assert sorted(f.data["condition"] for f in found) == [f"code path {PATH}", "reason cut"]
    assert [f.data["missing"] for f in found] == [6, 6]


def test_a_path_that_recorded_a_single_close_is_not_said_to_record_never(tmp_path):
    """The diagnosis names it, as nearly all of its closes are lost; "never" would be false."""
    world = World(tmp_path, end="15:00:00")
    world.lost(*deals(20))
    world.kept(*deals(1, start=12), by=BY_REASON)
    world.kept(*deals(15, start=13))
    (paths,) = world.scan().diagnosis.blind_paths
    assert [(p.missing, p.recorded) for p in paths.paths] == [(20, 1)]
    assert world.found("LA110") == []


def test_four_closes_are_too_few(tmp_path):
    world = World(tmp_path, end="13:00:00")
    world.lost(*deals(3))
    world.kept(*deals(1, start=11))
    assert world.found("LA110") == []


def test_without_a_recorded_close_there_is_no_contrast(tmp_path):
    world = World(tmp_path, end="13:00:00")
    world.lost(*deals(6))
    world.lost(*deals(2, start=11), by=MANUAL)
    assert world.found("LA110") == []


def test_a_recorder_that_stops_at_a_moment_is_no_code_path(tmp_path):
    world = World(tmp_path, end="14:00:00")
    kept, lost = deals(8), deals(8, start=11)
    for by in (MANUAL, BY_REASON):
        world.kept(*kept[by == MANUAL :: 2], by=by)
        world.lost(*lost[by == MANUAL :: 2], by=by)
    assert world.found("LA101")
    assert world.found("LA110") == []


def test_without_a_ledger_nothing_is_claimed(tmp_path):
    world = World(tmp_path, ledger="", end="13:00:00")
    world.lost(*deals(6))
    assert world.found("LA110") == []
