"""A bot that words some of its closes as no pattern knows: rows that the other closes leave over teach these words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

import logaudit
from logaudit.core.report import Report

START = datetime(2026, 2, 10, 9, 0)  # noqa: DTZ001 - the bot's own clock
#: Every third position ends in other words.
EVERY = 3


class Deal(NamedTuple):
    """One position; a part of its numbers follows from its number, so that no two share one."""

    n: int

    @property
    def opened(self) -> datetime:
        return START + timedelta(minutes=17 * self.n + self.n % 4, seconds=7 * self.n % 60)

    @property
    def closed(self) -> datetime:
        return self.opened + timedelta(minutes=5 + 3 * self.n % 7, seconds=11 * self.n % 60)

    @property
    def market(self) -> str:
        return ("BTCUSDT", "ETHUSDT")[self.n % 2]

    @property
    def side(self) -> str:
        return ("long", "short")[self.n % 5 < 2]

    @property
    def entry(self) -> str:
        return f"{100 + 37 * self.n % 91}.{13 * self.n % 90 + 10}"

    @property
    def out(self) -> str:
        return f"{100 + 53 * self.n % 89}.{29 * self.n % 90 + 10}"

    @property
    def size(self) -> str:
        return f"{1 + self.n % 3}.{17 * self.n % 90 + 10}"

    @property
    def pnl(self) -> str:
        moved = (float(self.out) - float(self.entry)) * float(self.size)
        return f"{moved if self.side == 'long' else -moved:.2f}"

    @property
    def odd(self) -> bool:
        return self.n % EVERY == 1

    @property
    def row(self) -> str:
        return f"{self.closed},{self.market},{self.side},{self.size},{self.entry},{self.out},{self.pnl}"


DEALS = tuple(Deal(n) for n in range(24))


def flattened(d: Deal) -> list[str]:
    """Words that no profile knows."""
    if d.odd:
        return [f"{d.closed},500 INFO FLATTEN {d.market} {d.side} qty {d.size} px {d.out} result {d.pnl}"]
    return plainly(d)


def plainly(d: Deal) -> list[str]:
    return [f"{d.closed},500 INFO Closed {d.side} {d.market}: {d.size} @ {d.out}, pnl={d.pnl}"]


def messaged(d: Deal) -> list[str]:
    """Lines of those words about some closes that are told in known words, too."""
    told = f"{d.closed},800 INFO FLATTEN {d.market} {d.side} qty {d.size} px {d.out} result {d.pnl}"
    if d.odd:
        return [told]
    return [*plainly(d), told] if d.n % 4 == 0 else plainly(d)


def scanned(folder: Path, told: Callable[[Deal], list[str]], lost: Sequence[int] = ()) -> Report:
    lines: list[str] = []
    for d in DEALS:
        lines += [f"{d.opened},100 INFO Opened {d.side} {d.market}: {d.size} @ {d.entry}", *told(d)]
    (folder / "bot.log").write_text("".join(f"{line}\n" for line in lines))
    rows = [d.row for d in DEALS if d.n not in lost]
    table = ["time,symbol,side,size,entry,exit,pnl", *rows]
    (folder / "trades.csv").write_text("".join(f"{row}\n" for row in table))
    return logaudit.scan(folder)


def lost_closes(report: Report) -> list[str]:
    """By their seconds."""
    return [trade.closed.iso()[:19] for trade in report.trades if trade.missing]


def test_closes_in_other_words_are_judged_as_the_rest(tmp_path):
    report = scanned(tmp_path, flattened)
    assert (report.summary.closes, report.summary.recorded) == (len(DEALS), len(DEALS))
    assert not report.findings


@pytest.mark.parametrize("n", [7, 8])
def test_a_lost_one_is_found_in_either_words(tmp_path, n):
    report = scanned(tmp_path, flattened, [n])
    assert lost_closes(report) == [DEALS[n].closed.isoformat()]


def test_closes_that_are_known_are_lost_at_the_end_too(tmp_path):
    # Only what rows taught must lie between rows.
    last = [d.n for d in DEALS[-2:] if not d.odd]
    report = scanned(tmp_path, flattened, last)
    assert lost_closes(report) == [DEALS[n].closed.isoformat() for n in last]


def test_a_close_in_learned_words_that_no_rows_surround_is_left_in_doubt(tmp_path):
    report = scanned(tmp_path, flattened, [d.n for d in DEALS if d.odd][-1:])
    assert not lost_closes(report)
    assert report.summary.unverifiable == 1


def test_lines_that_tell_again_of_known_closes_are_not_learned(tmp_path):
    # Else a known close that is lost would be lost twice.
    report = scanned(tmp_path, messaged, [8])
    assert lost_closes(report) == [DEALS[8].closed.isoformat()]
    assert report.summary.closes == sum(not d.odd for d in DEALS)


def test_a_known_close_stays_lost_where_others_teach(tmp_path):
    report = scanned(tmp_path, flattened, [2, 7, 8])
    assert lost_closes(report) == [DEALS[n].closed.isoformat() for n in (2, 7, 8)]


def filled(d: Deal) -> list[str]:
    """A part of the positions is traded by orders whose fills are told, at both ends in the same words."""
    if not d.odd:
        return plainly(d)
    buys = ("BUY", "SELL") if d.side == "long" else ("SELL", "BUY")
    at = (d.opened + timedelta(seconds=1), d.closed)
    return [
        f"{when},200 INFO Order filled {buy} {d.market} qty {d.size} px {price}"
        for when, buy, price in zip(at, buys, (d.entry, d.out), strict=True)
    ]


def once_filled(d: Deal) -> list[str]:
    """One position is opened by an order whose fill is told in the words of closes."""
    told = filled(d)
    return told if d.n == 10 or not d.odd else told[1:]


def with_orders_of_others(d: Deal) -> list[str]:
    """A strategy that holds what it buys writes in words that the closes of another one taught."""
    if not d.odd:
        return plainly(d)
    kept = f"{d.opened + timedelta(minutes=2)},200 INFO Order filled BUY SOLUSDT qty 1.5 px {d.n + 61}.83"
    word = "BUY" if d.side == "short" else "SELL"
    ended = f"{d.closed},200 INFO Order filled {word} {d.market} qty {d.size} px {d.out}"
    return [kept, ended] if d.n % 4 == 0 else [ended]


@pytest.mark.parametrize("told", [filled, once_filled, with_orders_of_others])
@pytest.mark.parametrize("lost", [(), (8,)])
def test_fills_that_open_positions_are_no_lost_closes(tmp_path, told, lost):
    report = scanned(tmp_path, told, lost)
    assert lost_closes(report) == [DEALS[n].closed.isoformat() for n in lost]
