"""The recorder's chain, stage by stage, for each run with losses and each missing trade."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from logaudit.core.diagnosis import FailurePoint, StageState, StageView
from logaudit.core.events import Event, EventKind
from logaudit.core.location import Location
from logaudit.core.message import Code, Message, Param, Time, codes, msg, plural, plural_in
from logaudit.core.rows import all_packed, joined_rows, rows_of
from logaudit.core.source_code import CloseSite
from logaudit.core.timestamp import SECOND, Stamp
from logaudit.core.trades import TradeState
from logaudit.diagnosis.code_paths import CodeFacts
from logaudit.diagnosis.observability import ObservabilityCheck, SearchScope
from logaudit.diagnosis.wording import OF_TRADES, stage_title
from logaudit.profiles import Profile, Stage
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import ClosedTrade, Session, trade_name

#: Lines cited for one stage.
_CITED: Final = 3
_FAILED: Final = (StageState.CONTRADICTED, StageState.NOT_OBSERVED)
#: The chain of a profile that declares none: what its patterns can tell.
_DEFAULT: Final = (
    Stage(
        "A",
        {},
        (EventKind.RECORDER_READY,),
        log_statement='logger.info("recorder ready: %s", path)  # at the end of its constructor',
    ),
    Stage(
        "B",
        {},
        (EventKind.LEDGER_OPENED,),
        log_statement='logger.info("ledger opened: %s", path)  # where the file is created or opened',
    ),
    Stage(
        "C",
        {},
        OF_TRADES,
        log_statement='logger.debug("recording %s: result=%r", symbol, result)  '
        "# in every function that closes a position, before the recorder is called",
    ),
    Stage(
        "D",
        {},
        (EventKind.TRADE_ACKNOWLEDGED,),
        log_statement='logger.exception("row of %s not written", symbol)  # in every except of the recorder',
    ),
)


def stages_of(profile: Profile) -> tuple[Stage, ...]:
    """The declared stages, or those that the profile's patterns can tell; lettered anew then."""
    if profile.stages:
        return profile.stages
    told = [s for s in _DEFAULT if any(profile.has(kind) for kind in s.events)]
    return tuple(replace(s, id=chr(ord("A") + i)) for i, s in enumerate(told))


def kinds_of(stage: Stage, profile: Profile) -> tuple[EventKind, ...]:
    """The facts that can show a stage."""
    return tuple(dict.fromkeys([*stage.events, *(profile.pattern(p).event for p in stage.patterns)]))


def shows(stage: Stage, event: Event) -> bool:
    """Whether an event shows that the stage happened."""
    return event.kind in stage.events or event.pattern in stage.patterns


def failure_points(session: Session, code: CodeFacts | None = None) -> Sequence[FailurePoint]:
    """One for each run with missing trades, followed by one for each of these; none without stages.

    ``code`` is what the bot's source says of the closes, where it is at hand.
    """
    chain = _Chain(session, code)
    found: list[Sequence[FailurePoint]] = []
    for run in session.runs if chain.stages else ():
        trades = [t for t in session.of_run(run) if t.missing]
        if trades:
            told = _Told(len(chain.stages))
            points = rows_of((told.add(chain.trade(t, run)) for t in trades), FailurePoint)
            found += [(chain.run(run, told),), points]
    return joined_rows(all_packed(found, FailurePoint))


class _Told:
    """What the chains of a run's missing trades show: of each stage how often which state, and the first examples."""

    def __init__(self, stages: int) -> None:
        self.failed: set[str] = set()
        self.counts: list[Counter[StageState]] = [Counter() for _ in range(stages)]
        self.first: list[dict[StageState, StageView]] = [{} for _ in range(stages)]
        self.places: list[dict[StageState, list[Location]]] = [defaultdict(list) for _ in range(stages)]

    def add(self, point: FailurePoint) -> FailurePoint:
        """Counts one, and gives it back."""
        self.failed.add(point.stage)
        for i, view in enumerate(point.stages):
            self.counts[i][view.state] += 1
            self.first[i].setdefault(view.state, view)
            if view.locations and len(places := self.places[i][view.state]) < _CITED:
                places.append(view.locations[0])
        return point


