"""Logs rotated every few lines: a block spans parts, parts lie within one second, and none shows its layout."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import TypeAlias

import pytest
from msgspec import Struct

import logaudit
from logaudit.core.report import Report

#: Time, level, logger, message.
Call: TypeAlias = tuple[datetime, str, str, str]
Layout: TypeAlias = Callable[[Call], str]

BY = "futures.exits"
HEADER = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl"
START = datetime(2026, 4, 2, 9)  # noqa: DTZ001 - as logs print it
SYMBOLS = ("LTC-USDT", "ETH-USDT", "SOL-USDT", "ADA-USDT")


class Deal(Struct, frozen=True):
    """A trade; the figures of no two are equal."""

    number: int
    closed: datetime

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.number]

    @property
    def figures(self) -> tuple[str, str, str]:
        n = self.number
        return f"{84 + 3 * n}.25", f"{86 + 4 * n}.75", f"{n + 1}.41"

    @property
    def opening(self) -> Call:
        text = f"Opened long position {self.symbol} @ {self.figures[0]} size={self.number + 1}.5"
        return self.closed - timedelta(seconds=40), "INFO", BY, text

    @property
    def block(self) -> list[Call]:
        entry, leaving, net = self.figures
        texts = (
            f"POSITION CLOSED: {self.symbol} LONG",
            f"   Entry price: ${entry}",
            f"   Exit price: ${leaving}",
            f"   Net PnL: ${net} USDT",
        )
        return [(self.closed, "INFO", BY, text) for text in texts]

    @property
    def saved(self) -> Call:
        at = self.closed + timedelta(milliseconds=20)
        return at, "INFO", BY, f"Trade saved to ledger: {self.symbol} long"

    @property
    def row(self) -> str:
        entry, leaving, net = self.figures
        return f"{self.closed:%Y-%m-%d %H:%M:%S.%f},{self.symbol},long,{entry},{leaving},{self.number + 1}.5,{net}"


def plain(call: Call) -> str:
    at, level, _, text = call
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03} [{level}] {text}"


def dashed(call: Call) -> str:
    at, level, _, text = call
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03} - {level} - {text}"


def named(call: Call) -> str:
    at, level, by, text = call
    return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03} [{level}] {by}: {text}"


def beats(count: int = 40) -> list[Call]:
    return [(START + timedelta(minutes=n - 1), "INFO", BY, "Heartbeat ok") for n in range(count)]


def apart() -> list[Deal]:
    """Four trades, ten minutes between them."""
    return [Deal(n, START + timedelta(minutes=10 * n, seconds=45, milliseconds=310)) for n in range(4)]


def at_once() -> list[Deal]:
    """Four trades, of which two are closed at a time."""
    return [Deal(n, START + timedelta(minutes=n // 2 * 20, seconds=45, milliseconds=310)) for n in range(4)]


def one_by_one(deals: Iterable[Deal]) -> list[list[Call]]:
    return [deal.block for deal in deals]


def by_turns(deals: Sequence[Deal]) -> list[list[Call]]:
    """Of two blocks at a time one line each, the second a line before the first from the third line on."""
    found: list[list[Call]] = []
    for one, other in zip(deals[::2], deals[1::2], strict=True):
        pairs = list(zip_longest(one.block, other.block))
        found.append(
            [call for i, pair in enumerate(pairs) for call in (pair if i < 2 else pair[::-1]) if call]
        )
    return found


def calls(
    deals: Sequence[Deal], kept: Iterable[int], told: Sequence[list[Call]], *, quiet: bool = False
) -> list[Call]:
    """All that is logged, by time."""
    start = START - timedelta(minutes=2), "INFO", "__main__", "Starting trading bot"
    found = [start, *(deal.opening for deal in deals), *(call for some in told for call in some)]
    found += [deals[n].saved for n in kept]
    return sorted(found if quiet else [*found, *beats()], key=lambda call: call[0])


def write(
    folder: Path, lines: Mapping[str, Sequence[str]], per: int, suffix: str = "", first: int = 0
) -> None:
    """Logs in parts of so many lines, the newest without a number; the oldest of ``first`` lines."""
    for name, told in lines.items():
        rest = range(first, len(told), per)
        parts = [told[:first]] * bool(first) + [told[i : i + per] for i in rest]
        for age, part in enumerate(reversed(parts)):
            data = "".join(f"{line}\n" for line in part).encode()
            if age and suffix:
                (folder / f"{name}.{age}{suffix}").write_bytes(gzip.compress(data))
            else:
                (folder / (f"{name}.{age}" if age else name)).write_bytes(data)


def scan(folder: Path, deals: Sequence[Deal], kept: Iterable[int]) -> Report:
    rows = [deals[n].row for n in kept]
    (folder / "trades.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return logaudit.scan(folder)


def missing(report: Report) -> list[str]:
    return [trade.symbol for trade in report.trades if trade.missing]


def check(report: Report, kept: Sequence[int]) -> None:
    lost = [symbol for n, symbol in enumerate(SYMBOLS) if n not in kept]
    assert (report.summary.closes, report.summary.recorded, missing(report)) == (4, len(kept), lost)
    assert report.summary.unverifiable == 0
    assert lost or not [f for f in report.findings if f.severity == "error"]


KEPT = [(0, 1, 2, 3), (0, 1, 3)]


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("per", [2, 3, 4, 5])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_parts_of_one_moment_are_read_in_the_order_of_their_numbers(
    tmp_path: Path, kept: Sequence[int], per: int, suffix: str
) -> None:
    deals = apart()
    told = calls(deals, kept, one_by_one(deals), quiet=True)
    write(tmp_path, {"bot.log": [plain(call) for call in told]}, per, suffix)
    check(scan(tmp_path, deals, kept), kept)


HANDLERS: list[Mapping[str, Sequence[Layout]]] = [
    {"bot.log": (plain, plain)},
    {"bot.log": (plain, dashed)},
    {"bot.log": (named, plain)},
    {"bot.log": (plain,), "info.log": (dashed,)},
]


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("per", [3, 5, 7])
@pytest.mark.parametrize("handlers", HANDLERS)
@pytest.mark.parametrize("quiet", [False, True])
def test_what_two_handlers_write_into_small_parts_is_told_once(
    tmp_path: Path,
    kept: Sequence[int],
    per: int,
    handlers: Mapping[str, Sequence[Layout]],
    quiet: bool,  # noqa: FBT001 - a parameter of the trial
) -> None:
    deals = apart()
    told = calls(deals, kept, one_by_one(deals), quiet=quiet)
    lines = {name: [made(call) for call in told for made in layouts] for name, layouts in handlers.items()}
    write(tmp_path, lines, per)
    check(scan(tmp_path, deals, kept), kept)


@pytest.mark.parametrize("per", [3, 5, 1000])
def test_equal_trades_in_a_log_that_is_written_once_stay_two(tmp_path: Path, per: int) -> None:
    """Two lots of equal size are closed at one price, in one moment; one row of the last two is missing."""
    deals = apart()
    lots = [[call for call in deal.block for _ in range(2)] for deal in deals]
    told = calls(deals, (), lots)
    told = sorted([*told, *(deal.opening for deal in deals)], key=lambda call: call[0])
    write(tmp_path, {"bot.log": [plain(call) for call in told]}, per)
    report = scan(tmp_path, deals, (0, 0, 1, 1, 2, 2, 3))
    assert (report.summary.closes, report.summary.missing) == (8, 1)
    assert missing(report) == [SYMBOLS[3]]


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("per", [3, 4, 6, 1000])
def test_figures_of_blocks_written_at_once_are_dealt_as_rows_show(
    tmp_path: Path, kept: Sequence[int], per: int
) -> None:
    deals = at_once()
    told = calls(deals, kept, by_turns(deals))
    write(tmp_path, {"bot.log": [plain(call) for call in told]}, per)
    report = scan(tmp_path, deals, kept)
    check(report, kept)
    nets = {trade.symbol: str(trade.net_pnl) for trade in report.trades}
    assert nets == {deal.symbol: deal.figures[2] for deal in deals}


def test_figures_of_which_no_row_tells_stay_as_they_were_dealt(tmp_path: Path) -> None:
    deals = at_once()
    write(tmp_path, {"bot.log": [plain(call) for call in calls(deals, (0, 1), by_turns(deals))]}, 1000)
    report = scan(tmp_path, deals, (0, 1))
    check(report, (0, 1))
    lost = {str(trade.net_pnl) for trade in report.trades if trade.missing}
    assert lost == {deals[2].figures[2], deals[3].figures[2]}


def test_a_row_that_differs_from_all_figures_is_a_difference(tmp_path: Path) -> None:
    """What no line of either block shows is no other way to deal their lines out."""
    deals = at_once()
    blocks = [
        [call for pair in zip(*one_by_one(deals[i : i + 2]), strict=True) for call in pair] for i in (0, 2)
    ]
    write(tmp_path, {"bot.log": [plain(call) for call in calls(deals, range(4), blocks)]}, 1000)
    rows = [deal.row for deal in deals]
    rows[1] = rows[1].replace(deals[1].figures[1], "91.99")
    (tmp_path / "trades.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    report = logaudit.scan(tmp_path)
    assert (report.summary.closes, report.summary.recorded) == (4, 4)
    assert [f.locations[0].line for f in report.findings if f.rule == "LA106"]


def test_words_are_no_loggers_name_where_the_parts_beside_print_none(tmp_path: Path) -> None:
    """Some parts hold nothing but records that begin with words and a colon."""
    deals = apart()
    whole = [
        (at, level, by, "\n".join(text for _, _, _, text in deal.block))
        for deal in deals
        for at, level, by, _ in deal.block[:1]
    ]
    told = calls(deals, (0, 1, 3), [[call] for call in whole], quiet=True)
    lines = [plain(call) for call in told]
    for age, line in enumerate(reversed(lines)):
        (tmp_path / (f"bot.log.{age}" if age else "bot.log")).write_text(f"{line}\n", encoding="utf-8")
    check(scan(tmp_path, deals, (0, 1, 3)), (0, 1, 3))


def test_a_logger_that_names_itself_from_some_part_on_keeps_its_name(tmp_path: Path) -> None:
    deals = apart()
    told = calls(deals, range(4), one_by_one(deals))
    half = len(told) // 2
    lines = [*(plain(call) for call in told[:half]), *(named(call) for call in told[half:])]
    write(tmp_path, {"bot.log": lines}, half)
    report = scan(tmp_path, deals, range(4))
    check(report, range(4))
    assert [trade.emitter for trade in report.trades] == ["", "", BY, BY]


@pytest.mark.parametrize("kept", KEPT)
def test_equal_parts_of_two_logs_stay_in_their_logs(tmp_path: Path, kept: Sequence[int]) -> None:
    """Where nothing else was said, a part of the log of all levels is equal to one of the other log."""
    deals = at_once()
    lines = [plain(call) for call in calls(deals, kept, by_turns(deals), quiet=True)]
    more = [plain((START - timedelta(minutes=3), "DEBUG", BY, f"Loaded {n}")) for n in range(7)]
    write(tmp_path, {"main.log": [*more, *lines], "info.log": lines}, 7, first=6)
    check(scan(tmp_path, deals, kept), kept)


def test_blocks_of_two_handlers_keep_their_own_figures(tmp_path: Path) -> None:
    """Two bots write one file, each in its layout; their lines alternate, and no row tells whose they are."""
    deals = at_once()
    layouts = {deal.symbol: made for deal, made in zip(deals, (plain, dashed) * 2, strict=True)}
    figures = {figure: deal for deal in deals for figure in deal.figures}
    lines = []
    for call in calls(deals, (0, 1), by_turns(deals)):
        words = {word.strip("$") for word in call[-1].split()}
        owner = next((deal for deal in deals if deal.symbol in words), None)
        owner = owner or next((figures[word] for word in sorted(words) if word in figures), deals[0])
        lines.append(layouts[owner.symbol](call))
    write(tmp_path, {"bot.log": lines}, 1000)
    report = scan(tmp_path, deals, (0, 1))
    check(report, (0, 1))
    nets = {trade.symbol: str(trade.net_pnl) for trade in report.trades}
    assert nets == {deal.symbol: deal.figures[2] for deal in deals}


@pytest.mark.parametrize("kept", KEPT)
def test_a_part_of_one_line_does_not_tell_how_often_all_others_are_written(
    tmp_path: Path, kept: Sequence[int]
) -> None:
    """Alone it seems to be of a handler that prints a logger's name; its copy begins the next part."""
    deals = apart()
    told = calls(deals, kept, one_by_one(deals))
    lines = [made(call) for call in told for made in (named, plain)]
    write(tmp_path, {"bot.log": lines}, 4, first=1)
    check(scan(tmp_path, deals, kept), kept)


