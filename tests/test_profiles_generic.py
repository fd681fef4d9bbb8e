"""The general profile reads English bots in many wordings and keeps quiet on chatter."""

from __future__ import annotations

import time
from re import _constants as ops
from re import _parser as parser

import pytest

from logaudit.core.events import EventKind
from logaudit.profiles import BUILT_IN, load_built_in

PROFILE = load_built_in("generic")


def first(line: str) -> tuple[EventKind, dict[str, str]] | None:
    for pattern in PROFILE.patterns:
        values = pattern.read(line)
        if values is not None:
            return pattern.event, {name.value: value for name, value in values.items()}
    return None


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (
            "Closed LONG BTCUSDT | entry 91480.0 | exit 92000.0 | pnl +5.20 USDT | reason TP",
            {
                "symbol": "BTCUSDT",
                "side": "LONG",
                "entry_price": "91480.0",
                "exit_price": "92000.0",
                "pnl": "+5.20",
                "reason": "TP",
            },
        ),
        ("[BTC/USDT] Position closed. PnL: 12.34 USDT (1.2%)", {"symbol": "BTC/USDT", "pnl": "12.34"}),
        (
            "Successfully closed short position on SOL/USDT at price 131.20. Realized profit: $4.20",
            {"symbol": "SOL/USDT", "side": "short", "exit_price": "131.20", "pnl": "$4.20"},
        ),
        (
            "closed SHORT position: ETH/USDT:USDT, net pnl -1.20, fees 0.12, held 342.5s",
            {
                "symbol": "ETH/USDT:USDT",
                "side": "SHORT",
                "net_pnl": "-1.20",
                "commission": "0.12",
                "duration_sec": "342.5",
            },
        ),
        (
            "BTC-USDT LONG closed @ 9.5 (stop loss)",
            {"symbol": "BTC-USDT", "side": "LONG", "exit_price": "9.5", "reason": "stop loss"},
        ),
        (
            "Trade #55 on ETHUSDT closed with profit of 3.4 USDT",
            {"symbol": "ETHUSDT", "pnl": "3.4", "trade_id": "55"},
        ),
        ("Closed trade BTC/USDT profit=1.23% profit_abs=4.5", {"symbol": "BTC/USDT", "pnl": "4.5"}),
        (
            "position_closed pair=ADA-USDT side=short gross_pnl=1 net_pnl=0.9",
            {"symbol": "ADA-USDT", "side": "short", "gross_pnl": "1", "net_pnl": "0.9"},
        ),
        ("Exited position BTC-USDT at 10:15", {"symbol": "BTC-USDT"}),
        ("Position closed: BTC-USDT long, unrealized pnl was 3.0", {"symbol": "BTC-USDT", "side": "long"}),
        ("Closed position BTC-USDT, take profit 95000 reached", {"symbol": "BTC-USDT"}),
    ],
)
def test_close_is_read(line: str, values: dict[str, str]) -> None:
    """Values are found wherever they stand, and only the bot's own figures."""
    assert first(line) == (EventKind.POSITION_CLOSED, values)


@pytest.mark.parametrize(
    ("tail", "ids"),
    [
        ("order=7412065", {"order_id": "7412065"}),
        ("order_id: ab-19f", {"order_id": "ab-19f"}),
        (
            '{"orderId": "88", "positionId": 5, "id": 31}',
            {"order_id": "88", "position_id": "5", "trade_id": "31"},
        ),
        ("(#40117)", {"trade_id": "40117"}),
        ("id 40117", {"trade_id": "40117"}),
        ("position #9, trade_id=t-9", {"position_id": "9", "trade_id": "t-9"}),
        ("order=market", {}),
        ("order: 5 contracts", {}),
        ("(#3)", {}),
        ("attempt #300", {}),
        ("chat id 40117", {}),
        ("client_order_id=40117", {}),
        ("order 5 of 6", {}),
        ("orders=12", {}),
    ],
)
def test_ids_are_read_under_any_key_and_nothing_else_is_an_id(tail: str, ids: dict[str, str]) -> None:
    found = first(f"Closed long position BTC-USDT pnl=+1.5 {tail}")
    assert found is not None
    assert {name: value for name, value in found[1].items() if name.endswith("_id")} == ids


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (
            "Opened BTC-USDT long @ 91480 qty=0.1",
            {"symbol": "BTC-USDT", "side": "long", "entry_price": "91480", "size": "0.1"},
        ),
        ("LONG BTC-USDT opened @ 91480", {"symbol": "BTC-USDT", "side": "LONG", "entry_price": "91480"}),
        (
            "New position opened: SHORT ETHUSDT qty=0.5 entry=2829.63 SL=2850 TP=2800",
            {"symbol": "ETHUSDT", "side": "SHORT", "size": "0.5", "entry_price": "2829.63"},
        ),
        (
            "Opened new long trade BTCUSDT: entry price 91480, stop price 91000",
            {"symbol": "BTCUSDT", "side": "long", "entry_price": "91480"},
        ),
        ("Opened long position BTC-USDT at 12:30", {"symbol": "BTC-USDT", "side": "long"}),
    ],
)
def test_open_is_read(line: str, values: dict[str, str]) -> None:
    """An open's price is its entry; a time of day is no price."""
    assert first(line) == (EventKind.POSITION_OPENED, values)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Trade #12 saved to database", EventKind.TRADE_ACKNOWLEDGED),
        ("Row written to csv for BTC-USDT", EventKind.TRADE_ACKNOWLEDGED),
        ("Failed to write row to trades.csv: disk full", EventKind.RECORDER_FAILED),
        ("Exception while recording trade BTC-USDT: KeyError('pnl')", EventKind.RECORDER_FAILED),
        ("TradeRecorder ready, writing to logs/trades.csv", EventKind.RECORDER_READY),
        ("Using existing trades CSV: logs/trades.csv", EventKind.LEDGER_OPENED),
        ("Trading bot started successfully", EventKind.RUN_STARTED),
        ("User stream: position ETHUSDT closed", EventKind.EXCHANGE_CONFIRMED),
    ],
)
def test_recorder_and_run_are_read(line: str, kind: EventKind) -> None:
    """Each wording states its fact."""
    found = first(line)
    assert found is not None
    assert found[0] is kind


