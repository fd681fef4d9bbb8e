"""Suppressions: what they cover, when they end, and what is said of those that do nothing."""

from __future__ import annotations

from datetime import date

import pytest

from logaudit.audit.policy.codes import GATES, chosen_codes, codes_of
from logaudit.audit.policy.policy import SuppressionRule
from logaudit.audit.policy.suppressions import matches, suppress
from logaudit.config import Suppression
from logaudit.core.errors import UserError
from logaudit.core.finding import Finding, Severity
from logaudit.core.location import Location
from logaudit.core.message import Message

TODAY = date(2026, 3, 4)


def finding(rule: str = "LA101", path: str = "logs/bot.log", print_: str = "f" * 16) -> Finding:
    places = (Location(path),) if path else ()
    return Finding(rule, "x", Severity.ERROR, Message("m"), places, print_)


def rule(**fields) -> SuppressionRule:
    item = Suppression(reason="because", **fields)
    return SuppressionRule(item, codes_of([item.rule], "here") if item.rule else frozenset(), str(fields))


def covered(one: SuppressionRule, found: Finding) -> bool:
    kept, apart, _ = suppress([found], [one], TODAY)
    assert len(kept) + len(apart) == 1
    return bool(apart)


@pytest.mark.parametrize(
    ("fields", "yes", "no"),
    [
        ({"rule": "LA101"}, finding("LA101"), finding("LA102")),
        ({"rule": "missing-row"}, finding("LA101"), finding("LA102")),
        ({"path": "logs/*.log"}, finding(path="logs/a.log"), finding(path="logs/b/a.log")),
        ({"path": "trades_*.csv"}, finding(path="x/y/trades_1.csv"), finding(path="x/trades_1.csv.bak")),
        ({"path": "old/**"}, finding(path="old/a/b.log"), finding(path="older/b.log")),
        ({"path": "**/a.log"}, finding(path="a.log"), finding(path="ba.log")),
        ({"fingerprint": "ABCDEF0123456789"}, finding(print_="abcdef0123456789"), finding(print_="0" * 16)),
        ({"rule": "LA101", "path": "a/*"}, finding("LA101", "a/b"), finding("LA102", "a/b")),
        ({"path": "**"}, finding(path="a"), finding(path="")),
    ],
)
def test_all_conditions_given_must_hold(fields: dict[str, str], yes: Finding, no: Finding) -> None:
    assert covered(rule(**fields), yes)
    assert not covered(rule(**fields), no)


def test_a_path_may_name_an_archives_member() -> None:
    zipped = Finding("LA101", "x", Severity.ERROR, Message("m"), (Location("a/b.zip", "c.log", 3),), "0")
    assert covered(rule(path="a/b.zip!c.log"), zipped)
    assert covered(rule(path="b.zip"), zipped)


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("a[0-9].log", "x/a1.log", True),
        ("a[!0-9].log", "ab.log", True),
        ("a[!0-9].log", "a1.log", False),
        ("a?.log", "a/.log", False),
        ("logs/", "logs/a/b", True),
        ("./logs/a", "logs/a", True),
        ("logs\\a", "logs/a", True),
        ("a+(b).log", "a+(b).log", True),
        ("[", "[", True),
    ],
)
def test_globs_read_as_in_ignore_files(pattern: str, path: str, *, fits: bool) -> None:
    assert matches(pattern, path) is fits


def test_a_suppression_holds_through_its_last_day_and_is_reported_after() -> None:
    kept, apart, about = suppress([finding()], [rule(rule="LA101", until=TODAY)], TODAY)
    assert (kept, len(apart), about) == ([], 1, [])
    kept, apart, about = suppress([finding()], [rule(rule="LA101", until=date(2026, 3, 3))], TODAY)
    assert (len(kept), apart) == (1, [])
    (told,) = about
    assert (told.rule, told.severity) == ("LA903", Severity.NOTE)
    assert "2026-03-03" in str(told.message)
    assert "because" in str(told.message)


def test_a_suppression_without_use_is_reported() -> None:
    _, _, about = suppress([finding()], [rule(rule="LA101"), rule(rule="LA102")], TODAY)
    (told,) = about
    assert (told.rule, told.severity) == ("LA904", Severity.NOTE)
    assert "rule LA102" in str(told.message)


def test_a_suppressed_finding_keeps_its_reason() -> None:
    _, (apart,), _ = suppress([finding()], [rule(rule="LA101"), rule(path="**")], TODAY)
    assert apart.finding == finding()
    assert apart.reason == "because"


# --- Words for rules


def test_rules_are_chosen_by_code_name_and_beginning() -> None:
    assert codes_of(["la101", "silent-recorder"], "x") == {"LA101", "LA102"}
    assert codes_of(["LA5"], "x") == {"LA501", "LA502", "LA503"}
    chosen = chosen_codes(["LA1"], ["LA101"], ("--select", "--ignore"))
    assert "LA101" not in chosen
    assert "LA102" in chosen
    assert "LA201" not in chosen
    assert chosen >= GATES


@pytest.mark.parametrize(("word", "near"), [("LA10l", "LA1"), ("missing-rows", "missing-row"), ("", "")])
def test_an_unknown_rule_is_refused_with_its_place_and_a_near_one(word: str, near: str) -> None:
    with pytest.raises(UserError, match=r"^--select: there is no rule") as caught:
        codes_of([word], "--select")
    assert near in caught.value.remedy


def test_leaving_no_rule_is_refused() -> None:
    with pytest.raises(UserError, match="leaves no rule"):
        chosen_codes(["LA101"], ["LA1"], ("--select", "--ignore"))
