"""Reads the Python files of a folder; links are not followed, and what cannot be read is said."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Final

from logaudit.codepaths.model import SourceFile, SourceFiles, module_name
from logaudit.core.message import Code, Size, msg
from logaudit.core.source_code import SourceProblem
from logaudit.core.text import as_text

#: A larger file was not written by hand.
LARGEST: Final = 4 << 20
#: Bytes of files that are read together: several times what is parsed of usual Python.
_TOGETHER: Final = 64 << 20
_IGNORED: Final = frozenset({"__pycache__", "node_modules", "site-packages", "venv", "env"})
#: Tests close positions to see that they close; nobody trades there.
_TESTS: Final = frozenset({"test", "tests", "testing"})


def read_folder(folder: Path, name: str) -> SourceFiles:
    """Every Python file below a folder, in order of paths; tests and installed packages are left out."""
    files: list[SourceFile] = []
    problems: list[SourceProblem] = []
    above = _in_repository(folder)
    sizes: dict[Path, int] = {}
    for path in sorted(_python_files(folder, above, problems)):
        with _said(_shown(path, folder, above), problems):
            sizes[path] = path.stat().st_size
    chosen, refused = choose({_shown(path, folder, above): size for path, size in sizes.items()})
    problems += refused
    for path in sizes:
        if (shown := _shown(path, folder, above)) in chosen:
            with _said(shown, problems):
                files.append(SourceFile(shown, path.read_bytes(), module_name(shown.removeprefix(above))))
    return SourceFiles(name, tuple(files), tuple(problems))


def choose(sizes: Mapping[str, int]) -> tuple[frozenset[str], list[SourceProblem]]:
    """The files that are read, by their sizes, small ones first; and what is said of the others."""
    problems = [_too_large(path, size) for path, size in sizes.items() if size > LARGEST]
    by_size = sorted((size, path) for path, size in sizes.items() if size <= LARGEST)
    count = bisect_right([*accumulate(size for size, _ in by_size)], _TOGETHER)
    if left := sorted(path for _, path in by_size[count:]):
        said = msg(
            "Files of {most} together are read, small ones first. Left out: {count}.",
            most=Size(_TOGETHER),
            count=len(left),
        )
        problems.append(SourceProblem(left[0], said))
    return frozenset(path for _, path in by_size[:count]), problems


def _shown(path: Path, folder: Path, above: str) -> str:
    return above + as_text(path.relative_to(folder).as_posix())


@contextmanager
def _said(shown: str, problems: list[SourceProblem]) -> Iterator[None]:
    """Makes a problem of a file that cannot be read."""
    try:
        yield
    except OSError as error:
        said = msg("It cannot be read: {why}.", why=Code(error.strerror or str(error)))
        problems.append(SourceProblem(shown, said))


def _in_repository(folder: Path) -> str:
    """The folder's path within the repository that holds it, with ``/`` at its end; empty where none does."""
    here = folder.resolve()
    top = next((one for one in (here, *here.parents) if (one / ".git").exists()), here)
    return "" if top == here else as_text(f"{here.relative_to(top).as_posix()}/")


def wanted(path: str) -> bool:
    """Whether a file, by its path with ``/``, belongs to the bot itself."""
    *folders, name = path.split("/")
    if not name.endswith((".py", ".pyw")) or any(
        part in _IGNORED or part.startswith(".") for part in folders
    ):
        return False
    return not (
        any(part in _TESTS for part in folders)
        or name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
    )


def _too_large(path: str, size: int) -> SourceProblem:
    """Says that a file is passed over for its size."""
    return SourceProblem(
        path, msg("It has {size}: files above {most} are not read.", size=Size(size), most=Size(LARGEST))
    )


def _python_files(folder: Path, above: str, problems: list[SourceProblem]) -> Iterator[Path]:
    for at, folders, names in os.walk(folder):
        here = Path(at)
        for name in sorted(folders):
            if (here / name).is_symlink():
                shown = above + (here / name).relative_to(folder).as_posix()
                problems.append(
                    SourceProblem(shown, msg("It is a link to a folder: links are not followed."))
                )
        folders[:] = [
            n for n in folders if not (here / n).is_symlink() and not (here / n / "pyvenv.cfg").exists()
        ]
        folders[:] = [n for n in folders if wanted((here / n / "x.py").relative_to(folder).as_posix())]
        for name in names:
            path = here / name
            if wanted(path.relative_to(folder).as_posix()) and path.is_file():
                yield path
