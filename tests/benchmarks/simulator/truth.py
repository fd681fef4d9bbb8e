"""What is true of a case, as its plan has it: never what a program says."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec import Struct

from simulator import zones
from simulator.draft import Draft
from simulator.ledgers import Row
from simulator.plan import HARD, SOFT, Close, State
from simulator.write import Place, Written

#: Equal figures that make a link without the clock, the side and the symbol (law 7).
PROOF: Final = 3
#: Pairs at one constant difference that make a link with two equal figures, or with one.
PAIRS: Final = {2: 4, 1: 8}
#: Pairs below which a difference of all rows need not be named.
ENOUGH: Final = 3
#: Rules that speak only where something is amiss that the plan knows of; LA110 and LA403 are judged elsewhere.
JUDGED: Final = (
    "LA101", "LA102", "LA103", "LA104", "LA105", "LA106", "LA107", "LA108", "LA109", "LA111", "LA113", "LA114",
    "LA201", "LA202", "LA203", "LA204", "LA205", "LA206", "LA207", "LA208", "LA209", "LA302", "LA303", "LA304",
    "LA305", "LA401", "LA402", "LA404", "LA405", "LA407", "LA408", "LA501", "LA502", "LA503",
)  # fmt: skip


#: What a close is called that no trade of the output tells of.
ABSENT: Final = "not recognised"


class TrueClose(Struct):
    """One distinct close.

    Attributes:
        right: states that are true of it; the first one is the plan's.
        sure: whether a reader can decide it.
        places: lines that tell of it; repeats: lines that tell of it again.
        rows: its rows, by whichever writer.
        result: what its line prints, None where it prints no result.
    """

    key: int
    right: tuple[str, ...]
    sure: bool
    places: set[Place]
    repeats: set[Place]
    rows: set[Place]
    result: Decimal | None
    twin: int


class Truth(Struct):
    """What is true of a case.

    Attributes:
        orphans: rows without a close; other: rows that record no trade.
        clean: nothing is amiss, so that no error is right.
        clock: seconds from log times to row times, None where they differ by no constant; pairs: of closes and rows.
        offsets: UTC offsets of the ledger's clock, seconds east.
        blind: the code path that loses all its closes; conditions: how many single conditions could be named.
        causes: ids that are true, the plan's own first.
    """

    closes: dict[int, TrueClose]
    orphans: set[Place]
    clean: bool
    must: set[str]
    may: set[str]
    one_of: set[str]
    exits: set[int]
    clock: int | None
    pairs: int
    offsets: set[int]
    blind: str
    conditions: int
    causes: tuple[str, ...]
    why_not: str


def truth(draft: Draft, written: Written) -> Truth:
    """The truth of a written draft."""
    closes = {c.key: _close(draft, c) for c in draft.ordered() if c.said}
    for place, tag in written.lines.items():
        if tag.kind in {"close", "part"}:
            closes[tag.key].places.add(place)
        elif tag.kind == "repeat":
            closes[tag.key].repeats.add(place)
    for place, row in written.rows.items():
        for key in row.closes:
            if key in closes:
                closes[key].rows.add(place)
    _unheard(draft, closes, written)
    orphans = {place for place, row in written.rows.items() if _orphan(draft, row)}
    _uncovered(draft, closes, written)
    lost = [c for c in draft.closes.values() if c.lost and not c.room and not c.unheard]
    clean = not (lost or orphans or draft.must & _ERRORS)
    must, may = _rules(draft, lost, orphans)
    return Truth(
        closes=closes,
        orphans=orphans,
        clean=clean,
        must=must,
        may=may | draft.one_of,
        one_of=draft.one_of,
        exits=_exits(draft, lost, clean=clean),
        clock=draft.clock,
        pairs=pairs(draft),
        offsets={zones.offset(at, draft.dialect.zone) for run in draft.runs for at in (run.start, run.end)},
        blind=draft.blind if draft.bot.layout.emitter else "",
        conditions=_conditions(draft),
        causes=_causes(draft, lost),
        why_not=draft.undecidable,
    )


#: Rules that say that a ledger is wrong although no close is lost.
_ERRORS: Final = frozenset({"LA106", "LA107", "LA113", "LA114"})


def _close(draft: Draft, close: Close) -> TrueClose:
    printed = "result" in draft.bot.closes.prints and not draft.unpriced
    return TrueClose(
        key=close.key,
        right=states(draft, close),
        sure=not draft.undecidable and not close.copied and linkable(draft),
        places=set(),
        repeats=set(),
        rows=set(),
        result=draft.bot.style.result(close) if printed else None,
        twin=close.twin,
    )


#: States that are right where a row cannot be read, or only by its digits.
_OPEN: Final = (State.UNVERIFIABLE, State.RECORDED, State.UNACKNOWLEDGED)


def states(draft: Draft, close: Close) -> tuple[str, ...]:
    """The state that the plan's witnesses make, and others that say the same."""
    if close.room:
        if close.row:
            return _OPEN
        return _OPEN[:1] if close.room == HARD else (State.UNVERIFIABLE, *_witnessed(draft, close))
    if close.copied:
        return (State.UNVERIFIABLE, State.RECORDED, State.BACKFILLED, State.FALSE_ACK, State.SILENT)
    return _witnessed(draft, close)


def _witnessed(draft: Draft, close: Close) -> tuple[str, ...]:
    if close.row and draft.bot.acks is None:
        return (State.RECORDED, State.UNACKNOWLEDGED)
    if close.hinted:
        return (State.SILENT, State.FAILED)
    witnesses = (
        (close.row and close.ack, State.RECORDED),
        (close.row, State.UNACKNOWLEDGED),
        (close.restored, State.BACKFILLED),
        (bool(close.failure), State.FAILED),
        (close.ack, State.FALSE_ACK),
    )
    return (next((state for holds, state in witnesses if holds), State.SILENT),)


