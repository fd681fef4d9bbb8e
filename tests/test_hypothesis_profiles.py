"""Property tests draw the same examples in every run, and new ones when asked to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
#: Prints what a property test drew: the same numbers only where the examples are repeatable.
DRAWN = """
from hypothesis import given, strategies as st

@given(st.integers())
def test_numbers(number):
    print("drew", number)
"""


def drawn(folder: Path, *options: str, **environment: str) -> list[str]:
    """The numbers that a property test draws under this project's own conftest.py."""
    shutil.copy(HERE / "conftest.py", folder)
    (folder / "test_numbers.py").write_text(DRAWN, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *options, "test_numbers.py"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent / "tools")]),
            **environment,
        },
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return [line for line in done.stdout.splitlines() if "drew" in line]


@pytest.mark.parametrize("ci", ["", "true"])
def test_two_runs_draw_the_same_examples(tmp_path: Path, ci: str) -> None:
    first = drawn(tmp_path, CI=ci)
    assert len(first) == 100
    assert drawn(tmp_path, CI=ci) == first


def test_exploring_draws_more_and_other_examples(tmp_path: Path) -> None:
    first, second = (drawn(tmp_path, "--hypothesis-profile=explore", CI="true") for _ in range(2))
    assert len(first) > 900
    assert first != second
