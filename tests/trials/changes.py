"""Changes single bytes of a bundle, at random: `logaudit verify` finds each."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

COUNT = 200
_LOGS = Path(__file__).resolve().parents[2] / "fixtures" / "seed-incident" / "logs"


def run(count: int, seed: int, only: str) -> list[str]:
    """The changes that were not found; ``only`` chooses nothing here."""
    del only
    rng = random.Random(seed)  # noqa: S311 - no secret is made of it
    with tempfile.TemporaryDirectory() as folder:
        whole, changed = Path(folder, "night.logaudit.zip"), Path(folder, "changed.logaudit.zip")
        _logaudit("bundle", str(_LOGS), "-q", "-o", str(whole))
        data = whole.read_bytes()
        if _logaudit("verify", str(whole)) != 0:
            return ["the bundle as it was written is not believed"]
        wrong = []
        for number in range(count):
            at, change = rng.randrange(len(data)), rng.randrange(1, 256)
            changed.write_bytes(data[:at] + bytes([data[at] ^ change]) + data[at + 1 :])
            if (code := _logaudit("verify", str(changed))) != 1:
                wrong.append(f"change {number} (--seed {seed}): byte {at} xor {change} ends in {code}")
    sys.stdout.write(f"{count} changes of {len(data):,} bytes: {count - len(wrong)} found\n")
    return wrong


def _logaudit(*words: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "logaudit", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    ).returncode
