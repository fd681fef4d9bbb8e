"""``logaudit init``: settings that work, written once, never over anything."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from program import run

from logaudit.cli.init.folders import log_folders
from logaudit.cli.init.write import Wanted, refuse
from logaudit.core.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = sorted(p.parent for p in (ROOT / "fixtures").glob("*/expected.json"))
CORPUS = os.environ.get("LOGAUDIT_CORPUS", "")
SEED = ROOT / "fixtures" / "seed-incident" / "logs"


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda p: p.name)
def test_init_writes_settings_with_which_scan_works(tmp_path: Path, fixture: Path) -> None:
    shutil.copytree(fixture / "logs", tmp_path / "logs")
    done = run(tmp_path, "init", "--quiet")
    assert done.returncode == 0, done.stderr
    settings = tomllib.loads((tmp_path / "logaudit.toml").read_text(encoding="utf-8"))
    assert settings["paths"] == ["logs"]
    # No built-in profile knows this fixture's bot: its close lines are learned from the rows.
    learned = fixture.name == "open-close-only"
    assert (settings["profile"] == "bot-profile.toml") == learned
    plain = run(tmp_path, "scan", "logs", "-q", "--config", os.devnull)
    assert run(tmp_path, "scan", "-q").returncode == plain.returncode
    assert plain.returncode in {0, 1}


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="LOGAUDIT_CORPUS names no folder of real sessions")
def test_init_works_on_every_real_session(tmp_path: Path) -> None:
    for session in sorted(p for p in Path(CORPUS).iterdir() if p.is_dir()):
        place = tmp_path / session.name
        place.mkdir()
        assert run(place, "init", session, "--quiet").returncode == 0
        # A session may hold no log at all.
        assert run(place, "scan", "-q").returncode in {0, 1, 3}


def test_commented_settings_are_valid_when_uncommented(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "logs")
    run(tmp_path, "init", "-q")
    path = tmp_path / "logaudit.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    keys = ("max-age", "require-coverage", "outputs", "[[", "rule", "reason", "until", "tz")
    text = "\n".join(
        line[2:] if line.startswith(tuple(f"# {key}" for key in keys)) else line for line in lines
    )
    path.write_text(text, encoding="utf-8")
    shown = run(tmp_path, "config", "show")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count("# logaudit.toml") >= 8


def test_jobs_are_written_where_their_systems_look(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "logs")
    done = run(tmp_path, "init", "--github", "--gitlab", "--systemd")
    assert done.returncode == 0, done.stderr
    for name in (
        "logaudit.toml",
        ".github/workflows/logaudit.yml",
        ".gitlab-ci.yml",
        "logaudit.service",
        "logaudit.timer",
    ):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert f"wrote {name}" in done.stderr
        assert not re.search("@[A-Z]+@", text)
    assert str(tmp_path) in (tmp_path / "logaudit.service").read_text(encoding="utf-8")


def test_a_gitlab_file_that_is_there_gets_a_part_to_include(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "logs")
    (tmp_path / ".gitlab-ci.yml").write_text("mine: 1\n", encoding="utf-8")
    done = run(tmp_path, "init", "--gitlab", "-q")
    assert (tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8") == "mine: 1\n"
    assert (tmp_path / ".gitlab" / "logaudit.gitlab-ci.yml").exists()
    assert "include" in done.stderr


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "logs")
    (tmp_path / "logaudit.toml").write_text("# mine\n", encoding="utf-8")
    done = run(tmp_path, "init")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert run(tmp_path, "init", "--systemd", "-q").returncode == 0
    assert run(tmp_path, "init", "--systemd", "--github").returncode == 2
    assert (tmp_path / "logaudit.toml").read_text(encoding="utf-8") == "# mine\n"
    assert not (tmp_path / ".github").exists()


def test_settings_would_not_be_written_among_the_evidence(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "logs")
    for words in ((), (".",), ("..",)):
        done = run(tmp_path / "logs", "init", *words)
        assert done.returncode == 2
        assert "evidence" in done.stderr
    assert not list(tmp_path.rglob("logaudit.toml"))


def test_a_folder_without_logs_gets_no_settings(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run(tmp_path, "init", "empty").returncode == 3
    assert run(tmp_path, "init").returncode == 2
    assert run(tmp_path, "init", "nowhere").returncode == 2
    assert [p.name for p in tmp_path.iterdir()] == ["empty"]


def test_settings_above_do_not_speak_for_a_new_folder(tmp_path: Path) -> None:
    (tmp_path / "logaudit.toml").write_text('profile = "generic"\n', encoding="utf-8")
    shutil.copytree(SEED, tmp_path / "bot" / "logs")
    run(tmp_path / "bot", "init", "-q")
    settings = tomllib.loads((tmp_path / "bot" / "logaudit.toml").read_text(encoding="utf-8"))
    assert settings["profile"] == "okx-scalper"


@pytest.mark.parametrize(
    ("files", "folders"),
    [
        (["logs/a.log", "other/b.log"], ["logs"]),
        (["bot1/out/a.log", "bot2/trades_2026-01-01.csv", "src/x.py"], ["bot1", "bot2"]),
        (["run/a.log.3", ".git/x.log", "node_modules/y.log"], ["run"]),
        (["data/app.log.zip"], ["data"]),
    ],
)
def test_log_folders_are_found(tmp_path: Path, files: list[str], folders: list[str]) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert log_folders(tmp_path) == folders


def test_logs_in_the_working_directory_itself_are_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "a.log").touch()
    (tmp_path / "futures").mkdir()
    (tmp_path / "futures" / "b.log").touch()
    with pytest.raises(UserError) as caught:
        log_folders(tmp_path)
    assert tmp_path.name in caught.value.remedy


def test_refusing_comes_before_reading(tmp_path: Path) -> None:
    (tmp_path / "logaudit.timer").touch()
    with pytest.raises(UserError, match=r"logaudit\.timer is there already"):
        refuse(["logs"], Wanted(systemd=True), tmp_path)
