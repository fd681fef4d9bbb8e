"""Hostile sizes, each scanned in a process of its own: seconds of processor time and memory, which have a limit each.

``--only hostile`` compares lines made to be slow with usual records of the same size instead.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.profiles import BUILT_IN, PatternRole, load_built_in

COUNT = 1
#: What a scan may take: seconds of processor time, MB of memory.
_SECONDS: Final = 30
_MEMORY: Final = 600
#: How many times longer than usual records a hostile line of the same size may take.
_SLOWER: Final = 50
_HEAD: Final = "2026-01-10 10:{:02}:{:02}.{:03} | INFO     | bot.loop:run:1 - "
_CLOSE: Final = "Position closed: {}/USDT long entry={} exit={} pnl=+{}\n"
_NEARLY: Final = "Position closed: something else"
_CREDENTIAL: Final = "api_key=abcdef0123456789abcdef"
#: What a line may tell of a trade.
_VALUES: Final = (
    "symbol=BTC-USDT side=long size=1.5 entry=100.5 exit=101.5 pnl=3.5 net pnl=3.25 gross pnl=1.25 fee=1.0 "
    "duration=30s reason=tp order_id=A71 position_id=B72 trade_id=C93"
)
_HEADER: Final = "timestamp,symbol,side,entry_price,exit_price,size,net_pnl\n"
_MB: Final = 1 << 20


def run(count: int, seed: int, only: str) -> list[str]:
    """The sizes that take too long or too much; prints a table of all."""
    del count, seed
    if only == "hostile":
        return _hostile_lines()
    wrong = []
    sys.stdout.write("| case | size | seconds | MB | exit |\n| --- | --- | --- | --- | --- |\n")
    for name, make in _CASES.items():
        if only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            logs = Path(folder, "logs")
            logs.mkdir()
            make(logs)
            size = sum(path.stat().st_size for path in logs.glob("*") if path.is_file())
            seconds, memory, code = _scan(logs)
            subprocess.run(["rm", "-rf", str(logs)], check=True)  # noqa: S607 - what Python cannot: nested so deep
        sys.stdout.write(f"| {name} | {size / 1e6:,.1f} MB | {seconds:.1f} | {memory:.0f} | {code} |\n")
        sys.stdout.flush()
        if seconds > _SECONDS or memory > _MEMORY or code not in {0, 1, 3}:
            wrong.append(f"{name}: {seconds:.1f} s, {memory:.0f} MB, exit code {code}")
    return wrong


def _scan(logs: Path) -> tuple[float, float, int]:
    """Seconds of processor time, MB and the exit code of a scan in one process."""
    words = [sys.executable, "-m", "logaudit", "scan", str(logs), "-q", "--no-cache", "--jobs", "1"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, process.returncode


def _usual(size: int) -> bytes:
    """Records as a bot writes them, about so many bytes of them."""
    lines, total, at = [], 0, 0
    while total < size:
        head = _HEAD.format(at // 60 % 60, at % 60, at % 1000)
        lines.append(
            f"{head}tick {at}: BTC/USDT bid={60_000 + at % 500}.5 ask={60_001 + at % 500}.5 spread=1.0\n"
        )
        total += len(lines[-1])
        at += 1
    return "".join(lines).encode()


def _write(path: Path, *parts: bytes) -> None:
    with path.open("wb") as file:
        for part in parts:
            file.write(part)


def _ledger(logs: Path) -> None:
    _write(logs / "trades.csv", _HEADER.encode(), b"2026-01-10 10:00:00,BTC/USDT,long,1,2,1,1.5\n")


def _long_line(logs: Path) -> None:
    _write(
        logs / "bot.log",
        _usual(1000),
        _HEAD.format(1, 1, 1).encode(),
        *([b"x" * _MB] * 1024),
        b"\n",
        _usual(1000),
    )


def _gz_bomb(logs: Path) -> None:
    _write(logs / "bot.log.gz", _gz(b"a" * (_MB - 1) + b"\n", 10_240))


def _gz_lines(logs: Path) -> None:
    _write(logs / "bot.log.gz", _gz(b"a\n" * (_MB // 2), 2_048))


def _gz_loose(logs: Path) -> None:
    _write(logs / "bot.log.gz", _gz((b"a" * 127 + b"\n") * (_MB // 128), 1_024))


def _gz_colours(logs: Path) -> None:
    _write(logs / "bot.log.gz", _gz((b"\x1b[0m" * 31 + b"\n") * (_MB // 125), 1_024))


def _gz_worded(logs: Path) -> None:
    _write(logs / "bot.log.gz", _gz((b"a" * 32_000 + b" xclose " + b"a" * 33_527 + b"\n") * 16, 1_024))


def _gz_records(message: str) -> Callable[[Path], None]:
    """One record again and again, a gigabyte of it."""
    record = _record(message)

    def make(logs: Path) -> None:
        _write(logs / "bot.log.gz", _gz(record * (_MB // len(record)), 1_024))

    return make


def _gz(text: bytes, times: int) -> bytes:
    """A text again and again as one stream of gzip; its checksum is wrong, which only who reads all of it sees."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(_usual(1000)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    size = len(text) * times & 0xFFFFFFFF
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + head + piece * times + end + struct.pack("<II", 0, size)