@pytest.mark.parametrize("kept", KEPT)
def test_a_copy_in_a_part_of_its_own_is_no_copy_of_the_file(tmp_path: Path, kept: Sequence[int]) -> None:
    """Of a log that is written twice, some records of several lines and their copies are equal parts."""
    deals = apart()
    blocks = [(*deal.block[0][:3], "\n".join(text for *_, text in deal.block)) for deal in deals]
    told = calls(deals, kept, [[block] for block in blocks], quiet=True)
    parts: list[list[str]] = [[]]
    for call in told:
        if call in blocks[::3]:
            parts += [[plain(call)], [plain(call)], []]
        else:
            parts[-1] += [plain(call)] * 2
    for age, part in enumerate(reversed(parts)):
        name = f"bot.log.{age}" if age else "bot.log"
        (tmp_path / name).write_text("\n".join(part) + "\n", encoding="utf-8")
    check(scan(tmp_path, deals, kept), kept)


def test_words_that_begin_messages_elsewhere_are_no_name_in_a_part_that_has_no_others(tmp_path: Path) -> None:
    deals = apart()
    signals = [(START + timedelta(minutes=n, seconds=9), "INFO", BY, f"Fast signal: {n}") for n in range(30)]
    told = sorted([*calls(deals, range(4), one_by_one(deals)), *signals], key=lambda call: call[0])
    lines = [plain(call) for call in told]
    last = [plain((START + timedelta(hours=2, minutes=n), "INFO", BY, f"Fast signal: {n}")) for n in range(3)]
    (tmp_path / "bot.log.1").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "bot.log").write_text("\n".join(last) + "\n", encoding="utf-8")
    report = scan(tmp_path, deals, range(4))
    check(report, range(4))
    assert [len(coverage.dialects) for coverage in report.coverage] == [1]


