"""Evidence stays as it is: no way to write reaches what is scanned, and all other places can be written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from program import Done, run
from world import Deal, World

from logaudit.core.errors import UserError
from logaudit.sources.folder_walk import walk
from logaudit.sources.protect import is_inside, refuse_inside_evidence
from logaudit.sources.roots import find_roots

TRADES = "trades_2026-01-10.csv"

#: Every command that writes a file, for what is scanned and what is written.
WAYS: dict[str, Callable[[str, str], tuple[str, ...]]] = {
    "scan": lambda scanned, target: ("scan", scanned, "-q", "--output", f"csv={target}"),
    "report": lambda scanned, target: ("report", scanned, "-q", "--format", "html", "-o", target),
    "baseline": lambda scanned, target: ("baseline", "create", scanned, "-q", "-o", target),
    "diff": lambda scanned, target: ("diff", scanned, scanned, "-q", "--format", "json", "-o", target),
    "bundle": lambda scanned, target: ("bundle", scanned, "-o", target),
    "extract": lambda scanned, target: ("extract", scanned, "-o", target),
    "positions": lambda scanned, target: ("positions", scanned, "-q", "--format", "csv", "-o", target),
}


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A folder with a night's logs in ``logs``, a folder ``logs-old`` beside it, and links of every sort."""
    world = World(tmp_path / "logs", end="11:00:00")
    world.kept(Deal("10:20:00.500"))
    world.save()
    for name in ("logs-old", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "old-report").write_text("an old report\n", encoding="utf-8")
    (tmp_path / "hard").hardlink_to(tmp_path / "logs" / TRADES)
    try:
        (tmp_path / "soft").symlink_to(tmp_path / "logs" / TRADES)
        (tmp_path / "alias").symlink_to(tmp_path / "logs", target_is_directory=True)
        (tmp_path / "logs" / "out").symlink_to(tmp_path / "old-report")
        (tmp_path / "logs" / "lead").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    except OSError:
        pytest.skip("links need a privilege here")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes | None]:
    """Every name below a folder with its bytes; None for folders."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


def attempt(night: Path, way: str, scanned: str, target: str) -> Done:
    return run(night, *WAYS[way](scanned, target), LOGAUDIT_CACHE_DIR=str(night.parent / "cache"))


@pytest.mark.parametrize("command", [("report", "logs"), ("diff", "logs", "logs")], ids=lambda c: c[0])
def test_evidence_whose_ending_names_no_format_of_the_command_stays(
    night: Path, command: tuple[str, ...]
) -> None:
    before = contents(night)
    done = run(night, *command, "-q", "-o", f"logs/{TRADES}", LOGAUDIT_CACHE_DIR=str(night.parent / "cache"))
    assert (done.returncode, done.stdout) == (2, "")
    assert contents(night) == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("scanned", "target"),
    [
        ("logs", f"logs/{TRADES}"),
        ("logs", "logs/new"),
        ("logs", "logs/lead/../new"),
        ("logs", "elsewhere/../logs/new"),
        ("logs", "alias/new"),
        ("logs", "soft"),
        ("logs", "hard"),
        ("logs", "logs/out"),
        ("logs", "old-report"),
        ("logs", "logs/lead/new"),
        ("logs", "elsewhere/new"),
        ("alias", "logs/new"),
        (f"logs/{TRADES}", f"logs/{TRADES}"),
        (f"logs/{TRADES}", "soft"),
        ("soft", f"logs/{TRADES}"),
        ("hard", f"logs/{TRADES}"),
        ("logs/*.csv", "hard"),
    ],
)
def test_no_command_writes_into_what_is_scanned(night: Path, way: str, scanned: str, target: str) -> None:
    before = contents(night)
    done = attempt(night, way, scanned, target)
    assert done.returncode == 2
    assert "scanned" in done.stderr
    assert target in done.stderr
    assert done.stdout == ""
    assert contents(night) == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("scanned", "target"),
    [
        ("logs", "new"),
        ("logs", "logs-old/new"),
        ("logs", "logs/../new"),
        ("logs", "./logs-old/../new"),
        (f"logs/{TRADES}", "logs/new"),
        (f"logs/{TRADES}", "old-report"),
    ],
)
def test_every_other_place_can_be_written(night: Path, way: str, scanned: str, target: str) -> None:
    before = contents(night / "logs")
    done = attempt(night, way, scanned, target)
    assert done.returncode != 2, done.stderr
    written = night / target
    assert written.read_bytes() != b"an old report\n"
    assert {name: data for name, data in contents(night / "logs").items() if name in before} == before | (
        {"out": written.read_bytes()} if target == "old-report" else {}
    )


def test_a_saved_scan_is_not_overwritten_by_what_is_compared_with_it(night: Path) -> None:
    run(night, "scan", "logs", "-q", "--output", "json=before.json")
    saved = (night / "before.json").read_bytes()
    done = run(night, "diff", "before.json", "logs", "-o", "before.json")
    assert done.returncode == 2
    assert (night / "before.json").read_bytes() == saved
    assert run(night, "diff", "before.json", "logs", "-o", "after.txt", "-q").returncode == 0


@pytest.mark.parametrize("name", [f"logs/{TRADES}", "logs/new", "hard", "soft"])
def test_the_page_of_a_job_is_not_appended_to_evidence(night: Path, name: str) -> None:
    before = contents(night)
    done = run(night, "scan", "logs", "-q", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(night / name))
    assert done.returncode == 2
    assert contents(night) == before
    # Outside of Actions the variable means nothing.
    assert run(night, "scan", "logs", "-q", GITHUB_STEP_SUMMARY=str(night / name)).returncode == 0


def test_init_writes_no_job_through_a_link_into_the_logs(night: Path) -> None:
    (night / ".github").symlink_to(night / "logs", target_is_directory=True)
    before = contents(night)
    assert run(night, "init", "logs", "-q", "--github").returncode == 2
    assert contents(night) == before
    assert run(night, "init", "logs", "-q", "--gitlab").returncode == 0


@pytest.mark.parametrize("cache", ["logs", "logs/cache", "alias/cache", "logs/lead", "logs/lead/deep"])
def test_no_cache_is_kept_among_the_evidence(night: Path, cache: str) -> None:
    before = contents(night)
    assert run(night, "scan", "logs", "-q", LOGAUDIT_CACHE_DIR=str(night / cache)).returncode == 0
    assert contents(night) == before
    assert not is_inside(night / "elsewhere", find_roots([night / "logs"]))
    assert not is_inside(night / "logs-old", find_roots([night / "logs"]))
    assert not is_inside(night / "logs", find_roots([night / "logs" / TRADES]))


def test_where_files_have_no_numbers_paths_decide(night: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems of Windows number no files."""
    status = os.stat

    def unnumbered(path: object, **more: object) -> os.stat_result:
        found = list(status(path, **more))  # type: ignore[call-overload]
        found[1] = 0
        return os.stat_result(found)

    monkeypatch.setattr(os, "stat", unnumbered)
    tree = walk(find_roots([str(night / "logs")]))
    assert {file.state.inode for file in tree.files} == {0}
    for target in ("logs/new", "alias/new", "logs/lead/new", "elsewhere/new", "soft", "old-report"):
        with pytest.raises(UserError):
            refuse_inside_evidence([night / target], [str(night / "logs")])
    with pytest.raises(UserError):
        refuse_inside_evidence([night / "soft"], [str(night / "logs" / TRADES)])
    for target in ("new", "logs-old/new", "logs/../new"):
        refuse_inside_evidence([night / target], [str(night / "logs")])
    refuse_inside_evidence([night / "logs" / "new"], [str(night / "logs" / TRADES)])


