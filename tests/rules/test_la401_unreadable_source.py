"""LA401: a source that could not be read, or only up to its damage."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from msgspec.structs import replace
from world import DAY, LEDGER, Deal, World, later, ordered

from logaudit.core.finding import Finding, Severity

PART = f"futures_main_{DAY}.{DAY}_10-00-00_000000.log.zip"
EARLY = Deal("10:10:00.250", held=120)


def chatter(count: int) -> list[str]:
    """Lines that hardly compress, so that half an archive holds about half of them."""
    noise = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(count)]
    return [
        f"{later('10:20:00', i)[:23]} | INFO     | bot.loop:beat:24 | {text}" for i, text in enumerate(noise)
    ]


def cut(path: Path, keep: float) -> None:
    """Leaves only the first part of a file."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])


def place(finding: Finding) -> tuple[str, str, int]:
    """Path, member and line of the primary location."""
    where = finding.locations[0]
    return where.path, where.member, where.line


def test_a_cut_archive_is_a_warning_and_what_was_read_is_judged(tmp_path):
    world = World(tmp_path, log="", boot=False, start="10:00:00", end="10:19:00")
    world.lost(EARLY)
    world.zip(PART, ordered([*world.lines, *chatter(2000)]))
    cut(tmp_path / PART, 0.6)
    finding = world.one("LA401")
    assert finding.severity is Severity.WARNING
    assert place(finding) == (PART, PART.removesuffix(".zip"), 0)
    assert str(finding.message).startswith(f"{PART}!{PART.removesuffix('.zip')} is damaged: ")
    assert "bytes of it were read and judged." in str(finding.message)
    assert isinstance(finding.data["read"], int)
    assert finding.data["read"] > 10_000
    assert finding.data["path"] == PART
    assert world.found("LA101")[0].data["closed"] == f"{DAY}T10:10:00.250"


def test_a_cut_compressed_file_is_named_without_a_member(tmp_path):
    world = World(tmp_path)
    packed = tmp_path / f"info_{DAY}.log.gz"
    packed.write_bytes(gzip.compress("\n".join(chatter(2000)).encode(), mtime=0))
    cut(packed, 0.5)
    finding = world.one("LA401")
    assert place(finding) == (packed.name, "", 0)
    assert finding.data["member"] is None


def test_an_archive_that_is_none_is_named(tmp_path):
    """Its end is gone and nothing in it can be read: nothing was judged."""
    world = World(tmp_path)
    (tmp_path / "old.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    finding = world.one("LA401")
    assert place(finding)[0] == "old.zip"
    assert "read and judged" not in str(finding.message)


def test_the_finding_belongs_to_the_innermost_session(tmp_path):
    """Two bots in one folder: the damage is the second one's."""
    for name, symbol in (("alpha", "BTC-USDT"), ("alpha/beta", "ETH-USDT")):
        world = World(tmp_path / name)
        world.kept(replace(EARLY, symbol=symbol))
        world.save()
    (tmp_path / "alpha/beta/old.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    both = World(tmp_path, log="", ledger="", boot=False)
    assert {s.session for s in both.scan().profiles} == {"alpha", "alpha/beta"}
    assert both.one("LA401").session == "alpha/beta"


def test_sound_archives_and_empty_files_are_silent(tmp_path):
    world = World(tmp_path)
    world.kept(EARLY)
    world.zip(PART, chatter(50))
    (tmp_path / f"errors_{DAY}.log").write_bytes(b"")
    world.write("notes.txt", ["call the exchange"])
    assert "LA401" not in world.codes()


def test_a_damaged_row_is_not_a_damaged_file(tmp_path):
    world = World(tmp_path)
    world.kept(EARLY)
    world.rows.append("10:15,half a row")
    assert [w.path for w in world.one("LA203").locations] == [LEDGER]
    assert "LA401" not in world.codes()
