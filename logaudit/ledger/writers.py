"""Tells rows that the recorder wrote from rows that another writer added, by how they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Final

from msgspec import Struct

from logaudit.core.fields import NUMBERS
from logaudit.core.timestamp import MINUTE, SECOND
from logaudit.core.trades import LedgerEntry, Writer
from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import key
from logaudit.ledger.table import Ledger

#: Points of evidence from which a row counts as another writer's.
ENOUGH: Final = 3
#: A clock printed this many times coarser is another clock: a recorder that drops trailing zeros loses
#: three digits once in a thousand rows, one of fixed width never.
COARSER: Final = 1_000
#: Closes of one moment may be written out of order by so much.
JITTER: Final = MINUTE
#: Fewer rows than this do not show that a number of decimals is constant.
_CONSTANT_ROWS: Final = 3
_VARIES: Final = -1
#: Beyond, no writer is consistent enough to tell it from another.
_MOST_MAKES: Final = 256
_numbers: Final = attrgetter(*NUMBERS)
_PRICES: Final = ("entry_price", "exit_price", "size")
#: Columns that say of which event a row tells.
_EVENT_KEYS: Final = frozenset({"event", "event_type", "record_type", "row_type"})


class WriterShape(Struct, frozen=True):
    """How a row was printed.

    Attributes:
        precision: of the row's time, in µs.
        decimals: digits after the point by canonical numeric column, columns without a number left out.
            A writer with a fixed format prints a constant number; one that prints floats as they are does
            not (``1203.48603`` beside ``0.0``), so a single column's decimals prove nothing: they count
            only where all rows compared with agree, and only in two columns or more.
        blank: names, as in the header, of the columns left empty, those without meaning to logaudit too:
            another writer leaves out what only the recorder can compute.
    """

    precision: int
    decimals: tuple[tuple[str, int], ...]
    blank: frozenset[str]


def writer_shape(row: LedgerEntry) -> WriterShape:
    """The signature of whoever printed ``row``."""
    numbers: Iterable[tuple[str, Decimal | None]] = zip(NUMBERS, _numbers(row.fields), strict=True)
    printed = ((name, value) for name, value in numbers if value is not None)
    decimals = tuple((name, max(0, -int(value.as_tuple().exponent))) for name, value in printed)
    return WriterShape(row.at.precision, decimals, _blank(row))


def _blank(row: LedgerEntry) -> frozenset[str]:
    return frozenset([name for name, text in row.cells if is_blank(text)])


def third_party_rows(ledger: Ledger, siblings: Sequence[Ledger] = ()) -> frozenset[int]:
    """Numbers of the rows that another writer than the recorder most likely added.

    Evidence, in points, of which `ENOUGH` are needed, so that no single oddity convicts a row:

    - 2: its time is printed at least `COARSER` times coarser than other rows' (whole seconds beside
      fractions);
    - 1 or 2: it leaves empty one, or several, columns that comparable rows always fill; 3 when it leaves
      most of them empty and rows that do fill them are the majority;
    - 1: two or more numbers have other decimals than all comparable rows agree on;
    - 1: it, or another suspect in one unbroken run with it, stands more than `JITTER` below a later time:
      the recorder appends as trades close;
    - minus 1: its clock is as fine as the finest and it stands in order, as the recorder's do.

    Comparable are rows of one kind of event under the same column names that fill at least the same columns,
    and for coarse rows have the finer clock; ``siblings``, other ledgers of the same bot, lend theirs. A ledger
    whose rows are all of one make therefore has none, whatever the make. A ledger's only row is foreign when it
    shows whole seconds and leaves every price and size column that the file has, at least two, empty.
    """
    parts: dict[tuple[str, ...], list[LedgerEntry]] = {}
    for row in _unknown(ledger):
        parts.setdefault(_names(row), []).append(row)
    borrowed: dict[tuple[str, ...], list[LedgerEntry]] = {names: [] for names in parts}
    for row in (row for other in siblings for row in _unknown(other)):
        if _names(row) in borrowed:
            borrowed[_names(row)].append(row)
    found = {n for names, rows in parts.items() for n in _third_party(rows, borrowed[names])}
    if not found and len(ledger.rows) == 1 and _bare(ledger.rows[0], ledger):
        found.add(ledger.rows[0].number)
    return frozenset(found)


def _unknown(ledger: Ledger) -> Iterable[LedgerEntry]:
    """The rows of which it is not known already that another writer added them."""
    return (row for row in ledger.rows if row.writer is not Writer.OTHER)


def _names(row: LedgerEntry) -> tuple[str, ...]:
    """The columns of a row's table, and what it is called there: other events fill other columns."""
    return (*(name for name, _ in row.cells), *(text for name, text in row.cells if key(name) in _EVENT_KEYS))


