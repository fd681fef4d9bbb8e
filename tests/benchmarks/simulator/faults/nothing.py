"""Kinds 7, 12 and 13: what is not recognised, unusual formats and words, and money that is not printed."""

from __future__ import annotations

from typing import Final

import msgspec
from chance import Dice

from simulator import formats, words
from simulator.draft import Draft, Files
from simulator.faults.fault import Fault, touching
from simulator.plan import HARD, MINUTE, SOFT, Close

_FOREIGN: Final = (
    {"closed": "quando", "symbol": "ativo", "side": "lado", "entry": "preco_in", "exit": "preco_out", "size": "qtd",
     "net": "resultado", "gross": "bruto", "fee": "taxa", "opened": "inicio", "reason": "motivo", "id": "n"},
    {"closed": "t", "symbol": "s", "side": "d", "entry": "p0", "exit": "p1", "size": "q", "net": "r", "gross": "g",
     "fee": "f", "opened": "t0", "reason": "why", "id": "k"},
)  # fmt: skip


def _unknown_words(draft: Draft, dice: Dice) -> bool:
    """No pattern knows the close lines; the ledger may hold their rows, or nothing."""
    if draft.bot.russian:
        return False
    draft.rebot(closes=dice.pick(words.UNKNOWN), confirms=False)
    draft.change(draft.closes, confirmed=False)
    if dice.chance(0.4):
        draft.rebot(acks=None)
        draft.change(draft.closes, ack=False, row=False, cause="")
        draft.exits = {1, 3}
    else:
        draft.exits = {0, 1, 3}
    draft.undecidable = "no profile knows how the bot words its closes"
    return True


def _unknown_columns(draft: Draft, dice: Dice) -> bool:
    """The table's header names nothing that is known."""
    if draft.bot.russian:
        return False
    names = dice.pick(_FOREIGN)
    draft.redialect(columns=tuple((names[m], m) for _, m in draft.dialect.columns))
    draft.change(draft.closes, room=SOFT)
    draft.undecidable = "no reader knows what the table's columns mean"
    draft.exits = {0, 1, 3}
    return True


def _no_ledger(draft: Draft, dice: Dice) -> bool:
    """There is no ledger at hand."""
    del dice
    names = {draft.ledger_name(c.at) for c in draft.closes.values()}
    names |= {draft.ledger_name(r.start) for r in draft.runs}

    def hook(files: Files) -> None:
        for name in names:
            files.pop(name, None)

    draft.file_hooks.append(hook)
    draft.change(draft.closes, room=HARD, row=False)
    draft.may |= {"LA201", "LA109", "LA408", "LA111", "LA209"}
    draft.exits = {3}
    return True


def _no_year(draft: Draft, dice: Dice) -> bool:
    """The log's times have no year, so that no reader can be sure of them."""
    del dice
    if draft.bot.russian:
        return False
    draft.relay(formats.NO_YEAR)
    draft.undecidable = "the log's times have no year"
    draft.exits = {0, 3}
    return True


def _quiet(draft: Draft, dice: Dice) -> bool:
    """A day on which the bot closed nothing; at most it still holds a position."""
    keep = draft.positions[:1] if dice.chance(0.5) else []
    model = draft.positions[0]
    run = draft.runs[0]
    draft.runs = [msgspec.structs.replace(run, end=run.start + dice.whole(60, 240) * MINUTE)]
    draft.closes = {}
    draft.positions = keep or [msgspec.structs.replace(model, said=False)]
    draft.may |= {"LA202"}
    draft.exits = {0}
    return True


def _format(draft: Draft, dice: Dice) -> bool:
    """A common log format that no built-in profile names."""
    if draft.bot.russian:
        return False
    draft.relay(dice.pick(formats.OTHERS))
    return True


def _headline(draft: Draft, dice: Dice) -> bool:
    """``POSITION CLOSED: …`` where a logger's name may stand."""
    if draft.bot.russian:
        return False
    draft.relay(dice.pick([f for f in formats.OTHERS if f.title in {"asctime level", "[time] level"}]))
    draft.rebot(closes=words.ENGLISH[3])
    return True


