"""Reads rows with more or fewer cells than their header names, by aligning columns with cells by content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import combinations, islice
from math import comb, log10
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.location import Location
from logaudit.core.medians import median
from logaudit.core.money import difference, parse_decimal, product, total, unit
from logaudit.ledger.cells import is_blank
from logaudit.ledger.columns import Header, read_header, split
from logaudit.ledger.convention import NUMBER_COLUMNS, Convention
from logaudit.ledger.entry_kind import is_comment
from logaudit.ledger.number_style import Decimals, decide, with_point
from logaudit.ledger.stamps import date_numbers, parse_any_year
from logaudit.profiles.profile import LedgerSpec

#: Columns that may have been added or left out.
_MOST: Final = 4
#: Alignments that are tried, and rows of a group that are looked at.
_TRIED: Final = 6_000
_SAMPLE: Final = 60
#: Sums that come out outweigh so much of what the kinds and sizes of cells say; they are tried for so many alignments.
_BY_SUMS: Final = 4.0
_CHECKED: Final = 200
#: What cells that are all alike lose as a column of numbers that vary.
_CONSTANT: Final = 2.0
#: A torn line is a short one too: so many rows that end alike are no accident.
_ALIKE: Final = 3
_SYMBOL: Final = lazy_pattern(r"[A-Za-z0-9]{2,15}(?:[-_/:.][A-Za-z0-9]{1,10}){0,3}")
_DATE: Final = lazy_pattern(r"\d{4}-\d\d-\d\d[T ]\d")
#: The share of a position's value that its fees hardly exceed.
_FEES: Final = Decimal("0.002")
_LONG: Final = frozenset({"long", "buy", "b"})
_SIDES: Final = frozenset({"long", "short", "buy", "sell", "b", "s", "bid", "ask"})
_FLAGS: Final = frozenset({"true", "false", "yes", "no"})


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
    sample = [list(map(str.strip, row)) for row in islice(group, _SAMPLE)]
    if not fitting:
        convention = replace(convention, decimals=_signs(sample, header))
    table = _scores(header, sample, fitting)
    chosen = _best(header, convention, sample, table, width)
    positions = {c: {tried[c] for tried in chosen} for c in range(named)}
    sure = {c: at for c, (at, *more) in positions.items() if not more and at >= 0}
    if _cut_off(sure, width, named) and len(group) < _ALIKE:
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
    for line in lines:
        cells = split(line, header.delimiter)
        if cells is None or len(cells) < 2 or is_comment(line):  # noqa: PLR2004 - no row of a table
            continue
        if cells[0].strip() == header.cells[0] and read_header(line, spec) is not None:
            if [c.strip() for c in cells[:named]] != list(header.cells):
                break
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
    table: Sequence[Sequence[float]],
    width: int,
) -> list[tuple[int, ...]]:
    """The alignments that fit the cells best: column → position, -1 for none; of these, those whose figures agree."""
    tried = list(_alignments(len(header.cells), width))
    scores = [sum(table[c][at] for c, at in enumerate(way) if at >= 0) for way in tried]
    high = max(scores)
    near = [way for way, score in zip(tried, scores, strict=True) if score >= high - 1e-9]
    ranked = sorted(zip(scores, tried, strict=True), key=lambda one: (-one[0], one[1]))
    for counted, margin in ((_agrees, _BY_SUMS), (_near_product, 1.0)):
        rated = [way for score, way in ranked[:_CHECKED] if score >= high - margin]
        agreeing = [sum(counted(header, convention, way, row) for row in sample) for way in rated]
        most = max(agreeing)
        if most * 2 >= len(sample) and agreeing.count(most) < len(agreeing):
            return [way for way, count in zip(rated, agreeing, strict=True) if count == most]
    return near


def _alignments(named: int, width: int) -> Iterator[tuple[int, ...]]:
    if width > named:
        for kept in combinations(range(width), named):
            yield kept
        return
    for kept in combinations(range(named), width):
        place = {c: at for at, c in enumerate(kept)}
        yield tuple(place.get(c, -1) for c in range(named))


def _scores(
    header: Header, sample: Sequence[Sequence[str]], fitting: Sequence[Sequence[str]]
) -> list[list[float]]:
    """How well each column fits each position, from -4 to 3."""
    wanted = {c: _wanted(name) for name, c in header.columns.items()}
    wanted |= dict.fromkeys(header.dates.values(), "date")
    width = len(sample[0])
    found = [[_kinds(row[at]) for row in sample] for at in range(width)]
    sizes = [_size(row[at] for row in sample) for at in range(width)]
    constant = [len(sample) >= _ALIKE and len({row[at] for row in sample}) == 1 for at in range(width)]
    table: list[list[float]] = []
    for c in range(len(header.cells)):
        known = [row[c].strip() for row in islice(fitting, _SAMPLE)]
        kind = wanted.get(c) or _usual(known)
        size = _size(known) if kind == "number" else None
        varied = kind == "number" and len(set(known)) > 1
        table.append(
            [
                _score(kind, found[at], size, sizes[at]) - (_CONSTANT if varied and constant[at] else 0.0)
                for at in range(width)
            ]
        )
    return table


def _score(kind: str, cells: Sequence[frozenset[str]], size: float | None, other: float | None) -> float:
    if not kind:
        return 0.0
    fits = sum(2.0 if kind in kinds else 0.5 if "blank" in kinds else -4.0 for kinds in cells) / len(cells)
    if size is None or other is None or fits < 0:
        return fits
    away = abs(size - other)
    return fits + max(-1.0, 1.0 - away)


def _wanted(canonical: str) -> str:
    if canonical in ("closed", "opened"):
        return "time"
    if canonical in NUMBER_COLUMNS:
        return "number"
    return canonical if canonical in ("symbol", "side") else "word"


def _kinds(cell: str) -> frozenset[str]:
    """All that a cell may be."""
    if is_blank(cell):
        return frozenset({"blank"})
    low = cell.lower()
    if parse_any_year(cell) is not None or date_numbers(cell) is not None:
        number = {"number"} if parse_decimal(cell) is not None else set[str]()
        return frozenset({"time", "date", *number})
    if parse_decimal(cell) is not None:
        return frozenset({"number", "flag"}) if low in ("0", "1") else frozenset({"number"})
    if low in _FLAGS:
        return frozenset({"flag"})
    if low in _SIDES:
        return frozenset({"side"})
    return frozenset({"symbol", "word"}) if _SYMBOL.fullmatch(cell) else frozenset({"word"})


def _usual(cells: Sequence[str]) -> str:
    """What a column without a known meaning holds in the rows that fit; empty where they do not tell."""
    counts = Counter(kind for cell in cells for kind in _kinds(cell) if kind != "blank")
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] * 4 >= len(cells) * 3 else ""


def _size(cells: Iterable[str]) -> float | None:
    """The order of magnitude of a column's numbers."""
    numbers = [n for cell in cells if (n := parse_decimal(cell)) is not None and n]
    return median(log10(abs(float(n))) for n in numbers) if numbers else None


