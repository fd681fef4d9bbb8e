"""One call is one event, however often it is told: copies, doubled sinks, two sinks of one logger."""

from __future__ import annotations

from decimal import Decimal

import pytest
from evidence_factory import HEADER, beats, block, csv, evidence, multiline, row_line, said, us

from logaudit.core.events import EventKind
from logaudit.core.fields import PositionSide
from logaudit.core.timestamp import MILLISECOND
from logaudit.reconcile.normalize import SessionEvidence


def closes(found: SessionEvidence) -> list[tuple[str, Decimal | None]]:
    events = found.of(EventKind.POSITION_CLOSED)
    return [(e.fields.symbol, e.fields.net_pnl) for e in events]


def whole() -> list[str]:
    """A log of three closes, one of them acknowledged twice in one second."""
    return [
        *beats("10:00:00", "10:10:00"),
        *block("10:10:01", net="+1.0"),
        *block("10:10:05", "ETH-USDT", net="+2.0"),
        said("10:10:06", "SAVED"),
        said("10:10:06", "beat"),
        said("10:10:06", "SAVED"),
        *block("10:10:20", "SOL-USDT", net="+3.0"),
        *beats("10:10:30", "10:20:00"),
    ]


def tells_it_all(found: SessionEvidence) -> None:
    assert closes(found) == [
        ("BTC-USDT", Decimal("1.0")),
        ("ETH-USDT", Decimal("2.0")),
        ("SOL-USDT", Decimal("3.0")),
    ]
    assert found.cuts == ()
    assert len(found.of(EventKind.TRADE_ACKNOWLEDGED)) == 2


@pytest.mark.parametrize("cut", range(21, 46))
@pytest.mark.parametrize("name", ["desk.1.log", "copy of desk.log"])
def test_the_beginning_of_a_log_beside_the_whole_adds_nothing(tmp_path, cut, name):
    """Copied while the bot ran, the copy may break off within a block; whether it counts as the same stream or not."""
    files = {"desk.log": "".join(whole()), name: "".join(whole()[:cut])}
    tells_it_all(evidence(tmp_path, files))


@pytest.mark.parametrize("cut", range(20, 45))
@pytest.mark.parametrize("name", ["desk.1.log", "copy of desk.log"])
def test_the_end_of_a_log_beside_the_whole_adds_nothing(tmp_path, cut, name):
    files = {"desk.log": "".join(whole()), name: "".join(whole()[cut:])}
    tells_it_all(evidence(tmp_path, files))


def test_a_sink_added_twice_doubles_nothing(tmp_path):
    tells_it_all(evidence(tmp_path, {"desk.log": "".join(line * 2 for line in whole())}))


def test_a_log_appended_to_itself_doubles_nothing(tmp_path):
    text = "".join(whole())
    assert closes(evidence(tmp_path, {"desk.log": text + text})) == closes(
        evidence(tmp_path / "b", {"desk.log": text})
    )


def test_a_copy_of_the_whole_is_read_once_and_its_address_kept(tmp_path):
    text = "".join(whole())
    found = evidence(tmp_path, {"desk.log": text, "backup/desk.log": text})
    tells_it_all(found)
    assert {a.path: [c.path for c in copies] for a, copies in found.copies.items()} == {
        "desk.log": ["backup/desk.log"]
    }


def test_two_acknowledgements_of_one_second_are_two(tmp_path):
    """They name nothing: the lines are equal, and still two trades were saved."""
    found = evidence(tmp_path, {"desk.log": "".join(whole())})
    assert [e.locations[0].line for e in found.of(EventKind.TRADE_ACKNOWLEDGED)] == [36, 38]


