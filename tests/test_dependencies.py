"""The page of dependencies: each with a reason, each extra with a use, one size of an install wherever it is told."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_SPEC = importlib.util.spec_from_file_location("dependencies", ROOT / "tools" / "dependencies.py")
assert _SPEC is not None
assert _SPEC.loader is not None
dependencies = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(dependencies)
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
TOLD = r"An install takes (\d+) MB"


def test_every_dependency_stands_in_the_page_with_its_reason() -> None:
    stated = dependencies.names(dependencies.project()["dependencies"])
    assert sorted(stated) == sorted(dependencies.WHY)
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (?:< )?\d+ \| \d+ \| (.+) \|$", PAGE, flags=re.MULTILINE)
    assert dict(rows) == {name: why for name, (_, why) in dependencies.WHY.items()}


def test_every_extra_stands_in_the_page_with_its_use() -> None:
    rows = re.findall(r"^\| `([a-z]+)` \| .+ \| (.+) \|$", PAGE, flags=re.MULTILINE)
    assert dict(rows) == dependencies.EXTRAS
    assert set(dependencies.EXTRAS) == set(dependencies.project()["optional-dependencies"])


def test_the_readme_tells_the_size_that_was_measured() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.findall(TOLD, readme) == re.findall(TOLD, PAGE) != []


def test_a_size_is_that_of_the_files_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    info = tmp_path / "small_thing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: small-thing\nVersion: 1.0\nRequires-Dist: rich\n"
    )
    (tmp_path / "small_thing.py").write_bytes(b"#" * 1000)
    (info / "RECORD").write_text(
        "small_thing.py,,\nsmall_thing.py,,\n__pycache__/small_thing.pyc,,\ngone.py,,\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert dependencies.size("small-thing") == 1000
    assert dependencies.size("no-such-package") == 0
    assert {"small-thing", "rich", "pygments"} <= dependencies.closure(["small-thing"])
