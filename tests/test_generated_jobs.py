"""The jobs that ``logaudit init`` writes, checked by the programs that read them, in folders with odd names."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from program import Done, run

from logaudit.cli.init import systemd
from logaudit.core.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"
NIGHTLY = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
WORKFLOWS = ROOT / ".github" / "workflows"
ZIZMOR = shutil.which("zizmor", path=str(Path(sys.executable).parent)) or shutil.which("zizmor")
ODD = ["plain", "a bot", "50%c", "$HOME of a bot", "tail ", "a;b #1", "бот"]

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed here"
)
needs_zizmor = pytest.mark.skipif(not ZIZMOR, reason="zizmor is not installed here")
needs_posix_names = pytest.mark.skipif(sys.platform == "win32", reason="its file system has no such names")


def started(folder: Path, *words: str) -> Done:
    """``logaudit init`` above a copy of the seed's logs."""
    shutil.copytree(SEED, folder / "logs")
    done = run(folder, "init", "-q", *words)
    assert done.returncode == 0, done.stderr
    return done


def verify(*units: Path) -> str:
    """What systemd says against the units; nothing when they would start."""
    done = subprocess.run(
        [str(shutil.which("systemd-analyze")), "verify", *units],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    said = done.stdout + done.stderr
    assert bool(done.returncode) == bool(said), said
    return said


def example(word: str) -> str:
    """The one YAML block of the guide with this word."""
    texts = re.findall(r"^```yaml\n(.*?)^```", NIGHTLY, flags=re.DOTALL | re.MULTILINE)
    (found,) = (text for text in texts if word in text)
    return str(found)


# --- systemd


@needs_systemd
@needs_posix_names
@pytest.mark.parametrize("name", ODD)
def test_systemd_starts_the_units_of_a_folder_with_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    python = folder / "python"
    python.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(python))
    started(folder, "--systemd")
    units = folder / "logaudit.service", folder / "logaudit.timer"
    # The units' own names are plain where they are installed.
    installed = tmp_path / "installed"
    installed.mkdir()
    assert verify(*(Path(shutil.copy(unit, installed)) for unit in units)) == ""


@needs_systemd
@pytest.mark.parametrize(
    "lines",
    ['ExecStart=/bin/true\nWorkingDirectory="/srv/a bot"', "ExecStart=/srv/a bot/python -m logaudit"],
)
def test_systemd_refuses_units_that_spell_a_blank_otherwise(tmp_path: Path, lines: str) -> None:
    text = f"[Service]\nType=oneshot\n{lines}\n"
    (tmp_path / "logaudit.service").write_text(text, encoding="utf-8")
    assert verify(tmp_path / "logaudit.service") != ""


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        ("/srv/bot", "/srv/bot"),
        ("/srv/a bot", "/srv/a bot"),
        ("/srv/50%", "/srv/50%%"),
        ("/srv/$HOME", "/srv/$HOME"),
        ("/srv/tail ", "/srv/tail /."),
        ("/srv/tail\\", "/srv/tail\\/."),
        ('/srv/"bot"', '/srv/"bot"'),
    ],
)
def test_a_working_directory_is_the_rest_of_its_line(path: str, spelled: str) -> None:
    assert systemd.directory(path) == spelled


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        ("/srv/bot/python", "/srv/bot/python"),
        ("/srv/a bot/python", '"/srv/a bot/python"'),
        ("/srv/50% a/python", '"/srv/50%% a/python"'),
        ("/srv/$HOME/python", ":/srv/$HOME/python"),
        ("/srv/$HOME a/python", ':"/srv/$HOME a/python"'),
    ],
)
def test_a_program_is_one_word_without_specifiers_and_variables(path: str, spelled: str) -> None:
    assert systemd.program(path) == spelled


@pytest.mark.parametrize(
    "path", ["/srv/it's/python", '/srv/"a"/python', "/srv/a\\b/python", "/srv/a\nb/python"]
)
def test_a_program_that_systemd_refuses_is_refused_here(path: str) -> None:
    with pytest.raises(UserError, match="systemd"):
        systemd.program(path)


