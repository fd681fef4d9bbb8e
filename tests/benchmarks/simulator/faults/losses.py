"""Kinds 8, 9, 11, 13 and 16: what happens to rows on their way into the ledger."""

from __future__ import annotations

from typing import Final

import msgspec
from chance import Dice

from simulator.draft import Draft, Say
from simulator.faults.fault import Fault, touching
from simulator.plan import SECOND, Close

_MS: Final = 1000
SILENCE: Final = frozenset({"called-without-result", "exception-swallowed", "path-never-calls-recorder"})


def some(draft: Draft, dice: Dice, most: int = 4) -> list[Close]:
    """Some closes, never all of one code path."""
    left = dict.fromkeys(draft.bot.code.paths, 0)
    for close in draft.closes.values():
        left[close.path] += close.row
    found = []
    for _ in range(dice.whole(1, most)):
        close = dice.pick(draft.ordered())
        if close not in found and left[close.path] > 1 and close.row:
            left[close.path] -= 1
            found.append(close)
    return found


def _blind_path(draft: Draft, dice: Dice) -> bool:
    """One code path never calls the recorder."""
    counts = {path: [c for c in draft.closes.values() if c.path == path] for path in draft.bot.code.paths}
    enough = [p for p, c in counts.items() if len(c) >= 3 and len(draft.closes) - len(c) >= 4]
    if not enough:
        return False
    path = dice.pick(enough)
    keys = [c.key for c in counts[path]]
    draft.change(keys, row=False, ack=False, cause="path-never-calls-recorder")
    draft.alike = SILENCE
    draft.blind = path
    draft.may.add("LA110")
    return True


def _random_losses(draft: Draft, dice: Dice) -> bool:
    """Some closes are lost in silence, whatever path they took."""
    keys = [c.key for c in some(draft, dice)]
    draft.change(keys, row=False, ack=False, cause="exception-swallowed")
    draft.alike = SILENCE
    return bool(keys)


def _false_ack(draft: Draft, dice: Dice) -> bool:
    """The recorder says that it wrote, and did not."""
    if draft.bot.acks is None:
        return False
    keys = [c.key for c in some(draft, dice, 3) if not _last(draft, c)]
    draft.change(keys, row=False, cause="acknowledged-without-writing")
    return bool(keys)


def _last(draft: Draft, close: Close) -> bool:
    """Whether no row of the same run follows."""
    return not any(
        c.row and c.at > close.at and draft.of(c).run == draft.of(close).run for c in draft.closes.values()
    )


def _died(draft: Draft, dice: Dice) -> bool:
    """A run crashes with its last rows in a buffer."""
    if draft.bot.acks is None or len(draft.runs) < 2:
        return False
    run = draft.runs[dice.whole(0, len(draft.runs) - 2)]
    mine = [c for c in draft.ordered() if draft.of(c).run == run.key]
    if len(mine) < 3:
        return False
    gone = mine[-dice.whole(1, len(mine) - 2) :]
    draft.change([c.key for c in gone], row=False, cause="died-before-flush")
    end = gone[-1].at + dice.whole(2, 25) * SECOND
    draft.runs[run.key] = msgspec.structs.replace(run, end=end, crashed=True)
    return True


def _never_ready(draft: Draft, dice: Dice) -> bool:
    """One run never sets its recorder up: no line of it and no row."""
    if draft.bot.acks is None or len(draft.runs) < 2:
        return False
    run = draft.runs[dice.whole(1, len(draft.runs) - 1)]
    keys = [c.key for c in draft.closes.values() if draft.of(c).run == run.key]
    draft.change(keys, row=False, ack=False, cause="recorder-never-initialised")
    setup = {"ready", "ledger"}

    def hook(said: list[Say]) -> list[Say]:
        return [s for s in said if not (s.tag.kind in setup and run.start <= s.at <= run.end)]

    draft.say_hooks.append(hook)
    draft.must.add("LA109")
    return bool(keys)