def test_a_row_that_one_of_two_sides_shows_is_not_the_others(tmp_path: Path) -> None:
    """The table writes the side of the order that closes; the long one of two positions has no row."""
    deals = at_once()[:2]
    blocks = [call for pair in zip(*one_by_one(deals), strict=True) for call in pair]
    blocks = [(*call[:3], call[3].replace("ETH-USDT LONG", "LTC-USDT SHORT")) for call in blocks]
    write(tmp_path, {"bot.log": [plain(call) for call in calls(apart(), (), [blocks])]}, 1000)
    row = deals[1].row.replace("ETH-USDT", "LTC-USDT")
    (tmp_path / "trades.csv").write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    nets = {trade.side: str(trade.net_pnl) for trade in logaudit.scan(tmp_path).trades if trade.log}
    assert nets == {"long": deals[0].figures[2], "short": deals[1].figures[2]}


def lots(deal: Deal) -> list[Call]:
    """Two lots of equal size, opened and closed at the same prices in one moment."""
    return [call for call in (deal.opening, *deal.block) for _ in range(2)]


@pytest.mark.parametrize("lost", [False, True])
def test_two_trades_of_equal_lots_at_the_end_are_no_handler_that_was_added(
    tmp_path: Path,
    lost: bool,  # noqa: FBT001 - a parameter of the trial
) -> None:
    """Two handlers with layouts of their own tell of each: four records, but two calls."""
    deals = apart()
    told = [call for deal in deals for call in (lots(deal)[2:] if deal.number > 1 else deal.block)]
    told = sorted([*calls([], (), [told])], key=lambda call: call[0])
    write(tmp_path, {"bot.log": [made(call) for call in told for made in (plain, dashed)]}, 1000)
    report = scan(tmp_path, deals, (0, 1, 2, 2, 3) if lost else (0, 1, 2, 2, 3, 3))
    assert (report.summary.closes, report.summary.recorded) == (6 - lost, 6 - lost)
    assert "LA107" not in {f.rule for f in report.findings}