def test_a_folder_name_of_two_lines_is_refused() -> None:
    with pytest.raises(UserError, match="unprintable"):
        systemd.directory("/srv/a\nExecStart=/bin/sh")


# --- CI


def check_schema(schema: str, path: Path, *words: str) -> None:
    """Holds a file against a schema that check-jsonschema brings along."""
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *words, str(path)],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("words", [(), ("more",)])
def test_generated_jobs_fit_the_schemas_of_their_systems(tmp_path: Path, words: tuple[str, ...]) -> None:
    folder = tmp_path / "a bot"
    folder.mkdir()
    if words:
        (folder / ".gitlab-ci.yml").write_text("other:\n  script: [make]\n", encoding="utf-8")
    started(folder, "--github", "--gitlab")
    check_schema("vendor.github-workflows", folder / ".github" / "workflows" / "logaudit.yml")
    for path in [folder / ".gitlab-ci.yml", *folder.glob(".gitlab/*.yml")]:
        check_schema("vendor.gitlab-ci", path, "--data-transform", "gitlab-ci")


def test_the_gitlab_job_of_the_guide_fits_its_schema(tmp_path: Path) -> None:
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(example("CI_PIPELINE_SOURCE"), encoding="utf-8")
    check_schema("vendor.gitlab-ci", path, "--data-transform", "gitlab-ci")


@needs_zizmor
def test_zizmor_finds_nothing_in_the_generated_workflow_and_the_action(tmp_path: Path) -> None:
    started(tmp_path, "--github")
    assert audit(tmp_path / ".github", ROOT / "action.yml") == []


@needs_zizmor
def test_zizmor_finds_nothing_in_the_workflows_of_the_project() -> None:
    assert audit(WORKFLOWS) == []


@pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yml")), ids=lambda path: path.name)
def test_the_workflows_of_the_project_fit_their_schema(path: Path) -> None:
    check_schema("vendor.github-workflows", path)


@needs_zizmor
def test_zizmor_finds_nothing_in_the_workflow_of_the_guide(tmp_path: Path) -> None:
    workflow = example("runs-on")
    path = tmp_path / ".github" / "workflows" / "ledger.yml"
    path.parent.mkdir(parents=True)
    path.write_text(workflow, encoding="utf-8")
    # Of low severity: `$/logaudit` in place of `./logaudit`, which GitHub Enterprise Server does not know yet.
    assert audit(path.parent.parent, "--min-severity=medium") == []
    check_schema("vendor.github-workflows", path)


def audit(*paths: Path | str) -> list[str]:
    """The findings of zizmor, in these files and folders and with these options."""
    words = ["--offline", "--no-progress", "--quiet", "--no-exit-codes", "--format", "json-v1", "--no-config"]
    done = subprocess.run(
        [str(ZIZMOR), *words, *map(str, paths)], capture_output=True, check=True, encoding="utf-8"
    )
    return [f"{found['ident']}: {found['desc']}" for found in json.loads(done.stdout)]


