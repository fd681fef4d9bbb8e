"""What rules and statements say in English comes out in Russian, with the same figures."""

from __future__ import annotations

import re
from functools import cache

import pytest
from test_scan_fixtures import NAMES, outcome_of

from logaudit.core.finding import Finding
from logaudit.core.report import Report
from logaudit.renderers.document.translator import Translator, flat

SPEECH = Translator("ru")


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
        text = flat(SPEECH.spans(statement.message))
        assert re.search("[а-я]{3}", text)
        assert figures(str(statement.message)) <= figures(text), (str(statement.message), text)


@pytest.mark.parametrize("name", NAMES)
def test_remarks_of_the_fixtures_are_said_in_russian(name: str) -> None:
    outcome = scanned(name)
    remarks = [clock.basis for clock in outcome.clocks] + [one.reason for one in outcome.skipped]
    for message in (*remarks, *(choice.why for choice in outcome.profiles)):
        assert re.search("[а-я]{3}", flat(SPEECH.spans(message))), message
