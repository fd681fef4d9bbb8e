"""Every format of one canonical outcome: a snapshot, and nothing in it that its reader would obey."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO

import pytest
import report_model
from canonical import FIXED_RULEBOOK, canonical
from msgspec.structs import replace
from snapshots import same_as_snapshot

from logaudit.config import FORMATS as CONFIG_FORMATS
from logaudit.core.finding import Severity
from logaudit.core.report import Report
from logaudit.renderers import findings_csv, github, jsonl, registry, step_summary
from logaudit.renderers.style import RenderStyle

STYLE = RenderStyle(
    color=False,
    width=100,
    unicode=True,
    verbose=True,
    rulebook=lambda: FIXED_RULEBOOK,
    command="logaudit scan",
)
ENDINGS = {"text": "txt", "github": "txt", "gitlab": "gitlab.json", "junit": "xml", "markdown": "md"}
#: C0 and C1 controls but the line feed, bidi controls, line separators, and what no encoder takes.
HOSTILE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="module")
def outcome() -> Report:
    return canonical()


def test_settings_and_renderers_name_the_same_formats() -> None:
    assert registry.formats() == CONFIG_FORMATS


@pytest.mark.parametrize("form", registry.formats())
def test_a_format_is_as_its_snapshot(outcome: Report, form: str) -> None:
    same_as_snapshot(
        f"canonical-{form}.{ENDINGS.get(form, form)}", registry.renderer(form).render(outcome, STYLE)
    )


@pytest.mark.parametrize("form", registry.formats())
def test_a_format_that_shows_hashes_is_known_to(outcome: Report, form: str) -> None:
    sources = tuple(replace(source, sha256="") for source in outcome.sources)
    bare = registry.renderer(form).render(replace(outcome, sources=sources, files=()), STYLE)
    assert (bare != registry.renderer(form).render(outcome, STYLE)) == (registry.renderer(form).shows_hashes)
    summary = step_summary.render(replace(outcome, sources=sources, files=()))
    assert summary == step_summary.render(outcome)


def test_the_step_summary_is_as_its_snapshot(outcome: Report) -> None:
    same_as_snapshot("canonical-step-summary.md", step_summary.render(outcome))


@pytest.mark.parametrize("form", registry.formats())
def test_no_format_holds_a_character_that_a_terminal_obeys(outcome: Report, form: str) -> None:
    assert not HOSTILE.search(registry.renderer(form).render(outcome, STYLE))


@pytest.mark.parametrize("form", registry.formats())
@pytest.mark.parametrize("make", [report_model.small, report_model.clean, report_model.sessions])
def test_a_format_says_something_of_any_outcome(make, form: str) -> None:
    assert registry.renderer(form).render(make(), STYLE).endswith("\n")


# --- GitHub


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner reads: type, properties, message; fails on a line that is no command of ours."""
    found = []
    for line in text.removesuffix("\n").split("\n"):
        match = re.fullmatch(r"::(error|warning|notice)(?: ([^:]*))?::(.*)", line)
        assert match, line
        pairs = dict(part.split("=", 1) for part in (match[2] or "").split(","))
        found.append((match[1], pairs, match[3]))
    return found


def unescaped(text: str) -> str:
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def test_every_line_for_github_is_one_annotation_with_a_place(outcome: Report) -> None:
    for _, properties, message in commands(github.render(outcome)):
        assert properties["title"]
        assert message


def test_quoted_log_text_reaches_github_whole_but_broken(outcome: Report) -> None:
    hostile = replace(outcome, findings=tuple(f for f in outcome.findings if f.rule == "LA102"))
    (first, *_) = commands(github.render(hostile))
    shown = unescaped(first[2])
    assert "##\\[stop-commands]x" in shown
    assert "##[" not in shown
    assert "%0A 100%" in shown  # the log's own percent signs, not a line break
    assert "\\r\\n::add-mask::z" in shown  # the log's own line break, shown


def test_github_gets_at_most_ten_annotations_of_a_type_and_the_last_stands_for_the_rest() -> None:
    small = report_model.small()
    many = replace(small, findings=small.findings[:1] * 23)
    found = commands(github.render(many))
    assert [kind for kind, _, _ in found] == ["error"] * 10
    assert "14 more findings" in found[-1][2]
    exact = commands(github.render(replace(small, findings=small.findings[:1] * 10)))
    assert "more findings" not in exact[-1][2]