def _agrees(header: Header, convention: Convention, way: Sequence[int], row: Sequence[str]) -> int:
    """How many sums come out under one alignment: prices times size are the PnL, gross less commission is net."""
    told = _numbers(header, convention, way, row)
    return _is_product(told) + _is_net(told)


def _numbers(
    header: Header, convention: Convention, way: Sequence[int], row: Sequence[str]
) -> dict[str, Decimal]:
    told: dict[str, Decimal] = {}
    for name in NUMBER_COLUMNS:
        at = way[header.columns[name]] if name in header.columns else -1
        value = parse_decimal(with_point(row[at], convention.decimals.get(name))) if at >= 0 else None
        if value is not None:
            told[name] = value
    return told


def _near_product(header: Header, convention: Convention, way: Sequence[int], row: Sequence[str]) -> int:
    """Whether the PnL of an alignment is prices times size less a usual fee, up or down as the side says."""
    told = _numbers(header, convention, way, row)
    pnl = next((told[name] for name in ("net_pnl", "gross_pnl") if name in told), None)
    if pnl is None or not {"entry_price", "exit_price", "size"} <= told.keys():
        return 0
    size = told["size"].copy_abs()
    worth = product(difference(told["exit_price"], told["entry_price"]), size)
    side = row[way[header.columns["side"]]].strip().lower() if "side" in header.columns else ""
    fee = product(product(told["entry_price"], size), _FEES).copy_abs()
    ways = [w for w in (worth, worth.copy_negate()) if not side or (w is worth) is (side in _LONG)]
    return int(any(difference(w, pnl).copy_abs() <= fee for w in ways))


def _is_product(told: Mapping[str, Decimal]) -> bool:
    if not {"entry_price", "exit_price", "size"} <= told.keys():
        return False
    entry, end, size = told["entry_price"], told["exit_price"], told["size"].copy_abs()
    worth = product(difference(end, entry).copy_abs(), size)
    slack = product(total((unit(entry), unit(end))), size)
    pnls = [told[name] for name in ("gross_pnl", "net_pnl") if name in told]
    return any(
        pnl and difference(worth, pnl.copy_abs()).copy_abs() <= total((slack, unit(pnl))) for pnl in pnls
    )


def _is_net(told: Mapping[str, Decimal]) -> bool:
    if not {"gross_pnl", "commission", "net_pnl"} <= told.keys():
        return False
    gross, fee, net = told["gross_pnl"], told["commission"], told["net_pnl"]
    slack = total((unit(gross), unit(fee), unit(net)))
    return bool(fee) and difference(difference(gross, fee.copy_abs()), net).copy_abs() <= slack