class _Chain:
    """The stages of one session's recorder."""

    def __init__(self, session: Session, code: CodeFacts | None) -> None:
        self._session = session
        self._code = code
        self._watch = ObservabilityCheck(session)
        self._window = round(session.profile.ledger.window * SECOND)
        self._runs: dict[tuple[str, str], StageView] = {}
        self.stages = stages_of(session.profile)

    def trade(self, trade: ClosedTrade, run: Run) -> FailurePoint:
        """The chain of one missing trade; the stages of its run are its own."""
        views = tuple(
            self._of_trade(s, trade) if self._per_trade(s) else self._of_run(s, run) for s in self.stages
        )
        name = trade_name(self._session, trade)
        failed = first_failed(views)
        sites = self._code.blind(trade) if self._code is not None else ()
        call = next((i for i, s in enumerate(self.stages) if self._per_trade(s)), None)
        if sites and call is not None and views[call].state is not StageState.OBSERVED:
            shown = self._never_called(self.stages[call], sites)
            views, failed = (*views[:call], shown, *views[call + 1 :]), shown.id
        return FailurePoint(self._session.root, name, "trade", views, failed)

    def _never_called(self, stage: Stage, sites: Sequence[CloseSite]) -> StageView:
        """The call of the recorder that the source does not have."""
        why = msg(
            "The source shows it: {places} closes by {closer}, and no path from there leads to the recorder.",
            places=codes([site.place.cite() for site in sites]),
            closer=Code(sites[0].closer),
        )
        places = tuple(dict.fromkeys(site.place for site in sites))[:_CITED]
        return self._view(stage, StageState.NOT_OBSERVED, why, places, ())

    def run(self, run: Run, told: _Told) -> FailurePoint:
        """The chain of a run: its own stages, and for the others what most of its missing trades show."""
        views = tuple(
            self._most(s, i, told, run) if self._per_trade(s) else self._of_run(s, run)
            for i, s in enumerate(self.stages)
        )
        same = self._code is not None and len(told.failed) == 1
        failed = next(iter(told.failed)) if same else first_failed(views)
        return FailurePoint(self._session.root, run.id, "run", views, failed)

    def _per_trade(self, stage: Stage) -> bool:
        return any(kind in OF_TRADES for kind in kinds_of(stage, self._session.profile))

    def _of_run(self, stage: Stage, run: Run) -> StageView:
        key = (stage.id, run.id)
        if key not in self._runs:
            self._runs[key] = self._judge_run(stage, run)
        return self._runs[key]

    def _judge_run(self, stage: Stage, run: Run) -> StageView:
        session = self._session
        kinds = kinds_of(stage, session.profile)
        seen = [e for e in session.events_in(run, *kinds) if shows(stage, e)]
        if seen:
            why = _observed(seen)
            return self._view(stage, StageState.OBSERVED, why, _places(seen), self._watch.streams_of(seen))
        closes = session.of_run(run)
        until = min((t.at.us for t in closes), default=run.end)
        search = self._watch.between(kinds, run.start, until)
        if (later := self._proof(run)) is not None:
            why = msg(
                "Its own line was not found in {streams}, but the recorder worked in this run: see {at}.",
                streams=_any_stream(search),
                at=Time(later[0]),
            )
            return self._view(stage, StageState.OBSERVED, why, (later[1],), search.streams)
        if run.started is None:
            why = msg(
                "The run began before {start}, the first line at hand of {streams}: its start records lie outside what "
                "could be searched.",
                start=search.where["start"],
                streams=_any_stream(search),
            )
        else:
            why = search.hidden or _not_observed(search)
        hidden = run.started is None or search.hidden is not None
        state = StageState.NOT_OBSERVABLE if hidden else StageState.NOT_OBSERVED
        return self._view(stage, state, why, (), search.streams)

    def _proof(self, run: Run) -> tuple[Stamp, Location] | None:
        """The first later line that the recorder could not have written without being set up."""
        acks = self._session.events_in(run, EventKind.TRADE_ACKNOWLEDGED)
        if acks:
            return acks[0].at, acks[0].locations[0]
        rows = [t.row for t in self._session.of_run(run) if t.row is not None]
        return (rows[0].at, rows[0].location) if rows else None

    def _of_trade(self, stage: Stage, trade: ClosedTrade) -> StageView:
        close = trade.close
        witness = trade.witness
        seen = [e for e in (*witness.acks, *witness.failures) if shows(stage, e)]
        last = stage is self.stages[-1]
        if seen and last and trade.state is TradeState.FALSE_ACK:
            why = msg(
                "The recorder acknowledged the trade at {at}, and no ledger has its row.", at=Time(seen[0].at)
            )
            return self._view(
                stage, StageState.CONTRADICTED, why, _places(seen), self._watch.streams_of(seen)
            )
        if seen and not (last and witness.failures):
            why = _observed(seen)
            return self._view(stage, StageState.OBSERVED, why, _places(seen), self._watch.streams_of(seen))
        if witness.failures:
            why = msg("The recorder says at {at} that it failed.", at=Time(witness.failures[0].at))
            heard = self._watch.streams_of(witness.failures)
            return self._view(stage, StageState.CONTRADICTED, why, _places(witness.failures), heard)
        kinds = kinds_of(stage, self._session.profile)
        search = self._watch.between(kinds, close.at.us, close.at.end + self._window)
        state = StageState.NOT_OBSERVABLE if search.hidden else StageState.NOT_OBSERVED
        why = search.hidden or _not_observed(search)
        return self._view(stage, state, why, (close.location,), search.streams)

    def _most(self, stage: Stage, index: int, told: _Told, run: Run) -> StageView:
        counts, first = told.counts[index], told.first[index]
        state = min(counts, key=lambda s: (-counts[s], list(StageState).index(s)))
        if counts.total() == 1:
            return first[state]
        why = _MOST[state](
            {
                "count": counts[state],
                "lost": plural_in("of", "{n} lost trade", "{n} lost trades", counts.total()),
                "closes": plural("{n} close", "{n} closes", len(self._session.of_run(run))),
            }
        )
        return self._view(stage, state, why, tuple(told.places[index][state]), first[state].searched)

    def _view(
        self,
        stage: Stage,
        state: StageState,
        why: Message,
        places: tuple[Location, ...],
        searched: tuple[str, ...],
    ) -> StageView:
        return StageView(
            id=stage.id,
            title=stage_title(stage),
            state=state,
            why=why,
            locations=places,
            searched=searched,
            log_statement="" if state is StageState.OBSERVED else stage.log_statement,
        )


