"""Closes meet their rows: within the window, by values, one to one, with toss-ups named."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest
from evidence_factory import close, own_clock, row, us
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from world import Deal, World

from logaudit.core.events import Event
from logaudit.core.fields import FieldName, PositionSide
from logaudit.core.timestamp import HOUR, MINUTE, SECOND
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.matching import FieldComparison, agreement, compare_fields, match, may_be_same

WINDOW = 5 * SECOND


def compared(log: Event, entry: LedgerEntry) -> FieldComparison:
    return compare_fields(log.fields, entry.fields)


def agreeing(log: Event, entry: LedgerEntry) -> int | None:
    return agreement(log.fields, entry.fields)


def may_be(log: Event, entry: LedgerEntry) -> bool:
    return may_be_same(log.fields, entry.fields)


def linked(closes: list[Event], rows: list[LedgerEntry]) -> dict[int, int]:
    return {m.close: m.row for m in match(closes, rows, WINDOW, own_clock)[0]}


def test_a_close_and_its_row_agree_in_everything():
    (found,), tied = match([close("10:00:00.500")], [row("10:00:00.731")], WINDOW, own_clock)
    assert (found.close, found.row, found.ambiguous, tied) == (0, 0, False, frozenset())
    assert (found.comparison.agreeing, found.comparison.differing) == (4, 0)
    assert found.lag == 230_000


@pytest.mark.parametrize(
    ("at", "fits"),
    [
        ("10:00:05.000", True),
        ("10:00:06.001", False),
        ("09:59:56", True),
        ("09:59:54", True),
        ("09:59:53", False),
    ],
)
def test_the_window_counts_from_the_interval_that_printed_digits_stand_for(at, fits):
    """The close shows whole seconds: 10:00:00 to 10:00:01; a row of whole seconds lasts a second too."""
    assert linked([close("10:00:00", **TWO)], [row(at, **TWO)]) == ({0: 0} if fits else {})


def test_a_row_of_whole_minutes_stands_for_all_of_its_minute():
    minute = row("10:13:00", **TWO)
    coarse = replace(minute, at=replace(minute.at, precision=MINUTE))
    assert linked([close("10:13:38.049", **TWO)], [coarse]) == {0: 0}
    assert linked([close("10:14:06.000", **TWO)], [coarse]) == {}


def test_other_symbols_and_sides_are_other_trades():
    assert (
        linked(
            [close("10:00:00", **TWO)],
            [row("10:00:00", symbol="ETH-USDT", **TWO), row("10:00:00", side=PositionSide.SHORT, **TWO)],
        )
        == {}
    )
    assert linked([close("10:00:00", "BTC/USDT:USDT")], [row("10:00:00", symbol="btcusdt")]) == {0: 0}
    assert linked([close("10:00:00", side=None)], [row("10:00:00", side=PositionSide.SHORT)]) == {0: 0}


def test_of_two_closes_the_row_is_the_one_whose_values_it_shows():
    """The nearer close was lost; the row is of the other."""
    closes = [close("10:00:00.000", net="1.9"), close("10:00:02.000", exit="99.0", net="-2.1")]
    assert linked(closes, [row("10:00:02.100", net="1.9")]) == {0: 0}


def test_one_close_and_two_equal_rows():
    (found,), tied = match([close("10:00:00")], [row("10:00:00", 0), row("10:00:00", 1)], WINDOW, own_clock)
    assert found.ambiguous
    assert tied == frozenset()


def test_two_equal_closes_and_one_row_are_not_guessed():
    """One of them is linked, both are known to be a toss-up."""
    closes = [close("10:00:00.000", line=1), close("10:00:00.000", line=9)]
    (found,), tied = match(closes, [row("10:00:00.500")], WINDOW, own_clock)
    assert found.ambiguous
    assert tied == {0, 1} - {found.close}


def test_an_equal_close_farther_away_is_no_toss_up():
    closes = [close("10:00:00.000"), close("10:00:03.000")]
    (found,), tied = match(closes, [row("10:00:03.100")], WINDOW, own_clock)
    assert (found.close, found.ambiguous, tied) == (1, False, frozenset())


def test_a_row_written_twice_does_not_hide_a_lost_close():
    """The second row repeats the first; it is no evidence for the close that is missing."""
    closes = [close("10:00:00.000"), close("10:00:02.000", entry="105.0", exit="99.0", net="-12.3")]
    rows = [row("10:00:00.100", 0), row("10:00:00.100", 1)]
    assert set(linked(closes, rows)) == {0}


def test_a_pair_that_agrees_in_all_is_not_given_up_for_two_that_do_not():
    closes = [close("10:00:00.000"), close("10:00:01.000", exit="101.5", net="2.9")]
    rows = [row("10:00:00.200"), row("10:00:03.900", 1, exit="88.0", net="-24.1")]
    assert linked(closes, rows)[0] == 0


def test_values_that_disagree_by_a_unit_error_still_meet():
    (found,), _ = match([close("10:00:00")], [row("10:00:00", size="200", net="190")], WINDOW, own_clock)
    assert {d.field for d in found.comparison.differences} == {FieldName.SIZE, FieldName.NET_PNL}


def test_a_row_that_shares_but_the_size_is_another_trade():
    other = row("10:00:00", entry="107.0", exit="108.0", net="1.2", gross="1.4")
    assert linked([close("10:00:00", gross="2.0")], [other]) == {}


def test_doubtful_clocks_are_tried_one_by_one():
    closes = [close("10:00:00"), close("11:00:00", exit="102.0", net="3.9")]
    rows = [row("07:00:00"), row("09:00:00", 1, exit="102.0", net="3.9")]

    def readings(found: LedgerEntry) -> tuple[int, ...]:
        return found.at.us, found.at.us + 2 * HOUR, found.at.us + 3 * HOUR

    matches, _ = match(closes, rows, WINDOW, readings)
    assert [(m.close, m.row, m.lag) for m in matches] == [(0, 0, 0), (1, 1, 0)]


@pytest.mark.parametrize("moments", [(1, 4), (4, 1), (-4, 1), (1, -4)])
def test_a_row_whose_clock_is_in_doubt_is_as_near_as_its_nearest_reading(moments):
    """One second or four from its close: the first row is nearer than the second, two seconds after it."""

    def readings(found: LedgerEntry) -> tuple[int, ...]:
        seconds = moments if found.number == 0 else (2,)
        return tuple(found.at.us + at * SECOND for at in seconds)

    rows = [row("10:00:00.000", 0), row("10:00:00.000", 1)]
    (found,), _ = match([close("10:00:00.000")], rows, WINDOW, readings)
    # A close of milliseconds lasts one of them.
    assert (found.row, found.lag) == (0, SECOND - 1000)


#: A close that prints two numbers: with either of them equal nothing is certain.
TWO = {"entry": "", "size": ""}


@pytest.mark.parametrize(("at", "chosen"), [("10:00:00.900", 1), ("10:00:01.000", 1), ("10:00:01.002", 0)])
def test_an_equal_number_more_is_worth_a_second_of_lag(at, chosen):
    """The first row comes at once and shows the net alone; the second shows the exit too.

    The close's millisecond ends at .001, from where the lag counts.
    """
    rows = [row("10:00:00.001", 0, **TWO | {"exit": ""}), row(at, 1, **TWO)]
    assert linked([close("10:00:00.000", **TWO)], rows) == {0: chosen}


def test_a_difference_outweighs_any_lag_within_the_window():
    rows = [row("10:00:00.000", 0, **TWO | {"net": "9.9"}), row("10:00:05.000", 1, **TWO)]
    assert linked([close("10:00:00.000", **TWO)], rows) == {0: 1}


def test_a_difference_outweighs_any_count_of_equal_numbers():
    """Seven numbers equal and one not, against a net that is all the row shows."""
    told = {"gross": "2.0", "commission": "0.1", "duration": "60", "pnl": "1.9"}
    many = row("10:00:00.000", 0, **told | {"duration": "90"})
    few = row("10:00:00.000", 1, **TWO | {"exit": ""})
    assert linked([close("10:00:00.000", **told)], [many, few]) == {0: 1}


@pytest.mark.parametrize(("at", "fits"), [("10:00:05.001", True), ("10:00:05.002", False)])
def test_a_row_at_the_last_moment_of_the_window_still_fits(at, fits):
    """The close's millisecond ends at .001; five seconds are the window."""
    assert linked([close("10:00:00.000", **TWO)], [row(at, **TWO)]) == ({0: 0} if fits else {})


