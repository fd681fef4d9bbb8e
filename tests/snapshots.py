"""Compares text with a file in tests/snapshots; ``UPDATE_SNAPSHOTS=1`` writes it instead."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def same_as_snapshot(name: str, text: str) -> None:
    """Fails where the text is not what the file holds, byte for byte."""
    path = FOLDER / name
    data = text.encode("utf-8")
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert path.is_file(), "no snapshot: set UPDATE_SNAPSHOTS=1, and read what it wrote"
    assert path.read_bytes() == data
