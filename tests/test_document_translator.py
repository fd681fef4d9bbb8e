"""Two languages that say the same: equal catalogues, right plurals, durations and shares in words."""

from __future__ import annotations

from decimal import Decimal
from string import Formatter

import pytest

from logaudit.core.fields import PositionSide
from logaudit.core.finding import Severity
from logaudit.core.location import Role
from logaudit.core.timestamp import DAY, HOUR, MINUTE, SECOND
from logaudit.core.trades import TradeState
from logaudit.renderers.document.document import CodeSpan, TextSpan
from logaudit.renderers.document.labels import SEVERITIES, SIDES, STATE_MEANINGS, STATES
from logaudit.renderers.document.texts import TEXTS
from logaudit.renderers.document.translator import Translator, flat, money
from logaudit.rules import REGISTRY


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_fields() -> None:
    assert TEXTS["en"].keys() == TEXTS["ru"].keys()
    for key, text in TEXTS["en"].items():
        assert fields(text) == fields(TEXTS["ru"][key]), key


def test_plurals_have_as_many_forms_as_the_language() -> None:
    for lang, forms in (("en", 2), ("ru", 3)):
        for key, text in TEXTS[lang].items():
            specs = [spec for _, _, spec, _ in Formatter().parse(text) if spec]
            assert all(len(spec.split("|")) == forms for spec in specs), key


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_rule_state_and_role_has_its_words(lang: str) -> None:
    texts = TEXTS[lang]
    # LA9xx are about the check itself and belong to no report.
    assert all(
        r.rule.title or f"rule.{r.rule.code}" in texts for r in REGISTRY if not r.rule.code.startswith("LA9")
    )
    assert set(TradeState) == STATES.keys() == STATE_MEANINGS.keys()
    assert set(Severity) == SEVERITIES.keys()
    assert set(PositionSide) == SIDES.keys()
    assert all(f"role.{role.value}" in texts for role in Role)


@pytest.mark.parametrize(
    ("count", "noun"),
    [
        (0, "закрытий"),
        (1, "закрытие"),
        (2, "закрытия"),
        (5, "закрытий"),
        (11, "закрытий"),
        (21, "закрытие"),
        (14, "закрытий"),
        (24, "закрытия"),
        (100, "закрытий"),
        (112, "закрытий"),
        (1001, "закрытие"),
    ],
)
def test_russian_counts(count: int, noun: str) -> None:
    said = Translator("ru").fill("{n:закрытие|закрытия|закрытий}", n=count)
    assert flat(said).endswith(f" {noun}")


def test_english_counts() -> None:
    speech = Translator("en")
    said = [flat(speech.fill("{n:close|closes} {n!n:is|are}", n=n)) for n in (0, 1, 2, 12_345)]
    assert said == ["0 closes are", "1 close is", "2 closes are", "12,345 closes are"]


def test_code_and_strong_words_are_set_apart() -> None:
    assert Translator("en").fill("**Do** {what!c}.", what="ls") == (
        TextSpan("Do", strong=True),
        TextSpan(" "),
        CodeSpan("ls"),
        TextSpan("."),
    )


def test_braces_in_values_are_not_fields() -> None:
    assert flat(Translator("en").fill("{a}", a="{b} {0}")) == "{b} {0}"


@pytest.mark.parametrize(
    ("us", "english", "russian"),
    [
        (300, "0 ms", "0 мс"),
        (45_000, "45 ms", "45 мс"),
        (90 * SECOND, "90 s", "90 с"),
        (12 * MINUTE, "12 min", "12 мин"),
        (2 * HOUR + 19 * MINUTE, "2 h 19 min", "2 ч 19 мин"),
        (3 * DAY + 4 * HOUR + 5 * MINUTE, "3 d 4 h", "3 д 4 ч"),
        (2 * DAY, "2 d", "2 д"),
        (-HOUR, "1 h", "1 ч"),
    ],
)
def test_durations(us: int, english: str, russian: str) -> None:
    assert (Translator("en").duration(us), Translator("ru").duration(us)) == (english, russian)


def test_shares_and_amounts() -> None:
    assert Translator("en").percent(Decimal("0.5833")) == "58.3%"
    assert Translator("ru").percent(Decimal(1)) == "100 %"
    assert Translator("en").percent(None) == "–"
    assert (money(Decimal("1.9434")), money(Decimal("-4.2677")), money(Decimal("0.0"))) == (
        "+1.9434",
        "-4.2677",
        "0.0",
    )
    # A third: as many places as an amount has, not all that division yields.
    assert money(Decimal(1) / Decimal(3)) == "+0.3333"
    assert money(None) == "–"