def _result_none(draft: Draft, dice: Dice) -> bool:
    """A line says that there was no result to record."""
    keys = [c.key for c in some(draft, dice, 3)]
    draft.change(keys, row=False, ack=False, hinted=True, cause="called-without-result")
    draft.may.add("LA108")

    def hook(said: list[Say]) -> list[Say]:
        for key in keys:
            close = draft.closes[key]
            symbol = draft.bot.style.symbol(draft.of(close))
            text = f"No result for {symbol}: trade_result=None"
            said.append(Say(close.at + 3 * _MS, "WARNING", draft.bot.code.paths[close.path], text))
        return sorted(said, key=lambda s: s.at)

    draft.say_hooks.append(hook)
    return bool(keys)


def _swallowed(draft: Draft, dice: Dice) -> bool:
    """Lost closes are followed by an error that says nothing of the recorder."""
    keys = [c.key for c in some(draft, dice, 3)]
    draft.change(keys, row=False, ack=False, cause="exception-swallowed")

    def hook(said: list[Say]) -> list[Say]:
        for key in keys:
            close = draft.closes[key]
            text = f"Unexpected error in exit handler: KeyError('fee_{key}')"
            said.append(Say(close.at + 4 * _MS, "ERROR", draft.bot.code.loop, text))
        return sorted(said, key=lambda s: s.at)

    draft.say_hooks.append(hook)
    return bool(keys)


def _failed_worded(draft: Draft, dice: Dice) -> bool:
    """Writes fail, and the recorder says so in known words."""
    keys = [c.key for c in some(draft, dice, 3)]
    why = dice.pick(
        ("[Errno 28] No space left on device", "[Errno 13] Permission denied", "database is locked")
    )
    for key in keys:
        symbol = draft.bot.style.symbol(draft.of(draft.closes[key]))
        failure = draft.bot.failed(symbol, why)
        draft.change([key], row=False, ack=False, failure=failure, cause="write-failed")
    return bool(keys)


def _failed_named(draft: Draft, dice: Dice) -> bool:
    """Writes fail; an error by the recorder's own code or with the ledger's name is all that says so."""
    name = draft.ledger_name(draft.runs[0].start)
    texts = [f"[Errno 13] Permission denied: '{name}'", f"could not append to {name}: disk quota exceeded"]
    if draft.bot.layout.emitter and draft.bot.acks is not None:
        texts.append("OSError: [Errno 5] Input/output error")
    keys = [c.key for c in some(draft, dice, 3)]
    draft.change(keys, row=False, ack=False, failure=dice.pick(texts), cause="write-failed")
    return bool(keys)


def _refused_beside(draft: Draft, dice: Dice) -> bool:
    """A close is lost in silence; in the same second the exchange refused to close another position."""
    found = []
    for close in some(draft, dice, 6):
        others = [
            p
            for p in draft.positions
            if p.key != close.position and p.at < close.at and _ends(draft, p.key) > close.at + 90 * SECOND
        ]
        if others:
            found.append((close, dice.pick(others)))
    if not found:
        return False
    close, other = found[0]
    draft.change([close.key], row=False, ack=False, cause="exception-swallowed")
    draft.alike = SILENCE

    def hook(said: list[Say]) -> list[Say]:
        text = (
            f"Failed to close position {draft.bot.style.symbol(other)}: order refused by exchange, code 51008"
        )
        said.append(Say(close.at + 300 * _MS, "ERROR", draft.bot.code.paths[close.path], text))
        return sorted(said, key=lambda s: s.at)

    draft.say_hooks.append(hook)
    return True


def _ends(draft: Draft, position: int) -> int:
    return max(c.at for c in draft.closes.values() if c.position == position)


FAULTS: Final = (
    Fault("failed write, known words", 8, _failed_worded, touching("losses")),
    Fault("failed write, named file or emitter", 8, _failed_named, touching("losses")),
    Fault("refused close beside a loss", 8, _refused_beside, touching("losses")),
    Fault("blind path", 16, _blind_path, touching("losses"), weight=5),
    Fault("random losses", 16, _random_losses, touching("losses")),
    Fault("false acknowledgement", 16, _false_ack, touching("losses")),
    Fault("died before flushing", 16, _died, touching("losses", "runs"), weight=2),
    Fault("result None", 16, _result_none, touching("losses"), weight=2),
    Fault("recorder never initialised", 16, _never_ready, touching("losses", "runs")),
    Fault("exception swallowed", 16, _swallowed, touching("losses")),
)
