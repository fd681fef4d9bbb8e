"""Six kinds of ledger that bots keep, made of the same rows."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

Cells = dict[str, str]


def _csv(rows: Sequence[Cells]) -> bytes:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def _european(rows: Sequence[Cells]) -> bytes:
    """Semicolons, and commas in numbers."""
    lines = [";".join(rows[0])]
    lines += [";".join(v.replace(".", ",") if _is_number(v) else v for v in row.values()) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode()


def _headerless(rows: Sequence[Cells]) -> bytes:
    return ("\n".join(",".join(row.values()) for row in rows) + "\n").encode()


def _json(rows: Sequence[Cells]) -> bytes:
    return json.dumps([_values(row) for row in rows], indent=1, ensure_ascii=False).encode()


def _json_lines(rows: Sequence[Cells]) -> bytes:
    return "".join(json.dumps(_values(row), ensure_ascii=False) + "\n" for row in rows).encode()


def _sqlite(rows: Sequence[Cells]) -> bytes:
    names = list(rows[0])
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "trades.db"
        base = sqlite3.connect(path)
        base.execute(f"CREATE TABLE trades (id INTEGER PRIMARY KEY, {', '.join(f'{n} TEXT' for n in names)})")
        marks = ", ".join("?" * len(names))
        base.executemany(
            f"INSERT INTO trades ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 - names of this file
            [tuple(_values(row).values()) for row in rows],
        )
        base.commit()
        base.close()
        return path.read_bytes()


def _values(row: Cells) -> dict[str, str | float]:
    return {name: float(value) if _is_number(value) else value for name, value in row.items()}


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()


#: Kind → name of the file, how it is made, and the number of its first row.
KINDS: Final[dict[str, tuple[str, Callable[[Sequence[Cells]], bytes], int]]] = {
    "csv": ("trades.csv", _csv, 2),
    "csv with commas in numbers": ("trades.csv", _european, 2),
    "json": ("trades.json", _json, 1),
    "json lines": ("trades.jsonl", _json_lines, 1),
    "sqlite": ("trades.db", _sqlite, 1),
    "csv without a header": ("trades.csv", _headerless, 1),
}
