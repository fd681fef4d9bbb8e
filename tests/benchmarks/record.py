"""What was measured, kept in one JSON file: a run that was broken off goes on where it stopped."""

from __future__ import annotations

from pathlib import Path

import msgspec
from figures import Spread, spread


class Series(msgspec.Struct):
    """All runs of one contender.

    Attributes:
        text: bytes of text that it goes through; 0 where none is counted.
        wall, cpu: seconds of each run; cpu is empty where the system does not tell.
        peak: most memory of its processes together, bytes.
        absent: why it was not run; ours: whether it is logaudit.
        printed: lines that came out, where they were counted; lines: how many there are.
    """

    title: str
    text: int = 0
    wall: list[float] = []
    cpu: list[float] = []
    peak: int | None = None
    absent: str = ""
    ours: bool = False
    printed: int | None = None
    lines: int = 0

    @property
    def time(self) -> Spread | None:
        """Seconds by the wall clock."""
        return spread(self.wall)

    @property
    def work(self) -> Spread | None:
        """Seconds of processor time."""
        return spread(self.cpu)


class Comparison(msgspec.Struct):
    """Contenders that were run in turns.

    Attributes:
        about: what they were run on, in words.
        state: which program and which options; results of another state are of no use to it.
        day: when the last run was, ISO; command: what was called, without the folders of the machine.
    """

    about: str
    state: str
    day: str = ""
    command: str = ""
    series: dict[str, Series] = {}

    def time(self, contender: str) -> Spread | None:
        """Seconds of a contender, where it was run."""
        return self.series[contender].time if contender in self.series else None


class Results(msgspec.Struct):
    """Everything that one machine measured."""

    machine: str = ""
    software: str = ""
    comparisons: dict[str, Comparison] = {}


def load(file: Path) -> Results:
    """What the file holds; nothing where there is none."""
    return msgspec.json.decode(file.read_bytes(), type=Results) if file.exists() else Results()


def save(file: Path, results: Results) -> None:
    """Replaces the file at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(results), indent=1)
    partial = file.with_name(f"{file.name}.part")
    partial.write_bytes(text + b"\n")
    partial.replace(file)
