"""Which close ends which open: sides, parts, hedges, restarts and both edges of the logs."""

from __future__ import annotations

import pytest
from evidence_factory import beats, block, event, in_order, said, session, us

from logaudit.core.events import Event, EventKind
from logaudit.core.fields import PositionSide
from logaudit.core.trades import PositionStatus
from logaudit.reconcile.positions import Run, build_positions
from logaudit.reconcile.reconciled import Session


def story(tmp_path, *lines: str | list[str], boot: str = "10:00:00.000") -> Session:
    """A covered hour from 10:00 on, with a start record at ``boot``."""
    told = [line for item in lines for line in ([item] if isinstance(item, str) else item)]
    start = [said(boot, "BOT UP", "desk:main:1")] if boot else []
    text = in_order(start, told, beats("10:00:00.000", "11:00:00.000"))
    return session(tmp_path, {"desk.log": text})


def opened(
    at: str, symbol: str = "BTC-USDT", side: str = "LONG", price: str = "100.0", size: str = "2.0"
) -> str:
    return said(
        at, f"OPENED {symbol} {side}" + (f" @ {price}" if price else "") + (f" x {size}" if size else "")
    )


def told(found: Session) -> list[tuple[str, str, str, int]]:
    return [
        (p.symbol, p.side.value if p.side else "", p.status.value, len(p.closes)) for p in found.positions
    ]


def repeats(found: Session) -> list[int]:
    """How often each close is told again, in time order."""
    return [len(t.echoes) for t in found.closed]


def test_an_open_and_its_close_are_one_position(tmp_path):
    found = story(tmp_path, opened("10:01:00.000"), block("10:05:00.000"))
    assert told(found) == [("BTC-USDT", "long", "closed", 1)]
    assert [t.partial for t in found.closed] == [False]
    assert found.closed[0].position == found.positions[0]


def test_spellings_of_a_symbol_are_one_market(tmp_path):
    found = story(tmp_path, opened("10:01:00.000", "BTC/USDT:USDT"), block("10:05:00.000", "BTC-USDT-SWAP"))
    assert [p.status for p in found.positions] == [PositionStatus.CLOSED]


def test_partial_closes_end_the_position_with_the_last(tmp_path):
    found = story(
        tmp_path,
        opened("10:01:00.000", size="2.0"),
        block("10:05:00.000", size="0.5"),
        block("10:06:00.000", size="0.5"),
        block("10:07:00.000", size="1.0"),
    )
    assert told(found) == [("BTC-USDT", "long", "closed", 3)]
    assert [t.partial for t in found.closed] == [True, True, False]


def test_a_size_printed_to_fewer_places_is_no_part(tmp_path):
    """The log rounds: 0.0239999 coins were opened, 0.024 closed, and the other way round."""
    found = story(
        tmp_path,
        opened("10:01:00.000", size="0.0239999"),
        block("10:05:00.000", size="0.024"),
        opened("10:11:00.000", size="0.024"),
        block("10:15:00.000", size="0.02399"),
    )
    assert [p.status for p in found.positions] == [PositionStatus.CLOSED] * 2
    assert not any(t.partial for t in found.closed)


def test_the_sign_some_bots_give_shorts_is_no_size(tmp_path):
    found = story(
        tmp_path,
        opened("10:01:00.000", side="SHORT", size="-2.0"),
        block("10:05:00.000", side="SHORT", size="2.0"),
    )
    assert told(found) == [("BTC-USDT", "short", "closed", 1)]


def test_a_close_without_a_size_ends_the_whole(tmp_path):
    found = story(tmp_path, opened("10:01:00.000"), block("10:05:00.000", size=""))
    assert told(found) == [("BTC-USDT", "long", "closed", 1)]


def test_a_position_partly_closed_when_the_logs_end(tmp_path):
    found = story(tmp_path, opened("10:01:00.000"), block("10:05:00.000", size="0.5"))
    assert told(found) == [("BTC-USDT", "long", "partly-closed", 1)]


def test_long_and_short_of_a_symbol_live_at_once(tmp_path):
    found = story(
        tmp_path,
        opened("10:01:00.000", side="LONG"),
        opened("10:02:00.000", side="SHORT"),
        block("10:05:00.000", side="SHORT"),
        block("10:06:00.000", side="LONG"),
    )
    assert told(found) == [("BTC-USDT", "long", "closed", 1), ("BTC-USDT", "short", "closed", 1)]


