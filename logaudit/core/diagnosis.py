"""Why trades were lost: stages, the learned chain, blind code paths, hypotheses, impact.

Sentences are messages, so that a renderer may say them in any language; quoted log text is always a parameter.
"""

from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from logaudit.core.location import Location
from logaudit.core.message import Message
from logaudit.core.money_parts import Amount
from logaudit.core.rows import RowsOf
from logaudit.core.stopped import Stopped
from logaudit.core.timestamp import Stamp


class StageState(StrEnum):
    """What the evidence says of one stage of the recorder's chain.

    ``not-observed``: searched with complete coverage, nothing found; ``contradicted``: the evidence says
    the opposite (an acknowledgement without its row); ``not-observable``: no coverage, or the level of the
    sinks at hand hides the line.
    """

    OBSERVED = "observed"
    NOT_OBSERVED = "not-observed"
    CONTRADICTED = "contradicted"
    NOT_OBSERVABLE = "not-observable"


class StageView(Struct, frozen=True):
    """One stage for one run or trade.

    Attributes:
        id: ``A``, ``B`` …; title: what happens there.
        why: how the state was reached.
        searched: streams searched.
        log_statement: the statement that would make it observable, as code; empty where it was observed.
    """

    id: str
    title: Message
    state: StageState
    why: Message
    locations: tuple[Location, ...] = ()
    searched: tuple[str, ...] = ()
    log_statement: str = ""


class FailurePoint(Struct, frozen=True):
    """The recorder's chain of one run or of one missing trade.

    Attributes:
        subject: run id or trade id, as in the report's runs and trades; kind: ``run`` or ``trade``.
        stage: id of the first stage not observed (or contradicted), empty when every stage was observed
            or nothing can be said.
    """

    session: str
    subject: str
    kind: str
    stages: tuple[StageView, ...]
    stage: str


class ChainStep(Struct, frozen=True):
    """A log line (emitter and template) that surrounds closes.

    Attributes:
        place: ``before`` or ``after`` the close.
        recorded, missing: of how many recorded and missing closes it was seen with.
        of_recorded, of_missing: how many of each had their surroundings at hand.
        delay: median µs from the close to it, negative before.
    """

    emitter: str
    template: str
    place: str
    recorded: int
    of_recorded: int
    missing: int
    of_missing: int
    delay: int
    example: Location


class Divergence(Struct, frozen=True):
    """Where missing closes leave the path that recorded ones take.

    Attributes:
        shared: steps that both kinds have, in order; lost: steps that only recorded ones have;
            extra: steps that only missing ones have.
        abstained: why nothing was learned; None when something was.
    """

    session: str
    shared: tuple[ChainStep, ...]
    lost: tuple[ChainStep, ...]
    extra: tuple[ChainStep, ...]
    abstained: Message | None = None


class Condition(Struct, frozen=True):
    """One readable test on a close: its ``attribute`` has this value.

    Attributes:
        attribute: ``path``, ``pattern``, ``line``, ``caller``, ``preceding``, ``reason``, ``event``, ``run``,
            ``symbol``, ``side``, ``from``, ``until``, ``since-start`` or ``hour``.
    """

    attribute: str
    value: str


class BlindPath(Struct, frozen=True):
    """Conditions (all of which hold) that single out missing closes.

    Attributes:
        condition: the same in words.
        missing, recorded: closes that fulfil the conditions, by outcome.
        total_missing: of how many missing closes of the session.
        precision: missing ÷ (missing + recorded); recall: missing ÷ total_missing.
        p_value: one-sided Fisher's exact test (hypergeometric tail) of the split.
        net_pnl: what was lost on this path and not restored; None where a part of it is unknown.
    """

    session: str
    conditions: tuple[Condition, ...]
    condition: Message
    missing: int
    recorded: int
    total_missing: int
    precision: Decimal
    recall: Decimal
    p_value: Decimal
    net_pnl: Decimal | None
    trades: tuple[str, ...]
    locations: tuple[Location, ...]