@pytest.mark.parametrize(("at", "fits"), [("09:59:54.999", True), ("09:59:54.998", False)])
def test_a_row_at_the_first_moment_of_the_window_still_fits(at, fits):
    """A row written at .999 lasts until the full second, five seconds before the close."""
    assert linked([close("10:00:00.000", **TWO)], [row(at, **TWO)]) == ({0: 0} if fits else {})


@pytest.mark.parametrize(("second", "tossed"), [("10:00:00.900", True), ("10:00:01.100", False)])
def test_less_than_a_second_tells_no_two_equal_closes_apart(second, tossed):
    """One row after both: whose it is cannot be told from a fraction of a second."""
    closes = [close("10:00:00.000", line=1), close(second, line=9)]
    (found,), tied = match(closes, [row("10:00:01.950")], WINDOW, own_clock)
    assert found.close == 1
    assert found.ambiguous is tossed
    assert tied == (frozenset({0}) if tossed else frozenset())


def test_rows_a_fraction_of_a_second_apart_are_no_toss_up_of_the_close_that_has_one():
    """It is recorded either way; the nearer row is taken."""
    rows = [row("10:00:00.400", 0), row("10:00:00.100", 1)]
    (found,), _ = match([close("10:00:00.000")], rows, WINDOW, own_clock)
    assert (found.row, found.ambiguous) == (1, False)


