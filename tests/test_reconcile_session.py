"""From texts to witness states: what is claimed, and where nothing can be."""

from __future__ import annotations

import pytest
from evidence_factory import DAY, HEADER, beats, block, csv, in_order, row_line, said, session, states, us

from logaudit.core.trades import TradeState
from logaudit.reconcile.reconciled import Session

LEDGER = "trades_2026-03-10.csv"


def told(tmp_path, *groups: list[str], rows: list[str] | None = None, until: str = "11:00:00.000") -> Session:
    """A log from 10:00 to ``until`` and, unless ``rows`` is None, a ledger."""
    files = {"desk.log": in_order(*groups, beats("10:00:00.000", until))}
    if rows is not None:
        files[LEDGER] = csv(*rows)
    return session(tmp_path, files)


def ack(at: str) -> list[str]:
    return [said(at, "SAVED total=1")]


KEPT, LOST = block("10:05:00.000", net="+1.9"), block("10:20:00.000", "ETH-USDT", exit="99.0", net="-2.1")
ROW = row_line("10:05:00.250000")
#: Figures of a trade that no log tells of.
OTHER = {"entry": "7.10", "exit": "7.20", "size": "3.0", "net": "0.2"}


def test_the_states_of_closes(tmp_path):
    kept, silent = block("10:05:00.000"), block("10:10:00.000", "ETH-USDT")
    unheard, acked = block("10:15:00.000", "SOL-USDT"), block("10:20:00.000", "XRP-USDT")
    failed = [*block("10:25:00.000", "ADA-USDT"), said("10:25:00.100", "NOT SAVED: disk full")]
    found = told(
        tmp_path, kept, ack("10:05:00.300"), silent, unheard, acked, ack("10:20:00.200"), failed,
        rows=[ROW, row_line("10:15:00.100000", "SOL-USDT"), row_line("10:30:00.0", "DOT-USDT", **OTHER)],
    )  # fmt: skip
    assert states(found) == [
        ("BTC-USDT", "recorded"),
        ("ETH-USDT", "silent-drop"),
        ("SOL-USDT", "unacknowledged"),
        ("XRP-USDT", "false-ack"),
        ("ADA-USDT", "failed-write"),
        ("DOT-USDT", "orphan-row"),
    ]


def test_where_no_acknowledgement_is_ever_logged_none_is_missed(tmp_path):
    assert states(told(tmp_path, KEPT, rows=[ROW])) == [("BTC-USDT", "recorded")]


def test_an_acknowledgement_that_would_lie_beyond_the_logs_is_not_missed(tmp_path):
    last = block("10:59:58.000", "SOL-USDT")
    rows = [ROW, row_line("10:59:58.100000", "SOL-USDT")]
    assert states(told(tmp_path, KEPT, ack("10:05:00.100"), last, rows=rows)) == [
        ("BTC-USDT", "recorded"),
        ("SOL-USDT", "recorded"),
    ]


def test_an_acknowledgement_that_no_close_explains_promises_none_for_the_others(tmp_path):
    """The recorder spoke of a close that no line tells of: for those that are told it may speak elsewhere."""
    assert states(told(tmp_path, KEPT, ack("10:30:00.000"), rows=[ROW])) == [("BTC-USDT", "recorded")]


def test_an_acknowledgement_is_missed_up_to_the_window_before_the_logs_end(tmp_path):
    """The close's millisecond ends at .001, five seconds later the logs do, to the millisecond."""
    for at, state in (("10:59:54.999", "unacknowledged"), ("10:59:55.000", "recorded")):
        last = block(at, "SOL-USDT")
        rows = [ROW, row_line("10:59:55.100000", "SOL-USDT")]
        found = told(tmp_path / at[-3:], KEPT, ack("10:05:00.100"), last, rows=rows)
        assert dict(states(found)) == {"BTC-USDT": "recorded", "SOL-USDT": state}


def test_an_acknowledgement_before_its_log_begins_is_not_missed(tmp_path):
    """The recorder speaks in a log of its own, which begins two seconds after the first close."""
    files = {
        "closes.log": in_order(
            KEPT, block("10:30:00.000", "SOL-USDT"), beats("10:00:00.000", "11:00:00.000")
        ),
        "saver.log": in_order(ack("10:30:00.200"), beats("10:05:02.000", "11:00:02.000")),
        LEDGER: csv(ROW, row_line("10:30:00.100000", "SOL-USDT")),
    }
    assert states(session(tmp_path, files)) == [("BTC-USDT", "recorded"), ("SOL-USDT", "recorded")]


