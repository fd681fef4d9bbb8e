"""No value in the evidence ends a scan: each is judged, or said with its place, and all else is judged."""

from __future__ import annotations

import os
import re
from decimal import ROUND_UP, Context, Decimal, Inexact, InvalidOperation, Rounded, localcontext
from fractions import Fraction
from pathlib import Path

import pytest
from diagnosed import FIXTURES
from everything import everything, shown
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from world import DAY, LEDGER, LOG, Deal, World

from logaudit.cache import Store
from logaudit.config import parse_age
from logaudit.core.finding import Finding
from logaudit.core.report import Report
from logaudit.sources.source import FileState

FIRST = Deal("10:20:00.250", held=60)
OTHER = replace(FIRST, symbol="ETH-USDT", closed="10:30:00.250")
CELLS = ("entry_price", "exit_price", "size", "gross_pnl", "commission", "net_pnl", "duration_sec")
OUT_OF_BOUNDS = ("9" * 100, "1e999999999", "1e-999999999", "-0." + "0" * 100 + "1", "1" * 5000)
LARGE = ("1" * 25, "-" + "9" * 29, "1e20", "9" * 64 + "." + "9" * 64, "1e-30", "123456789012345678.00000001")
ENDS = (
    "0001-01-01 00:00:00.000",
    "0001-01-01 11:00:00.000",
    "9999-12-31 11:00:00.000",
    "9999-12-31 23:59:59.999",
)

numbers = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "-", "+", "$"]),
    st.text("0123456789.", min_size=1, max_size=90),
    st.just("") | st.integers(-(10**11), 10**11).map("e{}".format),
) | st.sampled_from([*OUT_OF_BOUNDS, *LARGE, "\u00b2", "\u0663", "NaN", "inf", "-", ""])
times = st.builds(
    "{}-{:02}-{:02} {:02}:{:02}:{:02}.{:03}".format,
    st.text("0123456789", min_size=4, max_size=4) | st.sampled_from(["0000", "0001", "1970", "9999"]),
    st.integers(0, 13),
    st.integers(0, 32),
    st.integers(0, 24),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, 999),
) | st.sampled_from(ENDS)
#: Each example is a scan in every form.
few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def world(root: Path) -> World:
    """A close that was lost and one that was kept."""
    made = World(root, end="10:40:00")
    made.lost(FIRST)
    made.kept(OTHER)
    return made


def with_value(made: World, before: str, text: str) -> str:
    """The first log line with some words before a value, and that value printed otherwise."""
    at = next(i for i, line in enumerate(made.lines) if before in line)
    made.lines[at] = re.sub(re.escape(before) + r"\S+", lambda _: before + text, made.lines[at])
    return made.lines[at]


def judged(made: World, **options: object) -> Report:
    made.save()
    return everything(made.root, profile="okx-scalper", **options)


def found(outcome: Report, code: str) -> list[Finding]:
    return [f for f in outcome.findings if f.rule == code]


# --- Numbers.


@pytest.mark.parametrize("text", OUT_OF_BOUNDS)
def test_a_number_out_of_bounds_in_the_log_counts_as_not_logged_and_is_said_with_its_place(tmp_path, text):
    made = world(tmp_path)
    with_value(made, "Net PnL: $", text)
    outcome = judged(made)
    (finding,) = found(outcome, "LA404")
    assert str(finding.message) == (
        "net_pnl has more digits than can be judged in 1 record of futures_main: it counts as not logged."
    )
    assert "Net PnL: $" in finding.locations[0].text
    (close,) = [t for t in outcome.trades if t.symbol == "BTC-USDT"]
    assert Decimal(close.net_pnl) == FIRST.net  # gross less commission, which the log prints too
    assert outcome.summary.recorded == 1


@pytest.mark.parametrize("text", LARGE)
def test_a_large_number_in_the_log_is_summed_exactly(tmp_path, text):
    made = world(tmp_path)
    with_value(made, "Net PnL: $", text)
    outcome = judged(made)
    assert not found(outcome, "LA404")
    assert Fraction(outcome.summary.log_net_pnl) == Fraction(text) + Fraction(OTHER.net)
    assert Fraction(outcome.summary.unrecorded_net_pnl) == Fraction(text)