def test_a_close_without_a_side_takes_that_of_the_only_position(tmp_path):
    found = story(tmp_path, opened("10:01:00.000", side="SHORT"), block("10:05:00.000", side=""))
    assert found.closes[0].fields.side is PositionSide.SHORT


def test_a_close_without_a_side_is_told_by_its_entry_price(tmp_path):
    found = story(
        tmp_path,
        opened("10:01:00.000", side="LONG", price="100.0"),
        opened("10:02:00.000", side="SHORT", price="107.5"),
        block("10:05:00.000", side="", entry="107.50"),
    )
    assert found.closes[0].fields.side is PositionSide.SHORT
    assert told(found) == [("BTC-USDT", "long", "open-at-end", 0), ("BTC-USDT", "short", "closed", 1)]


def test_a_close_that_may_end_either_of_two_ends_none(tmp_path):
    found = story(
        tmp_path,
        opened("10:01:00.000", side="LONG"),
        opened("10:02:00.000", side="SHORT"),
        block("10:05:00.000", side=""),
    )
    assert found.closes[0].fields.side is None
    assert sorted(p.status.value for p in found.positions) == ["open-at-end", "open-at-end", "unclear"]


def test_two_code_paths_that_close_one_position(tmp_path):
    again = [line.replace("desk.exits:close:88", "desk.risk:panic:12") for line in block("10:05:02.000")]
    found = story(tmp_path, opened("10:01:00.000"), block("10:05:00.000"), again)
    assert told(found) == [("BTC-USDT", "long", "closed", 1)]
    assert repeats(found) == [1]


def test_a_second_close_that_names_no_side_is_a_second_close_too(tmp_path):
    again = [
        line.replace("desk.exits:close:88", "desk.risk:panic:12") for line in block("10:05:02.000", side="")
    ]
    found = story(tmp_path, opened("10:01:00.000"), block("10:05:00.000"), again)
    assert [p.status.value for p in found.positions] == ["closed"]
    assert repeats(found) == [1]


def test_a_close_of_a_position_that_is_used_up_repeats_it_however_late(tmp_path):
    """Nothing was left to close, and no open lies between."""
    found = story(tmp_path, opened("10:01:00.000"), block("10:05:00.000"), block("10:25:00.000"))
    assert [p.status.value for p in found.positions] == ["closed"]
    assert repeats(found) == [1]


def test_a_close_at_another_entry_price_is_one_whose_open_is_missing(tmp_path):
    later = block("10:25:00.000", entry="107.0")
    found = story(tmp_path, opened("10:01:00.000"), block("10:05:00.000"), later)
    assert [p.status.value for p in found.positions] == ["closed", "open-missing"]
    assert repeats(found) == [0, 0]


def test_positions_open_at_either_edge(tmp_path):
    found = story(tmp_path, block("10:05:00.000", "ETH-USDT"), opened("10:50:00.000"), boot="")
    assert told(found) == [
        ("ETH-USDT", "long", "opened-before-logs", 1),
        ("BTC-USDT", "long", "open-at-end", 0),
    ]


def test_an_open_where_one_is_live_shows_that_a_close_was_not_logged(tmp_path):
    found = story(tmp_path, opened("10:01:00.000"), opened("10:20:00.000"), block("10:30:00.000"))
    assert [p.status.value for p in found.positions] == ["close-missing", "closed"]


def test_a_position_outlives_a_restart(tmp_path):
    found = story(
        tmp_path, opened("10:01:00.000"), said("10:20:00.000", "BOT UP", "desk:main:1"), block("10:30:00.000")
    )
    assert told(found) == [("BTC-USDT", "long", "closed", 1)]
    assert len(found.runs) == 2


def test_an_open_of_the_other_side_after_a_restart_leaves_the_old_position_live(tmp_path):
    found = story(
        tmp_path,
        opened("10:01:00.000", side="LONG"),
        said("10:20:00.000", "BOT UP", "desk:main:1"),
        opened("10:25:00.000", side="SHORT"),
        block("10:30:00.000", side="LONG"),
    )
    assert told(found) == [("BTC-USDT", "long", "closed", 1), ("BTC-USDT", "short", "open-at-end", 0)]


def test_an_open_left_by_the_run_before_is_no_missing_close(tmp_path):
    """The bot was down: the position may have ended without it, or been forgotten."""
    found = story(
        tmp_path,
        opened("10:01:00.000"),
        said("10:20:00.000", "BOT UP", "desk:main:1"),
        opened("10:25:00.000"),
    )
    assert [p.status.value for p in found.positions] == ["forgotten-at-restart", "open-at-end"]


