"""Reads the names of rotated files: the stream they belong to, and the dates they bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from logaudit.core.lazy_pattern import lazy_pattern
from logaudit.core.timestamp import HOUR, MINUTE, SECOND, us_of_day
from logaudit.sources.magic import archive_suffix

_MONTH: Final = r"(?:0[1-9]|1[0-2])"
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])"
_HOUR: Final = r"(?:[01]\d|2[0-3])"
_SIXTY: Final = r"[0-5]\d"
_FRACTION: Final = r"(?:[_.,](?:\d{6}|\d{3}))?"
# 2025-11-28, 20251128 or 28.11.2025, then perhaps 00-05-07_046547, 000507, 00-05, or an hour alone. Digits
# that follow without a separator are a time only in full, or behind a date written without separators.
_STAMP: Final = lazy_pattern(
    rf"""(?<!\d)
    (?: (?P<year>(?:19|20)\d\d) (?P<sep>[-_.]?) (?P<month>{_MONTH}) (?P=sep) (?P<day>{_DAY})
      | (?P<day2>{_DAY}) \. (?P<month2>{_MONTH}) \. (?P<year2>(?:19|20)\d\d) )
    (?P<time> [T_.\ -] {_HOUR} (?P<tsep>[-_.:]) {_SIXTY} (?: (?P=tsep) {_SIXTY} {_FRACTION} )? Z?
            | [T_.\ -]? {_HOUR} {_SIXTY} {_SIXTY} {_FRACTION} Z?
            | (?<=\d{{8}}) [T_-]? {_HOUR} {_SIXTY} Z?
            | (?<=\d{{8}}) {_HOUR}
            | [T_] {_HOUR} )?
    (?!\d)""",
    re.VERBOSE,
)
_SEPARATORS: Final = "-_. "
_OPENING, _CLOSING = "([", ")]"
# What rotation, backups and browsers append: .1, .2, a Unix time, .bak, " (2)", "~".
_COUNTER: Final = lazy_pattern(
    r"(?:\.\d{1,3}|[-._]1\d{9}|\.(?:bak|backup|old|orig|prev)|\ ?\(\d{1,3}\)|~)$", re.IGNORECASE
)
_TEXT: Final = lazy_pattern(r"\.(log|txt|jsonl|ndjson|json|csv)$", re.IGNORECASE)

# Behind the suffix a counter grows with age, before it with each part that is written at one time.
_ROTATED: Final = lazy_pattern(
    r"\.(?:log|txt|jsonl|ndjson|json|csv)\.(?P<back>\d{1,3})$|\.(?P<on>\d{1,3})\.(?:log|txt|jsonl|ndjson|json|csv)$",
    re.IGNORECASE,
)

#: Several steps ask for the stems of the same names; so many are remembered.
_REMEMBERED: Final = 4096


@lru_cache(maxsize=_REMEMBERED)
def stream_stem(name: str) -> str:
    """The logical stream of a file or member name: without folders, suffixes, stamps and counters.

    ``app_2025-11-28.2025-11-28_00-05-07_046547.log.zip``, ``app.log.3`` and ``app.log`` are all ``app``. A
    name that is nothing but a date gives its suffix, so that a folder of daily logs is one stream.
    """
    stem, fallback = _base(name), "log"
    while True:
        before = stem
        stem = stem.removesuffix(archive_suffix(stem))
        stem = _COUNTER.sub("", stem) or stem
        if text := _TEXT.search(stem):
            fallback = text[1].lower()
            stem = stem[: text.start()]
        stem = _without_stamps(stem)
        if stem == before:
            return stem or fallback


def name_date(name: str) -> date | None:
    """The first calendar date in a file name, as written; None when it bears none."""
    return next((day for _, day in _stamps(_base(name))), None)


def name_stamp(name: str) -> int | None:
    """The first date with a time in a file name, in naive microseconds as `logaudit.core.timestamp` counts.

    An hour alone is not taken for a time: it may be a counter.
    """
    for match, day in _stamps(_base(name)):
        digits = re.sub(r"\D", "", match["time"] or "")
        if len(digits) >= 4:  # noqa: PLR2004 - hours and minutes
            hour, minute, second = int(digits[:2]), int(digits[2:4]), int(digits[4:6] or 0)
            fraction = int(digits[6:].ljust(6, "0"))
            return us_of_day(day) + hour * HOUR + minute * MINUTE + second * SECOND + fraction
    return None


def rotation_age(name: str) -> tuple[bool, int, int]:
    """Sorts the parts of one log in the order in which they were written, as far as names tell.

    ``app.log.2``, ``app.log.1``, ``app.log``; with times ``app.2025-11-28_00-05-07.log``, of one time
    ``app.2025-11-28_00-05-07.2.log`` behind it, and the file that is still written to at the end.
    """
    base = _base(name)
    base = base.removesuffix(archive_suffix(base))
    stamp = name_stamp(base)
    counter = _ROTATED.search(base)
    back, on = (counter["back"], counter["on"]) if counter else (None, None)
    return stamp is None, stamp or 0, int(on or 0) if stamp is not None and on else -int(back or 0)


def _base(name: str) -> str:
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _stamps(base: str) -> Iterator[tuple[re.Match[str], date]]:
    for match in _STAMP.finditer(base):
        year, month, day = (match[part] or match[part + "2"] for part in ("year", "month", "day"))
        try:
            yield match, date(int(year), int(month), int(day))
        except ValueError:  # the 31st of a short month: digits, not a date
            continue


def _without_stamps(base: str) -> str:
    """The name without its stamps, each taken out with the separators and the bracket that set it off."""
    for match, _ in reversed(list(_stamps(base))):
        head, tail = base[: match.start()], base[match.end() :]
        if head[-1:] and head[-1:] in _OPENING and tail[:1] and tail[:1] in _CLOSING:
            head, tail = head[:-1], tail[1:]
        head = head.rstrip(_SEPARATORS)
        base = head + tail if head else tail.lstrip(_SEPARATORS)
    return base
