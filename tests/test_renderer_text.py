"""The terminal report: verdicts, folding, evidence, grouping, and hostile text."""

import copy
import re
from decimal import Decimal

import pytest
import report_model
from msgspec.structs import replace

from logaudit.core.fields import PositionSide
from logaudit.core.finding import Severity
from logaudit.core.location import Location, Role
from logaudit.core.money_parts import Amount, LogMoney
from logaudit.core.report import Statement
from logaudit.core.source_report import Skipped
from logaudit.core.trade_report import RepeatReport
from logaudit.core.trades import MISSING_STATES, AsideReason, TradeState
from logaudit.renderers import text
from logaudit.renderers.headline import Heading, headline
from logaudit.renderers.style import RenderStyle
from logaudit.renderers.wording import STATE_MEANINGS

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def shown(outcome, *, width=100, color=False, unicode=True, verbose=False):
    return text.render(outcome, RenderStyle(color=color, width=width, unicode=unicode, verbose=verbose))


def facts_of(outcome):
    return {name: str(fact) for name, fact in headline(outcome).facts}


def with_summary(**changes):
    return replace(report_model.small(), summary=report_model.summary(**changes))


def with_findings(*findings):
    return replace(report_model.small(), findings=findings)


def numbered(count, **changes):
    """``count`` findings of one rule that are about no trade."""
    return [
        report_model.finding("LA203", "malformed-row", Severity.WARNING, f"Row {n} is torn.", **changes)
        for n in range(count)
    ]


def test_the_first_lines_say_what_was_lost_how_much_since_when_and_where():
    lines = shown(report_model.small()).splitlines()
    assert lines[0] == "TRADES LOST  7 of 12 closes are missing from the ledger."
    top = "\n".join(lines[:10])
    assert "+14.0000 net PnL was never recorded." in top
    assert "Of +10.5000 in the log: -3.5000 recorded, +14.0000 lost." in top
    assert "2026-03-04 06:15:00.125 – 18:15:00.125" in top
    assert f"{report_model.LEDGER} (5 rows)" in top


def test_the_first_screen_says_why_in_plain_words_and_what_to_do():
    screen = shown(report_model.small()).split("Findings")[0]
    words = " ".join(screen.split())
    assert (
        "The 7 missing trades were closed by _close_for_reason() in bot/trading/positions.py. None of its closes "
        "is recorded; 5 closes by other code are. The recorder logged neither the trades nor an error."
    ) in words
    assert "next logaudit restore LOGS -o restored writes the missing rows as a patch" in words
    assert "logaudit scan LOGS --source BOT" in words
    for jargon in ("silent-drop", "stage", "p =", "Blind", "likelihood", "refuted"):
        assert jargon not in screen
    assert screen.count("\n") < 24
    assert max(map(len, shown(report_model.small(), width=80).split("Findings")[0].splitlines())) <= 80


def test_the_scanned_paths_stand_in_the_commands():
    told = text.render(report_model.small(), RenderStyle(paths="'my logs' more"))
    assert "logaudit restore 'my logs' more -o restored" in told


def test_code_without_a_function_is_not_named_as_one():
    trades = tuple(replace(t, emitter="" if t.missing else t.emitter) for t in report_model.small().trades)
    assert "closed by" not in shown(replace(report_model.small(), trades=trades)).split("Findings")[0]


def test_a_quoted_line_that_is_too_long_keeps_its_message():
    line = (
        "2026-03-04 06:15:00.125 | INFO     | bot.trading.futures.engine.positions:_close_for_reason:210 - "
        "position closed: ETH-USDT LONG, net PnL +2.0000"
    )
    plain = "2026-03-04 06:15:00.125 nothing in this line of a stack of words is a level that anybody knows of, not one"
    for said, wanted in (
        (line, "│ 2026-03-04 06:15:00.125 … position closed: ETH-USDT LONG, net PnL +2.0000"),
        (plain, f"│ {plain[:30]}"),
    ):
        (one,) = numbered(1, locations=(Location("bot.log", "", 9, Role.CLOSE, said),))
        assert wanted in shown(with_findings(one), width=100)
    assert line in shown(
        with_findings(*numbered(1, locations=(Location("b", "", 9, Role.CLOSE, line),))), width=200
    )


