"""Reads profiles once for all rule tests: hundreds of small scans need the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from logaudit import scan


@pytest.fixture(autouse=True, scope="session")
def _read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "resolve", cache(scan.resolve))
        yield
