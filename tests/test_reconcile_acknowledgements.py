"""Whose acknowledgement is it: by symbol, by what the ledger bears out, by the nearest line."""

from __future__ import annotations

from evidence_factory import beats, block, csv, in_order, row_line, said, session

from logaudit.reconcile.reconciled import Session

LEDGER = "trades_2026-03-10.csv"


def told(tmp_path, *lines: list[str], rows: tuple[str, ...] = ()) -> Session:
    """A log that keeps the order of its lines within a second, and a ledger."""
    text = "".join(
        [
            *beats("10:00:00", "10:04:30"),
            *(x for group in lines for x in group),
            *beats("10:06:00", "10:20:00"),
        ]
    )
    return session(tmp_path, {"desk.log": text, LEDGER: csv(*rows)})


def counters(found: Session) -> list[list[str]]:
    return [[e.locations[0].text.rpartition("| ")[2] for e in t.witness.acks] for t in found.closed]


def test_two_closes_of_one_second_keep_the_lines_that_follow_them(tmp_path):
    found = told(
        tmp_path,
        block("10:05:00"),
        [said("10:05:00", "SAVED total=1")],
        block("10:05:00", "ETH-USDT"),
        [said("10:05:00", "SAVED total=2")],
        rows=(row_line("10:05:00.1"), row_line("10:05:00.2", "ETH-USDT")),
    )
    assert [(t.fields.symbol, len(t.witness.acks)) for t in found.closed] == [
        ("BTC-USDT", 1),
        ("ETH-USDT", 1),
    ]
    assert counters(found) == [["SAVED total=1"], ["SAVED total=2"]]


def test_a_nameless_acknowledgement_is_the_recorded_closes(tmp_path):
    """Of two closes in one second one was saved and has its row; the other, though nearer, was dropped silently."""
    found = told(
        tmp_path,
        block("10:05:00"),
        block("10:05:00", "ETH-USDT"),
        [said("10:05:00", "SAVED")],
        rows=(row_line("10:05:00.1"),),
    )
    assert [(t.fields.symbol, t.state.value) for t in found.closed] == [
        ("BTC-USDT", "recorded"),
        ("ETH-USDT", "silent-drop"),
    ]


def test_a_nameless_failure_is_the_lost_closes(tmp_path):
    found = told(
        tmp_path,
        block("10:05:00"),
        block("10:05:00", "ETH-USDT"),
        [said("10:05:00", "NOT SAVED: disk full")],
        rows=(row_line("10:05:00.2", "ETH-USDT"),),
    )
    assert [t.state.value for t in found.trades] == ["failed-write", "recorded"]


def test_the_line_that_names_its_symbol_tells_whose_the_counter_is(tmp_path):
    """Neither has a row: the recorder promised one of them, and said nothing of the other."""
    found = told(
        tmp_path,
        block("10:05:00"),
        block("10:05:00", "ETH-USDT"),
        [said("10:05:00", "SAVED total=1"), said("10:05:00", "SAVED BTC-USDT")],
    )
    assert [(t.fields.symbol, t.state.value) for t in found.closed] == [
        ("BTC-USDT", "false-ack"),
        ("ETH-USDT", "silent-drop"),
    ]


def test_an_acknowledgement_of_another_symbol_or_before_its_close_is_not_its(tmp_path):
    found = told(
        tmp_path, [said("10:04:50", "SAVED total=1")], block("10:05:00"), [said("10:05:00", "SAVED ETH-USDT")]
    )
    assert [t.state.value for t in found.trades] == ["silent-drop"]


def test_one_acknowledgement_is_one_closes(tmp_path):
    """Two closes two seconds apart, both recorded, one acknowledged: the line is not shared."""
    found = told(
        tmp_path,
        block("10:05:00"),
        [said("10:05:00", "SAVED total=1")],
        block("10:05:02", "ETH-USDT"),
        rows=(row_line("10:05:00.1"), row_line("10:05:02.2", "ETH-USDT")),
    )
    assert [t.state.value for t in found.trades] == ["recorded", "unacknowledged"]


def test_the_exchange_may_speak_before_the_bot(tmp_path):
    found = told(tmp_path, [said("10:04:58", "EXCHANGE FLAT BTC-USDT")], block("10:05:00"))
    assert len(found.trades[0].witness.exchange) == 1


def test_a_log_in_order_or_not_gives_each_close_its_acknowledgement(tmp_path):
    lines = [
        line
        for i in range(30)
        for line in (*block(f"10:05:{i:02d}", net=f"{i}.5"), said(f"10:05:{i:02d}", f"SAVED total={i}"))
    ]
    text = in_order(lines, beats("10:00:00", "10:20:00"))
    rows = [row_line(f"10:05:{i:02d}.4", net=f"{i}.5") for i in range(30)]
    found = session(tmp_path, {"desk.log": text, LEDGER: csv(*rows)})
    assert counters(found) == [[f"SAVED total={i}"] for i in range(30)]
    assert all(t.state.value == "recorded" for t in found.trades)


