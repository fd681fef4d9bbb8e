"""The Markdown report: sound GFM whatever the logs hold, nothing cited that is not registered, short where long."""

from __future__ import annotations

import re
from functools import cache

import pytest
import report_factory
import report_model as made
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from logaudit.core.report import Report
from logaudit.core.source_report import FileReport
from logaudit.core.text import printable
from logaudit.core.trade_report import RepeatReport
from logaudit.core.trades import AsideReason, TradeState
from logaudit.renderers.document import LANGUAGES, render

GFM = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
CASES = {
    "small": made.small,
    "clean": made.clean,
    "sessions": made.sessions,
    "hostile": made.hostile,
    "long": report_factory.long_session,
}
CASE = pytest.mark.parametrize("case", CASES)
LANG = pytest.mark.parametrize("lang", LANGUAGES)


@cache
def report(case: str, lang: str = "en") -> str:
    return render(CASES[case](), "md", lang=lang)


@cache
def parsed(case: str, lang: str) -> tuple[Token, ...]:
    return tuple(GFM.parse(report(case, lang)))


def section(text: str, title: str) -> str:
    """One section, by the words of its heading."""
    (found,) = re.findall(rf"^## \d+\. {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found


@LANG
@CASE
def test_no_html_reaches_the_page(case: str, lang: str) -> None:
    tokens = parsed(case, lang)
    kinds = {token.type for token in tokens}
    kinds |= {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "s_open", "softbreak", "hardbreak"}


@LANG
@CASE
def test_links_are_citations_that_lead_to_their_source(case: str, lang: str) -> None:
    """Nothing a log holds becomes a link: each link is one of ours, to the heading of a source in the register."""
    tokens = parsed(case, lang)
    children = [child for token in tokens for child in token.children or ()]
    targets = {child.attrs["href"] for child in children if child.type == "link_open"}
    headings = {f"#{child.content.lower()}" for child in children if re.fullmatch(r"S\d+", child.content)}
    assert targets
    assert targets <= headings


@LANG
@CASE
def test_every_table_stays_a_table(case: str, lang: str) -> None:
    """Each row has as many cells as its heading, and each line with bars is in a table or a fence."""
    tokens = parsed(case, lang)
    lines = report(case, lang).split("\n")
    width, cells, covered = 0, 0, set()
    for token in tokens:
        if token.type == "table_open":
            assert token.map
            covered |= set(range(*token.map))
            width = 0
        elif token.type == "tr_open":
            cells = 0
        elif token.type in ("th_open", "td_open"):
            cells += 1
        elif token.type == "tr_close":
            width = width or cells
            assert cells == width
        elif token.type == "fence":
            assert token.map
            covered |= set(range(*token.map))
    assert not [line for n, line in enumerate(lines) if line.startswith("|") and n not in covered]


@CASE
def test_no_character_is_one_that_a_reader_could_obey(case: str) -> None:
    assert all(char.isprintable() or char == "\n" for char in report(case, "ru"))


def test_hostile_lines_stand_in_code_as_they_were() -> None:
    """Quoted log text is in fences and code spans, whole and escaped visibly."""
    tokens = parsed("hostile", "en")
    fences = [token.content for token in tokens if token.type == "fence" and token.info == "text"]
    spans = [c.content for token in tokens for c in token.children or () if c.type == "code_inline"]
    assert any(printable(made.EVIL) in content for content in fences)
    assert any(printable(made.EVIL) in content for content in spans)


@LANG
@CASE
def test_everything_cited_is_registered_and_nothing_else(case: str, lang: str) -> None:
    text = report(case, lang)
    prose = [c.content for t in parsed(case, lang) for c in t.children or () if c.type == "text"]
    numbers = [int(c.removeprefix("E")) for c in prose if re.fullmatch(r"E\d+", c)]
    registered = [int(n) for n in re.findall(r"^\| \[E(\d+)\] \|", text, re.MULTILINE)]
    assert registered == list(range(1, len(registered) + 1))
    drawn = [int(n) for n in re.findall(r"^    E(\d+) :", text, re.MULTILINE)]
    assert set(numbers) == set(registered)
    assert set(drawn) <= set(registered)
    assert registered


@LANG
@pytest.mark.parametrize("case", ["small", "sessions", "hostile", "long"])
def test_mermaid_holds_only_our_own_words(case: str, lang: str) -> None:
    """A small parser of Gantt charts: no syntax in words, labels are evidence numbers, times are times."""
    blocks = [token.content for token in parsed(case, lang) if token.info == "mermaid"]
    assert blocks
    for block in blocks:
        assert len(block) < 50_000
        head, *lines = block.rstrip("\n").split("\n")
        assert head == "gantt"
        assert lines[0].startswith("    accTitle: ")
        assert lines[1].startswith("    accDescr: ")
        assert lines[2] == "    dateFormat YYYY-MM-DD HH:mm:ss"
        assert lines[3].startswith("    axisFormat ")
        time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
        for line in lines[4:]:
            assert re.fullmatch(
                rf"    (section [\w ]+|E(\d+) :((crit|done|active), )*e\2, {time}, {time})", line
            )


def test_a_long_session_stays_readable() -> None:
    """Under 1 MB, long tables cut where one reads and whole in the appendix, findings of a kind in one table."""
    text = report("long")
    assert len(text.encode()) < 1_000_000
    body, _, appendix = text.partition("Appendix\n\nThe whole of each table")
    body = body[: body.index("Evidence register\n\nEverything")]
    assert len(body.splitlines()) < 700
    assert appendix.count("t0") == 0
    assert body.count("`LA101`") == 1
    assert "the first 20 of 500" in body
    assert len(re.findall(r"^\| 2026-03-0[45] [\d:.]+ \|.*silent drop", appendix, re.MULTILINE)) == 200


def test_the_same_outcome_gives_the_same_bytes() -> None:
    assert render(made.small(), "md", lang="ru") == report("small", "ru")


@LANG
def test_sections_stand_in_their_order(lang: str) -> None:
    titles = re.findall(r"^## \d+\. (.*)$", report("small", lang), re.MULTILINE)
    if lang == "en":
        assert titles == [
            "Summary",
            "Impact in money",
            "Findings",
            "Timeline",
            "Reconciliation",
            "Failure points",
            "The chain learned from recorded trades",
            "Blind code paths",
            "Hypotheses",
            "What works",
            "Log collection",
            "Ledgers and other CSV files",
            "Coverage and limits",
            "For a person to fill in",
            "Next checks",
            "Verification after a fix",
            "Statistics",
            "Evidence register",
            "How to reproduce this report",
        ]
    else:
        assert len(titles) == 19
        assert all(re.search("[а-я]", title) for title in titles)


def test_a_clean_session_invents_no_cause() -> None:
    text = report("clean")
    assert "✓ **All clear**" in text
    assert "All 12 closes are in the ledger." in text
    for title in ("Failure points", "Hypotheses", "Blind code paths", "Next checks"):
        assert f". {title}\n" not in text
    assert "No rule found anything." in section(text, "Findings")


def test_a_person_is_asked_for_what_a_program_cannot_know() -> None:
    todo = section(report("small"), "For a person to fill in")
    assert todo.count("**TODO(human)**") == 4
    assert re.search("cause.*decisions.*lessons", todo, re.IGNORECASE | re.DOTALL)


def test_the_report_says_how_to_make_it_again() -> None:
    text = render(made.small(), "md", command="logaudit report logs --tz +03:00 --format md --lang en")
    assert "```sh\nlogaudit report logs --tz +03:00 --format md --lang en\n```" in section(
        text, "How to reproduce this report"
    )


def test_the_input_digest_is_that_of_the_sorted_hashes() -> None:
    import hashlib  # noqa: PLC0415 - the reader's own way of checking

    outcome = made.small()
    first, second = "cd" * 32, "ab" * 32
    files = tuple(FileReport(f"{one}.log", 9, one) for one in (first, second, ""))
    expected = hashlib.sha256(f"{second}\n{first}\n".encode()).hexdigest()
    text = render(replace(outcome, files=files), "md")
    assert f"`{expected}` (SHA-256 over the sorted SHA-256 of 2 files)" in text


def verification(outcome: Report, lang: str = "en") -> str:
    title = "Verification after a fix" if lang == "en" else "Проверка после исправления"
    return section(render(outcome, "md", lang=lang, command="logaudit report logs"), title)


def test_without_since_the_report_says_how_to_verify_a_fix() -> None:
    text = verification(made.small())
    assert "logaudit report logs --since 'YYYY-MM-DD HH:MM:SS'" in text


def test_since_lists_every_close_after_it_with_its_row() -> None:
    text = verification(report_factory.since(made.clean(), "2026-03-04T06:00:00"))
    assert "✓ **Every close is recorded**" in text
    assert "12 of 12 closes recorded since 2026-03-04 06:00:00." in text
    assert len(re.findall(r"\| \[E\d+\] \| [^|]* \| \[E\d+\] \| ✓ \*\*recorded\*\* \|", text)) == 12


def test_since_says_when_closes_are_still_lost() -> None:
    text = verification(report_factory.since(made.small(), "2026-03-04T12:00:00"))
    assert "✗ **Closes are still lost**" in text
    assert "2 of 6 closes recorded" in text
    assert "Записано 2 из 6 закрытий" in verification(
        report_factory.since(made.small(), "2026-03-04T12:00:00"), "ru"
    )


def test_since_without_any_close_verifies_nothing() -> None:
    text = verification(report_factory.since(made.small(), "2026-03-09T00:00:00"))
    assert "**Nothing verified**" in text
    assert "nothing can be said about the fix" in text


def test_the_register_says_where_and_when_each_piece_is() -> None:
    outcome = report_factory.with_data(made.small(), "LA301", {"low_seconds": 0, "high_seconds": 14_400})
    register = section(render(outcome, "md"), "Evidence register")
    row = next(line for line in register.split("\n") if "| close |" in line and "| 106 |" in line)
    assert f"`{made.ARCHIVE}` ! `{made.MEMBER}`, SHA-256 `{'ab' * 32}`\n" in register
    assert "`2026-03-04 06:15:00.125`" in row
    # The ledger's name leaves offsets from UTC to +04:00 open.
    assert "2026-03-04 02:15:00.125Z … 2026-03-04 06:15:00.125Z" in row


def test_repeats_and_lines_set_aside_are_listed_where_there_are_any() -> None:
    whole = made.small()
    log = replace(whole.trades[0].log, line=321)
    again = RepeatReport(
        session=".",
        trade="t06",
        at=made.at("2026-03-04T06:15:01"),
        symbol="ETH-USDT",
        side=None,
        emitter="",
        exit_price=None,
        net_pnl=None,
        log=log,
    )
    ledger = replace(whole.ledgers[0], set_aside={AsideReason.OPEN: 2, AsideReason.TOTAL: 1})
    told = section(
        render(replace(whole, repeats=(again,), ledgers=(ledger,)), "md"), "Repeats and lines set aside"
    )
    assert "1 announcement repeats a close" in told
    assert re.search(r"2026-03-04 06:15:01 \| .*ETH-USDT.* \| `t06` \| \[E\d+\]", told)
    assert "holds 2 open positions, 1 total besides closed trades" in told
    assert "Repeats and lines set aside" not in report("small")


def test_the_verdict_stands_first_with_its_money() -> None:
    lines = [line for line in render(made.small(), "md", lang="en").splitlines() if line.strip(" >")]
    assert lines[0].startswith("# ")
    assert "**Trades lost**" in lines[1]
    assert "+14.0000 net PnL was never recorded." in lines[2]


def test_only_states_of_missing_trades_are_told_as_a_part_of_them() -> None:
    small = made.small()
    states = {TradeState.SILENT_DROP: 7, TradeState.UNVERIFIABLE: 2, TradeState.ORPHAN_ROW: 1}
    page = render(replace(small, summary=replace(small.summary, states=states)), "md", lang="en")
    rows = [line for line in page.splitlines() if line.startswith(("| of which", "| Trades:"))]
    assert [row.split("|")[1].strip() for row in rows] == [
        "of which silent drop",
        "Trades: row without a close",
        "Trades: not verifiable",
    ]
