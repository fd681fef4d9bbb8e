"""Judges a session wherever there is room: in this process, in a worker, on another machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from logaudit.audit.session_report import SessionReport, session_report
from logaudit.audit.sessions import RECONCILIATION, SessionInput, given_up, read_session
from logaudit.core.stopped import DIED, OUT_OF_MEMORY, Stopped
from logaudit.ingest.executor import Cause, Lost
from logaudit.ingest.read_context import ReadContext
from logaudit.reconcile.reconciled import Case

if TYPE_CHECKING:
    from logaudit.audit.source_witness import SourceWitness
    from logaudit.core.source_code import SourceAnalysis

#: To judge what a byte of an extract tells takes as long as to read so many bytes of a log, if it is compressed …
_AS_READING: Final = 64
#: … and else.
_PLAIN_AS_READING: Final = 8


class SessionTask(Struct, frozen=True):
    """A session to judge, as `logaudit.ingest.executor.Task` has it.

    Attributes:
        given: what the session is made of.
        whole: what is known of the scan beside it, as far as its judgement asks for that.
        sha256: the hashes of its files, where they are wanted, by their paths.
    """

    given: SessionInput
    whole: Case
    sha256: Mapping[str, str]

    @classmethod
    def of(cls, given: SessionInput, whole: Case, sha256: Mapping[str, str]) -> SessionTask:
        """The task, with what it needs of the scan and no more, as it may travel.

        Args:
            given: what the session is made of.
            whole: what is known of the scan.
            sha256: of all files of the scan.
        """
        problems = tuple(p for p in whole.problems if whole.home_of(p.address.path) == given.root)
        paths = {held.summary.address.path for held in given.extracts}
        return cls(
            given,
            replace(whole, problems=problems, skipped=(), files=(), homes=(given.root,)),
            {path: sha256[path] for path in sorted(paths) if path in sha256},
        )

    @property
    def name(self) -> str:
        """The session's folder."""
        return self.given.root

    @property
    def weight(self) -> int:
        """As many bytes as could be read meanwhile."""
        return sum(
            held.waits * (_AS_READING if held.compressed else _PLAIN_AS_READING)
            for held in self.given.extracts
        )

    @property
    def strand(self) -> str:
        """None: sessions have nothing in common."""
        return ""

    def announce(self) -> None:
        """Nothing: all that it needs comes with it."""

    def run(self, context: ReadContext) -> SessionReport:
        """Judges it."""
        return self.report(context, None)[0]

    def report(
        self, context: ReadContext, witness: SourceWitness | None
    ) -> tuple[SessionReport, SourceAnalysis | None]:
        """The session's part of the report, and what the bot's source says of it, where it is asked."""
        one = read_session(self.given, context, witness)
        return session_report(one.case_of(self.whole), self.sha256), one.code

    def lost(self, context: ReadContext, why: Lost) -> SessionReport:
        """The part of a session whose judgement ended with its process, each time: nothing is claimed of it."""
        error = OUT_OF_MEMORY if why.cause is Cause.MEMORY else DIED
        one = given_up(self.given, context, Stopped(RECONCILIATION, self.given.root, error, ""))
        return session_report(one.case_of(self.whole), self.sha256)