def _zip_bomb(logs: Path) -> None:
    with zipfile.ZipFile(logs / "logs.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(8):
            with archive.open(f"bot-{number}.log", "w", force_zip64=True) as member:
                member.write(_usual(1000))
                for _ in range(400):
                    member.write(bytes(_MB))


def _zip_of_bombs(line: bytes) -> Callable[[Path], None]:
    """300 members, each of some records and one line again and again, 3.5 MB of it."""

    def make(logs: Path) -> None:
        text = _usual(300) + line * (3_500_000 // len(line))
        with zipfile.ZipFile(logs / "logs.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for number in range(300):
                archive.writestr(f"bot-{number:03}.log", text)

    return make


def _tar_of_bombs(line: bytes) -> Callable[[Path], None]:
    """The same in a tar, which packs what its members have in common."""

    def make(logs: Path) -> None:
        text = _usual(300) + line * (3_500_000 // len(line))
        with tarfile.open(logs / "logs.tar.xz", "w:xz") as archive:
            for number in range(300):
                member = tarfile.TarInfo(f"bot-{number:03}.log")
                member.size = len(text)
                archive.addfile(member, io.BytesIO(text))

    return make


def _folder_of_bombs(logs: Path) -> None:
    """The same, each in a file of its own."""
    line = b"a" * 16 + b"\n"
    packed = gzip.compress(_usual(300) + line * (3_500_000 // len(line)))
    for number in range(300):
        _write(logs / f"bot-{number:03}.log.gz", packed)


def _record(message: str) -> bytes:
    return f"{_HEAD.format(1, 1, 1)}{message}\n".encode()


def _overlapping(logs: Path) -> None:
    """300 names for the one member of 20 MB."""
    path = logs / "logs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bot-000.log", _usual(20 * _MB))
    data = path.read_bytes()
    start = data.rindex(b"PK\1\2")
    end = data.rindex(b"PK\5\6")
    entries = b"".join(data[start:end].replace(b"bot-000.log", b"bot-%03d.log" % n) for n in range(300))
    tail = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 300, 300, len(entries), start, 0)
    _write(path, data[:start], entries, tail)


def _many_members(logs: Path) -> None:
    text = _usual(200)
    with zipfile.ZipFile(logs / "logs.zip", "w") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"bot-{number}.log"), text)


def _nested(logs: Path) -> None:
    inner = logs / "bot.log"
    inner.write_bytes(_usual(20 * _MB))
    for depth in range(12):
        outer = logs / f"depth-{depth}.zip"
        with zipfile.ZipFile(outer, "w") as archive:
            for copy in range(10 if depth == 11 else 1):
                archive.write(inner, f"{copy}-{inner.name}")
        inner.unlink()
        inner = outer


def _empty_lines(logs: Path) -> None:
    _write(logs / "bot.log", _usual(1000), b"\n" * (20 * _MB), _usual(1000))
    _ledger(logs)


def _short_lines(logs: Path) -> None:
    _write(logs / "bot.log", _usual(1000), b"x\n" * (10 * _MB), _usual(1000))
    _ledger(logs)


def _short_rows(logs: Path) -> None:
    _write(logs / "bot.log", _usual(1000))
    _write(logs / "trades.csv", _HEADER.encode(), b"x\n" * (10 * _MB))


def _open_quote(logs: Path) -> None:
    _write(logs / "bot.log", _usual(1000))
    rows = (f"2026-01-10 10:00:00,BTC/USDT,long,{n},2,1,1.5\n" for n in range(300_000))
    _write(logs / "trades.csv", _HEADER.encode(), b'2026-01-10 10:00:00,"BTC/USDT\n', "".join(rows).encode())


def _deep_folders(logs: Path) -> None:
    home = os.getcwd()  # noqa: PTH109 - paths of this length cannot be made at once
    os.chdir(logs)
    try:
        for _ in range(3_000):
            os.mkdir("f")  # noqa: PTH102 - as above
            os.chdir("f")
        Path("bot.log").write_bytes(_usual(1000))
    finally:
        os.chdir(home)


def _moment(n: int) -> str:
    """The head of a record, a dozen of them in each second."""
    at = n // 12
    told = at // 86_400 + 10, at // 3600 % 24, at // 60 % 60, at % 60, n % 12 * 80
    return "2026-01-{} {:02}:{:02}:{:02}.{:03} | INFO     | bot.loop:run:1 - ".format(*told)


def _symbols(logs: Path) -> None:
    with (logs / "bot.log").open("w") as log, (logs / "trades.csv").open("w") as ledger:
        ledger.write(_HEADER)
        for n in range(1_000_000):
            at = n // 12
            told = f"{at // 86_400 + 10} {at // 3600 % 24:02}:{at // 60 % 60:02}:{at % 60:02}"
            log.write(_moment(n) + _CLOSE.format(f"A{n}", n + 1, n + 2, f"{n}.5"))
            ledger.write(f"2026-01-{told},A{n}/USDT,long,{n + 1},{n + 2},1,{n}.5\n")


def _unlogged_symbols(logs: Path) -> None:
    with (logs / "bot.log").open("w") as log:
        for n in range(1_000_000):
            log.write(_moment(n) + _CLOSE.format(f"A{n}", n + 1, n + 2, f"{n}.5"))
    _ledger(logs)


def _crowd(logs: Path, count: int, value: Callable[[int], tuple[int, int]], slip: int = 0) -> None:
    """So many trades of one market, closed a millisecond apart, each with a row."""
    with (logs / "bot.log").open("w") as log, (logs / "trades.csv").open("w") as ledger:
        ledger.write(_HEADER)
        for n in range(count):
            told = f"2026-01-10 10:00:{n // 1000:02}.{n % 1000:03}"
            entry, closed = value(n)
            what = _CLOSE.format("BTC", entry / 100, closed / 100, (closed - entry) / 100).replace("+-", "-")
            log.write(f"{told} | INFO     | bot.loop:run:1 - {what}")
            shown = (closed + (slip + n % 90 if slip else 0)) / 100
            ledger.write(f"{told},BTC/USDT,long,{entry / 100},{shown},1,{(closed - entry) / 100}\n")


def _crowd_of_all(logs: Path) -> None:
    _crowd(logs, 10_000, lambda n: (100_000 + n, 200_000 + 3 * n))


def _equal_crowd(logs: Path) -> None:
    _crowd(logs, 10_000, lambda _: (10_050, 10_325))


def _wrong_crowd(logs: Path) -> None:
    _crowd(logs, 5_000, lambda n: (100_000 + n, 200_000 + 3 * n), slip=1)


def _at(n: int) -> str:
    """A moment, 300 of them in each second."""
    return f"2026-01-10 {10 + n // 1_080_000:02}:{n // 18_000 % 60:02}:{n // 300 % 60:02}.{n % 300 * 3:03}"


def _blocks(logs: Path, count: int, values: Callable[[int], int]) -> None:
    """So many closes of many lines each, as one of the built-in profiles has them, none of which was recorded."""
    (pattern,) = (p for p in load_built_in("okx-scalper").patterns if p.id == "close-block")
    parts = [p for p in load_built_in("okx-scalper").patterns if p.block == pattern.block and p.samples]
    lines = [p.samples[0].line for p in parts if p.role is PatternRole.PART]
    with (logs / "futures_main.log").open("w", encoding="utf-8") as log:
        for n in range(count):
            log.write(f"{_at(n)} | INFO     | src.strategies.scalping.futures.positions:close:5 | ")
            log.write("\n".join([pattern.samples[0].line, *lines]).replace("84.1", f"84.1{values(n):06}"))
            log.write("\n")
    _ledger(logs)


def _equal_blocks(logs: Path) -> None:
    _blocks(logs, 20_000, lambda _: 0)


def _lost_blocks(logs: Path) -> None:
    _blocks(logs, 5_000, lambda n: n)


def _dense(logs: Path, *, rows: bool, told: bool) -> None:
    """20,000 closes of one market, 300 a second, each with a row and a line that acknowledges it, or without."""
    with (logs / "bot.log").open("w") as log, (logs / "trades.csv").open("w") as ledger:
        ledger.write(_HEADER)
        for n in range(20_000):
            entry, closed = 1000 + n / 100, 2000 + 3 * n / 100
            head = f"{_at(n)} | INFO     | "
            what = _CLOSE.format("BTC", f"{entry:.2f}", f"{closed:.2f}", f"{closed - entry:.2f}")
            log.write(f"{head}bot.loop:run:1 - {what}")
            if told:
                log.write(f"{head}bot.recorder:save:9 - Trade recorded: BTC/USDT total={n + 1}\n")
            if rows or not n:
                ledger.write(f"{_at(n)},BTC/USDT,long,{entry:.2f},{closed:.2f},1,{closed - entry:.2f}\n")


def _dense_rows(logs: Path) -> None:
    _dense(logs, rows=True, told=False)


def _dense_told(logs: Path) -> None:
    _dense(logs, rows=False, told=True)


def _headers(logs: Path) -> None:
    """A header again and again, each with another note, every other one with a row."""
    _write(logs / "bot.log", _usual(1000))
    names = ("".join(chr(97 + int(digit)) for digit in str(n)) for n in range(40_000))
    headers = (_HEADER.replace("size,", f"size,note_{name},") for name in names)
    rows = (f"2026-01-10 10:00:00,BTC/USDT,long,{n + 1},2,1,x,1.5\n" * (n % 2) for n in range(40_000))
    _write(logs / "trades.csv", "".join(a + b for a, b in zip(headers, rows, strict=True)).encode())


def _unread_rows(logs: Path) -> None:
    """20,000 closes without a row, and as many lines of their market that cannot be read."""
    with (logs / "bot.log").open("w") as log, (logs / "trades.csv").open("w") as ledger:
        ledger.write(_HEADER)
        for n in range(20_000):
            log.write(_moment(n) + _CLOSE.format("BTC", n + 1, n + 2, f"{n}.5"))
            ledger.write(f"2026-01-10 10:00:00,BTC/USDT,long,{n}e999999,{n + 50_000},1,{n}.25\n")


def _ledgers(logs: Path) -> None:
    _write(logs / "bot.log", _usual(1000))
    for n in range(3_000):
        row = f"2026-01-10 10:00:00,BTC/USDT,long,{n + 1},2,1,1.5\n"
        _write(logs / f"trades-{n}.csv", (_HEADER + row).encode())


def _parquet(logs: Path) -> None:
    """A text of a megabyte in each of 20,000 rows, which is packed once."""
    import pyarrow as pa  # noqa: PLC0415 - other cases do without
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    _write(logs / "bot.log", _usual(1000))
    row = ("2026-01-10 10:00:00", "BTC/USDT", "long", 1, 2, 1, 1.5)
    cells = {name: [value] * 20_000 for name, value in zip(_HEADER.strip().split(","), row, strict=True)}
    notes = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), pa.array(["x" * _MB]))
    pq.write_table(pa.table({**cells, "note": notes}), logs / "trades.parquet")


