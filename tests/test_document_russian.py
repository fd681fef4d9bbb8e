"""What rules and statements say in English comes out in Russian, with the same figures, made from their data."""

from __future__ import annotations

import re
from functools import cache

import pytest
from test_scan_fixtures import NAMES, outcome_of

from logaudit.core.finding import Finding
from logaudit.core.report import Report, Statement
from logaudit.renderers.document import russian
from logaudit.renderers.document.translator import Translator, flat
from logaudit.rules import REGISTRY

SPEECH = Translator("ru")
#: Rules whose findings no fixture shows.
NOT_IN_FIXTURES = {"LA104", "LA204", "LA401", "LA404", "LA405", "LA501", "LA502"}


@cache
def scanned(name: str) -> Report:
    return outcome_of(name)


def said(finding: Finding) -> str:
    return flat(SPEECH.spans(finding.message))


def figures(text: str) -> set[str]:
    """Amounts with decimals and times of day: what no translation may lose."""
    return set(re.findall(r"(?<!\d)[+-]\d+\.\d{2,}|\d\d:\d\d:\d\d(?:\.\d+)?", text))


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_of_the_fixtures_is_said_with_its_figures(name: str) -> None:
    for finding in scanned(name).findings:
        text = said(finding)
        assert re.search("[а-я]{3}", text)
        assert "–." not in text, finding
        assert figures(str(finding.message)) <= figures(text), (str(finding.message), text)


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_of_the_fixtures_is_said_with_its_figures(name: str) -> None:
    outcome = scanned(name)
    for statement in (*outcome.healthy, *outcome.unjudged):
        told = russian.statement(statement, SPEECH)
        assert told is not None, statement.code
        assert figures(statement.message) <= figures(flat(told)), (statement.message, flat(told))


def test_the_fixtures_show_nearly_all_rules() -> None:
    shown = {finding.rule for name in NAMES for finding in scanned(name).findings}
    rules = {r.rule.code for r in REGISTRY if not r.rule.code.startswith("LA9")}
    assert rules - shown <= NOT_IN_FIXTURES


def test_what_the_catalogue_does_not_know_is_left_to_the_english_message() -> None:
    assert russian.statement(Statement("brand-new", ".", "x", data={"a": 1}), SPEECH) is None


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("no close and row agree in their values", "нет закрытия и строки с одинаковыми значениями"),
        ("5 of 7 rows lie within 5 s of a logged close", "5 из 7 строк не дальше 5 с от закрытия в логе"),
        ("--tz +03:00", "--tz +03:00"),
        ("anything new", "anything new"),
    ],
)
def test_short_remarks(english: str, expected: str) -> None:
    assert russian.remark(english) == expected


def test_the_evidence_for_a_profile_keeps_what_it_quotes() -> None:
    text = "bot: 2 of 13 markers (a of b, …), 12 patterns matched in 1,445 sampled lines"
    assert (
        russian.profile_evidence(text)
        == "bot: признаков 2 из 13 (a of b, …), шаблонов подошло 12 (строк просмотрено: 1,445)"
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_remark_of_the_fixtures_stays_english(name: str) -> None:
    outcome = scanned(name)
    remarks = [clock.basis for clock in outcome.clocks] + [one.reason for one in outcome.skipped]
    assert all(russian.remark(text) != text for text in remarks)
    assert all(russian.profile_evidence(choice.why) != choice.why for choice in outcome.profiles)