def test_an_all_clear_is_one_sentence_and_no_findings_section():
    report = shown(report_model.clean())
    assert report.startswith("ALL CLEAR  All 12 closes are in the ledger.\n")
    assert "net PnL -8.4000 in the log and in the ledger" in report
    assert "Findings" not in report


QUIET = {
    "missing": 0,
    "recorded": 12,
    "states": {TradeState.RECORDED: 12},
    "errors": 0,
    "warnings": 0,
    "first_loss": None,
    "last_loss": None,
}


@pytest.mark.parametrize(
    ("changes", "verdict", "sentence"),
    [
        ({"missing": 1}, Heading.LOST, "1 of 12 closes is missing from the ledger."),
        ({"missing": 1, "closes": 1}, Heading.LOST, "The one close is missing from the ledger."),
        (
            {"backfilled": 4},
            Heading.LOST,
            "7 of 12 closes are missing from the ledger; 4 restored later by another writer, 3 still lost.",
        ),
        (
            {"missing": 1, "closes": 1, "backfilled": 1},
            Heading.RESTORED,
            "The recorder lost the one close; another writer restored it.",
        ),
        (
            {"backfilled": 7},
            Heading.RESTORED,
            "The recorder lost 7 of 12 closes; another writer restored all of them.",
        ),
        (
            {**QUIET, "errors": 1},
            Heading.FAULTY,
            "No close is known to be missing, but 1 error needs attention.",
        ),
        (
            {**QUIET, "closes": 0, "recorded": 0},
            Heading.NO_CLOSES,
            "The logs hold no closed position, so no trade can be missing.",
        ),
        (
            {**QUIET, "recorded": 10, "warnings": 2},
            Heading.DOUBTFUL,
            "10 of 12 closes are in the ledger, none is known to be missing; 2 warnings, 2 not verifiable.",
        ),
        ({**QUIET, "closes": 1, "recorded": 1}, Heading.CLEAR, "The one close is in the ledger."),
    ],
)
def test_each_verdict_has_its_sentence(changes, verdict, sentence):
    head = headline(with_summary(**changes))
    assert (head.heading, str(head.sentence)) == (verdict, sentence)


def test_every_state_of_a_missing_close_is_put_in_words():
    assert set(STATE_MEANINGS) >= MISSING_STATES


def test_the_diagnosis_stands_below_in_its_own_terms():
    report = shown(report_model.small(), width=200)
    below = report.split("Diagnosis ")[1]
    assert "  how   7 silent-drop: no row, no acknowledgement, no error logged" in below
    assert "  why   Blind path: the code path is bot.trading.positions:_close_for_reason" in below
    assert report_model.ARCHIVE in below


def test_without_losses_there_is_no_why():
    assert "why " not in shown(report_model.clean()).split("Findings")[0]


def test_a_run_without_a_ledger_is_said_in_the_headline():
    small = report_model.small()
    assert "none at hand" in shown(replace(small, runs=(replace(small.runs[0], ledger=""),)))


def test_equal_findings_about_trades_become_one_table_with_their_sum():
    report = shown(report_model.small())
    assert report.count("LA101") == 1
    assert "error LA101 missing-row  7 closes, net PnL +14.0000 together" in report
    assert "2026-03-04 06:15:00.125  ETH-USDT  long  tp      +2.0000" in report
    assert f"every one: silent-drop, code path {report_model.EMITTER}" in report
    # The lines of the seven closes, in one citation.
    wide = shown(report_model.small(), width=120)
    assert f"{report_model.ARCHIVE}:106, 108, 110, 112, 114, 116, 118" in wide


