"""One incident in every wrapping and encoding a bot may leave it in: the answer is always the same."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from world import LEDGER, LOG, Deal, World, ordered

from logaudit.audit.pipeline import ScanOptions, run
from logaudit.core.report import Report
from logaudit.profiles import WrittenFormat

KEPT = Deal("10:30:00", "ETH-USDT")
LOST = Deal("11:00:00", "BTC-USDT")


def made(root: Path) -> tuple[World, bytes, bytes]:
    """A log with one recorded and one lost close, and its ledger, as bytes."""
    world = World(root)
    world.kept(KEPT)
    world.lost(LOST)
    log = "".join(f"{line}\n" for line in ordered(world.lines)).encode()
    ledger = "".join(f"{line}\r\n" for line in (world.header, *world.rows)).encode()
    return world, log, ledger


def read(root: Path, *words: str) -> Report:
    formats = tuple(WrittenFormat(word) for word in words)
    return run([str(root)], ScanOptions(profile="okx-scalper", formats=formats, jobs=1))


def check(outcome: Report) -> None:
    summary = outcome.summary
    assert (summary.closes, summary.recorded, summary.missing, summary.ledger_rows) == (2, 1, 1, 1)
    (lost,) = [t for t in outcome.trades if t.missing]
    assert lost.symbol == "BTC-USDT"


def tarred(text: bytes, name: str, mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{mode}") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text))
    return buffer.getvalue()


def zipped(text: bytes, name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return buffer.getvalue()


WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".lzma": lambda t: lzma.compress(t, lzma.FORMAT_ALONE),
    ".zip": lambda t: zipped(t, LOG),
    ".tar": lambda t: tarred(t, LOG, ""),
    ".tar.gz": lambda t: tarred(t, LOG, "gz"),
    ".tar.bz2": lambda t: tarred(t, LOG, "bz2"),
    ".tar.xz": lambda t: tarred(t, LOG, "xz"),
}


@pytest.mark.parametrize("suffix", WRAPPINGS)
def test_every_wrapping_reads_alike(tmp_path: Path, suffix: str) -> None:
    _, log, ledger = made(tmp_path)
    (tmp_path / (LOG + suffix)).write_bytes(WRAPPINGS[suffix](log))
    (tmp_path / LEDGER).write_bytes(ledger)
    outcome = read(tmp_path)
    check(outcome)
    assert outcome.summary.archives == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251"])
def test_every_encoding_reads_alike(tmp_path: Path, encoding: str) -> None:
    _, log, ledger = made(tmp_path)
    # A legacy code page has no room for pictures: a bot on such a console prints question marks.
    (tmp_path / LOG).write_bytes(log.decode().encode(encoding, "replace"))
    (tmp_path / LEDGER).write_bytes(ledger)
    check(read(tmp_path))


def coloured(log: bytes) -> bytes:
    return b"".join(
        b"\x1b[32m" + line.replace(b" | ", b"\x1b[0m | \x1b[1m", 1) + b"\x1b[0m\n"
        for line in log.splitlines()
    )


@pytest.mark.parametrize(
    "mangle",
    [
        pytest.param(lambda t: t.replace(b"\n", b"\r\n"), id="crlf"),
        pytest.param(lambda t: b"\x00\x00" + t.replace(b"\n", b"\n\x00", 3), id="nul"),
        pytest.param(coloured, id="ansi"),
        pytest.param(lambda t: t.replace(b"\n", b"\n\n", 40), id="blank-lines"),
        pytest.param(
            lambda t: t + b"2026-01-10 11:59:59.999 | INFO     | a:b:1 | " + b"x" * 50_000_000 + b"\n",
            id="50-mb-line",
        ),
        pytest.param(lambda t: t + b"\xff\xfe\x80 not a character\n", id="invalid-utf-8"),
        pytest.param(lambda t: t.rstrip(b"\n"), id="no-last-newline"),
    ],
)
def test_mangled_text_reads_alike(tmp_path: Path, mangle: Callable[[bytes], bytes]) -> None:
    _, log, ledger = made(tmp_path)
    (tmp_path / LOG).write_bytes(mangle(log))
    (tmp_path / LEDGER).write_bytes(ledger)
    check(read(tmp_path))


def test_a_file_and_its_archive_count_once_and_both_addresses_are_kept(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    (tmp_path / LOG).write_bytes(log)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / f"{LOG}.zip").write_bytes(zipped(log, LOG))
    (tmp_path / LEDGER).write_bytes(ledger)
    (tmp_path / "old" / LEDGER).write_bytes(ledger)
    outcome = read(tmp_path)
    summary = outcome.summary
    assert (summary.closes, summary.missing, summary.ledger_rows, summary.records) == (
        2,
        1,
        1,
        log.count(b"\n"),
    )
    copies = {s.address.path: [c.path for c in s.copies] for s in outcome.sources if s.copies}
    assert set(copies) | {c for cs in copies.values() for c in cs} == {
        LOG,
        f"old/{LOG}.zip",
        LEDGER,
        f"old/{LEDGER}",
    }


def test_a_ledger_inside_a_zip_is_read(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    (tmp_path / LOG).write_bytes(log)
    (tmp_path / "ledgers.zip").write_bytes(zipped(ledger, LEDGER))
    check(read(tmp_path))


def test_one_zip_with_log_and_ledger_is_enough(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"logs/{LOG}", log)
        archive.writestr(f"logs/{LEDGER}", ledger)
    (tmp_path / "all.zip").write_bytes(buffer.getvalue())
    check(read(tmp_path / "all.zip"))


def test_content_decides_and_names_do_not(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    (tmp_path / "notes.txt").write_bytes(log)
    (tmp_path / "table.dat").write_bytes(ledger)
    (tmp_path / "readme.log").write_bytes(b"nothing but prose in here\n" * 20)
    check(read(tmp_path))


def test_rotated_names_that_lie_about_order_do_not_matter(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    lines = log.splitlines(keepends=True)
    half = len(lines) // 2
    (tmp_path / "futures_main_2026-01-10.2026-01-10_23-00-00_000000.log").write_bytes(b"".join(lines[:half]))
    (tmp_path / "futures_main_2026-01-10.2026-01-10_01-00-00_000000.log").write_bytes(b"".join(lines[half:]))
    (tmp_path / LEDGER).write_bytes(ledger)
    outcome = read(tmp_path)
    check(outcome)
    assert [c.stream for c in outcome.coverage] == ["futures_main"]


def serialized(log: bytes) -> bytes:
    """The same records as loguru's ``serialize=True`` writes them."""
    found = []
    for line in log.decode().splitlines():
        stamp, level, emitter, message = line.split(" | ", 3)
        module, function, number = emitter.split(":")
        at = datetime.fromisoformat(stamp + "+03:00")
        record = {
            "elapsed": {"repr": "0:00:01", "seconds": 1.0},
            "exception": None,
            "extra": {},
            "file": {"name": "x.py", "path": "/x.py"},
            "function": function,
            "level": {"icon": "i", "name": level.strip(), "no": 20},
            "line": int(number),
            "message": message,
            "module": module.rpartition(".")[2],
            "name": module,
            "process": {"id": 1, "name": "MainProcess"},
            "thread": {"id": 1, "name": "MainThread"},
            "time": {"repr": at.isoformat(" "), "timestamp": at.timestamp()},
        }
        found.append(json.dumps({"text": line + "\n", "record": record}, ensure_ascii=False))
    return ("\n".join(found) + "\n").encode()


