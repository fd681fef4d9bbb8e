"""Copies of the project to build from: a build compiles in place, and caches know the program by its files' times."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: What a wheel is built from.
SOURCES = ("hatch_build.py", "pyproject.toml", "README.md", "LICENSE", "logaudit")


def copied(names: Iterable[str], folder: Path) -> Path:
    """A new folder with files and folders of the project, without what was compiled in place."""
    folder.mkdir()
    compiled = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.mo", "*.new")
    for name in names:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=compiled)
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def compiled_modules() -> dict[Path, int]:
    """When each compiled module of the project itself was written, ns."""
    found = (path for path in (ROOT / "logaudit").rglob("*") if path.suffix in {".so", ".pyd"})
    return {path: path.stat().st_mtime_ns for path in found}
