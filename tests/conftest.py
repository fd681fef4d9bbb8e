"""Makes helper modules and the benchmarks' own importable; keeps the user's settings and cache out of tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# No test is about time: a busy machine must not fail one.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "benchmarks")]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("LOGAUDIT_", "GITHUB_")) and name != "LOGAUDIT_CORPUS":
            monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    # Nothing can be made beneath a file: there is no cache unless a test names a folder for it.
    monkeypatch.setenv("LOGAUDIT_CACHE_DIR", str(Path(__file__, "cache")))
