"""Which contenders are compared on which files, and the check that what is timed is also right."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import contenders as who
import corpus
import stock
from contenders import Contender, Once
from measure import FailedError

#: MB of text at which growth is measured, and of the one plain file.
SIZES: Final = (100, 250, 500, 1000, 2500, 5000)
PLAIN: Final = 5000
#: Seconds after which a file that was just written is one whose times can be trusted to tell of the next change:
#: a cache may well remember nothing of younger ones, and the logs of a night are older.
SETTLED: Final = 3.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for.

    Attributes:
        home: folder of the corpora and of everything that is thrown away.
        size: MB of the corpus.
        real: a folder of real sessions, if any.
    """

    home: Path
    size: int
    real: Path | None
    sizes: Sequence[int] = SIZES
    plain: int = PLAIN


@dataclass(frozen=True, slots=True)
class Arena:
    """A comparison that is ready to run.

    Attributes:
        files: folders and files to be read into the page cache first.
        more: how many times as many runs as usual, for commands that take a blink.
    """

    about: str
    contenders: Sequence[Contender]
    files: Sequence[Path]
    more: int = 1


def corpus_arena(options: Options) -> Arena:
    """Everybody on the generated corpus; logaudit also with its cache, and with one archive changed."""
    made = stock.zipped(options.home, options.size)
    folder, text = made.folder, made.text
    verify(folder, corpus.truth(made.archives))
    changed, cache, count = options.home / f"changed-{options.size}", options.home / "cache", made.archives
    return Arena(
        about=f"{text / 1e6:,.0f} MB of generated text, {made.lines / 1e6:.1f} million lines, in {made.archives} "
        f"archives ({made.packed / 1e6:,.0f} MB)",
        contenders=[
            *_peers(sorted(folder.glob("*.zip")), text, made.lines, options.home),
            *_scans(folder, text),
            *_cached(folder, text, cache),
            _one_changed(folder, changed, text, cache, count),
            who.floor(folder, text),
        ],
        files=[folder],
    )


def real_arena(options: Options) -> Arena:
    """Everybody on the real sessions."""
    if options.real is None or not options.real.is_dir():
        raise FailedError("no real sessions: name their folder with --real or LOGAUDIT_CORPUS")
    archives = sorted(options.real.rglob("*.zip"))
    text, lines = _text_of(archives)
    packed = sum(file.stat().st_size for file in archives)
    return Arena(
        about=f"{text / 1e6:,.0f} MB of a real bot's logs in {len(archives)} archives ({packed / 1e6:,.0f} MB)",
        contenders=[
            *_peers(archives, text, lines, options.home),
            *_scans(options.real, text),
            *_cached(options.real, text, options.home / "cache"),
            who.floor(options.real, text),
        ],
        files=[options.real],
    )


def start_arena(_options: Options) -> Arena:
    """Commands that should be there at once."""
    seed = who.ROOT / "fixtures" / "seed-incident" / "logs"
    return Arena(
        about="whole processes, from start to end",
        contenders=[
            Contender("python", "`python -c pass`", (sys.executable, "-c", "pass")),
            Contender(
                "import", '`python -c "import typer, rich"`', (sys.executable, "-c", "import typer, rich")
            ),
            Contender("version", "`logaudit --version`", (sys.executable, "-m", "logaudit", "--version")),
            Contender("rule", "`logaudit rule LA101`", (sys.executable, "-m", "logaudit", "rule", "LA101")),
            who.scan("seed", "`logaudit scan` of the seed fixture", seed, 0),
        ],
        files=[seed],
        more=3,
    )


def growth_arena(options: Options) -> Arena:
    """Logaudit on corpora of growing size."""
    # The largest first: the others are made of its archives.
    made = [stock.zipped(options.home, size) for size in sorted(options.sizes, reverse=True)][::-1]
    return Arena(
        about="generated archives, no cache, all cores",
        contenders=[
            who.scan(f"grown-{size}", f"{m.text / 1e9:.2f} GB in {m.archives} archives", m.folder, m.text)
            for size, m in zip(sorted(options.sizes), made, strict=True)
        ],
        files=[m.folder for m in made],
    )


