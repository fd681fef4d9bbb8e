"""Infers how a source's records are laid out from what repeats at the beginnings of its lines.

A line is a lead, a time, fields, and its message. Lines whose leads and times are spelled alike are one layout; behind
their time, what nearly all of them have at one place is a field. The layout is written as a format string, so that
a profile can name it. A word is taken for a logger's name only where it cannot be the message's first.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import Stamp
from logaudit.logformats.compile import compile_format
from logaudit.logformats.fields import USUAL_LEVELS
from logaudit.logformats.json_lines import JsonFormat, infer_json
from logaudit.logformats.text_format import TextFormat, with_usual_levels
from logaudit.logformats.time_spelling import TimeLayout, WrittenTime, find_time, time_specs

#: Lines that decide.
_SAMPLE: Final = 400
#: What this share of the lines have in common belongs to their layout.
_NEARLY_ALL: Final = 0.9
#: Layouts of one source; further ones must read this share of its lines.
_LAYOUTS: Final = 3
_SOME: Final = 0.05
_FIELDS: Final = 5
_LEAD_WORDS: Final = 4

_LEVEL: Final = "(?:" + "|".join(w for n in USUAL_LEVELS for w in (n, n.lower(), n.capitalize())) + ")"
_GAP: Final = lazy_pattern(r"[\s|:\-–—\[\](){}<>=#*•]*")
_LEAD_WORD: Final = lazy_pattern(rf"({_GAP.pattern})(\w(?:[\w.$@/-]*\w)?)")
#: With these a message may begin.
_OPENING: Final = "[({<#*=-"
_BEHIND_TIME: Final = lazy_pattern(r"[\s|:\-–—\[\](){}<>=#*•]|$")
#: Words that begin messages of bots.
_OF_MESSAGES: Final = lazy_pattern(
    r"(?:open|close|exit|enter|entr(?:y|ie)|buy|sell|fill|order|trade|position|signal|stop|start|target|price|loss)"
    r"(?:s|d|ed|ing)?|opening|closing|bought|sold|long|short|balance|equity|pnl|profit|error|warn(?:ing)?|info|debug"
    r"|critical|symbol|side|size|status|total",
    re.IGNORECASE,
)

#: What only modules are called.
_MODULE: Final = lazy_pattern(r"__\w+__|[a-z_]\w*(?:\.\w+)+")


class _Line(NamedTuple):
    text: str
    lead: str
    time: WrittenTime
    rest: str


_Key: TypeAlias = tuple[tuple[str, ...], TimeLayout]


def infer_formats(lines: Sequence[str]) -> tuple[TextFormat | JsonFormat, ...]:
    """The formats of a source that no known format reads; none where nothing repeats.

    Where day and month cannot be told apart in any line, nor by their order, nothing is inferred: a wrong month
    would move every trade.

    Args:
        lines: first lines of the source.
    """
    left = [line.rstrip("\r") for line in lines if line.strip()][:_SAMPLE]
    json = infer_json(left)
    if json is not None:
        return (json,)
    return tuple(_layouts(left, dated=True) or _layouts(left, dated=False))


def _layouts(lines: Sequence[str], *, dated: bool) -> list[TextFormat]:
    """The formats of the commonest layouts; those whose times lack a date must read most lines."""
    found: list[TextFormat] = []
    left = list(lines)
    enough = 1.0 if dated else max(3.0, len(lines) / 2)
    for _ in range(_LAYOUTS):
        made = _layout(left, enough, dated=dated)
        unread = [line for line in left if not any(f.open(line) for f in made)]
        if len(unread) == len(left):
            break
        found += made
        enough = max(2.0, _SOME * len(left))
        left = unread
    return found


def _layout(lines: Sequence[str], enough: float, *, dated: bool) -> list[TextFormat]:
    """The formats of the commonest layout, one for each width of its times' fractions."""
    groups: dict[_Key, list[_Line]] = defaultdict(list)
    for text in lines:
        time = find_time(text)
        if time is not None and time.layout.has_year >= dated and _BEHIND_TIME.match(text, time.end):
            line = _Line(text, text[: time.start], time, text[time.end :])
            shape = _shape(line.lead)
            if shape is not None:
                groups[shape, time.layout].append(line)
    for _, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        if len(group) < enough:
            break
        made = _compiled(group)
        if made:
            return made
    return []


