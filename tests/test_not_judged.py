"""A scan that verified nothing: exit code 3, the report all the same, and every output says so."""

from __future__ import annotations

import csv
import gzip
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
import report_model
from msgspec.structs import replace
from program import run
from world import LEDGER, LOG, RECORDER, Deal, World

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.config import FORMATS
from logaudit.core.not_judged import NotJudged, Reason
from logaudit.core.policy_result import PolicyResult
from logaudit.core.report import Report
from logaudit.core.verdict import Verdict, verdict_of
from logaudit.renderers.not_judged import not_judged

DEAL = Deal("10:40:00.500")
FAILED = "❌ Ошибка записи сделки BTC-USDT в CSV: [Errno 28] No space left on device"


def empty(root: Path) -> None:
    root.mkdir()


def prose(root: Path) -> None:
    root.mkdir()
    for name in ("README", "notes.txt", "table.csv"):
        (root / name).write_text("one, two\nthree, four\n", encoding="utf-8")


def ledger_alone(root: Path) -> None:
    world = World(root, log="", boot=False)
    world.rows = [world.row(DEAL)]
    world.save()


def no_record(root: Path) -> None:
    """A log whose lines begin as no format does, beside a ledger."""
    ledger_alone(root)
    (root / "bot.log").write_text("10 o'clock: all is well\n" * 50, encoding="utf-8")


def no_ledger(root: Path) -> None:
    world = World(root, ledger="")
    world.lost(DEAL, Deal("11:00:00.500"))
    world.save()


def header_of_another_table(root: Path) -> None:
    """A table lies beside the log, and it is no trades ledger."""
    no_ledger(root)
    (root / "balance.csv").write_text("day,balance\n2026-01-10,100\n", encoding="utf-8")


