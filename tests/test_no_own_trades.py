"""Closes that the bot's ledger need not hold: on paper, and of somebody whom the bot follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import logaudit
from logaudit.core.report import Report

START = datetime(2026, 2, 10, 9, 0)  # noqa: DTZ001 - the bot's own clock
COUNT = 8


def trade(n: int, market: str, before: str = "", *, opens: bool = True) -> tuple[list[str], str]:
    """The lines and the row of one long position; numbers follow from its number."""
    at = START + timedelta(minutes=15 * n)
    end = at + timedelta(minutes=6, seconds=n)
    entry, out, size = f"{100 + n}.{10 + 7 * n}", f"{104 + 2 * n}.{13 + 5 * n}", f"1.{11 + 3 * n}"
    pnl = f"{(float(out) - float(entry)) * float(size):.2f}"
    lines = [f"{at},100 INFO {before}Opened long {market}: {size} @ {entry}"] if opens else []
    lines.append(f"{end},200 INFO {before}Closed long {market}: {size} @ {out}, pnl={pnl}")
    return lines, f"{end},{market},long,{size},{entry},{out},{pnl}"


def scanned(
    folder: Path, own: Sequence[int], beside: Sequence[tuple[list[str], str]], before: str = ""
) -> Report:
    """The bot's trades, of which ``own`` have rows, and others, of which those with a row are given it."""
    lines: list[str] = []
    rows: list[str] = []
    for n in range(COUNT):
        said, row = trade(n, ("BTCUSDT", "ETHUSDT")[n % 2], before)
        lines += said
        rows += [row] * (n in own)
    for said, row in beside:
        lines += said
        rows += [row] * bool(row)
    (folder / "bot.log").write_text("".join(f"{line}\n" for line in sorted(lines)))
    table = ["time,symbol,side,size,entry,exit,pnl", *sorted(rows)]
    (folder / "trades.csv").write_text("".join(f"{row}\n" for row in table))
    return logaudit.scan(folder)


def without_rows(trades: Sequence[tuple[list[str], str]]) -> list[tuple[list[str], str]]:
    return [(lines, "") for lines, _ in trades]


ALL = range(COUNT)
WORDS = ("[PAPER] ", "DRY RUN: ", "dry_run | ", "backtest: ", "paper_engine - ", "[демо] ")


@pytest.mark.parametrize("word", WORDS)
def test_trades_on_paper_are_not_lost_beside_those_of_the_ledger(tmp_path, word):
    paper = [trade(n, "BTCUSDT", word) for n in (9, 10, 11)]
    report = scanned(tmp_path, ALL, [*without_rows(paper), trade(13, "ETHUSDT")])
    assert (report.summary.missing, report.summary.unverifiable) == (0, 3)
    assert "closes-on-paper" in {said.code for said in report.unjudged}


@pytest.mark.parametrize("word", WORDS)
def test_a_trade_of_money_is_lost_beside_them(tmp_path, word):
    paper = [trade(n, "BTCUSDT", word) for n in (9, 10, 11)]
    report = scanned(tmp_path, [n for n in ALL if n != 3], [*without_rows(paper), trade(13, "ETHUSDT")])
    assert report.summary.missing == 1


def test_where_the_ledger_holds_trades_on_paper_one_that_it_lacks_is_lost(tmp_path):
    paper = [trade(n, "BTCUSDT", WORDS[0]) for n in (9, 10, 11)]
    report = scanned(tmp_path, ALL, [paper[0], *without_rows(paper[1:2]), paper[2]])
    assert report.summary.missing == 1


def test_a_bot_that_trades_on_paper_alone_loses_trades_as_any(tmp_path):
    report = scanned(tmp_path, [n for n in ALL if n != 3], [], WORDS[0])
    assert report.summary.missing == 1


def test_a_word_that_only_holds_such_a_word_is_none(tmp_path):
    other = [trade(n, "BTCUSDT", "[newspaper] ") for n in (9, 10)]
    report = scanned(tmp_path, ALL, [*without_rows(other), trade(13, "ETHUSDT")])
    assert report.summary.missing == 2


def leaders(*, opens: bool = False) -> list[tuple[list[str], str]]:
    return without_rows([trade(n, "SOLUSDT", "Leader w77: ", opens=opens) for n in (2, 4, 5)])


def test_closes_of_a_market_that_the_bot_never_opened_are_not_its_own(tmp_path):
    report = scanned(tmp_path, ALL, leaders())
    assert (report.summary.missing, report.summary.unverifiable) == (0, 3)


def test_closes_of_a_market_that_it_opened_are_lost(tmp_path):
    assert scanned(tmp_path, ALL, leaders(opens=True)).summary.missing == 3


def test_so_are_those_of_positions_from_before_the_log(tmp_path):
    """One or two without an open were held when the log began."""
    assert scanned(tmp_path, ALL, leaders()[:2]).summary.missing == 2