def _shape(lead: str) -> tuple[str, ...] | None:
    """What leads of one layout share: separators, and what kind of word stands between; None for prose."""
    parts: list[str] = []
    at = 0
    while found := _LEAD_WORD.match(lead, at):
        parts += [_narrow(found[1]), _kind(found[2])]
        at = found.end()
    tail = _GAP.match(lead, at)
    names = parts.count("name")
    if len(parts) > 2 * _LEAD_WORDS or tail is None or tail.end() < len(lead):
        return None
    if names > 1 + ("|" in lead) or (parts and not _GAP.match(lead[-1:])):
        return None
    return (*parts, _narrow(tail[0]))


def _kind(word: str) -> str:
    if re.fullmatch(_LEVEL, word):
        return "level"
    return "number" if word.isdigit() else "name"


def _narrow(gap: str) -> str:
    """A separator with one space for many: fields before it may be padded."""
    return re.sub(" +", " ", gap)


def _compiled(group: Sequence[_Line]) -> list[TextFormat]:
    lead = _lead(group[0].lead)
    rest = _rest([line.rest for line in group])
    if "{name" in lead and "{level" not in lead + rest and "|" not in lead:
        return []
    if "{level" in lead and "{level" in rest:
        return []
    readings = [
        [_format(f"{lead}{{time:{spec}}}{rest}") for spec in specs]
        for specs in time_specs([line.time for line in group])
    ]
    return _in_order(readings, [line.text for line in group])


def _lead(lead: str) -> str:
    """A lead as a format string has it: of two names the one nearer to the time is the logger's."""
    shape = _shape(lead) or ("",)
    written = ""
    names = shape.count("name")
    for i, part in enumerate(shape):
        if i % 2 == 0:
            written += _literal(part)
        elif part == "name":
            names -= 1
            service = names or (i == 1 and "|" in shape[2])
            written += "{extra[service]: <1}" if service else "{name: <1}"
        else:
            written += "{level: <8}" if part == "level" else "{process: <1}"
    return written


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}").replace("<", "\\<")


class _Field(NamedTuple):
    """A field behind a time: how a format string has it, how it looks, and whether it must be a logger's name."""

    written: str
    regex: re.Pattern[str]
    is_name: bool = False


_NAME: Final = r"[A-Za-z_<][\w.$/<>-]*"
_FIELDS_OF_LINES: Final = (
    # What journald prints before a message.
    _Field("{extra[host]} {extra[unit]}[{process}]", lazy_pattern(r"[\w.\-]+ [\w./@\-]+\[\d+\](?=: )")),
    _Field("{level: <8}", lazy_pattern(rf"{_LEVEL}(?=[\s|:\-\])}}>,]|$)")),
    _Field(
        "{thread.name}", lazy_pattern(r"(?:MainThread|Thread-\d+|\w+PoolExecutor-\S+|asyncio_\d+)(?=\]|\))")
    ),
    _Field("{name}:{function}:{line}", lazy_pattern(r"[\w.<>]+:[\w<>]+:\d+(?=[\s|\]):])")),
    _Field(
        "{file.path}:{line}", lazy_pattern(r"[\w.\\/-]+\.(?:py|go|rs|[jt]sx?|java|cc|cpp):\d+(?=[\s|\]):])")
    ),
    _Field("{process}", lazy_pattern(r"\d{1,7}(?=\]|\)|\s+[-|]\s)")),
    _Field("{name: <1}", lazy_pattern(rf"{_NAME}(?=[\s|:\-\[(]+{_LEVEL}\b)")),
    _Field("{name: <1}", lazy_pattern(rf"{_NAME}(?=\]|\)|>|:\s|:$|\s+[-|]\s)"), is_name=True),
    # Behind a space alone only where the message begins with a capital, unlike the name.
    _Field("{name: <1}", lazy_pattern(rf"{_NAME}(?= +[^a-z\s\d+$\-])"), is_name=True),
)


