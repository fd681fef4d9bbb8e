"""Kind 4: rows and logs that cannot be read, which makes room for what may lie there."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec
from chance import Dice

from simulator import ledgers
from simulator.draft import Draft, Files
from simulator.faults.fault import Fault, touching
from simulator.ledgers import Row
from simulator.plan import HARD, SOFT
from simulator.write import packed
from simulator.zones import local

_UNREAD: Final[tuple[Callable[[datetime], str], ...]] = (
    lambda at: f"{at:%d}th of {at:%B}, {at.hour} h {at.minute} min {at.second}",
    lambda at: f"W{at:%V}-{at:%u} {at.hour * 3600 + at.minute * 60 + at.second}",
    lambda at: f"{at:%H%M%S}/{at:%j}",
)


def _unread_dates(draft: Draft, dice: Dice) -> bool:
    """Rows are dated in a way that nobody reads, all of them or some."""
    stamp = dice.pick(_UNREAD)
    some = set(draft.closes) if dice.chance(0.5) else {dice.pick(list(draft.closes)) for _ in range(3)}

    def hook(rows: list[Row]) -> list[Row]:
        return [
            _dated(row, stamp(local(row.at, draft.zone))) if some & {*row.closes} else row for row in rows
        ]

    draft.row_hooks.append(hook)
    draft.change(some, room=SOFT)
    draft.one_of |= {"LA203", "LA208", "LA209", "LA401"}
    draft.exits = {0, 1, 3}
    return True


def _dated(row: Row, text: str) -> Row:
    return msgspec.structs.replace(row, cells={**row.cells, "closed": text, "opened": text})


def _column_added(draft: Draft, dice: Dice) -> bool:
    """From some row on there is one more column, under the old header."""
    columns = list(draft.dialect.columns)
    columns.insert(dice.pick((len(columns), len(columns) - 1)), ("slippage", "slippage"))
    keys = [c.key for c in draft.ordered() if c.row]
    since = set(keys[dice.whole(0, len(keys) - 1) :])

    def hook(rows: list[Row]) -> list[Row]:
        wide = msgspec.structs.replace(draft.dialect, columns=tuple(columns))
        return [_widened(wide, row) if since & {*row.closes} else row for row in rows]

    draft.row_hooks.append(hook)
    draft.change(since, room=SOFT)
    draft.one_of |= {"LA203", "LA206"}
    draft.exits = {0, 1, 3}
    return True


def _widened(wide: ledgers.Dialect, row: Row) -> Row:
    return msgspec.structs.replace(row, text=ledgers.line(wide, replaced(row, slippage="0.05")))


def replaced(row: Row, **cells: str) -> Row:
    """A row with other cells."""
    return msgspec.structs.replace(row, cells={**row.cells, **cells})


def _glued(draft: Draft, dice: Dice) -> bool:
    """The end of a line was never written: two rows stand in one."""
    keys = [c.key for c in draft.ordered() if c.row]
    if draft.dialect.daily or len(keys) < 3:
        return False
    at = dice.whole(0, len(keys) - 2)
    pair = {keys[at], keys[at + 1]}

    def hook(rows: list[Row]) -> list[Row]:
        mine = [r for r in rows if pair & {*r.closes}]
        if len(mine) != 2:
            return rows
        text = "".join(ledgers.line(draft.dialect, r) for r in mine)
        one = msgspec.structs.replace(mine[0], closes=tuple(sorted(pair)), text=text, kind="glued")
        return [one if r is mine[0] else r for r in rows if r is not mine[1]]

    draft.row_hooks.append(hook)
    draft.change(pair, room=SOFT)
    draft.one_of |= {"LA203"}
    draft.exits = {0, 1, 3}
    return True


def _carriage_returns(draft: Draft, dice: Dice) -> bool:
    """Lines end with a carriage return alone."""
    del dice
    draft.redialect(newline="\r")
    draft.change(draft.closes, room=SOFT)
    draft.exits = {0, 1, 3}
    draft.may |= {"LA401", "LA203", "LA209", "LA206"}
    return True


def _flipped(name: str, data: bytes, dice: Dice) -> tuple[str, bytes]:
    """A zip with one byte wrong in the middle of its content."""
    made = bytearray(packed(name, data, "zip"))
    at = len(made) // 2 - dice.whole(0, 8)
    made[at] ^= 0x10
    return f"{name}.zip", bytes(made)


def _cut(name: str, data: bytes, dice: Dice) -> tuple[str, bytes]:
    made = gzip.compress(data, mtime=0)
    return f"{name}.gz", made[: len(made) * dice.whole(30, 80) // 100]


def _encrypted(name: str, data: bytes, dice: Dice) -> tuple[str, bytes]:
    """A zip whose flags say that its content is encrypted, and which is noise."""
    made = bytearray(packed(name, data, "zip"))
    made[6] |= 1
    central = made.rindex(b"PK\x01\x02")
    made[central + 8] |= 1
    start = 30 + len(name)
    for index in range(start, central):
        made[index] = dice.whole(0, 255)
    return f"{name}.zip", bytes(made)


def _noise(magic: bytes, suffix: str) -> Callable[[str, bytes, Dice], tuple[str, bytes]]:
    def wrap(name: str, data: bytes, dice: Dice) -> tuple[str, bytes]:
        return f"{name}.{suffix}", magic + bytes(dice.whole(0, 255) for _ in range(max(200, len(data) // 3)))

    return wrap


def _nul(name: str, data: bytes, dice: Dice) -> tuple[str, bytes]:
    del dice
    return name, bytes(len(data))


_WRECKS: Final[Sequence[Callable[[str, bytes, Dice], tuple[str, bytes]]]] = (
    _flipped,
    _cut,
    _encrypted,
    _noise(b"\x28\xb5\x2f\xfd", "zst"),
    _noise(b"7z\xbc\xaf\x27\x1c\x00\x04", "7z"),
    _nul,
)


def _wrecked_ledger(draft: Draft, dice: Dice) -> bool:
    """The ledger, or that of one day, is an archive that cannot be read, or zeros."""
    wreck = dice.pick(_WRECKS)
    name = draft.ledger_name(dice.pick(draft.ordered()).at)
    draft.change([c.key for c in draft.closes.values() if draft.ledger_name(c.at) == name], room=HARD)

    def hook(files: Files) -> None:
        renamed, data = wreck(name, files.pop(name), dice)
        files[renamed] = data

    draft.file_hooks.append(hook)
    draft.must.add("LA401")
    draft.may |= {"LA201", "LA203", "LA209", "LA408", "LA208", "LA407", "LA109", "LA111"}
    draft.exits = {0, 1, 3}
    return True


def _log_part(draft: Draft, dice: Dice) -> bool:
    """One of the log's archives is damaged, or not at hand."""
    missing = dice.chance(0.5)
    sink = draft.sinks[0]
    draft.sinks = [msgspec.structs.replace(sink, part=40, packing="zip"), *draft.sinks[1:]]
    names: list[str] = []

    def hook(files: Files) -> None:
        parts = sorted(name for name in files if name.startswith(sink.name) and name.endswith(".zip"))
        if len(parts) < 3:
            return
        name = dice.pick(parts[1:-1])
        names.append(name)
        draft.must.add("LA402" if missing else "LA401")
        data = files.pop(name)
        if not missing:
            made = bytearray(data)
            made[len(made) // 2] ^= 0x10
            files[name] = bytes(made)

    draft.file_hooks.append(hook)
    draft.gone = names
    draft.may |= {"LA402", "LA501", "LA502", "LA111", "LA104"}
    draft.exits = {0, 1, 3}
    # Where a run ends beside the part, its absence shows only in part.
    return not draft.bot.russian and len(draft.runs) == 1


FAULTS: Final = (
    Fault("unread dates", 4, _unread_dates, touching("stamp", "rows", "clock"), rich=True),
    Fault("column added under the old header", 4, _column_added, touching("rows", "columns", "numbers")),
    Fault("glued rows", 4, _glued, touching("rows", "losses")),
    Fault("carriage returns only", 4, _carriage_returns, touching("rows", "file")),
    Fault("unreadable ledger", 4, _wrecked_ledger, touching("rows", "file", "losses", "clock"), order=8),
    Fault(
        "damaged or missing log part",
        4,
        _log_part,
        touching("file", "losses", "repeats", "rows", "layout"),
        order=8,
    ),
)