def plain_arena(options: Options) -> Arena:
    """One log that was never rotated."""
    file = stock.plain(options.home, options.plain)
    text = file.stat().st_size
    wanted = [word for pattern in who.PATTERNS for word in ("-e", pattern)]
    return Arena(
        about=f"one plain file of {text / 1e9:.2f} GB",
        contenders=[
            Contender("rg", "`rg -c`, 3 patterns", ("rg", "-c", *wanted, str(file)), text, ("rg",)),
            who.scan("plain", "logaudit, no cache, all cores", file.parent, text),
            who.scan("plain-1", "logaudit, no cache, `--jobs 1`", file.parent, text, "--jobs", "1"),
        ],
        files=[file],
    )


#: In the order in which they are run and shown.
ARENAS: Final[dict[str, Callable[[Options], Arena]]] = {
    "corpus": corpus_arena,
    "real": real_arena,
    "start": start_arena,
    "growth": growth_arena,
    "plain": plain_arena,
}


def verify(folder: Path, truth: corpus.Truth) -> None:
    """Scans once and compares with what is known of the folder.

    Raises:
        FailedError: logaudit found something else.
    """
    scan = who.scan("check", "", folder, 0, "--output-format", "json")
    done = subprocess.run(scan.command, env=scan.environment, cwd=who.ROOT, capture_output=True, check=False)
    if done.returncode not in scan.good:
        raise FailedError(
            f"logaudit ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"
        )
    summary = json.loads(done.stdout)["summary"]
    found = corpus.Truth(summary["closes"], summary["recorded"])
    if found != truth or summary["missing"] != truth.missing:
        raise FailedError(f"logaudit found {found} where there is {truth}")


def _peers(archives: Sequence[Path], text: int, lines: int, home: Path) -> list[Contender]:
    return [
        who.unzip(archives, text),
        who.search(archives, text),
        who.search_once(archives, text),
        who.lnav(archives, text, lines, home),
        who.lnav_whole(archives, text, lines, home),
    ]


def _scans(folder: Path, text: int) -> list[Contender]:
    return [
        who.scan("cold", "logaudit, no cache, all cores", folder, text),
        who.scan("cold-1", "logaudit, no cache, `--jobs 1`", folder, text, "--jobs", "1"),
    ]


def _cached(folder: Path, text: int, cache: Path) -> list[Contender]:
    own = cache / folder.name
    ready = Once(partial(_fill, who.scan("fill", "", folder, text, cache_in=own), own))
    return [who.scan("warm", "logaudit, warm cache", folder, text, cache_in=own).preparing(ready)]


def _one_changed(folder: Path, changed: Path, text: int, cache: Path, count: int) -> Contender:
    """The corpus once more; before each run another of its archives gets another text."""
    own = cache / changed.name

    def copy() -> None:
        shutil.rmtree(changed, ignore_errors=True)
        # No links: taking one away would change the times of the corpus's own file, which the warm scan looks at.
        shutil.copytree(folder, changed)
        _fill(who.scan("fill", "", changed, text, cache_in=own), own)

    ready, turns = Once(copy), iter(range(1, sys.maxsize))

    def change() -> None:
        ready()
        turn = next(turns)
        stock.change(changed, turn * 37 % count, f"turn {turn}")
        time.sleep(SETTLED)

    title = f"logaudit, 1 of {count} archives changed"
    return who.scan("changed", title, changed, text, cache_in=own).preparing(change)


def _fill(scan: Contender, cache: Path) -> None:
    """A scan that leaves its cache full; whatever was in it before is gone."""
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    time.sleep(SETTLED)
    done = subprocess.run(scan.command, env=scan.environment, cwd=who.ROOT, capture_output=True, check=False)
    if done.returncode not in scan.good:
        raise FailedError(
            f"logaudit ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"
        )


def _text_of(archives: Sequence[Path]) -> tuple[int, int]:
    """Bytes and lines in all archives."""
    size = lines = 0
    for file in archives:
        with zipfile.ZipFile(file) as archive:
            for member in archive.infolist():
                data = archive.read(member)
                size, lines = size + len(data), lines + data.count(b"\n")
    return size, lines
