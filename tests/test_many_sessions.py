"""Many sessions: what each has found waits packed, outside of memory, and is written out as if it had not."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from program import run
from world import Deal, World

from logaudit.audit import build_report
from logaudit.audit.pipeline import ScanOptions, report_on
from logaudit.cache.frames import frame, unframe
from logaudit.core import spool as spool_module
from logaudit.core.rows import PackedRows, Rows, batches, joined_rows, rows_where
from logaudit.core.spool import Spool, Spooled

FORMATS = (
    "text",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "markdown",
    "html",
    "csv",
)
MARKETS = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "XRP-USDT")


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighteen bots: of every third a trade is lost, and the logs of one are damaged."""
    folder = tmp_path_factory.mktemp("bots")
    for number in range(18):
        world = World(folder / "logs" / f"bot-{number:02}", end="13:00:00")
        market = MARKETS[number % len(MARKETS)]
        world.kept(Deal(f"11:00:{number:02}", market), Deal(f"11:20:{number:02}", market))
        if number % 3 == 0:
            world.lost(Deal("12:00:00", market))
        world.save()
    (folder / "logs" / "bot-05" / "more.log.gz").write_bytes(b"\x1f\x8b\x08\0broken")
    return folder


@contextmanager
def packed_from(monkeypatch: pytest.MonkeyPatch, sessions: int) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(build_report, "_MANY", sessions)
        yield


def outputs(bots: Path, words: tuple[str, ...]) -> dict[str, tuple[int, Any]]:
    found = {}
    for form in FORMATS:
        done = run(bots, "scan", "logs", "-q", "--no-cache", "--jobs", "1", "--output-format", form, *words)
        found[form] = done.returncode, done.stdout
    return found


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--min-severity", "warning"),
        ("--select", "LA101,LA401"),
        ("--require-coverage", "0.9", "--max-age", "1d"),
        ("--verbose",),
    ],
    ids=" ".join,
)
def test_every_output_is_that_of_rows_in_memory(bots, monkeypatch, words):
    with packed_from(monkeypatch, 1 << 30):
        plain = outputs(bots, words)
    with packed_from(monkeypatch, 16):
        assert outputs(bots, words) == plain


def test_a_baseline_knows_findings_that_are_packed(bots, monkeypatch, tmp_path):
    known = str(tmp_path / "known.json")
    run(bots, "baseline", "create", "logs", "-o", known)
    with packed_from(monkeypatch, 1 << 30):
        plain = outputs(bots, ("--baseline", known))
    with packed_from(monkeypatch, 16):
        assert outputs(bots, ("--baseline", known)) == plain
    summary = json.loads(plain["json"][1])["summary"]
    assert summary["baselined"] >= 6
    assert summary["errors"] == 0


def test_trades_and_findings_of_many_sessions_are_packed(bots, monkeypatch):
    with packed_from(monkeypatch, 1 << 30):
        plain = report_on([bots], ScanOptions(jobs=1))
    report = report_on([bots], ScanOptions(jobs=1))
    assert isinstance(plain.trades, tuple)
    for rows in (report.trades, report.positions, report.findings, report.diagnosis.hypotheses):
        assert isinstance(rows, Rows)
    assert report == plain
    assert pickle.loads(pickle.dumps(report)) == plain  # noqa: S301 - made the line before
    (payload,) = unframe("key", bytes(frame("key", report)))
    assert msgspec.msgpack.decode(payload, type=type(report)) == plain


def test_the_cache_gives_the_report_back(bots, monkeypatch, tmp_path):
    monkeypatch.setenv("LOGAUDIT_CACHE_DIR", str(tmp_path / "cache"))
    words = ("scan", "logs", "-q", "--output-format", "json")
    cold, warm = run(bots, *words), run(bots, *words)
    assert cold.stdout == warm.stdout == run(bots, *words, "--no-cache").stdout


LISTS = st.lists(st.lists(st.integers(-1000, 1000), max_size=5), max_size=5)


def packed(lists: list[list[int]]) -> Rows[int]:
    unpack = msgspec.msgpack.Decoder(tuple[int, ...]).decode
    return Rows(PackedRows(len(one), msgspec.msgpack.encode(one), unpack) for one in lists)


@given(LISTS.filter(any), st.slices(12), st.integers(1, 7), st.sets(st.integers(0, 3)))
def test_rows_are_as_a_tuple(lists, part, size, wanted):
    rows, plain = packed(lists), tuple(n for one in lists for n in one)
    assert rows == plain
    assert rows != (*plain, 1)
    assert len(rows) == len(plain)
    assert [rows[i] for i in range(-len(plain), len(plain))] == [*plain, *plain]
    assert rows[part] == plain[part]
    assert tuple(batches(rows, size)) == tuple(batches(plain, size))
    kept = rows_where(rows, lambda n: n % 4 in wanted)
    assert kept == rows_where(plain, lambda n: n % 4 in wanted)
    assert rows_where(kept, lambda n: n % 2 == 0) == tuple(n for n in kept if n % 2 == 0)
    assert joined_rows([rows, kept]) == (*plain, *kept)
    assert joined_rows([rows, (1, 2)]) == (*plain, 1, 2)
    with pytest.raises(IndexError):
        rows[len(plain)]


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_a_spool_gives_back_what_was_put_in(pieces):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool_module, "_IN_MEMORY", 64)
        with Spool() as spool:
            held = [spool.put(piece) for piece in pieces]
            assert [bytes(one) for one in reversed(held)] == pieces[::-1]
            assert list(map(len, held)) == list(map(len, pieces))
            assert pickle.loads(pickle.dumps(held)) == pieces  # noqa: S301 - made in the same line


def test_where_there_is_no_room_for_a_file_bytes_stay_in_memory(monkeypatch):
    monkeypatch.setattr(spool_module, "_IN_MEMORY", 4)
    with Spool() as spool:
        first = spool.put(b"first")

        def full(_: bytes) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(spool._file, "write", full)
        assert spool.put(b"second") == b"second"
        assert isinstance(first, Spooled)
        assert bytes(first) == b"first"
