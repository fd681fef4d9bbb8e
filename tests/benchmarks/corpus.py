"""Writes a made-up corpus of any size in the shape of a real one: a chatty bot's log, rotated at 5 MB and zipped.

    python tests/benchmarks/corpus.py FOLDER --size 2400

The same size gives the same bytes. Each part of the log is written from its own number, so parts can be written
by several processes, and a larger corpus begins like a smaller one.
"""

from __future__ import annotations

import argparse
import os
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from scenes import FEW, SCENES, close, opening

#: Bytes of one part, as the bot's sink is told to rotate.
PART = 5_000_000
#: Time that one part covers, and the first moment of the first one.
SPAN = timedelta(minutes=12)
START = datetime(2026, 3, 2, 0, 0, 7)  # noqa: DTZ001 - the bot logs naive local time
HEADER = (
    "timestamp,symbol,side,entry_price,exit_price,size,gross_pnl,commission,net_pnl,duration_sec,reason,"
    "win_rate"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One rotated part: its name without suffix, its text, and the ledger's rows for the trades in it."""

    name: str
    text: bytes
    rows: tuple[tuple[datetime, str], ...]


def part(number: int, size: int = PART) -> Part:
    """The part of this number, from 0, of about ``size`` bytes."""
    dice = Random(f"part {number}")  # noqa: S311 - made-up data must be the same every time
    start = START + SPAN * number
    lines: list[str] = []
    rows: list[tuple[datetime, str]] = []
    written, at = 0, start
    closes = {0.31, 0.74} if number % 3 else {0.52}
    left = sorted(closes)
    if not number:
        lines += opening(at)
    while written < size:
        fresh: list[str] = []
        if left and written > left[0] * size:
            said, row = close(dice, at, kept=left.pop(0) < 0.6 and number % 4 != 1)
            fresh += said
            rows += [(at, row)] if row else []
        scenes = SCENES if dice.random() < 0.9 else FEW
        fresh += dice.choice(scenes)(dice, at.strftime("%Y-%m-%d %H:%M:%S"))
        lines += fresh
        written += sum(len(line.encode()) + 2 for line in fresh)
        at = start + SPAN * min(0.98 * written / size, 0.99)
    name = f"futures_main_{start:%Y-%m-%d}.{start:%Y-%m-%d_%H-%M-%S}_{dice.randrange(10**6):06d}"
    return Part(name, "".join(f"{line}\r\n" for line in lines).encode(), tuple(rows))


def write_zip(folder: Path, number: int) -> tuple[int, tuple[tuple[datetime, str], ...]]:
    """One part as the bot's logger leaves it; the bytes of its text, and its rows."""
    made = part(number)
    info = zipfile.ZipInfo(f"{made.name}.log", (2026, 3, 2, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(folder / f"{made.name}.log.zip", "w") as archive:
        archive.writestr(info, made.text)
    return len(made.text), made.rows


def write(folder: Path, megabytes: int) -> int:
    """A corpus of about so many MB of text in ``folder``; returns its bytes, the ledgers not counted."""
    folder.mkdir(parents=True, exist_ok=True)
    count = max(1, round(megabytes * 1_000_000 / PART))
    with ProcessPoolExecutor() as pool:
        done = list(pool.map(partial(write_zip, folder), range(count), chunksize=4))
    _write_ledgers(folder, [row for _, rows in done for row in rows])
    return sum(size for size, _ in done)


def write_plain(file: Path, megabytes: int) -> int:
    """One log of about so many MB that was never rotated; returns its bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as handle, ProcessPoolExecutor() as pool:
        count = max(1, round(megabytes * 1_000_000 / PART))
        for texts in _batches(count):
            for made in pool.map(part, texts):
                handle.write(made.text)
        return handle.tell()


def _batches(count: int, size: int = 32) -> Iterator[range]:
    """Numbers up to ``count``, a few at a time: all parts at once would fill the memory."""
    for start in range(0, count, size):
        yield range(start, min(start + size, count))


def _write_ledgers(folder: Path, rows: list[tuple[datetime, str]]) -> None:
    """A trades file a day, as the recorder opens them."""
    days = {at.date() for at, _ in rows} | {START.date()}
    for day in sorted(days):
        lines = [HEADER, *(row for at, row in rows if at.date() == day)]
        text = "".join(f"{line}\r\n" for line in lines)
        (folder / f"trades_{day}.csv").write_bytes(text.encode())


def main() -> None:
    """Writes a corpus from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=100, help="MB of text")
    parser.add_argument("--plain", action="store_true", help="one plain file instead of zips")
    given = parser.parse_args()
    if given.plain:
        size = write_plain(given.folder / "futures_main.log", given.size)
    else:
        size = write(given.folder, given.size)
    packed = sum(entry.stat().st_size for entry in os.scandir(given.folder))
    print(f"{size / 1e6:,.0f} MB of text in {packed / 1e6:,.0f} MB: {given.folder}")  # noqa: T201 - a script prints


if __name__ == "__main__":
    main()
