"""Closes of a session as lines, rows and acknowledgements show them together: which lines tell of one, and its row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.events import Event, EventKind
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.acknowledgements import witnesses
from logaudit.reconcile.claims import Claim, Pairing, claims_of, revised
from logaudit.reconcile.ledgers import reconcile_ledgers
from logaudit.reconcile.links import Links, link
from logaudit.reconcile.matching import match
from logaudit.reconcile.matching.leftovers import PROOF
from logaudit.reconcile.normalize import SessionEvidence
from logaudit.reconcile.parted_positions import closed_in_parts, opens_of
from logaudit.reconcile.positions import Position, Run, build_positions, hides_opens
from logaudit.reconcile.reconciled import Witness
from logaudit.reconcile.reconciled_ledger import Readings, ReconciledLedger
from logaudit.reconcile.trade_states import closing_streams, is_covered

#: Rows and acknowledgements may show in turn that repeats are closes; more turns than this were never needed.
_TURNS: Final = 4
#: One close and so many before it: that many results make a sum.
_SEVERAL: Final = 2


class LinkedClaims(Struct, frozen=True):
    """What ledgers and recorder say of claims.

    Attributes:
        said: one witness a claim.
        spare: index of a claim → the acknowledgements of one statement, where it made several for it.
    """

    claims: tuple[Claim, ...]
    ledgers: tuple[ReconciledLedger, ...]
    links: Links
    said: list[Witness]
    spare: dict[int, list[Event]]

    def has_row(self, claim: int) -> bool:
        """Whether the recorder or another writer wrote a row for a claim."""
        return self.links.row_of(claim) is not None or claim in self.links.restored


def settled(evidence: SessionEvidence, runs: Sequence[Run]) -> tuple[Sequence[Position], LinkedClaims]:
    """Positions, and their closes as rows and acknowledgements show them."""
    positions = _positions(evidence, runs)
    return positions, _settled(evidence, runs, positions)


def _positions(
    evidence: SessionEvidence, runs: Sequence[Run], costs: Decimal | None = None
) -> Sequence[Position]:
    """Positions; ``costs`` of a round trip are those that rows show, the log's own come first."""
    positions, _ = build_positions(
        evidence.of(EventKind.POSITION_OPENED),
        evidence.of(EventKind.POSITION_CLOSED),
        evidence.of(EventKind.EXCHANGE_CONFIRMED),
        runs,
        hides_opens(evidence, runs),
        evidence.of(EventKind.REPORTED_FLAT),
        costs,
    )
    return positions


def _settled(evidence: SessionEvidence, runs: Sequence[Run], positions: Sequence[Position]) -> LinkedClaims:
    found = linked(evidence, claims_of(positions), runs)
    for _ in range(_TURNS):
        new = revised(found.claims, found.links, _pairing(evidence, found.ledgers), found.spare)
        if new is None:
            break
        found = linked(evidence, new, runs)
    return found


def opened_of(claims: Sequence[Claim]) -> Callable[[int], int | None]:
    """Index of a claim → naive µs of its position's open, None when not known."""
    return lambda c: claims[c].opened


def linked(evidence: SessionEvidence, claims: tuple[Claim, ...], runs: Sequence[Run]) -> LinkedClaims:
    """What ledgers and recorder say of these claims."""
    closes = tuple(claim.close for claim in claims)
    opened = opened_of(claims)
    fills = evidence.of(EventKind.ORDER_FILLED) if evidence.tells_only_fills else ()
    ledgers = (
        reconcile_ledgers(evidence, fills, runs)
        if fills
        else reconcile_ledgers(evidence, closes, runs, opened)
    )
    window = round(evidence.profile.ledger.window * SECOND)
    parted = closed_in_parts(claims)
    opens = opens_of(claims, parted)
    links = link(closes, ledgers, opened, window, parted, foreign_rows(evidence, ledgers), opens)
    readings = Readings(ledgers)
    # A constant delay looks like a clock that is wrong: what the row prints may be the log's own time.
    written = {
        c: {readings.best(row), row.at.us} for c in links.matched if (row := links.row_of(c)) is not None
    }
    said, spare = witnesses(claims, evidence, written)
    return LinkedClaims(claims, ledgers, links, said, spare)


def _pairing(evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger]) -> Pairing:
    """How rows are linked to announcements by time: index of one → index of the row it may have."""
    readings, window = Readings(ledgers), round(evidence.profile.ledger.window * SECOND)

    def pairs(events: Sequence[Event], rows: Sequence[LedgerEntry]) -> dict[int, int]:
        found, _ = match(events, rows, window, readings.of, anywhere=False)
        return {m.close: m.row for m in found}

    return pairs


def foreign_rows(
    evidence: SessionEvidence, ledgers: Sequence[ReconciledLedger]
) -> Callable[[LedgerEntry], bool]:
    """Whether a row's ledger has a proven clock that puts the row where no log reaches."""
    streams, window = closing_streams(evidence), round(evidence.profile.ledger.window * SECOND)
    known = {lc.address: lc for lc in ledgers if lc.shift.seconds is not None and lc.shift.support >= PROOF}

    def lies_elsewhere(row: LedgerEntry) -> bool:
        ledger = known.get(row.location.address)
        return ledger is not None and not is_covered(streams, ledger.log_time(row), window)

    return lies_elsewhere