def test_a_toss_up_of_two_closes_casts_no_doubt_on_a_third():
    """The row at .900 may be of either of the first two; that of the third is four seconds from them."""
    closes = [close("10:00:00.000"), close("10:00:00.500", line=9), close("10:00:04.000", line=20)]
    matches, tied = match(closes, [row("10:00:00.900", 0), row("10:00:04.000", 1)], WINDOW, own_clock)
    assert [(m.close, m.row, m.ambiguous) for m in matches] == [(1, 0, True), (2, 1, False)]
    assert tied == {0}


def test_two_equal_closes_of_few_numbers_and_one_row_are_not_guessed():
    """Two numbers make nothing certain; that the choice is a toss-up is known all the same."""
    closes = [close("10:00:00.000", **TWO, line=1), close("10:00:00.000", **TWO, line=9)]
    (found,), tied = match(closes, [row("10:00:00.500", **TWO)], WINDOW, own_clock)
    assert found.ambiguous
    assert tied == {0, 1} - {found.close}


def test_a_nearer_row_that_differs_does_not_take_a_close_from_its_own():
    rows = [row("10:00:02.000", 0), row("10:00:00.000", 1, net="1.2")]
    assert linked([close("10:00:00.000")], rows) == {0: 0}


def test_links_come_in_the_order_of_the_closes_whatever_proves_them():
    """The first close and its row share two numbers, the second shares all."""
    closes = [close("10:00:00.000", **TWO, net="7.0"), close("10:00:01.000")]
    rows = [row("10:00:01.000", 0), row("10:00:00.000", 1, **TWO, net="7.0")]
    matches, _ = match(closes, rows, WINDOW, own_clock)
    assert [(m.close, m.row) for m in matches] == [(0, 1), (1, 0)]


def test_a_row_that_fits_one_close_in_all_is_no_evidence_for_its_neighbour():
    """Both rows show the first close in every value; the second close differs from them in its net only."""
    closes = [close("10:00:00.000"), close("10:00:01.000", net="1.2")]
    rows = [row("10:00:00.000", 0), row("10:00:01.000", 1)]
    assert set(linked(closes, rows)) == {0}