@pytest.mark.parametrize("way", [way for way in WAYS if way != "diff"])
@pytest.mark.parametrize("pattern", ["logs/*", "logs/*.csv", "l*/**"])
def test_no_file_is_written_that_the_pattern_itself_would_scan(night: Path, way: str, pattern: str) -> None:
    before = contents(night / "logs")
    done = attempt(night, way, pattern, "logs/new.csv")
    assert done.returncode == 2
    assert "scanned" in done.stderr
    assert contents(night / "logs") == before
    assert attempt(night, way, pattern, "new").returncode != 2


@pytest.mark.parametrize("way", [way for way in WAYS if way not in {"baseline", "diff"}])
def test_settings_profile_known_findings_and_source_are_not_overwritten(night: Path, way: str) -> None:
    bot = night / "bot"
    bot.mkdir()
    (bot / "loop.py").write_text("x = 1\n", encoding="utf-8")
    (night / "own.toml").write_text(run(night, "profile", "show", "generic").stdout, encoding="utf-8")
    assert run(night, "baseline", "create", "logs", "-o", "known").returncode == 0
    settings = 'profile = "./own.toml"\nbaseline = "known"\nsource = "bot"\n'
    (night / "logaudit.toml").write_text(settings, encoding="utf-8")
    for target in ("logaudit.toml", "own.toml", "known", "bot/loop.py"):
        before = (night / target).read_bytes()
        done = attempt(night, way, "logs", target)
        assert (done.returncode, (night / target).read_bytes()) == (2, before)
        assert "is read by this command, and what is read is never overwritten" in done.stderr
    # Where a report lies in the bot's folder it may be written anew.
    anew = [attempt(night, way, "logs", "bot/report") for _ in range(2)]
    assert [done.stderr for done in anew if done.returncode == 2] == []


def test_a_baseline_may_be_written_anew(night: Path) -> None:
    (night / "logaudit.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    first, again = (run(night, "baseline", "create", "logs", "-o", "known.json") for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 0)


@pytest.mark.parametrize("words", [("report",), ("positions",), ("diff", "logs")])
def test_evidence_is_named_before_its_ending(night: Path, words: tuple[str, ...]) -> None:
    done = run(night, *words, "logs", "-o", "logs/notes.pdf")
    assert done.returncode == 2
    assert "lies inside what is scanned" in done.stderr
    assert "No format is known" in run(night, *words, "logs", "-o", "notes.pdf").stderr
