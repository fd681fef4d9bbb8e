"""Blind code paths: readable conditions that tell a session's missing closes from its recorded ones.

Names conditions only where the split is beyond chance, with one exception that rests on logic: a single code
path that all missing closes and no recorded one came from is named as soon as there are `FEWEST` closes, its
probability beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from logaudit.core.diagnosis import BlindPath, BlindPaths
from logaudit.core.message import Message, codes, msg, plural, plural_in, sentences
from logaudit.core.money_parts import amount_of
from logaudit.diagnosis.attributes import CODE, Attribute, CloseCase, cases_of
from logaudit.diagnosis.close_context import CloseContext, close_contexts
from logaudit.diagnosis.search import SUPPORT, ConditionSet, Search
from logaudit.diagnosis.stats import probability, share
from logaudit.diagnosis.wording import condition
from logaudit.reconcile.reconciled import Session, trade_name

#: Closes below which no code path is named.
FEWEST: Final = 5
#: A probability above which a named path could well be chance.
WEAK: Final = Decimal("0.05")
#: Attributes that name the code path itself.
_PATHS: Final = (Attribute.PATH.value,)


def find_blind_paths(session: Session, around: Mapping[str, CloseContext] | None = None) -> BlindPaths:
    """The verdict on one session.

    Args:
        session: with or without losses; without, nothing is named.
        around: what `close_contexts` says of it, where that is known already.
    """
    cases = cases_of(session, close_contexts(session) if around is None else around)
    missing = sum(c.missing for c in cases)
    if not missing:
        return BlindPaths(session.root, ())
    if (why := _too_few(len(cases), missing)) is not None:
        return BlindPaths(session.root, (), why)
    search = Search(cases)
    chosen = search.best() or _whole_path(search)
    if not chosen:
        mixed = _mixed(cases)
        return BlindPaths(session.root, (), _nothing(len(cases), missing, mixed), mixed)
    return BlindPaths(session.root, tuple(_path(session, search, c, missing) for c in chosen))


def is_code(path: BlindPath) -> bool:
    """Whether a blind path says where in the code closes are lost, not only when or for what."""
    return any(c.attribute in CODE for c in path.conditions)


def _too_few(closes: int, missing: int) -> Message | None:
    if closes == 1:
        return msg("One trade is too few to name a code path; at least {need} are needed.", need=FEWEST)
    if closes < FEWEST:
        return msg(
            "{closes} closes are too few to name a code path; at least {need} are needed.",
            closes=closes,
            need=FEWEST,
        )
    if missing == closes:
        return msg(
            "All {closes} were lost and none was recorded: without a contrast no code path can be named.",
            closes=plural("{n} close", "{n} closes", closes),
        )
    if missing < SUPPORT:
        return msg(
            "{lost} of {closes}: too few to name a code path; at least {need} lost ones are needed.",
            lost=plural("{n} lost trade", "{n} lost trades", missing),
            closes=plural_in("of", "{n} close", "{n} closes", closes),
            need=SUPPORT,
        )
    return None


def _mixed(cases: Sequence[CloseCase]) -> tuple[str, ...]:
    """The code paths that lose and record."""
    lost = {c.values.get(Attribute.PATH, "") for c in cases if c.missing}
    kept = {c.values.get(Attribute.PATH, "") for c in cases if not c.missing}
    return tuple(sorted(path for path in lost & kept if path))


def _nothing(closes: int, missing: int, mixed: Sequence[str]) -> Message:
    """Says that losses follow no attribute."""
    return sentences(
        msg(
            "No code path, reason, symbol, side or time tells the {missing} lost from the {recorded} recorded trades "
            "beyond chance.",
            missing=missing,
            recorded=closes - missing,
        ),
        plural(
            "{paths} records and loses trades.",
            "{paths} both record and lose trades.",
            len(mixed),
            paths=codes([*mixed]),
        )
        if mixed
        else None,
    )


def _whole_path(search: Search) -> tuple[ConditionSet, ...]:
    """The one code path of all missing closes and no recorded one."""
    for atom in search.atoms:
        if atom.mask == search.missing and atom.conditions[0].attribute in _PATHS:
            return (atom,)
    return ()


def _path(session: Session, search: Search, candidate: ConditionSet, missing: int) -> BlindPath:
    lost = [c for i, c in enumerate(search.cases) if candidate.mask >> i & 1 and c.missing]
    hits, alarms = len(lost), search.alarms(candidate.mask)
    return BlindPath(
        session=session.root,
        conditions=candidate.conditions,
        condition=condition(candidate.conditions),
        missing=hits,
        recorded=alarms,
        total_missing=missing,
        precision=share(hits, hits + alarms),
        recall=share(hits, missing),
        p_value=probability(search.chance(candidate.mask, search.all)),
        net_pnl=amount_of(c.trade for c in lost if c.trade.lost).value,
        trades=tuple(trade_name(session, c.trade) for c in lost),
        locations=tuple(c.trade.close.location for c in lost),
    )
