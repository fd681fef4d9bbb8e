"""Who is measured: the command of each, what it needs, and what is made ready before each of its runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
HERE: Final = Path(__file__).resolve().parent
#: What ripgrep looks for: a close, and the two ways in which the recorder acknowledges one.
PATTERNS: Final = ("ПОЗИЦИЯ ЗАКРЫТА", "записана в CSV", "TRADE RECORDED")
#: Without a screen lnav stops loading after some rounds; each ``:rebuild`` grants more, and takes no time when
#: there is nothing left (https://github.com/tstack/lnav/issues/1484).
REBUILDS: Final = 20
_SEARCH: Final = "rg -c " + " ".join(f"-e '{pattern}'" for pattern in PATTERNS)


def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Contender:
    """One command.

    Attributes:
        key: short name, by which targets ask for it.
        text: bytes of text that it goes through.
        needs: programs that must be there.
        env: variables besides those of this process.
        good: exit codes of a run that went well.
        before, after: made ready ahead of each run and cleared away behind it, not measured.
        lacks: why it cannot run, if that is known beforehand.
        slow: may be given fewer runs than the others.
        lines: how many it prints when it leaves nothing out; 0 where they are not counted.
        files: folders and files that it reads besides those of the comparison.
    """

    key: str
    title: str
    command: Sequence[str]
    text: int = 0
    needs: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    good: Sequence[int] = (0,)
    before: Callable[[], None] = _nothing
    after: Callable[[], None] = _nothing
    lacks: str = ""
    slow: bool = False
    lines: int = 0
    files: Sequence[Path] = ()

    @property
    def absent(self) -> str:
        """Why it cannot be run; empty if it can."""
        missing = [name for name in self.needs if shutil.which(name) is None]
        return self.lacks or (f"not installed: {', '.join(missing)}" if missing else "")

    def preparing(self, before: Callable[[], None]) -> Contender:
        """The same with something to be made ready before each run."""
        return replace(self, before=before)

    @property
    def environment(self) -> dict[str, str]:
        """All variables of its process: the program is this repository's, and the user's settings are not its."""
        usual = {name: value for name, value in os.environ.items() if not name.startswith("LOGAUDIT_")}
        return {**usual, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **self.env}


class Once:
    """Does something the first time that it is called."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work: Callable[[], None] | None = work

    def __call__(self) -> None:
        work, self._work = self._work, None
        if work is not None:
            work()


def unzip(archives: Sequence[Path], text: int) -> Contender:
    """Unpacks one archive after another."""
    loop = 'for z; do unzip -p "$z"; done'
    return Contender("unzip", "`unzip -p`", _shell(loop, archives), text, ("sh", "unzip"))


def search(archives: Sequence[Path], text: int) -> Contender:
    """Unpacks one archive after another, each into a ripgrep of its own."""
    loop = f'for z; do unzip -p "$z" | {_SEARCH}; done; true'
    needs = ("sh", "unzip", "rg")
    return Contender("search", "`unzip -p … \\| rg -c`, 3 patterns", _shell(loop, archives), text, needs)


def search_once(archives: Sequence[Path], text: int) -> Contender:
    """Unpacks one archive after another, all into one ripgrep: which archive it was is lost."""
    loop = f'for z; do unzip -p "$z"; done | {_SEARCH}; true'
    title = "the same, all archives into one `rg`"
    return Contender("search-once", title, _shell(loop, archives), text, ("sh", "unzip", "rg"))


def lnav(archives: Sequence[Path], text: int, lines: int, scratch: Path) -> Contender:
    """Loads all archives in a viewer without a screen; what it unpacks to is removed behind each run."""
    return _viewer("lnav", "`lnav -n`", ("lnav", "-n", *map(str, archives)), text, lines, scratch / "lnav")


def lnav_whole(archives: Sequence[Path], text: int, lines: int, scratch: Path) -> Contender:
    """The same, told to go on until all is loaded, and spared the unpacking."""
    unpacked = scratch / "unpacked"
    files = [unpacked / f"{number}-{archive.stem}" for number, archive in enumerate(archives)]

    def unpack() -> None:
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir(parents=True)
        for archive, file in zip(archives, files, strict=True):
            with zipfile.ZipFile(archive) as opened, file.open("wb") as out:
                for member in opened.infolist():
                    with opened.open(member) as inner:
                        shutil.copyfileobj(inner, out, 1 << 20)
        if hasattr(os, "sync"):
            os.sync()  # what is still being written is not to be in anybody's time

    again = [word for _ in range(REBUILDS) for word in ("-c", ":rebuild")]
    title = "`lnav -n` of the unpacked files, until all is loaded"
    command = ("lnav", "-n", *again, *map(str, files))
    viewer = _viewer("lnav-whole", title, command, text, lines, scratch / "lnav", unpack)
    return replace(viewer, files=(unpacked,))


def _viewer(
    key: str,
    title: str,
    command: Sequence[str],
    text: int,
    lines: int,
    home: Path,
    first: Callable[[], None] = _nothing,
) -> Contender:
    """Lnav with a home that is new for each run."""
    ready = Once(first)

    def clear() -> None:
        shutil.rmtree(home, ignore_errors=True)

    def fresh() -> None:
        ready()
        clear()
        home.mkdir(parents=True)

    env = {"HOME": str(home), "TMPDIR": str(home), "XDG_CONFIG_HOME": str(home)}
    return Contender(
        key, title, command, text, ("lnav",), env, before=fresh, after=clear, slow=True, lines=lines
    )


def floor(folder: Path, text: int) -> Contender:
    """Inflates on all cores and does nothing else."""
    command = (sys.executable, str(HERE / "floor.py"), str(folder))
    return Contender("floor", "inflating alone (isal, all cores)", command, text)


def scan(
    key: str, title: str, target: Path, text: int, *flags: str, cache_in: Path | None = None
) -> Contender:
    """Logaudit without its cache, or with the one in a folder of its own; all cores unless flags say otherwise."""
    cold = cache_in is None
    switch = ("--no-cache",) if cold and has_cache() else ()
    return Contender(
        key,
        title,
        (sys.executable, "-m", "logaudit", "scan", str(target), "--quiet", *switch, *flags),
        text,
        env={} if cache_in is None else {"LOGAUDIT_CACHE_DIR": str(cache_in)},
        files=() if cache_in is None else (cache_in, target),
        good=(0, 1),
        lacks="" if cold or has_cache() else "this version of logaudit has no cache",
    )


@cache
def has_cache() -> bool:
    """Whether this logaudit has a cache to turn off."""
    done = subprocess.run(
        [sys.executable, "-m", "logaudit", "scan", "--help"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    return "--no-cache" in done.stdout


def _shell(loop: str, archives: Sequence[Path]) -> Sequence[str]:
    return ("sh", "-c", loop, "sh", *map(str, archives))