@pytest.mark.parametrize("cell", CELLS)
def test_a_number_out_of_bounds_in_a_row_is_a_malformed_row(tmp_path, cell):
    made = world(tmp_path)
    made.rows.insert(0, made.row(FIRST, **{cell: "1e999999999"}))
    outcome = judged(made)
    (finding,) = found(outcome, "LA203")
    assert finding.locations[0].line == 2
    assert finding.data["detail"] == f"{cell}: '1e999999999' has more than 64 digits"
    assert outcome.summary.recorded == 1


@pytest.mark.parametrize("text", LARGE)
def test_a_row_with_a_large_number_is_a_row(tmp_path, text):
    made = world(tmp_path)
    made.rows.insert(0, made.row(FIRST, size=text, entry_price=text))
    outcome = judged(made)
    assert outcome.summary.ledger_rows == 2
    assert not found(outcome, "LA203")


def test_a_counter_of_any_length_is_said_and_never_counted(tmp_path):
    made = world(tmp_path)
    with_value(made, "Total: ", "9" * 5000)
    outcome = judged(made)
    (finding,) = found(outcome, "LA404")
    assert str(finding.message).startswith("counter has more digits than can be judged in 1 record")
    assert not found(outcome, "LA111")


@few
@given(logged=numbers, cells=st.lists(numbers, min_size=len(CELLS), max_size=len(CELLS)))
@example(logged="1e999999999", cells=["1e-64", "9" * 64, "1e63", "-" + "9" * 64, "1e-64", "1e63", "1e63"])
def test_any_numbers_are_judged_or_said(tmp_path_factory, logged, cells):
    made = world(tmp_path_factory.mktemp("numbers"))
    for before in ("Net PnL: $", "Entry price: $", "Size: ", "удержания: ", "Total: "):
        with_value(made, before, logged)
    made.rows.append(made.row(FIRST, **dict(zip(CELLS, cells, strict=True))))
    outcome = judged(made)
    assert not found(outcome, "LA905")
    assert "ETH-USDT" in {t.symbol for t in outcome.trades if t.row is not None}


# --- Times.


@few
@given(logged=times, row=times, offset=st.sampled_from(["", "Z", "+23:59", "-23:59"]), zone=st.sampled_from(
    ["", "Europe/Moscow", "America/New_York", "-12:00", "+14:00"]
))  # fmt: skip
@example(logged=ENDS[0], row=ENDS[0], offset="+23:59", zone="+14:00")
@example(logged=ENDS[3], row=ENDS[3], offset="-23:59", zone="-12:00")
@example(logged=ENDS[0], row=ENDS[3], offset="-23:59", zone="Europe/Moscow")
def test_any_times_are_judged_or_said(tmp_path_factory, logged, row, offset, zone):
    made = world(tmp_path_factory.mktemp("times"))
    made.lines = [line.replace(f"{DAY} 10:20:00.25", logged[:-1]) for line in made.lines]
    made.rows.append(made.row(FIRST, timestamp=row + offset))
    made.write(LOG, made.lines)
    made.log = ""
    outcome = judged(made, tz=zone)
    assert not found(outcome, "LA905")
    assert outcome.summary.recorded >= 1


@pytest.mark.parametrize(
    ("since", "until", "closes"),
    [
        ("0001-01-01", "9999-12-31T23:59:59.999999", 2),
        ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-23:59", 2),
        ("9999-12-31T23:59:59.999999-12:00", "", 0),
        ("", "0001-01-01T00:00:00+23:59", 0),
    ],
)
def test_the_ends_of_the_calendar_may_be_asked_for(tmp_path, since, until, closes):
    outcome = judged(world(tmp_path), tz="America/New_York", since=since, until=until)
    assert outcome.summary.closes == closes


@pytest.mark.parametrize("year", ["0001", "1970", "2200", "9999"])
def test_a_bot_whose_clock_was_never_set_is_judged_and_its_clock_said(tmp_path, year):
    """Log and ledger share the clock, so their rows are found all the same."""
    made = world(tmp_path)
    made.lines = [year + line[4:] for line in made.lines]
    made.rows = [year + row[4:] for row in made.rows]
    outcome = judged(made)
    assert (outcome.summary.closes, outcome.summary.recorded) == (2, 1)
    (finding,) = found(outcome, "LA404")
    assert "lie outside of the years 1990 to 2199" in str(finding.message)
    assert not found(outcome, "LA203")


