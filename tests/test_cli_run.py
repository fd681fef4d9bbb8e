"""The nightly check as a user runs it: settings, gates, baselines, outputs, exit codes."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from program import Done, run
from world import LOG, Deal, World, ordered

from logaudit.cli.run import _links
from logaudit.config import FORMATS

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"


def lossy(root: Path, *more: Deal) -> World:
    """A night on which two trades were recorded and one was lost, plus any more."""
    world = World(root, end="13:00:00")
    world.kept(Deal("10:20:00.500"), Deal("10:40:00.500"))
    world.lost(Deal("11:00:00.500"), *more)
    return world


def found(done: Done) -> list[str]:
    return [finding["rule"] for finding in json.loads(done.stdout)["findings"]]


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A folder with lossy logs in ``logs``."""
    world = lossy(tmp_path / "logs")
    world.save()
    return tmp_path


# --- One incident, wherever its files lie


def laid(root: Path, how: str, *more: Deal) -> Path:
    """The lossy night: as a live log, zipped, cut in two by rotation, renamed, or moved deeper."""
    world = lossy(root, *more)
    lines, world.log = ordered(world.lines), "" if how != "live" else LOG
    if how in {"live", "moved"}:
        world.write(LOG if how == "live" else f"host/backup/{LOG}", lines)
    elif how == "zipped":
        world.zip(f"{LOG}.zip", lines, member=LOG)
    elif how == "renamed":
        world.write("console.txt.log", lines)
    else:
        cut = len(lines) // 2
        world.zip("futures_main_2026-01-10.2026-01-10_10-00-00_000000.log.zip", lines[:cut])
        world.write(LOG, lines[cut:])
    world.save()
    if how == "moved":
        shutil.move(root / world.ledger, root / "host" / world.ledger)
    return root


@pytest.mark.parametrize("how", ["zipped", "rotated", "renamed", "moved"])
def test_a_baseline_of_the_live_log_silences_the_same_incident_elsewhere(tmp_path: Path, how: str) -> None:
    laid(tmp_path / "live", "live")
    assert run(tmp_path, "baseline", "create", "live", "-o", "known.json", "-q").returncode == 0
    assert run(tmp_path, "scan", "live", "-q").returncode == 1
    laid(tmp_path / "there", how)
    done = run(tmp_path, "scan", "there", "-q", "--baseline", "known.json", "--output-format", "json")
    assert (done.returncode, found(done)) == (0, [])


@pytest.mark.parametrize("at", ["10:30:00.500", "11:30:00.500", "11:00:00.700"])
def test_one_more_lost_trade_fails_and_is_the_only_thing_new(tmp_path: Path, at: str) -> None:
    """Before the known loss, after it, and within the same second."""
    laid(tmp_path / "live", "live")
    run(tmp_path, "baseline", "create", "live", "-o", "known.json", "-q")
    laid(tmp_path / "more", "rotated", Deal(at))
    done = run(tmp_path, "scan", "more", "-q", "--baseline", "known.json", "--output-format", "json")
    assert done.returncode == 1
    # Two opens at once are a note of their own.
    (new,) = [f for f in json.loads(done.stdout)["findings"] if f["rule"] != "LA502"]
    assert new["rule"] == "LA101"
    assert new["data"]["closed"][11:19] == at[:8]


def test_a_known_incident_stays_known_when_its_beginning_is_rotated_away(tmp_path: Path) -> None:
    laid(tmp_path / "live", "live")
    run(tmp_path, "baseline", "create", "live", "-o", "known.json", "-q")
    world = lossy(tmp_path / "later")
    lines, world.log = ordered(world.lines), ""
    world.write(LOG, [line for line in lines if line[11:19] >= "10:50:00"])
    world.save()
    done = run(tmp_path, "scan", "later", "-q", "--baseline", "known.json", "--output-format", "json")
    errors = [f for f in json.loads(done.stdout)["findings"] if f["severity"] == "error"]
    assert (done.returncode, errors) == (0, [])


def test_what_vanished_is_said(night: Path) -> None:
    run(night, "baseline", "create", "logs", "-o", "known.json", "-q")
    mended = World(night / "mended", end="13:00:00")
    mended.kept(Deal("10:20:00.500"), Deal("10:40:00.500"), Deal("11:00:00.500"))
    mended.save()
    done = run(night, "scan", "mended", "--baseline", "known.json")
    assert done.returncode == 0
    assert re.search(r"0 findings known, 0 new, [1-9] no longer observed", " ".join(done.stdout.split()))


