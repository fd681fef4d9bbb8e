"""Two scans side by side: findings and the fates of lost trades."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
import report_model
from canonical import canonical
from msgspec.structs import replace
from report_model import trade
from world import BY_REASON, MANUAL, Deal, World

from logaudit.audit.diff import compare, of_report, saved
from logaudit.core.diff import ScanDiff
from logaudit.core.errors import UserError
from logaudit.core.report import Report
from logaudit.core.trades import TradeState
from logaudit.renderers import diff_json, diff_text, json_report

DEALS = [Deal(f"{10 + i // 6}:{i % 6}5:00.500", held=120) for i in range(12)]


def night(root: Path, recorded: int) -> Report:
    """Twelve closes, the first few of which were recorded."""
    world = World(root, end="13:00:00")
    world.kept(*DEALS[:recorded], by=MANUAL)
    world.lost(*DEALS[recorded:], by=BY_REASON)
    return world.scan()


def difference(before: Report, after: Report) -> ScanDiff:
    return compare(of_report(before, "before"), of_report(after, "after"))


def text_of(found: ScanDiff) -> str:
    return " ".join(diff_text.render(found, color=False, width=100, unicode=True).split())


def test_after_the_fix_all_closes_are_recorded(tmp_path: Path) -> None:
    found = difference(night(tmp_path / "a", 5), night(tmp_path / "b", 12))
    assert found.new == ()
    assert found.unchanged == ()
    assert {known.rule for known in found.gone} >= {"LA101", "LA102"}
    assert [fate.after for fate in found.mended] == ["recorded"] * 7
    text = text_of(found)
    assert text.startswith("After: 12 of 12 closes recorded (before: 5 of 12).")
    assert "Of 7 trades missing before: 7 recorded now." in text


def test_one_more_loss_is_one_new_finding_and_the_rest_is_unchanged(tmp_path: Path) -> None:
    found = difference(night(tmp_path / "a", 5), night(tmp_path / "b", 4))
    assert [known.rule for known in found.new] == ["LA101"]
    assert found.gone == ()
    (lost,) = found.lost
    assert (lost.before, lost.after, lost.closed) == ("recorded", "silent-drop", "2026-01-10T10:45:00.500")
    assert len(found.still) == 7


def test_a_scan_against_itself_is_unchanged() -> None:
    whole = report_model.small()
    found = difference(whole, whole)
    assert (found.new, found.gone, found.mended, found.lost) == ((), (), (), ())
    assert len(found.unchanged) == len(whole.findings)
    assert len(found.still) == 7


def test_restored_and_unseen_trades_are_not_called_recorded() -> None:
    before = replace(
        report_model.small(), trades=(trade(6, TradeState.SILENT_DROP), trade(8, TradeState.SILENT_DROP))
    )
    after = replace(report_model.small(), trades=(trade(6, TradeState.BACKFILLED),))
    found = difference(before, after)
    assert (len(found.restored), len(found.unseen), found.mended) == (1, 1, ())
    assert "1 restored by another writer, 1 not in the later logs" in text_of(found)


def test_a_saved_scan_compares_as_the_outcome_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for outcome in (report_model.small(), canonical()):
        path.write_text(json_report.render(outcome), encoding="utf-8")
        loaded, direct = saved(str(path)), of_report(outcome, str(path))
        assert loaded.side == direct.side
        assert {k.fingerprint for k in loaded.findings} == {k.fingerprint for k in direct.findings}
        assert [t.state for t in loaded.trades] == [t.state for t in direct.trades]
        assert compare(loaded, direct).new == ()


def test_a_scan_of_version_1_is_read_and_its_restored_trades_leave_the_unrecorded_money(
    tmp_path: Path,
) -> None:
    """Version 1 summed the restored closes into ``unrecorded_net_pnl``."""
    trades = (trade(6, TradeState.SILENT_DROP), trade(8, TradeState.BACKFILLED))
    old = json.loads(json_report.render(replace(report_model.small(), trades=trades)))
    old["schema_version"] = 1
    old["summary"]["unrecorded_net_pnl"] = "4.0000"
    for key in ("lost", "money", "known_money", "gross_only"):
        del old["summary"][key]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old), encoding="utf-8")
    assert saved(str(path)).side.unrecorded_net_pnl == Decimal("2.0000")
    assert [t.state for t in saved(str(path)).trades] == ["silent-drop", "backfilled"]


def test_what_is_said_about_settings_is_not_compared() -> None:
    found = difference(report_model.small(), canonical())
    assert "LA901" not in {known.rule for known in found.new}


def test_a_trade_is_the_same_whatever_digits_its_sink_prints() -> None:
    fine = replace(report_model.small(), trades=(trade(6, TradeState.SILENT_DROP),))
    coarse = replace(
        fine, trades=(replace(fine.trades[0], closed=report_model.at("2026-03-04T06:15:00"), id="other"),)
    )
    assert len(difference(fine, coarse).still) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("{}", "is not a scan"),
        ('{"schema_version": 3}', "is of version 3; this logaudit reads 1 and 2"),
        ('{"schema_version": 2}', "missing required field"),
        ('{"schema_version": 1}', "missing required field"),
    ],
)
def test_a_file_that_is_no_scan_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        saved(str(path))


def test_json_of_a_difference_holds_every_list() -> None:
    found = json.loads(diff_json.render(difference(report_model.small(), report_model.clean())))
    assert found["schema_version"] == 2
    assert found["before"]["missing"] == 7
    assert found["after"]["unrecorded_net_pnl"] == "0"
    assert set(found["findings"]) == {"new", "gone", "unchanged"}
    assert set(found["trades"]) == {"lost", "mended", "restored", "still", "unseen"}


def test_hostile_text_stays_text() -> None:
    found = difference(report_model.small(), canonical())
    text = diff_text.render(found, color=False, width=100, unicode=True, verbose=True)
    assert "\x1b" not in text
    assert "\u202e" not in text
