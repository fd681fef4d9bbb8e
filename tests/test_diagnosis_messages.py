"""Every message that a diagnosis emits, in every language: whole sentences, and text from logs as it is."""

from __future__ import annotations

import re

import pytest
from diagnosed import FIXTURES, fixture

from logaudit.core.diagnosis import Condition, Diagnosis
from logaudit.core.message import (
    Message,
    plain_text,
)
from logaudit.diagnosis.wording import condition
from logaudit.locale import installed, language

LOSING = [p.parent.name for p in sorted(FIXTURES.glob("*/expected.json"))]


def emitted(diagnosis: Diagnosis) -> list[Message]:
    """Every sentence of a diagnosis."""
    silent = [one.abstained for one in (*diagnosis.divergences, *diagnosis.blind_paths) if one.abstained]
    causes = [p for h in diagnosis.hypotheses for p in (h.title, h.check)]
    facts = [p for h in diagnosis.hypotheses for fact in h.predictions for p in (fact.predicts, fact.found)]
    return [
        *diagnosis.headline,
        *silent,
        *causes,
        *facts,
        *(one.observation for one in diagnosis.separations),
        *(check.what for check in diagnosis.next_checks),
    ]


@pytest.mark.parametrize("name", LOSING)
@pytest.mark.parametrize("lang", installed())
def test_everything_that_a_diagnosis_emits_is_said_in_whole_sentences(name: str, lang: str) -> None:
    for message in emitted(fixture(name).diagnosis):
        sentence = plain_text(message, language(lang))
        assert sentence.strip() == sentence
        assert "{" not in sentence.replace("{symbol}", "").replace("{side}", "")
        assert "  " not in sentence
        assert lang != "ru" or re.search("[а-я]{2}", sentence), sentence


def test_conditions_that_hold_together_are_joined() -> None:
    both = condition([Condition("path", "a:b"), Condition("reason", "tp")])
    assert str(both) == "the code path is a:b and the reason is tp"
    assert plain_text(both, language("ru")) == "путь кода — a:b и причина — tp"


def test_braces_in_log_text_are_plain_text() -> None:
    assert str(condition([Condition("reason", "{value} {0} %s")])) == "the reason is {value} {0} %s"


@pytest.mark.parametrize("name", ["two-causes", "random-losses"])
def test_a_causes_clause_says_what_its_title_says(name: str) -> None:
    for one in fixture(name).diagnosis.hypotheses:
        for lang in installed():
            title, clause = (plain_text(said, language(lang)) for said in (one.title, one.clause))
            assert title.lower() == clause.lower()
            assert title[0].isupper()
            assert clause[0].islower()