def test_a_baseline_shows_what_it_knows(night: Path) -> None:
    done = run(night, "baseline", "create", "logs", "-o", "known.json")
    assert done.stdout == ""
    assert "known.json" in done.stderr
    text = run(night, "baseline", "show", "known.json").stdout
    assert "LA101 missing-row" in text
    assert "BTC-USDT short closed 2026-01-10T11:00:00.500" in text


# --- Settings


def test_settings_are_found_and_flags_win(night: Path) -> None:
    (night / "logaudit.toml").write_text('paths = ["logs"]\nfail-on = "never"\n', encoding="utf-8")
    (night / "deep").mkdir()
    assert run(night / "deep", "scan", "-q").returncode == 0
    assert run(night / "deep", "scan", "-q", "--fail-on", "error").returncode == 1
    assert run(night, "scan", "-q", LOGAUDIT_FAIL_ON="warning").returncode == 1
    shown = run(night / "deep", "config", "show").stdout
    assert re.search(r'fail-on = "never" +# \.\./logaudit\.toml', shown)


def test_settings_among_the_evidence_are_passed_over_aloud(night: Path) -> None:
    (night / "logs" / "logaudit.toml").write_text('fail-on = "never"\n', encoding="utf-8")
    done = run(night / "logs", "scan", ".", "-q")
    assert done.returncode == 1
    assert "is not used" in done.stderr


@pytest.mark.parametrize("paths", [["*"], ["*.log", "trades_*.csv"], [LOG, "trades_2026-01-10.csv"], ["."]])
def test_settings_beside_what_is_scanned_hide_nothing(night: Path, paths: list[str]) -> None:
    """A file among the logs asks to ignore every loss, to pass, and to write a file."""
    (night / "logs" / "logaudit.toml").write_text(
        'ignore = ["LA1", "LA2"]\nexit-zero = true\noutputs = ["json=../written.json"]\n', encoding="utf-8"
    )
    done = run(night / "logs", "scan", *paths, "-q", "--output-format", "json")
    assert done.returncode == 1
    assert "LA101" in found(done)
    assert done.stderr.count("--config logaudit.toml") == len(done.stderr.splitlines()) == 1
    assert not (night / "written.json").exists()
    assert run(night / "logs", "scan", *paths, "-q", "--config", "logaudit.toml").returncode == 0
    assert (night / "written.json").exists()


def test_settings_of_the_project_hold_for_its_log_folder_and_for_saved_scans(night: Path) -> None:
    (night / "logaudit.toml").write_text('fail-on = "never"\n', encoding="utf-8")
    for paths in (["logs"], [f"logs/{LOG}", "logs/trades_2026-01-10.csv"], ["logs/*.log", "logs/*.csv"]):
        done = run(night, "scan", *paths, "-q")
        assert (done.returncode, done.stderr) == (0, "")
    assert run(night, "scan", ".", "-q").returncode == 1
    run(night, "scan", "logs", "-q", "--output", "json=after.json")
    clean = World(night / "clean", end="13:00:00")
    clean.kept(Deal("10:20:00.500"))
    clean.save()
    run(night, "scan", "clean", "-q", "--output", "json=before.json")
    done = run(night, "diff", "before.json", "after.json", "-q")
    assert (done.returncode, done.stderr) == (0, "")
    assert run(night, "diff", "before.json", "after.json", "--fail-on", "error").returncode == 1


def test_suppressed_findings_are_counted_and_kept_apart(night: Path) -> None:
    (night / "logaudit.toml").write_text(
        '[[suppressions]]\nrule = "LA101"\nreason = "entered by hand"\n'
        '[[suppressions]]\nrule = "LA102"\nreason = "known since December"\nuntil = 2026-01-31\n',
        encoding="utf-8",
    )
    done = run(night, "scan", "logs", "--output-format", "json", "--now", "2026-01-31T12:00:00+00:00")
    whole = json.loads(done.stdout)
    assert [(f["rule"], f["reason"]) for f in whole["review"]["suppressed"]] == [
        ("LA101", "entered by hand"),
        ("LA102", "known since December"),
    ]
    assert not {"LA101", "LA102"} & set(found(done))
    assert "2 suppressed" in done.stderr
    assert done.returncode == 0
    later = run(night, "scan", "logs", "--output-format", "json", "--now", "2026-02-01T12:00:00+00:00")
    assert {"LA102", "LA903"} <= set(found(later))
    assert later.returncode == 1


