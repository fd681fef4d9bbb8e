"""Tries an installed logaudit out: it finds the trades that a fixture lost, and its compiled loops are there or not.

``python tools/check_install.py fixtures/seed-incident/logs [--without-compiled]``, for wheels that were just built.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

import logaudit

_NATIVE = "logaudit.ingest.vectorized._native"


def main(logs: str, *options: str) -> int:
    """0 where all is as it should be; 1 after saying what is not."""
    compiled = find_spec(_NATIVE) is not None
    if compiled == ("--without-compiled" in options):
        sys.stdout.write(f"compiled loops: {compiled}, which is not what was asked for\n")
        return 1
    report = logaudit.scan(logs)
    found = {finding.rule for finding in report.findings}
    if "LA101" not in found:
        sys.stdout.write(f"the lost trades of {logs} were not found: {sorted(found)}\n")
        return 1
    sys.stdout.write(f"logaudit finds {report.summary.missing} lost trades; compiled loops: {compiled}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