def test_no_close_or_no_row_is_no_match():
    assert match([], [row("10:00:00")], WINDOW, own_clock) == ((), frozenset())
    assert match([close("10:00:00")], [], WINDOW, own_clock) == ((), frozenset())


#: Seconds, net in cents, whether the recorder wrote it; all of one symbol, so that everything may meet.
STORY = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.booleans()), max_size=9)


@given(STORY, st.randoms())
@settings(max_examples=120, deadline=None)
def test_links_are_one_to_one_within_the_window_and_as_many_as_there_are_rows(story, dice):
    """Each row is written a moment after its close: it can always be linked."""
    closes = [
        close(f"10:00:{at:02d}", net=f"1.{cents}0", line=i + 1)
        for i, (at, cents, _) in enumerate(sorted(story))
    ]
    rows = [
        row(f"10:00:{at:02d}", i, net=f"1.{cents}0")
        for i, (at, cents, kept) in enumerate(sorted(story))
        if kept
    ]
    dice.shuffle(rows)
    matches, tied = match(closes, rows, WINDOW, own_clock)
    assert len(matches) == len(rows)
    assert len({m.close for m in matches}) == len({m.row for m in matches}) == len(rows)
    assert all(abs(m.lag) <= WINDOW for m in matches)
    assert all(m.comparison.differences == () for m in matches)
    assert not tied & {m.close for m in matches}


@given(STORY)
@settings(max_examples=80, deadline=None)
def test_distinct_trades_are_never_tied_and_never_crossed(story):
    """Nets differ from trade to trade: each row goes to its own close, whatever was lost around it."""
    closes = [
        close(f"10:00:{at:02d}", net=f"{i}.25", line=i + 1) for i, (at, _, _) in enumerate(sorted(story))
    ]
    rows = [row(f"10:00:{at:02d}", i, net=f"{i}.25") for i, (at, _, kept) in enumerate(sorted(story)) if kept]
    matches, tied = match(closes, rows, WINDOW, own_clock)
    assert {m.close: rows[m.row].number for m in matches} == {r.number: r.number for r in rows}
    assert not tied
    assert not any(m.ambiguous for m in matches)


def test_five_thousand_trades_of_one_symbol_meet_in_seconds():
    """A close every two seconds: within the window every one has five neighbours, a third of the rows is lost."""
    dice = random.Random(5)  # noqa: S311 - a repeatable world
    start, closes, rows = us("00:00:00"), [], []
    for i in range(5000):
        at, price = start + i * 2 * SECOND, f"{100 + dice.random():.4f}"
        one = close("10:00:00", exit=price, net=f"{dice.random():.4f}", line=i + 1)
        closes.append(replace(one, at=replace(one.at, us=at)))
        if dice.random() < 0.67:
            written = row("10:00:00.000", i, exit=price, net=str(one.fields.net_pnl))
            rows.append(replace(written, at=replace(written.at, us=at + dice.randrange(900_000))))
    matches, _ = match(closes, rows, WINDOW, own_clock)
    assert [rows[m.row].number for m in matches] == [m.close for m in matches]
    assert len(matches) == len(rows)


# --- One close against one row.


def test_printed_precision_is_the_tolerance():
    found = compared(
        close("10:00:00", net="1.94", duration="60"), row("10:00:00", net="1.9434", duration="60.731")
    )
    assert (found.differing, found.agreeing) == (0, 5)
    found = compared(close("10:00:00", net="1.94"), row("10:00:00", net="1.96"))
    assert [(d.field, d.log, d.row) for d in found.differences] == [
        (FieldName.NET_PNL, Decimal("1.94"), Decimal("1.96"))
    ]


def test_a_reason_that_differs_is_named_but_is_no_number():
    found = compared(close("10:00:00", reason="tp"), row("10:00:00", reason="SL"))
    assert (found.differing, [d.field for d in found.differences]) == (0, [FieldName.REASON])
    assert not compared(close("10:00:00", reason="tp"), row("10:00:00", reason="TP")).differences