@pytest.mark.parametrize("zero", ["0001-01-01T00:00:00", "0001-01-01T03:00:00+03:00", "1970-01-01 00:00:00",
                                  "9999-12-31T23:59:59.9999999"])  # fmt: skip
def test_a_zero_time_in_a_row_is_no_time_and_does_not_stretch_what_the_ledger_covers(tmp_path, zero):
    made = world(tmp_path)
    made.rows.insert(0, made.row(FIRST, timestamp=zero))
    outcome = judged(made)
    (finding,) = found(outcome, "LA203")
    assert (finding.locations[0].line, finding.data["reason"]) == (2, "bad-time")
    assert str(finding.data["detail"]).endswith("lies outside of the years 1990 to 2199")
    (ledger,) = outcome.ledgers
    assert (ledger.rows, ledger.first, ledger.last) == (1, ledger.last, ledger.first)
    assert ledger.first is not None
    assert ledger.first.iso().startswith(DAY)


def test_an_open_time_that_was_never_set_spoils_its_row_alone(tmp_path):
    made = world(tmp_path)
    made.header = made.header.replace("win_rate", "opened_at")
    made.rows = [made.row(OTHER, win_rate=f"{DAY} 10:20:00"), made.row(FIRST, win_rate="1970-01-01 00:00:00")]
    outcome = judged(made)
    (finding,) = found(outcome, "LA203")
    assert str(finding.data["detail"]) == "opened: 1970-01-01T00:00:00 lies outside of the years 1990 to 2199"
    assert outcome.summary.recorded == 1


@pytest.mark.parametrize(
    "name",
    ["trades_9999-12-31.csv", "trades_0001-01-01.csv", "trades_1900-01-01.csv", "trades_99991231_235959.csv",
     "futures_main_9999-12-31.9999-12-31_23-59-59_999999.log", "futures_main.log.9999999999",
     "futures_main.log.\u00b2", "futures_main_0001-01-01.log"],
)  # fmt: skip
def test_a_name_with_any_date_is_read(tmp_path, name):
    made = world(tmp_path)
    made.save()
    (tmp_path / (LEDGER if name.endswith(".csv") else LOG)).rename(tmp_path / name)
    outcome = everything(tmp_path, profile="okx-scalper", tz="+14:00")
    assert outcome.summary.recorded == 1


@pytest.mark.skipif(os.name != "posix", reason="needs a file system that keeps any time")
def test_a_file_of_any_age_is_remembered(tmp_path):
    """Seconds of 40 bits are 2^70 nanoseconds; a file system may keep less, so the state is made by hand too."""
    made = world(tmp_path / "logs")
    made.save()
    for at in (-(2**40), 2**40):
        os.utime(tmp_path / "logs" / LOG, (at, at))
        for _ in range(2):
            outcome = everything(tmp_path / "logs", Store(tmp_path / "cache", 1 << 20), profile="okx-scalper")
            assert outcome.summary.recorded == 1
    status = os.stat_result((0o100644, 1, 1, 1, 0, 0, 5, 2**40, 2**40, 0, 0, 0, 0, 0, 2**70, 7))
    assert -(2**63) <= FileState.of(status).mtime < 2**63


def test_an_age_that_cannot_be_counted_allows_any(tmp_path):
    assert parse_age("9" * 5000 + "w") == parse_age("999999999999d")
    outcome = everything(_saved(world(tmp_path)), profile="okx-scalper", **{"max-age": "999999999999d"})
    assert not found(outcome, "LA901")


def _saved(made: World) -> Path:
    made.save()
    return made.root


# --- Arithmetic.


@pytest.mark.parametrize("name", ["unit-error", "two-causes", "backfilled-rows", "rows-in-another-zone"])
def test_what_the_thread_has_set_for_its_decimals_changes_no_byte(name):
    logs = FIXTURES / name / "logs"
    usual = shown(everything(logs))
    traps = [Inexact, Rounded, InvalidOperation]
    with localcontext(Context(prec=1, rounding=ROUND_UP, Emin=-1, Emax=1, traps=traps)):
        assert shown(everything(logs)) == usual
