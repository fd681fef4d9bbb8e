"""Damages small folders' files, each in turn, and compares what is said with what happened.

The truth is the world's: which trades it recorded and which it lost. Whatever the damage, nothing is raised, no
recorded close is called lost, no lost close is called recorded, and no loss ends as a clean scan. No program can see
that a plain text was cut between two lines, or that a close line became other words: such damages are counted apart.
"""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
import shutil
import sqlite3
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Final

from msgspec import Struct
from program import Done
from program import run as logaudit
from workbook import write_workbook
from world import HEADER, Deal, World

COUNT = 2_000
_LOST: Final = frozenset({"silent-drop", "false-ack", "failed-write"})
_RECORDED: Final = frozenset({"recorded", "unacknowledged", "backfilled"})
_SYMBOLS: Final = ("BTC-USDT", "SOL-USDT", "XRP-USDT", "ADA-USDT", "LTC-USDT")
_GONE: Final = "ETH-USDT"


class _Bed(Struct, frozen=True):
    """A folder to damage: the file that is, and whether it is plain text."""

    name: str
    file: str
    files: Mapping[str, bytes]
    lossy: bool
    text: bool


def run(count: int, seed: int, only: str) -> list[str]:
    """What went wrong; prints how many damages there were of each kind and how the scans ended."""
    rng = random.Random(seed)  # noqa: S311 - no secret is made of it
    beds = [bed for bed in _beds() if only in bed.name]
    wrong: list[str] = []
    ends: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(-len(beds), count):
            bed = beds[number % len(beds)]
            how, damaged = "none", bed.files[bed.file]
            if number >= 0:
                how, damaged = _damaged(damaged, rng)
            logs = Path(folder) / "logs"
            shutil.rmtree(logs, ignore_errors=True)
            logs.mkdir()
            for name, data in bed.files.items():
                (logs / name).write_bytes(damaged if name == bed.file else data)
            name = f"{number} (--seed {seed}) of {bed.name}, {how}"
            try:
                done = logaudit(Path(folder), "scan", "logs", "-q", "--no-cache", "--output-format", "json")
                faults = _judge(bed, damaged, done)
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                faults = [f"{type(error).__name__}: {error}"]
            else:
                if number >= 0:
                    ends[f"exit {done.returncode}"] += 1
                elif done.returncode != int(bed.lossy):
                    faults.append(f"exit code {done.returncode}")
            wrong += [f"damage {name}: {fault}" for fault in faults]
    told = ", ".join(f"{times} {end}" for end, times in sorted(ends.items()))
    sys.stdout.write(f"{count} damages of {len(beds)} folders: {told}; {len(wrong)} wrong\n")
    return wrong


def _judge(bed: _Bed, damaged: bytes, done: Done) -> list[str]:
    """What is untrue."""
    if done.returncode not in {0, 1, 3}:
        return [f"exit code {done.returncode}: {done.stderr[-300:]}"]
    report = json.loads(done.stdout)
    faults = [f"LA905: {f['message']}" for f in report["findings"] if f["rule"] == "LA905"]
    for trade in report["trades"]:
        true = bed.lossy and (trade["symbol"] == _GONE or trade["closed"][11:].startswith("11:50"))
        if trade["state"] in _LOST and not true and not _unseen(bed, damaged, row=True):
            faults.append(f"a recorded close is called lost: {trade['symbol']} at {trade['closed']}")
    if bed.lossy:
        if any(t["symbol"] == _GONE and t["state"] in _RECORDED for t in report["trades"]):
            faults.append("the lost close is called recorded")
        if done.returncode == 0 and not _unseen(bed, damaged, row=False):
            faults.append("the loss ends as a clean scan")
    return faults


def _unseen(bed: _Bed, damaged: bytes, *, row: bool) -> bool:
    """Whether no program can see the damage: whole lines of a plain text are gone, or a close line says other words."""
    if not bed.text:
        return False
    data = bed.files[bed.file]
    before, after = data.splitlines(), damaged.splitlines()
    if not row:
        return bed.file.endswith(".log") and any(_GONE.encode() in line for line in set(before) - set(after))
    # What was taken out with the end of a row takes that row along.
    taken_out = (
        len(damaged) < len(data) and damaged.count(b"\n") < data.count(b"\n") and damaged[-4:] == data[-4:]
    )
    # A last row that breaks off in its last cell looks like one of a writer that ends its lines with none.
    whole = len(after) > 1 and after[-1].count(b",") == after[0].count(b",") and data.startswith(damaged)
    return not bed.file.endswith(".log") and (set(after) < set(before) or taken_out or whole)


