"""Runs a command and says what it took: time in one run, memory in another, since looking at memory costs time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

#: Seconds between two looks at the memory of a process tree.
STEP: Final = 0.02


class FailedError(Exception):
    """A command that was to be measured failed; the message says how."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the wall clock, and of processor time of all processes together where the system tells."""

    wall: float
    cpu: float | None


def timed(command: Sequence[str], env: Mapping[str, str], where: Path, good: Sequence[int] = (0,)) -> Took:
    """How long a command takes in a folder, from its start to its end; its output is thrown away.

    Raises:
        FailedError: it ended with another exit code than a good one.
    """
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=dict(env),
            cwd=where,
        )
        cpu: float | None = None
        if sys.platform == "win32":
            code = process.wait()
        else:
            _, status, usage = os.wait4(process.pid, 0)
            code = process.returncode = os.waitstatus_to_exitcode(status)
            cpu = usage.ru_utime + usage.ru_stime
        wall = time.perf_counter() - start
        if code not in good:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip()[-500:]
            raise FailedError(f"{command[0]} ended with {code}: {said}")
    return Took(wall, cpu)


def printed(command: Sequence[str], env: Mapping[str, str], where: Path) -> int:
    """How many lines a command prints."""
    with _started(command, env, where, subprocess.PIPE) as process:
        assert process.stdout is not None
        return sum(block.count(b"\n") for block in iter(partial(process.stdout.read, 1 << 20), b""))


def peak(command: Sequence[str], env: Mapping[str, str], where: Path) -> int | None:
    """The most memory that a command and all its children held at one moment, bytes; nothing off Linux.

    Sums the proportional set sizes (PSS: shared pages are divided among those that share them) of all processes of
    the command's session, looked at fifty times a second.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    most = 0
    with _started(command, env, where, subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, sum(map(_held, _session(process.pid))))
            time.sleep(STEP)
    return most


def _started(
    command: Sequence[str], env: Mapping[str, str], where: Path, out: int
) -> subprocess.Popen[bytes]:
    """A command in a session of its own, which says nothing but what goes to ``out``."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.DEVNULL,
        env=dict(env),
        cwd=where,
        start_new_session=True,
    )


def _session(leader: int) -> Iterator[str]:
    """The processes of a session: whoever lost its parent is still in it."""
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with suppress(OSError, ValueError):
                fields = Path(entry.path, "stat").read_text(encoding="utf-8", errors="replace")
                # The name, in brackets, may hold spaces; the session is the fourth field behind it.
                if int(fields.rpartition(")")[2].split()[3]) == leader:
                    yield entry.name


def _held(process: str) -> int:
    with suppress(OSError):
        for line in Path("/proc", process, "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
