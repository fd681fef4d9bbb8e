"""JSON: a list of objects, an object that holds such lists, or objects or tables of them by keys, or one object a line.

Objects are cut apart before they are read, so that of a large document only the rows that are kept are taken to pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec
from msgspec.structs import replace

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.message import Message, Size, Text, msg
from logaudit.ledger.readers.table_reader import (
    LatestTimes,
    Row,
    SourceTable,
    TooLargeTableError,
    cell_text,
    kept,
    left_out,
    most_rows,
    others,
)

#: A value of a document: cut out, or taken to pieces.
_Item: TypeAlias = msgspec.Raw | dict[str, Any]
_STARTS: Final = (b"[", b"{")
_NAMES: Final = (".json", ".jsonl", ".ndjson", ".jsonlines")
_BOM: Final = b"\xef\xbb\xbf"
#: A table keeps so many columns, and of few rows as many as make so many cells: objects may have keys of their own.
_FEW_COLUMNS: Final = 64
_CELLS: Final = 4_000_000
#: So many objects, and nothing else, under keys of their own are rows; fewer may be the parts of a setting.
_KEYED: Final = 3


class JsonReader:
    """Lists of objects; numbers keep the digits that were printed."""

    def matches(self, head: bytes, name: str) -> bool:
        """By name and first byte: a log of JSON lines is called otherwise."""
        begins = head.removeprefix(_BOM).lstrip()[:1]
        return begins in _STARTS and name.lower().removesuffix(".gz").endswith(_NAMES)

    def read(self, file: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[SourceTable]:
        """The lists of a document, or the lines as one."""
        data = file.read_bytes().removeprefix(_BOM)
        lists = _lists(data, limits.json_size)
        if lists is None:
            del data  # lines are read one by one: of a large file there is no room for all of them
            yield _of_lines(file, limits)
            return
        single = data.lstrip()[:1] == b"{" and [*lists] == [""] and len(lists[""]) == 1
        for name, items in lists.items():
            made = _of_list(name, items, limits.table_rows)
            if made is not None:
                yield replace(made, single=single)


def _lists(data: bytes, largest: int) -> dict[str, Sequence[_Item]] | None:
    """The lists of a document by their keys; an object without any holds its objects, or is a list of itself.

    None for no document, and for one that no quick reader takes, such as one with NaN, of more than ``largest`` bytes.
    """
    try:
        parts = msgspec.json.decode(data, type=list[msgspec.Raw] | dict[str, msgspec.Raw])
        if isinstance(parts, list):
            return {"": parts}
        held = {
            n: msgspec.json.decode(p, type=list[msgspec.Raw]) for n, p in parts.items() if _begins(p, b"[")
        }
        return _rows_of(held, parts) or {"": [msgspec.Raw(data)]}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None if len(data) > largest else _lists_slowly(data)


def _rows_of(held: Mapping[str, Sequence[_Item]], parts: Mapping[str, _Item]) -> dict[str, Sequence[_Item]]:
    """The lists of a document; of one without lists of objects its tables of rows by their keys, or its own rows."""
    if not any(_is_object(item) for items in held.values() for item in items[:1]):
        tables = {name: _of_keys(_parts_of(part)) for name, part in parts.items() if _is_object(part)}
        if tables and any(tables.values()) and all(rows or _is_blank(parts[n]) for n, rows in tables.items()):
            return {**tables}
    own = {} if held else {"": _of_keys(parts)}
    return {**held} or {name: rows for name, rows in own.items() if rows}


def _of_keys(parts: Mapping[str, _Item]) -> list[_Item]:
    """The objects of one that names each of them by a key, such as its id; none for any other object."""
    named = len(parts) >= _KEYED or all(key.isdigit() for key in parts)
    return [*parts.values()] if named and all(map(_is_object, parts.values())) else []


def _parts_of(item: _Item) -> Mapping[str, _Item]:
    return item if isinstance(item, dict) else msgspec.json.decode(item, type=dict[str, msgspec.Raw])


def _is_object(item: object) -> bool:
    return isinstance(item, dict) or _begins(item, b"{")


def _is_blank(item: _Item) -> bool:
    return not _parts_of(item)


def _lists_slowly(data: bytes) -> dict[str, Sequence[_Item]] | None:
    """As `_lists`, of what is no strict JSON: NaN, or bytes that are no UTF-8."""
    try:
        document = _loads(data.decode("utf-8", "backslashreplace"))
    except ValueError:
        return None
    if isinstance(document, list):
        return {"": document}
    if isinstance(document, dict):
        lists = {n: v for n, v in document.items() if isinstance(v, list)}
        return _rows_of(lists, document) or {"": [document]}
    return {}


def _of_list(name: str, items: Sequence[_Item], table_rows: int) -> SourceTable | None:
    """The table that a list of objects makes; None for a list of anything else."""
    width = len(_parts_of(items[0])) if items and _is_object(items[0]) else 0
    most = most_rows(width, table_rows)
    held = [(items[i], i + 1) for i in chain(*kept(len(items), most))]
    if not held or not all(_is_object(item) for item, _ in held):
        return None
    rows = [
        (item if isinstance(item, dict) else _loads(bytes(item).decode()), 0, place) for item, place in held
    ]
    rest = (_object_of(items[i]) for i in others(len(items), most))
    return _table(name, rows, rest, left_out(len(items), most), most)


def _object_of(item: _Item) -> Mapping[str, Any]:
    """A row that is not kept: nothing for what is no object."""
    if isinstance(item, dict):
        return item
    try:
        held = msgspec.json.decode(item)
    except msgspec.DecodeError:
        held = _loads(bytes(item).decode())
    return held if isinstance(held, dict) else {}


def _begins(raw: object, sign: bytes) -> bool:
    return isinstance(raw, msgspec.Raw) and bytes(memoryview(raw)[:64]).lstrip()[:1] == sign


def _loads(text: str) -> Any:  # noqa: ANN401 - what a document holds
    import json  # noqa: PLC0415 - few scans meet such tables

    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError as error:
        raise ValueError(msg("it is nested too deeply")) from error


def _of_lines(file: Path, limits: Limits) -> SourceTable:
    """Raises ValueError where no line is an object; a last line that is cut is left out and said."""
    count = sum(1 for _ in _lines_of(file))
    width = max((len(_object_of_line(line)) for line in islice(_lines_of(file), _KEYED)), default=0)
    most = most_rows(width, limits.table_rows)
    places = kept(count, most)
    items: list[tuple[dict[str, Any], int, int]] = []
    broken = last = 0
    for number, line in enumerate(_lines_of(file), 1):
        if not line.strip() or not any(number - 1 in place for place in places):
            continue
        try:
            item = _loads(line.decode("utf-8", "backslashreplace"))
        except ValueError:
            item = None
        if isinstance(item, dict):
            items.append((item, number, 0))
        else:
            broken, last = broken + 1, number
    if not items:
        raise _no_json(file.stat().st_size, limits)
    unread = others(count, most)
    rest = map(_object_of_line, islice(_lines_of(file), unread.start, unread.stop))
    table = _table("", items, rest, len(unread), most)
    if not broken:
        return table
    trouble = msg("{lines} lines of it are no objects", lines=Text(str(broken)))
    return replace(table, trouble=trouble, anywhere=broken > 1 or items[-1][1] > last)


def _no_json(size: int, limits: Limits) -> ValueError:
    if size <= limits.json_size:
        return ValueError(msg("it is no JSON that can be read"))
    detail = msg("it has more than {limit} and breaks the standard of JSON", limit=Size(limits.json_size))
    return TooLargeTableError(detail, "json_size")


def _lines_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as handle:
        for number, line in enumerate(handle):
            yield from (line if number else line.removeprefix(_BOM)).splitlines()


def _object_of_line(line: bytes) -> Mapping[str, Any]:
    if not line.strip():
        return {}
    try:
        return _object_of(msgspec.Raw(line))
    except ValueError:
        return {}


def _table(
    name: str,
    items: Sequence[tuple[Mapping[str, Any], int, int]],
    rest: Iterable[Mapping[str, Any]],
    unread: int,
    most: int,
) -> SourceTable:
    """``rest`` are the ``unread`` rows that are not kept; ``most`` as for `SourceTable`."""
    columns, trouble = _columns(items)
    rows = tuple(
        Row(tuple(cell_text(item.get(column)) for column in columns), line, number)
        for item, line, number in items
    )
    times = LatestTimes(row.cells for row in rows)
    for item in rest:
        for column in times.columns:
            times.add(column, (cell_text(item.get(columns[column])),))
    made = SourceTable(name, columns, rows, left_out=unread, most=most, latest=times.latest())
    return made if trouble is None else replace(made, trouble=trouble, anywhere=True)


def _columns(items: Sequence[tuple[Mapping[str, Any], int, int]]) -> tuple[tuple[str, ...], Message | None]:
    """The keys of all objects in the order of their first ones; of very many those that most objects have."""
    counts = Counter(key for item, _, _ in items for key in item)
    most = max(_FEW_COLUMNS, _CELLS // len(items))
    if len(counts) <= most:
        return tuple(counts), None
    often = {key for key, _ in counts.most_common(most)}
    return tuple(key for key in counts if key in often), msg("its rows have more than {n} columns", n=most)
