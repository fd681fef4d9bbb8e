"""Reports of the real sessions: sound, complete and readable in both languages."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from logaudit.audit.pipeline import ScanOptions, run
from logaudit.core.report import Report
from logaudit.renderers.document import render
from logaudit.renderers.document.translator import Translator, flat

CORPUS = Path(os.environ.get("LOGAUDIT_CORPUS") or "unset")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="LOGAUDIT_CORPUS does not name the real sessions"),
]
GFM = MarkdownIt("commonmark", {"html": True}).enable("table")


@pytest.fixture(
    scope="module",
    params=["logs_2025-11-23_18-26-46", "logs_2025-11-26_20-32-01", "logs_2025-11-22_12-09-01"],
)
def outcome(request: pytest.FixtureRequest) -> Report:
    return run([str(CORPUS / request.param)], ScanOptions(jobs=0))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_markdown_is_sound(outcome: Report, lang: str) -> None:
    text = render(outcome, "md", lang=lang)
    tokens = GFM.parse(text)
    kinds = {child.type for token in tokens for child in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline", "image"}
    registered = set(re.findall(r"^\| \[E(\d+)\] \|", text, re.MULTILINE))
    assert set(re.findall(r"\[E(\d+)\]", text)) == registered
    assert len(text.encode()) < 1_000_000


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_is_small(outcome: Report, lang: str) -> None:
    assert len(render(outcome, "html", lang=lang).encode()) < 1_000_000


def test_every_finding_and_statement_is_said_in_russian(outcome: Report) -> None:
    speech = Translator("ru")
    for one in (*outcome.findings, *outcome.healthy, *outcome.unjudged):
        assert re.search("[а-я]{3}", flat(speech.spans(one.message)))


def test_the_seven_losses_and_their_path_are_told() -> None:
    """Seven of twelve closes on one path, five recorded on the other; the money is the README's."""
    found = run([str(CORPUS / "logs_2025-11-23_18-26-46")], ScanOptions(jobs=0))
    text = render(found, "md")
    assert "7 of 12 closes are missing from the ledger." in text
    for amount in ("+16.2553", "-4.2677", "+20.5230"):
        assert amount in text
    assert re.search(r"7 of 7 lost closes have this in common: .*`.*_close_position_by_reason`", text)
    assert re.search(r"\*\*C\*\* ✗ not observed \(failure point\)", text)
    assert re.search(
        r"\*\*H1\*\* \| A code path that closes positions never calls the recorder \| ! \*\*high\*\*", text
    )
    assert re.search(r"The recorder was never initialised \| ✗ \*\*refuted\*\*", text)


def test_one_close_is_too_few_for_a_path() -> None:
    found = run([str(CORPUS / "logs_2025-11-26_20-32-01")], ScanOptions(jobs=0))
    text = render(found, "md")
    assert "No code path is named: One trade is too few" in text
    assert "**C** ✗ not observed (failure point)" in text
