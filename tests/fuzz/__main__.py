"""Runs the targets one after another, each in a process of its own, and prints what each did."""

from __future__ import annotations

import argparse
import importlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from tests.fuzz.targets import SEEDS, TARGETS

_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_COVERED = re.compile(r"cov: (\d+)")
_INSIDE = "--inside"
#: Seconds after which an input counts as a hang.
_HANG = 20


def main() -> int:
    """Runs what was asked for; 1 if anything was found."""
    if sys.argv[1:2] == [_INSIDE]:
        _fuzz(sys.argv[2], sys.argv[3:])
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], help="all by default")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--runs", type=int, default=1_000_000, help="executions of a target, at most")
    parser.add_argument("--found", type=Path, default=Path("fuzz-found"), help="folder for inputs that fail")
    parser.add_argument("--corpus", type=Path, default=None, help="folder that keeps inputs from run to run")
    given = parser.parse_args()
    found = [_run(name, given) for name in given.targets or TARGETS]
    return int(any(found))


def _run(name: str, given: argparse.Namespace) -> bool:
    """Whether a target found something."""
    given.found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        corpus = (given.corpus or Path(scratch)) / name
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(SEEDS[name]):
            (corpus / f"seed-{number}").write_bytes(seed)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "tests.fuzz", _INSIDE, name),
                *(f"-max_total_time={given.seconds}", f"-runs={given.runs}", f"-timeout={_HANG}"),
                *("-max_len=8192", "-rss_limit_mb=2048", f"-artifact_prefix={given.found}/{name}-"),
                str(corpus),
            ],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    runs = _DONE.search(done.stderr)
    covered = _COVERED.findall(done.stderr)
    ended = runs[0] if runs else "stopped"
    sys.stdout.write(f"{name:<9} {ended}, {covered[-1] if covered else 0} branches covered\n")
    if done.returncode:
        sys.stdout.write(done.stderr[-4000:])
    sys.stdout.flush()
    return done.returncode != 0


def _fuzz(name: str, arguments: list[str]) -> NoReturn:
    """Fuzzes in this process, which never returns."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["logaudit"]):
        target = TARGETS[name]()
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()
    raise SystemExit


if __name__ == "__main__":
    sys.exit(main())