def first_failed(views: Sequence[StageView]) -> str:
    """The id of the first stage that was contradicted or not observed; empty when there is none."""
    return next((v.id for v in views if v.state in _FAILED), "")


def _places(events: Sequence[Event]) -> tuple[Location, ...]:
    return tuple(e.locations[0] for e in events[:_CITED])


def _observed(seen: Sequence[Event]) -> Message:
    return plural(
        "{n} line, the first at {at}.", "{n} lines, the first at {at}.", len(seen), at=Time(seen[0].at)
    )


def _not_observed(search: SearchScope) -> Message:
    return msg(
        "Searched {streams} ({levels}) from {start} to {end}: no such line. The logs at hand cover this time.",
        **search.where,
    )


def _any_stream(search: SearchScope) -> Param:
    return codes(search.streams) if search.streams else msg("any stream")


_MOST: Final[dict[StageState, Callable[[dict[str, Param]], Message]]] = {
    StageState.OBSERVED: lambda of: msg("Observed for {count} of {lost}; {closes} in the run.", **of),
    StageState.NOT_OBSERVED: lambda of: msg("Not observed for {count} of {lost}; {closes} in the run.", **of),
    StageState.CONTRADICTED: lambda of: msg("Contradicted for {count} of {lost}; {closes} in the run.", **of),
    StageState.NOT_OBSERVABLE: lambda of: msg(
        "Not observable for {count} of {lost}; {closes} in the run.", **of
    ),
}
