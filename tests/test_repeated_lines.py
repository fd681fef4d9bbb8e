"""Lines that stand in a log again and again are looked at once, and counted each time."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from logaudit.ingest import pattern_matcher, records, secret_lines
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.ingest.source_extract import LogExtract
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN
from logaudit.profiles import load_built_in
from logaudit.sources import discover

PROFILE, FORMATS = load_built_in("generic"), LogFormatSet(BUILT_IN)
HEAD = "2026-01-10 10:00:00.000 | INFO     | bot.loop:run:1 - "
CLOSE = HEAD + "Closed long position BTC-USDT @ 101 size=1 pnl=1.00\n"
#: A name that is looked for at a log's beginning alone, and one that is looked for everywhere.
EARLY, EVERYWHERE = "pin_code: 84713\n", "api_key=abcdef0123456789abcdef\n"


def both_ways(path: Path) -> LogExtract:
    """What a log gives, the same whichever way it is read."""
    (source,) = discover([path]).sources
    plainly = extract_plain(source, PROFILE, FORMATS)
    assert extract_vectorized(source, PROFILE, FORMATS) == plainly
    return plainly


@pytest.mark.parametrize("remembered", [1, 3, 1_024])
def test_credentials_are_counted_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    monkeypatch.setattr(secret_lines, "_REMEMBERED", remembered)
    monkeypatch.setattr(records, "_REMEMBERED", remembered)
    lines = (HEAD + "ok\n", HEAD + EVERYWHERE, "    at work\n", HEAD + "passphrase=hunter2hunter2\n")
    path = tmp_path / "bot.log"
    path.write_text("".join(lines) * 400, encoding="utf-8")
    assert path.stat().st_size > 2 * secret_lines.HEAD
    found = both_ways(path)
    assert sum(lines.count for lines in found.secrets.values()) == 800
    assert found.records == 1200
    (first, *_) = sorted(lines.first.line for lines in found.secrets.values())
    assert first == 2


def test_what_is_looked_for_at_the_beginning_alone_is_not_found_again_behind_it(tmp_path: Path) -> None:
    early = next(
        text
        for text in ("token=abcdef0123456789abcdef\n", EARLY)
        if not any(stem in text.encode() for stem in secret_lines.STEMS)
    )
    path = tmp_path / "bot.log"
    filler = (HEAD + "tick\n") * 1_000
    assert len(filler) > secret_lines.HEAD
    path.write_text((HEAD + early) * 3 + filler + (HEAD + early) * 5, encoding="utf-8")
    assert sum(lines.count for lines in both_ways(path).secrets.values()) == 3


@pytest.mark.parametrize("remembered", [1, 1_024])
def test_tracebacks_are_told_from_records_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remembered: int
) -> None:
    monkeypatch.setattr(records, "_REMEMBERED", remembered)
    monkeypatch.setattr(pattern_matcher, "_REMEMBERED", remembered)
    strange = "[2026-01-10T10:00:00 a format that is not known\n"
    text = HEAD + "failed\nTraceback\n  in step\n\n" + strange + "  in step\n"
    path = tmp_path / "bot.log"
    path.write_text(text * 50, encoding="utf-8")
    found = both_ways(path)
    assert (found.records, found.unparsed) == (50, 100)


def test_of_equal_closes_of_one_moment_a_packed_log_gives_a_hundred_and_says_so(tmp_path: Path) -> None:
    later = CLOSE.replace("10:00:00", "10:00:01")
    text = (CLOSE * 150 + later * 80).encode()
    path = tmp_path / "bot.log.gz"
    path.write_bytes(gzip.compress(text))
    packed = both_ways(path)
    assert [m.line for m in packed.matches] == [*range(1, 101), *range(151, 231)]
    assert packed.problem is not None
    assert packed.problem.limit == "packed_matches"
    assert "50 lines say at one time what others say" in str(packed.problem.detail)
    plain = tmp_path / "bot.log"
    plain.write_bytes(text)
    whole = both_ways(plain)
    assert (len(whole.matches), whole.problem) == (230, None)
