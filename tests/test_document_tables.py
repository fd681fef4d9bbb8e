"""Tables of trades: a row of few lines and few columns, however long the code paths and however many the closes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import many_paths
import pytest
from chromium import CHROMIUM, Page, browser
from msgspec.structs import replace

from logaudit.core.report import Report
from logaudit.renderers.document import LANGUAGES, render
from logaudit.renderers.document.document import CodeSpan, LineBreak, TextSpan
from logaudit.renderers.document.sections.trade_cells import common_beginning, shortened
from logaudit.renderers.document.translator import flat, lines, words

LANG = pytest.mark.parametrize("lang", LANGUAGES)
BROWSER = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"{CHROMIUM} is absent")
#: A4 less the margins of the style sheet, in CSS pixels.
PAPER = round((210 - 2 * 12) / 25.4 * 96)

# What cells hold.


@pytest.mark.parametrize(
    ("paths", "beginning"),
    [
        (["src.bot.futures.exits:close:1", "src.bot.futures.orders:close:2"], "src.bot.futures."),
        # The last package name differs within a word.
        (["src.bot.futures.exit_a:close:1", "src.bot.futures.exit_b:close:2"], "src.bot.futures."),
        (["src.trading.exits:close:1", "src.trading.exits:stop:2", "src.trading.risk.guard:cut:3", ""], "src.trading."),
        # One module is the package of the other: its name stays.
        (["src.bot.futures.exits:close:1", "src.bot.futures.exits.late:close:2"], "src.bot.futures."),
        (["src/bot/futures/exits:close:1", "src/bot/futures/orders:close:2"], "src/bot/futures/"),
        # Little, nothing in common, one path alone, none at all.
        (["bot.exits:close:1", "bot.orders:close:2"], ""),
        (["exits.by_target:close:1", "orders.by_hand:close:2"], ""),
        (["src.bot.futures.exits:close:1", "src.bot.futures.exits:close:1"], ""),
        (["", ""], ""),
        ([], ""),
    ],
)  # fmt: skip
def test_the_common_beginning_of_code_paths_is_whole_packages(paths: list[str], beginning: str) -> None:
    assert common_beginning(paths) == common_beginning(reversed(paths)) == beginning


def test_a_shortened_path_and_the_beginning_make_the_whole() -> None:
    assert shortened("src.bot.exits:close:1", "src.bot.") == (CodeSpan("…exits:close:1"),)
    assert shortened("src.bot.exits:close:1", "") == (CodeSpan("src.bot.exits:close:1"),)
    assert shortened("", "src.bot.") == (TextSpan("–"),)


def test_lines_of_a_cell_are_one_sentence_elsewhere() -> None:
    cell = lines(words("above"), (), words("below"))
    assert cell == (TextSpan("above"), LineBreak(), TextSpan("below"))
    assert flat(cell) == "above below"


# The session: 500 closes over ten paths, 336 of them lost.


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return many_paths.session(tmp_path_factory.mktemp("session")).scan()


def table(text: str, caption: str) -> list[list[str]]:
    """Rows of the Markdown table under a caption, its titles first."""
    (found,) = re.findall(rf"^\*{caption}.*\*\n\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in found.splitlines()]
    return [row for row in rows if not set("".join(row)) <= set(" :-")]


def test_a_loss_has_seven_columns_and_every_path_without_what_all_begin_with(outcome: Report) -> None:
    titles, *rows = table(render(outcome, "md"), r"Closes of LA101 \(")
    assert titles == [
        *("Closed, state", "Symbol, side, reason", "Entry → exit", "Gross PnL", "Net PnL"),
        *("Code path: src.strategies.scalping.futures.…", "Evidence"),
    ]
    lost = [path for path, kept in many_paths.PATHS.items() if kept < 4]
    shown = {row[5].strip("`") for row in rows}
    assert shown <= {f"…{path.removeprefix('src.strategies.scalping.futures.')}" for path in lost}
    assert len(rows) == 20
    # The third loss of the session, as the generator told it.
    trade = [one for one in outcome.trades if one.missing][2]
    assert rows[2][:2] == [
        f"{trade.closed.spaced()} ✗ **silent drop**",
        f"`{trade.symbol}` {trade.side} `{trade.reason}`",
    ]
    assert rows[2][4] == f"{Decimal(trade.net_pnl):+}"


def test_losses_of_one_path_say_it_once_and_have_no_column_for_it(outcome: Report) -> None:
    path = next(iter(many_paths.PATHS))
    alike = replace(
        outcome,
        findings=tuple(
            replace(f, data={**f.data, "emitter": path, "state": "silent-drop"})
            for f in outcome.findings
            if f.rule == "LA101"
        ),
    )
    text = render(alike, "md")
    titles, *_ = table(text, r"Closes of LA101 \(")
    assert titles == ["Closed", "Symbol, side, reason", "Entry → exit", "Gross PnL", "Net PnL", "Evidence"]
    assert f"Every one: ✗ **silent drop**, code path `{path}`" in text


@pytest.mark.parametrize("form", ["md", "html"])
def test_what_paths_begin_with_is_text_in_a_title_whatever_it_holds(outcome: Report, form: str) -> None:
    evil = "src.<script>alert(1)</script>|`x`[y](z)."
    findings = [one for one in outcome.findings if one.rule == "LA101"]
    alike = replace(
        outcome,
        findings=tuple(
            replace(f, data={**f.data, "emitter": f"{evil}{name}:close:1"})
            for f, name in zip(findings, ("exits", "orders"), strict=False)
        ),
    )
    text = render(alike, form)
    if form == "html":
        assert "<script>alert" not in text
        assert "Code path: src.&lt;script&gt;alert(1)&lt;/script&gt;|`x`[y](z).…</th>" in text
    else:
        titles, *_ = table(text, "Closes of LA101")
        assert titles[5] == r"Code path: src.\<script\>alert(1)\</script\>\|\`x\`\[y\](z).…"


@LANG
def test_what_was_cut_short_links_to_the_whole(outcome: Report, lang: str) -> None:
    page = render(outcome, "html", lang=lang)
    links = re.findall(r'<caption><a href="#(appendix-\d+)">[^<]*LA101', page)
    assert len(links) == 1
    _, _, whole = page.partition(f'id="{links[0]}"')
    rows = whole.partition("<tbody>")[2].partition("</tbody>")[0]
    assert rows.count("<tr>") == sum(one.missing for one in outcome.trades) == 336


# How it looks.


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with browser() as page:
        yield page


@pytest.fixture(scope="module", params=LANGUAGES)
def shown(
    request: pytest.FixtureRequest, tab: Page, outcome: Report, tmp_path_factory: pytest.TempPathFactory
) -> Page:
    file = tmp_path_factory.mktemp("pages") / "many.html"
    file.write_text(render(outcome, "html", lang=request.param), encoding="utf-8")
    tab.look()
    tab.open(file)
    tab.evaluate("document.querySelectorAll('.annex').forEach(e => { e.open = true })")
    return tab


def boxes(page: Page, selector: str, values: str) -> list[list[Any]]:
    """A list of values for every element ``e`` that is shown, with its rectangle ``b``."""
    found = page.evaluate(
        f"[...document.querySelectorAll('{selector}')].filter(e => e.getClientRects().length)"
        f".map(e => {{ const b = e.getBoundingClientRect(); return [{values}] }})"
    )
    assert len(found) > 20
    return list(found)


@BROWSER
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (1920, "screen"), (PAPER, "print")])
def test_no_cell_of_any_table_is_cut_off(shown: Page, width: int, media: str) -> None:
    shown.look(width=width, media=media)
    cells = boxes(shown, "main th, main td", "b.right, e.scrollWidth - e.clientWidth, e.textContent")
    assert not [cell for cell in cells if cell[0] > width or cell[1] > 0]
    scrolled = shown.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth).length"
    )
    assert scrolled == 0
    shown.look()


@BROWSER
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (PAPER, "print")])
def test_a_trade_takes_three_lines_at_most(shown: Page, width: int, media: str) -> None:
    """Without its padding no row is as high as three and a half of its own lines."""
    shown.look(width=width, media=media)
    rows = boxes(
        shown,
        ".records tbody tr",
        "(() => { const s = getComputedStyle(e.lastElementChild);"
        " const around = parseFloat(s.paddingTop) + parseFloat(s.paddingBottom) + parseFloat(s.borderBottomWidth);"
        " return (b.height - around) / parseFloat(s.lineHeight) })(), e.textContent",
    )
    # The whole tables are folded and not printed.
    assert len(rows) > (2 * 336 if media == "screen" else 40)
    assert not [row for row in rows if not 0.9 < row[0] < 3.5]
    shown.look()


@BROWSER
@pytest.mark.parametrize("width", [390, 1280])
def test_the_evidence_of_every_trade_is_in_view(shown: Page, width: int) -> None:
    shown.look(width=width)
    links = boxes(shown, ".records tbody a", "b.left, b.right, b.width, b.height")
    assert len(links) >= 336
    assert not [one for one in links if one[0] < 0 or one[1] > width or min(one[2:]) <= 0]
    shown.look()


@BROWSER
def test_titles_stay_in_view_within_a_long_table(shown: Page) -> None:
    """In the middle of the longest table its titles stand at the window's upper edge, above all else."""
    found = shown.evaluate(
        "(() => { const t = [...document.querySelectorAll('.records')]"
        ".sort((a, b) => b.offsetHeight - a.offsetHeight)[0];"
        " const r = t.querySelectorAll('tbody tr'); r[Math.floor(r.length / 2)].scrollIntoView();"
        " const h = t.querySelector('thead th'), b = h.getBoundingClientRect();"
        " const top = document.elementFromPoint(b.left + 5, b.top + 5);"
        " return [r.length, b.top, top === h] })()"
    )
    assert found == [500, 0, True]


@BROWSER
def test_on_a_phone_a_trade_is_a_card_whose_amounts_have_names(shown: Page) -> None:
    shown.look(width=390)
    cells = boxes(
        shown,
        ".records.r3 tbody td[data-name]",
        'getComputedStyle(e, "::before").content, e.dataset.name, b.right',
    )
    assert all(content == f'"{label}"' and right <= 390 for content, label, right in cells)
    assert shown.evaluate("document.documentElement.scrollWidth") <= 390
    shown.look()
