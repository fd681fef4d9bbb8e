"""Measures how often logaudit is right about simulated sessions whose truth is known.

    python tests/benchmarks/accuracy.py --cases 1000 --seed 1            # prints the report
    python tests/benchmarks/accuracy.py --cases 200 --only 3             # cases with a fault of kind 3
    python tests/benchmarks/accuracy.py --cases 50 --only "retry loop"   # cases with this fault
    python tests/benchmarks/accuracy.py --case 17 --keep /tmp/cases      # one case; its files stay
    python tests/benchmarks/accuracy.py --cases 1000 --write             # puts the report into docs/accuracy.md
    python tests/benchmarks/accuracy.py --unknown --cases 240            # bots whose words must be learned

A case is drawn from the seed and its number alone, so a number names the same case as long as the simulator is the
same; --only draws other cases than a run without it.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from simulator.report import page  # noqa: E402 - found by the line above
from simulator.run import chosen, scores  # noqa: E402 - the path is set above
from simulator.score import Score  # noqa: E402 - the path is set above
from simulator.unknown import run as unknown  # noqa: E402 - the path is set above
from tables import insert  # noqa: E402 - the path is set above

BEGIN = "<!-- written by tests/benchmarks/accuracy.py: begin -->"
END = "<!-- written by tests/benchmarks/accuracy.py: end -->"
UNKNOWN_BEGIN = "<!-- written by tests/benchmarks/accuracy.py --unknown: begin -->"
UNKNOWN_END = "<!-- written by tests/benchmarks/accuracy.py --unknown: end -->"
DOCUMENT = HERE.parents[1] / "docs" / "accuracy.md"


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command was called with."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=200, help="how many cases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="worker processes")
    parser.add_argument(
        "--only", action="append", default=[], help="a fault's name or part of it, or a kind's number"
    )
    parser.add_argument("--case", type=int, help="one case, told in full")
    parser.add_argument("--keep", type=Path, help="folder in which the cases stay, with their truth")
    parser.add_argument("--worst", type=int, default=1, help="failing cases listed per fault")
    parser.add_argument(
        "--unknown", action="store_true", help="bots that no profile knows, whose close lines must be learned"
    )
    parser.add_argument("--list", action="store_true", help="lists the faults and conventions")
    parser.add_argument("--write", action="store_true", help="writes the report into docs/accuracy.md")
    return parser.parse_args(words)


def main() -> None:
    """Runs the cases and prints what came out."""
    given = arguments()
    if given.list:
        for fault in chosen([str(kind) for kind in range(1, 18)]):
            sys.stdout.write(f"{fault.kind:>2}  {fault.name}\n")
        return
    if given.unknown:
        _unknown(given)
        return
    only = "".join(f" --only {shlex.quote(word)}" for word in given.only)
    command = f"python tests/benchmarks/accuracy.py --seed {given.seed}{only}"
    indexes = [given.case] if given.case is not None else range(given.cases)
    begun, found = time.monotonic(), list[Score]()
    for score in scores(given.seed, indexes, given.only, given.keep, given.jobs):
        found.append(score)
        if len(found) % 100 == 0:
            sys.stderr.write(f"{len(found)} cases, {time.monotonic() - begun:.0f} s\n")
    if given.case is not None:
        _tell(found[0])
        return
    text = f"`{command} --cases {given.cases}`: {len(found):,} cases.\n\n" + page(
        found, worst=given.worst, command=command
    )
    _put(text, BEGIN, END, write=given.write)


def _unknown(given: argparse.Namespace) -> None:
    """As `main`, for bots that no profile knows."""
    command = f"python tests/benchmarks/accuracy.py --unknown --seed {given.seed}"
    indexes = [given.case] if given.case is not None else range(given.cases)
    found = list(unknown.outcomes(given.seed, indexes, given.keep, given.jobs))
    if given.case is not None:
        one = found[0]
        sys.stdout.write(
            f"case {one.index}: {one.outcome}, {', '.join(one.traits)}\n" + "\n".join(one.why) + "\n"
        )
        return
    _put(unknown.page(found, command), UNKNOWN_BEGIN, UNKNOWN_END, write=given.write)


def _put(text: str, begin: str, end: str, *, write: bool) -> None:
    """Prints a report, and puts it into the document where that is asked for."""
    sys.stdout.write(text)
    if write:
        document = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(insert(document, text, begin, end), encoding="utf-8", newline="\n")


def _tell(score: Score) -> None:
    words = [f"case {score.index}: {', '.join(score.faults) or 'no fault'}", *(score.wrong or ["right"])]
    sys.stdout.write("\n".join(words) + "\n")


if __name__ == "__main__":
    main()
