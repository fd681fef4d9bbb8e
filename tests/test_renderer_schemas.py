"""Formats that other programs read, against their schemas and their readers."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import junitparser
import pytest
import report_model
import xmlschema
from canonical import PLACES, RULEBOOK, canonical
from jsonschema import Draft4Validator, Draft202012Validator
from msgspec.structs import replace

from logaudit.core.docs_url import DOCS_URL
from logaudit.core.finding import Finding, Severity
from logaudit.core.location import Address, Location
from logaudit.core.message import Message
from logaudit.core.report import Report
from logaudit.renderers import gitlab, junit, sarif
from logaudit.renderers.style import RenderStyle

SCHEMAS = Path(__file__).parent / "schemas"
OUTCOMES = {
    "hostile": canonical,
    "small": report_model.small,
    "clean": report_model.clean,
    "sessions": report_model.sessions,
}
each = pytest.mark.parametrize("name", OUTCOMES)

STYLE = RenderStyle(rulebook=lambda: RULEBOOK)


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text("utf-8"))


def read_sarif(outcome: Report) -> Any:
    (run,) = json.loads(sarif.render(outcome, STYLE))["runs"]
    return run


@each
def test_sarif_fits_the_official_schema(name: str) -> None:
    validator = Draft4Validator(
        schema("sarif-2.1.0-rtm.5.json"), format_checker=Draft4Validator.FORMAT_CHECKER
    )
    validator.validate(json.loads(sarif.render(OUTCOMES[name](), STYLE)))


def test_the_official_schema_is_strict_enough_to_refuse_a_misspelt_key() -> None:
    broken = json.loads(sarif.render(report_model.small(), STYLE))
    broken["runs"][0]["results"][0]["ruleID"] = "LA101"
    assert not Draft4Validator(schema("sarif-2.1.0-rtm.5.json")).is_valid(broken)


def test_sarif_has_what_github_asks_for() -> None:
    run = read_sarif(canonical())
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert len(rule["fullDescription"]["text"]) > 30
        assert "# What to do" in rule["help"]["text"]
        assert "## What to do" in rule["help"]["markdown"]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert region["startLine"] == region["endLine"] >= 1
        assert region["startColumn"] < region["endColumn"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri), "a relative URI"
        assert not uri.startswith(("/", "."))


def test_a_rule_in_sarif_names_its_page() -> None:
    rules = read_sarif(canonical())["tool"]["driver"]["rules"]
    assert len(rules) == len(RULEBOOK)
    for rule in rules:
        assert rule["helpUri"] == f"{DOCS_URL}rules/{rule['id'].lower()}/"


def test_sarif_fingerprints_are_unique_and_of_the_kind_that_github_uses() -> None:
    prints = [r["partialFingerprints"] for r in read_sarif(canonical())["results"]]
    assert all(list(p) == ["primaryLocationLineHash"] for p in prints)
    assert max(Counter(p["primaryLocationLineHash"] for p in prints).values()) == 1


def test_an_alert_keeps_its_file_while_its_log_is_rotated() -> None:
    """The same line, first in the live log, then in a rotated archive elsewhere."""

    def at(address: Address) -> Any:
        small = report_model.small()
        source = replace(small.sources[0], address=address, stream="main")
        place = Location(address.path, address.member, 106)
        finding = replace(small.findings[0], locations=(place,))
        (result,) = read_sarif(replace(small, sources=(source,), findings=(finding,)))["results"]
        return result

    live = at(Address("logs/main_2026-03-04.log"))
    rotated = at(Address("logs/archive/main_2026-03-04.06-00.zip", "main_2026-03-04.06-00.log"))
    for result in (live, rotated):
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"]["uri"] == "main.log"
    assert live["partialFingerprints"] == rotated["partialFingerprints"]
    assert (
        "logs/archive/main_2026-03-04.06-00.zip!main_2026-03-04.06-00.log:106" in rotated["message"]["text"]
    )
    related = rotated["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert related == "logs/archive/main_2026-03-04.06-00.zip"


def test_suppressed_findings_are_left_out_of_sarif_and_known_ones_marked() -> None:
    outcome = canonical()
    results = read_sarif(outcome)["results"]
    assert len(results) == len(outcome.findings) + 1
    assert [r["baselineState"] for r in results].count("unchanged") == 1
    assert "LA206" not in {r["ruleId"] for r in results}
    assert all("baselineState" not in r for r in read_sarif(report_model.small())["results"])


def test_brackets_in_sarif_messages_make_no_links() -> None:
    for result in read_sarif(canonical())["results"]:
        assert not re.search(r"(?<!\\)[\[\]]", result["message"]["text"])


def test_sarif_holds_the_gravest_findings_where_there_are_too_many() -> None:
    small = report_model.small()
    note = replace(small.findings[0], severity=Severity.NOTE)
    error = replace(small.findings[0], severity=Severity.ERROR)
    run = read_sarif(replace(small, findings=(note,) * 25_000 + (error,)))
    assert len(run["results"]) == 25_000
    assert run["results"][0]["level"] == "error"
    (told,) = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("1 finding")


# --- GitLab


@each
def test_gitlab_fits_the_schema_of_its_report(name: str) -> None:
    text = gitlab.render(OUTCOMES[name]())
    assert not text.startswith("\ufeff")
    Draft202012Validator(schema("gitlab-code-quality.json")).validate(json.loads(text))


def test_gitlab_does_not_merge_findings_that_are_alike() -> None:
    outcome = canonical()
    issues = json.loads(gitlab.render(outcome))
    assert len({issue["fingerprint"] for issue in issues}) == len(outcome.findings)


# --- JUnit


@pytest.fixture(scope="module")
def xsd() -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(str(SCHEMAS / "junit-10.xsd"))


@each
def test_junit_fits_the_common_schema(xsd: xmlschema.XMLSchema10, name: str) -> None:
    xsd.validate(junit.render(OUTCOMES[name](), STYLE))


@each
def test_junit_loads_in_junitparser(name: str) -> None:
    outcome = OUTCOMES[name]()
    loaded = junitparser.JUnitXml.fromstring(junit.render(outcome, STYLE).encode())
    cases = [case for suite in loaded for case in suite]
    assert loaded.tests == len(cases) > 20
    failed = [c for c in cases if any(isinstance(r, junitparser.Failure) for r in c.result)]
    assert loaded.failures == len(failed)


def test_a_clean_run_has_passing_cases() -> None:
    loaded = junitparser.JUnitXml.fromstring(junit.render(report_model.clean(), STYLE).encode())
    (suite,) = list(loaded)
    assert suite.failures == 0
    assert sum(case.is_passed for case in suite) == suite.tests > 20


def test_a_rule_that_could_not_be_judged_is_skipped() -> None:
    """A ledger without logs: the ledger's own rules can be judged, those about closes cannot."""
    blind = replace(report_model.clean(), coverage=())
    loaded = junitparser.JUnitXml.fromstring(junit.render(blind, STYLE).encode())
    cases = {case.name: case for suite in loaded for case in suite}
    assert cases["LA101 missing-row"].is_skipped
    assert cases["LA203 malformed-row"].is_passed
    left_out = replace(report_model.clean(), review=replace(report_model.clean().review, left_out=("LA203",)))
    loaded = junitparser.JUnitXml.fromstring(junit.render(left_out, STYLE).encode())
    assert {case.name for suite in loaded for case in suite if case.is_skipped} == {"LA203 malformed-row"}


