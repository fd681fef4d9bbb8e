"""Reads another table of the bot's only far enough to say whether, and when, it was alive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from logaudit.core.location import Address, Location, Role
from logaudit.core.message import Code, Message, msg
from logaudit.core.text import quote
from logaudit.core.timestamp import us_of_day
from logaudit.ledger.column_names import COMMON_NAMES
from logaudit.ledger.columns import DELIMITERS, key, split
from logaudit.ledger.feed import MAX_SPAN
from logaudit.ledger.gap_stats import GapStats
from logaudit.ledger.reject import RejectedRow, RejectReason, broken_off, too_short
from logaudit.ledger.table import Health, HealthStatus
from logaudit.ledger.ticks import Ticks
from logaudit.ledger.time_columns import shape_of
from logaudit.profiles.profile import HealthFile
from logaudit.sources import clean, line_chunks, lines, name_date, name_stamp

_BOM: Final = b"\xef\xbb\xbf"
_QUOTE: Final = b'"'
#: What `clean` may take out of a line.
_NOISE: Final = (b"\0", b"\x1b")


def read_health(
    blocks: Iterable[bytes],
    address: Address,
    spec: HealthFile | None,
    *,
    ended: Callable[[], bool] | None = None,
) -> Health:
    """Reads a live table once, front to back: rows that begin with times written alike at once, others one by one.

    Args:
        blocks: its UTF-8 text.
        address: where it lies; the date or moment in its name dates times of day.
        spec: title and time column, when the profile knows the file; else the first column that is named
            like a time.
        ended: asked once after the last line, whether a line end follows it.

    Lines with more cells than the header has are rows all the same: a free text with delimiters in it does
    not make a recorder less alive. Never raises for content.
    """
    reader = HealthReader(address, spec)
    number = 1
    for start, stretch in line_chunks(blocks):
        if not reader.stretch(stretch, number, start):
            reader.run(((start + at, clean(line)) for at, line in lines([stretch])), number)
        number += stretch.count(b"\n")
    reader.end()
    return reader.health(spec, ended)


class HealthReader:
    """The state of one reading; its `run` alone reads as `read_health` does, line by line."""

    def __init__(self, address: Address, spec: HealthFile | None) -> None:
        self._address = address
        self._name = PurePosixPath(address.member or address.path).name
        self._wanted = key(spec.time_column) if spec else ""
        self._ticks = Ticks(_parse_time(self._name))
        self._gap_stats = GapStats()
        self._rows = 0
        self._malformed: list[RejectedRow] = []
        self._has_header = False
        self._header = b""
        self._delimiter = b","
        self._column = 0
        self._width = 2
        self._open: tuple[int, int, bytes] | None = None
        self._swallowed: list[tuple[int, int, bytes]] = []
        self._last = 0

    def stretch(self, stretch: bytes, number: int, start: int) -> bool:
        """Reads whole lines at once; False, and nothing is read, where they must be looked at one by one.

        ``number`` and ``start`` are the number and offset of the first of them.
        """
        plain = self._has_header and self._open is None and not any(noise in stretch for noise in _NOISE)
        if not plain or self._column:
            return False
        delimiter = self._delimiter
        rows = stretch.removesuffix(b"\n").split(b"\n")
        shape = shape_of(rows[0], delimiter)
        if shape is None or (heads := shape.heads(rows)) is None:
            return False
        if min([row.count(delimiter) for row in rows]) < self._width - 1:
            return False
        if _QUOTE in stretch and any(row.count(_QUOTE) % 2 for row in rows):
            return False
        times = self._ticks.read_all(heads, shape)
        if times is None:
            return False

        def places() -> list[tuple[int, int, bytes]]:
            return [(n, start + at, line) for n, (at, line) in enumerate(lines([stretch]), number)]

        self._gap_stats.rows(times, places)
        self._rows += len(rows)
        self._last = number + len(rows) - 1
        return True

    def run(self, numbered: Iterable[tuple[int, bytes]], first: int = 1) -> None:
        """Reads lines one by one; the first of them has the number ``first``."""
        row = self._row
        for number, (offset, given) in enumerate(numbered, first):
            raw = (given.replace(b"\0", b"") if b"\0" in given else given).removeprefix(_BOM)
            if not raw or raw.isspace():
                continue
            self._last = number
            if not self._has_header and self._reads_header(number, offset, raw):
                continue
            if self._open is not None:
                if self._continues(number, offset, raw):
                    continue
            elif raw == self._header:
                continue  # a restart repeats it
            row(number, offset, raw)

    def end(self) -> None:
        """To be called once behind the last line."""
        self._give_up_quote()

    def _reads_header(self, number: int, offset: int, raw: bytes) -> bool:
        """Learns the layout from the first line that has cells; False when that line is already a row."""
        text = raw.decode("utf-8", "backslashreplace").strip()
        delimiter = max(DELIMITERS, key=text.count)
        if delimiter not in text:
            self._reject(
                number, offset, raw, RejectReason.NO_HEADER, msg("no header, and nothing to tell columns by")
            )
            return True
        cells = [key(cell) for cell in split(text, delimiter) or text.split(delimiter)]
        named = [self._wanted, *COMMON_NAMES["closed"]]
        self._has_header = True
        self._delimiter = delimiter.encode()
        self._column = next((cells.index(name) for name in named if name and name in cells), 0)
        self._width = len(cells)
        if self._ticks.peek(self._cell(raw) or b"") is not None:
            return False
        self._header = raw
        return True

    def _row(self, number: int, offset: int, raw: bytes) -> None:
        quoted = b'"' in raw and raw.count(b'"') % 2 == 1
        if not quoted and raw.count(self._delimiter) < self._width - 1:
            columns = raw.count(self._delimiter) + 1
            self._reject(number, offset, raw, RejectReason.SHORT, too_short(columns, self._width))
            return
        cell = self._cell(raw)
        us = None if cell is None else self._ticks.read(cell)
        if us is None:
            shown = quote((cell or b"").decode("utf-8", "backslashreplace"), 80)
            reason = RejectReason.BAD_TIME if shown.strip() else RejectReason.NO_TIME
            self._reject(number, offset, raw, reason, msg("{text} is no time", text=Code(repr(shown))))
            return
        self._rows += 1
        self._gap_stats.row(us, number, offset, raw)
        if quoted:
            self._open = (number, offset, raw)

    def _cell(self, raw: bytes) -> bytes | None:
        """The time cell, None when the line has none."""
        if self._column == 0:
            head, found, _ = raw.partition(self._delimiter)
            return head.strip().strip(b'"') if found else None
        text = raw.decode("utf-8", "backslashreplace")
        cells = split(text, self._delimiter.decode()) or text.split(self._delimiter.decode())
        return cells[self._column].strip().encode() if len(cells) > self._column else None

    def _continues(self, number: int, offset: int, raw: bytes) -> bool:
        """Whether the line goes on with a quoted cell; a line that is a row by itself ends the doubt."""
        odd = raw.count(b'"') % 2 == 1
        cell = self._cell(raw)
        whole = raw.count(self._delimiter) >= self._width - 1 and cell is not None
        row = not odd and whole and self._ticks.peek(cell or b"") is not None
        if row or len(self._swallowed) >= MAX_SPAN:
            self._give_up_quote()
            return False
        self._swallowed.append((number, offset, raw))
        if odd:
            self._open = None
            self._swallowed.clear()
        return True

    def _give_up_quote(self) -> None:
        """The open quote was a stray one: its line and those it swallowed are damaged."""
        if self._open is None:
            return
        self._rows -= 1
        self._reject(*self._open, RejectReason.UNCLOSED_QUOTE, msg("a quote is opened and not closed"))
        for line in self._swallowed:
            self._reject(*line, RejectReason.BAD_TIME, msg("no row, and no part of one"))
        self._open = None
        self._swallowed.clear()

    def _reject(self, number: int, offset: int, raw: bytes, reason: RejectReason, detail: Message) -> None:
        self._malformed.append(RejectedRow(self._at(number, offset, raw), reason, detail))

    def _at(self, number: int, offset: int, raw: bytes) -> Location:
        text = quote(raw.decode("utf-8", "backslashreplace").rstrip("\r\n"))
        return Location(self._address.path, self._address.member, number, Role.LOG, text, offset)

    def health(self, spec: HealthFile | None, ended: Callable[[], bool] | None) -> Health:
        """What was read; to be asked for once, after `run`."""
        if ended is None or not ended():
            self._mark_torn()
        return Health(
            address=self._address,
            title=spec.title if spec else self._name,
            rows=self._rows,
            malformed=tuple(self._malformed),
            first=self._ticks.first,
            last=self._ticks.last,
            status=self._status(),
            midnights=self._ticks.midnights,
            silences=self._gap_stats.silences(self._at, self._ticks.stamp),
            header=quote(self._header.decode("utf-8", "backslashreplace")),
        )

    def _mark_torn(self) -> None:
        last = self._malformed[-1] if self._malformed else None
        if last is None or last.location.line != self._last or last.reason is not RejectReason.SHORT:
            return
        self._malformed[-1] = replace(last, reason=RejectReason.TORN, detail=broken_off(last.detail))

    def _status(self) -> HealthStatus:
        if not self._last:
            return HealthStatus.EMPTY
        if len(self._malformed) > self._rows:
            return HealthStatus.MALFORMED
        return HealthStatus.ALIVE if self._rows else HealthStatus.HEADER_ONLY


def _parse_time(name: str) -> int | None:
    """The moment in a file's name, else the midnight of its date, naive µs."""
    stamp = name_stamp(name)
    day = None if stamp is not None else name_date(name)
    return stamp if day is None else us_of_day(day)