def test_two_sinks_of_different_precision_tell_one_call(tmp_path):
    """The main sink prints seconds, the other milliseconds; both places are kept, the finer time wins."""
    main = [*block("10:00:00"), said("10:00:00", "SAVED total=1")]
    info = [*multiline("10:00:00.734"), said("10:00:00.735", "SAVED total=1")]
    found = evidence(tmp_path, {"main.log": "".join(main), "info.log": "".join(info)})
    assert [e.kind for e in found.events] == [EventKind.POSITION_CLOSED, EventKind.TRADE_ACKNOWLEDGED]
    event = found.events[0]
    assert event.at.us == us("10:00:00.734")
    assert event.at.precision == MILLISECOND
    assert {event.stream, *event.also_in} == {"info", "main"}
    assert {loc.path for loc in event.locations[:2]} == {"main.log", "info.log"}


def test_a_sink_without_emitters_or_with_less_of_them_tells_the_same_call(tmp_path):
    by = {"a.log": "desk.exits:close:88", "b.log": "", "c.log": "exits:close:0"}
    found = evidence(
        tmp_path, {name: said("10:00:00.000", "DONE BTC-USDT pnl 1", e) for name, e in by.items()}
    )
    assert len(found.events) == 1
    assert found.events[0].emitter.path == "desk.exits:close"


def test_two_functions_tell_two_closes(tmp_path):
    """One position closed by two code paths at once is the bot's fault, to be seen."""
    files = {
        "a.log": said("10:00:00.000", "DONE BTC-USDT pnl 1", "desk.exits:by_stop:5"),
        "b.log": said("10:00:00.000", "DONE BTC-USDT pnl 1", "desk.exits:by_hand:9"),
    }
    assert len(evidence(tmp_path, files).events) == 2


def test_twenty_calls_of_one_second_meet_their_own_in_the_other_sink(tmp_path):
    """None names its trade; each still meets one of the other stream, in order."""
    coarse = "".join(said("10:00:00", "SAVED") + said("10:00:00", "beat") for _ in range(20))
    fine = "".join(said(f"10:00:00.{i * 45:03d}", "SAVED") for i in range(20))
    found = evidence(tmp_path, {"main.log": coarse, "info.log": fine})
    assert [e.at.us - us("10:00:00") for e in found.events] == [i * 45 * MILLISECOND for i in range(20)]
    lines = [{loc.path: loc.line for loc in e.locations} for e in found.events]
    assert lines == [{"main.log": 2 * i + 1, "info.log": i + 1} for i in range(20)]


def test_long_and_short_closed_at_once_stay_two(tmp_path):
    main = [*block("10:00:00", side="LONG", net="+1"), *block("10:00:00", side="SHORT", net="-1")]
    info = [
        *multiline("10:00:00.100", side="LONG", net="+1"),
        *multiline("10:00:00.200", side="SHORT", net="-1"),
    ]
    found = evidence(tmp_path, {"main.log": "".join(main), "info.log": "".join(info)})
    told = [(e.fields.side, e.fields.net_pnl, len(e.also_in)) for e in found.events]
    assert told == [(PositionSide.LONG, Decimal(1), 1), (PositionSide.SHORT, Decimal(-1), 1)]


def test_a_cut_block_is_made_whole_by_the_other_sink(tmp_path):
    files = {
        "main.log": "".join(block("10:00:00")[:3]),
        "info.log": "".join(multiline("10:00:00.500", net="+4")),
    }
    found = evidence(tmp_path, files)
    assert closes(found) == [("BTC-USDT", Decimal(4))]
    assert found.cuts == ()


def test_closes_seconds_apart_in_two_streams_are_two(tmp_path):
    files = {
        "a.log": said("10:00:00", "DONE BTC-USDT pnl 1"),
        "b.log": said("10:00:03.000", "DONE BTC-USDT pnl 1"),
    }
    assert len(evidence(tmp_path, files).events) == 2


def test_equal_figures_printed_to_different_places_are_one_call(tmp_path):
    files = {
        "a.log": said("10:00:00", "DONE BTC-USDT pnl 1.23"),
        "b.log": said("10:00:00.400", "DONE BTC-USDT pnl 1.2345"),
    }
    assert len(evidence(tmp_path, files).events) == 1