def shared(draft: Draft) -> set[str]:
    """Figures that log and ledger print alike; an open's price counts as its close's."""
    table = {m for _, m in draft.dialect.columns}
    result = "gross" if draft.bot.style.gross else "net"
    columns = {"entry": "entry", "exit": "exit", "size": "size", "result": result}
    told = draft.bot.closes.prints | {"entry"}
    if len(draft.positions) == len(draft.closes):
        told |= {"size"}
    return {f for f in told if columns[f] in table} - draft.differs


def linkable(draft: Draft) -> bool:
    """Whether rows can be told to be their closes' by what log and ledger share."""
    if not draft.differs & {"clock", "side", "symbol"}:
        return True
    figures = len(shared(draft))
    if draft.clock is None and "clock" in draft.differs:
        return figures >= PROOF
    return figures >= PROOF or pairs(draft) >= PAIRS.get(figures, len(draft.closes) + 1)


def pairs(draft: Draft) -> int:
    """Closes of which both a line and a row can be read."""
    return sum(c.row and c.said and not c.room for c in draft.closes.values())


def _uncovered(draft: Draft, closes: dict[int, TrueClose], written: Written) -> None:
    """Losses outside of a ledger's first and last row, of a run that does not say which ledger it opened."""
    if draft.bot.names_ledger or "{path}" in draft.bot.said_ready:
        return
    for close in draft.closes.values():
        if close.key not in closes or close.row:
            continue
        name = draft.ledger_name(close.at)
        rows = [r.at for (path, _, _), r in written.rows.items() if path == name]
        if not rows or not min(rows) < close.at < max(rows):
            closes[close.key].sure = False


def _unheard(draft: Draft, closes: dict[int, TrueClose], written: Written) -> None:
    """Closes whose lines, or whose recorder's lines, are in logs that are damaged or not at hand."""
    acks = {tag.key for place, tag in written.lines.items() if tag.kind == "ack" and place[0] in draft.gone}
    for close in closes.values():
        gone = [path in draft.gone for path, _, _ in close.places]
        if gone and all(gone):
            close.right = (ABSENT, *_OPEN, *close.right)
        elif any(gone) or close.key in acks:
            close.right = (*close.right, State.UNACKNOWLEDGED)


def _orphan(draft: Draft, row: Row) -> bool:
    return row.kind == "orphan" or (row.kind == "trade" and not any(draft.closes[k].said for k in row.closes))


def _rules(draft: Draft, lost: list[Close], orphans: set[Place]) -> tuple[set[str], set[str]]:
    """Codes that must be found, and those that may."""
    told_of = [states(draft, c) for c in draft.ordered() if c.said]
    found = {right[0] for right in told_of if len(right) == 1 or right[0] == State.RECORDED}
    told = {
        State.SILENT: ("LA101",),
        State.FALSE_ACK: ("LA103",),
        State.FAILED: ("LA108",),
        State.BACKFILLED: ("LA205",),
        State.UNACKNOWLEDGED: ("LA104",),
    }
    must = draft.must | {code for state in found for code in told.get(State(state), ())} - draft.may
    may = set(draft.may)
    if any(c.failure for c in draft.closes.values()):
        must.add("LA108")
    if orphans:
        must.add("LA105")
        may.add("LA208")
    failed = {draft.of(c).run for c in lost if c.failure}
    silent = [c for c in lost if c.said and states(draft, c) == (State.SILENT,)]
    if any(draft.of(c).run not in failed for c in silent) and "LA102" not in draft.may:
        must.add("LA102")
    if lost:
        may |= {"LA101", "LA102", "LA104", "LA111", "LA201", "LA202"}
    for close in draft.closes.values():
        if close.lost and close.said and close.room == SOFT:
            # Where everything that can be read was read, the loss may be said as well.
            may |= {
                "LA101",
                "LA102",
                "LA104",
                "LA111",
                "LA201",
                *told.get(State(states(draft, close)[-1]), ()),
            }
    if draft.bot.acks is None:
        may.add("LA109")
    if pairs(draft) < ENOUGH:
        may |= must & {"LA208", "LA303"}
        must -= may
    if len(draft.positions) < len(draft.closes) and "size" not in draft.bot.closes.prints:
        # Partial closes that print no size look like closes of positions that were closed before.
        may |= {"LA501", "LA503"}
    return must, may - must


def _exits(draft: Draft, lost: list[Close], *, clean: bool) -> set[int]:
    """Exit codes that are right; never 0 where a row is lost that nobody restored."""
    exits = draft.exits or {0 if clean else 1}
    return exits - {0} or {1} if any(not c.restored for c in lost) else exits


def _conditions(draft: Draft) -> int:
    """Code paths, reasons, symbols, sides and runs with closes."""
    closes = list(draft.closes.values())
    positions = [draft.of(c) for c in closes]
    code = len({c.path for c in closes}) + len({c.reason for c in closes})
    return code + len({p.market.symbol for p in positions} | {p.side for p in positions}) + len(draft.runs)


def _causes(draft: Draft, lost: list[Close]) -> tuple[str, ...]:
    """The cause of most losses, then those that no evidence tells from it."""
    counts: dict[str, int] = {}
    for close in lost:
        if close.cause:
            counts[close.cause] = counts.get(close.cause, 0) + 1
    if not counts:
        return ()
    first = max(counts, key=lambda cause: counts[cause])
    return (first, *sorted(draft.alike - {first}))
