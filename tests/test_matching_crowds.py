"""Hundreds of trades of one market within seconds, as a backtest logs them: each finds its row, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from evidence_factory import close, own_clock, row
from hypothesis import given, settings
from hypothesis import strategies as st
from work_count import steps_of

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.report import Report
from logaudit.core.timestamp import SECOND, iso
from logaudit.core.trades import MISSING_STATES, TradeState
from logaudit.reconcile.matching import assign, assignment, match
from logaudit.reconcile.timeline import CROWD, NEAREST, Timeline

HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
MANY = 150
#: Four times as many trades may take so many times the steps; work that grows with the square takes sixteen times.
LINEAR = 5

#: Of the trade's number: entry and exit in hundredths.
Prices = Callable[[int], tuple[int, int]]


def each_its_own(i: int) -> tuple[int, int]:
    return 10_000 + i * 37 % 4_999, 10_000 + i * 91 % 4_987


def all_equal(_: int) -> tuple[int, int]:
    return 10_050, 10_325


def of_few(i: int) -> tuple[int, int]:
    """Twenty entries and twenty exits in round numbers: sums of results meet by chance all the time."""
    return 10_050 + i % 20 * 100, 10_025 + (i // 20 * 3 + i * 7) % 20 * 100


class Crowd:
    """Trades of one market, each told in a line and in a row.

    Attributes:
        apart: ms from one close to the next.
    """

    def __init__(self, count: int, prices: Prices, apart: int = 20) -> None:
        self.count, self.prices, self.apart = count, prices, apart

    def moment(self, i: int) -> str:
        at = i * self.apart
        return f"2026-01-10 10:40:{at // 1000 % 60:02}.{at % 1000:03}"

    def row(self, i: int, *, slip: int = 0, at: int | None = None) -> str:
        """The row of a trade; ``slip`` hundredths off in its exit price."""
        entry, closed = self.prices(i)
        moment = self.moment(i if at is None else at)
        return f"{moment},BTC/USDT,long,{entry / 100:.2f},{(closed + slip) / 100:.2f},1,{(closed - entry) / 100:+.2f}\n"

    def scan(self, folder: Path, rows: list[str]) -> Report:
        folder.mkdir(exist_ok=True)
        lines = [f"2026-01-10 10:{n:02}:00.000 | INFO     | bot.loop:run:1 - tick {n}\n" for n in range(40)]
        for i in range(self.count):
            entry, closed = self.prices(i)
            told = f"entry={entry / 100:.2f} exit={closed / 100:.2f} pnl={(closed - entry) / 100:+.2f}"
            lines.append(
                f"{self.moment(i)} | INFO     | bot.exits:close:3 - Position closed: BTC/USDT long {told}\n"
            )
        (folder / "bot.log").write_text("".join(lines), encoding="utf-8")
        (folder / "trades.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
        return build_report(read_case([folder], ScanOptions(jobs=1)))


def lost(report: Report) -> list[str]:
    """When the trades were closed that are called lost."""
    return [
        iso(trade.closed.us, trade.closed.precision)[11:]
        for trade in report.trades
        if trade.state in MISSING_STATES
    ]


def states(report: Report) -> set[TradeState]:
    return {trade.state for trade in report.trades}


@pytest.mark.parametrize("prices", [each_its_own, all_equal, of_few])
def test_every_close_of_a_crowd_finds_its_row(tmp_path, prices):
    crowd = Crowd(MANY, prices)
    report = crowd.scan(tmp_path, [crowd.row(i) for i in range(MANY)])
    assert (states(report), report.summary.missing) == ({TradeState.RECORDED}, 0)


@pytest.mark.parametrize("prices", [each_its_own, of_few])
def test_those_that_the_ledger_lacks_are_lost_and_no_others(tmp_path, prices):
    crowd, gone = Crowd(MANY, prices), {17, 80, 81, 149}
    report = crowd.scan(tmp_path, [crowd.row(i) for i in range(MANY) if i not in gone])
    assert lost(report) == [crowd.moment(i)[11:] for i in sorted(gone)]


def test_rows_that_were_written_at_one_moment_are_those_of_their_closes(tmp_path):
    crowd = Crowd(MANY, all_equal)
    report = crowd.scan(tmp_path, [crowd.row(i, at=MANY) for i in range(MANY)])
    assert report.summary.missing == 0


@pytest.mark.parametrize("count", [30, 60, MANY])
@pytest.mark.parametrize("prices", [each_its_own, all_equal, of_few])
def test_closes_whose_rows_show_another_exit_price_are_not_lost(tmp_path, prices, count):
    crowd = Crowd(count, prices)
    report = crowd.scan(tmp_path, [crowd.row(i, slip=1 + i % 90) for i in range(count)])
    assert lost(report) == []


def test_where_a_crowd_leaves_closes_and_rows_over_which_belong_together_is_not_claimed(tmp_path):
    """The rows' numbers are others altogether: they may be of these trades, or of others at the same time."""
    crowd, other = Crowd(MANY, each_its_own), Crowd(MANY, lambda i: (90_000 + i, 80_000 + 3 * i))
    report = crowd.scan(tmp_path, [other.row(i) for i in range(MANY)])
    assert lost(report) == []
    assert TradeState.UNVERIFIABLE in states(report)