def test_a_sink_that_rounds_seconds_up_tells_the_same_call(tmp_path):
    files = {"a.log": said("10:00:01", "SAVED total=1"), "b.log": said("10:00:00.600", "SAVED total=1")}
    found = evidence(tmp_path, files)
    assert [e.at.us for e in found.events] == [us("10:00:00.600")]


# --- Ledgers.


def rows(count: int) -> list[str]:
    return [row_line(f"10:{i:02d}:00.000000", net=f"{i}.5") for i in range(count)]


def test_headers_of_two_days_are_two_ledgers(tmp_path):
    files = {"trades_2026-03-09.csv": HEADER + "\n", "trades_2026-03-10.csv": HEADER + "\n"}
    assert len(evidence(tmp_path, files).ledgers) == 2


def test_one_header_in_two_folders_under_one_name_is_one_ledger(tmp_path):
    files = {"trades_2026-03-10.csv": HEADER + "\n", "backup/trades_2026-03-10.csv": HEADER + "\n"}
    found = evidence(tmp_path, files)
    assert [d.address.path for d in found.ledgers] == ["trades_2026-03-10.csv"]


def test_copies_made_while_the_ledger_grew_count_once(tmp_path):
    files = {f"trades_2026-03-10{tail}.csv": csv(*rows(n)) for tail, n in (("", 6), (" (1)", 2), (" (2)", 4))}
    found = evidence(tmp_path, files)
    assert [len(d.ledger.rows) for d in found.ledgers] == [6]
    assert sorted(a.path for a in found.copies[found.ledgers[0].address]) == [
        "trades_2026-03-10 (1).csv",
        "trades_2026-03-10 (2).csv",
    ]


def test_a_copy_with_other_line_ends_counts_once(tmp_path):
    text = csv(*rows(3))
    found = evidence(
        tmp_path, {"trades_2026-03-10.csv": text, "b/trades_2026-03-10.csv": text.replace("\n", "\r\n")}
    )
    assert len(found.ledgers) == 1


def test_a_ledger_that_shares_no_beginning_stays(tmp_path):
    """The second file's rows end the first one's: nothing shows which of them is the copy."""
    files = {"trades_2026-03-09.csv": csv(*rows(4)), "trades_2026-03-10.csv": csv(*rows(4)[2:], rows(6)[5])}
    assert len(evidence(tmp_path, files).ledgers) == 2


# --- Doubled sinks against equal trades.


def trade(*times: str, copies: int = 1) -> list[str]:
    """A position opened, closed in one line and saved, each line as often as ``copies``."""
    lines = ["OPENED BTC-USDT LONG @ 100.0 x 2.0", "DONE BTC-USDT pnl 1.9", "SAVED BTC-USDT"]
    return [said(at, line) for at, line in zip(times, lines, strict=True) for _ in range(copies)]


def counted(found: SessionEvidence) -> list[int]:
    """How many opens, closes and acknowledgements there are."""
    kinds = EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED, EventKind.TRADE_ACKNOWLEDGED
    return [len(found.of(kind)) for kind in kinds]


AT = ("10:05:00.000", "10:20:00.000", "10:20:00.002")
START = [said("10:00:00.000", "BOT UP", "desk:main:1"), said("10:00:00.010", "RECORDER READY")]


def test_equal_trades_of_one_moment_are_two_where_the_start_is_told_once(tmp_path):
    text = "".join([*START, *trade(*AT, copies=2), *beats("10:30:00.000", "10:40:00.000")])
    assert counted(evidence(tmp_path, {"desk.log": text})) == [2, 2, 2]