@pytest.mark.parametrize("per", [3, 5, 7, 1000])
def test_equal_lots_in_two_layouts_stay_two_wherever_the_log_is_rotated(tmp_path: Path, per: int) -> None:
    """Whichever part tells of a call first, its lines are of one voice."""
    deals = apart()
    told = [
        (at + timedelta(milliseconds=3 * n), level, by, text)
        for deal in deals
        for n in range(2 if deal.number < 3 else 1)
        for at, level, by, text in (
            deal.opening,
            (*deal.block[0][:3], "\n".join(text for *_, text in deal.block)),
        )
    ]
    told = calls([], (), [told])
    write(tmp_path, {"bot.log": [made(call) for call in told for made in (plain, dashed)]}, per)
    report = scan(tmp_path, deals, (0, 0, 1, 1, 2, 3))
    assert (report.summary.closes, missing(report)) == (7, [SYMBOLS[2]])


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_layouts_that_which_names_the_function_tells_the_code_path(tmp_path: Path, first: int) -> None:
    """Whichever of the two is written first."""
    deals = apart()
    told = calls(deals, (0, 1, 3), [deal.block for deal in deals])

    def whole(call: Call) -> str:
        at, level, _, text = call
        return (
            f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03} | {level:<8} | bot.exits:leave:62 - {text}"
        )

    def module(call: Call) -> str:
        at, level, _, text = call
        return f"{at:%Y-%m-%d %H:%M:%S},{at.microsecond // 1000:03} - bot.exits - {level} - {text}"

    layouts = (whole, module) if first == 0 else (module, whole)
    write(tmp_path, {"bot.log": [made(call) for call in told for made in layouts]}, 1000)
    report = scan(tmp_path, deals, (0, 1, 3))
    assert missing(report) == [SYMBOLS[2]]
    assert {trade.emitter for trade in report.trades} == {"bot.exits:leave:62"}
