"""Reads rows with more or fewer cells than their header names, by aligning columns with cells by content."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from math import comb
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location
from logaudit.ledger.column_fit import ALIKE, SAMPLE, ColumnFit, fit_of
from logaudit.ledger.columns import Header, read_header, split
from logaudit.ledger.convention import NUMBER_COLUMNS, Convention
from logaudit.ledger.entry_kind import is_comment
from logaudit.ledger.number_style import Decimals, decide
from logaudit.ledger.row_arithmetic import agreeing_sums, is_near_product
from logaudit.ledger.stamps import date_numbers
from logaudit.profiles.profile import LedgerSpec

#: Columns that may have been added or left out.
_MOST: Final = 4
#: Alignments that are tried.
_TRIED: Final = 6_000
#: Sums that come out outweigh so much of what the kinds and sizes of cells say; they are tried for so many alignments.
_BY_SUMS: Final = 4.0
_CHECKED: Final = 200
#: What adding up in another order may change.
_EQUAL: Final = 1e-9
_DATE: Final = lazy_pattern(r"\d{4}-\d\d-\d\d[T ]\d")


class WidthGroup(Struct, frozen=True):
    """Rows of one width under a header of another.

    Attributes:
        first: the first of them.
        cells: how many each has; named: how many the header names; rows: how many there are.
        unnamed: positions of cells, from 1, that no column was assigned to.
        lacking: names of columns that no cell was assigned to.
    """

    first: Location
    cells: int
    named: int
    rows: int
    unnamed: tuple[int, ...]
    lacking: tuple[str, ...]


def counted(known: WidthGroup | None, used: Header, names: Sequence[str], row: Location) -> WidthGroup:
    """The group with one row more, read by the header ``used`` where the table's names ``names``."""
    if known is not None:
        return replace(known, rows=known.rows + 1)
    return WidthGroup(
        first=row,
        cells=len(used.cells),
        named=len(names),
        rows=1,
        unnamed=tuple(i for i, name in enumerate(used.cells, 1) if not name),
        lacking=tuple(name for name in names if name and name not in used.cells),
    )


def aligned(
    header: Header, convention: Convention, group: Sequence[Sequence[str]], fitting: Sequence[Sequence[str]]
) -> Header | None:
    """The header as it has to be read for the rows of ``group``, all of one width; None where cells stay unclear.

    Args:
        group: rows with another number of cells than the header.
        fitting: rows with the header's number, which show what its columns hold.
    """
    named, width = len(header.cells), len(group[0])
    away = abs(width - named)
    # A single odd line among rows that fit is damage: a delimiter that was not quoted, or a torn end.
    if away > _MOST or comb(max(width, named), away) > _TRIED or (len(group) == 1 and fitting):
        return None
    sample = [list(map(str.strip, row)) for row in islice(group, SAMPLE)]
    if not fitting:
        convention = replace(convention, decimals=_signs(sample, header))
    fit = fit_of(header, sample, fitting)
    chosen = _best(header, convention, sample, fit, width)
    positions = {c: {tried[c] for tried in chosen} for c in range(named)}
    sure = {c: at for c, (at, *more) in positions.items() if not more and at >= 0}
    if _cut_off(sure, width, named) and len(group) < ALIKE:
        return None
    return _remapped(header, sure, width)


def _signs(rows: Iterable[Sequence[str]], header: Header) -> dict[str, Decimals]:
    """The decimal sign of every column, by all cells of the rows: which column a cell is of is not known yet."""
    cells = [cell for row in rows for cell in row if date_numbers(cell) is None]
    sign = decide({"": cells}, header.delimiter).get("")
    return {} if sign is None else dict.fromkeys(NUMBER_COLUMNS, sign)


def groups_by_width(header: Header, lines: Iterable[str], spec: LedgerSpec) -> dict[int, list[list[str]]]:
    """The rows below a header, up to the next one, by their number of cells; two rows on one line are left out."""
    named = len(header.cells)
    groups: dict[int, list[list[str]]] = {}
    repeat: str | None = None
    for line in lines:
        if line == repeat:
            continue
        cells = split(line, header.delimiter)
        if cells is None or len(cells) < 2 or is_comment(line):  # noqa: PLR2004 - no row of a table
            continue
        if cells[0].strip() == header.cells[0] and read_header(line, spec) is not None:
            if [c.strip() for c in cells[:named]] != list(header.cells):
                break
            repeat = line
            continue
        while len(cells) > named and not cells[-1].strip():
            cells.pop()
        if (
            not any(_DATE.search(cell) for cell in cells[max(named - 1, 1) : named + 1])
            or len(cells) < 2 * named - 1
        ):
            groups.setdefault(len(cells), []).append(cells)
    return groups


def _cut_off(sure: Mapping[int, int], width: int, named: int) -> bool:
    return width < named and all(c == at for c, at in sure.items())


def _remapped(header: Header, sure: Mapping[int, int], width: int) -> Header | None:
    columns = {name: sure[c] for name, c in header.columns.items() if c in sure}
    told = "symbol" in columns or header.market
    if "closed" not in columns or not told or len(columns) < 3:  # noqa: PLR2004 - time, symbol, a value
        return None
    names = [""] * width
    for c, at in sure.items():
        names[at] = header.cells[c]
    dates = {name: sure[c] for name, c in header.dates.items() if c in sure}
    return replace(header, cells=tuple(names), columns=columns, dates=dates)


def _best(
    header: Header,
    convention: Convention,
    sample: Sequence[Sequence[str]],
    fit: ColumnFit,
    width: int,
) -> list[tuple[int, ...]]:
    """The alignments that fit the cells best: column → position, -1 for none; of these, those whose figures agree."""
    tried = list(_alignments(len(header.cells), width))
    scores = [_sum(fit.scores, way) for way in tried]
    high = max(scores)
    near = [way for way, score in zip(tried, scores, strict=True) if score >= high - _EQUAL]
    ranked = sorted(zip(scores, tried, strict=True), key=lambda one: (-one[0], one[1]))
    for counted, margin in ((agreeing_sums, _BY_SUMS), (is_near_product, 1.0)):
        rated = [way for score, way in ranked[:_CHECKED] if score >= high - margin]
        agreeing = [sum(counted(header, convention, way, row) for row in sample) for way in rated]
        most = max(agreeing)
        if most * 2 > len(sample) and agreeing.count(most) < len(agreeing):
            return [way for way, count in zip(rated, agreeing, strict=True) if count == most]
    return near if len(sample) >= ALIKE else [*near, *_rivals(fit, tried, near)]


def _rivals(
    fit: ColumnFit, tried: Sequence[tuple[int, ...]], near: Sequence[tuple[int, ...]]
) -> Iterator[tuple[int, ...]]:
    """The alignments against which nothing but the size of the numbers of a row or two speaks, which are usual ones.

    The size of a trade is 23 coins of one market and 0.18 of another.
    """
    enough = max(_sum(fit.kinds, way) for way in near) - _EQUAL
    for way in tried:
        if _sum(fit.kinds, way) >= enough and all(fit.within[c][at] for c, at in enumerate(way) if at >= 0):
            yield way


def _sum(table: Sequence[Sequence[float]], way: Sequence[int]) -> float:
    return sum(table[c][at] for c, at in enumerate(way) if at >= 0)


def _alignments(named: int, width: int) -> Iterator[tuple[int, ...]]:
    if width > named:
        for kept in combinations(range(width), named):
            yield kept
        return
    for kept in combinations(range(named), width):
        place = {c: at for at, c in enumerate(kept)}
        yield tuple(place.get(c, -1) for c in range(named))
