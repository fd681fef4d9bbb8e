"""Joins closes with the places in the source through which they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct

from logaudit.core.message import Message, codes, msg
from logaudit.core.source_code import CloseSite, PathEnd, SourceAnalysis, same_module
from logaudit.diagnosis.wording import lost_closes
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session


class CodeFacts(Struct, frozen=True):
    """What the source says of one session's closes.

    Attributes:
        sites: trade id → the places of the source that its close may have come by; trades without one, or whose
            places may not be those that ran, are left out.
    """

    analysis: SourceAnalysis
    sites: Mapping[str, tuple[CloseSite, ...]]

    def blind(self, trade: ClosedTrade) -> tuple[CloseSite, ...]:
        """The places that a close may have come by, where none of them records it."""
        return self._if_all(trade, PathEnd.DROPPED, PathEnd.BROKEN)

    def conditional(self, trade: ClosedTrade) -> tuple[CloseSite, ...]:
        """As `blind`, where all of them record on a condition."""
        return self._if_all(trade, PathEnd.CONDITIONAL)

    def recorded(self, trade: ClosedTrade) -> tuple[CloseSite, ...]:
        """As `blind`, where all of them record."""
        return self._if_all(trade, PathEnd.RECORDED)

    def _if_all(self, trade: ClosedTrade, *ends: PathEnd) -> tuple[CloseSite, ...]:
        sites = self.sites.get(trade.id, ())
        return sites if all(site.end in ends for site in sites) else ()


class ClosesOfSites(Struct, frozen=True):
    """Places that cannot be told apart by their closes, and these closes.

    Attributes:
        doubtful: whether a lost close may have come by them, or by places of another kind.
    """

    sites: tuple[CloseSite, ...]
    missing: tuple[ClosedTrade, ...] = ()
    recorded: tuple[ClosedTrade, ...] = ()
    doubtful: bool = False


def code_facts(case: Case, session: Session) -> CodeFacts | None:
    """What the source says of a session's closes; None without a source."""
    analysis = case.code.get(session.root)
    if analysis is None:
        return None
    sites = {trade.id: found for trade in session.closed if (found := _sites_of(trade, analysis))}
    return CodeFacts(analysis, sites)


def by_sites(facts: CodeFacts, session: Session, ends: Sequence[PathEnd]) -> list[ClosesOfSites]:
    """The places of these ends with the closes that came by them and no other; places without closes stand alone."""
    groups: dict[tuple[CloseSite, ...], list[ClosedTrade]] = defaultdict(list)
    for trade in session.closed:
        sites = facts.sites.get(trade.id, ())
        if sites and all(site.end in ends for site in sites):
            groups[sites].append(trade)
    found = [
        ClosesOfSites(
            sites,
            tuple(t for t in trades if t.missing),
            tuple(t for t in trades if t.row is not None),
        )
        for sites, trades in groups.items()
    ]
    taken = {site for sites in groups for site in sites}
    alone = [s for s in facts.analysis.sites if s.end in ends and s not in taken and facts.analysis.proves(s)]
    possible = {site for trade in session.missing for site in facts.sites.get(trade.id, ())}
    return [*found, *(ClosesOfSites((site,), doubtful=site in possible) for site in alone)]


def shown_by_code(case: Case, session: Session) -> Message | None:
    """Which lost closes the source explains; None where it explains none."""
    facts = code_facts(case, session)
    groups = by_sites(facts, session, (PathEnd.DROPPED, PathEnd.BROKEN)) if facts else []
    lost = [group for group in groups if group.missing]
    if not lost:
        return None
    return msg(
        "The source shows it: {explained} of {lost} came by {places}, from where nothing leads to the recorder.",
        explained=sum(len(group.missing) for group in lost),
        lost=lost_closes(len(session.missing)),
        places=codes([*dict.fromkeys(site.place.cite() for group in lost for site in group.sites)]),
    )


def _sites_of(trade: ClosedTrade, analysis: SourceAnalysis) -> tuple[CloseSite, ...]:
    """The places that a close may have come by; none where one of them may not be what ran."""
    by = trade.close.emitter
    if by.function:
        sites = [
            s
            for s in analysis.sites
            if s.closer.rpartition(".")[2] == by.function and same_module(s.module, by.module)
        ]
        exact = [s for s in sites if any(place.line == by.line for place in s.logged)]
        sites = exact or sites
    else:
        sites = list(analysis.sites)
    if not all(map(analysis.proves, sites)):
        return ()
    reason = trade.fields.reason.lower()
    named = [s for s in sites if reason and reason in s.reasons]
    if not named:
        return tuple(sites)
    # A place that passes on what it was given may pass any reason; one of which nothing is known explains no loss.
    return tuple(
        s for s in sites if s in named or not (s.reasons or (trade.missing and s.end is PathEnd.UNKNOWN))
    )
