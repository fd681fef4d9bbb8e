"""Two languages that say the same: every value has words, right plurals, durations and shares."""

from __future__ import annotations

from decimal import Decimal

import pytest

from logaudit.core.diagnosis import Likelihood, PredictionState, StageState
from logaudit.core.fields import PositionSide
from logaudit.core.finding import Severity
from logaudit.core.location import Role
from logaudit.core.message import Code, msg, plural
from logaudit.core.timestamp import DAY, HOUR, MINUTE, SECOND
from logaudit.core.trades import TradeState
from logaudit.renderers.document.charts.drawing import TradeOutcome
from logaudit.renderers.document.document import CodeSpan, TextSpan
from logaudit.renderers.document.labels import SEVERITIES, SIDES, STATES
from logaudit.renderers.document.state_labels import (
    LIKELIHOODS,
    OUTCOMES,
    PREDICTION_STATES,
    ROLES,
    STAGE_STATES,
    TALLIES,
)
from logaudit.renderers.document.translator import Translator, flat, money
from logaudit.renderers.wording import STATE_MEANINGS
from logaudit.rules import REGISTRY


def test_every_rule_state_and_role_has_its_words() -> None:
    # LA9xx are about the check itself and belong to no report.
    assert all(r.rule.title for r in REGISTRY if not r.rule.code.startswith("LA9"))
    assert set(TradeState) == STATES.keys() == STATE_MEANINGS.keys()
    assert set(Severity) == SEVERITIES.keys()
    assert set(PositionSide) == SIDES.keys()
    assert set(Role) == ROLES.keys()
    assert set(StageState) == STAGE_STATES.keys()
    assert set(PredictionState) == PREDICTION_STATES.keys() == TALLIES.keys()
    assert set(Likelihood) == LIKELIHOODS.keys()
    assert set(TradeOutcome) == OUTCOMES.keys()


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
    assert flat(Translator("ru").spans(plural("{n} close", "{n} closes", count))).endswith(f" {noun}")


def test_english_counts() -> None:
    counts = [flat(Translator("en").spans(plural("{n} close", "{n} closes", n))) for n in (0, 1, 2, 12_345)]
    assert counts == ["0 closes", "1 close", "2 closes", "12,345 closes"]


def test_code_and_strong_words_are_set_apart() -> None:
    assert Translator("en").spans(msg("**Do** {what}.", what=Code("ls"))) == (
        TextSpan("Do", strong=True),
        TextSpan(" "),
        CodeSpan("ls"),
        TextSpan("."),
    )


def test_a_renderer_fills_the_fields_that_a_message_leaves_open() -> None:
    """Spans stay as they are, strings and counts become words, messages are said in the language."""
    link = CodeSpan("a.log")
    found = Translator("en").spans(
        msg("{n} in {link} of {of}: {name}"),
        {"n": 1_000, "link": (link,), "of": plural("{n} log", "{n} logs", 2), "name": "x"},
    )
    assert found == (TextSpan("1,000 in "), link, TextSpan(" of 2 logs: x"))


def test_a_field_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="gone"):
        Translator("en").spans(msg("{gone}"), {})
    with pytest.raises(KeyError, match="gone"):
        str(msg("{gone}"))


def test_braces_in_values_are_not_fields() -> None:
    assert flat(Translator("en").spans(msg("{a}"), {"a": "{b} {0}"})) == "{b} {0}"


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