def test_an_acknowledgement_without_any_ledger_proves_nothing(tmp_path):
    assert states(told(tmp_path, KEPT, ack("10:05:00.300"))) == [("BTC-USDT", "unverifiable")]


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("09:59:59.000", "unverifiable"),
        ("10:00:03.000", "unverifiable"),
        ("10:00:06.000", "orphan-row"),
        ("10:59:54.000", "orphan-row"),
        ("10:59:57.000", "unverifiable"),
        ("11:00:01.000", "unverifiable"),
    ],
)
def test_a_row_at_the_edge_of_coverage_may_have_its_close_beyond(tmp_path, at, state):
    found = told(tmp_path, KEPT, rows=[ROW, row_line(at, "DOT-USDT")])
    assert dict(states(found))["DOT-USDT"] == state


def test_a_row_that_one_of_two_logs_covers_is_an_orphan(tmp_path):
    """Closes stand in both logs; where one ends, the other would still have shown this one."""
    files = {
        "early.log": in_order(KEPT, beats("10:00:00.000", "10:30:00.000")),
        "late.log": in_order(block("10:50:00.000", "ADA-USDT"), beats("10:30:00.000", "11:00:00.000")),
        LEDGER: csv(
            ROW, row_line("10:15:00.0", "DOT-USDT", **OTHER), row_line("10:40:00.0", "DOT-USDT", **OTHER)
        ),
    }
    found = [state for symbol, state in states(session(tmp_path, files)) if symbol == "DOT-USDT"]
    assert found == ["orphan-row", "orphan-row"]


def test_a_row_in_a_silence_cannot_be_verified(tmp_path):
    late = beats("13:00:00.000", "14:00:00.000")
    found = told(
        tmp_path,
        KEPT,
        late,
        rows=[ROW, row_line("12:00:00.0", "DOT-USDT"), row_line("13:30:00.0", "ADA-USDT")],
    )
    assert states(found)[1:] == [("DOT-USDT", "unverifiable"), ("ADA-USDT", "orphan-row")]


def test_a_log_that_shows_no_trade_would_not_have_shown_this_one(tmp_path):
    """Only the error log is at hand: it says nothing about closes."""
    files = {
        "errors.log": "".join(beats("10:00:00.000", "11:00:00.000")),
        LEDGER: csv(row_line("10:30:00.0")),
    }
    assert states(session(tmp_path, files)) == [("BTC-USDT", "unverifiable")]


def test_the_same_row_twice_is_a_duplicate_and_no_orphan(tmp_path):
    found = told(tmp_path, KEPT, rows=[ROW, ROW])
    assert states(found) == [("BTC-USDT", "recorded")]
    assert [(row.number, twin.number) for row, twin in found.duplicates] in ([(1, 0)], [(0, 1)])


def test_a_row_again_a_moment_later_is_a_duplicate(tmp_path):
    found = told(tmp_path, KEPT, rows=[ROW, row_line("10:05:02.000000")])
    assert [(row.number, twin.number) for row, twin in found.duplicates] == [(1, 0)]


@pytest.mark.parametrize("column", ["entry", "exit"])
def test_a_row_of_other_prices_is_an_orphan_and_no_duplicate(tmp_path, column):
    """Either row agrees with the close, which prints a tenth only; no recorder writes one trade at two prices."""
    price = {"entry": "100.0", "exit": "101.0"}[column]
    again = row_line("10:05:02.000000", **{column: price + "4"})
    found = told(tmp_path, KEPT, rows=[ROW, again])
    assert states(found) == [("BTC-USDT", "recorded"), ("BTC-USDT", "orphan-row")]
    assert found.duplicates == ()


@pytest.mark.parametrize(
    ("at", "twins"),
    [("10:04:54.999999", 0), ("10:04:55.000000", 1), ("10:05:05.000000", 1), ("10:05:05.000001", 0)],
)
def test_a_duplicate_lies_within_the_window_around_its_close(tmp_path, at, twins):
    """Five seconds before or after it; beyond them an equal row is an unknown trade's."""
    first = block("10:02:00.000", exit="102.0", net="3.9")
    rows = [row_line("10:02:00.250000", exit="102.0", net="3.9"), ROW, row_line(at)]
    found = told(tmp_path, first, KEPT, rows=rows)
    assert [(row.number, twin.number) for row, twin in found.duplicates] == [(2, 1)] * twins
    assert sorted(state for _, state in states(found)) == ["orphan-row"] * (1 - twins) + ["recorded"] * 2


