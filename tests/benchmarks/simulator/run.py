"""Generates cases, scans each with the command line in this process, and scores what it says."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from program import run

from simulator.cases import Case, build
from simulator.faults import FAULTS, Fault
from simulator.score import Score, failed, scored
from simulator.write import store


def chosen(only: Sequence[str]) -> list[Fault]:
    """Faults by name or part of it, or by the number of their kind."""
    found = [f for f in FAULTS for word in only if word == str(f.kind) or word.lower() in f.name.lower()]
    if only and not found:
        raise SystemExit(f"no such kind: {', '.join(only)}; there are: {', '.join(f.name for f in FAULTS)}")
    return found


def judged(seed: int, index: int, only: Sequence[str] = (), keep: Path | None = None) -> Score:
    """One case from its seed to its score; its files stay where ``keep`` names a folder."""
    case = build(seed, index, chosen(only))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) if keep is None else keep / f"{index:04d}"
        store(case.written.files, folder / "logs")
        score = scan(case, folder)
        if keep is not None:
            told = {
                "faults": case.faults,
                "args": case.args,
                "must": sorted(case.truth.must),
                "exits": sorted(case.truth.exits),
                "causes": case.truth.causes,
                "states": {k: [*c.right, sorted(c.places)] for k, c in case.truth.closes.items()},
                "wrong": score.wrong,
            }
            (folder / "truth.json").write_text(
                json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8"
            )
    return score


def scan(case: Case, folder: Path) -> Score:
    """What logaudit says of the case, scored."""
    words = ("scan", "logs", "--no-cache", "--quiet", "--output-format", "json", *case.args)
    try:
        done = run(folder, *words)
    except Exception as error:  # noqa: BLE001 - a crash is a result
        return failed(case, f"crash: {type(error).__name__}: {error}")
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return failed(case, f"exit {done.returncode} and no JSON: {done.stderr.strip()[:200]}")
    return scored(case, done.returncode, found)


def scores(
    seed: int, indexes: Sequence[int], only: Sequence[str], keep: Path | None, jobs: int
) -> Iterator[Score]:
    """The scores of many cases, in order."""
    work = partial(judged, seed, only=tuple(only), keep=keep)
    if jobs == 1:
        yield from map(work, indexes)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, indexes, chunksize=10)