@pytest.mark.parametrize("handlers", [2, 3])
@pytest.mark.parametrize("later", [0, 1, 3])
def test_handlers_added_again_tell_one_trade_however_much_later_they_write(tmp_path, handlers, later):
    """Each record is written by every handler, the next one up to some milliseconds after the one before."""

    def repeated(line: str) -> list[str]:
        at, rest = line[:23], line[23:]
        base = int(at[-3:])
        return [f"{at[:-3]}{base + n * later:03d}{rest}" for n in range(handlers)]

    lines = [*START, *trade(*AT), *beats("10:30:00.000", "10:40:00.000")]
    text = "".join(copy for line in lines for copy in repeated(line))
    assert counted(evidence(tmp_path, {"desk.log": text})) == [1, 1, 1]


def test_a_handler_added_while_the_bot_runs_doubles_nothing_from_then_on(tmp_path):
    """The first trade is told once, all that follow twice."""
    later = [trade(f"10:{m}:00.000", f"10:{m}:30.000", f"10:{m}:30.002", copies=2) for m in (40, 42, 44)]
    text = "".join([*START, *trade(*AT), *(line for lines in later for line in lines)])
    assert counted(evidence(tmp_path, {"desk.log": text})) == [4, 4, 4]


def test_two_equal_strategies_tell_two_trades_each_time(tmp_path):
    """Every open, close and acknowledgement is told twice from the first on; the process started once."""
    trades = [trade(f"10:{m}:00.000", f"10:{m}:30.000", f"10:{m}:30.002", copies=2) for m in (40, 42, 44)]
    text = "".join([*START, *(line for lines in trades for line in lines)])
    assert counted(evidence(tmp_path, {"desk.log": text})) == [6, 6, 6]


def test_a_sink_added_twice_is_known_by_the_records_around_where_no_start_is_told(tmp_path):
    """Nothing but one trade is recognised; the records that say nothing are written twice as well, or not."""
    lines = [*trade(*AT, copies=1), *beats("10:30:00.000", "10:40:00.000")]
    doubled = "".join(line * 2 for line in lines)
    assert counted(evidence(tmp_path / "a", {"desk.log": doubled})) == [1, 1, 1]
    equal = "".join([*trade(*AT, copies=2), *beats("10:30:00.000", "10:40:00.000")])
    assert counted(evidence(tmp_path / "b", {"desk.log": equal})) == [2, 2, 2]


def test_a_doubled_sink_whose_log_is_rotated_within_a_pair_tells_one_call(tmp_path):
    lines = [line for line in [*START, *trade(*AT), *beats("10:30:00.000", "10:40:00.000")] for _ in range(2)]
    cut = lines.index(said(AT[1], "DONE BTC-USDT pnl 1.9")) + 1
    files = {"desk.1.log": "".join(lines[:cut]), "desk.log": "".join(lines[cut:])}
    assert counted(evidence(tmp_path, files)) == [1, 1, 1]


def test_the_second_handler_may_print_the_next_second(tmp_path):
    """Whole seconds: a handler that writes a moment later prints another one now and then."""
    lines = [*START, *trade(*AT), *beats("10:30:00.000", "10:40:00.000")]
    cut = [line[:19] + line[23:] for line in lines]
    late = [line.replace("10:20:00 ", "10:20:01 ") if "DONE" in line else line for line in cut]
    text = "".join(a + b for a, b in zip(cut, late, strict=True))
    assert counted(evidence(tmp_path, {"desk.log": text})) == [1, 1, 1]


def test_two_layouts_in_one_file_tell_one_call(tmp_path):
    """A second handler with a format of its own, without the code path, writes to the same file."""
    lines = [*START, *trade(*AT), *beats("10:30:00.000", "10:40:00.000")]
    plain = [" | ".join(part for i, part in enumerate(line.split(" | ")) if i != 2) for line in lines]
    text = "".join(a + b for a, b in zip(lines, plain, strict=True))
    found = evidence(tmp_path, {"desk.log": text})
    assert counted(found) == [1, 1, 1]
    assert [e.also_in for e in found.of(EventKind.POSITION_CLOSED)] == [()]


