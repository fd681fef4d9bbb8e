"""Words of the report for the members of enums and other closed sets: stages, predictions, outcomes, roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.diagnosis import Likelihood, PredictionState, StageState
from logaudit.core.location import Role
from logaudit.core.message import Message, label, msg
from logaudit.renderers.document.charts.drawing import TradeOutcome

#: Whether a step of the recorder was observed.
STAGE_STATES: Final[Mapping[StageState, Message]] = {
    StageState.OBSERVED: msg("observed"),
    StageState.NOT_OBSERVED: label("stage", "not observed"),
    StageState.CONTRADICTED: msg("contradicted"),
    StageState.NOT_OBSERVABLE: msg("not observable"),
}

#: What became of a prediction.
PREDICTION_STATES: Final[Mapping[PredictionState, Message]] = {
    PredictionState.CONFIRMED: msg("confirmed"),
    PredictionState.REFUTED: msg("refuted"),
    PredictionState.UNTESTABLE: msg("not testable"),
}

#: How many predictions fared so; ``{n}`` is left open.
TALLIES: Final[Mapping[PredictionState, Message]] = {
    PredictionState.CONFIRMED: msg("{n} confirmed"),
    PredictionState.REFUTED: msg("{n} refuted"),
    PredictionState.UNTESTABLE: msg("{n} not testable"),
}

#: How likely an explanation is.
LIKELIHOODS: Final[Mapping[Likelihood, Message]] = {
    Likelihood.HIGH: msg("high"),
    Likelihood.MEDIUM: msg("medium"),
    Likelihood.LOW: msg("low"),
    Likelihood.REFUTED: label("likelihood", "refuted"),
}

#: What became of a trade.
OUTCOMES: Final[Mapping[TradeOutcome, Message]] = {
    TradeOutcome.RECORDED: msg("recorded"),
    TradeOutcome.LOST: msg("lost"),
    TradeOutcome.RESTORED: msg("restored later"),
    TradeOutcome.OPEN: msg("still open"),
    TradeOutcome.UNKNOWN: msg("not verifiable"),
}

#: What a cited line proves.
ROLES: Final[Mapping[Role, Message]] = {
    Role.CLOSE: msg("close"),
    Role.OPEN: msg("open"),
    Role.ACK: msg("acknowledgement"),
    Role.ERROR: msg("recorder error"),
    Role.EXCHANGE: msg("exchange's word"),
    Role.READY: msg("recorder ready"),
    Role.LEDGER_OPENED: msg("ledger opened"),
    Role.RUN_START: msg("start of the bot"),
    Role.ROW: msg("row"),
    Role.LEDGER: msg("ledger"),
    Role.LOG: msg("log"),
    Role.GAP: msg("silence"),
    Role.CODE: msg("code"),
}

#: By what losses are grouped.
DIMENSIONS: Final[Mapping[str, Message]] = {
    "reason": msg("reason"),
    "symbol": msg("symbol"),
    "side": msg("side"),
    "path": msg("code path"),
}

#: Whether a line stands before a close or after it.
SIDES_OF_CLOSE: Final[Mapping[str, Message]] = {
    "before": msg("before"),
    "after": msg("after"),
}

#: What state a ledger is in.
LEDGER_STATUSES: Final[Mapping[str, Message]] = {
    "ok": msg("in use"),
    "header-only": msg("header only"),
    "empty": label("ledger", "empty"),
    "malformed": msg("holds unreadable lines"),
    "not-observed": msg("not observed"),
}

#: The legend of the positions' picture.
LANE_WORDS: Final[Mapping[str, Message]] = {
    "covered": msg("logs at hand"),
    "silent": msg("no logs"),
    "run": msg("start of the bot"),
    "logs": msg("logs"),
}

#: Words that the renderers of pages need themselves.
PAGE_WORDS: Final[Mapping[str, Message]] = {
    "contents": msg("Contents"),
    "skip": msg("Skip to the content"),
    "data": msg("Data of the picture"),
    "evidence": msg("Evidence cited in this report"),
    "unread": msg("not read"),
    "not-shown": msg("not shown"),
    "whole": msg("whole source"),
    "utc-unknown": msg("not known"),
    "here": msg("failure point"),
    "attached": msg("The register as a JSON file"),
    "explorer": msg("Explorer"),
    "explorer-intro": msg(
        "Every trade is a thread through its witnesses; it ends where the trade was lost. Keys: ↑ ↓ choose a trade, "
        "/ searches, + and − zoom, Esc resets."
    ),
    "explorer-off": msg("This part needs scripts. The tables below show the same without them."),
}
