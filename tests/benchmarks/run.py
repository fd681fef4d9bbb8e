"""Measures logaudit beside its peers and writes what came out into docs/performance.md.

    python tests/benchmarks/run.py                    # everything but the one large file: 20 minutes
    python tests/benchmarks/run.py --only plain       # one comparison; the others stay as they are
    python tests/benchmarks/run.py --size 200 --repeat 3 --output trial.md

Within a comparison all take turns on the same files, which are read ahead of each run. Every run is noted at once in
a JSON file beside the output, and what is noted there is not run again: a run that was broken off goes on. A new state
of the program or other sizes start a comparison anew. --again starts the chosen ones anew in any case.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import stock
from comparisons import ARENAS, PLAIN, SIZES, Arena, Options
from contenders import ROOT, Contender
from machine import machine, software
from measure import FailedError, peak, printed, timed
from record import Comparison, Results, Series, load, save
from tables import BEGIN, END, insert, page

#: All that is run unless something is chosen: the large file takes 5 GB of disk.
USUAL = ("corpus", "real", "start", "growth")
#: MB of the corpus, as a real month has them, and runs of each contender.
SIZE = 2400
REPEAT = 5
FAILED = "failed"


class Bench:
    """One call of the command."""

    def __init__(self, given: argparse.Namespace) -> None:
        self._given = given
        self._note: Path = given.output.with_suffix(".json")
        self._results = load(self._note)

    def run(self, keys: Sequence[str]) -> bool:
        """Comparisons, as far as they are not yet done; whether all could be made."""
        here = machine()
        if self._results.machine not in {here, ""}:
            _say("what is noted was measured on another machine: it is dropped")
        if self._results.machine != here:
            self._results = Results(machine=here)
        self._results.software = software()
        whole = [self._compare(key) for key in ARENAS if key in keys]
        return all(whole)

    def _compare(self, key: str) -> bool:
        _say(f"{key}: making ready")
        given = self._given
        options = Options(given.folder, given.size, given.real, given.sizes, given.plain_size)
        try:
            arena = ARENAS[key](options)
        except (FailedError, stock.NoRoomError) as error:
            _say(f"{key}: left out: {error}")
            return False
        comparison = self._take(key, arena)
        rounds = self._given.repeat * arena.more
        for turn in range(rounds):
            for contender in _shuffled(arena.contenders, turn):
                wanted = min(rounds, self._given.lnav_repeat) if contender.slow else rounds
                if turn < wanted and len(comparison.series[contender.key].wall) <= turn:
                    self._time(comparison, contender, arena.files)
        for contender in arena.contenders:
            self._weigh(comparison, contender)
            self._count(comparison, contender)
        return not any(series.absent == FAILED for series in comparison.series.values())

    def write(self) -> None:
        """Puts the tables into the document, or makes one, and prints them."""
        made = page(self._results)
        output: Path = self._given.output
        document = (
            output.read_text(encoding="utf-8") if output.exists() else f"# Performance\n\n{BEGIN}\n{END}\n"
        )
        output.write_text(insert(document, made), encoding="utf-8", newline="\n")
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a console is a TextIOWrapper
        print(made)  # noqa: T201 - a script prints

    def _take(self, key: str, arena: Arena) -> Comparison:
        """What is noted of the comparison, if it is of this state."""
        state = _state()
        known = self._results.comparisons.get(key)
        if known is None or known.state != state or known.about != arena.about or key in self._given.again:
            known = Comparison(arena.about, state)
        known.series = {
            c.key: known.series.get(c.key) or Series(c.title, c.text, ours="logaudit" in c.command)
            for c in arena.contenders
        }
        for contender in arena.contenders:
            series = known.series[contender.key]
            series.title, series.absent, series.lines = contender.title, contender.absent, contender.lines
        self._results.comparisons[key] = known
        return known

    def _time(self, comparison: Comparison, contender: Contender, files: Sequence[Path]) -> None:
        series = comparison.series[contender.key]
        if series.absent:
            return
        try:
            contender.before()
            # Each time: a system may give up what nobody has read for a minute.
            for file in (*files, *contender.files):
                stock.warm(file)
            took = timed(contender.command, contender.environment, ROOT, contender.good)
        except FailedError as error:
            series.absent = FAILED
            _say(f"  {contender.key}: {error}")
            return
        finally:
            contender.after()
        series.wall.append(took.wall)
        if took.cpu is not None:
            series.cpu.append(took.cpu)
        _say(f"  {contender.key}: {took.wall:.2f} s")
        self._save(comparison)

    def _weigh(self, comparison: Comparison, contender: Contender) -> None:
        series = comparison.series[contender.key]
        if series.absent or series.peak is not None:
            return
        try:
            contender.before()
            series.peak = peak(contender.command, contender.environment, ROOT)
        except FailedError as error:
            _say(f"  {contender.key}: {error}")
        finally:
            contender.after()
        if series.peak is not None:
            _say(f"  {contender.key}: {series.peak / 1e6:.0f} MB")
        self._save(comparison)

    def _count(self, comparison: Comparison, contender: Contender) -> None:
        series = comparison.series[contender.key]
        if series.absent or not series.lines or series.printed is not None:
            return
        try:
            contender.before()
            series.printed = printed(contender.command, contender.environment, ROOT)
        finally:
            contender.after()
        _say(f"  {contender.key}: {series.printed:,} of {series.lines:,} lines")
        self._save(comparison)

    def _save(self, comparison: Comparison) -> None:
        key = next(key for key, one in self._results.comparisons.items() if one is comparison)
        comparison.day, comparison.command = f"{datetime.now(UTC):%Y-%m-%d}", _command(self._given, key)
        save(self._note, self._results)


def _shuffled(contenders: Sequence[Contender], turn: int) -> list[Contender]:
    """An order of its own for each turn: nobody always comes first, or always behind the one that wears most."""
    order = list(contenders)
    Random(turn).shuffle(order)  # noqa: S311 - an order, no secret
    return order


def _command(given: argparse.Namespace, key: str) -> str:
    """What measures a comparison as it was measured, without the folders of this machine."""
    words = ["python tests/benchmarks/run.py"]
    for name, usual in (
        ("size", SIZE),
        ("plain_size", PLAIN),
        ("repeat", REPEAT),
        ("lnav_repeat", given.repeat),
    ):
        if getattr(given, name) != usual:
            words += [f"--{name.replace('_', '-')} {getattr(given, name)}"]
    if tuple(given.sizes) != SIZES:
        words += [f"--sizes {' '.join(map(str, given.sizes))}"]
    if key not in USUAL:
        words += [f"--only {key}"]
    return " ".join(words)


def _state() -> str:
    """The program's version, with a mark of its text: results of one text are comparable."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = hashlib.sha256()
    for file in sorted((ROOT / "logaudit").rglob("*")):
        if file.suffix in {".py", ".toml"}:
            found.update(
                file.relative_to(ROOT).as_posix().encode() + file.read_bytes().replace(b"\r\n", b"\n")
            )
    return f"{project['version']} ({found.hexdigest()[:8]})"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a script prints


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says, with the usual where it says nothing."""
    text = __doc__ or ""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    home = Path(tempfile.gettempdir()) / "logaudit-benchmarks"
    real = os.environ.get("LOGAUDIT_CORPUS")
    names = tuple(ARENAS)
    parser.add_argument("--folder", type=Path, default=home, help="corpora and scratch; default %(default)s")
    parser.add_argument("--size", type=int, default=SIZE, help="MB of the corpus; default %(default)s")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, metavar="MB", help="sizes at which growth is measured"
    )
    parser.add_argument(
        "--plain-size", type=int, default=PLAIN, metavar="MB", help="the one large file; default %(default)s"
    )
    parser.add_argument("--repeat", type=int, default=REPEAT, help="runs of each; default %(default)s")
    parser.add_argument(
        "--lnav-repeat", type=int, help="runs of lnav, which takes longest; default as --repeat"
    )
    parser.add_argument("--only", nargs="+", choices=names, default=USUAL, help="default: all but plain")
    parser.add_argument("--again", nargs="*", choices=names, default=(), help="forget what is noted of these")
    parser.add_argument("--real", type=Path, default=real, help="real sessions; default $LOGAUDIT_CORPUS")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "performance.md")
    parser.add_argument("--show", action="store_true", help="measure nothing, write the tables anew")
    given = parser.parse_args(words)
    given.folder, given.output = given.folder.resolve(), given.output.resolve()
    given.real = given.real and given.real.resolve()
    given.lnav_repeat = given.repeat if given.lnav_repeat is None else given.lnav_repeat
    return given


def main() -> None:
    """Measures what is chosen and writes the tables."""
    given = arguments()
    bench = Bench(given)
    whole = given.show or bench.run(given.only)
    bench.write()
    sys.exit(0 if whole else 1)


if __name__ == "__main__":
    main()