def test_a_pnl_that_the_log_calls_neither_may_be_either():
    bare = {"entry": "", "exit": "", "size": "", "net": ""}
    told = close("10:00:00", pnl="1.90", **bare)
    assert compared(told, row("10:00:00", gross="2.00", net="1.90")).agreeing == 1
    assert compared(told, row("10:00:00", gross="1.90", net="1.80")).agreeing == 1
    assert compared(told, row("10:00:00", gross="", net="1.90")).agreeing == 1
    assert compared(told, row("10:00:00", gross="3.00", net="2.80")).differing == 1


def test_agreement_counts_like_compare_and_stops_at_a_difference():
    assert agreeing(close("10:00:00"), row("10:00:00")) == 4
    assert agreeing(close("10:00:00"), row("10:00:00", exit="55")) is None


def test_a_side_that_is_not_written_contradicts_nothing():
    assert may_be(close("10:00:00", side=None), row("10:00:00"))
    assert may_be(close("10:00:00"), row("10:00:00", side=None))
    assert not may_be(close("10:00:00"), row("10:00:00", side=PositionSide.SHORT))


def test_ids_tell_equal_trades_apart_whatever_their_times():
    """Two trades with equal figures; the ledger has one of them, later than both."""
    told = [close("10:00:00.100", order_id="7412065"), close("10:00:01.100", order_id="7412066")]
    assert linked(told, [row("10:00:01.200", trade_id="7412065")]) == {0: 0}
    assert linked(told, [row("10:00:00.200", trade_id="7412066")]) == {1: 0}


def test_a_row_with_another_trades_id_is_no_row_of_a_close():
    told = [close("10:00:00.100", trade_id="7412065"), close("10:30:00.100", trade_id="7412066")]
    rows = [row("10:00:00.200", trade_id="7412066"), row("10:30:00.200", trade_id="7412066")]
    assert linked(told, rows) == {1: 1}


@pytest.mark.parametrize(("first", "expected"), [(11, {0: 0, 1: 2, 2: 3}), (12, {0: 0, 1: 1, 2: 3})])
def test_short_ids_count_where_the_pairs_they_make_fit(first, expected):
    """Of two equal trades the ledger has the second's row and a third row that no id of the log names.

    Numbered from 11 on both sides, the ids decide; where the ledger counts from 12, they say nothing.
    """
    told = [close("10:00:00.100", trade_id="11")]
    told += [close("10:30:00.100", trade_id="12"), close("11:00:00.100", trade_id="13", exit="89100.0")]
    numbers = [first, first + 8, first + 1, first + 2]
    at = ["10:00:00.200", "10:30:00.200", "10:30:00.300", "11:00:00.200"]
    rows = [row(t, trade_id=str(n)) for t, n in zip(at[:3], numbers[:3], strict=True)]
    rows.append(row(at[3], trade_id=str(numbers[3]), exit="89100.0"))
    assert linked(told, rows) == expected


def test_each_row_of_a_crowd_is_that_of_its_close(tmp_path: Path) -> None:
    """Closes of one market within a second, twice as many as are compared in full: one lost, one written wrong."""
    world = World(tmp_path, end="11:10:00")
    deals = [Deal(f"11:00:00.{5 * n:03}", exit=f"{89_000 + 7 * n}.0") for n in range(130)]
    lost, wrong = deals[40], deals[90]
    for deal in deals:
        if deal is lost:
            world.lost(deal)
        else:
            world.kept(deal)
    right = world.rows.index(world.row(wrong))
    world.rows[right] = world.row(wrong, exit_price="89631.5")
    report = world.scan()
    assert [trade.exit_price for trade in report.trades if trade.missing] == [Decimal(lost.exit)]
    (told,) = (finding for finding in report.findings if finding.rule == "LA106")
    assert "89631.5" in str(told.message)
    assert report.summary.recorded == len(deals) - 1