@pytest.mark.parametrize(("copies", "closes"), [(1, 2), (2, 1)])
def test_closes_of_one_moment_that_show_other_values_are_one_call_where_all_else_is_told_twice(
    tmp_path, copies, closes
):
    """What one lacks the other has: parts of one block, where two handlers write the file line by line."""
    told = [said("10:20:00.000", f"TOLD: BTC-USDT LONG {shown}") for shown in ("out 101.0", "pnl 1.9")]
    others = [*START, said("10:05:00.000", "OPENED BTC-USDT LONG @ 100.0 x 2.0"), *told]
    saved = [said("10:20:00.002", "SAVED BTC-USDT"), *beats("10:30:00.000", "10:40:00.000")]
    lines = [line for line in [*others, *saved] for _ in range(1 if line in told else copies)]
    found = evidence(tmp_path, {"desk.log": "".join(lines)})
    assert counted(found) == [1, closes, 1]
    shown = {(e.fields.exit_price, e.fields.result) for e in found.of(EventKind.POSITION_CLOSED)}
    both = Decimal("101.0"), Decimal("1.9")
    assert shown == ({both} if closes == 1 else {(both[0], None), (None, both[1])})


def many_trades(copies: int, beat_copies: int) -> list[str]:
    """A log of twelve trades without its start, and records that say nothing."""
    return [
        line
        for m in range(12)
        for line in [
            *trade(f"10:{m:02}:10.000", f"10:{m:02}:30.000", f"10:{m:02}:30.002", copies=copies),
            *[said(f"10:{m:02}:50.000", "beat")] * beat_copies,
        ]
    ]


@pytest.mark.parametrize("word", ["RECORDER READY", "OPENED", "DONE", "SAVED", "beat"])
@pytest.mark.parametrize("starts", [0, 1])
def test_a_sink_added_twice_is_one_call_each_time_also_where_a_line_was_lost(tmp_path, word, starts):
    """One lost copy of one record made two trades of each of the others."""
    lines = [*[line for line in START for _ in range(2)] * starts, *many_trades(2, 2)]
    places = [i for i, line in enumerate(lines) if word in line]
    for n, lost in enumerate((places[0], places[len(places) // 2], places[-1]) if places else ()):
        text = "".join(line for i, line in enumerate(lines) if i != lost)
        assert counted(evidence(tmp_path / str(n), {"desk.log": text})) == [12, 12, 12]


@pytest.mark.parametrize("lost", [0, 1])
def test_of_two_accounts_with_a_recorder_each_all_trades_stay(tmp_path, lost):
    """The process started once, whatever else is told for each account."""
    lines = [START[0], START[1], START[1], *many_trades(2, 2)]
    del lines[-2 - lost : -2]  # an acknowledgement
    assert counted(evidence(tmp_path, {"desk.log": "".join(lines)})) == [24, 24, 24 - lost]


def test_of_two_equal_strategies_one_of_which_missed_a_trade_all_trades_stay(tmp_path):
    """The process started once."""
    lines = many_trades(2, 1)
    lost = max(i for i, line in enumerate(lines) if "OPENED" in line)
    text = "".join([*START, *lines[:lost], *lines[lost + 1 :]])
    assert counted(evidence(tmp_path, {"desk.log": text})) == [23, 24, 24]


def test_where_all_that_says_nothing_is_told_once_no_trades_are_joined_for_most_being_equal(tmp_path):
    """A second strategy makes each trade but one; between them the log tells other things."""
    lines = many_trades(2, 1)
    lost = max(i for i, line in enumerate(lines) if "OPENED" in line)
    others = [said(f"10:{m:02}:{s}.000", "beat") for m in range(12) for s in (15, 35, 55)]
    text = "".join(sorted([*lines[:lost], *lines[lost + 1 :], *others], key=lambda line: line[:23]))
    assert counted(evidence(tmp_path, {"desk.log": text})) == [23, 24, 24]