@pytest.mark.parametrize(
    "other", [{"side": "short"}, {"net": "2.4"}, {"size": "7.0"}, {"symbol": "SOL-USDT"}]
)
def test_a_row_that_the_close_contradicts_is_an_orphan_and_no_duplicate(tmp_path, other):
    """It has the prices of the row that recorded the close, a second later."""
    found = told(tmp_path, KEPT, rows=[ROW, row_line("10:05:01.250000", **other)])
    assert [state for _, state in states(found)] == ["recorded", "orphan-row"]
    assert found.duplicates == ()


def test_equal_orphans_are_one_orphan_and_its_duplicate(tmp_path):
    lone = row_line("10:30:00.0", "DOT-USDT")
    found = told(tmp_path, KEPT, rows=[ROW, lone, lone])
    assert states(found) == [("BTC-USDT", "recorded"), ("DOT-USDT", "orphan-row")]
    assert len(found.duplicates) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"time": "10:30:00.000001"},
        {"symbol": "ADA-USDT"},
        {"side": "short"},
        {"entry": "100.1"},
        {"exit": "101.1"},
        {"size": "2.1"},
        {"net": "2.0"},
    ],
)
def test_orphans_that_differ_in_one_value_are_two(tmp_path, other):
    """Without a close to tell, only a row that says all of it again repeats another."""
    lone = {"time": "10:30:00.000000", "symbol": "DOT-USDT"}
    found = told(tmp_path, KEPT, rows=[ROW, row_line(**lone), row_line(**lone | other)])
    assert [state for _, state in states(found)] == ["recorded", "orphan-row", "orphan-row"]
    assert found.duplicates == ()


def test_two_equal_closes_and_one_row_are_a_toss_up(tmp_path):
    """Equal to the last digit, a tenth of a second apart around the row; two opens speak for two."""
    opens = [said(f"10:01:0{n}.000", "OPENED BTC-USDT LONG @ 100.0 x 2.0") for n in range(2)]
    found = told(tmp_path, opens, block("10:05:00.000"), block("10:05:00.200"), rows=[row_line("10:05:00.1")])
    assert sorted(t.state for t in found.trades) == [TradeState.RECORDED, TradeState.SILENT_DROP]
    assert [t.ambiguous for t in found.trades] == [True, True]
    assert len({t.id for t in found.trades}) == 2


def test_a_lost_close_beside_a_recorded_one_is_no_toss_up(tmp_path):
    found = told(tmp_path, block("10:05:00.000"), block("10:05:02.000", exit="99.0", net="-2.1"), rows=[ROW])
    assert [(t.state, t.ambiguous) for t in found.trades] == [
        (TradeState.RECORDED, False),
        (TradeState.SILENT_DROP, False),
    ]


def test_every_row_stands_in_exactly_one_place(tmp_path):
    """Recorded, said again, orphaned, beyond the logs, and restored by hand below a later row."""
    by_hand = row_line("10:20:00", "ETH-USDT", exit="99.0", net="-2.1")
    lone, late = row_line("10:30:00.000001", "DOT-USDT"), row_line("23:30:00.000001", "DOT-USDT")
    found = told(tmp_path, KEPT, LOST, rows=[ROW, ROW, lone, late, by_hand])
    assert [t.state.value for t in found.trades] == ["recorded", "backfilled", "orphan-row", "unverifiable"]
    placed = [r.location for t in found.closed for r in (t.row, t.backfill) if r]
    placed += [t.row.location for t in found.unclosed]
    placed += [row.location for row, _ in found.duplicates]
    assert sorted(placed) == [row.location for row in found.rows]


# --- Clocks.


def hourly(tmp_path, hours: list[int], *more: str) -> Session:
    """A close at each quarter from 12:00 on with figures of its own, its row so many hours behind; rows besides."""
    closes, rows = [], [*more]
    for i, behind in enumerate(hours):
        hour, minute = 12 + i // 4, i % 4 * 15
        figures = {"exit": f"10{i}.5", "net": f"{i}.25"}
        closes += block(f"{hour:02d}:{minute:02d}:00.000", **figures)
        rows.append(row_line(f"{hour - behind:02d}:{minute:02d}:00.3", **figures))
    files = {"desk.log": in_order(closes, beats("06:00:00.000", "20:00:00.000")), LEDGER: csv(*rows)}
    return session(tmp_path, files)


def test_rows_of_another_zone_meet_their_closes(tmp_path):
    found = hourly(tmp_path, [3] * 6)
    assert {state for _, state in states(found)} == {"recorded"}
    shift = found.ledgers[0].shift
    assert (shift.seconds, shift.support) == (-10_800, 6)
    assert all(t.match is not None and abs(t.match.lag) < 1_000_000 for t in found.trades)