def _words(draft: Draft, dice: Dice) -> bool:
    """Some closes are liquidations, stops or partial closes, and worded so."""
    if draft.bot.russian:
        return False
    name = dice.pick(list(words.OTHERS))
    partial = [c for c in draft.ordered() if name != "partial" or _goes_on(draft, c)]
    chosen = [c.key for c in partial if dice.chance(0.4)]
    draft.change(chosen, words=name)
    return bool(chosen) and "result" in draft.bot.closes.prints


def _goes_on(draft: Draft, close: Close) -> bool:
    """Whether a part of its position stays open."""
    return any(c.position == close.position and c.at > close.at for c in draft.closes.values())


def _forgotten(draft: Draft, dice: Dice) -> bool:
    """A restart forgets a position; the next run opens the same symbol and side anew."""
    later = [p for p in draft.positions if p.run > 0]
    if not later:
        return False
    again = dice.pick(later)
    run = draft.runs[again.run - 1]
    last = max((c.at for c in draft.closes.values() if draft.of(c).run == run.key), default=run.start)
    same = [p for p in draft.positions if p.run == run.key and p.market == again.market]
    ends = [c.at for c in draft.closes.values() if draft.of(c) in same]
    at = max([last, *ends]) + (run.end - last) // 2
    lost = msgspec.structs.replace(
        again, key=len(draft.positions), run=run.key, at=at, order=again.order + 77
    )
    if any(p.market == again.market and p.run == again.run and p.at < again.at for p in draft.positions):
        return False
    draft.positions.append(lost)
    draft.must.add("LA502")
    draft.exits = {0, 1, 3}
    return True


def _unpriced(draft: Draft, dice: Dice) -> bool:
    """The log prints no result, or in a block that is not read; some closes are lost."""
    if draft.bot.russian:
        return False
    keys = [dice.pick(list(draft.closes)) for _ in range(dice.whole(1, 3))]
    draft.rebot(closes=words.UNPRICED[0])
    if dice.chance(0.4):
        draft.rebot(closes=words.UNPRICED[1])
    draft.rebot(acks=words.ACKS[2] if draft.bot.acks else None)
    draft.change(keys, row=False, ack=False, cause="")
    draft.unpriced = True
    return True


def _priced_once(draft: Draft, dice: Dice) -> bool:
    """The log prints no result, and every close is recorded: the totals of log and ledger cannot be compared."""
    if draft.bot.russian:
        return False
    draft.rebot(closes=dice.pick(words.UNPRICED), acks=words.ACKS[2] if draft.bot.acks else None)
    draft.unpriced = True
    return True


#: What faults touch that change how closes are worded and whether they are recorded.
_WORDED: Final = touching("words", "money", "losses", "repeats")
_ALL: Final = _WORDED | touching("clock", "side", "symbol", "rows", "size", "runs", "file", "stamp")

FAULTS: Final = (
    Fault("unknown words", 7, _unknown_words, _WORDED | touching("clock", "side", "symbol")),
    Fault("unknown columns", 7, _unknown_columns, touching("columns", "losses", "rows", "money", "clock")),
    Fault("no ledger", 7, _no_ledger, touching("rows", "losses", "file", "clock", "columns"), order=8),
    Fault("no year", 7, _no_year, touching("layout", "losses", "repeats", "clock")),
    Fault("quiet day", 7, _quiet, _ALL, order=-1),
    Fault("unusual format", 12, _format, touching("layout")),
    Fault("headline like a logger's name", 12, _headline, touching("layout", "words", "money")),
    Fault("liquidated, stopped out, partial", 12, _words, touching("words", "repeats"), parts=True),
    Fault("forgotten by a restart", 12, _forgotten, touching("runs", "repeats", "losses")),
    Fault("unpriced losses", 13, _unpriced, _WORDED),
    Fault("unpriced closes", 13, _priced_once, touching("words", "money", "repeats")),
)
