"""The calls that a bot logs about what happens to it."""

from __future__ import annotations

from chance import Dice

from simulator.draft import Draft, Say, Tag
from simulator.plan import SECOND, Close, Position, Run
from simulator.words import OTHERS

_MS = 1000


def story(draft: Draft, dice: Dice) -> list[Say]:
    """All calls of all runs, in order."""
    said: list[Say] = []
    for run in draft.runs:
        said += _setup(draft, run)
        said += _beats(draft, run, dice)
    for position in draft.positions:
        if position.said:
            said += _open(draft, position)
    counts: dict[int, int] = {}
    for close in draft.ordered():
        run_key = draft.of(close).run
        counts[run_key] = counts.get(run_key, 0) + close.ack
        said += told(draft, close, counts[run_key])
    said.sort(key=lambda s: s.at)
    for hook in draft.say_hooks:
        said = hook(said)
    return said


def _setup(draft: Draft, run: Run) -> list[Say]:
    bot, code = draft.bot, draft.bot.code
    name = draft.ledger_name(run.start)
    path = f"logs/{name}" if bot.russian else name
    said = [
        Say(run.start, "INFO", code.main, bot.started),
        Say(run.start + 2 * _MS, "INFO", code.ready, bot.said_ready.format(path=path), Tag("ready")),
    ]
    if bot.names_ledger:
        text = bot.created if run.key == 0 else bot.reused
        said.append(Say(run.start + 4 * _MS, "INFO", code.ready, text.format(path=path), Tag("ledger")))
    return said


def _beats(draft: Draft, run: Run, dice: Dice) -> list[Say]:
    """The remarks that show that the process is alive."""
    bot, said = draft.bot, []
    at = run.start + 20 * SECOND
    while at < run.end:
        market = dice.pick(draft.positions).market
        text = dice.pick(bot.beats).format(
            symbol=bot.style.spell(market.symbol), number=dice.whole(31, 69), price=market.price
        )
        said.append(Say(at, "INFO" if dice.chance(0.5) else "DEBUG", bot.code.loop, text))
        at += dice.whole(30, 75) * SECOND + dice.whole(0, 999) * _MS
    return said


def _open(draft: Draft, position: Position) -> list[Say]:
    bot = draft.bot
    lines = bot.opens(position, bot.style)
    return [
        Say(position.at + i * _MS, "INFO", bot.code.opener, text, Tag("open", position.key))
        for i, text in enumerate(lines)
    ]


def told(draft: Draft, close: Close, count: int) -> list[Say]:
    """The lines about one close: the close itself, the exchange, the recorder."""
    bot, position = draft.bot, draft.of(close)
    said = announcement(draft, close, Tag("close", close.key)) if close.said else []
    at = close.at + len(said) * _MS
    if close.ack and bot.acks is not None:
        for i, text in enumerate(bot.acks(position, close, bot.style, count)):
            said.append(Say(at + (2 + i) * _MS, "INFO", bot.code.writer, text, Tag("ack", close.key)))
    if close.failure:
        said.append(Say(at + 2 * _MS, "ERROR", bot.code.writer, close.failure, Tag("failure", close.key)))
    if close.confirmed:
        text = bot.confirmation(bot.style.symbol(position), position.side)
        delay = 150 + (close.key * 37) % 700
        said.append(Say(at + delay * _MS, "INFO", bot.code.socket, text, Tag("exchange", close.key)))
    return said


def announcement(draft: Draft, close: Close, tag: Tag, *, later: int = 0) -> list[Say]:
    """The close as the bot words it, one call or several."""
    bot = draft.bot
    wording = OTHERS.get(close.words, bot.closes)
    lines = wording.text(draft.of(close), close, bot.style)
    emitter, at = bot.code.paths[close.path], close.at + later
    if not wording.calls:
        return [Say(at, "INFO", emitter, "\n".join(lines), tag)]
    parts = (tag, *(Tag("part", close.key),) * (len(lines) - 1))
    return [Say(at + i * 50, "INFO", emitter, text, parts[i]) for i, text in enumerate(lines)]
