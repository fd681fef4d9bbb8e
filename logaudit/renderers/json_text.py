"""Writes JSON that any terminal may show: control, bidi and other unprintable characters are escaped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final

import msgspec

from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.rows import Rows, batches
from logaudit.core.text import is_shown

#: Items of a list that are plain data at one time: as such they take several times the memory of their text.
_BATCH: Final = 64


def dumps_parts(content: Mapping[str, object], data_of: Callable[[str, object], Data]) -> str:
    """As `dumps` of an object, a few items of its lists at a time.

    Args:
        content: may hold tuples, and objects of tuples, of what is no plain data yet.
        data_of: makes it plain, told the key in ``content`` under which it stands.
    """
    # One picture makes a text take four bytes a letter: in UTF-8 the pieces wait in a quarter of that.
    text = bytearray()
    for piece in _object(content, data_of, ""):
        text += piece.encode()
    text += b"\n"
    return text.decode()


def _object(
    content: Mapping[str, object], data_of: Callable[[str, object], Data], indent: str
) -> Iterator[str]:
    opening = "{"
    for key, value in content.items():
        yield f"{opening}\n{indent}  {_text(key, '')}: "
        plain = partial(data_of, key)
        match value:
            case dict():
                yield from _object(value, partial(_under, key, data_of), indent + "  ")
            case tuple() | Rows():
                yield from _list(value, plain, indent + "  ")
            case _:
                yield _text(plain(value), indent + "  ")
        opening = ","
    yield "{}" if opening == "{" else f"\n{indent}}}"


def _under(key: str, data_of: Callable[[str, object], Data], _: str, value: object) -> Data:
    """Of an object within another the outermost key says how it is written."""
    return data_of(key, value)


def _list(values: Iterable[object], data_of: Callable[[object], Data], indent: str) -> Iterator[str]:
    opening = "["
    for batch in batches(values, _BATCH):
        text = _text(data_of(batch), indent)
        yield opening + text[1:].removesuffix(f"\n{indent}]")
        opening = ","
    yield "[]" if opening == "[" else f"\n{indent}]"


def _text(value: Data, indent: str) -> str:
    """A value with everything behind its first line indented."""
    return escape_unprintable(_indented(value)).replace("\n", f"\n{indent}")


def dumps(value: Data) -> str:
    r"""``value`` as JSON text: keys in the order given, two spaces a level, a newline at the end.

    Letters of every alphabet stay readable; what cannot be seen becomes ``\uXXXX``, as a
    surrogate pair above U+FFFF, so a parser reads the same text back.
    """
    return escape_unprintable(_indented(value)) + "\n"


def _indented(value: Data) -> str:
    try:
        # Several times as fast as the standard library, with the same text; it refuses surrogates.
        return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)


def escape_unprintable(text: str) -> str:
    """JSON text with what is not printable escaped; newlines, by now the layout's own, stay."""
    for char in sorted(set(text)):
        if not is_shown(char) and char != "\n":
            text = text.replace(char, json.dumps(char)[1:-1])
    return text


def null_if_empty(text: str) -> str | None:
    """``text``, or None where the empty string stands for something that is not known."""
    return text or None


def location(place: Location | None) -> Data:
    """A cited place as an object, None for none."""
    if place is None:
        return None
    return {
        "path": place.path,
        "member": null_if_empty(place.member),
        "line": place.line or None,
        "role": place.role.value,
        "text": place.text,
        **({"table": place.table, "row": place.row} if place.row else {}),
    }
