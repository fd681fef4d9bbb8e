"""What the rules about the bot's source share: its places with their closes, and how findings show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logaudit.core.finding import Data, Finding, Rule, Severity
from logaudit.core.location import Location
from logaudit.core.message import Code, Joiner, Listed, Message
from logaudit.core.source_code import CloseSite, PathEnd
from logaudit.diagnosis.code_paths import ClosesOfSites, by_sites, code_facts
from logaudit.reconcile.reconciled import Case, Session
from logaudit.rules.base import losses, report

#: Lines of closes that are cited beside the places.
_CITED = 5


def closes_ending_in(case: Case, *ends: PathEnd) -> Iterator[tuple[Session | None, ClosesOfSites]]:
    """The places of these ends in the source of each session, with the closes that came by them."""
    for root, analysis in case.code.items():
        session = next((s for s in case.sessions if s.root == root), None)
        if session is None:
            yield from ((None, ClosesOfSites((site,))) for site in analysis.sites if site.end in ends)
        elif (facts := code_facts(case, session)) is not None:
            yield from ((session, group) for group in by_sites(facts, session, ends))


def site_report(
    rule: Rule,
    session: Session | None,
    group: ClosesOfSites,
    message: Message,
    severity: Severity | None = None,
    remedy: Message | None = None,
) -> Finding:
    """A finding about places of the source; the first of them is its own place."""
    closes = [trade.close.location for trade in (*group.missing, *group.recorded)]
    runs = {trade.run for trade in group.missing}
    return report(
        rule,
        session,
        message,
        [*dict.fromkeys([*(s.place for s in group.sites), *_logged(group.sites), *closes[:_CITED]])],
        [site.name for site in group.sites],
        run=runs.pop() if len(runs) == 1 else "",
        severity=severity,
        data={
            "sites": [_site_data(site) for site in group.sites],
            "closes": len(closes),
            "missing": len(group.missing),
            "recorded": len(group.recorded),
            "trades": [trade.id for trade in group.missing],
        },
        parts=losses(group.missing),
        remedy=remedy,
    )


def listed(sites: Sequence[CloseSite]) -> Message:
    """The places, as ``path:line``."""
    names = tuple(Code(site.place.cite()) for site in sites)
    return Message("{places}", (("places", Listed(names, Joiner.AND)),))


def _logged(sites: Sequence[CloseSite]) -> list[Location]:
    return [place for site in sites for place in site.logged]


def _site_data(site: CloseSite) -> Data:
    return {
        "path": site.place.path,
        "line": site.place.line,
        "code": site.place.text,
        "function": site.function,
        "closer": site.closer,
        "via": list(site.via),
        "end": site.end.value,
        "condition": site.condition or None,
        "why": str(site.why),
    }
