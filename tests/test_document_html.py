"""The HTML report: one safe page with one script of ours, which needs no script, request or colour to be understood."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import report_factory
import report_model as made
from jinja2 import UndefinedError

from logaudit.core.text import printable
from logaudit.renderers.document import LANGUAGES, render
from logaudit.renderers.document.document import Document, Section
from logaudit.renderers.document.exhibits import ExhibitIndex
from logaudit.renderers.document.page import render as render_page

CASES = {
    "small": made.small,
    "clean": made.clean,
    "sessions": made.sessions,
    "hostile": made.hostile,
    "long": report_factory.long_session,
}
CASE = pytest.mark.parametrize("case", CASES)
LANG = pytest.mark.parametrize("lang", LANGUAGES)
VOID = {"meta", "link", "br", "wbr", "col"}
#: Every element that the page is made of.
KNOWN = {
    *(
        "html",
        "head",
        "meta",
        "link",
        "title",
        "style",
        "body",
        "a",
        "div",
        "nav",
        "p",
        "ol",
        "ul",
        "li",
        "main",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "section",
        "strong",
        "code",
        "pre",
        "span",
        "table",
        "caption",
        "thead",
        "tbody",
    ),
    *(
        "colgroup",
        "col",
        "tr",
        "th",
        "td",
        "br",
        "wbr",
        "figure",
        "figcaption",
        "details",
        "summary",
        "svg",
        "desc",
        "defs",
    ),
    *("pattern", "path", "g", "rect", "line", "text"),
    "script",
}


class Page(HTMLParser):
    """Reads a page strictly: elements must nest and close."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag in tags]


@cache
def report(case: str, lang: str = "en") -> str:
    return render(CASES[case](), "html", lang=lang)


@cache
def page(case: str, lang: str = "en") -> Page:
    return Page(report(case, lang))


@LANG
@CASE
def test_only_known_elements_and_no_attribute_that_acts(case: str, lang: str) -> None:
    read = page(case, lang)
    assert {tag for tag, _ in read.elements} <= KNOWN
    for tag, attrs in read.elements:
        assert not [
            name for name in attrs if name.startswith("on") or name in ("style", "src", "srcset", "action")
        ]
        href = attrs.get("href")
        attached = "download" in attrs and str(href).startswith("data:application/json;base64,")
        assert href is None or href.startswith("#") or (tag == "link" and href == "data:,") or attached


@CASE
def test_the_policy_forbids_everything_but_the_hashed_style_and_script(case: str) -> None:
    text = report(case)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest, allowed = (
        base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, script)
    )
    policies = [
        m["content"] for m in page(case).all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    ]
    assert len(policies) == 1
    assert str(policies[0]).startswith(
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'sha256-{allowed}';"
    )
    assert "unsafe" not in str(policies[0])
    assert "url(" not in style
    assert "@import" not in style


@LANG
@CASE
def test_headings_do_not_skip_a_level(case: str, lang: str) -> None:
    levels = [int(tag[1]) for tag, _ in page(case, lang).elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@LANG
@CASE
def test_links_lead_somewhere_and_ids_are_unique(case: str, lang: str) -> None:
    read = page(case, lang)
    ids = [str(attrs["id"]) for _, attrs in read.elements if "id" in attrs]
    assert len(set(ids)) == len(ids)
    targets = {str(a["href"])[1:] for a in read.all("a") if "download" not in a}
    assert targets <= set(ids)
    named = {name for _, attrs in read.elements for name in str(attrs.get("aria-labelledby") or "").split()}
    assert named <= set(ids)


@LANG
@CASE
def test_tables_have_captions_and_scoped_headings(case: str, lang: str) -> None:
    read = page(case, lang)
    tables = len(read.all("table"))
    assert tables == len(read.all("caption")) == len(read.all("thead"))
    assert all(th.get("scope") in ("col", "row", "rowgroup") for th in read.all("th"))


@LANG
@pytest.mark.parametrize("case", ["small", "sessions", "hostile", "long"])
def test_charts_have_titles_descriptions_and_data(case: str, lang: str) -> None:
    read = page(case, lang)
    charts = read.all("svg")
    assert charts
    assert all(chart["role"] == "img" and chart["aria-labelledby"] for chart in charts)
    assert len(read.all("desc")) == len(charts) == len(read.all("figure")) == len(read.all("figcaption"))
    assert report(case, lang).count("<figcaption><details") == len(charts)


@LANG
@CASE
def test_the_page_says_its_language(case: str, lang: str) -> None:
    assert page(case, lang).all("html") == [{"lang": lang}]


def test_hostile_lines_are_shown_as_text() -> None:
    """The quoted line is there to the last character, as text of code."""
    quoted = ["".join(text for tag, text in page("hostile").texts if tag == "span")]
    assert printable(made.EVIL) in quoted[0]
    assert report("hostile").count("<script") == len(page("hostile").all("script")) == 2


@CASE
def test_no_character_is_one_that_a_reader_could_obey(case: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in report(case, "ru"))


@LANG
def test_meanings_are_in_words_too(lang: str) -> None:
    """Every coloured mark holds a word beside its sign."""
    marks = re.findall(
        r'<span class="mark \w+"><span aria-hidden="true">. </span>(.*?)</span>', report("small", lang)
    )
    assert len(marks) > 20
    assert all(re.search(r"\w", mark) for mark in marks)


@LANG
def test_a_long_session_with_all_its_evidence_is_under_one_and_a_half_megabytes(lang: str) -> None:
    assert len(report("long", lang).encode()) < 1_500_000


def test_ten_thousand_trades_are_under_five_megabytes() -> None:
    assert len(render(report_factory.long_session(10_000), "html").encode()) < 5_000_000


def test_the_same_outcome_gives_the_same_bytes() -> None:
    assert render(made.small(), "html") == report("small")


def test_a_kind_of_block_that_the_template_does_not_know_is_an_error() -> None:
    words = {"contents": "Contents", "skip": "Skip"}
    document = Document("en", "Title", (), (Section("a", "A", ("no block",)),), words)
    with pytest.raises(UndefinedError, match="unknown"):
        render_page(document, ExhibitIndex((), {}), "", "")
