"""Finds a written time in a text, and tells its spelling as a format string's ``{time:…}`` has it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from logaudit.core.lazy_pattern import lazy_pattern

_MONTHS: Final = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
#: Zone words in use; any other word behind a time belongs to what follows.
_ZONES: Final = (
    "UTC|GMT|MSK|CEST|CET|EEST|EET|WEST|WET|BST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|IST|JST|KST|HKT|SGT|AEST|AEDT"
)
_OFFSET: Final = "[+-][0-9]{2}:?[0-9]{2}"
_TIME: Final = lazy_pattern(
    rf"""
    (?<![\w.+\-]) (?<![0-9]:)
    (?: (?: (?P<ymd> [0-9]{{4}} (?P<s1>[-/.]) [0-9]{{2}} (?P=s1) [0-9]{{2}} )
          | (?P<last> (?P<one>[0-9]{{1,2}}) (?P<s2>[-/.]) (?P<two>[0-9]{{1,2}}) (?P=s2) [0-9]{{4}} )
          | (?P<named> (?P<weekday>[A-Z][a-z]{{2}}[ ])? (?:{_MONTHS}) [ ] (?P<mday>[ ][0-9]|[0-9]{{1,2}}) )
          | (?P<day> [0-9]{{2}} (?P<s3>[ /\-]) (?:{_MONTHS}) (?P=s3) [0-9]{{4}} )
          | (?P<tight> 20[0-9]{{6}} )
          | (?P<short> [0-9]{{2}} (?P<s5>[-/.]) [0-9]{{2}} (?P=s5) [0-9]{{2}} )
          | (?P<md> [0-9]{{2}} (?P<s4>[-/]) [0-9]{{2}} ) )
        (?P<gap> T | _ | : | - | ,?[ ](?:at[ ])? ) )?
    (?P<hour>[0-9]{{1,2}}) :[0-9]{{2}} (?P<second>:[0-9]{{2}})? (?P<fraction>[.,][0-9]{{1,9}})?
    (?P<half>[ ]?(?:AM|PM|am|pm)\b)?
    (?(weekday)(?P<year>[ ][0-9]{{4}}\b)?)
    (?P<zone>[ ]?(?:Z|{_OFFSET}|(?<=[ ])(?:{_ZONES})(?:{_OFFSET})?)(?!\w))?
    (?!\w|:[0-9])
  | (?<![\w.+\-]) (?P<epoch>1[0-9]{{9}}) (?P<below>\.[0-9]{{1,9}}|[0-9]{{3}}|[0-9]{{6}})? (?![\w.])
    """,
    re.VERBOSE | re.ASCII,
)


#: The first time stands within so many characters.
_LOOK_AT: Final = 120


class DateKind(StrEnum):
    """How the date is written; ``LAST`` has day and month, in either order, before the year."""

    YEAR_FIRST = "year first"
    LAST = "year last"
    NAMED = "month's name first"
    DAY_NAMED = "day and month's name"
    TIGHT = "nothing between"
    SHORT = "two digits for each"
    NO_YEAR = "month and day"
    NONE = "none"
    EPOCH = "seconds since 1970"


class TimeLayout(NamedTuple):
    """What the spellings of two times of one layout have in common.

    Attributes:
        mark: between the parts of the date; gap: between date and clock.
        half: AM or PM with the space before it; zone: what stands for the zone, with the space before it.
        year: whether a year follows the clock, as `ctime` prints it; second: whether seconds are printed.
    """

    date: DateKind
    mark: str = ""
    gap: str = ""
    half: str = ""
    zone: str = ""
    year: bool = False
    second: bool = True

    @property
    def has_year(self) -> bool:
        """Whether a time says on which day of which year it is."""
        return self.date not in (DateKind.NAMED, DateKind.NO_YEAR, DateKind.NONE) or self.year


class WrittenTime(NamedTuple):
    """A time found in a text.

    Attributes:
        start, end: where it stands.
        fraction: the mark of its fraction and how many digits it has.
        short: whether day, month or hour is one digit wide; spaced: whether a space stands for the zero.
    """

    start: int
    end: int
    layout: TimeLayout
    fraction: tuple[str, int]
    short: bool
    spaced: bool


def find_time(text: str) -> WrittenTime | None:
    """The first time in the beginning of a text."""
    for found in _TIME.finditer(text, 0, _LOOK_AT):
        if found["epoch"]:
            below = found["below"] or ""
            mark = "." if below[:1] == "." else ""
            layout = TimeLayout(DateKind.EPOCH)
            return WrittenTime(
                *found.span(), layout, (mark, len(below) - len(mark)), short=False, spaced=False
            )
        if found["second"] or found["gap"]:
            return _calendar(found)
    return None


def _calendar(found: re.Match[str]) -> WrittenTime:
    date, mark = next(
        (kind, found[sign] if sign else "")
        for kind, group, sign in (
            (DateKind.YEAR_FIRST, "ymd", "s1"),
            (DateKind.LAST, "last", "s2"),
            (DateKind.NAMED, "named", "weekday"),
            (DateKind.DAY_NAMED, "day", "s3"),
            (DateKind.TIGHT, "tight", ""),
            (DateKind.SHORT, "short", "s5"),
            (DateKind.NO_YEAR, "md", "s4"),
            (DateKind.NONE, "hour", ""),
        )
        if found[group]
    )
    half, zone, fraction = found["half"] or "", found["zone"] or "", found["fraction"] or ""
    word = zone.strip()
    if word not in ("", "Z", "UTC", "GMT"):
        zone = zone[: -len(word)] + ("±" if word[0] in "+-" else "zone")
    days = (found["one"], found["two"], found["hour"], found["mday"])
    return WrittenTime(
        *found.span(),
        TimeLayout(
            date,
            "" if date is DateKind.NAMED and not mark else mark and (" " if date is DateKind.NAMED else mark),
            found["gap"] or "",
            half[:-2] + "A" if half else "",
            zone,
            year=bool(found["year"]),
            second=bool(found["second"]),
        ),
        (fraction[:1], max(len(fraction) - 1, 0)),
        short=any(part is not None and len(part) == 1 for part in days),
        spaced=bool(found["mday"]) and found["mday"][0] == " ",
    )


def time_specs(times: Sequence[WrittenTime]) -> list[list[str]]:
    """The ways to read times of one layout, each as the texts behind ``time:``, one for each width of fraction."""
    layout = times[0].layout
    short, spaced = any(t.short for t in times), any(t.spaced for t in times)
    fractions = sorted({t.fraction for t in times})
    return [
        [_spec(layout, date, fraction, short=short) for fraction in fractions]
        for date in _dates(layout, short=short, spaced=spaced)
    ]


def _spec(layout: TimeLayout, date: str, fraction: tuple[str, int], *, short: bool) -> str:
    mark, digits = fraction
    if layout.date is DateKind.EPOCH:
        return "X" + mark + "S" * digits
    if layout.date is DateKind.NAMED:
        clock = "%H:%M:%S" + (mark + "%f" if digits else "")
        return date + layout.gap + clock + (" %Y" if layout.year else "") + _zone(layout.zone, "%z", "%Z")
    hour = ("h" if short else "hh") if layout.half else ("H" if short else "HH")
    clock = f"{hour}:mm" + (":ss" if layout.second else "") + mark + "S" * digits + layout.half
    return date + layout.gap + clock + _zone(layout.zone, "Z", "zz")


def _zone(written: str, offset: str, word: str) -> str:
    blank, zone = written[: written.startswith(" ")], written.strip()
    literal = {"Z": "[Z]!UTC", "UTC": "UTC", "GMT": "G[M]T"} if word == "zz" else {}
    return blank + {"±": offset, "zone": word, **literal}.get(zone, zone)


def _dates(layout: TimeLayout, *, short: bool, spaced: bool) -> tuple[str, ...]:
    """The readings of a date. With dots the day comes first everywhere; a clock of twelve hours goes with months."""
    mark = layout.mark
    if layout.date is DateKind.NAMED:
        day = "%e" if spaced else "%-d" if short else "%d"
        return (f"{'%a ' if mark else ''}%b {day}",)
    readings = _READINGS[layout.date]
    if layout.date in (DateKind.LAST, DateKind.SHORT) and mark == ".":
        readings = readings[:1]
    elif layout.date is DateKind.LAST and layout.half:
        readings = readings[1:]
    if short:
        readings = tuple(r.replace("DD", "D").replace("MM", "M") for r in readings)
    return tuple(r.replace("/", mark) for r in readings)


_READINGS: Final[dict[DateKind, tuple[str, ...]]] = {
    DateKind.YEAR_FIRST: ("YYYY/MM/DD",),
    DateKind.LAST: ("DD/MM/YYYY", "MM/DD/YYYY"),
    DateKind.DAY_NAMED: ("DD/MMM/YYYY",),
    DateKind.TIGHT: ("YYYYMMDD",),
    DateKind.SHORT: ("DD/MM/YY", "YY/MM/DD", "MM/DD/YY"),
    DateKind.NO_YEAR: ("MM/DD",),
    DateKind.NONE: ("",),
    DateKind.EPOCH: ("",),
}
