"""Advice on a profile that loads: what is slow, dead, ambiguous or untested in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from logaudit.core.events import EventKind
from logaudit.core.fields import FieldName
from logaudit.profiles.profile import LINE_LIMIT, Pattern, PatternRole, Profile
from logaudit.profiles.verify import BACKTRACKS
from logaudit.profiles.watchdog import Budget, SlowRegexError

#: What lines are made of that make regexes slow.
_REPEATED: Final = ("a", "A", "0", " ", "-", ".", "_", "a ", "A ", "0 ", "a-", "0.", "0,", "=", "\t")
#: Repetitions that show a regex whose ways double with each, and what no regex expects at the end.
_FEW: Final = 40
_END: Final = "\x01"
#: Seconds that one pattern may take over all such lines; a usual one takes a tenth of it.
_PATIENCE: Final = 2.0
_SHOWN: Final = 30
_POSITION_EVENTS: Final = (EventKind.POSITION_OPENED, EventKind.POSITION_CLOSED)


def check(profile: Profile) -> tuple[str, ...]:
    """Notes for the profile's author, in a fixed order; empty when there is nothing to say."""
    return tuple(note for looks in _CHECKS for note in looks(profile))


def _silent_facts(profile: Profile) -> Iterator[str]:
    """Facts without which the questions logaudit is asked have no answer."""
    of_fills = profile.has(EventKind.ORDER_FILLED) and not profile.has(EventKind.POSITION_CLOSED)
    if not profile.has(EventKind.POSITION_CLOSED) and not of_fills:
        yield "patterns: none states position-closed, so there is no trade to look for in the ledger."
    if not of_fills and not profile.has(EventKind.TRADE_ACKNOWLEDGED):
        yield "patterns: none states trade-acknowledged, so a lost row cannot be told from a false promise."
    if not profile.has(EventKind.RECORDER_FAILED):
        yield "patterns: none states recorder-failed, so a failed write will look like a silent one."


def _unfiltered(profile: Profile) -> Iterator[str]:
    for pattern in profile.patterns:
        if not pattern.literals:
            yield (
                f"{_at(pattern)}: its regex implies no fixed text of three letters, so it is tried on every "
                "line; write a word of the message out, outside (?i)."
            )


def _blocks(profile: Profile) -> Iterator[str]:
    opened = {p.block: p for p in profile.patterns if p.role is PatternRole.EVENT and p.block}
    for pattern in profile.patterns:
        if pattern.role is PatternRole.EVENT:
            continue
        home = opened.get(pattern.block)
        if home is None:
            yield f"{_at(pattern)}: no event opens block {pattern.block!r}, so this {pattern.role} is never used."
        elif home.event is not pattern.event:
            yield f"{_at(pattern)}: it says {pattern.event}, but block {pattern.block!r} is {home.event}."
    for name, block in profile.blocks.items():
        if name not in {p.block for p in profile.patterns}:
            yield f"blocks.{name}: no pattern belongs to it."
            continue
        known = _captured(p for p in profile.patterns if p.block == name)
        for field in block.required:
            if field not in known:
                yield f"blocks.{name}.required: no pattern of the block captures {field}, so it is always cut."


def _nameless(profile: Profile) -> Iterator[str]:
    """Position events that can never name their market."""
    for pattern in profile.patterns:
        if pattern.role is not PatternRole.EVENT or pattern.event not in _POSITION_EVENTS:
            continue
        family = [p for p in profile.patterns if p is pattern or (p.block and p.block == pattern.block)]
        if FieldName.SYMBOL not in _captured(iter(family)):
            yield f"{_at(pattern)}: neither it nor its block captures symbol, so no row can be matched to it."


def _stages(profile: Profile) -> Iterator[str]:
    for stage in profile.stages:
        if not stage.events and not stage.patterns:
            yield f"stages {stage.id!r}: neither events nor patterns show that it happened."
        for event in stage.events:
            if not profile.has(event):
                yield f"stages {stage.id!r}: no pattern states {event}."


def _shadowed(profile: Profile) -> Iterator[str]:
    """Samples that never reach their pattern: of all patterns the first that matches a line takes it."""
    for i, pattern in enumerate(profile.patterns):
        for sample in pattern.samples:
            earlier = next((p for p in profile.patterns[:i] if _takes(p, pattern, sample.line)), None)
            if earlier is not None:
                yield (
                    f"{_at(pattern)}: sample {sample.line!r} is matched by {earlier.id!r} before it; "
                    "narrow that one or put this one first."
                )


def _takes(earlier: Pattern, later: Pattern, line: str) -> bool:
    if earlier.emitter is not None and earlier.emitter != later.emitter:
        return False
    return earlier.read(line) is not None


def _untested(profile: Profile) -> Iterator[str]:
    for pattern in profile.patterns:
        tested = {name for sample in pattern.samples for name in sample.values}
        missing = sorted(name for name in pattern.regex.groupindex if FieldName(name) not in tested)
        if missing:
            yield f"{_at(pattern)}: no sample states the value of {', '.join(missing)}."


def _slow(profile: Profile) -> Iterator[str]:
    """Regexes that try too many ways to match on lines that are made for it."""
    for pattern in profile.patterns:
        budget = Budget(_PATIENCE)
        for line in _repetitive(pattern):
            try:
                pattern.read(line, budget)
            except SlowRegexError:
                shown = line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
                yield f"{_at(pattern)}: its regex takes too long on lines such as {shown!r}. {BACKTRACKS}"
                break


def _repetitive(pattern: Pattern) -> Iterator[str]:
    """Lines that repeat one text, short ones first, and then have something else at their end."""
    words = {word for sample in pattern.samples for word in sample.line.split()}
    starts = ["", *(sample.line[: len(sample.line) // 2] for sample in pattern.samples[:3])]
    for size in (_FEW, LINE_LIMIT - len(_END)):
        for text in (*_REPEATED, *sorted(words), *(f"{word} " for word in sorted(words))):
            for start in starts:
                yield (start + text * size)[:size] + _END


def _captured(patterns: Iterator[Pattern]) -> set[FieldName]:
    return {name for p in patterns for name in (*map(FieldName, p.regex.groupindex), *p.constants)}


def _at(pattern: Pattern) -> str:
    return f"patterns {pattern.id!r}"


_CHECKS: Final[tuple[Callable[[Profile], Iterator[str]], ...]] = (
    _silent_facts,
    _unfiltered,
    _blocks,
    _nameless,
    _stages,
    _shadowed,
    _untested,
    _slow,
)