def nothing_recognised(root: Path) -> None:
    root.mkdir()
    lines = [
        f"2026-01-10 10:{i // 60:02}:{i % 60:02},000 - other.bot - INFO - sold {i} pears" for i in range(90)
    ]
    (root / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")


def no_close_recognised(root: Path) -> None:
    """A row lies in the time of logs in which nothing tells of a trade."""
    world = World(root, ledger=LEDGER)
    world.rows = [world.row(DEAL)]
    world.save()


def ledger_elsewhere(root: Path) -> None:
    """The recorder acknowledged the only close into a file that is not at hand; an older one is."""
    world = World(root)
    world.lost(DEAL)
    world.acknowledge(DEAL)
    world.ledger = "trades_2026-01-09.csv"
    world.save()


CASES: dict[str, tuple[Callable[[Path], None], Reason]] = {
    "empty": (empty, Reason.NOTHING_READ),
    "prose": (prose, Reason.NOTHING_READ),
    "ledger alone": (ledger_alone, Reason.NO_RECORD),
    "no record": (no_record, Reason.NO_RECORD),
    "no ledger": (no_ledger, Reason.NO_LEDGER),
    "another table": (header_of_another_table, Reason.NO_LEDGER),
    "nothing recognised": (nothing_recognised, Reason.NOT_RECOGNISED),
    "no close recognised": (no_close_recognised, Reason.CLOSES_NOT_RECOGNISED),
    "ledger elsewhere": (ledger_elsewhere, Reason.NOT_VERIFIABLE),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Reason]:
    """A folder whose ``logs`` verify nothing, and why."""
    make, reason = CASES[request.param]
    make(tmp_path / "logs")
    return tmp_path, reason


#: What the sentences say after their counts.
SAID = {
    Reason.NOTHING_READ: "Neither a log nor a trades ledger was found.",
    Reason.NO_RECORD: "No log record was read",
    Reason.NO_LEDGER: "2 closes in the logs, and no trades ledger to compare them with.",
    Reason.CLOSES_NOT_RECOGNISED: "No line that tells of a close was recognised, though there should be some.",
    Reason.NOT_RECOGNISED: "No line that tells of a trade was recognised in 90 records",
    Reason.NOT_VERIFIABLE: "The logs and the ledger at hand do not settle whether 1 trade was recorded.",
}


# --- Exit code and report


@pytest.mark.parametrize("words", [(), ("--exit-zero",), ("--fail-on", "never")])
def test_it_exits_3_with_json_that_says_so(case: tuple[Path, Reason], words: tuple[str, ...]) -> None:
    where, _ = case
    done = run(where, "scan", "logs", "-q", "--output-format", "json", *words)
    whole = json.loads(done.stdout)
    assert (done.returncode, whole["verdict"]) == (3, "not-judged")
    assert (whole["summary"]["missing"], whole["summary"]["errors"]) == (0, 0)
    assert whole["summary"]["unrecorded_net_pnl"] == "0"
    assert "not judged: " in done.stderr


def test_the_headline_says_why_and_claims_nothing(case: tuple[Path, Reason]) -> None:
    where, reason = case
    done = run(where, "scan", "logs")
    first = " ".join(done.stdout.split())
    assert done.returncode == 3
    assert first.startswith(f"NOT JUDGED {SAID[reason]}")
    assert "no trade can be missing" not in first
    assert " next " in first
    assert done.stderr.splitlines()[-2].startswith("logaudit: not judged: ")


@pytest.mark.parametrize("form", FORMATS)
def test_the_format_changes_nothing(tmp_path: Path, form: str) -> None:
    no_ledger(tmp_path / "logs")
    printed = run(tmp_path, "scan", "logs", "-q", "--output-format", form)
    written = run(tmp_path, "scan", "logs", "-q", "--output", f"{form}=out")
    assert printed.returncode == written.returncode == 3
    assert "no trades ledger" in printed.stdout
    if form != "text":
        assert (tmp_path / "out").read_text(encoding="utf-8") == printed.stdout


def test_the_report_exits_3_and_is_written_all_the_same(case: tuple[Path, Reason]) -> None:
    where, _ = case
    done = run(where, "report", "logs", "-q")
    assert done.returncode == 3
    assert done.stdout.startswith("# Ledger report: nothing was judged\n")
    assert "**Next step.**" in done.stdout
    assert run(where, "report", "logs", "-q", "-o", "report.html", "--format", "html").returncode == 3
    assert "Not judged" in (where / "report.html").read_text(encoding="utf-8")
    russian = run(where, "report", "logs", "-q", "--lang", "ru").stdout
    assert russian.startswith("# Отчёт о журнале сделок: сверка не состоялась\n")


def test_in_a_step_of_actions_the_page_and_an_annotation_say_so(case: tuple[Path, Reason]) -> None:
    where, _ = case
    page = where / "page.md"
    done = run(where, "scan", "logs", "-q", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page))
    assert done.returncode == 3
    assert page.read_text(encoding="utf-8").startswith("## logaudit: NOT JUDGED\n")
    assert "::error title=logaudit::" in done.stdout


