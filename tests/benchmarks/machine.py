"""What the measurements were made on: never a host's name or a folder."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

#: How each tool says its version.
TOOLS: Final = {"unzip": ("unzip", "-v"), "ripgrep": ("rg", "--version"), "lnav": ("lnav", "-V")}
LIBRARIES: Final = ("polars", "pyarrow", "numpy", "isal")


def machine() -> str:
    """Processor, cores, memory, system and Python in one line; results of another machine do not mix with it."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count()
    return "; ".join(
        [
            f"{_processor()}, {cores} cores",
            f"{_memory() / 2**30:.0f} GB RAM" if _memory() else "RAM unknown",
            _system(),
            f"Python {platform.python_version()}",
        ]
    )


def software() -> str:
    """Versions of the peers and of the libraries that matter."""
    found = [f"{name} {_said(*command)}" for name, command in TOOLS.items() if shutil.which(command[0])]
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8", errors="replace")
    found = re.search(r"\d+\.\d+[.\d]*", done.stdout + done.stderr)
    return found[0].rstrip(".") if found else "of unknown version"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        found = re.search(r"^model name\s*: (.+)$", info.read_text(encoding="utf-8"), re.MULTILINE)
        if found:
            return found[1].strip()
    return platform.processor() or platform.machine()


def _memory() -> int:
    names = ("SC_PHYS_PAGES", "SC_PAGE_SIZE")
    if sys.platform == "win32" or not all(name in os.sysconf_names for name in names):
        return 0
    return os.sysconf(names[0]) * os.sysconf(names[1])


def _system() -> str:
    if sys.platform == "linux":
        return f"{platform.freedesktop_os_release().get('PRETTY_NAME', 'Linux')}, {platform.machine()}"
    return f"{platform.system()} {platform.release()}, {platform.machine()}"