# --- A failure that follows another attempt.


REFUSED = said("10:05:00", "REFUSED ETH-USDT code 7", "desk.manual:close:9")
SKIPPED = said("10:05:00", "NOT SAVED: no result", "desk.saver:save:5")


def test_the_failure_after_a_refused_attempt_is_that_attempts(tmp_path):
    """BTC was dropped in silence; in the same second the exchange refused to close ETH, and nothing could be saved."""
    found = told(tmp_path, block("10:05:00"), [REFUSED, SKIPPED])
    assert [(t.state.value, t.witness.failures) for t in found.closed] == [("silent-drop", ())]


def test_a_failure_right_after_its_close_is_not_given_to_an_attempt_that_follows(tmp_path):
    found = told(tmp_path, block("10:05:00"), [SKIPPED, REFUSED])
    assert [t.state.value for t in found.closed] == ["failed-write"]


def test_an_attempt_that_failed_is_no_close(tmp_path):
    found = told(tmp_path, [REFUSED])
    assert found.closed == ()


def saved(at: str, by: str) -> list[str]:
    """A close by a code path, with a result of its own, saved by the function that says so."""
    figures = block(at, net=f"+{at[3:5]}.{at[6:8]}")
    close = [line.replace("desk.exits:close:88", by) for line in figures]
    return [*close, said(at, "SAVED BTC-USDT", "desk.saver:save:5")]


def dropped(at: str, by: str) -> list[str]:
    return saved(at, by)[:-1]


def test_a_path_that_never_reaches_the_recorder_gets_none_of_its_failures(tmp_path):
    """Three closes of one path were saved, of another three none; the failure beside one of these is another's."""
    kept = [saved(f"10:01:{10 * n}", "desk.manual:close:9") for n in range(1, 4)]
    lost = [dropped(f"10:03:{10 * n}", "desk.timer:close:7") for n in range(1, 4)]
    rows = tuple(row_line(f"10:01:{10 * n}.1", net=f"1.{10 * n}") for n in range(1, 4))
    found = told(
        tmp_path, *kept, *lost, [said("10:03:31", "NOT SAVED: no result", "desk.saver:save:5")], rows=rows
    )
    assert [t.state.value for t in found.closed] == ["recorded"] * 3 + ["silent-drop"] * 3
    assert not any(t.witness.failures for t in found.closed)


def test_a_path_whose_writes_fail_again_and_again_does_reach_the_recorder(tmp_path):
    kept = [saved(f"10:01:{10 * n}", "desk.manual:close:9") for n in range(1, 4)]
    failing = [said(f"10:03:{10 * n}", "NOT SAVED: disk full", "desk.saver:save:5") for n in range(1, 4)]
    lost = [[*dropped(f"10:03:{10 * n}", "desk.timer:close:7"), failing[n - 1]] for n in range(1, 4)]
    rows = tuple(row_line(f"10:01:{10 * n}.1", net=f"1.{10 * n}") for n in range(1, 4))
    found = told(tmp_path, *kept, *lost, rows=rows)
    assert [t.state.value for t in found.closed] == ["recorded"] * 3 + ["failed-write"] * 3


def test_a_recorder_that_writes_late_tells_of_it_late(tmp_path):
    """It works off a queue: rows and words come together, some time after the closes."""
    closes = [f"10:{minute:02}:00" for minute in (5, 8, 11, 14)]
    late = ["10:05:31", "10:08:12", "10:11:55", "10:14:20"]
    found = told(
        tmp_path,
        *(
            group
            for at, then in zip(closes, late, strict=True)
            for group in (block(at), [said(then, "SAVED total=1")])
        ),
        rows=tuple(row_line(f"{at}.2") for at in late),
    )
    assert [(t.state.value, len(t.witness.acks)) for t in found.closed] == [("recorded", 1)] * 4


def test_a_late_recorder_also_promises_and_fails_late(tmp_path):
    late = [("10:05:00", "10:05:31"), ("10:08:00", "10:08:12"), ("10:11:00", "10:11:25")]
    found = told(
        tmp_path,
        *(group for at, then in late for group in (block(at), [said(then, "SAVED")])),
        block("10:13:00"),
        [said("10:13:20", "SAVED")],
        block("10:16:00"),
        [said("10:16:20", "NOT SAVED: disk full")],
        block("10:18:00"),
        rows=tuple(row_line(f"{then}.2") for _, then in late),
    )
    assert [t.state.value for t in found.closed] == [
        *["recorded"] * 3,
        "false-ack",
        "failed-write",
        "silent-drop",
    ]


def test_a_word_long_after_a_close_is_of_no_recorder_that_speaks_at_once(tmp_path):
    found = told(
        tmp_path,
        block("10:05:00"),
        [said("10:05:00", "SAVED")],
        block("10:08:00"),
        [said("10:08:30", "NOT SAVED: disk full")],
        rows=(row_line("10:05:00.2"),),
    )
    assert [t.state.value for t in found.closed] == ["recorded", "silent-drop"]
