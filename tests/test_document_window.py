"""--since and --until limit what is judged; what lies outside still serves as context."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from world import Deal, World

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.errors import UserError
from logaudit.core.finding import Severity
from logaudit.core.report import Report
from logaudit.core.time_window import TimeWindow
from logaudit.core.timestamp import HOUR, MINUTE
from logaudit.reconcile.clocks import parse_time
from logaudit.renderers import text
from logaudit.renderers.style import RenderStyle

NOON = parse_time("2026-01-10 12:00:00", "")


def at(time: str, **more: str) -> Deal:
    return Deal(time, **more)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two losses before eleven; the fix came then, and two closes after it are recorded."""
    made = World(tmp_path, start="10:00:00", end="12:00:00")
    made.kept(at("10:15:00.500", symbol="SOL-USDT"))
    made.lost(at("10:20:00"), at("10:40:00", symbol="ETH-USDT"))
    made.kept(at("11:10:00"), at("11:30:00", symbol="ETH-USDT"))
    made.save()
    return made


def judged(world: World, since: str = "", until: str = "") -> Report:
    window = TimeWindow(parse_time(since, "") if since else None, parse_time(until, "") if until else None)
    options = ScanOptions(profile=world.profile, jobs=1, window=window)
    return build_report(read_case([world.root], options))


def errors(outcome: Report) -> set[str]:
    return {f.rule for f in outcome.findings if f.severity is Severity.ERROR}


def test_without_limits_everything_is_judged(world: World) -> None:
    outcome = judged(world)
    assert (outcome.summary.closes, outcome.summary.missing) == (5, 2)
    assert (outcome.since, outcome.until) == (None, None)


def test_after_the_fix_all_is_recorded(world: World) -> None:
    outcome = judged(world, since="2026-01-10 11:00:00")
    assert (outcome.summary.closes, outcome.summary.recorded, outcome.summary.missing) == (2, 2, 0)
    assert outcome.summary.ledger_rows == 2
    assert outcome.summary.log_net_pnl == outcome.summary.ledger_net_pnl == at("11:10:00").net * 2
    assert not errors(outcome)
    assert outcome.since is not None
    assert outcome.since.iso() == "2026-01-10T11:00:00"
    assert all(trade.closed.us >= outcome.since.us for trade in outcome.trades)


def test_before_the_fix_the_losses_stand(world: World) -> None:
    outcome = judged(world, until="2026-01-10 11:00:00")
    assert (outcome.summary.closes, outcome.summary.missing) == (3, 2)
    assert {"LA101", "LA102"} <= errors(outcome)
    assert outcome.until is not None
    assert outcome.until.iso() == "2026-01-10T11:00:00"


def test_earlier_logs_still_serve_as_context(world: World) -> None:
    """The run began before the window, and coverage, sources and ledgers are those of the whole."""
    whole, late = judged(world), judged(world, since="2026-01-10 11:20:00")
    assert late.runs[0].start == whole.runs[0].start
    assert late.runs[0].ready is True
    assert late.coverage == whole.coverage
    assert late.sources == whole.sources
    assert late.ledgers[0].rows == whole.ledgers[0].rows == 3


def test_a_row_written_after_the_end_belongs_to_its_close(world: World) -> None:
    """The close lies before the limit, its row a moment behind it."""
    outcome = judged(world, until="2026-01-10 10:15:00.501")
    assert (outcome.summary.closes, outcome.summary.recorded, outcome.summary.ledger_rows) == (1, 1, 1)


def test_what_lies_outside_is_no_finding(tmp_path: Path) -> None:
    """A torn row, a recorder's error, a contradiction and an orphan of the morning, judged from noon on."""
    made = World(tmp_path, start="10:00:00", end="14:00:00")
    made.kept(at("10:10:00"))
    made.rows.append(made.row(at("10:11:00", symbol="XRP-USDT")))
    made.rows.append(made.row(at("10:12:00", symbol="ADA-USDT"), net_pnl="99.0000"))
    made.rows.append("2026-01-10T10:13:00,DOGE")
    made.say(
        "2026-01-10 10:14:00",
        "❌ Failed to export trade to CSV: disk full",
        by="spot.performance_tracker:x:1",
    )
    made.kept(at("13:00:00"))
    made.save()
    assert {"LA108", "LA203", "LA204"} <= errors(judged(made))
    late = judged(made, since="2026-01-10 12:00:00")
    assert not late.findings
    assert (late.summary.closes, late.summary.recorder_errors) == (1, 0)


def test_the_terminal_says_what_was_judged(world: World) -> None:
    outcome = judged(world, since="2026-01-10 11:00:00", until="2026-01-10 11:20")
    shown = text.render(outcome, RenderStyle(color=False, width=100, unicode=True))
    assert "Judged: closes and rows from 2026-01-10 11:00:00 on and before 2026-01-10 11:20:00;" in shown
    assert "Judged" not in text.render(judged(world), RenderStyle(color=False, width=100, unicode=True))


def test_nothing_in_the_window_is_no_error(world: World) -> None:
    outcome = judged(world, since="2026-01-11")
    assert (outcome.summary.closes, outcome.summary.ledger_rows) == (0, 0)
    assert not errors(outcome)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-01-10 12:00:00", "", NOON),
        ("2026-01-10T12:00", "", NOON),
        ("2026-01-10", "", NOON - 12 * HOUR),
        ("2026-01-10T09:00:00Z", "+03:00", NOON),
        ("2026-01-10 14:30+05:30", "+03:00", NOON),
        ("2026-01-10 12:00:00", "+03:00", NOON),
        ("2026-01-10 12:01:00.5", "", NOON + MINUTE + 500_000),
    ],
)
def test_moments_are_in_the_logs_clock(text: str, zone: str, expected: int) -> None:
    assert parse_time(text, zone) == expected


@pytest.mark.parametrize(("text", "zone"), [("noon", ""), ("", ""), ("2026-01-10T09:00:00Z", "")])
def test_a_moment_that_cannot_be_placed_is_refused(text: str, zone: str) -> None:
    with pytest.raises(UserError):
        parse_time(text, zone)


def test_a_window_includes_its_beginning_and_not_its_end() -> None:
    window = TimeWindow(10, 20)
    assert [window.holds(n) for n in (9, 10, 19, 20)] == [False, True, True, False]
    assert TimeWindow().everything
    assert not replace(window, until=None).everything