@pytest.mark.parametrize("flip", [True, False])
def test_within_one_second_the_file_tells_the_order(tmp_path, flip):
    """A flip closes long and opens short; a stop closes what was opened in the same second."""
    first, second = block("10:05:00"), opened("10:05:00")
    lines = [*first, second] if flip else [second, *first]
    before = [opened("10:01:00")] if flip else []
    found = session(
        tmp_path, {"desk.log": "".join([said("10:00:00", "BOT UP", "desk:main:1"), *before, *lines])}
    )
    expected = ["closed", "open-at-end"] if flip else ["closed"]
    assert [p.status.value for p in found.positions] == expected


def test_within_one_moment_of_two_logs_the_close_comes_first(tmp_path):
    """Closes stand in one log, opens in another: a position is ended before the next of its symbol begins."""
    closes = [*block("10:05:00.000"), *beats("10:00:00.000", "11:00:00.000")]
    opens = [opened("10:01:00.000"), opened("10:05:00.000")]
    for first, second in (("a", "b"), ("b", "a")):
        folder = tmp_path / first
        found = session(folder, {f"{first}.log": in_order(closes), f"{second}.log": in_order(opens)})
        assert [p.status.value for p in found.positions] == ["closed", "open-at-end"]


def test_the_exchange_confirms_the_position_of_its_side(tmp_path):
    found = story(
        tmp_path,
        opened("10:01:00.000", side="LONG"),
        opened("10:02:00.000", side="SHORT"),
        block("10:05:00.000", side="LONG"),
        said("10:05:00.500", "EXCHANGE FLAT BTC-USDT LONG"),
        opened("10:06:00.000", side="LONG"),
        said("10:07:00.000", "EXCHANGE FLAT BTC-USDT SHORT"),
        said("10:08:00.000", "EXCHANGE FLAT ETH-USDT"),
    )
    told_at = [[e.at.iso()[14:19] for e in p.exchange] for p in found.positions]
    assert told_at == [["05:00"], ["07:00"], []]


def test_contracts_are_not_compared_with_coins():
    """0.4 contracts were opened; 0.04 coins that are 0.4 contracts were closed: all of it."""
    begun = event(EventKind.POSITION_OPENED, "10:00:00", symbol="X", contracts="0.4")
    ended = event(EventKind.POSITION_CLOSED, "10:01:00", symbol="X", contracts="0.4", size="0.04")
    positions, closes = build_positions([begun], [ended], (), ())
    assert [p.status for p in positions] == [PositionStatus.CLOSED]
    assert not positions[0].is_partial(closes[0])


# --- Limits, event by event.


def began(at: str, **values: str) -> Event:
    return event(
        EventKind.POSITION_OPENED, at, **{"symbol": "X", "side": "long", "entry_price": "100.0"} | values
    )


def ended(at: str, **values: str) -> Event:
    return event(
        EventKind.POSITION_CLOSED, at, **{"symbol": "X", "side": "long", "entry_price": "100.0"} | values
    )


def built(*items: Event, runs: tuple[Run, ...] = ()) -> list[str]:
    """The status of each position, in time order."""
    opens = [e for e in items if e.kind is EventKind.POSITION_OPENED]
    closes = [e for e in items if e.kind is EventKind.POSITION_CLOSED]
    return [p.status.value for p in build_positions(opens, closes, (), runs)[0]]


@pytest.mark.parametrize(
    ("values", "closes"),
    [
        ({"entry_price": "100.04"}, 1),  # within the printed tenth
        ({"entry_price": "100.2"}, 2),
        ({"entry_price": ""}, 1),
        ({"side": "short"}, 2),
        ({"side": ""}, 1),
        ({"symbol": "Y"}, 2),
        ({"trade_id": "8"}, 2),
        ({"trade_id": "7"}, 1),
        ({"exit_price": "97.0"}, 1),  # a retry at the price of the moment
    ],
)
def test_a_close_is_told_again_unless_a_value_that_both_print_sets_it_apart(values, closes):
    first = ended("10:05:00", trade_id="7", exit_price="99.0")
    statuses = built(began("10:01:00"), first, ended("10:05:02", **values))
    assert statuses == ["closed", "open-missing"][:closes]


@pytest.mark.parametrize(("at", "closes"), [("10:06:00.000", 1), ("10:06:00.001", 2)])
def test_where_no_size_is_told_another_result_speaks_for_a_close_of_its_own_after_a_minute(at, closes):
    """The first may have been a part."""
    prices = {"entry_price": "", "exit_price": "99.0"}, {"entry_price": "", "exit_price": "97.0"}
    statuses = built(began("10:01:00"), ended("10:05:00.000", **prices[0]), ended(at, **prices[1]))
    assert statuses == ["closed", "open-missing"][:closes]


