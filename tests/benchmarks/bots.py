"""Writes made-up archives of many bots: a folder each, with its own logs and its own ledger.

    python tests/benchmarks/bots.py FOLDER --bots 100 --archives 20

The logs are those of `corpus.py`, each bot's from a run of its own, so that no two archives are alike. With the usual
size of an archive, 5 MB of text, 100 bots with 20 archives each have 10 GB of text and take less than 1 GB of disk.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import parts
from corpus import write_tables, write_zip


def write_bot(folder: Path, bot: int, archives: int, size: int) -> int:
    """The folder of one bot; returns the bytes of its text."""
    home = folder / f"bot-{bot:03d}"
    home.mkdir(parents=True, exist_ok=True)
    numbers = range(bot * parts.RUN, bot * parts.RUN + archives)
    write_tables(home, numbers)
    return sum(write_zip(home, number, size).size for number in numbers)


def main() -> None:
    """Writes the folders from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bots", type=int, default=100)
    parser.add_argument(
        "--archives", type=int, default=20, help="of each bot, at most as many as a run has parts"
    )
    parser.add_argument("--size", type=float, default=parts.PART / 1e6, help="MB of text in each archive")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    write = partial(write_bot, given.folder, archives=given.archives, size=round(given.size * 1e6))
    with ProcessPoolExecutor(given.jobs) as pool:
        sizes = list(pool.map(write, range(given.bots)))
    packed = sum(file.stat().st_size for file in given.folder.rglob("*.zip"))
    print(f"{sum(sizes) / 1e6:,.0f} MB of text in {packed / 1e6:,.0f} MB: {given.folder}")  # noqa: T201 - a script prints


if __name__ == "__main__":
    main()
