"""The bot that lies beside its logs: each of its places classified by hand, and what a scan says with it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from logaudit import scan
from logaudit.codepaths.locate import locate
from logaudit.codepaths.witness import CodeWitness
from logaudit.core.report import Report
from logaudit.core.source_code import PathEnd
from logaudit.renderers import document, json_report, sarif
from logaudit.renderers import text as text_report
from logaudit.rules import rulebook

ROOT = Path(__file__).resolve().parent.parent
BLIND = ROOT / "fixtures" / "blind-in-code"
MENDED = ROOT / "fixtures" / "mended-in-code"

#: Read in the source by a person: the function that holds the call, a text of the call's line, and the end.
BY_HAND: Sequence[tuple[str, str, str]] = (
    ("Desk.__init__", "close_callback=self.exits.close_position", "unknown"),
    ("Desk.manage", '"timeout"', "dropped"),
    ("Desk._check_target", '"target"', "dropped"),
    ("Desk._check_stop", '"stop"', "dropped"),
    ("Desk.close_manually", '"manual"', "recorded"),
    ("Desk.close_on_signal", '"reverse"', "conditional"),
    ("Desk.close_while_live", '"session_end"', "conditional"),
    ("Desk.close_all", '"close_all"', "recorded"),
    ("Desk.close_in_turn", '"in_turn"', "recorded"),
    ("Desk.make_room", "close_weakest", "recorded"),
    ("Desk.make_room_quickly", "close_weakest", "dropped"),
    ("Desk.close_to_queue", '"queued"', "unknown"),
    ("Desk.close_and_tell", '"told"', "unknown"),
    ("Desk.close_and_keep", '"kept"', "unknown"),
    ("Desk.close_by_name", '"by_name"', "unknown"),
    ("Desk.close_for_hedge", "close_for_hedge", "broken"),
    ("Desk.roll_over", "close_for_rollover", "unknown"),
    ("Desk.close_by_old_name", '"old_name"', "broken"),
    ("Desk.close_audited", "close_audited", "unknown"),
    ("Desk.shutdown", '"shutdown"', "dropped"),
    ("Funding.before_payment", '"funding"', "recorded"),
    ("Funding.before_payment", '"funding_quiet"', "dropped"),
    ("Grid.on_price", '"grid"', "recorded"),
    ("Grid.stop", '"grid_stop"', "dropped"),
    ("Grid.recenter", '"recenter"', "recorded"),
    ("GridDesk.tidy", "trim(3)", "recorded"),
    ("GridDesk.tidy_hard", "trim(0)", "dropped"),
    ("Liquidator.check_margin", "liquidate", "recorded"),
    ("Liquidator.panic", "liquidate", "recorded"),
    ("PaperExits.close_for_rollover", '"paper_rollover"', "recorded"),
    ("Rebalancer.before_maintenance", "flatten", "conditional"),
    ("Watchdog._stalled", '"stalled"', "dropped"),
    ("Watchdog.later", '"later"', "unknown"),
)


def scanned(folder: Path, source: Path | str) -> Report:
    return scan(folder / "logs", source=str(source))


def rules_of(report: Report) -> list[str]:
    return [f.rule for f in report.findings if f.rule.startswith("LA6")]


def git(folder: Path, *words: str) -> str:
    identity = (
        "-c",
        "user.name=someone",
        "-c",
        "user.email=someone@example.invalid",
        "-c",
        "commit.gpgsign=false",
    )
    done = subprocess.run(
        [shutil.which("git") or "git", "-C", str(folder), *identity, *words],
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three commits: something else, the blind bot, the mended one."""
    if shutil.which("git") is None:
        pytest.skip("needs git")
    folder = tmp_path_factory.mktemp("history") / "bot"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "tide").mkdir()
    (folder / "tide" / "desk.py").write_text("x = 1\n", encoding="utf-8")
    for tag, source in (("empty", None), ("blind", BLIND), ("mended", MENDED)):
        if source is not None:
            shutil.copytree(source / "bot", folder, dirs_exist_ok=True)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", tag)
        git(folder, "tag", tag)
    return folder