def test_each_close_again_is_held_against_the_one_before_it():
    """Forty seconds from one to the next, each with a result of its own."""
    exits = ("10:05:00", "99.0"), ("10:05:40", "97.0"), ("10:06:20", "95.0")
    closes = [ended(at, entry_price="", exit_price=price) for at, price in exits]
    assert built(began("10:01:00"), *closes) == ["closed"]


def test_in_a_silence_of_the_logs_the_position_may_have_been_opened_anew():
    """Only the entry price still names the position."""
    opens, closes = [began("10:01:00", size="1.0")], [ended("10:05:00", size="1.0")]
    for entry, expected in (("", ["closed", "open-missing"]), ("100.0", ["closed"])):
        late = ended("10:25:00", size="1.0", entry_price=entry)
        positions, _ = build_positions(opens, [*closes, late], (), (), lambda start, end: start < end)
        assert [p.status.value for p in positions] == expected


@pytest.mark.parametrize(
    ("opened_size", "closed_size", "status"),
    [
        ("2.0", "1.9", "partly-closed"),  # a whole unit of what both print is left
        ("2.0", "1.91", "closed"),  # less than what the open printed away
        ("2.00", "1.9", "partly-closed"),
        ("2.04", "2.0", "closed"),  # less than what the close printed away
        ("2.0", "2.0", "closed"),
        ("2.0", "2.5", "closed"),
    ],
)
def test_what_one_side_printed_away_is_not_left_over(opened_size, closed_size, status):
    assert built(began("10:01:00", size=opened_size), ended("10:05:00", size=closed_size)) == [status]


def test_parts_are_summed_before_what_is_left_is_known():
    """Of 2.0 the second part leaves 0.5, the third nothing."""
    parts = [ended(f"10:0{n}:00", size=size) for n, size in ((5, "1.0"), (6, "0.5"), (7, "0.5"))]
    assert built(began("10:01:00", size="2.0"), *parts[:2]) == ["partly-closed"]
    assert built(began("10:01:00", size="2.0"), *parts) == ["closed"]
    # Nothing is left: one more repeats the last.
    assert built(began("10:01:00", size="2.0"), *parts, ended("10:09:00", size="0.5")) == ["closed"]


def test_an_open_without_a_size_is_ended_by_its_first_close():
    """Nothing says that the close is a part; what is told of another result later is another close."""
    closes = (
        ended("10:05:00", size="0.5", exit_price="99.0", entry_price=""),
        ended("10:09:00", size="0.5", exit_price="97.0", entry_price=""),
    )
    assert built(began("10:01:00"), *closes) == ["closed", "open-missing"]


@pytest.mark.parametrize(
    ("opened_size", "closed_size", "status"),
    [("-2.0", "0.5", "partly-closed"), ("2.0", "-0.5", "partly-closed"), ("2.0", "-2.0", "closed")],
)
def test_the_sign_of_a_size_neither_adds_to_nor_takes_from_what_is_left(opened_size, closed_size, status):
    assert built(began("10:01:00", size=opened_size), ended("10:05:00", size=closed_size)) == [status]


def test_a_part_in_contracts_leaves_coins_that_nobody_can_reckon():
    """2.0 coins are 200 contracts: 50 of them and 1.5 coins are all of it, though the coins alone are not."""
    begun = began("10:01:00", size="2.0", contracts="200")
    assert built(begun, ended("10:05:00", contracts="50"), ended("10:06:00", size="1.5")) == ["closed"]


def test_contracts_are_reckoned_with_where_coins_are_not_told():
    part = ended("10:05:00", contracts="1.0")
    assert built(began("10:01:00", contracts="4.0"), part) == ["partly-closed"]


def test_a_position_partly_closed_and_opened_anew_is_partly_closed():
    """That the rest was closed without a line is a guess; what is known is the part."""
    items = began("10:01:00", size="2.0"), ended("10:05:00", size="0.5"), began("10:09:00", size="2.0")
    assert built(*items) == ["partly-closed", "open-at-end"]


def test_the_side_that_is_named_is_taken_before_one_that_is_not():
    """An open whose side no line tells may be long too; the one that says so is."""
    unnamed, long = began("10:01:00", side=""), began("10:02:00")
    (first, second), _ = build_positions([unnamed, long], [ended("10:05:00")], (), ())
    assert (first.status, second.status) == (PositionStatus.OPEN_AT_END, PositionStatus.CLOSED)