def bot_of_unknown_words(root: Path, table: str) -> None:
    """A bot starts and sells in words that no pattern knows; what may be its ledger is not understood."""
    root.mkdir()
    sales = [
        f"2026-01-10 10:0{i}:30,125 - INFO - Deal done: {{'coin': 'PEAR', 'kind': 'sell', 'rate': 30{i}5.25}}"
        for i in range(6)
    ]
    lines = ["2026-01-10 10:00:00,125 - INFO - Starting trading bot in paper mode", *sales]
    (root / "bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "trades.json").write_text(table, encoding="utf-8")


@pytest.mark.parametrize(
    "table",
    [
        '[{"at": "2026-01-10 10:00:30", "what": "sell", "rate": 3005.25}]',
        '[{"timestamp": "2026-01-09 10:00:30", "symbol": "PEAR/USD", "type": "sell", "price": 3005.25}]',
        '[{"exit_time": "2026-01-09 10:00:30", "symbol": "PEAR/USD", "side": "long", "exit_price": 3.25, "pnl": 1.5}]',
    ],
)
def test_that_a_bot_starts_proves_nothing_of_its_trades(tmp_path: Path, table: str) -> None:
    bot_of_unknown_words(tmp_path / "logs", table)
    done = run(tmp_path, "scan", "logs", "--output-format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (3, "not-judged")
    assert "No line that tells of a trade was recognised in 7 records" in done.stderr


def test_a_line_that_only_continues_a_close_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    lines = [f"2026-01-10 10:0{i}:00,000 [INFO] Capital: $180.00 | P&L: +0.00 | Win: 0%" for i in range(9)]
    (tmp_path / "logs/bot.log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(tmp_path, "scan", "logs").returncode == 3


@pytest.mark.parametrize("name", ["trades.json", "bot.log.gz", "old/trades.csv.zst"])
def test_no_all_clear_while_a_file_that_may_tell_of_trades_is_unreadable(tmp_path: Path, name: str) -> None:
    World(tmp_path / "logs", ledger="").save()
    path = tmp_path / "logs" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b'[{"symbol": "BTC-USDT", "pn' if name.endswith("json") else b"\x1f\x8b\x08\x00\x00")
    done = run(tmp_path, "scan", "logs")
    assert done.returncode == 3
    assert "NO TRADES" not in done.stdout
    assert "and 1 file that may tell of trades could not be read to its end" in " ".join(done.stdout.split())
    assert "LA401" in done.stdout


# --- What is no such scan


def test_a_quiet_night_of_a_bot_that_is_known_is_clean(tmp_path: Path) -> None:
    for name, ledger in (("with", LEDGER), ("without", "")):
        World(tmp_path / name, ledger=ledger).save()
        done = run(tmp_path, "scan", name, "-q", "--output-format", "json")
        assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "clean")


def test_rows_from_before_the_logs_say_nothing_about_a_quiet_night(tmp_path: Path) -> None:
    world = World(tmp_path / "logs")
    world.write(
        "trades_2026-01-07.csv", [world.header, world.row(replace(DEAL, closed="2026-01-07 10:00:00.500"))]
    )
    world.save()
    assert run(tmp_path, "scan", "logs", "-q").returncode == 0


def test_to_name_a_profile_proves_nothing_but_its_markers_do(tmp_path: Path) -> None:
    nothing_recognised(tmp_path / "logs")
    for name in ("freqtrade", "generic", "okx-scalper"):
        assert run(tmp_path, "scan", "logs", "-q", "--profile", name).returncode == 3
    mine = (
        'schema = 1\nname = "mine"\ntitle = "Mine"\nmarkers = [\'sold \\d+ pears\']\n[[patterns]]\nid = "closed"\n'
        "event = \"position-closed\"\nregex = 'closed %{SYMBOL:symbol}'\n"
        'samples = [{ line = "closed BTC-USDT", values = { symbol = "BTC-USDT" } }]\n'
    )
    (tmp_path / "mine.toml").write_text(mine, encoding="utf-8")
    assert run(tmp_path, "scan", "logs", "-q", "--profile", "mine.toml").returncode == 0
    (tmp_path / "mine.toml").write_text(mine.replace("pears", "plums"), encoding="utf-8")
    assert run(tmp_path, "scan", "logs", "-q", "--profile", "mine.toml").returncode == 3


def test_a_ledger_with_a_header_alone_is_a_ledger(tmp_path: Path) -> None:
    world = World(tmp_path / "logs")
    world.lost(DEAL)
    world.save()
    done = run(tmp_path, "scan", "logs", "-q", "--output-format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "lost")


def test_a_close_in_a_verified_session_beside_unverifiable_rows_is_verified(tmp_path: Path) -> None:
    world = World(tmp_path / "logs")
    world.write(
        "trades_2026-01-07.csv", [world.header, world.row(replace(DEAL, closed="2026-01-07 10:00:00.500"))]
    )
    world.kept(DEAL)
    world.save()
    done = run(tmp_path, "scan", "logs", "-q", "--output-format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (0, "clean")


def test_a_bot_whose_ledger_is_gone_is_not_hidden_by_one_that_is_well(tmp_path: Path) -> None:
    well = World(tmp_path / "logs" / "a")
    well.kept(DEAL)
    well.save()
    no_ledger(tmp_path / "logs" / "b")
    done = run(tmp_path, "scan", "logs", "-q", "--output-format", "json")
    whole = json.loads(done.stdout)
    assert (done.returncode, whole["verdict"]) == (3, "not-judged")
    assert {t["session"]: t["state"] for t in whole["trades"]} == {"a": "recorded", "b": "unverifiable"}
    assert "2 closes in the logs, and no trades ledger" in done.stderr


# --- Findings go before it, where they are real


@pytest.mark.parametrize(
    ("words", "code", "verdict"), [((), 1, "errors"), (("--exit-zero",), 3, "not-judged")]
)
def test_an_error_of_the_recorder_goes_first_without_a_ledger_too(
    tmp_path: Path, words: tuple[str, ...], code: int, verdict: str
) -> None:
    world = World(tmp_path / "logs", ledger="")
    world.lost(DEAL)
    world.say("10:40:00.600", FAILED, by=RECORDER, level="ERROR")
    world.save()
    done = run(tmp_path, "scan", "logs", "-q", "--output-format", "json", *words)
    whole = json.loads(done.stdout)
    assert "LA108" in [f["rule"] for f in whole["findings"]]
    assert (done.returncode, whole["verdict"]) == (code, verdict)
    assert not {"LA101", "LA102", "LA103"} & {f["rule"] for f in whole["findings"]}
    assert [t["state"] for t in whole["trades"]] == ["unverifiable"]
    assert "not judged  1 close in the logs" in run(tmp_path, "scan", "logs", "-q").stdout


def test_what_is_missing_without_a_ledger_is_at_most_a_warning(tmp_path: Path) -> None:
    world = World(tmp_path / "logs", ledger="", boot=False)
    world.lost(DEAL)
    found = {f.rule: f.severity.value for f in world.scan().findings}
    assert found == found | {"LA201": "warning", "LA109": "warning"}
    assert "error" not in found.values()
    assert run(tmp_path, "scan", "logs", "-q", "--fail-on", "warning").returncode == 1


def test_no_log_at_all_is_no_log_that_is_too_old(tmp_path: Path) -> None:
    empty(tmp_path / "logs")
    assert run(tmp_path, "scan", "logs", "-q", "--max-age", "1h").returncode == 3


def test_too_little_coverage_is_not_judged(tmp_path: Path) -> None:
    world = World(tmp_path / "logs")
    world.kept(DEAL)
    world.say("23:00:00", "Heartbeat ok")
    world.save()
    done = run(tmp_path, "scan", "logs", "-q", "--require-coverage", "0.9", "--output-format", "json")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (3, "not-judged")
    shown = run(tmp_path, "scan", "logs", "-q", "--require-coverage", "0.9").stdout
    assert shown.startswith("NOT JUDGED  The logs cover less than --require-coverage asks.")
    assert run(tmp_path, "scan", "logs", "-q").returncode == 0


# --- The other commands


def test_positions_of_no_log_are_printed_and_exit_3(tmp_path: Path) -> None:
    ledger_alone(tmp_path / "logs")
    done = run(tmp_path, "positions", "logs", "-q", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["positions"]) == (3, [])
    no_ledger(tmp_path / "more")
    assert run(tmp_path, "positions", "more", "-q").returncode == 0


def test_a_baseline_of_nothing_read_does_not_replace_one_that_is_there(tmp_path: Path) -> None:
    empty(tmp_path / "logs")
    (tmp_path / "known.json").write_text("mine", encoding="utf-8")
    assert run(tmp_path, "baseline", "create", "logs", "-o", "known.json").returncode == 3
    assert (tmp_path / "known.json").read_text(encoding="utf-8") == "mine"
    no_ledger(tmp_path / "more")
    assert run(tmp_path, "baseline", "create", "more", "-o", "known.json").returncode == 3
    assert run(tmp_path, "baseline", "show", "known.json").returncode == 0


def test_a_comparison_with_what_was_not_judged_is_no_success(tmp_path: Path) -> None:
    well = World(tmp_path / "well")
    well.kept(DEAL)
    well.save()
    empty(tmp_path / "nothing")
    run(tmp_path, "scan", "nothing", "-q", "--output", "json=nothing.json")
    assert run(tmp_path, "diff", "well", "well", "-q").returncode == 0
    for after in ("nothing", "nothing.json"):
        done = run(tmp_path, "diff", "well", after, "-q")
        assert done.returncode == 3
        assert done.stdout
        assert f"{after} was not judged" in done.stderr
    world = World(tmp_path / "lossy")
    world.lost(DEAL)
    world.save()
    assert run(tmp_path, "diff", "nothing.json", "lossy", "-q").returncode == 1


def test_init_says_what_the_first_scan_will_end_with(tmp_path: Path) -> None:
    no_ledger(tmp_path / "logs")
    done = run(tmp_path, "init", "-q")
    assert done.returncode == 0
    assert "not judged (exit code 3): 2 closes in the logs, and no trades ledger" in done.stderr
    assert run(tmp_path, "scan", "-q").returncode == 3


# --- What could not be read


def recorded_night(root: Path, *, lost: bool = False) -> World:
    """Recorded closes, and perhaps one without a row, in a log that is packed."""
    world = World(root, end="11:00:00")
    world.kept(Deal("10:20:00"), Deal("10:30:00", "ETH-USDT"))
    if lost:
        world.lost(Deal("10:40:00", "SOL-USDT"))
    world.save()
    packed = gzip.compress((root / world.log).read_bytes(), compresslevel=0, mtime=0)
    (root / world.log).unlink()
    (root / f"{world.log}.gz").write_bytes(packed)
    return world


def test_a_log_that_breaks_off_is_no_clean_one(tmp_path: Path) -> None:
    world = recorded_night(tmp_path, lost=True)
    path = tmp_path / f"{world.log}.gz"
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"SOL-USDT")])
    report = build_report(read_case([tmp_path], ScanOptions(profile=world.profile, jobs=1)))
    assert report.not_judged == NotJudged(Reason.DAMAGE, 1)
    assert run(tmp_path, "scan", ".", "-q", "--profile", world.profile).returncode == 3


