"""Kills commands (SIGKILL) at random moments: no output is half-written, nothing is left, the next scan is equal."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

COUNT = 200
_LOGS = Path(__file__).resolve().parents[2] / "fixtures" / "seed-incident" / "logs"
#: The commands, by turns; ``OUT`` stands for a folder of their own.
_COMMANDS = (
    ("scan", "logs", "-q", "--output", "json=OUT/scan.json"),
    ("report", "logs", "-q", "-o", "OUT/report.html"),
    ("bundle", "logs", "-q", "-o", "OUT/night.logaudit.zip"),
    ("restore", "logs", "-q", "-o", "OUT/patches"),
    ("extract", "logs", "-q", "-o", "OUT/shard.arrow"),
)


def run(count: int, seed: int, only: str) -> list[str]:
    """What went wrong; prints how many commands were killed and where they stood."""
    rng = random.Random(seed)  # noqa: S311 - no secret is made of it
    commands = [words for words in _COMMANDS if only in words[0]]
    with tempfile.TemporaryDirectory() as folder:
        night = _Night(Path(folder))
        full = {words: night.whole(words) for words in commands}
        wrong = [
            f"kill {number} (--seed {seed}) of {words[0]} after {after:.3f} s, jobs {jobs}: {why}"
            for number in range(count)
            for words in [commands[number % len(commands)]]
            # Half of them fall into the end, where outputs and the cache are written.
            for after in [rng.uniform(rng.choice((0, 0.7)), 1.05) * full[words][0]]
            for jobs in [rng.choice(("1", "2"))]
            for why in night.killed(words, after, jobs, full[words][1])
        ]
        told = ", ".join(f"{number} {what}" for what, number in sorted(night.states.items()))
        sys.stdout.write(f"{count} kills: {told}; {len(wrong)} wrong\n")
    return wrong


class _Night:
    """A folder with evidence, a cache and outputs."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._out = root / "out"
        self._out.mkdir()
        shutil.copytree(_LOGS, root / "logs")
        for path in (root / "logs").rglob("*"):
            os.utime(path, (1, 1))  # long settled: the cache trusts them
        self._evidence = _contents(root / "logs")
        self._scan = self._report()
        self.states: Counter[str] = Counter()

    def whole(self, words: tuple[str, ...]) -> tuple[float, dict[str, str]]:
        """Seconds that a command takes without a cache, and what it writes."""
        self._fresh()
        begin = time.monotonic()
        self._start(words, "1").wait()
        return time.monotonic() - begin, _contents(self._out)

    def killed(self, words: tuple[str, ...], after: float, jobs: str, full: dict[str, str]) -> list[str]:
        """What is wrong after a kill."""
        self._fresh(keep_cache=self.states.total() % 2 == 1)
        process = self._start(words, jobs)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        killed = process.wait() == -signal.SIGKILL
        wrong = [] if self._gone(process.pid) else ["processes of it are still there"]
        left = _contents(self._out)
        self.states["killed" if killed else "ended before"] += 1
        self.states[
            "with its output" if left == full else "without it" if not left else "with a part of it"
        ] += 1
        if strange := {name for name, digest in left.items() if full.get(name) != digest}:
            wrong.append(f"half-written or left behind: {sorted(strange)}")
        if _contents(self._root / "logs") != self._evidence:
            wrong.append("the evidence is not as it was")
        if self._report() != self._scan:
            wrong.append("the next scan says something else")
        return wrong

    def _fresh(self, *, keep_cache: bool = False) -> None:
        shutil.rmtree(self._out)
        self._out.mkdir()
        if not keep_cache:
            shutil.rmtree(self._root / "cache", ignore_errors=True)

    def _start(self, words: tuple[str, ...], jobs: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "logaudit", *(word.replace("OUT", str(self._out)) for word in words)],
            cwd=self._root,
            env=self._environment(jobs),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _report(self) -> bytes:
        words = [sys.executable, "-m", "logaudit", "scan", "logs", "-q", "--output-format", "json"]
        return subprocess.run(
            words, cwd=self._root, env=self._environment("1"), stdout=subprocess.PIPE, check=False
        ).stdout

    def _environment(self, jobs: str) -> dict[str, str]:
        return {**os.environ, "LOGAUDIT_JOBS": jobs, "LOGAUDIT_CACHE_DIR": str(self._root / "cache")}

    def _gone(self, group: int) -> bool:
        """Whether the command's own processes end after it."""
        for _ in range(100):
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.1)
        os.killpg(group, signal.SIGKILL)
        return False


def _contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
