"""JSON: a list of objects, an object that holds such lists, or one object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from logaudit.core.message import Text, msg
from logaudit.ledger.readers.table_reader import Row, SourceTable, cell_text

_STARTS: Final = (b"[", b"{")
_NAMES: Final = (".json", ".jsonl", ".ndjson", ".jsonlines")


class JsonReader:
    """Lists of objects; numbers keep the digits that were printed."""

    def matches(self, head: bytes, name: str) -> bool:
        """By name and first byte: a log of JSON lines is called otherwise."""
        begins = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return begins in _STARTS and name.lower().removesuffix(".gz").endswith(_NAMES)

    def read(self, file: Path) -> Iterator[SourceTable]:
        """The lists of a document, or the lines as one."""
        text = file.read_text(encoding="utf-8-sig", errors="backslashreplace")
        try:
            document = _loads(text)
        except ValueError:
            yield _of_lines(text)
            return
        lists: Mapping[str, Any] = document if isinstance(document, dict) else {"": document}
        for name, items in lists.items():
            if isinstance(items, list) and items and all(isinstance(item, dict) for item in items):
                yield _table(name, [(item, 0, i) for i, item in enumerate(items, 1)])
        if isinstance(document, dict) and not any(isinstance(v, list) for v in document.values()):
            yield _table("", [(document, 1, 0)])


def _loads(text: str) -> object:
    import json  # noqa: PLC0415 - few scans meet such tables

    try:
        found: object = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError as error:
        raise ValueError(msg("it is nested too deeply")) from error
    return found


def _of_lines(text: str) -> SourceTable:
    """Raises ValueError where no line is an object; a last line that is cut is left out and said."""
    items: list[tuple[dict[str, Any], int, int]] = []
    broken = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            item = _loads(line)
        except ValueError:
            item = None
        if isinstance(item, dict):
            items.append((item, number, 0))
        else:
            broken += 1
    if not items:
        raise ValueError(msg("it is no JSON that can be read"))
    made = _table("", items)
    trouble = msg("{lines} lines of it are no objects", lines=Text(str(broken))) if broken else None
    return SourceTable(made.name, made.columns, made.rows, trouble)


def _table(name: str, items: Sequence[tuple[Mapping[str, Any], int, int]]) -> SourceTable:
    columns = tuple(dict.fromkeys(key for item, _, _ in items for key in item))
    rows = tuple(
        Row(tuple(cell_text(item.get(column)) for column in columns), line, number)
        for item, line, number in items
    )
    return SourceTable(name, columns, rows)