def test_an_encrypted_or_unopened_log_is_no_clean_one(tmp_path: Path) -> None:
    world = recorded_night(tmp_path)
    (tmp_path / "futures_main_2026-01-09.log.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(300))
    report = build_report(read_case([tmp_path], ScanOptions(profile=world.profile, jobs=1)))
    assert report.not_judged == NotJudged(Reason.DAMAGE, 1)


def test_a_damaged_ledger_that_may_hold_the_missing_row_is_no_clean_one(tmp_path: Path) -> None:
    world = recorded_night(tmp_path, lost=True)
    path = tmp_path / world.ledger
    path.write_bytes(path.read_bytes() + bytes(200) + b"\r\n")
    report = build_report(read_case([tmp_path], ScanOptions(profile=world.profile, jobs=1)))
    assert [t.state.value for t in report.trades] == ["recorded", "recorded", "unverifiable"]
    assert report.not_judged == NotJudged(Reason.DAMAGE, 1)


def test_a_damaged_ledger_in_which_every_close_is_found_is_judged(tmp_path: Path) -> None:
    world = recorded_night(tmp_path)
    path = tmp_path / world.ledger
    path.write_bytes(path.read_bytes() + bytes(200) + b"\r\n")
    report = build_report(read_case([tmp_path], ScanOptions(profile=world.profile, jobs=1)))
    assert report.not_judged is None


def test_a_file_of_another_kind_that_is_not_read_changes_nothing(tmp_path: Path) -> None:
    world = recorded_night(tmp_path)
    (tmp_path / "models.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(300))
    report = build_report(read_case([tmp_path], ScanOptions(profile=world.profile, jobs=1)))
    assert report.not_judged is None


# --- The verdict and its formats


def outcome(reason: Reason | None, code: int, **summary: int) -> Report:
    clean = report_model.clean()
    return replace(
        clean,
        summary=replace(clean.summary, **summary),
        not_judged=None if reason is None else NotJudged(reason, 7),
        review=PolicyResult(exit_code=code),
    )


@pytest.mark.parametrize(
    ("summary", "reason", "code", "verdict"),
    [
        ({"missing": 2, "backfilled": 1, "errors": 1}, Reason.NO_LEDGER, 1, Verdict.LOST),
        ({"missing": 2, "backfilled": 2, "errors": 1}, Reason.NO_LEDGER, 1, Verdict.RESTORED),
        ({"errors": 1}, Reason.NO_LEDGER, 1, Verdict.ERRORS),
        ({"warnings": 1}, Reason.NO_LEDGER, 1, Verdict.NOT_JUDGED),
        ({"warnings": 1}, None, 1, Verdict.CLEAN),
        ({}, None, 0, Verdict.CLEAN),
        ({"missing": 2}, Reason.THIN_COVERAGE, 3, Verdict.NOT_JUDGED),
        ({"missing": 2}, None, 0, Verdict.LOST),
    ],
)
def test_the_gravest_that_holds_is_the_verdict(
    summary: dict[str, int], reason: Reason | None, code: int, verdict: Verdict
) -> None:
    assert verdict_of(outcome(reason, code, **summary)) is verdict


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_and_a_next_step(reason: Reason) -> None:
    told = not_judged(outcome(reason, 3))
    assert told is not None
    assert str(told.problem).endswith(".")
    assert str(told.remedy).endswith(".")
    assert not_judged(outcome(None, 0)) is None


def test_readers_of_other_formats_see_no_success(tmp_path: Path) -> None:
    no_ledger(tmp_path / "logs")
    words = [word for form in FORMATS for word in ("--output", f"{form}=out.{form}")]
    assert run(tmp_path, "scan", "logs", "-q", *words).returncode == 3
    texts = {form: (tmp_path / f"out.{form}").read_text(encoding="utf-8") for form in FORMATS}

    root = ET.fromstring(texts["junit"])  # noqa: S314 - our own
    assert (root.get("errors"), root.get("failures")) == ("1", "0")
    (error,) = root.iter("error")
    assert error.get("type") == "not-judged"

    (made,) = json.loads(texts["sarif"])["runs"][0]["invocations"]
    assert (made["executionSuccessful"], made["exitCode"]) == (False, 3)
    assert made["toolExecutionNotifications"][0]["level"] == "error"

    issue = json.loads(texts["gitlab"])[0]
    assert (issue["check_name"], issue["severity"]) == ("not-judged", "critical")
    assert issue["location"]["path"] == LOG.replace("_2026-01-10", "")

    assert texts["github"].startswith("::error title=logaudit::2 closes in the logs, and no trades ledger")
    assert json.loads(texts["jsonl"].splitlines()[0])["verdict"] == "not-judged"
    assert next(csv.DictReader(texts["csv"].splitlines()))["status"] == "not-judged"


def test_the_files_that_were_not_read_are_named_with_their_reasons(tmp_path: Path) -> None:
    prose(tmp_path / "logs")
    (tmp_path / "logs" / "a.log.zst").write_bytes(b"\x28\xb5\x2f\xfd" + bytes(60))
    for n in range(5):
        (tmp_path / "logs" / f"more-{n}.txt").write_text("one\n", encoding="utf-8")
    done = run(tmp_path, "scan", "logs", "--no-cache", "-q")
    assert done.returncode == 3
    lines = [line.removeprefix("logaudit: ") for line in done.stderr.splitlines() if "not read: " in line]
    assert lines[0].startswith(
        "not read: a.log.zst is unsupported: Zstandard data is not read: unpack it first."
    )
    assert any(line.startswith("not read: README: ") for line in lines)
    assert len(lines) == 6
    assert lines[-1] == "not read: and 4 more files"


@pytest.mark.parametrize(("before", "code"), [(1, 0), (2, 0), (3, 3)])
def test_of_most_trades_not_verifiable_a_few_are_no_all_clear(tmp_path: Path, before: int, code: int) -> None:
    """The ledger begins after the first closes: it may be younger than the log, or have been overwritten."""
    lines, rows = ["2026-03-04 09:00:00.120 | INFO     | bot.engine:run:10 - Bot started"], []
    for n in range(before + 2):
        at, figures = f"2026-03-04 1{n}:40:00", f"@ 6010{n}.00 size=0.10 pnl={n + 10}.00"
        lines.append(
            f"2026-03-04 1{n}:00:00.120 | INFO     | bot.engine:run:11 - Opened long position BTCUSDT @ 60000.00"
        )
        lines.append(f"{at}.120 | INFO     | bot.engine:run:12 - Closed long position BTCUSDT {figures}")
        rows += [f"{at}.130,BTCUSDT,long,6010{n}.00,0.10,{n + 10}.00"] * (n >= before)
    (tmp_path / "bot.log").write_text(
        "\n".join([*lines, lines[0].replace(" 09:", " 19:")]) + "\n", encoding="utf-8"
    )
    (tmp_path / "trades.csv").write_text(
        "\n".join(["time,symbol,side,exit_price,size,pnl", *rows]), encoding="utf-8"
    )
    assert run(tmp_path, "scan", ".").returncode == code