class BlindPaths(Struct, frozen=True):
    """The verdict on one session: the paths, or why none is named.

    Attributes:
        mixed: where nothing tells lost closes from recorded ones, the code paths that have both.
    """

    session: str
    paths: tuple[BlindPath, ...]
    abstained: Message | None = None
    mixed: tuple[str, ...] = ()


class PredictionState(StrEnum):
    """What the evidence makes of a predicted fact."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    UNTESTABLE = "untestable"


class Prediction(Struct, frozen=True):
    """A fact that a cause predicts, and what was found."""

    predicts: Message
    found: Message
    state: PredictionState
    locations: tuple[Location, ...] = ()


class Likelihood(StrEnum):
    """What survives: the leading cause, the possible, the unlikely, and the refuted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    REFUTED = "refuted"


class Hypothesis(Struct, frozen=True):
    """A possible cause of a session's losses.

    Attributes:
        id: stable kebab-case name, e.g. ``path-never-calls-recorder``.
        title: the cause as a sentence; clause: the same within another sentence.
        rank: 1 for the leading one.
        check: what to look at next to settle it.
        log_statement: code to add where only a new log line can settle it; may be empty.
    """

    session: str
    id: str
    rank: int
    likelihood: Likelihood
    title: Message
    clause: Message
    predictions: tuple[Prediction, ...]
    check: Message
    log_statement: str = ""


class Separation(Struct, frozen=True):
    """The one observation that would separate the two hypotheses that remain closest."""

    session: str
    first: str
    second: str
    observation: Message
    log_statement: str = ""


class ImpactGroup(Struct, frozen=True):
    """Losses by one dimension (``reason``, ``symbol``, ``side``, ``path``); an unknown value is empty."""

    dimension: str
    value: str
    closes: int
    missing: int
    log_net_pnl: Decimal | None
    unrecorded_net_pnl: Decimal | None


class Impact(Struct, frozen=True):
    """What the losses cost a session; rates are fractions, None where nothing can be divided.

    Sums of PnL are None where a part of them is unknown.

    Attributes:
        win_rate_log: wins among all logged closes; win_rate_ledger: among the recorder's rows.
        average_log, average_ledger: mean net PnL of a trade.
        covered: share of the session's span that its logs cover.
        cumulative: (time, log's running net PnL, ledger's running net PnL) after each close, and after
            each row of the recorder that no close explains; the last point equals what is known of the sums.
        comparable: whether log and ledger hold amounts of one kind in one unit, so that a difference means anything.
        log, ledger: both sums, with what they are sums of.
    """

    session: str
    closes: int
    missing: int
    rows: int
    log_net_pnl: Decimal | None
    ledger_net_pnl: Decimal | None
    unrecorded_net_pnl: Decimal | None
    win_rate_log: Decimal | None
    win_rate_ledger: Decimal | None
    average_log: Decimal | None
    average_ledger: Decimal | None
    first_loss: Stamp | None
    last_loss: Stamp | None
    covered: Decimal | None
    groups: tuple[ImpactGroup, ...]
    cumulative: tuple[tuple[Stamp, Decimal, Decimal], ...]
    comparable: bool = True
    log: Amount = Amount()
    ledger: Amount = Amount()


class NextCheck(Struct, frozen=True):
    """A step for a person: what to look at, with the exact command or log statement."""

    session: str
    what: Message
    command: str = ""
    log_statement: str = ""


class Diagnosis(Struct, frozen=True):
    """Everything said about why; empty tuples when nothing was lost.

    Attributes:
        headline: the few sentences that the terminal report shows.
        stopped: what failed at a value it cannot judge, and is missing from the rest.
    """

    headline: tuple[Message, ...] = ()
    failure_points: RowsOf[FailurePoint] = ()
    divergences: RowsOf[Divergence] = ()
    blind_paths: RowsOf[BlindPaths] = ()
    hypotheses: RowsOf[Hypothesis] = ()
    separations: RowsOf[Separation] = ()
    impacts: RowsOf[Impact] = ()
    next_checks: RowsOf[NextCheck] = ()
    stopped: tuple[Stopped, ...] = ()
