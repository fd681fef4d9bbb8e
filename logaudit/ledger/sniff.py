"""Tells a trades ledger, another live table and everything else apart by how a file begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import islice
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.ledger.column_names import COMMON_NAMES
from logaudit.ledger.columns import DELIMITERS, VAGUE_PRICES, Header, key, read_header, split
from logaudit.ledger.stamps import parse_stamp, parse_time_of_day
from logaudit.profiles.profile import HealthFile, LedgerSpec

_BOM: Final = "\ufeff"
#: How far down a header may stand, blank lines not counted; exports put an account line or two before it.
_HEADER_WITHIN: Final = 6
#: A table without a header needs so many columns before its name may vouch for it.
_TELLING_WIDTH: Final = 4
#: Columns that only a list of orders has: an order that was placed is not a trade that was made.
ORDER_KEYS: Final = frozenset({"status", "order_status", "state", "order_state"})
#: Columns that only a snapshot of open positions has.
SNAPSHOT_KEYS: Final = frozenset(
    {"mark_price", "unrealized_pnl", "unrealised_pnl", "upl", "liquidation_price"}
)
_TIME_KEYS: Final = frozenset(COMMON_NAMES["closed"]) | {"ts", "at", "utc", "created_at", "created"}
_WORD: Final = lazy_pattern(r"#?\s*[^\W\d][\w .()/%#-]{0,39}")
_IDENTIFIER: Final = lazy_pattern(r"#?\s*[^\W\d][\w.()/%#-]{0,39}")


class CsvKind(StrEnum):
    """What a file is for logaudit; ``other`` covers everything that is no table at all."""

    LEDGER = "ledger"
    HEALTH = "health"
    OTHER = "other"


def sniff(head: str, name: str, spec: LedgerSpec, health: Sequence[HealthFile]) -> CsvKind:
    """Classifies a file by its first lines; its last line may be cut.

    A ledger has a header that names a time, a symbol and a trade's result: an exit price or a PnL. With a
    vague ``price`` it must name side and size as well, and no order status. Any other table whose header
    begins with a time, or has the time column of a `HealthFile` that its name matches, is read for its
    health. The name (path or not) decides only where the content cannot: empty files, tables without a
    header, and headers with a price that may be anything.
    """
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    lines = [line for line in head.removeprefix(_BOM).replace("\0", "").splitlines() if line.strip()]
    ours = _matches(base, spec.files)
    specs = [file for file in health if _matches(base, file.files)]
    if not lines:
        return CsvKind.LEDGER if ours else CsvKind.HEALTH if specs else CsvKind.OTHER
    header = _header(lines, spec)
    if header is not None and _is_ledger(header, spec, ours=ours, doubt=bool(specs)):
        return CsvKind.LEDGER
    if _is_table(lines, specs):
        return CsvKind.HEALTH
    return CsvKind.LEDGER if ours and header is None and _is_headless(lines[0]) else CsvKind.OTHER


#: Words in the names of files in which bots record trades.
_TRADE_WORDS: Final = lazy_pattern(r"trade|ledger|journal|position|fill|closed|deal", re.IGNORECASE)
_TABLE_NAME: Final = lazy_pattern(
    r"(?P<stem>.+)\.(?:csv|tsv|xlsx?|parquet|sqlite3?|db|jsonl?|ndjson)"
    r"(?:\.(?:gz|bz2|xz|lzma|zip|zst|7z|rar|tar|tgz|lz4|br|bak|tmp))*",
    re.IGNORECASE,
)


def may_be_ledger(name: str, spec: LedgerSpec) -> bool:
    """Whether a file that cannot be read may be a ledger, by its name alone."""
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    table = _TABLE_NAME.fullmatch(base)
    return table is not None and (
        _TRADE_WORDS.search(table["stem"]) is not None or _matches(base, spec.files)
    )


def is_ledger(header: Header, name: str, spec: LedgerSpec) -> bool:
    """Whether a table with this header records trades that were closed."""
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    return _is_ledger(header, spec, ours=_matches(base, spec.files), doubt=False)


def is_health(name: str, health: Sequence[HealthFile]) -> bool:
    """Whether a profile knows a file by its name as a table of something else."""
    base = name.replace("\\", "/").rpartition("/")[2].lower()
    return any(_matches(base, file.files) for file in health)


def _matches(base: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(base, pattern.lower()) for pattern in patterns)


def _header(lines: Sequence[str], spec: LedgerSpec) -> Header | None:
    """The first header near the top; a line that begins with a time is data, and no preamble."""
    for line in islice(lines, _HEADER_WITHIN):
        header = read_header(line, spec)
        if header is not None:
            return header
        if _first_time(line):
            return None
    return None


def _is_ledger(header: Header, spec: LedgerSpec, *, ours: bool, doubt: bool) -> bool:
    known = header.columns.keys()
    keys = {key(cell) for cell in header.cells}
    exit_key = header.key("exit_price")
    vague = exit_key in VAGUE_PRICES and exit_key not in map(key, spec.columns.get("exit_price", ()))
    if exit_key and not vague:
        return True
    if keys & SNAPSHOT_KEYS:
        return False
    if known & {"gross_pnl", "net_pnl"}:
        return True
    if vague and {"side", "size"} <= known and not keys & ORDER_KEYS and not doubt:
        return True
    # Without a result, and with no other time than that of the open, there is no room for how a trade ended.
    begun = header.columns["closed"] == header.columns.get("opened")
    return ours and not begun and bool(known & {"entry_price", "exit_price"})


def _is_table(lines: Sequence[str], specs: Sequence[HealthFile]) -> bool:
    for delimiter in DELIMITERS:
        cells = [cell.strip() for cell in split(lines[0], delimiter) or ()]
        if len(cells) < 2:  # noqa: PLR2004 - one cell is a line of text
            continue
        if specs and _is_time(cells[0]):
            return True
        keys = [key(cell) for cell in cells]
        if any(key(file.time_column) in keys for file in specs):
            return True
        if keys[0] in _TIME_KEYS and _is_alive(cells, lines[1:], delimiter):
            return True
    return False


def _is_alive(header: Sequence[str], rows: Sequence[str], delimiter: str) -> bool:
    """Whether rows with a time stand below; a header all alone must be made of single words."""
    if not rows:
        return all(_IDENTIFIER.fullmatch(cell) for cell in header if cell)
    named = all(_WORD.fullmatch(cell) for cell in header if cell)
    return named and any(_is_time(row.partition(delimiter)[0]) for row in islice(rows, 3))


def _is_headless(line: str) -> bool:
    return any(line.count(d) >= _TELLING_WIDTH - 1 and _first_time(line, (d,)) for d in DELIMITERS)


def _first_time(line: str, delimiters: Sequence[str] = DELIMITERS) -> bool:
    return any(_is_time(line.partition(delimiter)[0]) for delimiter in delimiters if delimiter in line)


def _is_time(cell: str) -> bool:
    cell = cell.strip().strip('"')
    return parse_stamp(cell) is not None or parse_time_of_day(cell) is not None
