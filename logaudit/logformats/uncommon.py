"""Log formats that are tried only on a source that no usual one reads: one is chosen for all its lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from logaudit.core.timestamp import Stamp
from logaudit.logformats.compile import compile_format
from logaudit.logformats.text_format import TextFormat, with_usual_levels

#: Layouts with a level, most specific first; ``%s`` is the time.
_LEVELLED: Final = (
    "{%s} | {level: <8} | {name}:{function}:{line} - {message}",
    "{%s} - {name} - {level} - {message}",
    "{%s} | {level: <8} | {name} | {message}",
    "{%s} [{level}] {name}: {message}",
    "{%s} {level} {name}: {message}",
    "[{%s}] [{level}] {message}",
    "[{%s}] {level}: {message}",
    "[{%s}] {level} {message}",
    "{%s} | {level: <8} | {message}",
    "{%s} - {level} - {message}",
    "{%s} [{level}] {message}",
    "{%s}:{level}:{message}",
    "{%s} {level}: {message}",
    "{%s} {level} {message}",
)
#: Layouts without one: any text may follow the time.
_BARE: Final = (
    "[{%s}] {message}",
    "{%s} | {message}",
    "{%s} - {message}",
    "{%s}: {message}",
    "{%s} {message}",
)
#: Written times. Of two orders of day and month the one is taken in which the lines are in order; with a
#: twelve-hour clock the month comes first, as where such clocks are usual.
_TIMES: Final = (
    "YYYY-MM-DD HH:mm:ss,SSS",
    "YYYY-MM-DD HH:mm:ss.SSSSSS",
    "YYYY-MM-DD HH:mm:ss.SSS",
    "YYYY-MM-DD HH:mm:ss",
    "YYYY-MM-DD HH:mm:ssZ",
    "YYYY-MM-DDTHH:mm:ss.SSSSSSZ",
    "YYYY-MM-DDTHH:mm:ss.SSSSSS[Z]!UTC",
    "YYYY-MM-DDTHH:mm:ss.SSSZ",
    "YYYY-MM-DDTHH:mm:ss.SSS[Z]!UTC",
    "YYYY-MM-DDTHH:mm:ss.SSS",
    "YYYY-MM-DDTHH:mm:ssZ",
    "YYYY-MM-DDTHH:mm:ss[Z]!UTC",
    "YYYY-MM-DDTHH:mm:ss",
    "YYYY/MM/DD HH:mm:ss.SSS",
    "YYYY/MM/DD HH:mm:ss",
    "DD.MM.YYYY HH:mm:ss,SSS",
    "DD.MM.YYYY HH:mm:ss.SSS",
    "DD.MM.YYYY HH:mm:ss",
    "M/D/YYYY h:mm:ss A",
    "MM/DD/YYYY HH:mm:ss",
    "DD/MM/YYYY HH:mm:ss",
    "MM-DD-YYYY HH:mm:ss",
    "DD-MM-YYYY HH:mm:ss",
)
#: A format that reads fewer of a source's lines than this share of what the best one reads is not its format.
_NEARLY_ALL: Final = 0.9
#: Lines that decide; a head has no more.
_SAMPLE: Final = 400
#: Lines spread over the sample, of which a format must read one to be tried on all.
_FEW: Final = 40


@lru_cache(maxsize=1)
def uncommon_formats() -> tuple[TextFormat, ...]:
    """All of them, those with a level first; made when first asked for, as few logs need any."""
    levelled = [with_usual_levels(_compiled(layout, time)) for layout in _LEVELLED for time in _TIMES]
    return (*levelled, *(_compiled(layout, time) for layout in _BARE for time in _TIMES))


def choose_format(lines: Sequence[str]) -> TextFormat | None:
    """The one format for all of a source's lines, None where none reads any.

    The most specific of those that read nearly as many lines as the best one; of equals the one whose times
    are in order more often. Where day and month cannot be told apart in any line, nor by their order, the
    source is not read: a wrong month would move every trade.

    Args:
        lines: first lines of the source, blank ones left out.
    """
    sample = [line for line in lines[:_SAMPLE] if line.strip()]
    few = sample[:: max(1, len(sample) // _FEW)]
    likely = [log_format for log_format in uncommon_formats() if any(map(log_format.open, few))]
    read = {log_format: _stamps(log_format, sample) for log_format in likely}
    most = max(map(len, read.values()), default=0)
    if not most:
        return None
    near = [log_format for log_format, stamps in read.items() if len(stamps) >= _NEARLY_ALL * most]
    levelled = [log_format for log_format in near if log_format.levels] or near
    layout = max(levelled, key=lambda log_format: (log_format.specificity, len(read[log_format])))
    rivals = [
        f for f in levelled if f.specificity == layout.specificity and len(read[f]) == len(read[layout])
    ]
    ranked = sorted(rivals, key=lambda f: _disorder(read[f]))
    if len(ranked) > 1 and _disorder(read[ranked[0]]) == _disorder(read[ranked[1]]):
        differ = read[ranked[0]] != read[ranked[1]]
        return None if differ else ranked[0]
    return ranked[0]


def _stamps(log_format: TextFormat, lines: Sequence[str]) -> list[Stamp]:
    openings = (log_format.open(line) for line in lines)
    return [opening[0] for opening in openings if opening is not None]


def _disorder(stamps: Sequence[Stamp]) -> tuple[int, int]:
    """How often the times run backwards, and the time they span: a swapped month scatters both."""
    backwards = sum(later.us < earlier.us for earlier, later in pairwise(stamps))
    return backwards, max(s.us for s in stamps) - min(s.us for s in stamps)


def _compiled(layout: str, time: str) -> TextFormat:
    log_format = compile_format(layout % f"time:{time}")
    assert isinstance(log_format, TextFormat)  # noqa: S101 - only its own name compiles to the JSON log format
    return log_format
