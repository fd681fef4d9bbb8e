"""What is built from the project: complete, and installable into a bare environment."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "logaudit"
COMPILED = {".pyc", ".so", ".pyd", ".mo"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=ROOT,
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