# --- Gates


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 1),
        (("--exit-zero",), 0),
        (("--fail-on", "never"), 0),
        (("--select", "LA4"), 0),
        (("--ignore", "LA1,LA2"), 0),
        (("--ignore", "missing-row"), 1),
        (("--max-age", "26h", "--fail-on", "never", "--now", "2026-01-12T00:00:00"), 1),
        (("--max-age", "26h", "--fail-on", "never", "--now", "2026-01-10T14:00:00"), 0),
    ],
)
def test_gates_decide_the_exit_code(night: Path, words: tuple[str, ...], code: int) -> None:
    assert run(night, "scan", "logs", "-q", *words, TZ="UTC").returncode == code


def test_the_zone_of_the_logs_counts_for_their_age(night: Path) -> None:
    """13:00 in Moscow is 10:00 UTC: three hours older than it looks."""
    words = (
        "scan",
        "logs",
        "-q",
        "--max-age",
        "2h",
        "--fail-on",
        "never",
        "--now",
        "2026-01-10T14:00:00+00:00",
    )
    assert run(night, *words, TZ="UTC").returncode == 0
    assert run(night, *words, "--tz", "Europe/Moscow", TZ="UTC").returncode == 1


def test_min_severity_hides_and_never_passes(night: Path) -> None:
    done = run(
        night, "scan", "logs", "-q", "--min-severity", "error", "--fail-on", "note", "--output-format", "json"
    )
    whole = json.loads(done.stdout)
    assert {f["severity"] for f in whole["findings"]} == {"error"}
    assert whole["review"]["hidden"] == whole["summary"]["warnings"] + whole["summary"]["notes"]
    assert done.returncode == 1


def test_nothing_to_judge_is_never_a_success(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path, "scan", "empty", "--exit-zero", "--fail-on", "never").returncode == 3


# --- Outputs


@pytest.mark.parametrize("words", [("--output-format", "json"), ("--output", "json=-.json")])
def test_hashes_are_taken_where_any_output_shows_them(night: Path, words: tuple[str, str]) -> None:
    done = run(night, "scan", "logs", "-q", "--no-cache", *words)
    text = done.stdout if words[0] == "--output-format" else (night / "-.json").read_text(encoding="utf-8")
    assert all(len(source["sha256"]) == 64 for source in json.loads(text)["sources"])