def _bare(row: LedgerEntry, ledger: Ledger) -> bool:
    columns = [name for name in _PRICES if name in ledger.columns]
    return row.at.precision >= SECOND and len(columns) > 1 and row.blank.issuperset(columns)


class _Make(Struct):
    """Rows printed alike: one clock's width and one set of empty columns."""

    precision: int
    blank: frozenset[str]
    rows: int = 0
    decimals: dict[str, int] | None = None

    def add(self, shape: WriterShape) -> None:
        self.rows += 1
        self.decimals = _constant(self.decimals, dict(shape.decimals))


def _third_party(rows: Sequence[LedgerEntry], borrowed: Sequence[LedgerEntry]) -> set[int]:
    if len({(row.at.precision, _blank(row)) for row in (*rows, *borrowed)}) == 1:
        return set()  # most ledgers: one writer
    shapes = [writer_shape(row) for row in rows]
    makes: dict[tuple[int, frozenset[str]], _Make] = {}
    for shape in (*shapes, *map(writer_shape, borrowed)):
        makes.setdefault((shape.precision, shape.blank), _Make(shape.precision, shape.blank)).add(shape)
    if len(makes) > _MOST_MAKES:
        return set()
    judges = {
        key: _WriterScore(make, list(makes.values()), len(rows[0].cells)) for key, make in makes.items()
    }
    judged = [judges[shape.precision, shape.blank] for shape in shapes]
    disorder = _disorder(rows, [judge.suspects for judge in judged])
    return {
        row.number
        for row, shape, judge, late in zip(rows, shapes, judged, disorder, strict=True)
        if judge.points(shape, late=late) >= ENOUGH
    }


class _WriterScore:
    """The evidence against all rows of one make; only order and decimals differ from row to row."""

    def __init__(self, make: _Make, makes: Sequence[_Make], width: int) -> None:
        finest = min(other.precision for other in makes)
        coarse = make.precision >= COARSER * finest
        peers = [other for other in makes if _comparable(other, make)]
        rows = sum(other.rows for other in peers)
        spared = make.blank.difference(*(other.blank for other in peers)) if peers else frozenset[str]()
        ever_filled = width - len(frozenset.intersection(*(other.blank for other in makes)))
        majority = rows * 2 > sum(other.rows for other in makes)
        blank = 3 if majority and len(spared) * 2 > ever_filled else min(len(spared), 2)
        self._points = blank + (2 if coarse else 0)
        self._recorders_clock = finest < SECOND and not coarse
        self._decimals = _agreed(peers) if rows >= _CONSTANT_ROWS else {}

    @property
    def suspects(self) -> bool:
        """Whether there is anything against these rows but their place in the file."""
        return self._points > 0

    def points(self, shape: WriterShape, *, late: bool) -> int:
        """All evidence against one row."""
        if not self.suspects:
            return 0
        odd = sum(self._decimals.get(name, digits) != digits for name, digits in shape.decimals)
        return self._points + (odd > 1) + late - (self._recorders_clock and not late)


def _comparable(other: _Make, make: _Make) -> bool:
    if other.precision * COARSER <= make.precision:
        return other.blank <= make.blank
    return other.blank < make.blank and other.precision <= make.precision


def _agreed(makes: Sequence[_Make]) -> dict[str, int]:
    agreed: dict[str, int] | None = None
    for make in makes:
        agreed = _constant(agreed, make.decimals or {})
    return {name: digits for name, digits in (agreed or {}).items() if digits != _VARIES}


def _constant(known: dict[str, int] | None, seen: dict[str, int]) -> dict[str, int]:
    if known is None:
        return dict(seen)
    merged = {**seen, **known}
    return {name: digits if seen.get(name, digits) == digits else _VARIES for name, digits in merged.items()}


def _disorder(rows: Sequence[LedgerEntry], suspects: Sequence[bool]) -> list[bool]:
    """For each row, whether its run of suspect neighbours holds one that stands below a later time."""
    late: list[bool] = []
    newest: int | None = None
    for row in rows:
        us = row.at.us - (row.at.offset or 0) * SECOND
        late.append(newest is not None and us < newest - JITTER)
        newest = us if newest is None else max(newest, us)
    result: list[bool] = []
    for suspect, run in groupby(zip(suspects, late, strict=True), key=itemgetter(0)):
        flags = [flag for _, flag in run]
        result.extend([suspect and any(flags)] * len(flags))
    return result
