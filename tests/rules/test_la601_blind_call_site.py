"""LA601: a call in the bot's source closes a position and nothing records the result."""

from __future__ import annotations

from code_source import findings_with_logs, findings_without_logs

from logaudit.core.finding import Severity

DROPPED = """
async def manage(self):
    await self.close_position("ETH-USDT", "tp")
"""
KEPT = """
async def manage(self):
    self.journal.record(await self.close_position("ETH-USDT", "tp"))
"""


def test_the_call_that_drops_the_result_is_shown_with_its_line() -> None:
    (finding,) = findings_without_logs("LA601", DROPPED)
    assert finding.severity is Severity.ERROR
    assert finding.locations[0].text == 'await self.close_position("ETH-USDT", "tp")'
    assert finding.data["missing"] == 0


def test_a_recorded_result_is_silent() -> None:
    assert findings_without_logs("LA601", KEPT) == []


def test_with_logs_only_calls_by_which_closes_were_lost_are_named() -> None:
    """The blind bot lost four closes: two at its target, two at its stop; seven more calls never fired."""
    found = findings_with_logs("LA601", "blind-in-code", "blind-in-code")
    assert [finding.data["missing"] for finding in found] == [2, 2]
    assert findings_with_logs("LA601", "mended-in-code", "mended-in-code") == []
