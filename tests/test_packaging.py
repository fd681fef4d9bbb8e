"""What is built from the project: complete, and installable into a bare environment."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from checkout import ROOT, copied

PACKAGE = ROOT / "logaudit"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
COMPILED = {".pyc", ".so", ".pyd", ".mo"}
#: What a source distribution is made of.
TAKEN = [name.removeprefix("/") for name in SETTINGS["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=copied([*TAKEN, "pyproject.toml", ".gitignore"], tmp_path_factory.mktemp("source") / "logaudit"),
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return folder


def own_files() -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in COMPILED and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    sources = {n for n in names if ".dist-info/" not in n and Path(n).suffix not in COMPILED}
    assert sources == own_files()
    assert {
        "logaudit/py.typed",
        "logaudit/profiles/generic.toml",
        "logaudit/cli/init/templates/github.yml",
    } <= names
    assert any(n.endswith("licenses/LICENSE") for n in names)
    # A language has one compiled catalogue, whatever parts it is made of.
    assert {n.removesuffix(".mo") for n in names if n.endswith(".mo")} == {
        n.removesuffix(".po") for n in names if n.endswith("/LC_MESSAGES/logaudit.po")
    }


def test_the_sdist_holds_what_a_build_and_its_tests_need(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert own_files() <= names
    assert {"action.yml", ".pre-commit-hooks.yaml", "pyproject.toml", "tests/conftest.py", "LICENSE"} <= names


def test_an_index_takes_the_metadata(built: Path) -> None:
    pytest.importorskip("twine")
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(built.iterdir()))],
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


def test_the_newest_version_of_the_changelog_is_that_of_the_project() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", changelog, flags=re.MULTILINE)
    assert versions[0] == PROJECT["version"]


def test_wheels_are_built_for_the_oldest_python_only_as_they_serve_all_later_ones() -> None:
    settings = SETTINGS["tool"]["cibuildwheel"]
    assert settings["build"] == f"cp{PROJECT['requires-python'].removeprefix('>=').replace('.', '')}-*"
    (script,) = re.findall(r"\{project\}/(\S+\.py)", settings["test-command"])
    assert (ROOT / script).is_file()


def test_an_install_is_tried_out_by_a_script_that_can_fail(tmp_path: Path) -> None:
    def tried(*words: str) -> subprocess.CompletedProcess[str]:
        script = str(ROOT / "tools" / "check_install.py")
        program = [sys.executable, script, *words]
        return subprocess.run(program, capture_output=True, check=False, encoding="utf-8")

    seed = str(ROOT / "fixtures" / "seed-incident" / "logs")
    compiled = tried(seed)
    pure = tried(seed, "--without-compiled")
    assert {compiled.returncode, pure.returncode} == {0, 1}
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "bot.log").write_text("2026-01-05 10:00:00.000 | INFO | a:b:1 - started\n", encoding="utf-8")
    found = [tried(str(logs)), tried(str(logs), "--without-compiled")]
    assert [done.returncode for done in found] != [0, 1]
    assert 0 not in {done.returncode for done in found}


def test_the_container_runs_as_nobody_and_fetches_nothing_when_it_runs() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    steps = [line for line in text.splitlines() if re.match(r"[A-Z]+ ", line)]
    last = steps[max(i for i, step in enumerate(steps) if step.startswith("FROM ")) :]
    (user,) = (step.split()[1] for step in last if step.startswith("USER "))
    assert int(user.split(":")[0]) > 0
    assert not [step for step in last if step.startswith(("RUN ", "ADD "))]
    copied = (ROOT / ".containerignore").read_text(encoding="utf-8").splitlines()
    needed = [line.removeprefix("!") for line in copied if line.startswith("!")]
    assert all((ROOT / name).exists() for name in needed)
    assert {"hatch_build.py", "logaudit", "pyproject.toml", "README.md", "LICENSE"} <= set(needed)


def test_the_wheel_runs_where_the_checkout_is_not(built: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, with what it depends on lent by this environment."""
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")  # noqa: S202 - our own wheel, just built
    script = (
        f"import sys; sys.path[:0] = [{str(tmp_path / 'site')!r}, {sysconfig.get_path('purelib')!r}]\n"
        "import logaudit; print(logaudit.__file__)\n"
        "sys.argv = ['logaudit', 'profile', 'list']\n"
        "from logaudit.cli import program; program()"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=tmp_path, capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) in done.stdout.splitlines()[0]
    assert "generic" in done.stdout


def test_python_dash_m_is_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "logaudit", "--version"], capture_output=True, check=False, encoding="utf-8"
    )
    assert re.fullmatch(r"logaudit \d+\.\d+\.\d+\S*\n", done.stdout)


def test_help_offers_shell_completion() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "logaudit", "--help"], capture_output=True, check=False, encoding="utf-8"
    )
    assert "--install-completion" in done.stdout


def test_the_hooks_call_commands_that_exist() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in hooks} == {"logaudit", "logaudit-settings"}
    for hook in hooks:
        words = hook["entry"].split()
        assert words[0] == "logaudit"
        done = subprocess.run(
            [sys.executable, "-m", "logaudit", *words[1:], "--help"], capture_output=True, check=False
        )
        assert done.returncode == 0