_CASES: Final[dict[str, Callable[[Path], None]]] = {
    "a line of 1 GiB": _long_line,
    "a gz bomb (10 GiB of long lines)": _gz_bomb,
    "a gz bomb (2 GiB of two-byte lines)": _gz_lines,
    "a gz bomb (1 GiB of lines without a record)": _gz_loose,
    "a gz bomb (1 GiB of lines of terminal codes)": _gz_colours,
    "a gz bomb (1 GiB of long lines with a closing word)": _gz_worded,
    "a gz bomb (1 GiB of one record)": _gz_records("Heartbeat ok"),
    "a gz bomb (1 GiB of a record that is nearly a close)": _gz_records(_NEARLY),
    "a gz bomb (1 GiB of a record that may be a close)": _gz_records("BTC/USDT exit done +1.25 at all"),
    "a gz bomb (1 GiB of a record with a credential)": _gz_records(_CREDENTIAL),
    "a gz bomb (1 GiB of a close)": _gz_records(_CLOSE.format("BTC", 1, 2, 1).strip()),
    "a zip bomb (8 members of 400 MiB)": _zip_bomb,
    "a zip of 300 bombs (1 GB of short lines)": _zip_of_bombs(b"a" * 16 + b"\n"),
    "a zip of 300 bombs (1 GB of lines without a record)": _zip_of_bombs(b"a" * 127 + b"\n"),
    "a zip of 300 bombs (1 GB of a record that is nearly a close)": _zip_of_bombs(_record(_NEARLY)),
    "a zip of 300 bombs (1 GB of a record with a credential)": _zip_of_bombs(_record(_CREDENTIAL)),
    "a zip of 300 bombs (1 GB of a close)": _zip_of_bombs(_record(_CLOSE.format("BTC", 1, 2, 1).strip())),
    "a tar.xz of 300 bombs (1 GB of short lines)": _tar_of_bombs(b"a" * 16 + b"\n"),
    "a tar.xz of 300 bombs (1 GB of a close)": _tar_of_bombs(_record(_CLOSE.format("BTC", 1, 2, 1).strip())),
    "300 gz bombs in a folder (1 GB of short lines)": _folder_of_bombs,
    "300 overlapping members": _overlapping,
    "100,000 members": _many_members,
    "12 nested archives": _nested,
    "20 MiB of empty lines": _empty_lines,
    "20 MiB of two-byte lines": _short_lines,
    "20 MiB of two-byte rows": _short_rows,
    "300,000 rows behind an open quote": _open_quote,
    "3,000 nested folders": _deep_folders,
    "one million symbols, in log and ledger": _symbols,
    "one million symbols in a log": _unlogged_symbols,
    "10,000 closes of a market, 1 ms apart": _crowd_of_all,
    "the same, all of equal values": _equal_crowd,
    "5,000 such, whose rows show another price": _wrong_crowd,
    "20,000 equal close blocks without rows": _equal_blocks,
    "5,000 different close blocks without rows": _lost_blocks,
    "20,000 closes at 300 a second, with rows": _dense_rows,
    "the same, acknowledged and without rows": _dense_told,
    "a table of 40,000 headers": _headers,
    "20,000 closes, and as many rows that cannot be read": _unread_rows,
    "3,000 ledgers": _ledgers,
    "a Parquet file that unpacks to 20 GB": _parquet,
}


