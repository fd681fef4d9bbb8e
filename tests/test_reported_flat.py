"""A position that no line closes, and of which a later line says that nothing is held."""

from __future__ import annotations

from pathlib import Path

import pytest
from english import English
from test_logformats_infer import scan_json
from world import DAY, Deal

from logaudit.core.finding import Severity

#: Opened at 10:20:00.250.
FIRST = Deal("10:30:00.250")
OTHER = Deal("11:30:00.250", symbol="ETH-USDT", entry="3000.0", exit="3010.0")


def forgotten(tmp_path: Path, words: str, at: str = "10:50:02.000") -> English:
    """The bot starts anew at 10:50 and says ``words``; a trade of another market is recorded later."""
    world = English(tmp_path)
    world.open(FIRST)
    world.boot("10:50:00.000")
    world.say(at, words, by="trader.main:run:24")
    world.kept(OTHER)
    return world


@pytest.mark.parametrize(
    "words",
    ["No open positions", "Positions synced: 0 open", "Account is flat", "No open position for BTC-USDT"],
)
def test_a_position_that_a_restart_forgot_is_a_warning(tmp_path: Path, words: str) -> None:
    world = forgotten(tmp_path, words)
    finding = world.one("LA502")
    assert finding.severity is Severity.WARNING
    assert finding.data["reported_flat"] == f"{DAY}T10:50:02.000"
    assert [place.line for place in finding.locations] == [
        world.spot("Opened short").line,
        world.spot(words).line,
    ]
    assert "LA101" not in world.codes()


@pytest.mark.parametrize(
    "words",
    [
        "No open position for SOL-USDT",
        "No open long position for BTC-USDT",
        "If there are no open positions, look for an entry",
        "No open orders",
        "Closed 0 positions",
    ],
)
def test_of_another_market_or_side_and_what_is_no_statement_is_silent(tmp_path: Path, words: str) -> None:
    assert "LA502" not in forgotten(tmp_path, words).codes()


def test_a_position_that_a_line_closes_later_was_held(tmp_path: Path) -> None:
    world = English(tmp_path)
    world.open(FIRST)
    world.say("10:25:00.000", "Starting with 0 positions", by="trader.main:run:24")
    world.close(FIRST)
    world.acknowledge(FIRST)
    world.rows.append(world.row(FIRST))
    assert "LA502" not in world.codes()


def test_what_was_known_before_the_open_says_nothing(tmp_path: Path) -> None:
    world = English(tmp_path)
    world.say("10:19:59.000", "No open positions", by="trader.main:run:24")
    world.open(FIRST)
    world.say("10:20:30.000", "No open positions", by="trader.main:run:24")
    world.kept(OTHER)
    assert "LA502" not in world.codes()


LOG = (
    "2026-02-10 09:00:00 | INFO | Bot started\n"
    "2026-02-10 09:06:53 | INFO | Entered SHORT LTC-USDT @ $94.81 (qty: 5.01)\n"
    "{told}\n"
    "2026-02-10 10:20:00 | INFO | Heartbeat ok\n"
)
LEDGER = "Date,Symbol,Side,Entry Price,Exit Price,Quantity,PnL,Reason\n"


@pytest.mark.parametrize(
    "words",
    [
        "No open positions",
        "Position LTC-USDT SHORT no longer on exchange",
        "Position LTC-USDT not found on exchange",
    ],
)
def test_where_no_close_is_recognised_nothing_was_judged(tmp_path: Path, words: str) -> None:
    (tmp_path / "bot.log").write_text(
        LOG.format(told=f"2026-02-10 09:20:00 | INFO | {words}"), encoding="utf-8"
    )
    (tmp_path / "trades.csv").write_text(LEDGER, encoding="utf-8")
    report = scan_json(tmp_path)
    assert report["verdict"] == "not-judged"
    assert "LA407" in {finding["rule"] for finding in report["findings"]}
