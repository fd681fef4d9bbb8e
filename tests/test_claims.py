"""One truth per position: which announcements are one close, whatever tells of it and however often."""

from __future__ import annotations

import itertools
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from evidence_factory import DAY, beats, block, csv, in_order, row_line, said, session
from hypothesis import given
from hypothesis import strategies as st

from logaudit.reconcile.reconciled import Session

LEDGER = "trades_2026-03-10.csv"
UP = said("10:00:00.000", "BOT UP", "desk:main:1")
TELEGRAM, FILLS, SUMMARY = "desk.telegram:send:7", "desk.fills:on_fill:5", "desk.report:daily:3"


def opened(
    at: str, side: str = "LONG", price: str = "100.0", size: str = "2.0", symbol: str = "BTC-USDT"
) -> str:
    return said(at, f"OPENED {symbol} {side} @ {price} x {size}", "desk.entries:open:4")


def closed(
    at: str,
    figures: str = "x 2.0 in 100.0 out 101.0 pnl 1.9",
    side: str = "LONG",
    by: str = "desk.exits:close:88",
) -> str:
    return said(at, f"TOLD: BTC-USDT {side} {figures}".rstrip(), by)


def saved(at: str) -> str:
    return said(at, "SAVED BTC-USDT", "desk.saver:save:5")


def found(folder: Path, *lines: str, rows: tuple[str, ...] = ()) -> Session:
    text = in_order([UP, *lines], beats("10:00:00.000", "11:00:00.000"))
    return session(folder, {"desk.log": text, LEDGER: csv(*rows)})


def told(session_: Session) -> list[tuple[str, int]]:
    """State of each close and how often it is told again."""
    return [(t.state.value, len(t.echoes)) for t in session_.closed]


OPEN, CLOSE = opened("10:01:00.000"), closed("10:05:00.000")


@pytest.mark.parametrize(
    "echo",
    [
        closed("10:05:00.400", "out 101.0 pnl 1.9", by=TELEGRAM),
        closed("10:05:00.400", "pnl 2", by=TELEGRAM),  # rounded
        closed("10:05:00.400", "", by=TELEGRAM),
        closed("10:04:59.990", "out 101.0 pnl 1.9", by=TELEGRAM),  # before the close line
        closed("10:05:02.300", "x 2.0 in 100.0 out 100.98 pnl 1.86", by=FILLS),  # filled at another price
        closed("10:55:00.000", "out 101.0 pnl 1.9", by=SUMMARY),
        closed("10:05:20.000", "x 2.0 in 100.0 out 101.5 pnl 2.9"),  # the same statement again
    ],
    ids=["notifier", "rounded", "silent", "before", "fill", "summary", "retry"],
)
def test_another_announcement_of_a_close_changes_no_count(tmp_path, echo):
    row = row_line("10:05:00.000001", gross="2.0", net="1.9")
    assert told(found(tmp_path / "a", OPEN, CLOSE, saved("10:05:00.002"), rows=(row,))) == [("recorded", 0)]
    both = found(tmp_path / "b", OPEN, CLOSE, saved("10:05:00.002"), echo, rows=(row,))
    assert told(both) == [("recorded", 1)]
    assert told(found(tmp_path / "c", OPEN, CLOSE, echo)) == [("silent-drop", 1)]


def test_three_voices_tell_of_one_close(tmp_path):
    echoes = [
        closed("10:05:00.300", "out 101.0 pnl 1.9", by=TELEGRAM),
        closed("10:05:01.900", "x 2.0 out 101.0 pnl 1.9", by=FILLS),
        closed("10:50:00.000", "out 101.0 pnl 1.9", by=SUMMARY),
    ]
    assert told(found(tmp_path, OPEN, CLOSE, *echoes)) == [("silent-drop", 3)]


