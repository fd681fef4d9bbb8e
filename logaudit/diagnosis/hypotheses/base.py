"""What hypotheses share: the facts of a session with losses, and ways to state predictions about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import IntEnum
from typing import Final, assert_never

from msgspec import UNSET, Struct, UnsetType, field

from logaudit.core.diagnosis import BlindPaths, Divergence, Likelihood, Prediction, PredictionState
from logaudit.core.events import Event, EventKind
from logaudit.core.location import Location
from logaudit.core.message import Code, Message, Place, Time, msg, plural, plural_in
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.close_context import CloseContext
from logaudit.diagnosis.code_paths import CodeFacts
from logaudit.diagnosis.observability import RECORDER, ObservabilityCheck
from logaudit.diagnosis.stages import kinds_of
from logaudit.diagnosis.wording import held, lost_closes
from logaudit.profiles import Stage
from logaudit.reconcile.ledgers import in_force
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import ClosedTrade, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.sources import Problem

CONFIRMED: Final = PredictionState.CONFIRMED
REFUTED: Final = PredictionState.REFUTED
UNTESTABLE: Final = PredictionState.UNTESTABLE
#: Lines cited for one prediction.
CITED: Final = 3
#: What causes predict that keep the rows from the ledgers at hand.
NO_ROW: Final = msg("The ledgers at hand have no row of these runs.")
#: What is found where no ledger is.
NO_LEDGER: Final = msg("No ledger is at hand.")
#: What is found where the profile has no pattern for the line.
CANNOT_TELL: Final = msg("The profile knows no such line of this bot.")


class RecorderStage(IntEnum):
    """The places of the usual chain, in order: where a cause breaks it."""

    READY = 0
    OPENED = 1
    CALLED = 2
    RESULT = 3
    WRITTEN = 4


class SessionFacts(Struct, frozen=True):
    """One session with losses, as hypotheses look at it.

    Attributes:
        missing: trades without a row from the recorder, all of whose closes were logged; never empty.
        silent: those of them for which the recorder said nothing.
        recorded: trades with their row.
        runs: runs with losses.
        stages: the recorder's chain.
        zone: the zone that the user stated, empty when none.
        problems: sources of the session that could not be read whole.
        code: what the bot's source says of these closes; None without a source.
        day_rows: run and day of a recorded close → the row of the first such close.
        last_rows: run → when its last recorded close was, naive µs, and its row.
    """

    session: Session
    missing: tuple[ClosedTrade, ...]
    silent: tuple[ClosedTrade, ...]
    recorded: tuple[ClosedTrade, ...]
    runs: tuple[Run, ...]
    stages: tuple[Stage, ...]
    blind: BlindPaths
    divergence: Divergence
    contexts: dict[str, CloseContext]
    watch: ObservabilityCheck
    zone: str = ""
    problems: tuple[Problem, ...] = ()
    code: CodeFacts | None = None
    day_rows: dict[tuple[str, date], LedgerEntry] = field(default_factory=dict)
    last_rows: dict[str, tuple[int, LedgerEntry]] = field(default_factory=dict)

    def said(self, *kinds: EventKind) -> tuple[Event, ...]:
        """The recorder's words of these kinds in the runs with losses."""
        return tuple(e for run in self.runs for e in self.session.events_in(run, *kinds))

    @property
    def knows_recorder(self) -> bool:
        """Whether the profile could recognise any line of the recorder."""
        return any(self.session.profile.has(kind) for kind in RECORDER)

    @property
    def explained(self) -> int:
        """Missing closes that blind paths single out."""
        return len({name for path in self.blind.paths for name in path.trades})

    def ledger_of(self, trade: ClosedTrade) -> ReconciledLedger | None:
        """The file that should hold a missing trade."""
        return in_force(self.session.ledgers, self.session.run(trade.run), trade.at.us)

    def rows_of(self, runs: Iterable[Run]) -> tuple[LedgerEntry, ...]:
        """The recorder's rows for closes of some runs."""
        names = {run.id for run in runs}
        return tuple(t.row for t in self.recorded if t.run in names and t.row is not None)


class HypothesisDraft(Struct, frozen=True):
    """A judged hypothesis before it is ranked.

    Attributes:
        title: the cause as a sentence; clause: the same within another sentence.
        explains: how many of the missing trades it would account for.
        breaks: where it says the chain breaks.
        log_at: where a new log line would settle it; None where none would, and without it at the break.
        shown: whether lines or the ledger show this very cause, not only what it predicts as others do.
    """

    id: str
    title: Message
    clause: Message
    likelihood: Likelihood
    predictions: tuple[Prediction, ...]
    explains: int
    breaks: RecorderStage
    check: Message
    log_at: RecorderStage | UnsetType | None = UNSET
    shown: bool = False

    @property
    def confirmed(self) -> int:
        """How many of its predictions came true."""
        return sum(p.state is CONFIRMED for p in self.predictions)


HypothesisTest = Callable[[SessionFacts], "HypothesisDraft | None"]


def predict(
    state: PredictionState, predicts: Message, found: Message, locations: Iterable[Location] = ()
) -> Prediction:
    """A prediction with the first of the lines that prove it."""
    return Prediction(predicts, found, state, tuple(locations)[:CITED])


def closes_of(trades: Iterable[ClosedTrade]) -> list[Location]:
    """The lines of the closes."""
    return [t.close.location for t in trades]