@pytest.mark.parametrize(
    "line",
    [
        "closed connection",
        "BTC-USDT position closed? checking",
        "would have closed BTC-USDT long",
        "Order closed: BTC-USDT",
        "Candle closed above EMA for BTC-USDT, long signal",
        "LONG signal for BTC-USDT: previous trade closed 5 min ago",
        "PnL since last trade closed: BTC-USDT +1.2",
        "Position monitor closed for BTC-USDT",
        "Trade closed callback registered for BTC-USDT",
        "All positions closed",
        "CLOSE LONG BTC-USDT @ 91480",
        "position closed",
        "Loss limit: no trades recorded today",
        "Trade history saved",
        "Saved settings for BTC-USDT trade",
        "BTC-USDT candles saved to csv",
        "Failed to close connection to BTC-USDT stream",
        "Failed to save model state",
        "PerformanceTracker not initialized",
        "Created order for BTC-USDT",
        "Telegram bot started",
        "starting robot arm",
        "Marking Trade(id=1, pair=BTC/USDT, amount=0.001, is_short=False) as closed as the trade is fulfilled",
    ],
)
def test_chatter_is_silent(line: str) -> None:
    """Talk of closing, opening and saving is no close, open or acknowledgement."""
    assert first(line) is None


#: Every value that a line may tell of a trade, and verbs that no position, trade or side follows.
TALK = (
    "symbol=BTC-USDT side=long size=1.5 entry=100.5 exit=101.5 pnl=3.5 net pnl=3.25 gross pnl=1.25 fee=1.0 "
    "duration=30s reason=tp order_id=A71 position_id=B72 trade_id=C93 closed opened saved stopped"
)


@pytest.mark.parametrize("name", BUILT_IN)
def test_no_value_that_is_found_is_looked_for_again_without_it(name):
    """An optional value that a failure further on is tried without doubles the work: ten of them took half a second."""
    for pattern in load_built_in(name).patterns:
        assert not list(_tried_twice(parser.parse(pattern.written), atomic=False)), pattern.id


def test_an_optional_value_that_is_tried_twice_is_seen():
    for regex, seen in ((r"^(?:(?=.*a))?.*b", 1), (r"^(?>(?:(?=.*a))?).*b", 0), (r"^(?:x(?=a))?(?=.*c)b", 0)):
        assert len(list(_tried_twice(parser.parse(regex), atomic=False))) == seen


def _tried_twice(tree, *, atomic):
    """The optional groups that consist of what stands ahead alone, unless what is found there is kept for good."""
    for op, argument in tree:
        if op is ops.MAX_REPEAT and argument[:2] == (0, 1) and not atomic and _looks_ahead_only(argument[2]):
            yield argument
        inside = op is ops.ATOMIC_GROUP
        for part in _parts(argument):
            yield from _tried_twice(part, atomic=inside)


def _looks_ahead_only(tree):
    (op, argument), *more = tree
    if op is ops.SUBPATTERN and not more:
        return _looks_ahead_only(argument[-1])
    return op is ops.ASSERT and not more


def _parts(argument):
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, (tuple, list)):
        for part in argument:
            yield from _parts(part)


def test_a_line_of_values_that_tells_of_no_trade_takes_no_time():
    """Twenty of them took a quarter of a minute; now a hundredth of a second."""
    begin = time.process_time()
    for _ in range(20):
        assert first(TALK) is None
    assert time.process_time() - begin < 5