def test_code_paths_and_states_are_columns_where_they_differ():
    trades = [
        report_model.trade(6, TradeState.SILENT_DROP, emitter="a:one:1"),
        report_model.trade(7, TradeState.FALSE_ACK, emitter="b:two:2"),
    ]
    report = shown(with_findings(*map(report_model.missing_row, trades)))
    assert re.search(r"closed +symbol +side +reason +net PnL +state +code path", report)
    assert re.search(r"false-ack +b:two:2", report)
    assert "every one" not in report


def test_a_long_table_is_cut_with_a_count_and_whole_when_verbose():
    one = report_model.trade(6, TradeState.SILENT_DROP)
    outcome = with_findings(*(report_model.missing_row(replace(one, symbol=f"C{n}-USDT")) for n in range(40)))
    assert "… and 15 more" in shown(outcome)
    assert "C39-USDT" not in shown(outcome)
    assert "C39-USDT" in shown(outcome, verbose=True)
    # Forty wins of 2: what is not shown is in the sum all the same.
    assert "40 closes, net PnL +80.0000 together" in shown(outcome)


def test_a_trade_without_known_figures_leaves_blanks():
    finding = report_model.missing_row(report_model.trade(6, TradeState.SILENT_DROP))
    bare = replace(finding, data=dict.fromkeys(finding.data), locations=())
    report = shown(with_findings(bare, bare))
    assert "error LA101 missing-row  2 closes\n" in report
    assert "None" not in report.split("Findings")[1]


def test_equal_findings_about_anything_else_become_a_short_list():
    report = shown(with_findings(*numbered(5, locations=(Location("t.csv", "", 9, Role.ROW, "torn"),))))
    assert "warning LA203 malformed-row  5 times" in report
    assert "• Row 2 is torn." in report
    assert "Row 3" not in report
    assert "… and 2 more" in report
    assert "Row 4 is torn." in shown(with_findings(*numbered(5)), verbose=True)


def test_one_finding_shows_message_remedy_and_three_quoted_lines_unless_verbose():
    report = shown(report_model.small())
    assert "do: Check whether this code path calls the recorder." in report
    assert "106 │ 2026-03-04 06:15:00.125 | INFO | closed" in report
    assert "110 │" in report
    assert "112 │" not in report
    assert "… and 4 more" in report
    assert "118 │" in shown(report_model.small(), verbose=True)


def test_a_citation_is_in_one_piece_where_it_fits_and_breaks_only_before_the_member():
    archive, member = "logs/bot/all-logs-of-the-week.tar.gz", "main_2026-03-04.2026-03-04_06-00-00_000001.log"
    outcome = with_findings(*numbered(1, locations=(Location(archive, member, 106),)))
    assert f"{archive}!{member}:106" in shown(outcome, width=140)
    lines = shown(outcome, width=60).splitlines()
    assert any(line.endswith(f"  {archive}") for line in lines)
    assert any(line.endswith(f"  !{member}:106") for line in lines)


def test_a_citation_names_as_many_lines_as_fit_its_line():
    places = tuple(Location("logs/of/the/bot/main.log", line=1000 + n) for n in range(8))
    report = with_findings(*numbered(3, locations=places))
    assert "main.log:1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007" in shown(report, width=120)
    cited = [line for line in shown(report, width=60).splitlines() if "main.log:1000, 1001" in line]
    assert cited
    assert all(len(line) <= 60 for line in cited)


def test_rows_of_a_database_and_of_a_list_are_numbered_by_their_rows():
    rows = [Location("t.db", role=Role.ROW, text=f"id={n}", table="trades", row=n) for n in (1, 95)]
    told = shown(with_findings(*numbered(1, locations=tuple(rows))))
    assert "t.db#trades:1" in told
    assert " 1 │ id=1\n" in told
    assert "95 │ id=95\n" in told
    assert Location("t.json", row=9).cite() == "t.json#9"


def test_a_member_that_is_called_as_its_archive_is_named_once():
    assert f"{report_model.ARCHIVE}:106" in shown(report_model.small(), width=60)
    assert report_model.MEMBER not in shown(report_model.small()).replace(report_model.ARCHIVE, "")


