"""Extracts → reconciled sessions, each on its own, so that it may be done anywhere; for bundles, all at once.

What learns, or reads logs a second time, is imported where it is called: usual sessions need none of it.
"""

# ruff: noqa: PLC0415 - said above

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.audit.restored_rows import RestoredRows, marked
from logaudit.core.location import Address, SourceKind
from logaudit.core.message import Message
from logaudit.core.stopped import Stopped, stopped
from logaudit.core.time_window import TimeWindow
from logaudit.core.trades import LedgerEntry
from logaudit.ingest.codec import HeldExtract
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import OtherExtract, SourceExtract
from logaudit.profiles import Profile
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.expectations import lacks_closes, lacks_sure_closes, leaves_rows_over
from logaudit.reconcile.expected_closes import ExpectedCloses
from logaudit.reconcile.normalize import SessionEvidence, merge, place_undated
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.time_window import limit
from logaudit.sources import Problem, Source, last_written

if TYPE_CHECKING:
    from logaudit.audit.source_witness import SourceWitness
    from logaudit.core.source_code import SourceAnalysis

#: What stopped, in the words of LA905.
RECONCILIATION: Final = "reconciliation"


class SessionInput(Struct, frozen=True):
    """What a session is made of.

    Attributes:
        profile: the name of the one it was read with; why: it was chosen.
        extracts: what its sources gave; sources: where these are read again, by address.
        problems: those of files in its folder.
        rows: of ledgers in other folders that have no log of their own.
        restored: the rows that were restored, by the place of their list.
        zone: what the user states of the logs; window: what is judged.
        marked: whether its bot is known by its own marks; named: whether the user named the profile.
    """

    root: str
    profile: str
    why: Message
    extracts: tuple[HeldExtract, ...]
    sources: Mapping[Address, Source]
    problems: tuple[Problem, ...]
    rows: tuple[LedgerEntry, ...]
    restored: RestoredRows
    zone: str
    window: TimeWindow
    marked: bool
    named: bool

    def opened(self) -> list[SourceExtract]:
        """Its extracts, unpacked, with dates for those that have none."""
        found = [marked(held.opened(), self.restored) for held in self.extracts]
        return place_undated(found, partial(last_written, self.sources))


class ReconciledSession(Struct, frozen=True):
    """A session, and what it was made of.

    Attributes:
        learned: the profile that its rows taught, as TOML; empty where they taught none.
        why: its profile was chosen; expected: what says that closes should be in its logs, where none is recognised.
        code: what the bot's source says of it, where it was asked.
    """

    session: Session
    extracts: Sequence[SourceExtract]
    learned: str
    why: Message
    expected: ExpectedCloses | None
    code: SourceAnalysis | None

    def case_of(self, whole: Case) -> Case:
        """The case of this session alone, with what is known of the whole scan."""
        root = self.session.root
        return replace(
            whole,
            sessions=(self.session,),
            why_profile={root: self.why},
            expected={} if self.expected is None else {root: self.expected},
            code={} if self.code is None else {root: self.code},
        )


def read_session(
    given: SessionInput, context: ReadContext, witness: SourceWitness | None = None
) -> ReconciledSession:
    """Reconciles a session; where its rows tell how its log words closes, after reading that anew."""
    extracts: Sequence[SourceExtract] = given.opened()
    evidence, error = merged(given.root, extracts, context.profile(given.profile), given.zone)
    session = _unreconciled(evidence, error) if error else reconciled(evidence, given.problems, given.rows)
    learned, why = "", given.why
    bare = not given.named and lacks_sure_closes(session)
    # A bot that is known by its own marks has all its close lines in its profile.
    if bare or (not (given.named or given.marked) and leaves_rows_over(session)):
        from logaudit.audit.learning import learn_closes
        from logaudit.audit.second_wordings import bears_out

        taught = learn_closes(session, extracts, given.sources, context, given.zone)
        if taught is not None:
            again = reconciled(taught.evidence, given.problems, given.rows)
            if bare or bears_out(session, again):
                session, extracts, learned, why = again, taught.extracts, taught.toml, taught.why
    session = limit(session, given.window)
    expected = None
    if lacks_closes(session):
        from logaudit.audit.unrecognised_closes import closes_expected

        expected = closes_expected(session, given.sources, context, marked=given.marked)
    code = None if witness is None else witness.ask(session, given.sources)
    return ReconciledSession(session, extracts, learned, why, expected, code)


