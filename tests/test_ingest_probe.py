"""The likely profile is the one that the lines of a source speak for, found with less asking."""

from __future__ import annotations

from pathlib import Path

import pytest

from logaudit.ingest.probe import likely_profile
from logaudit.ingest.read_context import AnyLogFormat, ReadContext
from logaudit.ingest.source_head import read_head
from logaudit.profiles import BUILT_IN, detect, load_built_in
from logaudit.sources import discover

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PROFILES = tuple(load_built_in(name) for name in BUILT_IN)


@pytest.mark.parametrize("folder", sorted(f.name for f in FIXTURES.iterdir() if (f / "logs").is_dir()))
def test_it_is_the_profile_that_all_evidence_names(folder: str) -> None:
    kit = ReadContext(PROFILES)
    for source in discover([FIXTURES / folder / "logs"]).sources[::4]:
        seen = read_head(source, PROFILES, AnyLogFormat(kit))
        headers = [seen.header] if seen.header else []
        assert likely_profile(source, kit) == detect(PROFILES, seen.sample, headers).profile.name