def test_a_message_for_github_is_cut_where_github_cuts_it() -> None:
    small = report_model.small()
    long = replace(small.findings[0], message=report_model.told("ы" * 9000))
    (found,) = commands(github.render(replace(small, findings=(long,))))
    assert len(unescaped(found[2])) <= 4096
    assert "…" in found[2]


def test_a_clean_scan_is_one_notice_for_github() -> None:
    ((kind, _, message),) = commands(github.render(report_model.clean()))
    assert kind == "notice"
    assert "12" in message


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a ##[group]b", "a ##\\[group]b"),
        ("##vso[task]x", "##\\vso[task]x"),
        ("::error::x", "\\::error::x"),
        ("ok\n   ::set-output name=a::b", "ok\n   \\::set-output name=a::b"),
        ("time 12::30 and # [x]", "time 12::30 and # [x]"),
    ],
)
def test_text_in_a_steps_log_is_nothing_that_the_runner_obeys(given: str, shown: str) -> None:
    assert github.harmless(given) == shown


# --- Step summary


def test_a_step_summary_fits_its_room_and_says_what_it_leaves_out(outcome: Report) -> None:
    whole = step_summary.render(outcome)
    for room in (500, 5_000, 20_000):
        cut = step_summary.render(outcome, room)
        assert len(cut.encode()) <= room
        assert "does not fit" in cut
        assert cut.count("<details>") == cut.count("</details>")
    assert "does not fit" not in whole
    assert step_summary.render(outcome, 10) == ""


def test_a_huge_scan_stays_below_githubs_limit() -> None:
    small = report_model.small()
    huge = replace(
        small.findings[0], message=report_model.told("x" * 100_000), remedy=report_model.told("y" * 100_000)
    )
    text = step_summary.render(replace(small, findings=(huge,) * 40))
    assert 100_000 < len(text.encode()) <= 900 * 1024


def test_log_text_cannot_leave_its_place_in_the_step_summary(outcome: Report) -> None:
    text = step_summary.render(outcome)
    outside = re.sub(r"(`{3,})text\n.*?\n\s*\1", "", text, flags=re.DOTALL)
    outside = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", outside)
    assert "<script" not in outside.replace("\\<script", "")


# --- CSV


def test_no_cell_is_a_formula(outcome: Report) -> None:
    rows = list(csv.reader(StringIO(findings_csv.render(outcome))))
    assert rows[0] == list(findings_csv.FIELDS)
    for row in rows[1:]:
        for name, text in zip(rows[0], row, strict=True):
            if name not in {"net_pnl", "line", "places"}:
                assert not text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert {row[rows[0].index("net_pnl")] for row in rows[1:]} >= {"-2.5"}


def test_csv_holds_what_was_set_apart_and_why(outcome: Report) -> None:
    rows = list(csv.DictReader(StringIO(findings_csv.render(outcome))))
    count = {
        status: sum(row["status"] == status for row in rows) for status in ("new", "known", "suppressed")
    }
    assert count == {"new": len(outcome.findings), "known": 1, "suppressed": 1}
    assert all(row["reason"] for row in rows if row["status"] == "suppressed")


# --- JSON lines


def test_each_json_line_is_an_object_that_says_its_type(outcome: Report) -> None:
    found = [json.loads(line) for line in jsonl.render(outcome).splitlines()]
    assert found[0]["type"] == "scan"
    assert found[0]["schema_version"] == 2
    kinds = {kind: sum(item["type"] == kind for item in found) for kind in ("finding", "trade", "vanished")}
    assert kinds == {"finding": len(outcome.findings), "trade": len(outcome.trades), "vanished": 1}


# --- The text report


def test_the_text_report_says_what_was_set_apart(outcome: Report) -> None:
    text = registry.renderer("text").render(outcome, STYLE)
    assert "1 finding known" in text
    assert "no longer observed" in text
    assert "1 finding suppressed (LA206)" in text
    assert "Not judged: LA404." in text


def test_hidden_findings_are_counted() -> None:
    small = report_model.small()
    review = replace(small.review, hidden=2, shown_from=Severity.ERROR)
    text = registry.renderer("text").render(replace(small, review=review), STYLE)
    assert "2 findings below error not shown" in text


def test_nothing_is_said_about_settings_where_they_did_nothing() -> None:
    assert "settings" not in registry.renderer("text").render(report_model.small(), STYLE)
