"""The wheel's tag: every Python from 3.11 on where a compiler was at hand, any machine where none was."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from checkout import ROOT, SOURCES, copied

_SPEC = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
assert _SPEC is not None
assert _SPEC.loader is not None
hatch_build = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(hatch_build)
#: Loads the compiled module of an unpacked wheel and calls it, without anything else of the package.
LOAD = """
import importlib.machinery as m, importlib.util as u, pathlib, sys
(path,) = [p for p in pathlib.Path(sys.argv[1]).rglob("_native*") if p.suffix in {".so", ".pyd"}]
loader = m.ExtensionFileLoader("_native", str(path))
module = u.module_from_spec(u.spec_from_loader("_native", loader))
loader.exec_module(module)
print(sorted(name for name in dir(module) if not name.startswith("_")))
"""


def wheel(folder: Path, **environment: str) -> Path:
    """A wheel built from a copy of the sources without the modules that were compiled in place."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=copied(SOURCES, folder / "source"),
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def interpreter(minor: int) -> str:
    """A Python 3.x of this machine that has pip, or none: from the path, or from pyenv, which hides most of its own."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    places = [shutil.which(f"python3.{minor}"), *root.glob(f"versions/3.{minor}.*/bin/python")]
    for python in (str(place) for place in places if place):
        if not subprocess.run(
            [python, "-m", "pip", "--version"], capture_output=True, check=False
        ).returncode:
            return python
    return ""


def facts(path: Path) -> tuple[str, str]:
    """(tag, whether it is pure) as the wheel's own metadata states them."""
    with zipfile.ZipFile(path) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/WHEEL")]
        stated = dict(line.split(": ", 1) for line in archive.read(name).decode().splitlines() if line)
    return stated["Tag"], stated["Root-Is-Purelib"]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = wheel(tmp_path_factory.mktemp("wheel"))
    with zipfile.ZipFile(path) as archive:
        if not any("_native" in n and n.endswith((".so", ".pyd")) for n in archive.namelist()):
            pytest.skip("there is no C compiler here")
    return path


def test_a_compiled_wheel_is_for_every_python_from_3_11_on(compiled: Path) -> None:
    assert re.fullmatch(r"logaudit-[\d.]+-cp311-abi3-\w+\.whl", compiled.name)
    tag, pure = facts(compiled)
    assert compiled.stem.endswith(f"-{tag}")
    assert pure == "false"


@pytest.mark.parametrize("minor", [11, 12, 13, 14])
def test_other_pythons_install_the_wheel_and_load_its_module(
    compiled: Path, tmp_path: Path, minor: int
) -> None:
    python = interpreter(minor) or pytest.skip(f"no Python 3.{minor} with pip is installed here")
    words = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check", "--target", str(tmp_path)]
    subprocess.run([python, "-m", "pip", "install", *words, str(compiled)], check=True)
    done = subprocess.run(
        [python, "-c", LOAD, str(tmp_path)], capture_output=True, check=True, encoding="utf-8"
    )
    assert "sweep" in done.stdout


def test_without_a_compiler_the_wheel_is_for_any_machine(tmp_path: Path) -> None:
    path = wheel(tmp_path, CC=str(tmp_path / "no-compiler"))
    if sys.platform == "win32":
        pytest.skip("the compiler is not chosen by CC there")
    assert facts(path) == ("py3-none-any", "true")
    assert path.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(path) as archive:
        assert not [n for n in archive.namelist() if n.endswith((".so", ".pyd"))]


@pytest.mark.parametrize(
    ("module", "tag"),
    [
        ("_native.abi3.so", "cp311-abi3-macosx_11_0_arm64"),
        ("_native.pyd", "cp311-abi3-macosx_11_0_arm64"),
        ("_native.pypy311-pp73-darwin.so", "pp311-pp73-macosx_11_0_arm64"),
        ("_native.cp313t-win_amd64.pyd", "pp311-pp73-macosx_11_0_arm64"),
    ],
)
def test_only_a_stable_module_gets_the_stable_tag(module: str, tag: str) -> None:
    assert hatch_build._tag(module, "pp311-pp73-macosx_11_0_arm64") == tag


def test_tag_source_and_metadata_name_the_same_oldest_python() -> None:
    headers = "".join(p.read_text("utf-8") for p in (ROOT / hatch_build.SOURCE).parent.glob("*.[ch]"))
    (asked,) = re.findall(r"#define Py_LIMITED_API 0x(\w\w)(\w\w)0000", headers)
    major, minor = (int(part, 16) for part in asked)
    assert f"cp{major}{minor}" == hatch_build.STABLE_SINCE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["requires-python"] == f">={major}.{minor}"