def test_serialized_records_read_alike(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    (tmp_path / LOG).write_bytes(serialized(log))
    (tmp_path / LEDGER).write_bytes(ledger)
    check(read(tmp_path))


def test_the_bots_own_format_string_is_enough(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    own = []
    for line in log.decode().splitlines():
        stamp, level, emitter, message = line.split(" | ", 3)
        at = datetime.fromisoformat(stamp)
        own.append(
            f"[{at:%d/%m/%Y %H.%M.%S},{at.microsecond // 1000:03d}] <{level.strip()}> {emitter} => {message}"
        )
    (tmp_path / LOG).write_text("\n".join(own) + "\n", encoding="utf-8")
    (tmp_path / LEDGER).write_bytes(ledger)
    check(read(tmp_path, "[{time:DD/MM/YYYY HH.mm.ss,SSS}] <{level}> {name}:{function}:{line} => {message}"))


def test_what_is_no_log_is_named_as_skipped(tmp_path: Path) -> None:
    _, log, ledger = made(tmp_path)
    (tmp_path / LOG).write_bytes(log)
    (tmp_path / LEDGER).write_bytes(ledger)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    outcome = read(tmp_path)
    check(outcome)
    assert [s.path for s in outcome.skipped] == ["picture.png"]


def test_a_ledger_copied_before_it_grew_is_no_second_ledger(tmp_path: Path) -> None:
    world, log, ledger = made(tmp_path)
    world.kept(Deal("11:30:00", "SOL-USDT"))
    (tmp_path / LOG).write_bytes("".join(f"{line}\n" for line in ordered(world.lines)).encode())
    (tmp_path / LEDGER).write_bytes("".join(f"{r}\r\n" for r in (world.header, *world.rows)).encode())
    (tmp_path / f"copy of {LEDGER}").write_bytes(ledger)
    outcome = read(tmp_path)
    assert (outcome.summary.closes, outcome.summary.recorded, outcome.summary.ledger_rows) == (3, 2, 2)
    assert "LA107" not in {f.rule for f in outcome.findings}
    assert log