def given_up(given: SessionInput, context: ReadContext, why: Stopped) -> ReconciledSession:
    """A session of which nothing is claimed, as its reconciliation never ended."""
    unread = [_unread(held.summary.address, held.summary.size) for held in given.extracts]
    evidence = merge(given.root, unread, context.profile(given.profile), given.zone)
    return ReconciledSession(_unreconciled(evidence, why), unread, "", given.why, None, None)


def build_sessions(
    by_root: Mapping[str, Sequence[SourceExtract]],
    profiles: Mapping[str, Profile],
    problems: Sequence[Problem],
    zone: str,
) -> dict[str, Session]:
    """The session of each root, in order of their names; ``zone`` is the one stated for the logs."""
    evidences = [merged(root, by_root[root], profiles[root], zone) for root in sorted(by_root)]
    lone = rows_without_logs(evidence for evidence, _ in evidences)
    return {
        evidence.root: _unreconciled(evidence, error)
        if error is not None
        else reconciled(evidence, problems_in(problems, evidence.root, by_root), lone)
        for evidence, error in evidences
    }


def reconciled(
    evidence: SessionEvidence, problems: Sequence[Problem], lone: Sequence[LedgerEntry]
) -> Session:
    """As `build_session`; what meets a value that it cannot judge costs this session, and no other."""
    try:
        return build_session(evidence, problems, lone)
    except Exception as error:  # noqa: BLE001 - no value in the evidence ends a scan
        return _unreconciled(evidence, stopped(RECONCILIATION, evidence.root, error))


def merged(
    root: str, extracts: Sequence[SourceExtract], profile: Profile, zone: str
) -> tuple[SessionEvidence, Stopped | None]:
    """As `merge`; where that meets a value that it cannot judge, evidence of nothing, and what stopped."""
    try:
        return merge(root, extracts, profile, zone), None
    except Exception as error:  # noqa: BLE001 - as above
        unread = [_unread(extract.address, extract.size) for extract in extracts]
        return merge(root, unread, profile, zone), stopped(RECONCILIATION, root, error)


def _unread(address: Address, size: int) -> OtherExtract:
    """What stands for an extract that nothing can be made of."""
    return OtherExtract(address, SourceKind.OTHER, size)


def _unreconciled(evidence: SessionEvidence, why: Stopped) -> Session:
    """A session of which nothing is claimed but what its files are."""
    bare = replace(evidence, events=(), ledgers=())
    return Session(bare, (), (), (), (), (), (), (), stopped=why)


def rows_without_logs(sessions: Iterable[SessionEvidence]) -> list[LedgerEntry]:
    """The rows of ledgers in folders without a log: they may be those of a bot that logs elsewhere."""
    return [
        row
        for evidence in sessions
        if not evidence.streams
        for ledger in evidence.ledgers
        for row in ledger.ledger.rows
    ]


def problems_in(problems: Sequence[Problem], root: str, roots: Iterable[str]) -> list[Problem]:
    """The problems of files whose innermost session is ``root``; the only session has all of them."""
    others = [r for r in roots if r != root]
    inner = [r for r in others if root == "." or r.startswith(f"{root}/")]
    return [
        problem
        for problem in problems
        if (not others or root == "." or problem.address.path.startswith(f"{root}/"))
        and not any(problem.address.path.startswith(f"{r}/") for r in inner)
    ]
