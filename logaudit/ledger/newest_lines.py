"""The newest rows of a separated table with more lines than memory allows, chosen while its lines stream."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from logaudit.core.limits import DEFAULT_LIMITS
from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import DELIMITERS, Header, read_header, split
from logaudit.ledger.convention import HeaderSamples, infer_convention
from logaudit.ledger.feed import text_of
from logaudit.ledger.headless import understood
from logaudit.ledger.preamble import PREAMBLE
from logaudit.ledger.readers.table_reader import most_rows
from logaudit.ledger.rows import RowReader
from logaudit.profiles.profile import LedgerSpec

#: Lines that show how the table writes its times.
_SAMPLE: Final = 5_000
#: Headers that are remembered: a table may change its header again and again.
_KNOWN: Final = 64
Line: TypeAlias = tuple[int, bytes]
_Numbered: TypeAlias = tuple[int, Line]
#: Time, 1-based number, and the line. Lines are cut by this order.
_Ranked: TypeAlias = tuple[int, int, Line]


class NewestLines(Struct, frozen=True):
    """What is kept of a table's lines.

    Attributes:
        lines: byte offset and bytes of each, in file order.
        skipped: how many lines were left out before the line at an offset.
        rows: how many rows the whole table has, 0 where nothing was left out; limit: how many of them are kept.
        complete_end: the table's last line is among them.
    """

    lines: Sequence[Line]
    skipped: Mapping[int, int] = field(default_factory=dict)
    rows: int = 0
    limit: int = 0
    complete_end: bool = True


def newest_lines(
    lines: Iterable[Line],
    spec: LedgerSpec,
    sides: Mapping[str, str],
    table_rows: int = DEFAULT_LIMITS.table_rows,
) -> NewestLines | None:
    """All lines, or the `most_rows` with the latest closes where there are more than twice as many.

    Headers and rows of open positions are kept beside them. A line without a time of its own, such as a comment, goes
    with the line above it. None where the times of most rows cannot be read: then nothing tells which are the newest.
    ``lines`` are read to the end in any case; a table of up to ``table_rows`` is kept whole.
    """
    source = iter(lines)
    head = list(islice(source, PREAMBLE + 1))
    most = most_rows(_width_of(text_of(raw) for _, raw in head), table_rows)
    head += islice(source, max(0, 2 * most + 1 - len(head)))
    if len(head) <= 2 * most:
        return NewestLines(head)
    ranking = _ranking(head, spec, sides)
    if ranking is None:
        for _ in source:
            pass
        return None
    kept: list[_Ranked] = []
    untimed: deque[_Numbered] = deque(maxlen=most)
    count = 0
    for count, line in enumerate(_chained(head, source), 1):
        rank = ranking.rank(line[1])
        if rank is None:
            untimed.append((count, line))
            continue
        kept.append((rank, count, line))
        if len(kept) > 2 * most:
            _cut(kept, most)
    _cut(kept, most)
    if 2 * ranking.rows < count:
        return None
    found = [*untimed, *((number, line) for _, number, line in kept)]
    return replace(_in_file_order(found, count, ranking.rows), limit=most)


def _chained(head: list[Line], rest: Iterator[Line]) -> Iterator[Line]:
    """All lines; those of ``head`` are let go of as they are handed out."""
    head.reverse()
    while head:
        yield head.pop()
    yield from rest


def _width_of(lines: Iterable[str]) -> int:
    """How many cells the lines of a table have at most: one of them is its header."""
    return max((1 + max(map(line.count, DELIMITERS)) for line in lines), default=0)


def _cut(kept: list[_Ranked], most: int) -> None:
    kept.sort()
    del kept[:-most]


def _in_file_order(kept: list[_Numbered], count: int, rows: int) -> NewestLines:
    kept.sort()
    skipped: dict[int, int] = {}
    last = 0
    for number, (offset, _) in kept:
        if number > last + 1:
            skipped[offset] = number - last - 1
        last = number
    return NewestLines([line for _, line in kept], skipped, rows, complete_end=last == count)


def _ranking(head: Sequence[Line], spec: LedgerSpec, sides: Mapping[str, str]) -> _Ranking | None:
    """How the lines of a table that begins so are ranked; None for a table without a header, or with doubtful dates."""
    spec, header = understood(head, spec, sides)
    top = [text_of(raw) for _, raw in head[: PREAMBLE + 1]]
    if header is None:
        header = next((found for text in top if (found := read_header(text, spec)) is not None), None)
    if header is None:
        return None
    sample = [text_of(raw) for _, raw in head[:_SAMPLE]]
    samples = HeaderSamples(len(sample))
    known: dict[tuple[str, ...], RowReader | None] = {}

    def reader_of(found: Header) -> RowReader | None:
        if found.cells in known:
            return known[found.cells]
        convention = infer_convention(found, spec, sample[: samples.next()], None)
        reader = None if convention.order_open else RowReader(found, sides, None, None, convention)
        if len(known) < _KNOWN:
            known[found.cells] = reader
        return reader

    reader = reader_of(header)
    return None if reader is None else _Ranking(reader, spec, reader_of)


class _Ranking:
    """Ranks lines, one after the other, by the time of their close.

    Attributes:
        rows: lines so far that show one.
    """

    def __init__(
        self, reader: RowReader, spec: LedgerSpec, reader_of: Callable[[Header], RowReader | None]
    ) -> None:
        self.rows = 0
        self._reader = reader
        self._spec = spec
        self._reader_of = reader_of
        self._repeat: str | None = None
        self._last: int | None = None

    def rank(self, raw: bytes) -> int | None:
        """The time of a row's close, or that of the row above.

        None for what is kept whatever its time: headers, what stands above the first row, and open positions.
        """
        text = text_of(raw)
        header = self._reader.header
        cells = split(text, header.delimiter) or text.split(header.delimiter)
        at = self._reader.closed_at(cells)
        is_open = len(cells) == len(header.cells) and is_blank(cells[header.columns["closed"]])
        if at is not None:
            self.rows += 1
            self._last = at
        elif is_open or text == self._repeat:
            return None
        elif not any(map(str.isdecimal, text)) and (found := read_header(text, self._spec)) is not None:
            if found.cells == header.cells:
                self._repeat = text
                return None
            self._repeat = None
            self._reader = self._reader_of(found) or self._reader
            return None
        return self._last