def test_every_place_ends_as_a_person_read_it() -> None:
    analysis = CodeWitness(locate(str(BLIND / "bot"))).alone()
    assert len(analysis.sites) == len(BY_HAND)
    for function, text, end in BY_HAND:
        (site,) = [s for s in analysis.sites if s.function == function and text in s.place.text]
        assert site.end.value == end, (function, text, str(site.why))


def test_the_mended_bot_has_no_blind_place() -> None:
    analysis = CodeWitness(locate(str(MENDED / "bot"))).alone()
    ends = {site.end for site in analysis.sites}
    assert ends == {PathEnd.RECORDED, PathEnd.CONDITIONAL, PathEnd.UNKNOWN}


def test_a_scan_names_the_calls_by_which_closes_were_lost() -> None:
    report = scanned(BLIND, BLIND / "bot")
    found = {
        f.locations[0].text: (f.data["missing"], f.data["recorded"])
        for f in report.findings
        if f.rule == "LA601"
    }
    assert found == {
        'await self.exits.close_position(position.symbol, "target")': (2, 0),
        'result = await self.exits.close_position(position.symbol, "stop")': (2, 0),
    }
    # Seven more are blind, two cannot work, three depend on a condition; the source is the one that ran.
    assert sorted(rules_of(report)) == ["LA601"] * 2 + ["LA602"] * 2 + ["LA603"] * 3 + ["LA605"] * 7
    match = report.code["."].match
    assert match is not None
    assert match.complete
    first = report.diagnosis.hypotheses[0]
    assert (first.id, first.likelihood.value) == ("path-never-calls-recorder", "high")
    points = [p for p in report.diagnosis.failure_points if p.kind == "trade"]
    assert [p.stage for p in points] == ["C"] * 4


def test_the_first_screen_names_the_calls_that_lost_closes() -> None:
    """Line 61 is blind as well, but no close came by it."""
    screen = text_report.render(scanned(BLIND, BLIND / "bot")).partition("Findings")[0]
    assert re.findall(r"desk\.py:(\d+)", screen) == ["71", "79"]


