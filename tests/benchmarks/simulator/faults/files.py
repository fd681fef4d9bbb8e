"""Kind 9: ledgers that are rewritten, elsewhere, copied or never completed."""

from __future__ import annotations

from typing import Final

import msgspec
from chance import Dice

from simulator import ledgers
from simulator.draft import Draft, Files
from simulator.faults.fault import Fault, touching
from simulator.faults.losses import some
from simulator.faults.repeats import alone, moved
from simulator.ledgers import Row
from simulator.plan import HARD, HOUR, Close
from simulator.write import row_of


def _rewritten(draft: Draft, dice: Dice) -> bool:
    """A restart opens the ledger anew: the rows of the runs before are gone."""
    if draft.bot.acks is None or len(draft.runs) < 2 or draft.dialect.daily:
        return False
    first = draft.runs[dice.whole(1, len(draft.runs) - 1)].key
    keys = [c.key for c in draft.closes.values() if draft.of(c).run < first]
    draft.change(keys, row=False, cause="ledger-overwritten")
    draft.rebot(names_ledger=True, reused=draft.bot.created)
    draft.must.add("LA207")
    draft.may |= {"LA103"}
    return len(keys) < len(draft.closes)


def _exchange_only(draft: Draft, dice: Dice) -> bool:
    """The exchange confirms a close of which neither a line nor a row tells."""
    found = [c for c in draft.ordered() if alone(draft, c)]
    if not found:
        return False
    draft.rebot(confirms=True)
    draft.change(draft.closes, confirmed=True)
    draft.change([dice.pick(found).key], said=False, ack=False, row=False)
    draft.must.add("LA113")
    draft.may |= {"LA502", "LA101", "LA110"}
    draft.exits = {1, 3}
    return True


def _stands_open(draft: Draft, dice: Dice) -> bool:
    """Rows are written at open and filled in at close; that of a lost close stands open."""
    if draft.bot.russian:
        return False
    columns = ledgers.PLAIN[1] if draft.bot.style.pnl == "pnl" else ledgers.NET[1]
    draft.redialect(columns=(*columns, ("status", "status")))
    chosen = some(draft, dice, 2)
    keys = [c.key for c in chosen]
    draft.change(keys, row=False, ack=False, cause="")

    def hook(rows: list[Row]) -> list[Row]:
        found = [msgspec.structs.replace(r, cells={**r.cells, "status": "closed"}) for r in rows]
        for key in keys:
            close = draft.closes[key]
            whole = row_of(draft, close).cells
            kept = {k: whole[k] for k in ("id", "opened", "symbol", "side", "entry", "size")}
            found.append(Row(close.at, kind="open", cells={**kept, "status": "open"}))
        return sorted(found, key=lambda r: r.cells["opened"])

    draft.row_hooks.append(hook)
    draft.must.add("LA114")
    draft.may.add("LA101")
    return bool(keys) and len(draft.positions) == len(draft.closes)


def _elsewhere(draft: Draft, dice: Dice) -> bool:
    """The log names a ledger that is not the one at hand, which holds older rows of the bot."""
    if draft.dialect.daily:
        return False
    name = dice.pick(("archive/trades_main.csv", "/srv/data/trades_live.csv", "../run2/trades_b.csv"))
    draft.rebot(
        names_ledger=True,
        created=draft.bot.created.format(path=name),
        reused=draft.bot.reused.format(path=name),
    )
    draft.rebot(said_ready=draft.bot.said_ready.format(path=name))
    older = [_earlier(draft, c, dice) for c in draft.ordered()[:6]]
    draft.change(draft.closes, room=HARD, row=False)
    draft.row_hooks.append(lambda rows: [*sorted(older, key=lambda r: r.at), *rows])
    draft.must.add("LA408")
    draft.may |= {"LA201", "LA109", "LA111"}
    draft.exits = {0, 1, 3}
    return True


def _earlier(draft: Draft, close: Close, dice: Dice) -> Row:
    before = moved(draft.of(close), close, dice, 0)
    if before.exit == close.exit:
        before = moved(draft.of(close), close, dice, 0)
    days = dice.whole(3, 9) * 24 * HOUR
    position = msgspec.structs.replace(draft.of(close), at=draft.of(close).at - days, order=close.key + 5)
    early = msgspec.structs.replace(before, at=close.at - days)
    return Row(early.at, kind="older", cells=ledgers.cells(draft.dialect, position, early))


def _backup(draft: Draft, dice: Dice) -> bool:
    """A copy of the ledger lies beside it and holds a row that the ledger lost."""
    if draft.dialect.daily:
        return False
    stem = draft.dialect.name.removesuffix(".csv")
    name = dice.pick((f"{stem}_backup.csv", f"{stem}.csv.bak", f"backup/{stem}.csv"))
    gone = some(draft, dice, 2)
    keys = {c.key for c in gone}
    texts: list[str] = []

    def hook(rows: list[Row]) -> list[Row]:
        texts[:] = [ledgers.line(draft.dialect, row) for row in rows]
        return [row for row in rows if not keys & {*row.closes}]

    def copy(files: Files) -> None:
        files[name] = "".join(f"{text}\n" for text in (ledgers.header(draft.dialect), *texts)).encode()

    draft.row_hooks.append(hook)
    draft.file_hooks.append(copy)
    draft.change(keys, copied=True, cause="")
    draft.exits = {0, 1}
    draft.may |= {"LA103", "LA101", "LA205", "LA207", "LA102", "LA111", "LA208"}
    return bool(keys)


def _ids(draft: Draft, dice: Dice) -> bool:
    """Two trades with equal figures, one of them lost; ids in log and ledger tell which."""
    found = [c for c in draft.ordered() if alone(draft, c)]
    if draft.bot.russian or not found or len(draft.positions) < len(draft.closes):
        return False
    if draft.bot.closes.title not in {"sentence", "fill", "keys", "arrow"}:
        return False
    draft.rebot(style=msgspec.structs.replace(draft.bot.style, ids=True))
    draft.redialect(columns=ledgers.PLAIN[1] if draft.bot.style.pnl == "pnl" else ledgers.NET[1])
    close = dice.pick(found)
    position = draft.of(close)
    key = max(draft.closes) + 1
    draft.positions.append(
        msgspec.structs.replace(position, key=len(draft.positions), order=position.order + 500_000)
    )
    draft.closes[key] = msgspec.structs.replace(close, key=key, position=len(draft.positions) - 1)
    lost = dice.pick((key, close.key))
    draft.change([lost], row=False, ack=False, cause="")
    return True


FAULTS: Final = (
    Fault("ledger rewritten", 9, _rewritten, touching("losses", "runs", "rows", "older"), weight=2),
    Fault("exchange alone", 9, _exchange_only, touching("losses", "repeats")),
    Fault("row stands open", 9, _stands_open, touching("losses", "rows", "columns", "clock", "repeats")),
    Fault("ledger elsewhere", 9, _elsewhere, touching("losses", "rows", "file", "clock")),
    Fault("backup beside the ledger", 9, _backup, touching("losses", "rows", "file"), order=7),
    Fault("ids decide", 9, _ids, touching("losses", "rows", "columns", "repeats", "words", "money")),
)