def _hostile_lines() -> list[str]:
    """Lines on which a pattern, or the search for credentials, may work long: against usual records of one size."""
    size = 2 * _MB
    usual: dict[str, tuple[float, float]] = {}
    worst: list[tuple[float, str]] = []
    for name, profile, piece in _pieces():
        if profile not in usual:
            # What a scan takes whatever it reads, and what so many bytes of usual records take beyond that.
            none = _timed(_usual(200), profile)
            usual[profile] = none, max(_timed(_usual(size), profile) - none, 0.01)
        line = _HEAD.format(1, 1, 1).encode() + (piece * (8_192 // len(piece) + 1))[:8_192] + b"\n"
        none, beyond = usual[profile]
        worst.append(((_timed(_usual(200) + line * (size // len(line)), profile) - none) / beyond, name))
    worst.sort(reverse=True)
    sys.stdout.write(f"{len(worst)} kinds of hostile lines against usual records of {size / 1e6:.2f} MB\n")
    for times, name in worst[:10]:
        sys.stdout.write(f"{times:6.1f} times: {name}\n")
    return [f"{times:.0f} times as long: {name}" for times, name in worst if times > _SLOWER]


def _timed(data: bytes, profile: str) -> float:
    """Seconds of processor time to scan a log."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder, "bot.log"), data)
        begin = time.process_time()
        build_report(read_case([folder], ScanOptions(profile=profile, jobs=1)))
        return time.process_time() - begin


def _pieces() -> Iterator[tuple[str, str, bytes]]:
    """What hostile lines are made of, and for which profile: samples, cut and stretched; pieces of names and forms."""
    pieces = (
        " ",
        "a",
        "1",
        "9.",
        "(",
        '"',
        "\\",
        "{",
        "=",
        ": ",
        "a=",
        "token ",
        "password: ",
        "://a:",
        "eyJ",
        "%25",
    )
    pieces += (
        "-----BEGIN PRIVATE KEY-----",
        "auth=('a', ",
        "mysql -u ",
        "words winner ",
        "credentials={'a':'b',",
        "key=Zq7XwLm2Pv9Kt4Rb secret=Zq7XwLm2Pv9Kt4Rb ",
        "api_key loaded ",
        "ш",
        "💰",
        "\t",
        "a b ",
    )
    for piece in pieces:
        yield f"{piece!r} again and again", "generic", piece.encode()
    yield (
        "every value, and verbs that no position follows",
        "generic",
        (_VALUES + " closed opened saved stopped ").encode(),
    )
    for profile in BUILT_IN:
        for pattern in load_built_in(profile).patterns:
            for sample in pattern.samples[:1]:
                text, name = sample.line, f"{profile} {pattern.id}: its sample"
                yield name, profile, f"{text} ".encode()
                yield f"{name}, cut", profile, text[:-1].encode()
                yield f"{name}, digits stretched", profile, _stretched(text, r"\d", 40)
                yield f"{name}, blanks stretched", profile, _stretched(text, " ", 40)


def _stretched(text: str, what: str, times: int) -> bytes:
    return re.sub(what, lambda match: match[0] * times, text).encode()