def test_parts_that_are_echoed_each_stay_two(tmp_path):
    lines = [
        closed("10:05:00.000", "x 1.0 in 100.0 out 101.0 pnl 0.9"),
        closed("10:05:00.400", "x 1.0 out 101.0 pnl 0.9", by=TELEGRAM),
        closed("10:25:00.000", "x 1.0 in 100.0 out 103.0 pnl 2.9"),
        closed("10:25:00.400", "out 103.0 pnl 2.9", by=TELEGRAM),
    ]
    assert told(found(tmp_path, OPEN, *lines)) == [("silent-drop", 1), ("silent-drop", 1)]


def test_an_exit_placed_and_filled_at_another_price_for_each_part_stays_two(tmp_path):
    """Alone, the four sizes exceed what was opened; in turns they are two closes."""
    lines = [
        closed("10:05:00.000", "x 1.0 in 100.0 out 101.0 pnl 0.9"),
        closed("10:05:02.000", "x 1.0 out 100.98 pnl 0.88", by=FILLS),
        closed("10:25:00.000", "x 1.0 in 100.0 out 103.0 pnl 2.9"),
        closed("10:25:02.000", "x 1.0 out 102.97 pnl 2.87", by=FILLS),
    ]
    result = found(tmp_path, OPEN, *lines)
    assert told(result) == [("silent-drop", 1), ("silent-drop", 1)]
    assert [t.fields.exit_price for t in result.closed] == [Decimal("101.0"), Decimal("103.0")]


def test_two_paths_that_close_a_part_each_are_two(tmp_path):
    lines = [
        closed("10:05:00.000", "x 1.0 in 100.0 out 101.0 pnl 0.9"),
        closed("10:05:02.000", "x 1.0 in 100.0 out 101.2 pnl 1.1", by="desk.stops:close:9"),
    ]
    assert told(found(tmp_path, OPEN, *lines)) == [("silent-drop", 0), ("silent-drop", 0)]


def test_a_summary_after_the_symbol_was_opened_anew_repeats_the_first_close(tmp_path):
    later = opened("10:20:00.000", price="104.0")
    summary = closed("10:50:00.000", "x 2.0 out 101.0 pnl 1.9", by=SUMMARY)
    result = found(tmp_path, OPEN, CLOSE, later, summary)
    assert told(result) == [("silent-drop", 1)]
    assert [p.status.value for p in result.positions] == ["closed", "open-at-end"]


def test_a_summary_of_all_closes_of_the_day_repeats_each(tmp_path):
    trades = [
        line
        for n, price in enumerate(("101.0", "102.0", "103.0"))
        for line in (
            opened(f"10:{10 + 10 * n}:00.000"),
            closed(f"10:{15 + 10 * n}:00.000", f"x 2.0 in 100.0 out {price} pnl {n + 1}.90"),
        )
    ]
    summary = [
        closed(f"10:50:00.00{n}", f"out {price} pnl {n + 1}.90", by=SUMMARY)
        for n, price in enumerate(("101.0", "102.0", "103.0"))
    ]
    assert told(found(tmp_path, *trades, *summary)) == [("silent-drop", 1)] * 3


def test_a_retry_that_goes_on_while_the_other_side_is_opened(tmp_path):
    retries = [closed(f"10:05:{n}0.000", f"x 2.0 in 100.0 out 10{n}.5 pnl {n}.9") for n in range(1, 6)]
    other = opened("10:05:25.000", side="SHORT", price="102.0")
    end = closed("10:30:00.000", "x 2.0 in 102.0 out 100.0 pnl 3.9", side="SHORT")
    assert told(found(tmp_path, OPEN, CLOSE, *retries, other, end)) == [
        ("silent-drop", 5),
        ("silent-drop", 0),
    ]


def test_a_retry_that_goes_on_while_the_symbol_is_opened_anew_keeps_its_entry_price(tmp_path):
    retries = [closed(f"10:05:{n}0.000", f"x 2.0 in 100.0 out 10{n}.5 pnl {n}.9") for n in range(1, 6)]
    anew = opened("10:05:25.000", price="102.0")
    end = closed("10:30:00.000", "x 2.0 in 102.0 out 104.0 pnl 3.9")
    result = found(tmp_path, OPEN, CLOSE, *retries, anew, end)
    assert told(result) == [("silent-drop", 5), ("silent-drop", 0)]


