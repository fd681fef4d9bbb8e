"""Runs one trial; the exit code is 1 where something went wrong."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

_TRIALS = ("kills", "changes", "damages", "limits")


def main() -> int:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials", description=__doc__)
    parser.add_argument("trial", choices=_TRIALS)
    parser.add_argument("--count", type=int, default=None, help="how many cases")
    parser.add_argument("--seed", type=int, default=0, help="begins the random choices")
    parser.add_argument("--only", default="", help="only cases whose name holds this")
    given = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as in tests
    trial = importlib.import_module(f"tests.trials.{given.trial}")
    wrong: list[str] = trial.run(given.count or trial.COUNT, given.seed, given.only)
    for line in wrong:
        sys.stdout.write(f"WRONG {line}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
