"""Keeps the table of the literals that the built-in profiles' regexes imply: ``python tools/literals.py [--check]``.

Deriving them takes a tenth of a small scan. ``--check`` exits 1 when the table is not what the profiles give.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from logaudit.profiles import BUILT_IN, load_built_in  # noqa: E402 - found by the line above
from logaudit.profiles.literals import TABLE, regex_key, required_literals  # noqa: E402 - as above


def table() -> bytes:
    """The table as it is to be written."""
    profiles = [load_built_in(name) for name in BUILT_IN]
    regexes = {pattern.written for profile in profiles for pattern in profile.patterns}
    regexes |= {marker.pattern for profile in profiles for marker in profile.markers}
    found = {regex_key(regex): required_literals(regex) for regex in sorted(regexes)}
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def main() -> int:
    """Writes the table, or says whether it is current."""
    made = table()
    if "--check" not in sys.argv:
        TABLE.write_bytes(made)
        return 0
    if TABLE.is_file() and TABLE.read_bytes().replace(b"\r\n", b"\n") == made:
        return 0
    sys.stderr.write(f"{TABLE.name} is not what the profiles give: run python tools/literals.py\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