def test_in_hedge_mode_each_side_has_its_close_and_its_echo(tmp_path):
    short = opened("10:02:00.000", side="SHORT", price="100.0")
    lines = [
        closed("10:05:00.100", "out 101.0 pnl 1.9", by=TELEGRAM),
        closed("10:05:00.200", "x 2.0 in 100.0 out 101.0 pnl -2.1", side="SHORT"),
        closed("10:05:00.300", "out 101.0 pnl -2.1", side="SHORT", by=TELEGRAM),
    ]
    assert told(found(tmp_path, OPEN, short, CLOSE, *lines)) == [("silent-drop", 1), ("silent-drop", 1)]


# --- Two real trades.


def test_two_opens_make_two_closes_of_equal_lines(tmp_path):
    again = closed("10:05:00.000")
    assert told(found(tmp_path, OPEN, opened("10:01:00.000"), CLOSE, again)) == [("silent-drop", 0)] * 2


def test_an_opened_size_that_is_the_sum_makes_two(tmp_path):
    part = "x 1.0 in 100.0 out 101.0 pnl 0.9"
    assert (
        told(found(tmp_path, OPEN, closed("10:05:00.000", part), closed("10:05:00.000", part)))
        == [("silent-drop", 0)] * 2
    )


def test_parts_that_fill_what_was_opened_are_parts_however_coarse_its_size_is_printed(tmp_path):
    """Half of 0.01 is less than what printing two places may cut off; the second half shows that it was there."""
    lines = [
        closed("10:05:00.000", "x 0.005 in 100.0 out 101.0 pnl 0.9"),
        closed("10:25:00.000", "x 0.005 in 100.0 out 103.0 pnl 2.9"),
    ]
    assert told(found(tmp_path, opened("10:01:00.000", size="0.01"), *lines)) == [("silent-drop", 0)] * 2


def test_equal_lines_of_each_part_are_one_where_the_sizes_would_exceed_what_was_opened(tmp_path):
    """No code path is printed; the exit and the fill are told in the same words, a second apart."""
    lines = [
        closed("10:05:00.000", "x 1.0 out 101.0 pnl 0.9"),
        closed("10:05:01.000", "x 1.0 out 101.0 pnl 0.9"),
        closed("10:25:00.000", "x 1.0 out 103.0 pnl 2.9"),
        closed("10:25:01.000", "x 1.0 out 103.0 pnl 2.9"),
    ]
    result = found(tmp_path, OPEN, *lines)
    assert told(result) == [("silent-drop", 1)] * 2
    assert [t.fields.exit_price for t in result.closed] == [Decimal("101.0"), Decimal("103.0")]


def test_half_of_a_whole_coin_is_a_part(tmp_path):
    """What was opened is printed without decimals."""
    part = "x 0.5 in 100.0 out 101.0 pnl 0.4"
    whole = opened("10:01:00.000", size="1")
    lines = (
        closed("10:05:00.000", part),
        closed("10:25:00.000", part.replace("101.0 pnl 0.4", "103.0 pnl 1.4")),
    )
    assert told(found(tmp_path, whole, *lines)) == [("silent-drop", 0)] * 2


def test_one_close_of_all_that_was_added_ends_it_all(tmp_path):
    added = [opened(f"10:0{n}:00.000", price=f"10{n}.0", size="1.0") for n in range(1, 4)]
    end = closed("10:30:00.000", "x 3.0 in 102.0 out 104.0 pnl 5.9")
    result = found(tmp_path, *added, end)
    assert told(result) == [("silent-drop", 0)]
    assert [(p.status.value, len(p.added)) for p in result.positions] == [("closed", 2)]


def test_stacked_positions_are_told_apart_by_their_entry_prices(tmp_path):
    added = [opened(f"10:0{n}:00.000", price=f"10{n}.0", size="1.0") for n in range(1, 4)]
    ends = [closed(f"10:3{n}:00.000", f"x 1.0 in 10{n}.0 out 105.0 pnl {5 - n}.90") for n in (2, 1, 3)]
    result = found(tmp_path, *added, *ends)
    assert told(result) == [("silent-drop", 0)] * 3
    assert [p.status.value for p in result.positions] == ["closed"] * 3


