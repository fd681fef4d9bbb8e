"""LA901 stale-logs.

# What it finds

The newest log line is older than `--max-age` allows, no log line bears a time at all, or all logs end more than
a day in the future. A log that ends in the future does not count where another ends in the past. It is judged only
when `--max-age` is given, and fails the job whatever `--fail-on` says.

# Why it matters

A nightly check of yesterday's leftovers is clean for ever: the bot may have stopped, its log may have moved,
or the job that copies it may be broken.

# Example

    logaudit scan logs/ --max-age 26h

on the 30th, where the newest line of `logs/bot.log` is of the 28th.

# What to do

Look whether the bot runs and where it logs, and whether the copying job does its work. A time without an
offset is taken for this machine's local time; `--tz` states the bot's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Duration, Message, Time, label, msg
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.rules.base import by_settings, report

RULE = Rule(
    "LA901",
    "stale-logs",
    Severity.ERROR,
    "the newest log line is older than --max-age allows",
    label("rule", "the newest log line is too old"),
    needs=Needs.NOTHING,
)
check = by_settings


def stale(
    newest: Stamp | None,
    age: timedelta | None,
    limit: timedelta,
    basis: Message | None,
    places: Sequence[Location],
) -> Finding:
    """The finding of logs that are too old.

    Args:
        newest: time of the newest line, as written; age: how long ago that is, None without a line.
        limit: what is allowed.
        basis: what the newest time was taken to mean, None without a line.
        places: the source that holds it.
    """
    allowed = Duration(limit // timedelta(microseconds=1))
    if newest is None or age is None or basis is None:
        message = msg(
            "No log line has a time, so none is known to be younger than {allowed}.", allowed=allowed
        )
    elif age < timedelta():
        message = msg(
            "The newest log line lies in the future ({newest}, {basis}), so none is known to be younger than "
            "{allowed}.",
            newest=Time(newest),
            basis=basis,
            allowed=allowed,
        )
    else:
        message = msg(
            "The newest log line is {age} old ({newest}, {basis}); --max-age allows {allowed}.",
            age=Duration(age // timedelta(microseconds=1)),
            newest=Time(newest),
            basis=basis,
            allowed=allowed,
        )
    return report(
        RULE,
        None,
        message,
        places,
        (),
        data={
            "newest": newest.iso() if newest else None,
            "limit_seconds": limit // timedelta(microseconds=SECOND),
        },
        remedy=msg("Check whether the bot runs, and whether its logs reach this place."),
    )