def test_a_clock_that_was_changed_within_a_ledger_costs_no_trade(tmp_path):
    found = hourly(tmp_path, [3, 3, 3, 3, 2, 2])
    shift = found.ledgers[0].shift
    assert (shift.seconds, shift.changes) == (-10_800, ((4, -7_200),))
    assert {state for _, state in states(found)} == {"recorded"}


@pytest.mark.parametrize("behind", [3, 2])
def test_a_wrong_number_at_the_change_of_a_clock_costs_no_trade(tmp_path, behind):
    """The row shows another size, so that it proves neither clock: it is read under both."""
    hours = [3, 3, 3, 3, behind, 2, 2]
    closes = [
        block(f"{12 + i // 4}:{i % 4 * 15:02}:00.000", exit=f"10{i}.5", net=f"{i}.25", size="2.0")
        for i in range(len(hours))
    ]
    rows = [
        row_line(
            f"{12 + i // 4 - h:02}:{i % 4 * 15:02}:00.3",
            exit=f"10{i}.5",
            net="400.25" if i == 4 else f"{i}.25",
            size="2.0",
        )
        for i, h in enumerate(hours)
    ]
    files = {
        "desk.log": in_order(*closes, beats("06:00:00.000", "20:00:00.000")),
        LEDGER: csv(*rows),
    }
    assert {state for _, state in states(session(tmp_path, files))} == {"recorded"}


def test_clocks_that_nothing_explains_are_abstained_from_and_cost_no_trade(tmp_path):
    found = hourly(tmp_path, [3, 3, 3, 3, 1, 1])
    assert found.ledgers[0].shift.seconds is None
    assert {state for _, state in states(found)} == {"recorded"}


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("07:07:00.3", "orphan-row"),  # 7:07, 8:07 and 10:07: the logs go from six to twenty o'clock
        ("16:30:00.3", "orphan-row"),
        ("17:30:00.3", "unverifiable"),  # 20:30 under one reading
        ("19:30:00.3", "unverifiable"),  # 20:30 and 22:30 under two
        ("05:30:00.3", "unverifiable"),  # 5:30 under one
        ("20:30:00.3", "unverifiable"),
    ],
)
def test_a_row_under_a_doubtful_clock_is_an_orphan_only_where_every_reading_is_covered(tmp_path, at, state):
    """A row may stand on the log's clock, one hour or three behind."""
    found = hourly(tmp_path, [3, 3, 3, 3, 1, 1], row_line(at, "DOT-USDT", **OTHER))
    assert found.ledgers[0].shift.seconds is None
    assert dict(states(found))["DOT-USDT"] == state


def test_a_single_row_of_another_zone_is_linked_without_a_claim(tmp_path):
    found = hourly(tmp_path, [3])
    assert found.ledgers[0].shift.seconds is None
    assert states(found) == [("BTC-USDT", "recorded")]


def test_a_ledger_of_few_rows_is_read_by_the_clock_of_the_others(tmp_path):
    """The second day's file holds one row, of few values: alone it would prove nothing."""
    closes, rows = [], []
    for i in range(4):
        figures = {"exit": f"10{i}.5", "net": f"{i}.25"}
        closes += block(f"2026-03-10 12:{i * 10:02d}:00.000", **figures)
        rows.append(row_line(f"2026-03-10T09:{i * 10:02d}:00.3", **figures))
    closes += block("2026-03-11 12:00:00.000", entry="", size="", fee="", net="7.5")
    lone = row_line("2026-03-11T09:00:00.3", net="7.5", entry="", size="", gross="", fee="")
    told_too = [
        *beats("10:00:00.000", "14:00:00.000"),
        *(b.replace(DAY, "2026-03-11") for b in beats("10:00:00.000", "14:00:00.000")),
    ]
    files = {"desk.log": in_order(closes, told_too), LEDGER: csv(*rows), "trades_2026-03-11.csv": csv(lone)}
    found = session(tmp_path, files)
    assert [lc.shift.seconds for lc in found.ledgers] == [-10_800, None]
    assert {state for _, state in states(found)} == {"recorded"}


def test_rows_on_the_logs_clock_have_no_shift(tmp_path):
    assert hourly(tmp_path, [0] * 4).ledgers[0].shift.seconds == 0


