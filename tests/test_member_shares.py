"""Many small bombs in one archive are read as far as one of them, and logs beside them whole."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from logaudit.core.limits import Limits
from logaudit.ingest.extract_log import extract_plain, extract_vectorized
from logaudit.logformats import LogFormatSet
from logaudit.logformats.builtin import BUILT_IN
from logaudit.profiles import load_built_in
from logaudit.sources import Source, SourceError, blocks, discover
from logaudit.sources import source as source_module

HEAD = "2026-01-10 {:02}:{:02}:{:02}.{:03} | INFO     | bot.loop:run:1 - "


def usual(seed: int, records: int = 1000) -> str:
    """What a bot logs, of which no two records are equal."""
    rolled = random.Random(seed)  # noqa: S311 - repeatable, not secret
    times = ((n // 3600, n // 60 % 60, n % 60, rolled.randrange(1000)) for n in range(records))
    return "".join(HEAD.format(*at) + f"tick of {rolled.random()}\n" for at in times)


USUAL = usual(1)
BOMB = USUAL[:500] + "a short line\n" * 8_000
#: As a bot fails that tries again at once: a traceback a record, each of thirty lines.
FAILING = "".join(
    HEAD.format(1, n // 60, n % 60, 0)
    + "failed\n"
    + "".join(f'  File "/srv/bot/strategy/part_{k}.py", line {k}, in step\n' for k in range(30))
    for n in range(120)
)
LIMITS = Limits(packed_lines=10_000, packed_matches=500)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of files of 300,000 bytes the tests would take long."""
    monkeypatch.setattr(source_module, "_LARGE", 1_000)


def read(source: Source) -> tuple[bytes, str]:
    """What is handed out, and the limit that ended it."""
    found = []
    try:
        found.extend(blocks(source))
    except SourceError as error:
        return b"".join(found), error.problem.limit
    return b"".join(found), ""


def archive(folder: Path, kind: str, members: Sequence[str]) -> Path:
    """An archive of logs."""
    path = folder / f"logs.{kind}"
    named = {f"bot-{n:03}.log": text.encode() for n, text in enumerate(members)}
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, data in named.items():
                packed.writestr(name, data)
    else:
        with tarfile.open(path, f"w:{kind.removeprefix('tar.')}") as tar:
            for name, data in named.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return path


KINDS = pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.xz"])


@KINDS
def test_many_bombs_are_read_as_far_as_one(tmp_path: Path, kind: str) -> None:
    path = archive(tmp_path, kind, [BOMB] * 20)
    sources = discover([path], limits=LIMITS).sources
    handed = [read(source) for source in sources]
    lines = [text.count(b"\n") for text, _ in handed]
    assert lines[0] == BOMB.count("\n")
    assert sum(lines) <= LIMITS.packed_lines + path.stat().st_size
    # What is left out is said of each member, and what is handed out ends with a line.
    assert [limit for _, limit in handed[2:]] == ["packed_lines"] * 18
    assert all(text.endswith(b"\n") for text, _ in handed)
    assert all(BOMB.encode().startswith(text) for text, _ in handed)


@KINDS
def test_logs_are_read_whole_whatever_lies_beside_them(tmp_path: Path, kind: str) -> None:
    logs = [usual(seed) for seed in range(12)]
    assert sum(text.count("\n") for text in logs) > LIMITS.packed_lines
    for members in ([BOMB, BOMB, *logs], logs):
        sources = discover([archive(tmp_path, kind, members)], limits=LIMITS).sources
        assert [read(source) for source in sources[-12:]] == [(text.encode(), "") for text in logs]


@KINDS
def test_what_a_failing_bot_logs_is_read_as_long_as_it_is_no_more_than_a_file_may_have(
    tmp_path: Path, kind: str
) -> None:
    """Two lines and more for each packed byte: those that are counted need not be bombs."""
    few = archive(tmp_path, kind, [USUAL, FAILING, USUAL, FAILING])
    assert all(read(source)[1] == "" for source in discover([few], limits=LIMITS).sources)
    many = archive(tmp_path, kind, [FAILING] * 8)
    assert [read(source)[1] for source in discover([many], limits=LIMITS).sources][-1] == "packed_lines"
    assert all(read(s)[1] == "" for s in discover([many], limits=Limits(packed_lines=40_000)).sources)


def test_a_small_file_has_a_small_part_of_what_a_large_one_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    made = []
    for times in (6_000, 400_000):
        path = tmp_path / f"bot-{times}.log.gz"
        path.write_bytes(gzip.compress(USUAL.encode() + b"a short line\n" * times))
        (source,) = discover([path]).sources
        text, limit = read(source)
        made.append((text.count(b"\n"), limit, path.stat().st_size))
    (few, whole, _), (many, cut, size) = made
    assert (few, whole) == (7_000, "")
    assert cut == "packed_lines"
    assert many <= 5 * (size + 1_000) * 3 // 2


def test_a_member_alone_has_what_a_file_has(tmp_path: Path) -> None:
    text = "a short line\n" * 9_900
    (member,) = discover([archive(tmp_path, "zip", [text])], limits=LIMITS).sources
    path = tmp_path / "bot.log.gz"
    path.write_bytes(gzip.compress(text.encode()))
    (file,) = discover([path], limits=LIMITS).sources
    assert read(member) == read(file) == (text.encode(), "")
    assert member.most_matches == file.most_matches == 500


@KINDS
def test_the_closes_of_many_bombs_are_as_many_as_those_of_one(tmp_path: Path, kind: str) -> None:
    """No two of them are equal, and still they take a byte each."""
    profile, formats = load_built_in("generic"), LogFormatSet(BUILT_IN)
    close = "Closed long position BTC-USDT @ 101 size=1 pnl=1.00\n"
    text = "".join(HEAD.format(1, n // 60 % 60, n % 60, 0) + close for n in range(600)) * 3
    path = archive(tmp_path, kind, [text] * 10)
    sources = discover([path], limits=LIMITS).sources
    assert sum(source.most_matches for source in sources) <= LIMITS.packed_matches + path.stat().st_size // 8
    # All are read, whichever way.
    for source in (sources[0], sources[-1]):
        assert extract_vectorized(source, profile, formats) == extract_plain(source, profile, formats)