def test_a_position_that_a_restart_forgot_is_found_by_its_entry_price(tmp_path):
    restart = said("10:10:00.000", "BOT UP", "desk:main:1")
    lines = [
        restart,
        opened("10:20:00.000", price="104.0"),
        closed("10:30:00.000", "x 2.0 in 104.0 out 105.0 pnl 1.9"),
    ]
    old = closed("10:40:00.000", "x 2.0 in 100.0 out 105.0 pnl 9.9")
    assert [p.status.value for p in found(tmp_path / "a", OPEN, *lines).positions] == [
        "forgotten-at-restart",
        "closed",
    ]
    assert [p.status.value for p in found(tmp_path / "b", OPEN, *lines, old).positions] == [
        "closed",
        "closed",
    ]


# --- What the recorder knows.


def test_a_row_of_its_own_makes_a_repeat_a_close(tmp_path):
    retry = closed("10:05:20.000", "x 2.0 in 100.0 out 103.0 pnl 5.9")
    rows = row_line("10:05:00.1"), row_line("10:05:20.1", exit="103.0", gross="6.0", net="5.9")
    result = found(tmp_path, OPEN, CLOSE, retry, rows=rows)
    assert told(result) == [("recorded", 0), ("recorded", 0)]
    assert [p.status.value for p in result.positions] == ["closed", "closed-again"]
    assert result.unclosed == ()


def test_the_only_row_may_be_that_of_a_retry(tmp_path):
    retries = [closed(f"10:05:{n}0.000", f"x 2.0 in 100.0 out 10{n}.5 pnl {n}.9") for n in range(2, 5)]
    result = found(
        tmp_path, OPEN, CLOSE, *retries, rows=(row_line("10:05:30.1", exit="103.5", gross="4.0", net="3.9"),)
    )
    assert told(result) == [("recorded", 3)]
    assert result.closed[0].fields.exit_price == Decimal("103.5")


def test_an_acknowledgement_of_its_own_makes_a_repeat_a_close(tmp_path):
    """The recorder was called twice, and lost one of the rows."""
    retry = closed("10:05:20.000", "x 2.0 in 100.0 out 103.0 pnl 5.9")
    lines = [CLOSE, saved("10:05:00.100"), retry, saved("10:05:20.100")]
    result = found(tmp_path, OPEN, *lines, rows=(row_line("10:05:00.1"),))
    assert told(result) == [("recorded", 0), ("false-ack", 0)]


def test_no_line_stands_for_two_closes(tmp_path):
    """Rows and acknowledgements show at once that the second and the third of three announcements are closes."""
    lines = [
        closed("10:05:00.000", "in 100.0 out 101.0 pnl 0.9"),
        closed("10:14:00.000", "in 100.0 out 103.0 pnl 2.9"),
        saved("10:14:00.100"),
        closed("10:28:00.000", "in 100.0 out 102.0 pnl 1.9"),
        saved("10:28:00.100"),
    ]
    rows = (
        row_line("10:14:00.1", exit="103.0", size="1.0", gross="3.0", net="2.9"),
        row_line("10:28:00.1", exit="102.0", size="1.0", gross="2.0", net="1.9"),
    )
    result = found(tmp_path, opened("10:01:00.000", size="3.0"), *lines, rows=rows)
    assert len({t.close.location for t in result.closed}) == len(result.closed)
    assert [t.state.value for t in result.closed if t.row is not None] == ["recorded"] * 2


def test_echoes_go_with_the_close_that_they_repeat(tmp_path):
    """Two equal closes without an open; the second has its own row, and a notifier passes on both."""
    lines = [
        closed("10:05:00.000"),
        closed("10:05:00.400", "out 101.0 pnl 1.9", by=TELEGRAM),
        closed("10:05:30.000"),
        closed("10:05:30.400", "out 101.0 pnl 1.9", by=TELEGRAM),
    ]
    result = found(tmp_path, *lines, rows=(row_line("10:05:00.1"), row_line("10:05:30.1")))
    assert told(result) == [("recorded", 1), ("recorded", 1)]