def _damaged(data: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Some bytes with a damage of a random kind, and what it is."""
    at = rng.randrange(len(data))
    size = rng.choice((1, 2, 7, 16, 64, 512))
    change, noise = rng.randrange(1, 256), rng.randbytes(size)
    before, rest, behind = data[:at], data[at : at + size], data[at + size :]
    kinds = {
        f"byte {at} xor {change}": before + bytes([data[at] ^ change]) + data[at + 1 :],
        f"byte {at} xor {1 << change % 8}": before + bytes([data[at] ^ 1 << change % 8]) + data[at + 1 :],
        f"cut at {at}": before,
        f"{size} bytes in at {at}": before + noise + rest + behind,
        f"{size} zeros at {at}": before + bytes(len(rest)) + behind,
        f"{size} bytes gone at {at}": before + behind,
        f"{size} bytes of noise at {at}": before + noise[: len(rest)] + behind,
        f"{size} bytes twice at {at}": before + rest + rest + behind,
    }
    return rng.choice(sorted(kinds.items()))


def _beds() -> list[_Bed]:
    """Every way to keep a log and a ledger, one damaged, with a loss and without."""
    beds = []
    for lossy, night in product((True, False), (night_of_acknowledgements, plain_night, reversed_night)):
        log, ledger, rows = night(lossy=lossy)
        told = f"{'a loss' if lossy else 'no loss'}, {night.__name__}"
        for kind, (name, data) in _logs(log).items():
            files = {name: data, "trades_2026-01-10.csv": ledger}
            beds.append(_Bed(f"log {kind}, {told}", name, files, lossy, kind == "plain"))
        for kind, (name, data) in _ledgers(ledger, rows).items():
            files = {"futures_main_2026-01-10.log": log, name: data}
            beds.append(_Bed(f"ledger {kind}, {told}", name, files, lossy, kind in {"csv", "json", "jsonl"}))
    return beds


def plain_night(*, lossy: bool) -> tuple[bytes, bytes, list[list[str]]]:
    """As `night_of_acknowledgements`, of a bot that acknowledges nothing and prints little."""
    rows = [["timestamp", "symbol", "side", "entry_price", "exit_price", "size", "net_pnl"]]
    lines = ["2026-01-10 10:00:00.000 | INFO     | bot.main:run:7 - Bot started"]
    for number, symbol in enumerate((*_SYMBOLS, _GONE, "DOT-USDT")):
        if symbol == _GONE and not lossy:
            continue
        at = f"11:{25 + 5 * number}:30" if number > 4 else f"10:{10 * number + 5:02}:30"
        price, net = 100.5 + 7 * number, 1.25 + number
        text = f"Position closed: {symbol} long entry={price} exit={price + 2} pnl=+{net}"
        lines += [f"2026-01-10 {at}.{100 + number} | INFO     | bot.main:loop:9 - {text}"]
        lines += [f"2026-01-10 {at}.{500 + number} | DEBUG    | bot.main:loop:12 - tick {number}"]
        if symbol != _GONE:
            rows.append([f"2026-01-10 {at}", symbol, "long", f"{price}", f"{price + 2}", "0.5", f"{net}"])
    ledger = "".join(",".join(row) + "\n" for row in rows)
    return "".join(f"{line}\n" for line in lines).encode(), ledger.encode(), rows


def reversed_night(*, lossy: bool) -> tuple[bytes, bytes, list[list[str]]]:
    """As `plain_night`, with a ledger whose newest row comes first."""
    log, _, (names, *rows) = plain_night(lossy=lossy)
    rows = [names, *reversed(rows)]
    return log, "".join(",".join(row) + "\n" for row in rows).encode(), rows


def night_of_acknowledgements(*, lossy: bool) -> tuple[bytes, bytes, list[list[str]]]:
    """The bytes of a log and of its ledger, and the ledger's cells with their header."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), beat=600)
        for number, symbol in enumerate(_SYMBOLS):
            price = 100 + 7 * number
            deal = Deal(
                f"10:{10 + 9 * number}:00.500", symbol, entry=f"{price}.5", exit=f"{price + 3 + number}.25"
            )
            world.kept(deal)
        if lossy:
            world.lost(Deal("11:50:00.500", _GONE, entry="3000.5", exit="3017.75"))
        world.kept(Deal("11:55:00.500", "DOT-USDT", entry="7.125", exit="7.5"))
        world.save()
        log, ledger = (Path(folder, name).read_bytes() for name in (world.log, world.ledger))
        return log, ledger, [row.split(",") for row in (HEADER, *world.rows)]


def _logs(log: bytes) -> dict[str, tuple[str, bytes]]:
    name = "futures_main_2026-01-10.log"
    return {
        "plain": (name, log),
        "zip": (f"{name}.zip", _zip(name, log)),
        "stored zip": (f"{name}.zip", _zip(name, log, zipfile.ZIP_STORED)),
        "gz": (f"{name}.gz", gzip.compress(log, mtime=0)),
        "xz": (f"{name}.xz", lzma.compress(log)),
        "bz2": (f"{name}.bz2", bz2.compress(log)),
    }


def _ledgers(ledger: bytes, rows: list[list[str]]) -> dict[str, tuple[str, bytes]]:
    name = "trades_2026-01-10.csv"
    names, *rows = rows
    objects = [dict(zip(names, row, strict=True)) for row in rows]
    return {
        "csv": (name, ledger),
        "zip": (f"{name}.zip", _zip(name, ledger)),
        "gz": (f"{name}.gz", gzip.compress(ledger, mtime=0)),
        "xlsx": (
            "trades.xlsx",
            _file(lambda path: write_workbook(path, {"trades": [names, *rows]}), "t.xlsx"),
        ),
        "sqlite": ("trades.sqlite", _file(lambda path: _database(path, names, rows), "t.sqlite")),
        "json": ("trades.json", json.dumps(objects, indent=1).encode()),
        "jsonl": ("trades.jsonl", "".join(json.dumps(o) + "\n" for o in objects).encode()),
    }


def _zip(name: str, data: bytes, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", how) as archive:
            archive.writestr(zipfile.ZipInfo(name), data, how)

    return _file(write, "a.zip")


def _database(path: Path, names: list[str], rows: list[list[str]]) -> None:
    base = sqlite3.connect(path)
    base.execute(f"create table trades ({', '.join(f'{n} text' for n in names)})")
    base.executemany(f"insert into trades values ({','.join('?' * len(names))})", rows)  # noqa: S608 - our names
    base.commit()
    base.close()


def _file(write: Callable[[Path], None], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, name))
        return Path(folder, name).read_bytes()