def test_one_scan_writes_every_format(night: Path) -> None:
    words = [word for form in FORMATS for word in ("--output", f"{form}=out.{form}")]
    assert run(night, "scan", "logs", "-q", *words).returncode == 1
    assert {p.name for p in night.iterdir()} == {"logs", *(f"out.{form}" for form in FORMATS)}
    # The night has one lost trade, and concise a line for it.
    assert all((night / f"out.{form}").stat().st_size > 60 for form in FORMATS)
    assert (night / "out.concise").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--output", "json=nowhere/x.json"), "nowhere"),
        (("--output", "json=."), "it is a folder"),
        (("--output", "json=logs/x.json"), "lies inside what is scanned"),
        (("--output", "json=x", "--output", "csv=x"), "written twice"),
        (("--output", "xml=x"), "unknown format 'xml'"),
        (("--baseline", "nowhere.json"), "nowhere.json cannot be read"),
        (("--select", "LA10l"), "there is no rule 'LA10l'"),
        (("--ignore", "missing-rows"), "Did you mean missing-row?"),
        (("--max-age", "soon"), "For example 26h"),
        (("--require-coverage", "95"), "0.95 means 95 %"),
        (("--config", "nowhere.toml"), "nowhere.toml cannot be read"),
        (("--now", "yesterday"), "is no ISO time"),
    ],
)
def test_wrong_settings_exit_2_before_anything_is_read_or_written(
    night: Path, words: tuple[str, ...], said: str
) -> None:
    before = sorted(p.name for p in night.iterdir())
    done = run(night, "scan", "logs", "--output", "json=good.json", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert done.stdout == ""
    assert sorted(p.name for p in night.iterdir()) == before


def test_a_settings_file_is_named_with_its_key(night: Path) -> None:
    for text, said in (
        ('tz = "Mars/Olympus"', "logaudit.toml: tz: There is no time zone"),
        ('profile = "okx-scalpr"', "logaudit.toml: profile: There is no profile"),
        ('select = ["LA10l"]', "logaudit.toml: select: there is no rule"),
        ('[[suppressions]]\nrule = "LA10l"\nreason = "x"', "suppressions[0]: rule: there is no rule 'LA10l'"),
    ):
        (night / "logaudit.toml").write_text(text, encoding="utf-8")
        done = run(night, "scan", "logs")
        assert done.returncode == 2
        assert said in done.stderr


# --- In GitHub Actions


def test_in_actions_the_default_output_has_annotations_and_a_summary(night: Path) -> None:
    here = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(night / "summary.md")}
    (night / "summary.md").write_text("from another step\n", encoding="utf-8")
    done = run(night, "scan", "logs", **here)
    assert done.returncode == 1
    assert re.search(r"(?m)^::error file=.*LA101", done.stdout)
    summary = (night / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("from another step\n")
    assert "## logaudit: TRADES LOST" in summary
    assert "::error" not in run(night, "scan", "logs", "--output-format", "text", **here).stdout
    assert "::error" not in run(night, "scan", "logs").stdout


def test_in_actions_log_text_gives_the_runner_no_orders(tmp_path: Path) -> None:
    world = lossy(tmp_path / "logs")
    world.lost(Deal("11:20:00.500", reason="##[stop-commands]x"))
    world.save()
    for form in (None, "json", "jsonl", "sarif", "csv", "markdown"):
        words = ("--output-format", form) if form else ()
        done = run(tmp_path, "scan", "logs", "-v", *words, GITHUB_ACTIONS="true")
        assert "stop-commands" in done.stdout
        assert "##[" not in done.stdout
        assert not re.search(r"(?m)^\s*::(?!error|warning|notice)", done.stdout)
        if form in {"json", "sarif"}:
            assert re.search(r"##\\*\[stop-commands", json.dumps(json.loads(done.stdout)))


def test_a_full_step_summary_is_not_overfilled(night: Path) -> None:
    (night / "summary.md").write_text("x" * 900 * 1024, encoding="utf-8")
    run(night, "scan", "logs", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(night / "summary.md"))
    assert (night / "summary.md").stat().st_size == 900 * 1024


# --- Comparing


def test_diff_of_folders_and_files(night: Path) -> None:
    run(night, "scan", "logs", "-q", "--output", "json=before.json")
    mended = World(night / "mended", end="13:00:00")
    mended.kept(Deal("10:20:00.500"), Deal("10:40:00.500"), Deal("11:00:00.500"))
    mended.save()
    done = run(night, "diff", "before.json", "mended")
    assert done.returncode == 0
    assert done.stdout.startswith("After: 3 of 3 closes recorded (before: 2 of 3).")
    back = run(night, "diff", "mended", "before.json", "--format", "json")
    assert back.returncode == 1
    assert {f["rule"] for f in json.loads(back.stdout)["findings"]["new"]} >= {"LA101", "LA102"}
    assert run(night, "diff", "mended", "before.json", "--fail-on", "never").returncode == 0
    written = run(night, "diff", "before.json", "logs", "-o", "diff.txt")
    assert (written.returncode, written.stdout) == (0, "")
    assert "unchanged" in (night / "diff.txt").read_text(encoding="utf-8")


def test_the_seed_scanned_from_its_archive_is_the_same_incident(tmp_path: Path) -> None:
    """The whole folder in one zip, under another name."""
    with zipfile.ZipFile(tmp_path / "from the host.zip", "w") as archive:
        for path in sorted(SEED.rglob("*")):
            if path.is_file():
                archive.write(path, f"srv/bot/{path.relative_to(SEED).as_posix()}")
    done = run(tmp_path, "diff", SEED, "from the host.zip", "--format", "json")
    whole = json.loads(done.stdout)
    assert [f["rule"] for f in whole["findings"]["new"] if f["severity"] == "error"] == []
    assert {"LA101", "LA102", "LA201", "LA202"} <= {f["rule"] for f in whole["findings"]["unchanged"]}


def test_links_lead_to_the_files_of_every_root(night: Path) -> None:
    """As reports name them: below the only folder, below a folder by its name, or a file by its own."""
    (night / "more").mkdir()
    (night / "more" / "b.log").write_text("", encoding="utf-8")
    logs, more = night / "logs", night / "more"
    alone = _links([str(logs)])
    assert alone("x y.log") == (logs / "x y.log").as_uri()
    several = _links([str(logs), str(more)])
    assert several("more/b.log") == (more / "b.log").as_uri()
    assert several("elsewhere/b.log") == ""
    assert _links([str(more / "b.log")])("b.log") == (more / "b.log").as_uri()