def test_without_opens_equal_closes_within_a_minute_are_one_and_later_ones_are_not(tmp_path):
    for at, expected in (("10:05:50.000", [("silent-drop", 1)]), ("10:09:00.000", [("silent-drop", 0)] * 2)):
        assert told(found(tmp_path / at[3:5], CLOSE, closed(at))) == expected


def test_without_opens_another_result_is_another_close(tmp_path):
    other = closed("10:05:20.000", "x 2.0 in 100.0 out 103.0 pnl 5.9")
    assert told(found(tmp_path, CLOSE, other)) == [("silent-drop", 0)] * 2


@pytest.mark.parametrize("figures", ["pnl 0.0", "pnl -0.0000"])
def test_without_opens_one_line_twice_at_one_moment_is_one_close_where_its_result_is_zero(tmp_path, figures):
    """A result of zero has no digits by which it could be told from the result of another trade."""
    lines = [closed("10:05:00.000", figures)] * 2
    row = row_line("10:05:00.1", entry="100.0", exit="100.0", net=figures.removeprefix("pnl "))
    assert told(found(tmp_path / "row", *lines, rows=(row,))) == [("recorded", 1)]
    assert told(found(tmp_path / "none", *lines)) == [("silent-drop", 1)]


@pytest.mark.parametrize("figures", ["pnl 0.5", ""])
def test_without_opens_the_second_of_two_lines_of_one_moment_that_print_little_is_in_doubt(tmp_path, figures):
    lines = [closed("10:05:00.000", figures)] * 2
    row = row_line("10:05:00.1", net=figures.removeprefix("pnl ") or "0.0")
    assert told(found(tmp_path / "row", *lines, rows=(row,))) == [("recorded", 0), ("unverifiable", 0)]
    assert told(found(tmp_path / "none", *lines)) == [("silent-drop", 0), ("unverifiable", 0)]


@pytest.mark.parametrize("figures", ["pnl 0.5", ""])
@pytest.mark.parametrize(
    "times",
    [
        ("10:05:00", "10:05:00", "10:05:00"),
        ("10:05:00.000", "10:05:00.001", "10:05:00.002"),
        ("10:05:00.000", "10:05:00.000", "10:05:00.000"),
        ("10:05:00", "10:05:00"),
        ("10:05:00.000", "10:05:00.001"),
    ],
)
def test_without_opens_lots_that_a_loop_closes_are_closes_each(tmp_path, times, figures):
    """One statement tells of each; where some have rows, the others are lost."""
    lines = [closed(at, figures) for at in times]
    row = row_line("10:05:00.1", net=figures.removeprefix("pnl ") or "0.0")
    for rows in range(len(times)):
        states = sorted(told(found(tmp_path / str(rows), *lines, rows=(row,) * rows)))
        assert states == [("recorded", 0)] * rows + [("silent-drop", 0)] * (len(times) - rows)


def test_without_opens_three_lines_of_one_moment_are_no_copies_where_their_results_are_zero(tmp_path):
    """A loop that closes lots at the price they were bought at."""
    assert told(found(tmp_path, *[closed("10:05:00.000", "pnl 0.0")] * 3)) == [("silent-drop", 0)] * 3


@pytest.mark.parametrize(
    ("at", "figures"),
    [("10:05:00.040", "pnl 0.0"), ("10:05:00.000", "x 1.0 pnl 0.0"), ("10:05:00.000", "pnl 0.1")],
)
def test_without_opens_what_little_is_told_a_moment_later_or_otherwise_is_another_close(
    tmp_path, at, figures
):
    lines = closed("10:05:00.000", "x 2.0 pnl 0.0" if "x" in figures else "pnl 0.0"), closed(at, figures)
    assert told(found(tmp_path, *lines)) == [("silent-drop", 0)] * 2


