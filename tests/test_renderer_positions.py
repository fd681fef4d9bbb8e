"""Positions as table, CSV, JSON and Parquet: exact, typed, and no cell a formula."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import report_model
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from program import run

from logaudit.core.trade_report import PositionReport
from logaudit.renderers import positions
from logaudit.renderers.csv_cells import cell


def with_positions(*changes):
    """The small outcome with one position for each dict of changes to its first one."""
    small = report_model.small()
    return replace(small, positions=tuple(replace(small.positions[0], **change) for change in changes))


def cells(outcome):
    return list(csv.DictReader(io.StringIO(positions.render(outcome, "positions", "csv"), newline="")))


def frame(outcome):
    return pl.read_parquet(io.BytesIO(positions.render(outcome, "positions", "parquet")))


def test_csv_cites_lines_and_keeps_printed_digits():
    row = cells(report_model.small())[0]
    assert row["net_pnl"] == "2.0000"
    assert row["open_log"] == f"{report_model.ARCHIVE}!{report_model.MEMBER}:7"


def test_csv_of_no_positions_is_the_header():
    assert (
        positions.render(with_positions(), "positions", "csv")
        == ",".join(PositionReport.__struct_fields__) + "\n"
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", report_model.FORMULA]
)
def test_a_text_cell_that_could_be_a_formula_begins_with_an_apostrophe(text):
    assert cells(with_positions({"reason": text}))[0]["reason"].startswith("'")


@pytest.mark.parametrize("number", ["-0.31", "0.10", "12"])
def test_a_number_stays_a_number(number):
    assert cells(with_positions({"net_pnl": Decimal(number)}))[0]["net_pnl"] == number


@pytest.mark.parametrize("text", ["-1+cmd|' /C calc'!A0", "+", "-", "=1"])
def test_a_number_column_is_no_way_round_the_guard(text):
    assert cell(text, number=True) == f"'{text}"


@pytest.mark.parametrize("text", ["tp", "a=b", "", "BTC-USDT"])
def test_harmless_text_is_left_alone(text):
    assert cells(with_positions({"reason": text}))[0]["reason"] == text


@given(st.text(st.characters(codec="utf-8")))
def test_no_text_becomes_a_formula_or_a_second_line(text):
    shown = positions.render(with_positions({"reason": text}), "positions", "csv")
    assert shown.count("\n") == 2
    assert shown.replace("\n", "").isprintable()
    assert not cells(with_positions({"reason": text}))[0]["reason"].startswith(
        ("=", "+", "-", "@", "\t", "\r")
    )


def test_json_has_nulls_for_what_is_not_known_and_places_as_objects():
    whole = json.loads(
        positions.render(with_positions({"closed": None, "close_log": None}), "positions", "json")
    )
    assert whole["positions"][0]["closed"] is None
    assert whole["positions"][0]["close_log"] is None
    assert whole["positions"][0]["open_log"]["line"] == 7


def test_parquet_has_times_and_exact_decimals():
    table = frame(with_positions({}, {"opened": None, "size": None}))
    assert table["closed"][0] == datetime(2026, 3, 4, 6, 15, 0, 125_000)  # noqa: DTZ001 - naive as logged
    assert table["net_pnl"][0] == Decimal("2.0000")
    assert table["opened"][1] is None
    assert table["size"][1] is None


@pytest.mark.parametrize("number", ["0.1234567890123456789", "123456789012345678901"])
def test_a_parquet_column_with_a_number_that_does_not_fit_is_text(number):
    table = frame(with_positions({}, {"net_pnl": Decimal(number)}))
    assert table["net_pnl"].to_list() == ["2.0000", number]


@pytest.mark.parametrize("number", ["12345678901234567890.123456789012345678", "-0.000000000000000001", "1"])
def test_a_parquet_number_at_the_limits_of_its_type_is_exact(number):
    assert frame(with_positions({"net_pnl": Decimal(number)}))["net_pnl"][0] == Decimal(number)


def test_a_parquet_column_with_a_time_that_is_not_naive_is_text():
    time = "2026-03-04T06:15:00+03:00"
    assert frame(with_positions({}, {"closed": report_model.at(time)}))["closed"].to_list()[1] == time


def test_parquet_of_no_positions_keeps_the_columns():
    assert frame(with_positions()).columns == list(PositionReport.__struct_fields__)


def test_parquet_takes_hostile_text_even_when_it_is_not_unicode():
    assert frame(report_model.hostile())["symbol"][0].isprintable()


def test_the_table_shows_what_the_ledger_made_of_each_position_and_a_total():
    shown = positions.positions_table(report_model.small().positions)
    assert shown.count("silent-drop") == 7
    # Seven won 2 each, five lost 0.7 each.
    assert "12 positions, 12 closed, net PnL +10.5000 together" in shown


def test_the_table_marks_times_that_were_not_observed():
    assert (
        positions.positions_table(with_positions({"opened": None}).positions).splitlines()[1].startswith("?")
    )


def test_the_table_names_sessions_only_when_there_are_several():
    several = with_positions({"session": "bots/a"}, {"session": "bots/b"})
    assert "bots/b" in positions.positions_table(several.positions)
    assert "session" not in positions.positions_table(with_positions({"session": "bots/a"}).positions)


def test_the_table_of_nothing_says_so():
    assert positions.positions_table(with_positions().positions) == "0 positions, 0 closed\n"


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_table_fits_its_width_and_is_harmless(width):
    shown = positions.positions_table(report_model.small().positions, width=width, unicode=False)
    assert shown.isascii()
    assert all(len(line) <= max(width, 60) for line in shown.splitlines())
    assert (
        positions.positions_table(report_model.hostile().positions, width=width)
        .replace("\n", "")
        .isprintable()
    )


def test_positions_and_trades_of_a_stretch_of_time(tmp_path):
    """Of the fixture's closes the second half of the hour; a position that reaches into it counts."""
    logs = Path(__file__).parent.parent / "fixtures" / "generic-english" / "logs"
    every = json.loads(run(tmp_path, "positions", logs, "-q", "--format", "json").stdout)["positions"]
    middle = sorted(position["closed"] for position in every if position["closed"])[2]
    for command in ("positions", "trades"):
        done = run(tmp_path, command, logs, "-q", "--format", "json", "--since", middle)
        rows = json.loads(done.stdout)[command]
        assert {row["closed"] for row in rows} == {row["closed"] for row in every if row["closed"] >= middle}
