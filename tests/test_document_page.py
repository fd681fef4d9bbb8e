"""The HTML report in a browser: nothing logged, nothing asked for, every chart there, in every look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import report_factory
import report_model as made
from chromium import CHROMIUM, Page, browser

from logaudit.renderers.document import render

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent")

CASES = {
    "small": made.small,
    "sessions": made.sessions,
    "hostile": made.hostile,
    "long": report_factory.long_session,
}


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with browser() as page:
        yield page


@pytest.fixture(scope="module", params=CASES)
def shown(request: pytest.FixtureRequest, tab: Page, tmp_path_factory: pytest.TempPathFactory) -> Page:
    file = tmp_path_factory.mktemp("pages") / f"{request.param}.html"
    file.write_text(render(CASES[request.param](), "html", lang="ru"), encoding="utf-8")
    tab.look()
    tab.open(file)
    return tab


def test_the_console_stays_empty_and_only_the_page_is_loaded(shown: Page) -> None:
    assert shown.messages == []
    assert len(shown.requests) == 1
    assert shown.requests[0].startswith("file://")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)])
def test_every_chart_is_visible(shown: Page, width: int, dark: bool) -> None:  # noqa: FBT001 - a parameter of the test
    shown.look(width=width, dark=dark)
    boxes = shown.evaluate(
        "[...document.querySelectorAll('svg')].map(s => { const b = s.getBoundingClientRect(); "
        "return [b.width, b.height, getComputedStyle(s).visibility] })"
    )
    assert boxes
    assert all(width > 300 and height > 50 and seen == "visible" for width, height, seen in boxes)
    # What is drawn differs from what it is drawn on.
    faint = shown.evaluate(
        "[...document.querySelectorAll('svg text')].filter(t => getComputedStyle(t).fill === "
        "getComputedStyle(document.body).backgroundColor).length"
    )
    assert faint == 0


def test_light_and_dark_differ(shown: Page) -> None:
    colours = set()
    for dark in (False, True):
        shown.look(dark=dark)
        colours.add(shown.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert colours == {"rgb(255, 255, 255)", "rgb(20, 24, 31)"}


@pytest.mark.parametrize("width", [390, 1024, 1025, 1248, 1249, 1280])
def test_no_window_needs_sideways_scrolling(shown: Page, width: int) -> None:
    """On a phone, on both sides of each width where the page changes its shape, and where tables were made for."""
    shown.look(width=width)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_words_contrast_with_what_they_stand_on(shown: Page) -> None:
    """WCAG AA: 4.5 to 1 for marks, in both schemes."""
    for dark in (False, True):
        shown.look(dark=dark)
        pairs = shown.evaluate(
            "[...new Set([...document.querySelectorAll('.mark, p, td, th, caption, a, code')].slice(0, 3000).map(e => {"
            " const s = getComputedStyle(e); let b = e, c = s.backgroundColor;"
            " while (c === 'rgba(0, 0, 0, 0)' && b.parentElement) {"
            " b = b.parentElement; c = getComputedStyle(b).backgroundColor }"
            " return s.color + '|' + c }))]"
        )
        assert pairs
        low = [pair for pair in pairs if contrast(*pair.split("|")) < 4.5]
        assert not low


def test_it_prints_on_paper_with_its_data(shown: Page) -> None:
    """The beginning of a long table is not printed: the picture shows the whole."""
    shown.look(media="print")
    assert shown.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    closed = shown.evaluate(
        "[...document.querySelectorAll('figure details:not(.annex) table')]"
        ".filter(t => !t.getBoundingClientRect().height).length"
    )
    assert closed == 0
    shown.look()


def test_keyboard_users_reach_the_content_first(shown: Page) -> None:
    shown.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", code="Tab", windowsVirtualKeyCode=9)
    assert shown.evaluate("document.activeElement.className") == "skip"


def test_a_screenshot_shows_more_than_one_colour(shown: Page, tmp_path: Path) -> None:
    shown.screenshot(tmp_path / "page.png", whole=False)
    assert (tmp_path / "page.png").stat().st_size > 10_000


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two CSS colours."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``rgb(…)``."""
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
