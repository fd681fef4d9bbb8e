"""The likely profile is the one that the lines of a source speak for, found with less asking."""

from __future__ import annotations

from pathlib import Path

import pytest
from evidence_factory import DIALECTS, PROFILE

from logaudit.core.location import SourceKind
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


def test_the_last_part_of_a_log_may_hold_one_record_of_many_lines(tmp_path: Path) -> None:
    """Two stamps in ten lines of no known layout: a name that ends in .log says what they are."""
    body = "\n".join(
        f"   {name}: {n}.5" for n, name in enumerate(("Entry", "Exit", "Size", "Net", "Fee", "Gross"))
    )
    text = (
        f"11/25/2025 12:08:30 AM - INFO - Exit\n11/25/2025 12:08:31 AM - INFO - POSITION CLOSED: X\n{body}\n"
    )
    for name, kind in (("bot.log", SourceKind.LOG), ("notes.txt", SourceKind.OTHER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        (source,) = discover([tmp_path / name]).sources
        assert read_head(source, [PROFILE], DIALECTS).kind is kind