def test_a_ledger_of_many_days_does_not_hide_the_zone_of_the_one_at_hand(tmp_path):
    rows = [row_line(f"2026-02-{day:02d}T05:00:00.0", net=f"{day}.5") for day in range(1, 29)]
    closes = []
    for i in range(4):
        figures = {"exit": f"10{i}.5", "net": f"{i}.25"}
        closes += block(f"12:{i * 10:02d}:00.000", **figures)
        rows.append(row_line(f"09:{i * 10:02d}:00.3", **figures))
    found = session(
        tmp_path,
        {"desk.log": in_order(closes, beats("10:00:00.000", "14:00:00.000")), "trades.csv": csv(*rows)},
    )
    assert found.ledgers[0].shift.seconds == -10_800
    assert [t.state for t in found.closed] == [TradeState.RECORDED] * 4
    assert {t.state for t in found.unclosed} == {TradeState.UNVERIFIABLE}


# --- Ledgers and the runs that opened them.


def booted(at: str, path: str) -> list[str]:
    return [said(at, "BOT UP", "desk:main:1"), said(at, f"LEDGER FILE {path}", "desk.saver:open:3")]


@pytest.mark.parametrize(
    "path", ["logs/trades_2026-03-10.csv", r"C:\bot\logs\trades_2026-03-10.csv", r".\Trades_2026-03-10.CSV"]
)
def test_a_ledger_is_known_by_its_name_on_any_system(tmp_path, path):
    found = told(tmp_path, booted("10:00:00.000", path), KEPT, rows=[])
    assert [e.at.us for e in found.ledgers[0].opened] == [us("10:00:00")]
    assert found.ledgers[0].openings == (us("10:00:00"),)


def test_a_ledger_reused_by_several_runs_knows_them_all(tmp_path):
    boots = [line for at in ("10:00:00.000", "10:30:00.000") for line in booted(at, LEDGER)]
    found = told(tmp_path, boots, KEPT, rows=[ROW])
    assert found.ledgers[0].openings == (us("10:00:00"), us("10:30:00"))
    assert len(found.runs) == 2


def test_a_ledger_named_for_the_day_before_tells_the_zone(tmp_path):
    files = {
        "desk.log": in_order(
            booted("02:19:07.000", "trades_2026-03-09.csv"), beats("02:19:00.000", "03:00:00.000")
        ),
        "trades_2026-03-09.csv": HEADER + "\n",
    }
    naming = session(tmp_path, files).ledgers[0].naming
    assert naming is not None
    assert (naming.other_day, naming.low) == (True, 2 * 3600 + 19 * 60 + 8)


def test_without_a_word_of_the_recorder_the_run_of_the_rows_named_the_file(tmp_path):
    boot = [said("10:00:00.000", "BOT UP", "desk:main:1")]
    assert told(tmp_path, boot, KEPT, rows=[ROW]).ledgers[0].openings == (us("10:00:00"),)
    assert told(tmp_path / "b", KEPT, rows=[ROW]).ledgers[0].openings == ()


def test_equal_headers_of_two_days_are_two_ledgers_each_with_its_opening(tmp_path):
    files = {
        "desk.log": in_order(booted("10:00:00.000", LEDGER), beats("10:00:00.000", "11:00:00.000")),
        "trades_2026-03-09.csv": HEADER + "\n",
        LEDGER: HEADER + "\n",
    }
    ledgers = session(tmp_path, files).ledgers
    assert [(lc.address.path, len(lc.opened)) for lc in ledgers] == [
        ("trades_2026-03-09.csv", 0),
        (LEDGER, 1),
    ]


def test_a_session_without_logs_or_without_anything_claims_nothing(tmp_path):
    assert session(tmp_path / "a", {LEDGER: HEADER + "\n"}).trades == ()
    found = session(tmp_path / "b", {LEDGER: csv(ROW)})
    assert states(found) == [("BTC-USDT", "unverifiable")]
    assert session(tmp_path / "c", {"x.txt": "nothing\n"}).trades == ()


def test_each_of_a_thousand_close_trades_gets_its_own_state(tmp_path):
    """Every two seconds a close of one symbol; a third is lost, nobody names what was saved."""
    closes, rows = [], []
    for i in range(1000):
        hour, rest = divmod(10 * 3600 + 2 * i, 3600)
        at, figures = (
            f"{hour:02d}:{rest // 60:02d}:{rest % 60:02d}",
            {"exit": f"{100 + i / 64}", "net": f"{i}.5"},
        )
        closes += block(at + ".100", **figures)
        if i % 3:
            closes.append(said(at + ".300", "SAVED"))
            rows.append(row_line(at + ".250001", **figures))
    found = session(tmp_path, {"desk.log": "".join(closes), LEDGER: csv(*rows)})
    assert [t.state for t in found.trades] == [
        TradeState.RECORDED if i % 3 else TradeState.SILENT_DROP for i in range(1000)
    ]
