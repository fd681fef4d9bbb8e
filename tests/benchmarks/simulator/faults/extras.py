"""Kinds 6 and 10: lines of a ledger that are no trades, and rows that are not one to one with closes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

import msgspec
from chance import Dice

from simulator import ledgers
from simulator.draft import Draft, Files
from simulator.faults.fault import Fault, touching
from simulator.ledgers import Row
from simulator.plan import Close, Position
from simulator.words import plain
from simulator.write import row_of


def _padded(draft: Draft, first: str, values: dict[str, str]) -> str:
    """A line of as many cells as the table has: ``first``, then values by meaning."""
    cells = [values.get(meaning, "") for _, meaning in draft.dialect.columns]
    cells[0] = first
    return draft.dialect.delimiter.join(cells)


def _totals(draft: Draft, dice: Dice) -> bool:
    """A line with the sum at the end, or after every few rows."""
    word, every = dice.pick(("TOTAL", "Total", "SUM", "Итого")), dice.pick((1000, 1000, 4))

    def hook(rows: list[Row]) -> list[Row]:
        found, total = [], Decimal(0)
        for index, row in enumerate(rows, 1):
            found.append(row)
            total += sum((draft.closes[k].net for k in row.closes), Decimal(0))
            if index % every == 0 or index == len(rows):
                text = _padded(draft, word, {"net": draft.dialect.number(f"{total:.4f}")})
                found.append(Row(row.at, kind="total", text=text))
        return found

    draft.row_hooks.append(hook)
    return True


def _comments(draft: Draft, dice: Dice) -> bool:
    """Comments, empty lines, and the header once more after a restart."""
    texts = (
        "# restarted",
        "",
        "# manual check ok",
        draft.dialect.delimiter * (len(draft.dialect.columns) - 1),
    )

    def hook(rows: list[Row]) -> list[Row]:
        found = []
        for row in rows:
            if dice.chance(0.3):
                found.append(
                    Row(row.at, kind="comment", text=dice.pick((*texts, ledgers.header(draft.dialect))))
                )
            found.append(row)
        return found

    draft.row_hooks.append(hook)
    draft.may.add("LA206")
    return True


def _funding(draft: Draft, dice: Dice) -> bool:
    """Funding payments stand between the trades."""

    def hook(rows: list[Row]) -> list[Row]:
        found = []
        for row in rows:
            found.append(row)
            if dice.chance(0.3):
                close = draft.closes[row.closes[0]] if row.closes else draft.ordered()[0]
                position = draft.of(close)
                whole = ledgers.cells(
                    draft.dialect, position, msgspec.structs.replace(close, at=row.at + 90_000_000)
                )
                amount = draft.dialect.number(f"{Decimal(dice.whole(-90, 90)) / 1000:.4f}")
                kept = {
                    "closed": whole["closed"],
                    "symbol": whole["symbol"],
                    "side": "funding",
                    "net": amount,
                }
                found.append(
                    Row(row.at + 90_000_000, kind="funding", cells={**kept, "reason": "funding_fee"})
                )
        return sorted(found, key=lambda r: r.at)

    draft.row_hooks.append(hook)
    return draft.dialect.has("reason") and not draft.dialect.daily


def _open_rows(draft: Draft, dice: Dice) -> bool:
    """Positions that are still open have a row without exit."""
    if draft.bot.russian:
        return False
    columns = ledgers.PLAIN[1] if draft.bot.style.pnl == "pnl" else ledgers.NET[1]
    draft.redialect(columns=columns)
    end = draft.last_run().end
    last = max(c.at for c in draft.closes.values())
    model = dice.pick(draft.positions)
    position = msgspec.structs.replace(
        model,
        key=len(draft.positions),
        at=last + (end - last) // 3,
        run=draft.last_run().key,
        order=model.order + 1,
    )
    draft.positions.append(position)

    def hook(rows: list[Row]) -> list[Row]:
        whole = ledgers.cells(draft.dialect, position, draft.ordered()[-1])
        kept = {k: whole[k] for k in ("id", "opened", "symbol", "side", "entry")}
        size = draft.dialect.number(plain(position.size))
        return [*rows, Row(position.at, kind="open", cells={**kept, "size": size})]

    draft.row_hooks.append(hook)
    return True


def _nul_block(draft: Draft, dice: Dice) -> bool:
    """A crash left a block of zeros at the end of the ledger."""
    name = draft.ledger_name(draft.last_run().end)

    def hook(files: Files) -> None:
        if name in files:
            files[name] += bytes(dice.whole(64, 4096)) + b"\n"

    draft.file_hooks.append(hook)
    draft.one_of |= {"LA203", "LA401"}
    draft.exits = {0, 1, 3}
    return not draft.dialect.daily


def _whole_positions(draft: Draft, dice: Dice) -> bool:
    """One row for all partial closes of a position."""
    del dice
    groups = [list(_closes(draft, p)) for p in draft.positions]
    split = [g for g in groups if len(g) > 1 and all(c.row for c in g)]
    if not split:
        return False
    draft.rebot(acks=None)
    draft.change(draft.closes, ack=False)

    def hook(rows: list[Row]) -> list[Row]:
        merged = {c.key for g in split for c in g}
        kept = [r for r in rows if not merged & {*r.closes}]
        for group in split:
            one = _merged(draft.of(group[0]), group)
            row = row_of(draft, one)
            kept.append(msgspec.structs.replace(row, closes=tuple(c.key for c in group)))
        return sorted(kept, key=lambda r: r.at)

    draft.row_hooks.append(hook)
    draft.may |= {"LA208", "LA109"}
    return True


def _closes(draft: Draft, position: Position) -> Iterator[Close]:
    return (c for c in draft.ordered() if c.position == position.key)


def _merged(position: Position, group: list[Close]) -> Close:
    size = sum((c.size for c in group), Decimal(0))
    value = sum((c.exit * c.size for c in group), Decimal(0)) / size
    return msgspec.structs.replace(
        group[-1],
        size=size,
        exit=value.quantize(position.market.tick, ROUND_HALF_EVEN),
        gross=sum((c.gross for c in group), Decimal(0)),
        fee=sum((c.fee for c in group), Decimal(0)),
    )


def _fills(draft: Draft, dice: Dice) -> bool:
    """A row for each fill of the closing order."""
    if not draft.dialect.has("size"):
        return False
    counts = {key: dice.whole(1, 3) for key in draft.closes}

    def hook(rows: list[Row]) -> list[Row]:
        return [part for row in rows for part in _parts(draft, row, counts)]

    draft.row_hooks.append(hook)
    draft.may.add("LA208")
    return max(counts.values()) > 1


def _parts(draft: Draft, row: Row, counts: dict[int, int]) -> Iterator[Row]:
    if row.kind != "trade" or not row.closes:
        yield row
        return
    close = draft.closes[row.closes[0]]
    step = draft.of(close).market.step
    count = min(counts[close.key], int(close.size / step))
    left, sizes = close.size, []
    for index in range(count):
        part = left if index == count - 1 else (left / (count - index)).quantize(step)
        sizes.append(part)
        left -= part
    gross, fee = close.gross, close.fee
    for index, size in enumerate(sizes):
        end = index == count - 1
        share = gross if end else (close.gross * size / close.size).quantize(Decimal("0.0001"))
        cost = fee if end else (close.fee * size / close.size).quantize(Decimal("0.0001"))
        gross, fee = gross - share, fee - cost
        one = msgspec.structs.replace(close, size=size, gross=share, fee=cost, at=close.at + index * 1000)
        yield msgspec.structs.replace(row_of(draft, one), closes=row.closes)


FAULTS: Final = (
    Fault("totals", 6, _totals, touching("rows")),
    Fault("comments and empty lines", 6, _comments, touching("rows")),
    Fault("funding rows", 6, _funding, touching("rows", "side")),
    Fault("open rows", 6, _open_rows, touching("rows", "columns", "clock")),
    Fault("block of zeros", 6, _nul_block, touching("rows", "file")),
    Fault(
        "one row for partial closes",
        10,
        _whole_positions,
        touching("rows", "losses", "repeats"),
        rich=True,
        parts=True,
    ),
    Fault("a row per fill", 10, _fills, touching("rows", "size"), rich=True),
)
