"""The seed's incident, statement by statement, as `scan` must tell it."""

from __future__ import annotations

import pytest
from test_scan_fixtures import outcome_of

from logaudit.core.finding import Finding, Severity
from logaudit.core.report import Report


@pytest.fixture(scope="module")
def outcome() -> Report:
    return outcome_of("seed-incident")


def only(outcome: Report, code: str) -> Finding:
    found = [f for f in outcome.findings if f.rule == code]
    assert len(found) == 1
    return found[0]


def test_the_close_is_missing_with_all_its_fields(outcome: Report) -> None:
    finding = only(outcome, "LA101")
    assert finding.severity is Severity.ERROR
    data = finding.data
    assert (data["symbol"], data["side"], data["reason"]) == ("BTC-USDT", "short", "tp")
    assert data["closed"] == "2025-11-28T05:13:38.049"
    assert (data["entry_price"], data["exit_price"]) == ("91480.000000", "90579.200000")
    assert (data["gross_pnl"], data["net_pnl"]) == ("2.1619", "1.9434")
    assert finding.locations[0].path == "futures/info_2025-11-28.log"
    assert "ПОЗИЦИЯ ЗАКРЫТА: BTC-USDT SHORT" in finding.locations[0].text


def test_the_recorder_was_silent(outcome: Report) -> None:
    finding = only(outcome, "LA102")
    assert "The only close of this run went unrecorded" in str(finding.message)
    assert "logged no error" in str(finding.message)


def test_the_ledger_in_force_is_header_only(outcome: Report) -> None:
    finding = only(outcome, "LA202")
    assert finding.severity is Severity.ERROR
    assert finding.data["ledger"] == "trades_2025-11-27.csv"
    assert finding.data["bytes"] == 109


def test_the_day_has_no_ledger(outcome: Report) -> None:
    assert only(outcome, "LA201").data["date"] == "2025-11-28"


def test_no_initialisation_was_observed_and_both_streams_were_searched(outcome: Report) -> None:
    finding = only(outcome, "LA109")
    assert finding.data["searched"] == ["futures_main", "info"]
    assert finding.data["start_observed"] is False
    assert "futures_main" in str(finding.message)
    assert "info" in str(finding.message)


def test_over_rotation_names_count_and_interval(outcome: Report) -> None:
    data = only(outcome, "LA403").data
    assert data["archives"] == 111
    assert isinstance(data["interval_median_seconds"], int)
    assert 600 <= data["interval_median_seconds"] <= 900


def test_there_is_no_other_error(outcome: Report) -> None:
    errors = {f.rule for f in outcome.findings if f.severity is Severity.ERROR}
    assert errors == {"LA101", "LA102", "LA201", "LA202"}


def test_the_debug_csv_is_healthy(outcome: Report) -> None:
    alive = [s for s in outcome.healthy if s.code == "csv-alive"]
    assert [s.locations[0].path for s in alive] == ["futures/debug/debug_20251127_225221.csv"]


def test_the_time_zone_is_cleared_with_its_reason(outcome: Report) -> None:
    (statement,) = [s for s in outcome.healthy if s.code == "time-zone-not-the-cause"]
    assert "+05:13:38" in str(statement.message)
    assert "trades_2025-11-27.csv holds no row at all" in str(statement.message)


def test_zero_recorder_errors_are_stated_as_observed(outcome: Report) -> None:
    (statement,) = [s for s in outcome.healthy if s.code == "recorder-errors-none"]
    assert str(statement.message).startswith("0 recorder errors observed in ")
    assert statement.searched == ("futures_main", "info")
