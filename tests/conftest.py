"""Makes helper modules importable; keeps the user's settings and cache out of tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# No test has a deadline: a busy machine must not fail one. Examples are the same in every run, in CI and at a
# desk, so that a failure is always caused by a change; `pytest --hypothesis-profile=explore` draws new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, derandomize=False, max_examples=1000, print_blob=True)
settings.load_profile("repeatable")

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "benchmarks"), str(HERE.parent / "tools")]
# Last, as its build.py is named like a package.
sys.path.append(str(HERE.parent / "docs"))

import messages  # noqa: E402 - found by the lines above
from checkout import compiled_modules  # noqa: E402 - as above

messages.compile_stale()


@pytest.fixture(scope="session", autouse=True)
def _nobody_compiles_in_place() -> Iterator[None]:
    """The cache knows the program by its files' times: tests beside one that builds it would scan twice in vain."""
    before = compiled_modules()
    yield
    assert compiled_modules() == before, "build from a copy, as tests/checkout.py makes it"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LOGAUDIT_", "GITHUB_")) and name != "LOGAUDIT_CORPUS":
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    # Nothing can be made beneath a file: there is no cache unless a test names a folder for it.
    monkeypatch.setenv("LOGAUDIT_CACHE_DIR", str(Path(__file__, "cache")))