def test_without_opens_equal_lines_of_one_moment_are_two_closes_where_each_has_a_row(tmp_path):
    rows = row_line("10:05:00.1", net="0.0"), row_line("10:05:00.1", net="0.0")
    lines = [closed("10:05:00.000", "pnl 0.0")] * 2
    assert [state for state, _ in told(found(tmp_path, *lines, rows=rows))] == ["recorded"] * 2


def test_what_only_an_echo_prints_is_taken_from_it(tmp_path):
    """The close line names no result."""
    line = closed("10:05:00.000", "x 2.0 in 100.0")
    result = found(tmp_path / "a", OPEN, line, closed("10:05:00.400", "out 101.0 pnl 1.9", by=TELEGRAM))
    assert [(t.fields.exit_price, t.fields.result) for t in result.closed] == [
        (Decimal("101.0"), Decimal("1.9"))
    ]
    alone = found(tmp_path / "b", OPEN, line)
    assert [(t.fields.exit_price, t.fields.result) for t in alone.closed] == [(None, None)]


# --- An echo of a close changes no count.


VOICES = st.sampled_from([TELEGRAM, FILLS, SUMMARY, "desk.audit:note:2"])
FIGURES = st.sampled_from(
    [
        "",
        "pnl {pnl}",
        "out {exit} pnl {pnl}",
        "x 2.0 out {exit} pnl {pnl}",
        "x 2.0 in 100.0 out {exit} pnl {pnl}",
    ]
)
STORY = st.lists(
    st.tuples(
        st.integers(1001, 1099),
        st.booleans(),
        st.lists(st.tuples(VOICES, FIGURES, st.integers(1, 290)), max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@given(STORY)
def test_adding_echoes_to_any_closes_changes_no_count(story):
    """Each trade has its open; an echo comes any time before the next open, in any voice and with any figures."""
    plain: list[str] = []
    echoed: list[str] = []
    rows: list[str] = []
    for n, (price, kept, echoes) in enumerate(story):
        start = 10 * n
        exit_price, pnl = f"{price // 10}.{price % 10}", f"{(price - 1000) * 2 - 1}.{n}7"
        values = {"exit": exit_price, "pnl": pnl}
        lines = [
            opened(f"10:{start:02d}:30.000"),
            closed(f"10:{start + 1:02d}:00.000", "x 2.0 in 100.0 out {exit} pnl {pnl}".format(**values)),
        ]
        if kept:
            rows.append(row_line(f"10:{start + 1:02d}:00.1", exit=exit_price, net=pnl, gross=""))
            lines.append(saved(f"10:{start + 1:02d}:00.002"))
        plain += lines
        echoed += lines
        for voice, figures, seconds in echoes:
            # A line that prints nothing of the close can only be known to be its echo at once.
            after = seconds if figures else seconds % 5
            at = f"10:{start + 1 + after // 60:02d}:{after % 60:02d}.300"
            echoed.append(closed(at, figures.format(**values), by=voice))
    with tempfile.TemporaryDirectory() as folder:
        first = found(Path(folder, "a"), *plain, rows=tuple(rows))
        second = found(Path(folder, "b"), *echoed, rows=tuple(rows))
    assert [t.state for t in first.closed] == [t.state for t in second.closed]
    assert len(first.closed) == len(story)
    assert sum(len(t.echoes) for t in second.closed) == sum(len(echoes) for _, _, echoes in story)
    assert len(first.unclosed) == len(second.unclosed) == 0
    assert all(len(set(p)) == 1 for p in itertools.pairwise([len(first.positions), len(second.positions)]))


def test_a_notifier_with_one_figure_does_not_stand_for_the_close(tmp_path):
    """Its unnamed result says again what the close calls its net: one figure, not one more that agrees."""
    lines = [*block("10:05:00.000"), said("10:05:02.000", "TOLD: BTC-USDT LONG pnl 1.9", TELEGRAM)]
    row = row_line("10:05:00.000001", gross="2.0", net="1.9")
    (trade,) = found(tmp_path, OPEN, *lines, rows=(row,)).closed
    assert (trade.close.at.iso(), len(trade.echoes)) == (f"{DAY}T10:05:00.000", 1)
