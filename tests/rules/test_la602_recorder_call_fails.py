"""LA602: a call that is meant to record and cannot."""

from __future__ import annotations

from code_source import findings_with_logs, findings_without_logs

from logaudit.core.finding import Severity

MISNAMED = """
async def manage(self):
    self.journal.add_trade(await self.close_position("ETH-USDT", "tp"))
"""
RIGHT = MISNAMED.replace("add_trade", "record")


def test_a_method_that_the_recorder_lacks_is_named() -> None:
    (finding,) = findings_without_logs("LA602", MISNAMED)
    assert finding.severity is Severity.ERROR
    assert "add_trade" in str(finding.message)


def test_a_call_by_the_right_name_is_silent() -> None:
    assert findings_without_logs("LA602", RIGHT) == []


def test_calls_by_which_no_close_came_yet_are_warnings() -> None:
    found = findings_with_logs("LA602", "blind-in-code", "blind-in-code")
    assert [(f.severity, f.data["closes"]) for f in found] == [(Severity.WARNING, 0)] * 2
    assert findings_with_logs("LA602", "mended-in-code", "mended-in-code") == []