def _rest(rests: Sequence[str]) -> str:
    """What stands behind the time, as a format string has it."""
    written = ""
    left, fields = list(rests), list(_FIELDS_OF_LINES)
    for _ in range(_FIELDS):
        gap = _common_gap(left)
        inside = [rest[len(gap) :] for rest in left if rest.startswith(gap)]
        field = _second_time(inside) or next((f for f in fields if _fits(f, inside)), None)
        if field is None or len(inside) < _NEARLY_ALL * len(left):
            break
        written += _literal(gap) + field.written
        left = [_unpadded(rest[found.end() :]) for rest in inside if (found := field.regex.match(rest))]
        fields = [f for f in fields if f.written[:5] != field.written[:5]]
    gap = _common_gap(left)
    return written + _literal(gap.rstrip(_OPENING)) + "{message}"


def _second_time(inside: Sequence[str]) -> _Field | None:
    """The bot's own time behind that of the service that kept its output; only the first one counts."""
    times = [time for rest in inside if (time := find_time(rest)) is not None and not time.start]
    if len(times) < _NEARLY_ALL * len(inside) or not times:
        return None
    layout = max(times, key=lambda t: (times.count(t), t)).layout
    specs = time_specs([time for time in times if time.layout == layout])[0]
    width = max(time.end for time in times)
    return _Field(f"{{time:{specs[-1]}}}", re.compile(rf".{{{width}}}"))


def _unpadded(rest: str) -> str:
    stripped = rest.lstrip(" ")
    return " " + stripped if stripped != rest else rest


def _common_gap(rests: Sequence[str]) -> str:
    """The separator that nearly all begin with."""
    gaps = Counter(found[0] for rest in rests if (found := _GAP.match(rest)))
    if not gaps:
        return ""
    longest = max(gaps, key=lambda gap: (gaps[gap], gap))
    while longest and sum(n for gap, n in gaps.items() if gap.startswith(longest)) < _NEARLY_ALL * len(rests):
        longest = longest[:-1]
    return longest


def _fits(field: _Field, inside: Sequence[str]) -> bool:
    words = [found[0] for rest in inside if (found := field.regex.match(rest))]
    if not words or len(words) < _NEARLY_ALL * len(inside):
        return False
    return not field.is_name or _are_names(words)


def _are_names(words: Sequence[str]) -> bool:
    """Whether words before messages are names of loggers: spelled as code spells names, few, and of no trade.

    Modules may be many: where every line begins with one, these are no words of messages.
    """
    distinct = set(words)
    return (
        (len(distinct) <= max(3, len(words) // 4) or all(map(_MODULE.fullmatch, distinct)))
        and all(map(_is_code, distinct))
        and not any(map(_OF_MESSAGES.fullmatch, distinct))
    )


def _is_code(word: str) -> bool:
    """Whether a word is spelled like a module or a class: `desk.exits`, `main_loop`, `exits`, `RiskManager`."""
    return (
        bool(re.fullmatch(r"[a-z_]\w*|\w+(?:[./_-]\w+)+|(?:[A-Z]+[a-z0-9]+){2,}", word))
        and not word.isupper()
    )


def _format(written: str) -> TextFormat:
    log_format = compile_format(written, dated=False)
    assert isinstance(log_format, TextFormat)  # noqa: S101 - only its own name compiles to the JSON log format
    # Where only spaces stand behind a level, any word would do for one.
    return with_usual_levels(log_format) if "{level: <8} " in written else log_format


def _in_order(readings: Sequence[list[TextFormat]], texts: Sequence[str]) -> list[TextFormat]:
    """The reading that reads the most lines, with their times in order; none where two do so equally."""
    if len(readings) == 1:
        return readings[0]
    stamps = [_stamps(reading, texts) for reading in readings]
    ranks = [(-len(found), *_disorder(found)) for found in stamps]
    best = min(range(len(readings)), key=ranks.__getitem__)
    tied = [found for found, rank in zip(stamps, ranks, strict=True) if rank == ranks[best]]
    return [] if any(found != stamps[best] for found in tied) else readings[best]


def _stamps(log_formats: Sequence[TextFormat], texts: Sequence[str]) -> list[Stamp]:
    openings = (next(filter(None, (f.open(text) for f in log_formats)), None) for text in texts)
    return [opening[0] for opening in openings if opening is not None]


def _disorder(stamps: Sequence[Stamp]) -> tuple[int, int]:
    """How often the times run backwards, and the time they span: a swapped month scatters both."""
    backwards = sum(later.us < earlier.us for earlier, later in pairwise(stamps))
    return backwards, max((s.us for s in stamps), default=0) - min((s.us for s in stamps), default=0)