def test_cited_paths_are_links_where_the_terminal_follows_them():
    style = RenderStyle(color=True, link=lambda path: f"file:///logs/{path}")
    report = text.render(report_model.small(), style)
    assert f"\x1b]8;;file:///logs/{report_model.ARCHIVE}\x1b\\" in report
    assert "\x1b]8" not in shown(report_model.small(), color=True)


def test_a_source_cited_as_a_whole_has_no_line_number():
    place = Location("logs/t.csv", role=Role.LEDGER)
    report = shown(with_findings(replace(numbered(1)[0], locations=(place,))))
    assert "    ledger  logs/t.csv\n" in report


def test_errors_come_before_warnings_and_notes_and_runs_before_files():
    report = shown(report_model.small())
    order = [report.index(word) for word in ("Run 2026", "LA102", "LA101", "Files and", "LA301", "LA403")]
    assert order == sorted(order)


def test_a_group_with_an_error_comes_before_a_run_with_notes_only():
    note = report_model.finding("LA402", "coverage-gap", Severity.NOTE, "A gap.", run="run-1")
    error = report_model.finding("LA202", "empty-ledger", Severity.ERROR, "Header only.")
    report = shown(with_findings(note, error))
    assert report.index("LA202") < report.index("LA402")


def test_a_finding_of_an_unknown_run_is_shown_among_the_files():
    report = shown(with_findings(*(replace(one, run=f"gone-{n}") for n, one in enumerate(numbered(2)))))
    assert report.count("Files and streams") == 1
    assert "LA203" in report


def test_a_run_whose_start_is_not_in_the_logs_says_so():
    small = report_model.small()
    report = shown(replace(small, runs=(replace(small.runs[0], started=False),)))
    assert "(its start is not in the logs)" in report


def test_several_sessions_get_a_table_and_headings():
    report = shown(report_model.sessions())
    assert re.search(r"bots/first +12 +12 +0 +0 +0\n", report)
    assert re.search(r"bots/second +12 +5 +7 +\+14\.0000 +8 +1\n", report)
    assert re.search(r"^Session  bots/second ─", report, re.MULTILINE)


def test_one_session_is_not_named():
    assert "Session" not in shown(report_model.moved(report_model.small(), "bots/second"))


def test_of_many_sessions_only_those_with_loss_or_error_are_tabled():
    bad = report_model.moved(report_model.small(), "bots/bad")
    good = [report_model.moved(report_model.clean(), f"bots/good-{n}").runs[0] for n in range(20)]
    outcome = replace(bad, runs=(*bad.runs, *good))
    assert "bots/good-3" not in shown(outcome)
    assert "… and 20 sessions without loss or error" in shown(outcome)
    assert "bots/good-3" in shown(outcome, verbose=True)


def test_what_works_and_what_could_not_be_judged_are_said_with_their_proof():
    report = shown(report_model.small())
    assert "✓ No recorder error was logged.  [searched main, info]" in report
    assert "✓ The debug CSV was written until the end.  [logs/debug.csv]" in report
    assert "? The log shows no confirmation by the exchange." in report
    assert "? logs/photo.png was not read: neither a log nor a ledger" in report


def test_equal_statements_of_several_sessions_are_said_once():
    report = shown(report_model.sessions())
    assert report.count("No recorder error was logged.") == 1
    assert "2 sessions" in report


def test_many_statements_of_one_kind_are_cut_unless_verbose():
    healthy = tuple(Statement("ledger-ok", ".", report_model.told(f"Ledger {n} is whole.")) for n in range(9))
    skipped = tuple(Skipped(f"{n}.png", report_model.told("not text")) for n in range(9))
    outcome = replace(report_model.small(), healthy=healthy, skipped=skipped)
    assert shown(outcome).count("… and 7 more like this") == 2
    assert "Ledger 8 is whole." in shown(outcome, verbose=True)


def test_the_last_lines_say_what_was_read():
    report = " ".join(shown(report_model.small()).split("What was read")[1].split())
    assert "9 sources (4 archives, 1 copy left out), 48,213 records, 5 ledger rows" in report
    assert "2026-03-04 05:58:10 – 23:10:44.310" in report
    assert "profile made-up" in report