@needs_zizmor
def test_zizmor_would_find_an_action_that_is_not_pinned(tmp_path: Path) -> None:
    started(tmp_path, "--github")
    path = tmp_path / ".github" / "workflows" / "logaudit.yml"
    text = re.sub(r"(actions/checkout)@\S+", r"\1@v4", path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    assert [found.partition(":")[0] for found in audit(tmp_path / ".github")] == ["unpinned-uses"]


# --- What a job elsewhere can reach


def installed_from(monkeypatch: pytest.MonkeyPatch, origin: dict[str, object] | None) -> None:
    """As if pip had noted this origin of logaudit, or none."""

    class Distribution:
        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return None if origin is None else json.dumps(origin)

    monkeypatch.setattr(metadata, "distribution", lambda _name: Distribution())


@pytest.mark.parametrize(
    "origin",
    [
        {"url": "file:///home/me/logaudit", "dir_info": {"editable": True}},
        {"url": "file:///home/me/logaudit-0.1.0-py3-none-any.whl", "archive_info": {}},
        {"url": "file:///home/me/logaudit", "vcs_info": {"vcs": "git", "commit_id": "0" * 40}},
        {"url": "file:///C:/Users/me/logaudit", "dir_info": {}},
    ],
)
def test_jobs_name_no_path_of_this_machine_and_say_what_to_decide(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: dict[str, object]
) -> None:
    installed_from(monkeypatch, origin)
    shutil.copytree(SEED, tmp_path / "logs")
    done = run(tmp_path, "init", "-q", "--github", "--gitlab", tmp_path / "logs")
    assert "set PACKAGE" in done.stderr
    for name in (".github/workflows/logaudit.yml", ".gitlab-ci.yml", "logaudit.toml"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        for place in (str(tmp_path), tmp_path.as_posix(), "/home/me", "Users", sys.prefix):
            assert place not in text
    job = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8"))["logaudit"]
    assert job["variables"]["PACKAGE"] == "./logaudit"
    assert "TODO(human)" in (tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("origin", "package"),
    [
        (None, r"logaudit==\d+\.\d+\.\d+\S*"),
        (
            {
                "url": "https://example.org/logaudit.git",
                "vcs_info": {"vcs": "git", "commit_id": "0123456789"},
            },
            r"logaudit @ git\+https://example\.org/logaudit\.git@0123456789",
        ),
        (
            {"url": "ssh://git@example.org/logaudit", "vcs_info": {"vcs": "git", "commit_id": "ab"}},
            r"logaudit @ git\+ssh://git@example\.org/logaudit@ab",
        ),
        (
            {"url": "https://example.org/logaudit-0.1.0.zip", "archive_info": {}},
            r"https://example\.org/logaudit-0\.1\.0\.zip",
        ),
    ],
)
def test_jobs_install_what_others_can_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: dict[str, object] | None, package: str
) -> None:
    installed_from(monkeypatch, origin)
    done = started(tmp_path, "--github", "--gitlab")
    assert "PACKAGE" not in done.stderr
    assert "TODO" not in (tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8")
    job = yaml.safe_load((tmp_path / ".gitlab-ci.yml").read_text(encoding="utf-8"))["logaudit"]
    workflow = yaml.safe_load((tmp_path / ".github/workflows/logaudit.yml").read_text(encoding="utf-8"))
    (step,) = [s for s in workflow["jobs"]["ledger"]["steps"] if s.get("name") == "Install logaudit"]
    assert re.fullmatch(package, job["variables"]["PACKAGE"])
    assert step["env"]["PACKAGE"] == job["variables"]["PACKAGE"]


def test_logs_outside_of_the_project_are_said_to_be_out_of_reach(tmp_path: Path) -> None:
    shutil.copytree(SEED, tmp_path / "elsewhere" / "logs")
    (tmp_path / "bot").mkdir()
    done = run(tmp_path / "bot", "init", "-q", "--gitlab", tmp_path / "elsewhere" / "logs")
    assert f"a job elsewhere has no {(tmp_path / 'elsewhere' / 'logs').as_posix()}" in done.stderr


# --- pre-commit


def git(*words: str) -> str:
    done = subprocess.run(
        [str(shutil.which("git")), *words], cwd=ROOT, capture_output=True, check=False, encoding="utf-8"
    )
    return done.stdout if done.returncode == 0 else ""


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed here")
def test_the_pre_commit_example_names_a_commit_that_has_its_hooks() -> None:
    (entry,) = yaml.safe_load(example("rev:"))["repos"]
    assert re.fullmatch("[0-9a-f]{40}", entry["rev"])
    if git("rev-parse", "--is-shallow-repository").strip() != "false":
        pytest.skip("this is no whole clone of the repository")
    hooks = yaml.safe_load(git("show", f"{entry['rev']}:.pre-commit-hooks.yaml"))
    assert {hook["id"] for hook in entry["hooks"]} <= {hook["id"] for hook in hooks}
