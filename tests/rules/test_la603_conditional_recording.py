"""LA603: a condition decides whether a close is recorded."""

from __future__ import annotations

from code_source import findings_with_logs, findings_without_logs

from logaudit.core.finding import Severity

CONDITIONAL = """
async def manage(self):
    result = await self.close_position("ETH-USDT", "tp")
    if self.live:
        self.journal.record(result)
"""
SETTLED = CONDITIONAL.replace("self.live", "result")


def test_the_condition_is_quoted_and_a_note_while_nothing_was_lost_by_it() -> None:
    (finding,) = findings_without_logs("LA603", CONDITIONAL)
    assert finding.severity is Severity.NOTE
    assert "self.live" in str(finding.message)
    assert finding.data["sites"][0]["condition"] == "self.live"


def test_a_test_that_the_result_itself_settles_is_silent() -> None:
    assert findings_without_logs("LA603", SETTLED) == []


def test_the_mended_bot_keeps_its_three_conditions() -> None:
    assert len(findings_with_logs("LA603", "mended-in-code", "mended-in-code")) == 3