def test_verbose_adds_coverage_by_stream_and_why_the_profile_was_chosen():
    report = shown(report_model.small(), verbose=True)
    assert "412 lines match its patterns" in report
    assert re.search(r"main +5 +48,213 +2026-03-04 05:58:10 – 23:10:44.310 +utf-8 +pipe", report)


def test_nothing_read_is_said_without_a_crash():
    empty = replace(
        report_model.clean(),
        profiles=(),
        coverage=(),
        runs=(),
        ledgers=(),
        trades=(),
        healthy=(),
        summary=report_model.summary(**QUIET | {"closes": 0, "recorded": 0, "records": 0}),
    )
    assert "no log time; profile none" in shown(empty)


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_hostile_text_is_shown_escaped_at_every_width(width, verbose):
    report = shown(report_model.hostile(), width=width, verbose=verbose)
    assert report.replace("\n", "").isprintable()
    assert "\\x1b[31mRED" in report
    assert "[red]markup[/red]" in report
    for code in ("LA101", "LA102", "LA301", "LA403"):
        assert code in report


def test_in_colour_the_only_control_characters_are_our_own_styles():
    report = shown(report_model.hostile(), color=True)
    assert ANSI.search(report)
    assert ANSI.sub("", report).replace("\n", "").isprintable()
    assert ANSI.sub("", report) == shown(report_model.hostile())


@pytest.mark.parametrize("outcome", [report_model.small(), report_model.clean(), report_model.sessions()])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_an_ascii_report_is_ascii_and_no_line_but_a_citation_runs_over(outcome, width):
    report = shown(outcome, width=width, unicode=False)
    assert report.isascii()
    long = [line for line in report.splitlines() if len(line) > width]
    assert all(".log" in line for line in long)
    assert not [line for line in report.splitlines() if line != line.rstrip()]


def test_the_same_outcome_gives_the_same_text():
    again = copy.deepcopy(report_model.sessions())
    assert shown(report_model.sessions(), color=True) == shown(again, color=True)


def test_the_summary_line_has_counts_money_and_findings():
    assert text.summary_line(report_model.small()) == (
        "logaudit: 12 closes, 5 recorded, 7 missing (unrecorded net PnL +14.0000); "
        "8 errors, 1 warning, 1 note"
    )
    assert text.summary_line(report_model.clean()) == (
        "logaudit: 12 closes, 12 recorded, 0 missing; 0 errors, 0 warnings, 0 notes"
    )


def test_the_summary_line_says_what_was_restored_and_what_is_not_verifiable():
    line = text.summary_line(
        with_summary(backfilled=2, unverifiable=1, money=report_model.money(lost="-0.5"), notes=3)
    )
    assert "7 missing (2 restored later, unrecorded net PnL -0.5), 1 unverifiable; " in line


def test_a_baseline_that_knows_every_finding_heads_nothing_new():
    whole = report_model.small()
    review = replace(whole.review, baseline="known.json", baselined=whole.findings)
    known = replace(whole, findings=(), review=review)
    head = headline(known)
    assert head.heading.value == "NOTHING NEW"
    count = len(whole.findings)
    assert str(head.sentence) == f"All {count} findings are known to the baseline, 7 lost trades among them."
    assert headline(replace(known, findings=whole.findings[:1])).heading.value == "TRADES LOST"
    assert headline(replace(known, review=replace(review, hidden=1))).heading.value == "TRADES LOST"
    assert headline(whole).heading.value == "TRADES LOST"


def test_restored_money_is_apart_from_what_was_never_recorded():
    money = report_model.money(recorded="-3.5", lost="9.5", restored="4.5")
    facts = facts_of(with_summary(backfilled=2, money=money))
    assert facts["money"].startswith(
        "+9.5 net PnL was never recorded, +4.5 net PnL was restored later (log +10.5,"
    )
    money = report_model.money(recorded="-3.5", restored="14")
    facts = facts_of(with_summary(backfilled=7, money=money))
    assert facts["money"] == "+14 net PnL was restored later (log +10.5, ledger -3.5)"


