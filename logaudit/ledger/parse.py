"""A trades file → rows, with every line that is not a row accounted for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, assert_never

from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Address, Location, Role
from logaudit.core.message import Text, msg
from logaudit.core.text import quote
from logaudit.core.trades import AsideReason, EntryKind, LedgerEntry
from logaudit.ledger.columns import Header, read_header, split
from logaudit.ledger.entry_kind import SetAside, all_blank, is_comment, parted_by_words
from logaudit.ledger.feed import Feed, LogicalLine, text_of
from logaudit.ledger.fills import fills_in
from logaudit.ledger.headless import understood
from logaudit.ledger.preamble import PREAMBLE, headless, preamble_offset, shows_time
from logaudit.ledger.reject import RejectedRow, RejectReason, broken_off, too_short
from logaudit.ledger.row_readers import RowReaders
from logaudit.ledger.rows import Rejection, RowReader, RowResult, UndatedEntry
from logaudit.ledger.table import HeaderChange, Ledger
from logaudit.ledger.widths import WidthGroup, counted
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import name_date

_STRAY_QUOTE: Final = Rejection(RejectReason.UNCLOSED_QUOTE, msg("a quote is opened and not closed"))
#: A line of delimiters only.
_EMPTY: Final = Rejection(RejectReason.NO_TIME, msg("the line is empty"))
#: What no header holds, but a row.
_CLOCK: Final = lazy_pattern(r"\d\d:\d\d:\d\d")
_BREAKS_OFF: Final = frozenset({RejectReason.SHORT, RejectReason.UNCLOSED_QUOTE})


def parse_ledger(
    lines: Iterable[tuple[int, bytes]],
    address: Address,
    spec: LedgerSpec,
    sides: Mapping[str, str],
    *,
    ended: Callable[[], bool] | None = None,
    skipped: Mapping[int, int] | None = None,
) -> Ledger:
    """Reads a trades file.

    Args:
        lines: (byte offset, UTF-8 bytes without line end); what cannot be decoded is shown escaped.
        address: where the lines are from; the date in its name dates rows that show only a time of day.
        spec: the profile's column names, which come before the commonly used ones.
        sides: lower-case word → ``long`` or ``short``.
        ended: asked once after the last line, whether a line end follows it. Without it a last line that is
            too short is taken for torn.
        skipped: how many lines were left out before the line at a byte offset.

    Never raises for content.
    """
    parser = _Parser(lines, address, spec, sides, ended, skipped)
    parser.run()
    return parser.ledger()


class _Parser:
    """The state of one reading."""

    def __init__(
        self,
        lines: Iterable[tuple[int, bytes]],
        address: Address,
        spec: LedgerSpec,
        sides: Mapping[str, str],
        ended: Callable[[], bool] | None,
        skipped: Mapping[int, int] | None,
    ) -> None:
        self._all = list(lines)
        spec, self._first = understood(self._all, spec, sides)
        self._feed = Feed(self._all, skipped)
        self._ended = ended
        self._address = address
        self._spec = spec
        self._name_date = name_date(PurePosixPath(address.member or address.path).name)
        self._readers = RowReaders(self._all, spec, sides, self._name_date)
        self._offset: int | None = None
        self._rows: list[LedgerEntry] = []
        self._rejected: list[RejectedRow] = []
        self._undated: list[UndatedEntry] = []
        self._aside: list[SetAside] = []
        self._fills: tuple[LedgerEntry, ...] = ()
        self._repeat: str | None = None
        self._widths: dict[int, WidthGroup] = {}
        self._changes: list[HeaderChange] = []
        self._preamble: list[Location] = []
        self._nuls: list[Location] = []
        self._noisy: list[Location] = []
        self._repeats = self._blanks = 0
        self._last = 0

    def run(self) -> None:
        feed = self._feed
        if self._first is not None:
            self._use(self._first)
        while (line := feed.next()) is not None:
            self._note(line)
            if not line.text or line.text.isspace():
                self._blanks += 1
                continue
            self._last = line.number
            if self._readers.usual is None:
                self._before_header(line)
            else:
                self._line(line, self._readers.usual)

    def _note(self, line: LogicalLine) -> None:
        if line.noisy:
            place = self._at(line)
            self._noisy.append(place)
            if line.nuls:
                self._nuls.append(place)

    def _line(self, line: LogicalLine, reader: RowReader) -> None:
        if is_comment(line.text):
            self._aside.append(SetAside(self._at(line), EntryKind.NONE, AsideReason.COMMENT))
            return
        cells, further = self._feed.cells(line, reader.header.delimiter)
        result = self._read(line, cells, further, reader)
        if isinstance(result, Rejection) or (isinstance(result, UndatedEntry) and result.rejection):
            if cells is not None and not further and self._unglue(line, cells, reader):
                return
            self._feed.give_back(further)
            self._not_a_row(line, reader, result)
            return
        self._take(result)
        if isinstance(result, SetAside) and result.entry is None:
            self._feed.give_back(further)
        elif further:
            for more in further:
                self._note(more)
            self._last = further[-1].number

    def _unglue(self, line: LogicalLine, cells: Sequence[str], reader: RowReader) -> bool:
        from logaudit.ledger.glued import glued_rows  # noqa: PLC0415 - few lines that are no row hold two

        place = self._at(line)
        found = glued_rows(reader, cells, len(self._rows), place)
        if found:
            self._rows += found
            self._rejected.append(
                RejectedRow(
                    place,
                    RejectReason.GLUED,
                    msg("{rows} rows stand on one line", rows=Text(str(len(found)))),
                )
            )
        return bool(found)

    def _take(self, result: LedgerEntry | UndatedEntry | SetAside) -> None:
        match result:
            case LedgerEntry():
                self._rows.append(result)
            case UndatedEntry():
                self._undated.append(result)
            case SetAside():
                self._aside.append(result)
            case _:
                assert_never(result)

    def _read(  # noqa: PLR0911 - one a way of being no row
        self, line: LogicalLine, cells: list[str] | None, further: Sequence[LogicalLine], reader: RowReader
    ) -> RowResult:
        if cells is None:
            return _STRAY_QUOTE
        if all_blank(cells):
            return _EMPTY
        other = self._readers.by_width.get(len(cells))
        result = (other or reader).read(cells, len(self._rows), self._at(line))
        if other is not None and isinstance(result, LedgerEntry):
            width, whole = len(cells), len(reader.header.cells)
            if width < whole and width not in self._widths and self._breaks_off():
                return Rejection(RejectReason.SHORT, too_short(width, whole))
            self._widths[width] = counted(
                self._widths.get(width), other.header, reader.header.cells, result.location
            )
            return result
        if further and (isinstance(result, Rejection) or any(self._is_row(more, reader) for more in further)):
            return _STRAY_QUOTE  # what it swallowed is read again, line by line
        width = len(reader.header.cells)
        if isinstance(result, LedgerEntry) and len(cells) < width and self._breaks_off():
            return Rejection(RejectReason.SHORT, too_short(len(cells), width))
        return result

    def _is_row(self, line: LogicalLine, reader: RowReader) -> bool:
        cells = split(line.text, reader.header.delimiter)
        return cells is not None and isinstance(reader.read(cells, 0, self._at(line)), LedgerEntry)

    def _not_a_row(self, line: LogicalLine, reader: RowReader, result: Rejection | UndatedEntry) -> None:
        if result is _EMPTY:
            self._blanks += 1
            return
        if line.text == self._repeat:
            self._repeats += 1
            return
        header = read_header(line.text, self._spec)
        if header is None:
            why = result if isinstance(result, Rejection) else result.rejection
            if isinstance(result, UndatedEntry):
                self._undated.append(result)
            if why is not None:
                self._rejected.append(RejectedRow(self._at(line), why.reason, why.detail))
        elif header.cells == reader.header.cells:
            self._repeats += 1
            self._repeat = line.text
        else:
            self._changes.append(HeaderChange(self._at(line), header.cells))
            self._use(header)
            self._repeat = line.text

    def _before_header(self, line: LogicalLine) -> None:
        header = read_header(line.text, self._spec)
        if header is not None:
            self._first = header
            if _CLOCK.search(line.text) and not line.noisy:
                self._noisy.append(self._at(line))  # a row took the place of its end
            self._offset = preamble_offset(self._preamble)
            self._use(header)
        elif len(self._preamble) + len(self._rejected) >= PREAMBLE or shows_time(line.text):
            self._rejected.append(headless(self._at(line)))
        else:
            self._preamble.append(self._at(line))

    def _use(self, header: Header) -> None:
        if header.offset is not None:
            self._offset = header.offset
        self._readers.use(header, self._offset, self._feed.taken)

    def _at(self, line: LogicalLine) -> Location:
        return Location(
            self._address.path,
            self._address.member,
            line.number,
            Role.ROW,
            quote(self._shown(line)),
            line.offset,
        )

    def _shown(self, line: LogicalLine) -> str:
        reader = self._readers.usual
        text = line.text if reader is None else reader.secrets.line(line.text)
        index = bisect_left(self._all, (line.offset, b""))
        if not index or not (text[:1].isspace() or self._all[index - 1][1][-2:].rstrip(b'\r"')[-1:] == b"\\"):
            return text
        from logaudit.core.secrets.below import REACH, hide_below  # noqa: PLC0415 - few rows begin so

        return hide_below(text, [text_of(raw) for _, raw in self._all[max(index - REACH, 0) : index]])

    def _breaks_off(self) -> bool:
        """Whether the line just read is the last one, and no line end follows it."""
        return self._ended is not None and self._feed.exhausted() and not self._ended()

    def ledger(self) -> Ledger:
        """What was read; to be asked for once, after `run`."""
        feed = self._feed
        closed = None if self._ended is None or not feed.lines else self._ended()
        if closed:
            feed.count_last_end()
        if self._first is None and self._preamble:
            lost = [*self._rejected, *map(headless, self._preamble)]
            self._rejected = sorted(lost, key=lambda rejected: rejected.location)
            self._preamble = []
        torn = self._torn(closed)
        self._take_fills()
        return Ledger(
            address=self._address,
            copies=(),
            header=self._first.cells if self._first else (),
            columns=self._first.columns if self._first else {},
            delimiter=self._first.delimiter if self._first else "",
            header_changes=tuple(self._changes),
            rows=tuple(self._rows),
            rejected=tuple(self._rejected),
            preamble=tuple(self._preamble),
            repeats=self._repeats,
            blank_lines=self._blanks,
            nuls=tuple(self._nuls),
            noisy=tuple(self._noisy),
            name_date=self._name_date,
            offset=self._offset,
            lines=feed.lines,
            size=feed.size,
            newline=feed.newline,
            torn_tail=torn,
            convention=self._readers.convention,
            undated=tuple(self._undated),
            aside=tuple(self._aside),
            widths=tuple(self._widths[width] for width in sorted(self._widths)),
            fills=self._fills,
        )

    def _take_fills(self) -> None:
        """Where every row under the only header is a fill, what opened a position is no closed trade."""
        if self._first is None or self._changes or self._widths:
            return
        fills = fills_in(
            self._rows,
            self._first.columns,
            self._first.cells,
            stated=self._spec.kind is EntryKind.FILL,
            whole=not self._feed.skips,
        )
        if fills is not None:
            self._fills = fills.written
        parted = fills or parted_by_words(self._rows, self._first.columns, self._first.cells)
        if parted is not None:
            self._rows = [*parted.rows]
            self._aside = sorted((*self._aside, *parted.aside), key=lambda aside: aside.location)

    def _torn(self, closed: bool | None) -> bool:  # noqa: FBT001 - three-valued: yes, no, not known
        """Marks the last line as torn where the file breaks off in it; a lone header may lack its end."""
        if closed is False and self._feed.lines == 1 and self._first is not None:
            return True
        if closed or not self._rejected or self._rejected[-1].location.line != self._last:
            return False
        last = self._rejected[-1]
        breaks_off = last.reason in _BREAKS_OFF
        if breaks_off:
            self._rejected[-1] = replace(last, reason=RejectReason.TORN, detail=broken_off(last.detail))
        return breaks_off or closed is False
