"""LA401 unreadable-source.

# What it finds

A file or archive member that is damaged, encrypted or over the limits. What was read up to the damage is kept
and judged. Of a table with more than 100,000 rows the newest 50,000 are read, of one with many columns
fewer. These numbers and most others are settings: the table `[limits]` of `logaudit.toml`.

# Why it matters

What lies behind the damage, or before the rows that were read, is not covered: absence cannot be claimed there.

# Example

A zip that was copied while the bot was still writing it: the member ends in the middle of a block.

# What to do

Copy the archive again from the bot's host, or restore it from a backup; remove a password. Where a limit left
something out, raise the setting that the finding names (`limits.markets`, `limits.table-rows` and the like), if you
trust the file; or scan a copy that holds what belongs to the logs' time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Message, Place, label, msg, plural, sentences
from logaudit.reconcile.reconciled import Case
from logaudit.rules.base import report
from logaudit.sources import ProblemKind
from logaudit.sources.rotation_names import name_date, name_stamp, stream_stem

RULE = Rule(
    "LA401",
    "unreadable-source",
    Severity.WARNING,
    "damaged, encrypted or over the limits",
    label("rule", "a source could not be read to its end"),
    needs=Needs.NOTHING,
)

_KINDS: Final = {
    ProblemKind.DAMAGED: label("source", "damaged"),
    ProblemKind.ENCRYPTED: label("source", "encrypted"),
    ProblemKind.OVER_LIMIT: label("source", "over-limit"),
    ProblemKind.UNREADABLE: label("source", "unreadable"),
    ProblemKind.UNSUPPORTED: label("source", "unsupported"),
    ProblemKind.NESTED_ARCHIVE: label("source", "nested-archive"),
}


def check(case: Case) -> Iterator[Finding]:
    """One finding for each source with a problem."""
    for problem in case.problems:
        closes = case.rooms.get(problem.address, 0)
        name = problem.address.member or problem.address.path
        yield report(
            RULE,
            case.home_of(problem.address.path) or (case.homes[0] if len(case.homes) == 1 else None),
            sentences(
                msg(
                    "{source} is {kind}: {detail}.",
                    source=Place(problem.address),
                    kind=_KINDS[problem.kind],
                    detail=problem.detail,
                ),
                plural(
                    "{n} byte of it was read and judged.",
                    "{n} bytes of it were read and judged.",
                    problem.read,
                )
                if problem.read and not problem.untrusted
                else None,
                msg("What was read of it proves nothing and is left out.") if problem.untrusted else None,
                plural(
                    "It may hold the row of {n} close, which is therefore not judged.",
                    "It may hold the rows of {n} closes, which are therefore not judged.",
                    closes,
                )
                if closes
                else None,
            ),
            [problem.address.as_location()],
            (stream_stem(name), name_date(name), name_stamp(name), problem.kind.value),
            data={
                "path": problem.address.path,
                "member": problem.address.member or None,
                "read": problem.read,
                "kind": problem.kind.value,
                "detail": str(problem.detail),
            },
            remedy=_raised(problem.limit) if problem.limit else None,
        )


def _raised(limit: str) -> Message:
    """Which setting lets more be read."""
    setting = Code(f"limits.{limit.replace('_', '-')}")
    return msg("Raise {setting} in {file} to read more of it.", setting=setting, file=Code("logaudit.toml"))