def test_a_crowd_without_rows_is_lost(tmp_path):
    crowd = Crowd(MANY, each_its_own)
    report = crowd.scan(tmp_path, [crowd.row(0)])
    assert len(lost(report)) == MANY - 1


@pytest.mark.parametrize("slip", [0, 40])
@pytest.mark.parametrize("prices", [each_its_own, all_equal])
def test_the_work_of_linking_grows_as_the_crowd_does(prices, slip):
    def steps(count: int) -> int:
        closes, rows = [], []
        for i in range(count):
            at = f"10:40:{i // 500:02}.{i % 500 * 2:03}"
            entry, closed = (str(Decimal(price) / 100) for price in prices(i))
            other = str(Decimal(closed) + Decimal(slip and slip + i % 50) / 100)
            closes.append(close(at, entry_price=entry, exit_price=closed, net_pnl=str(i % 70)))
            rows.append(row(at, entry_price=entry, exit_price=other, net_pnl=str(i % 70)))
        return steps_of(lambda: match(closes, rows, 5 * SECOND, own_clock))

    assert steps(16 * CROWD) < LINEAR * steps(4 * CROWD)


TIMES = st.lists(st.integers(0, 400), max_size=3 * CROWD)


@given(TIMES, st.integers(0, 400), st.integers(0, 200))
@settings(max_examples=200, deadline=None)
def test_of_a_crowd_the_nearest_before_and_after_are_looked_at(times, at, reach):
    line = Timeline(("BTCUSDT", t, i) for i, t in enumerate(times))
    inside = sorted((t, i) for i, t in enumerate(times) if at - reach <= t <= at + reach)
    found = list(line.nearest("BTCUSDT", at - reach, at + reach, (at, -1)))
    assert list(line.within("BTCUSDT", at - reach, at + reach)) == inside
    assert line.count("BTCUSDT", at - reach, at + reach) == len(inside)
    if len(inside) <= CROWD:
        assert found == inside
    else:
        assert len(found) == NEAREST
        assert set(found) <= set(inside)
        # Nothing that is left out lies between two that are taken, nor between them and the moment.
        first, last = inside.index(found[0]), inside.index(found[-1])
        assert inside[first : last + 1] == found
        assert first == 0 or inside[first][0] <= at
        assert last == len(inside) - 1 or inside[last][0] >= at or inside[last + 1][0] >= at


def test_of_thousands_at_one_moment_others_are_looked_at_for_each():
    line = Timeline(("BTCUSDT", 5, i) for i in range(10 * CROWD))
    taken = [line.nearest("BTCUSDT", 0, 9, (5, -1), passed) for passed in range(10 * CROWD)]
    assert {i for found in taken for _, i in found} == set(range(10 * CROWD))


@given(st.integers(2, 30), st.integers(2, 30))
@settings(max_examples=50, deadline=None)
def test_a_search_that_is_given_up_names_all_its_choices_as_toss_ups(lefts, rights):
    costs = {(a, b): (a * b) % 3 for a in range(lefts) for b in range(rights)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignment, "_PATIENCE", -1)
        patch.setattr(assignment, "_TIMES", 0)
        pairs, ties = assign(costs)
    assert ties == set(range(lefts))
    assert len(set(pairs.values())) == len(pairs) == min(lefts, rights)