def lines_of(events: Iterable[Event]) -> list[Location]:
    """The first line of each event."""
    return [e.locations[0] for e in events]


def statement(facts: SessionFacts, draft: HypothesisDraft) -> str:
    """The log statement that would settle a hypothesis; empty when there is none."""
    place = draft.breaks if draft.log_at is UNSET else draft.log_at
    stage = None if place is None else stage_at(facts, place)
    return stage.log_statement if stage else ""


def stage_at(facts: SessionFacts, place: RecorderStage) -> Stage | None:
    """The stage of this recorder's chain at a place of the usual one; None where it has none."""
    per_trade = [s for s in facts.stages if _is_of_trades(s, facts)]
    match place:
        case RecorderStage.READY:
            return _shown_by(facts, EventKind.RECORDER_READY)
        case RecorderStage.OPENED:
            return _shown_by(facts, EventKind.LEDGER_OPENED)
        case RecorderStage.CALLED:
            return per_trade[0] if per_trade else None
        case RecorderStage.RESULT:
            return per_trade[min(1, len(per_trade) - 1)] if per_trade else None
        case RecorderStage.WRITTEN:
            return per_trade[-1] if per_trade else None
        case _:
            assert_never(place)


def _shown_by(facts: SessionFacts, kind: EventKind) -> Stage | None:
    return next((s for s in facts.stages if kind in kinds_of(s, facts.session.profile)), None)


def _is_of_trades(stage: Stage, facts: SessionFacts) -> bool:
    kinds = kinds_of(stage, facts.session.profile)
    return EventKind.TRADE_ACKNOWLEDGED in kinds or EventKind.RECORDER_FAILED in kinds


def silence(facts: SessionFacts) -> Prediction:
    """That the recorder says nothing at the lost closes; an acknowledgement or an error there refutes it."""
    predicts = msg("The lost closes are followed by neither an acknowledgement nor an error of the recorder.")
    if not facts.silent:
        said = [e for t in facts.missing for e in (*t.witness.acks, *t.witness.failures)[:1]]
        return predict(REFUTED, predicts, msg("The recorder spoke at every one of them."), lines_of(said))
    state = CONFIRMED if 2 * len(facts.silent) >= len(facts.missing) else UNTESTABLE
    found = msg("So for {n} of {lost}.", n=len(facts.silent), lost=lost_closes(len(facts.missing)))
    return predict(state, predicts, found, closes_of(facts.silent))


def acknowledged(facts: SessionFacts) -> Prediction:
    """That lost closes are acknowledged; refuted where the others are, in the same streams, and they are not."""
    predicts = msg("The recorder acknowledged the lost trades.")
    acks = [e for t in facts.missing for e in t.witness.acks[:1]]
    if acks:
        found = msg("{n} of {lost} are acknowledged.", n=len(acks), lost=lost_closes(len(facts.missing)))
        return predict(CONFIRMED, predicts, found, lines_of(acks))
    others = [e for t in facts.recorded for e in t.witness.acks[:1]]
    if others:
        found = msg(
            "{n} of {recorded} have their acknowledgement in the same logs, and no lost one has.",
            n=len(others),
            recorded=plural_in("of", "{n} recorded close", "{n} recorded closes", len(facts.recorded)),
        )
        return predict(REFUTED, predicts, found, lines_of(others))
    found = msg("No acknowledgement of any trade is at hand, so their absence says nothing.")
    return predict(UNTESTABLE, predicts, found)


def no_row_in_runs(facts: SessionFacts) -> Prediction:
    """That no row of the runs with losses is at hand."""
    rows = facts.rows_of(facts.runs)
    if not rows:
        return predict(CONFIRMED, NO_ROW, msg("No row."))
    state = REFUTED if all(facts.rows_of([run]) for run in facts.runs) else UNTESTABLE
    return predict(state, NO_ROW, rows_of_same_run(rows), [r.location for r in rows])


def began_outside(run: Run) -> Message:
    """That a run began before the logs at hand."""
    return msg(
        "The run began before {begin}, the first line at hand: its start records are not among the logs.",
        begin=Time(Stamp(run.start, SECOND)),
    )


def opened_here(event: Event) -> Message:
    """That the recorder opened a ledger of which a file is at hand."""
    path, at = Code(event.captures.path), Time(event.at)
    return msg("The recorder opened {file} at {at}, and a file of that name is at hand.", file=path, at=at)


def opened_elsewhere(event: Event) -> Message:
    """That the recorder opened a ledger that is not at hand."""
    path, at = Code(event.captures.path), Time(event.at)
    return msg("The recorder opened {file} at {at}, and that file is not at hand.", file=path, at=at)


def in_place(ledger: ReconciledLedger) -> Message:
    """What the ledger holds that lies where it should."""
    return msg("{held}, and lies where it should.", held=held(ledger))


def with_rows(ledger: ReconciledLedger) -> Message:
    """That the recorder's ledger exists, and what it holds."""
    if ledger.ledger.rows:
        return msg("{held}.", held=held(ledger))
    return msg(
        "{file} exists with its header only: something created it, in this run or an earlier one.",
        file=Place(ledger.address),
    )


def rows_of_same_run(rows: Sequence[LedgerEntry]) -> Message:
    """How many rows of the runs with losses there are, and where the first stands."""
    return plural(
        "{n} row of the same runs in {file}.",
        "{n} rows of the same runs in {file}.",
        len(rows),
        file=Place(rows[0].location.address),
    )
