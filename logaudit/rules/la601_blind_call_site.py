"""LA601 blind-call-site.

# What it finds

A call in the bot's source of a function that closes positions, from which no path leads to the recorder: the result
is dropped. With logs at hand it names the lost closes that came by this call. It needs `--source`; the source is
parsed, never imported or run.

# Why it matters

It is the line to repair. One lost close is enough to prove it, where statistics need several.

# Example

`await self._close_position_by_reason(position, "tp")` at `position_manager.py:412`: the function returns a trade
result, the call drops it, and the 12 lost closes with reason `tp` came by it.

# What to do

Call the recorder with the result there, or once in the function that closes, for all its callers. Where the claim
is wrong (a subclass or a framework records the result) name the recorder with `--recorder`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.message import Code, Message, label, msg, plural, sentences
from logaudit.core.source_code import PathEnd
from logaudit.diagnosis.code_paths import ClosesOfSites
from logaudit.reconcile.reconciled import Case
from logaudit.rules.code_sites import closes_ending_in, listed, site_report

RULE = Rule(
    "LA601",
    "blind-call-site",
    Severity.ERROR,
    "a call that closes a position and drops the result",
    label("rule", "a call in the source that never records"),
    needs=Needs.NOTHING,
)

_REMEDY: Final = msg("Pass what this call returns to the recorder.")


def check(case: Case) -> Iterator[Finding]:
    """One finding for the places that no close tells apart; all of them where no logs are at hand."""
    for session, group in closes_ending_in(case, PathEnd.DROPPED):
        if session is None:
            yield site_report(RULE, session, group, what(group), remedy=_REMEDY)
        elif group.missing and not group.recorded:
            said = sentences(what(group), _explains(group))
            yield site_report(RULE, session, group, said, remedy=_REMEDY)


def what(group: ClosesOfSites) -> Message:
    """What happens at a place."""
    return plural(
        "{places} calls {closer}, which closes a position, and nothing records the result.",
        "{places} call {closer}, which closes a position, and nothing records the result.",
        len(group.sites),
        places=listed(group.sites),
        closer=Code(group.sites[0].closer),
    )


def _explains(group: ClosesOfSites) -> Message:
    return plural("It explains {n} lost close.", "It explains {n} lost closes.", len(group.missing))
