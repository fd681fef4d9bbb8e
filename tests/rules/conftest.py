"""Reads profiles once for the tests of a rule: hundreds of small scans need the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from logaudit import profiles


@pytest.fixture(autouse=True, scope="module")
def _read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles, "resolve", cache(profiles.resolve))
        yield
