"""LA604: the source that was named is not the one that wrote the logs."""

from __future__ import annotations

from code_source import findings_with_logs, findings_without_logs, tree_of

from logaudit.audit.source_report import source_report
from logaudit.codepaths.classify import analyze
from logaudit.core.finding import Severity
from logaudit.profiles import load_built_in

RECORDED = """
async def manage(self):
    self.journal.record(await self.close_position("ETH-USDT", "tp"))
"""


def test_another_version_is_named_and_makes_no_claims_of_the_module_that_differs() -> None:
    (finding,) = findings_with_logs("LA604", "blind-in-code", "mended-in-code")
    assert finding.severity is Severity.WARNING
    assert finding.locations[0].path.endswith("tide/desk.py")
    assert finding.data["matched"] < finding.data["emitters"]
    assert findings_with_logs("LA601", "blind-in-code", "mended-in-code") == []


def test_the_source_that_ran_is_silent() -> None:
    assert findings_with_logs("LA604", "blind-in-code", "blind-in-code") == []
    assert findings_without_logs("LA604", RECORDED) == []


def test_a_source_without_a_recorder_is_said_with_the_option_that_names_one() -> None:
    analysis = analyze(tree_of(desk="def price():\n    return 1\n"), load_built_in("generic"), "")
    (finding,) = [f for f in source_report(analysis).findings if f.rule == "LA604"]
    assert "--recorder" in str(finding.remedy)