@pytest.mark.parametrize(
    ("limit", "rules"),
    [
        (Severity.ERROR, {"LA101", "LA102"}),
        (Severity.WARNING, {"LA101", "LA102", "LA301"}),
        (None, set()),
    ],
)
def test_a_case_fails_when_the_job_does(limit: Severity | None, rules: set[str]) -> None:
    small = report_model.small()
    outcome = replace(small, review=replace(small.review, fail_on=limit))
    loaded = junitparser.JUnitXml.fromstring(junit.render(outcome, STYLE).encode())
    failed = {
        case.name.split()[0]
        for suite in loaded
        for case in suite
        if any(isinstance(r, junitparser.Failure) for r in case.result)
    }
    assert failed == rules


def test_the_canonical_outcome_has_every_kind_of_place() -> None:
    places = {place for finding in canonical().findings for place in finding.locations}
    assert places >= set(PLACES.values())
    assert any(not finding.locations for finding in canonical().findings)


def test_a_finding_of_no_session_is_a_case_among_no_others() -> None:
    """Logs of two bots that are too old: their own suites stay whole."""
    old = Finding("LA901", "stale-logs", Severity.ERROR, Message("too old"), (), "0" * 16)
    outcome = report_model.moved(report_model.clean(), "bots/first")
    loaded = junitparser.JUnitXml.fromstring(junit.render(replace(outcome, findings=(old,)), STYLE).encode())
    cases = {suite.name: [case.name for case in suite] for suite in loaded}
    assert cases["logaudit"] == ["LA901 stale-logs"]
    assert "LA901 stale-logs" not in cases["logaudit bots/first"]
    assert len(cases["logaudit bots/first"]) > 20
