"""The explorer of the HTML report in a browser: filters, search, keys, evidence, and text that stays text."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import report_factory
import report_model as made
from chromium import CHROMIUM, Page, browser
from msgspec.structs import replace

from logaudit import scan
from logaudit.audit.pipeline import ScanOptions, run
from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.core.trades import TradeState
from logaudit.renderers.document import LANGUAGES, render

BROWSER = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent")
CORPUS = Path(os.environ.get("LOGAUDIT_CORPUS") or "unset")
FIXTURE = Path(report_factory.__file__).parent.parent / "fixtures/backfilled-rows/logs"
SCRIPT = Path(report_factory.__file__).parent.parent / "logaudit/renderers/document/templates/explorer.js"

# The data.


def data(report: Report, lang: str = "en") -> dict[str, Any]:
    """What the page hands to its script."""
    (text,) = re.findall(
        r'<script type="application/json" id="explorer-data">(.*?)</script>',
        render(report, "html", lang=lang),
        re.DOTALL,
    )
    return dict(json.loads(text))


def test_every_trade_is_there_with_its_witnesses() -> None:
    report = report_factory.long_session()
    trades = data(report)["trades"]
    assert [row[0] for row in trades] == [trade.id for trade in report.trades]
    # Open, close, acknowledgement and row where it was recorded; open and close where it was lost.
    slots = {state: {tuple(p[0] for p in row[14]) for row in trades if row[8] == state} for state in (0, 1)}
    assert slots == {0: {(0, 2, 3, 5)}, 1: {(0, 2)}}
    assert list(TradeState)[:2] == [TradeState.RECORDED, TradeState.SILENT_DROP]


def test_the_call_that_lost_a_trade_stands_with_its_lines() -> None:
    """Two of the bot's calls lost two closes each; recorded trades name no code."""
    bot = FIXTURE.parent.parent / "blind-in-code"
    found = data(scan(bot / "logs", source=str(bot / "bot")))
    code = {row[0]: [place[4] for place in row[14] if place[0] == 7] for row in found["trades"]}
    lost = [lines[0] for lines in code.values() if lines]
    assert sorted(Counter(lost).values()) == [2, 2]
    assert all("close_position(" in line for line in lost)
    assert [row[8] for row in found["trades"] if not code[row[0]]] == [0] * (len(code) - 4)
    assert found["words"]["slot7"] == "code"


def test_running_sums_are_those_of_the_report_where_all_amounts_are_known() -> None:
    (known,) = report_factory.long_session().running
    last = known.points[-1]
    (curve,) = data(replace(made.small(), running=(known,)))["curves"]
    assert curve[1][-1][1:] == [float(last[1]), float(last[2])]
    (curve,) = data(replace(made.small(), running=(replace(known, log=False),)))["curves"]
    assert curve[1][-1][1:] == [None, float(last[2])]
    assert not data(replace(made.small(), running=(replace(known, log=False, ledger=False),)))["curves"]
    absurd = replace(known, points=((last[0], Decimal("1e400"), Decimal(1)),))
    (curve,) = data(replace(made.small(), running=(absurd,)))["curves"]
    assert curve[1][0][1:] == [None, 1.0]


def test_a_session_without_losses_has_its_running_sums() -> None:
    """They end at the sums of the summary, which are computed elsewhere."""
    report = run([str(FIXTURE.parent.parent / "clean/logs")], ScanOptions(jobs=0))
    (running,) = report.running
    assert running.log
    assert running.ledger
    assert running.points[-1][1] == report.summary.log_net_pnl
    assert running.points[-1][2] == report.summary.ledger_net_pnl


def test_no_bracket_of_a_log_stands_in_the_data() -> None:
    page = render(made.hostile(), "html")
    held = page.partition('id="explorer-data">')[2].partition("</script>")[0]
    assert not set(held) & set("<>&")
    assert printable(made.EVIL) in {place[4] for row in json.loads(held)["trades"] for place in row[14]}


def test_very_many_lines_are_not_quoted_and_lost_trades_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logaudit.renderers.document.explorer.QUOTED", 20_000)
    trades = data(report_factory.long_session(200))["trades"]
    quoted = {state: [bool(p[4]) for row in trades if row[8] == state for p in row[14]] for state in (0, 1)}
    assert all(quoted[1])
    assert not all(quoted[0])


def test_a_page_without_trades_has_no_script() -> None:
    page = render(replace(made.clean(), trades=()), "html")
    assert "<script" not in page
    assert "script-src" not in page


def test_russian_words_come_with_the_data() -> None:
    words = data(made.small(), "ru")["words"]
    assert not [key for key, word in words.items() if not re.search("[а-яА-Я]", word) and key != "when"]


