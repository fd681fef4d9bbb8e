"""Every phrase in every language: the same codes, the same params, and nothing emitted that cannot be said."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from diagnosed import FIXTURES, fixture

from logaudit import diagnosis as package
from logaudit.core.diagnosis import Condition, Diagnosis, Phrase
from logaudit.diagnosis.attributes import Attribute
from logaudit.renderers.phrases import LANGUAGES, condition, en, ru, translate
from logaudit.renderers.phrases.ru_words import counted, span

FAMILIES = ("chain.", "blind.", "headline.", "separate.", "check.", "found.")
LOSING = [p.parent.name for p in sorted(FIXTURES.glob("*/expected.json"))]


def phrases(diagnosis: Diagnosis) -> list[Phrase]:
    """Every phrase of a diagnosis."""
    silent = [one.abstained for one in (*diagnosis.divergences, *diagnosis.blind_paths) if one.abstained]
    causes = [p for h in diagnosis.hypotheses for p in (h.title, h.check)]
    facts = [p for h in diagnosis.hypotheses for fact in h.predictions for p in (fact.predicts, fact.found)]
    apart = [one.observation for one in diagnosis.separations]
    return [
        *diagnosis.headline,
        *silent,
        *causes,
        *facts,
        *apart,
        *(c.what for c in diagnosis.next_checks),
    ]


def codes_in_source() -> set[str]:
    """Every text in the diagnosis that is a phrase's code, f-strings spelled out by the hypothesis they are in."""
    found: set[str] = set()
    for path in Path(package.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = [
            node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id == "ID"
            and isinstance(node.value, ast.Constant)
        ]
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.startswith(FAMILIES)
            ):
                found.add(node.value)
            if names and isinstance(node, ast.JoinedStr) and len(node.values) == 2:
                first, rest = node.values
                if isinstance(first, ast.FormattedValue) and ast.unparse(first.value) == "ID":
                    found.add(f"{names[0]}{rest.value}")
    return {code for code in found if not code.endswith((".", "-"))}


def test_both_languages_have_the_same_codes():
    assert set(en.PHRASES) == set(ru.PHRASES)


def test_every_code_in_the_source_can_be_said():
    codes = codes_in_source()
    assert len(codes) > 90
    assert codes <= set(en.PHRASES)


def test_no_phrase_is_left_over():
    used = codes_in_source()
    spare = {
        code
        for code in en.PHRASES
        if code not in used
        and not code.startswith("condition.")
        and not code.endswith((".title", ".silence", ".acknowledged", ".no-row"))
        and code != "and"
    }
    assert spare == set()


def test_plain_templates_name_the_same_params_in_both_languages():
    for code, template in en.PHRASES.items():
        other = ru.PHRASES[code]
        if isinstance(template, str) and isinstance(other, str):
            fields = [
                {name for _, name, _, _ in string.Formatter().parse(t) if name} for t in (template, other)
            ]
            assert fields[0] == fields[1], code


@pytest.mark.parametrize("name", LOSING)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_a_diagnosis_emits_is_said_in_whole_sentences(name, lang):
    for phrase in phrases(fixture(name).diagnosis):
        sentence = translate(phrase, lang)
        assert sentence.strip() == sentence
        assert "{" not in sentence.replace("{symbol}", "").replace("{side}", "")
        assert "  " not in sentence


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_attribute_can_be_said(lang):
    for attribute in Attribute:
        assert "the-value" in condition([Condition(attribute.value, "the-value")], lang)


def test_conditions_that_hold_together_are_joined():
    both = [Condition("path", "a:b"), Condition("reason", "tp")]
    assert condition(both) == "the code path is a:b and the reason is tp"
    assert condition(both, "ru") == "путь кода — a:b и причина — tp"


def test_braces_and_codes_in_log_text_are_plain_text():
    path = [Condition("reason", "{value} {0} %s")]
    assert condition(path) == "the reason is {value} {0} %s"


def test_times_are_said_with_a_space_and_other_texts_as_they_are():
    phrase = Phrase(
        "found.opened-at-hand", {"file": "logs/2026-01-10T10:00.csv", "at": "2026-01-10T10:00:00.25"}
    )
    assert translate(phrase) == (
        "The recorder opened logs/2026-01-10T10:00.csv at 2026-01-10 10:00:00.25, and a file of that name is at hand."
    )


def test_an_unknown_code_is_an_error():
    with pytest.raises(KeyError):
        translate(Phrase("no.such-code"))


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 строк"),
        (1, "1 строка"),
        (3, "3 строки"),
        (5, "5 строк"),
        (11, "11 строк"),
        (21, "21 строка"),
        (112, "112 строк"),
    ],
)
def test_russian_counts(count, text):
    assert counted(count, "строка", "строки", "строк") == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(5, "5 с"), (720, "12 мин"), (8340, "2 ч 19 мин"), (7200, "2 ч"), (273600, "3 д 4 ч")],
)
def test_russian_spans(seconds, text):
    assert span(seconds) == text
