"""Writes a made-up corpus of any size in the shape of a real one: a chatty bot's log, rotated at 5 MB and zipped.

    python tests/benchmarks/corpus.py FOLDER --size 2400

The same size gives the same text on every machine; how small it packs is up to the zlib at hand. Each part is
written from its own number, so several processes can write them, and a larger corpus begins like a smaller one.

Lines, their lengths and levels, the share of Cyrillic, how often each place in the code logs, closes per MB, packing
and names follow a bot's real logs; unlike there, no trade is cut in two by the end of a part.
"""

from __future__ import annotations

import argparse
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import parts
from trades import HEADER, plan

DEBUG_HEADER = "timestamp,event_type,symbol,data"


@dataclass(frozen=True, slots=True)
class Written:
    """One archive of a corpus.

    Attributes:
        size: bytes of its text; lines and records count what is in it.
    """

    file: str
    size: int
    lines: int
    records: int


@dataclass(frozen=True, slots=True)
class Truth:
    """What an audit of a corpus must find."""

    closes: int
    recorded: int

    @property
    def missing(self) -> int:
        """Closes without a row."""
        return self.closes - self.recorded


def truth(count: int) -> Truth:
    """The truth of a corpus of so many parts."""
    found = [trade for number in range(count) for trade in plan(number)]
    return Truth(len(found), sum(trade.kept for trade in found))


def count_of(megabytes: float) -> int:
    """How many parts make so many MB of text."""
    return max(1, round(megabytes * 1_000_000 / parts.PART))


def write_zip(folder: Path, number: int, size: int = parts.PART, variant: str = "") -> Written:
    """One part as the bot's logger leaves it: a zip of one member, written on Windows."""
    made = parts.part(number, size, variant)
    ended = parts.begins(number + 1)
    info = zipfile.ZipInfo(f"{made.name}.log", (*ended.timetuple()[:5], 0))
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 0, 0o100666 << 16
    file = folder / f"{made.name}.log.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, made.text)
    return Written(file.name, len(made.text), made.lines, made.records)


def write(folder: Path, count: int, size: int = parts.PART, jobs: int | None = None) -> list[Written]:
    """A corpus of so many parts in ``folder``; returns its archives in order. All cores work unless told."""
    folder.mkdir(parents=True, exist_ok=True)
    work = partial(write_zip, folder, size=size)
    if jobs == 1:
        done = list(map(work, range(count)))
    else:
        with ProcessPoolExecutor(jobs) as pool:
            done = list(pool.map(work, range(count), chunksize=4))
    write_tables(folder, range(count))
    return done


def write_plain(file: Path, count: int) -> int:
    """One log of so many parts that was never rotated; returns its bytes. Its tables are written beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as handle, ProcessPoolExecutor() as pool:
        for numbers in _batches(range(count)):
            for made in pool.map(parts.part, numbers):
                handle.write(made.text)
        size = handle.tell()
    write_tables(file.parent, range(count))
    return size


def write_tables(folder: Path, numbers_of_parts: Sequence[int]) -> None:
    """The trades file and the debug table of each run; the first part is the first of its run."""
    for numbers in _batches(numbers_of_parts, parts.RUN):
        trades = [HEADER, *(row for number in numbers for row in parts.rows(number))]
        debug = [DEBUG_HEADER, *(row for number in numbers for row in parts.debug_rows(number))]
        _write_lines(folder / parts.ledger(numbers[0]), trades)
        _write_lines(folder / parts.debug_table(numbers[0]), debug)


def _batches(numbers: Sequence[int], size: int = 32) -> Iterator[Sequence[int]]:
    """The numbers a few at a time: the text of all parts at once would fill the memory."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


def _write_lines(file: Path, lines: Iterable[str]) -> None:
    file.write_bytes("".join(f"{line}\r\n" for line in lines).encode())


def main() -> None:
    """Writes a corpus from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=float, default=100, help="MB of text")
    parser.add_argument("--plain", action="store_true", help="one plain file instead of zips")
    given = parser.parse_args()
    count = count_of(given.size)
    if given.plain:
        size = write_plain(given.folder / "futures_main.log", count)
    else:
        size = sum(done.size for done in write(given.folder, count))
    packed = sum(entry.stat().st_size for entry in os.scandir(given.folder))
    print(f"{size / 1e6:,.0f} MB of text in {packed / 1e6:,.0f} MB: {given.folder}")  # noqa: T201 - a script prints


if __name__ == "__main__":
    main()
