"""LA605: a call that would lose a close, by which none came in these logs."""

from __future__ import annotations

from code_source import findings_with_logs, findings_without_logs

from logaudit.core.finding import Severity

DROPPED = """
async def manage(self):
    await self.close_position("ETH-USDT", "tp")
"""


def test_blind_calls_without_closes_are_warnings_beside_those_that_lost() -> None:
    """Nine calls of the bot are blind; by two of them closes were lost, which LA601 says."""
    found = findings_with_logs("LA605", "blind-in-code", "blind-in-code")
    assert len(found) == 7
    assert {f.severity for f in found} == {Severity.WARNING}
    assert all(f.data["closes"] == 0 for f in found)


def test_the_mended_bot_is_silent() -> None:
    assert findings_with_logs("LA605", "mended-in-code", "mended-in-code") == []


def test_without_logs_nothing_tells_what_fired() -> None:
    assert findings_without_logs("LA605", DROPPED) == []
