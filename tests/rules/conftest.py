"""Reads profiles and compiles dialects once for all rule tests: hundreds of small scans need the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import pytest

from logaudit import scan
from logaudit.dialect import DialectSet
from logaudit.profile import Profile, WrittenFormat


@pytest.fixture(autouse=True, scope="session")
def _read_once() -> Iterator[None]:
    kept: dict[tuple[object, ...], DialectSet] = {}
    compile_all = scan._dialects

    def dialects(profiles: Sequence[Profile], formats: Sequence[WrittenFormat]) -> DialectSet:
        key = (*(p.name for p in profiles), *formats)
        if key not in kept:
            kept[key] = compile_all(profiles, formats)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "resolve", cache(scan.resolve))
        patch.setattr(scan, "_dialects", dialects)
        yield