def test_one_lost_close_is_enough(tmp_path: Path) -> None:
    lines = (BLIND / "logs" / "tide.log").read_text(encoding="utf-8").splitlines(keepends=True)
    second = next(i for i, line in enumerate(lines) if "Opened short position ETH-USDT" in line)
    (tmp_path / "tide.log").write_text("".join(lines[:second]), encoding="utf-8")
    header = (BLIND / "logs" / "trades.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "trades.csv").write_text(header + "\n", encoding="utf-8")
    report = scan(tmp_path, source=str(BLIND / "bot"))
    assert report.summary.missing == report.summary.closes == 1
    assert rules_of(report).count("LA601") == 1
    assert "tide/desk.py:71" in " ".join(map(str, report.diagnosis.headline))


def test_after_the_mending_no_blind_path_is_left() -> None:
    report = scanned(MENDED, MENDED / "bot")
    assert rules_of(report) == ["LA603"] * 3
    assert [s.code for s in report.healthy if s.code == "no-blind-path"] == ["no-blind-path"]


def test_without_a_source_nothing_is_said_of_code() -> None:
    report = scan(BLIND / "logs")
    assert rules_of(report) == []
    assert report.code == {}


def test_another_version_makes_no_claims_from_what_differs() -> None:
    report = scanned(BLIND, MENDED / "bot")
    (finding,) = [f for f in report.findings if f.rule == "LA604"]
    assert [f.rule for f in report.findings if f.rule == "LA601"] == []
    assert finding.locations[0].path.endswith("tide/desk.py")
    assert str(report.diagnosis.headline).count("The source shows") == 0


def test_the_commit_that_wrote_the_logs_is_found(repository: Path) -> None:
    report = scanned(BLIND, repository)
    match = report.code["."].match
    assert match is not None
    assert (match.revision, match.complete) == (git(repository, "rev-parse", "blind"), True)
    assert rules_of(report).count("LA601") == 2


def test_a_bare_repository_and_a_revision_are_read(repository: Path, tmp_path: Path) -> None:
    git(repository, "clone", "-q", "--bare", str(repository), str(tmp_path / "bot.git"))
    assert rules_of(scanned(BLIND, f"{tmp_path / 'bot.git'}@blind")).count("LA601") == 2
    assert rules_of(scanned(BLIND, tmp_path / "bot.git")).count("LA601") == 2
    assert rules_of(scanned(BLIND, f"{tmp_path / 'bot.git'}@mended")).count("LA601") == 0


def run(*words: str, code: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "logaudit", "source", *words], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout.decode("utf-8")


def test_the_command_prints_text_json_and_sarif() -> None:
    bot = str(BLIND / "bot")
    assert "11 paths lose closes. Of 33 places" in run(bot, code=1)
    found = json.loads(run(bot, "--format", "json", code=1))
    assert [f["rule"] for f in found["findings"] if f["severity"] == "error"] == ["LA601"] * 9 + ["LA602"] * 2
    assert len(found["code"][0]["sites"]) == len(BY_HAND)
    results = json.loads(run(bot, "--format", "sarif", code=1))["runs"][0]["results"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("tide/desk.py")
    assert run(str(MENDED / "bot"), code=0)


def test_two_versions_are_compared(repository: Path) -> None:
    found = json.loads(run(f"{repository}@blind..mended", "--format", "json", code=0))
    turned = {(c["before"], c["after"]) for c in found["changes"] if c["before"] != c["after"]}
    assert ("dropped", "recorded") in turned
    assert not any(after in ("dropped", "broken") for _, after in turned)


def test_places_are_named_from_the_repository_that_holds_the_source(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    shutil.copytree(BLIND / "bot", tmp_path / "services" / "bot")
    analysis = CodeWitness(locate(str(tmp_path / "services" / "bot"))).alone()
    assert {s.place.path.rpartition("/")[0] for s in analysis.sites} == {"services/bot/tide"}
    assert {s.module for s in analysis.sites} == {
        "tide.exits",
        "tide.grid",
        "tide.liquidation",
        "tide.rebalance",
    }


def test_sarif_of_a_scan_annotates_the_line_of_the_source() -> None:
    report = scanned(BLIND, BLIND / "bot")
    results = json.loads(sarif.render(report, sarif.RenderStyle(rulebook=rulebook)))["runs"][0]["results"]
    blind = [r for r in results if r["ruleId"] == "LA601"]
    lines = [r["locations"][0]["physicalLocation"]["region"]["startLine"] for r in blind]
    assert sorted(lines) == [71, 79]


def test_what_cannot_be_read_is_said_and_passed(tmp_path: Path) -> None:
    shutil.copytree(BLIND / "bot", tmp_path / "bot")
    bot = tmp_path / "bot"
    (bot / "two.py").write_text("print 'x'\n", encoding="utf-8")
    (bot / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (bot / "marked.py").write_bytes(b"\xef\xbb\xbfx = 1\n")
    (bot / "odd.py").write_bytes("x = 'ж'\n".encode("cp1251"))
    (bot / "deep.py").write_text("x = " + "-" * 30_000 + "1\n", encoding="utf-8")
    (bot / "large.py").write_text("x = 1\n" * 800_000, encoding="utf-8")
    (bot / "tests").mkdir()
    (bot / "tests" / "test_exits.py").write_text(
        "async def test_it(exits):\n    await exits.close_position('x', 'y')\n", encoding="utf-8"
    )
    try:
        (bot / "loop").symlink_to(bot, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")
    analysis = CodeWitness(locate(str(bot))).alone()
    assert len(analysis.sites) == len(BY_HAND)
    assert {p.path for p in analysis.problems} == {
        "two.py",
        "broken.py",
        "odd.py",
        "deep.py",
        "large.py",
        "loop",
    }


def unplaced(folder: Path) -> Path:
    """The blind bot's logs as a format without names of code writes them."""
    folder.mkdir()
    text = (BLIND / "logs" / "tide.log").read_text(encoding="utf-8")
    (folder / "tide.log").write_text(re.sub(r"\| tide\.\S+ - ", "| ", text), encoding="utf-8")
    shutil.copy(BLIND / "logs" / "trades.csv", folder)
    return folder


def test_logs_that_name_no_code_are_believed_only_with_a_revision(repository: Path, tmp_path: Path) -> None:
    logs = unplaced(tmp_path / "logs")
    alone = scan(logs, source=str(BLIND / "bot"))
    assert set(rules_of(alone)) == {"LA604"}
    assert "nothing tells whether bot ran" in str([str(f.message) for f in alone.findings])
    named = scan(logs, source=f"{repository}@blind")
    (finding,) = [f for f in named.findings if f.rule == "LA604"]
    assert finding.severity.value == "note"
    assert "holds only if the bot ran it" in str(finding.message)
    # Any function may have written a close, so none is laid at one call's door.
    assert set(rules_of(named)) == {"LA602", "LA603", "LA604", "LA605"}
    (target,) = [f for f in named.findings if f.rule == "LA605" and '"target"' in f.locations[0].text]
    assert "Whether a lost close came by it cannot be told." in str(target.message)


def test_lines_of_code_that_are_not_printed_are_no_mismatch(tmp_path: Path) -> None:
    shutil.copytree(BLIND / "logs", tmp_path / "logs")
    log = tmp_path / "logs" / "tide.log"
    text = re.sub(r"(\| tide\.\w+:\w+):\d+ - ", r"\1 | ", log.read_text(encoding="utf-8"))
    log.write_text(text, encoding="utf-8")
    written = "{time:YYYY-MM-DD HH:mm:ss.SSS} | {level: <8} | {name}:{function} | {message}"
    report = scan(tmp_path / "logs", source=str(BLIND / "bot"), log_formats=[{"format": written}])
    match = report.code["."].match
    assert match is not None
    assert (match.lines, match.complete) == (False, True)


def test_json_with_a_source_is_as_its_schema_says() -> None:
    schema = json.loads((ROOT / "docs" / "json-schema-v2.json").read_text(encoding="utf-8"))
    found = json.loads(json_report.render(scanned(BLIND, BLIND / "bot")))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(found)] == []
    assert [list(entry) for entry in found["code"]] == [
        list(schema["properties"]["code"]["items"]["properties"])
    ]


def test_the_reports_next_step_names_the_calls_and_the_recorder() -> None:
    """No log statement is asked for where the source shows which calls drop the lost closes."""
    checks = scanned(BLIND, BLIND / "bot").diagnosis.next_checks
    (check,) = checks
    told = str(check.what)
    assert re.findall(r"tide/desk\.py:(\d+)", told) == ["71", "79"]
    assert "pass what Exits.close_position returns to tide.journal:Journal.record" in told
    assert "4 lost closes" in told
    page = document.render(scanned(BLIND, BLIND / "bot"), "md", lang="en", command="logaudit report")
    restore, step = [line for line in str(page).splitlines() if "**Next step.**" in line]
    assert "`logaudit restore LOGS -o restored` writes the missing rows as a patch." in restore
    assert "Exits.close_position" in step


def test_without_the_source_the_next_step_is_a_log_statement() -> None:
    told = [str(check.what) for check in scan(BLIND / "logs").diagnosis.next_checks]
    assert not any("desk.py" in what for what in told)