def reviewed(
    evidence: SessionEvidence, runs: Sequence[Run], positions: Sequence[Position], found: LinkedClaims
) -> tuple[Sequence[Position], LinkedClaims]:
    """Positions and closes once more, with the costs that rows show, and what they account for of what was opened."""
    told_again = any(claim.echoes or claim.again is not None for claim in found.claims if _is_unsized(claim))
    if told_again:
        from logaudit.reconcile.claims.unaccounted import costs_told, with_unaccounted  # noqa: PLC0415 - few tell again

        told = evidence.of(EventKind.POSITION_OPENED), evidence.of(EventKind.POSITION_CLOSED)
        costs = costs_told(*told, found.claims, found.links)
        if costs is not None and costs.of_rows:
            again = _positions(evidence, runs, costs.share)
            if again != positions:
                positions, found = again, _settled(evidence, runs, again)
        share = None if costs is None else costs.share
        more = with_unaccounted(found.claims, positions, found.links, share)
        found = found if more is None else linked(evidence, more, runs)
    lost = [claim for c, claim in enumerate(found.claims) if not found.has_row(c)]
    if lost:
        from logaudit.reconcile.claims.used_up import without_repeats  # noqa: PLC0415 - few sessions lost a close

        fewer = without_repeats(found.claims, positions, found.has_row)
        shared = {id(claim.position) for c, claim in enumerate(found.claims) if found.has_row(c)}
        beside = (claim for claim in lost if claim.again is not None or id(claim.position) in shared)
        if fewer is None and any(map(_is_unsized, beside)):
            from logaudit.reconcile.claims.unaccounted import without_surplus  # noqa: PLC0415 - few print no size

            said = found.said
            fewer = without_surplus(
                found.claims,
                found.links,
                lambda c: bool(said[c].acks or said[c].failures),
                _costs(evidence, found),
            )
        found = found if fewer is None else linked(evidence, fewer, runs)
        found = _with_doubted_sums(found)
    if any(claim.position.open is None for claim in lost):
        found = _with_twins(evidence, found, runs)
    if any(claim.position.open is None for claim in lost) and evidence.of(EventKind.POSITION_OPENED):
        found = _with_doubts(evidence, positions, found)
    return positions, found


def _with_doubted_sums(found: LinkedClaims) -> LinkedClaims:
    """The same, with closes in doubt that may sum up what several others of their position made."""
    many = Counter(id(claim.position) for claim in found.claims)
    if not any(many[id(c.position)] > _SEVERAL and not found.has_row(i) for i, c in enumerate(found.claims)):
        return found
    from logaudit.reconcile.claims.doubted_sums import with_doubted_sums  # noqa: PLC0415 - few positions end in parts

    said = found.said
    doubted = with_doubted_sums(
        found.claims, lambda c: found.has_row(c) or bool(said[c].acks or said[c].failures)
    )
    return found if doubted is None else replace(found, claims=doubted)


def _with_twins(evidence: SessionEvidence, found: LinkedClaims, runs: Sequence[Run]) -> LinkedClaims:
    """The same, with what one statement printed twice at one moment as a repeat or in doubt."""
    from logaudit.reconcile.claims.same_moment import with_twins  # noqa: PLC0415 - few sessions lost a close

    said = found.said
    twins = with_twins(found.claims, lambda c: found.has_row(c) or bool(said[c].acks or said[c].failures))
    return found if twins is None else linked(evidence, twins, runs)


def _with_doubts(
    evidence: SessionEvidence, positions: Sequence[Position], found: LinkedClaims
) -> LinkedClaims:
    """The same, with closes in doubt that may repeat one from before a silence of the log."""
    from logaudit.reconcile.claims.late_repeats import with_late_repeats  # noqa: PLC0415 - most logs tell all opens

    costs = _costs(evidence, found)
    if costs is None:
        return found
    said = found.said
    doubted = with_late_repeats(
        found.claims,
        positions,
        lambda c: found.has_row(c) or bool(said[c].acks or said[c].failures),
        costs,
    )
    return found if doubted is None else replace(found, claims=doubted)


def _costs(evidence: SessionEvidence, found: LinkedClaims) -> Decimal | None:
    """What a round trip costs, as a share of the exit price, where the log or rows show it."""
    from logaudit.reconcile.claims.unaccounted import costs_told  # noqa: PLC0415 - few sessions need it

    told = evidence.of(EventKind.POSITION_OPENED), evidence.of(EventKind.POSITION_CLOSED)
    costs = costs_told(*told, found.claims, found.links)
    return None if costs is None else costs.share


def _is_unsized(claim: Claim) -> bool:
    """Whether a close prints no size though its open does, so that what is left of the position is not known."""
    told, opened = claim.close.fields, claim.position.open
    of_open = claim.again is not None or (opened is not None and opened.fields.size is not None)
    return told.size is None and told.contracts is None and of_open