def test_unknown_money_is_counted_and_never_0():
    some = LogMoney(recorded=Amount(Decimal("-3.5"), 5), lost=Amount(Decimal(8), 4, unknown=3))
    none = LogMoney(recorded=Amount(Decimal("-3.5"), 5), lost=Amount(unknown=7))
    for lost, told in ((some, "+8 and 3 unknown amounts"), (none, "7 unknown amounts")):
        report = with_summary(money=replace(report_model.money(recorded="-3.5"), log=lost))
        assert f"net PnL of {told} was never recorded" in facts_of(report)["money"]
        assert f"unrecorded net PnL {told}" in text.summary_line(report)


def test_repeats_and_lines_set_aside_are_listed_where_there_are_any():
    whole = report_model.small()
    again = RepeatReport(
        session=".",
        trade="t06",
        at=report_model.at("2026-03-04T06:15:01"),
        symbol="ETH-USDT",
        side=PositionSide.LONG,
        emitter="",
        exit_price=None,
        net_pnl=None,
        log=Location("logs/b.log", "", 7),
    )
    ledger = replace(whole.ledgers[0], set_aside={AsideReason.OPEN: 2})
    shown = text.render(replace(whole, repeats=(again,) * 7, ledgers=(ledger,)))
    assert shown.count("2026-03-04 06:15:01 ETH-USDT long repeats t06  [logs/b.log:7]") == 5
    assert "… and 2 more" in shown
    assert f"{report_model.LEDGER} holds 2 open positions besides closed trades." in shown
    assert "set aside" not in text.render(whole)


def test_lines_that_were_quoted_before_are_cited_alone():
    """A second finding about the same close names the place; with other lines or verbose it quotes."""
    close = Location("bot.log", "", 9, Role.CLOSE, "position closed: ETH-USDT")
    other = Location("bot.log", "", 12, Role.CLOSE, "position closed: BTC-USDT")
    first, second, third = (
        report_model.finding(code, name, Severity.WARNING, "Said.", locations=places)
        for code, name, places in (
            ("LA203", "malformed-row", (close,)),
            ("LA204", "arithmetic-mismatch", (close,)),
            ("LA205", "backfilled-rows", (close, other)),
        )
    )
    told = shown(with_findings(first, second, third))
    assert told.count("│ position closed: ETH-USDT") == 2
    assert told.count("bot.log:9") == 3
    assert "│ position closed: BTC-USDT" in told
    assert shown(with_findings(first, second, third), verbose=True).count("│ position closed: ETH-USDT") == 3


def test_a_log_without_pnl_is_said_to_tell_none():
    summary = report_model.summary(closes=6, recorded=6, missing=0, warnings=1, errors=0)
    money = replace(
        summary.money,
        log=LogMoney(recorded=Amount(unknown=6)),
        recorder=Amount(Decimal("0.5"), 6),
    )
    outcome = replace(
        report_model.small(),
        summary=replace(summary, money=money),
        findings=tuple(numbered(1)),
        trades=(),
        runs=(),
    )
    told = shown(outcome)
    assert told.startswith("NO LOSS FOUND  All 6 closes are in the ledger; 1 warning.")
    assert "net PnL +0.5 in the ledger; the log tells none" in told
    assert "unknown amounts" not in told.split("Findings")[0]


def test_what_is_not_verifiable_is_told_apart_in_the_money_of_the_first_screen():
    summary = report_model.summary(closes=6, recorded=5, missing=0, warnings=1, errors=0)
    money = replace(
        summary.money,
        log=LogMoney(recorded=Amount(Decimal(3), 5), unverifiable=Amount(Decimal(-1), 1)),
        recorder=Amount(Decimal(3), 5),
    )
    outcome = replace(
        report_model.small(),
        summary=replace(summary, money=money),
        findings=tuple(numbered(1)),
        trades=(),
        runs=(),
    )
    assert "Of +2 in the log: +3 recorded, -1 not verifiable." in shown(outcome)