def test_the_script_has_no_way_to_make_markup_or_to_load_anything() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    assert len(script.splitlines()) <= 500
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval",
        "Function(",
        "fetch",
        "import",
    ):
        assert word not in script
    for word in (
        "XMLHttpRequest",
        "WebSocket",
        "sendBeacon",
        "http",
        ".src",
        "new Image",
        "localStorage",
        "</",
    ):
        assert word not in script


def test_what_was_logged_around_a_close_comes_with_it() -> None:
    """In the order of the file, and without the lines of the close itself."""
    report = run([str(FIXTURE)], ScanOptions(jobs=0))
    for trade in report.trades:
        if trade.log is not None:
            lines = [near.line for near in trade.nearby]
            assert lines == sorted(lines)
            assert trade.log.line not in lines
    assert any(trade.nearby for trade in report.trades)
    shown = data(report)
    texts = {shown["templates"][near[2]] for row in shown["trades"] for near in row[15]}
    assert {f"{n.level} {n.emitter} {n.template}" for t in report.trades for n in t.nearby} == texts


# The page.

CASES = {"small": made.small, "hostile": made.hostile, "long": report_factory.long_session}


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with browser() as page:
        yield page


def opened(tab: Page, folder: Path, report: Report, lang: str = "en") -> Page:
    file = folder / "page.html"
    file.write_text(render(report, "html", lang=lang), encoding="utf-8")
    tab.look()
    tab.open(file)
    return tab


def shown(tab: Page) -> str:
    return str(tab.evaluate("document.querySelector('#explore output').textContent"))


def choose(tab: Page, name: str, value: str) -> None:
    """Sets a filter as a person does."""
    tab.evaluate(
        f"(() => {{ const e = document.querySelector('#explore [name={name}]'); e.value = {json.dumps(value)};"
        " e.dispatchEvent(new Event(e.type === 'search' ? 'input' : 'change', {bubbles: true})) })()"
    )


def press(tab: Page, key: str) -> None:
    text = {"text": key} if len(key) == 1 else {}
    tab.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
    tab.call("Input.dispatchKeyEvent", type="keyUp", key=key)


@BROWSER
def test_filters_and_search_narrow_the_list(tab: Page, tmp_path: Path) -> None:
    """500 trades, two of five lost; a fifth of each symbol."""
    opened(tab, tmp_path, report_factory.long_session())
    assert shown(tab) == "500 of 500 trades"
    choose(tab, "state", "=silent drop")
    assert shown(tab) == "200 of 500 trades"
    choose(tab, "symbol", "=BTC-USDT")
    assert shown(tab) == "100 of 500 trades"
    tab.evaluate("document.querySelector('#explore .filters button').click()")
    assert shown(tab) == "500 of 500 trades"
    # Two minutes apart from six o'clock on, a millisecond later each: the first thirty are before seven.
    choose(tab, "until", "2026-03-04 06:59:59")
    assert shown(tab) == "30 of 500 trades"
    choose(tab, "from", "2026-03-04 06:30")
    assert shown(tab) == "15 of 500 trades"
    choose(tab, "from", "nonsense")
    assert (
        tab.evaluate("document.querySelector('#explore [name=from]').getAttribute('aria-invalid')") == "true"
    )
    tab.evaluate("document.querySelector('#explore .filters button').click()")
    choose(tab, "search", "doge t13")
    assert tab.evaluate(
        "[...document.querySelectorAll('.list tbody tr')].map(r => r.cells[1].textContent)"
    ) == (
        ["DOGE-USDT long"] * 3  # t13, t133 and t138; of t130 to t139 one in five is of this symbol
    )


@BROWSER
def test_a_long_list_grows_on_demand(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, report_factory.long_session())
    rows = "document.querySelectorAll('.list tbody tr').length"
    assert tab.evaluate(rows) == 100
    tab.evaluate("document.querySelector('.more').click()")
    assert tab.evaluate(rows) == 200


@BROWSER
def test_keys_walk_through_the_trades_and_show_their_evidence(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, report_factory.long_session())
    tab.evaluate("document.querySelector('canvas').focus()")
    for _ in range(2):
        press(tab, "ArrowDown")
    told = str(tab.evaluate("document.querySelector('.detail').textContent"))
    # The second trade is lost: its open and its close, and that no row follows.
    assert "silent drop" in told
    assert ":104" in told
    assert ":109" in told
    assert "No row: the trade was lost here." in told
    assert tab.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
    press(tab, "/")
    assert tab.evaluate("document.activeElement.name") == "search"
    assert tab.evaluate("document.activeElement.value") == ""
    choose(tab, "search", "t7")
    press(tab, "Escape")
    assert shown(tab) == "500 of 500 trades"


