"""Positions on a time line for Mermaid: labels are evidence numbers, and no text from logs is in it."""

from __future__ import annotations

from typing import Final

from logaudit.core.timestamp import SECOND, iso
from logaudit.renderers.document.charts.drawing import Bar, Lanes, TradeOutcome
from logaudit.renderers.document.exhibits import ExhibitIndex

#: GitHub draws no larger diagram; and nobody reads a longer one.
LIMIT: Final = 50_000
_BARS: Final = 60
#: Mermaid's own tags, the lost ones standing out.
_TAGS: Final = {
    TradeOutcome.LOST: "crit, ",
    TradeOutcome.RESTORED: "crit, done, ",
    TradeOutcome.RECORDED: "done, ",
    TradeOutcome.OPEN: "active, ",
    TradeOutcome.UNKNOWN: "",
}
_ORDER: Final = (
    TradeOutcome.LOST,
    TradeOutcome.RESTORED,
    TradeOutcome.RECORDED,
    TradeOutcome.UNKNOWN,
    TradeOutcome.OPEN,
)
_DAY: Final = 86_400 * SECOND


def gantt(lanes: Lanes, evidence: ExhibitIndex) -> str:
    """A Gantt chart by outcome, the lost first; at most 60 bars. Empty where no bar has a number."""
    by_fate: dict[TradeOutcome, list[tuple[int, Bar]]] = {fate: [] for fate in _ORDER}
    room = _BARS
    for fate in _ORDER:
        bars = sorted(_numbered(lanes, fate, evidence), key=lambda item: (item[1].end, item[0]))
        by_fate[fate] = bars[:room]
        room -= len(by_fate[fate])
    drawn = [bar for bars in by_fate.values() for _, bar in bars]
    if not drawn:
        return ""
    span = max(bar.end for bar in drawn) - min(bar.end if bar.start is None else bar.start for bar in drawn)
    lines = [
        "gantt",
        f"    accTitle: {_words(lanes.title)}",
        f"    accDescr: {_words(lanes.description)}",
        "    dateFormat YYYY-MM-DD HH:mm:ss",
        f"    axisFormat {'%H:%M' if span < _DAY else '%m-%d %H:%M'}",
    ]
    for fate, bars in by_fate.items():
        if bars:
            lines.append(f"    section {_words(lanes.words[fate])}")
            lines += [_task(number, bar, fate) for number, bar in bars]
    text = "\n".join(lines)
    return text if len(text) < LIMIT else ""


def _numbered(lanes: Lanes, fate: TradeOutcome, evidence: ExhibitIndex) -> list[tuple[int, Bar]]:
    bars = (bar for lane in lanes.lanes for bar in lane.bars if bar.fate is fate)
    return [(number, bar) for bar in bars if (number := evidence.number(bar.place)) is not None]


def _task(number: int, bar: Bar, fate: TradeOutcome) -> str:
    start = bar.end if bar.start is None else bar.start
    # A bar without length is not drawn at all.
    end = max(bar.end, start + SECOND)
    return f"    E{number} :{_TAGS[fate]}e{number}, {_time(start)}, {_time(end)}"


def _time(us: int) -> str:
    return iso(us, SECOND).replace("T", " ")


def _words(text: str) -> str:
    """Our own words without what is syntax to Mermaid."""
    return "".join(" " if c in ":;,#%{}\"'`<>|" or not c.isprintable() else c for c in text)
