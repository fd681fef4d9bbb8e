"""Reads profiles once for the tests of a rule: hundreds of small scans need the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from logaudit.audit import read_case


@pytest.fixture(autouse=True, scope="module")
def _read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_case, "resolve", cache(read_case.resolve))
        yield