@BROWSER
def test_a_click_on_a_thread_chooses_its_trade_and_a_drag_limits_the_time(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, made.small())
    tab.evaluate("document.querySelector('canvas').scrollIntoView()")
    left, top, width = tab.evaluate(
        "(() => { const b = document.querySelector('canvas').getBoundingClientRect();"
        " return [b.left, b.top, b.width] })()"
    )
    mouse = {"button": "left", "clickCount": 1, "y": top + 70}

    def drag(start: float, end: float) -> None:
        tab.call("Input.dispatchMouseEvent", type="mousePressed", x=start, **mouse)
        tab.call("Input.dispatchMouseEvent", type="mouseMoved", x=end, **mouse)
        tab.call("Input.dispatchMouseEvent", type="mouseReleased", x=end, **mouse)

    # From the first close on: none is left of the picture's first tenth, some are in the first half.
    drag(left + 122, left + width / 2)
    assert re.fullmatch(r"[1-9]\d? of 12 trades", shown(tab))
    assert shown(tab) != "12 of 12 trades"
    tab.evaluate("document.querySelector('#explore .filters button').click()")
    choose(tab, "search", "t06")
    # The only thread shown is found by sweeping across the picture.
    for step in range(60):
        x = left + 125 + step * (width - 140) / 60
        drag(x, x)
        if tab.evaluate("document.querySelectorAll('.list [aria-selected=true]').length"):
            break
    else:
        pytest.fail("no click met the thread")


@BROWSER
def test_hostile_text_stays_text(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, made.hostile())
    tab.evaluate("document.querySelectorAll('.list tbody tr').forEach(r => r.click())")
    for _ in range(3):
        press(tab, "ArrowUp")
    assert tab.evaluate("document.querySelectorAll('script').length") == 2
    assert (
        tab.evaluate("document.querySelectorAll('#explore script, #explore img, #explore iframe').length")
        == 0
    )
    assert tab.messages == []
    assert len(tab.requests) == 1


@BROWSER
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True), (1920, False)])
def test_the_picture_is_drawn_in_every_look(
    tab: Page,
    tmp_path: Path,
    lang: str,
    width: int,
    dark: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    opened(tab, tmp_path, made.small(), lang)
    tab.look(width=width, dark=dark)
    colours = tab.evaluate(
        "new Promise(done => setTimeout(() => { const c = document.querySelector('canvas');"
        " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();"
        " for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255) seen.add(`${d[i]},${d[i + 1]},${d[i + 2]}`);"
        " done([seen.size, c.getBoundingClientRect().width]) }, 200))",
    )
    assert colours[0] > 8
    assert 250 < colours[1] <= width
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@BROWSER
def test_the_explorer_and_the_registers_are_not_printed(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, made.small())
    tab.look(media="print")
    heights = tab.evaluate(
        "[...document.querySelectorAll('.explorer, .annex')].map(e => e.getBoundingClientRect().height)"
    )
    assert len(heights) >= 3
    assert set(heights) == {0}


@BROWSER
def test_a_day_of_five_hundred_trades_prints_on_fifteen_sheets(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, report_factory.long_session())
    assert 3 < tab.pages() <= 15


@BROWSER
@pytest.mark.skipif(not CORPUS.is_dir(), reason="LOGAUDIT_CORPUS does not name the real sessions")
def test_the_real_session_with_the_most_closes_prints_on_fifteen_sheets(tab: Page, tmp_path: Path) -> None:
    found = run([str(CORPUS / "logs_2025-11-17_23-24-13")], ScanOptions(jobs=0))
    for lang in LANGUAGES:
        opened(tab, tmp_path, found, lang)
        assert 3 < tab.pages() <= 15


@BROWSER
def test_without_scripts_the_page_says_so_and_shows_its_tables(tab: Page, tmp_path: Path) -> None:
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened(tab, tmp_path, made.small())
        assert "needs scripts" in str(tab.evaluate("document.querySelector('#explore').textContent"))
        assert tab.evaluate("document.querySelectorAll('main table').length") > 10
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)


@BROWSER
def test_ten_thousand_trades_are_painted_within_a_second(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, report_factory.long_session(10_000))
    paint = tab.evaluate(
        "new Promise(done => setTimeout(() => done(performance.getEntriesByName('first-contentful-paint')"
        ".map(e => e.startTime)), 300))"
    )
    assert shown(tab) == "10,000 of 10,000 trades"
    assert paint
    assert paint[0] < 1000
