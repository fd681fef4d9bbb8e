"""Kind 1: one close told more than once, and two closes told in equal lines."""

from __future__ import annotations

from typing import Final

import msgspec
from chance import Dice

from simulator import formats, words
from simulator.draft import Draft, Say, Tag
from simulator.faults.fault import Fault, touching
from simulator.market import fee_of, gross_of
from simulator.plan import SECOND, Close, Position
from simulator.story import announcement

_MS: Final = 1000


def _echo_notifier(draft: Draft, dice: Dice) -> bool:
    """A notifier repeats each close within a second."""
    delays = {key: dice.whole(100, 900) * _MS for key in draft.closes}

    def hook(said: list[Say]) -> list[Say]:
        more = []
        for close in draft.ordered():
            if close.said:
                lines = draft.bot.closes.text(draft.of(close), close, draft.bot.style)
                text = " ".join(" ".join(lines).split())
                text = "\n".join(lines) if draft.bot.russian else f"Sending telegram: {text}"
                more.append(_repeat(close, close.at + delays[close.key], draft.bot.code.notifier, text))
        return _merged(said, more)

    draft.may.add("LA503")
    draft.say_hooks.append(hook)
    return True


def _echo_fill(draft: Draft, dice: Dice) -> bool:
    """The exit is told when its order is placed and again when it is filled."""
    delays = {key: dice.whole(1000, 4000) * _MS for key in draft.closes}
    wording = words.RUSSIAN[2] if draft.bot.russian else words.FILL

    def hook(said: list[Say]) -> list[Say]:
        more = []
        for close in draft.ordered():
            if close.said:
                (text,) = wording.text(draft.of(close), close, draft.bot.style)
                more.append(_repeat(close, close.at + delays[close.key], draft.bot.code.filler, text))
        return _merged(said, more)

    draft.may.add("LA503")
    draft.say_hooks.append(hook)
    return True


def _summary(draft: Draft, dice: Dice) -> bool:
    """At the end of the session the bot lists what it closed."""
    del dice

    def hook(said: list[Say]) -> list[Say]:
        at = draft.last_run().end - 40 * SECOND
        more = [Say(at, "INFO", draft.bot.code.notifier, "Daily summary:")]
        for i, close in enumerate((c for c in draft.ordered() if c.said), 1):
            (text,) = words.FILL.text(draft.of(close), close, draft.bot.style)
            more.append(_repeat(close, at + i * _MS, draft.bot.code.notifier, text))
        return _merged(said, more)

    if draft.bot.russian:
        return False
    draft.may.add("LA503")
    draft.say_hooks.append(hook)
    return True


def _retry_loop(draft: Draft, dice: Dice) -> bool:
    """A loop announces one position's close again and again, each time with the price of the moment."""
    found = [c for c in draft.ordered() if alone(draft, c)]
    if not found:
        return False
    close, times, lost = dice.pick(found), dice.whole(2, 17), dice.chance(0.5)
    again = [moved(draft.of(close), close, dice, i) for i in range(1, times + 1)]
    if lost:
        draft.change([close.key], row=False, ack=False, cause="path-never-calls-recorder")
        draft.alike = frozenset({"called-without-result", "exception-swallowed"})
    draft.must.add("LA503")

    def hook(said: list[Say]) -> list[Say]:
        more = []
        for other in again:
            calls = announcement(draft, other, Tag("repeat", close.key))
            more += [msgspec.structs.replace(s, tag=Tag("repeat", close.key)) for s in calls]
        return _merged(said, more)

    draft.say_hooks.append(hook)
    return True


def alone(draft: Draft, close: Close) -> bool:
    """Whether its position ends with it and nothing opens its symbol for long after."""
    position = draft.of(close)
    same = [c for c in draft.closes.values() if c.position == close.position]
    after = [p for p in draft.positions if p.market == position.market and p.at > close.at]
    run = draft.runs[position.run]
    long = close.at + 400 * SECOND
    return len(same) == 1 and all(p.at > long for p in after) and long < run.end


def moved(position: Position, close: Close, dice: Dice, turn: int) -> Close:
    """The same close some turns later, at the price of the moment."""
    price = close.exit + position.market.tick * dice.whole(-40, 40)
    return msgspec.structs.replace(
        close,
        at=close.at + turn * 20 * SECOND,
        exit=price,
        gross=gross_of(position, price, close.size),
        fee=fee_of(position, price, close.size),
    )


def _second_handler(draft: Draft, dice: Dice) -> bool:
    """The same sink twice: every line stands there twice, at most a millisecond apart."""
    later = dice.pick((0, _MS))

    def hook(said: list[Say]) -> list[Say]:
        return [copy for s in said for copy in (s, msgspec.structs.replace(s, at=s.at + later))]

    draft.say_hooks.append(hook)
    return True


def _two_formats(draft: Draft, dice: Dice) -> bool:
    """Two handlers with different formats write into one file."""
    others = [f for f in formats.KNOWN if f != draft.bot.layout and f.digits]
    if draft.bot.russian or not draft.bot.layout.digits:
        return False
    second = dice.pick(others)

    def hook(said: list[Say]) -> list[Say]:
        return [copy for s in said for copy in (s, msgspec.structs.replace(s, layout=second))]

    draft.say_hooks.append(hook)
    return True


def _equal_trades(draft: Draft, dice: Dice) -> bool:
    """Two real trades with equal lines; both recorded, or one lost, or one write failed."""
    found = [c for c in draft.ordered() if alone(draft, c)]
    if not found:
        return False
    close = dice.pick(found)
    position = draft.of(close)
    key = max(draft.closes) + 1
    draft.positions.append(
        msgspec.structs.replace(position, key=len(draft.positions), order=position.order + 500_000)
    )
    twin = msgspec.structs.replace(close, key=key, position=len(draft.positions) - 1, twin=close.key)
    draft.closes[key] = twin
    draft.change([close.key], twin=close.key)
    fate = dice.pick(("both", "both", "lost", "failed"))
    if fate == "lost" and draft.bot.acks is not None:
        draft.change([key], row=False, ack=False, cause="exception-swallowed")
        draft.alike = frozenset({"called-without-result", "path-never-calls-recorder"})
    elif fate == "failed":
        why = draft.bot.failed(draft.bot.style.symbol(position), "[Errno 28] No space left on device")
        draft.change([key], row=False, ack=False, failure=why, cause="write-failed")
    return True


def _repeat(close: Close, at: int, emitter: formats.Emitter, text: str) -> Say:
    return Say(at, "INFO", emitter, text, Tag("repeat", close.key))


def _merged(said: list[Say], more: list[Say]) -> list[Say]:
    return sorted([*said, *more], key=lambda s: s.at)


FAULTS: Final = (
    Fault("echo of a notifier", 1, _echo_notifier, touching("repeats")),
    Fault("exit and fill", 1, _echo_fill, touching("repeats")),
    Fault("daily summary", 1, _summary, touching("repeats")),
    Fault("retry loop", 1, _retry_loop, touching("repeats", "losses")),
    Fault("second handler", 1, _second_handler, touching("repeats"), order=9),
    Fault("two formats in one file", 1, _two_formats, touching("repeats", "layout"), order=9),
    Fault("two equal trades", 1, _equal_trades, touching("repeats", "losses", "rows")),
)