def test_a_close_of_the_other_side_ends_no_position():
    assert built(began("10:01:00"), ended("10:05:00", side="short")) == ["open-at-end", "open-missing"]


def test_a_close_without_a_side_may_end_an_open_with_one_as_well_as_one_without():
    opens = began("10:01:00", side=""), began("10:02:00")
    assert built(*opens, ended("10:05:00", side="")) == ["open-at-end", "open-at-end", "unclear"]


def test_a_position_takes_its_side_from_a_close_where_its_open_names_none():
    (position,), _ = build_positions([began("10:01:00", side="")], [ended("10:05:00", side="short")], (), ())
    assert (position.status, position.side) == (PositionStatus.CLOSED, PositionSide.SHORT)


def test_an_entry_price_tells_two_positions_apart_only_where_one_fits():
    opens = [began("10:01:00"), began("10:02:00", side="short", entry_price="100.04")]
    assert built(*opens, ended("10:05:00", side="")) == ["open-at-end", "open-at-end", "unclear"]
    apart = [began("10:01:00"), began("10:02:00", side="short", entry_price="107.0")]
    assert built(*apart, ended("10:05:00", side="")) == ["closed", "open-at-end"]
    assert built(*apart, ended("10:05:00", side="", entry_price="103.0")) == [
        "open-at-end",
        "open-at-end",
        "unclear",
    ]


def test_an_open_without_an_entry_price_is_not_the_one_that_a_price_names():
    opens = [began("10:01:00", entry_price=""), began("10:02:00", side="short")]
    assert built(*opens, ended("10:05:00", side="")) == ["open-at-end", "closed"]


def test_a_close_of_a_run_that_was_seen_to_start_has_lost_its_open():
    """A run that began before its logs may have opened the position there."""
    seen = Run("a", us("10:00:00"), us("11:00:00"), event(EventKind.RUN_STARTED, "10:00:00"))
    unseen = Run("b", us("08:00:00"), us("09:00:00"), None)
    assert built(ended("08:30:00"), ended("10:05:00"), runs=(unseen, seen)) == [
        "opened-before-logs",
        "open-missing",
    ]


def test_a_close_in_the_second_of_a_start_belongs_to_the_run_that_starts():
    """The start is printed finer: whole seconds stand for all of theirs."""
    seen = Run("a", us("10:00:00") + 500_000, us("11:00:00"), event(EventKind.RUN_STARTED, "10:00:00.500"))
    unseen = Run("b", us("08:00:00"), us("09:00:00"), None)
    assert built(ended("10:00:00"), runs=(unseen, seen)) == ["open-missing"]
    assert built(ended("10:00:00.400"), runs=(unseen, seen)) == ["opened-before-logs"]


@pytest.mark.parametrize(("start", "status"), [(999_999, "open-missing"), (1_000_000, "opened-before-logs")])
def test_the_second_of_a_close_ends_with_its_last_microsecond(start, status):
    """A run that starts with the next second is the next one."""
    begin = event(EventKind.RUN_STARTED, "10:00:01.000")
    runs = (
        Run("b", us("08:00:00"), us("09:00:00"), None),
        Run("a", us("10:00:00") + start, us("11:00:00"), begin),
    )
    assert built(ended("10:00:00"), runs=runs) == [status]


def test_positions_are_told_by_time_and_then_by_symbol():
    opens = [began("10:02:00", symbol="B"), began("10:01:00", symbol="Z"), began("10:02:00", symbol="A")]
    positions, _ = build_positions(opens, [], (), ())
    assert [p.symbol for p in positions] == ["Z", "A", "B"]


def test_what_was_closed_of_lots_that_end_together_stays_closed(tmp_path):
    """Each of three lots is closed in its own size; what the last one takes is all that is left of all of them."""
    lots = (("10:01:00.000", "3.5"), ("10:11:00.000", "1.2"), ("10:21:00.000", "5.1"))
    closes = (
        ("10:31:00.000", "3.5", "-3.01"),
        ("10:33:00.000", "1.2", "2.08"),
        ("10:36:00.000", "5.1", "-2.75"),
    )
    found = story(
        tmp_path,
        *(opened(at, price="", size=size) for at, size in lots),
        *(block(at, entry="", exit="", size=size, net=net) for at, size, net in closes),
    )
    assert [str(t.close.fields.net_pnl) for t in found.closed] == [net for *_, net in closes]