def test_so_are_those_of_a_market_of_which_the_ledger_holds_a_row(tmp_path):
    kept = trade(6, "SOLUSDT", "Leader w77: ", opens=False)
    assert scanned(tmp_path, ALL, [*leaders(), kept]).summary.missing == 3


def liquidated(n: int, side: str, *, opens: bool = False) -> tuple[list[str], str]:
    """What the exchange tells of its customers, or of the bot's own position."""
    at = START + timedelta(minutes=15 * n + 8)
    said = [f"{at},100 INFO Opened {side} BTCUSDT: 1.{n}7 @ {140 + n}.25"] if opens else []
    end = at + timedelta(minutes=2)
    return [
        *said,
        f"{end},300 INFO [feed] BTCUSDT {side} position liquidated at {150 + 3 * n}.75, size 1.{n}7",
    ], ""


SIDES = ("short", "long", "short", "short", "long", "short")


def test_ends_that_a_feed_tells_of_markets_of_the_bot_are_not_its_own(tmp_path):
    report = scanned(tmp_path, ALL, [liquidated(n, side) for n, side in enumerate(SIDES, 1)])
    assert (report.summary.missing, report.summary.recorded) == (0, COUNT)


def test_a_close_of_the_bot_is_lost_beside_them(tmp_path):
    own = [n for n in ALL if n != 4]
    report = scanned(tmp_path, own, [liquidated(n, side) for n, side in enumerate(SIDES, 1)])
    assert report.summary.missing == 1


def test_positions_of_the_bot_that_were_so_ended_are_lost(tmp_path):
    beside = [liquidated(n, side, opens=True) for n, side in enumerate(SIDES, 1)]
    assert scanned(tmp_path, ALL, beside).summary.missing == len(SIDES)


def with_words(trades: Sequence[tuple[list[str], str]], word: str) -> list[tuple[list[str], str]]:
    """Trades without a row whose closes end in some words."""
    return [([*lines[:-1], lines[-1] + word], "") for lines, _ in trades]


@pytest.mark.parametrize(
    "word",
    [", reason: virtual_stop", " (lower shadow broken)", ", paper gains protected", ", vs backtest -0.4%"],
)
def test_a_reason_to_close_is_no_trade_on_paper(tmp_path, word):
    """What the open does not say."""
    path = with_words([trade(n, "BTCUSDT") for n in (9, 10)], word)
    assert scanned(tmp_path, ALL, [*path, trade(13, "ETHUSDT")]).summary.missing == 2


@pytest.mark.parametrize("word", ["dry_run=False | ", '{"paper": false} ', "Virtual stop: "])
def test_words_that_say_no_or_tell_of_a_stop_are_no_trade_on_paper(tmp_path, word):
    closes = [
        (lines if "=" in word or "{" in word else [trade(n, "BTCUSDT")[0][0], lines[-1]], "")
        for n in (9, 10)
        for lines, _ in [trade(n, "BTCUSDT", word)]
    ]
    assert scanned(tmp_path, ALL, [*closes, trade(13, "ETHUSDT")]).summary.missing == 2


def test_the_name_of_a_market_is_no_such_word(tmp_path):
    coin = without_rows([trade(n, "VIRTUAL/USDT") for n in (9, 10)])
    assert scanned(tmp_path, ALL, [*coin, trade(13, "ETHUSDT")]).summary.missing == 2


def test_paper_trades_whose_opens_are_not_told_are_not_lost(tmp_path):
    paper = without_rows([trade(n, "BTCUSDT", "[PAPER] ", opens=False) for n in (9, 10)])
    report = scanned(tmp_path, ALL, [*paper, trade(13, "ETHUSDT")])
    assert (report.summary.missing, report.summary.unverifiable) == (0, 2)


def test_closes_in_the_bots_own_words_are_its_own_though_no_open_is_known(tmp_path):
    """Parts of a position from before the log, or positions whose opens are told in words that are not known."""
    own = without_rows([trade(n, "SOLUSDT", opens=False) for n in (2, 4, 5)])
    assert scanned(tmp_path, ALL, own).summary.missing == 3


@pytest.mark.parametrize(
    "words", ["Partially closed long BTCUSDT: 0.4 @ {out}", "TP1 hit: closed long BTCUSDT @ {out}"]
)
def test_parts_of_positions_that_are_closed_in_other_words_are_lost(tmp_path, words):
    """No row tells of them, and all opens are those of recorded closes: the rest of each position."""
    beside = []
    for n in (9, 10, 11, 12):
        (opened, closed), row = trade(n, "BTCUSDT")
        size = row.split(",")[3]
        rest = f"{float(size) - 0.4:.2f}"
        part = START + timedelta(minutes=15 * n + 3)
        said = f"{part},700 INFO {words.format(out=f'10{n}.57')}, pnl=1.{n}3"
        left = closed.replace(f": {size} @", f": {rest} @")
        beside.append(([opened, said, left], row.replace(f",{size},", f",{rest},")))
    assert scanned(tmp_path, ALL, beside).summary.missing == len(beside)
