"""The diagnosis as plain data for JSON: sentences in English, decimals as strings."""

from __future__ import annotations

from collections.abc import Iterable

from logaudit.core.diagnosis import (
    BlindPath,
    ChainStep,
    Diagnosis,
    Divergence,
    FailurePoint,
    Hypothesis,
    Impact,
    NextCheck,
    Prediction,
    Separation,
    StageView,
)
from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.message import Message
from logaudit.core.sentence import plain_text
from logaudit.renderers.json_text import digits, location, null_if_empty


def diagnosis_data(diagnosis: Diagnosis) -> dict[str, Data]:
    """Every part of the diagnosis, keys in the documented order."""
    return {
        "blind_paths": [_path(path) for session in diagnosis.blind_paths for path in session.paths],
        "failure_points": [_failure(point) for point in diagnosis.failure_points],
        "hypotheses": [_hypothesis(one) for one in diagnosis.hypotheses],
        "divergences": [_divergence(one) for one in diagnosis.divergences],
        "impact": [_impact(one) for one in diagnosis.impacts],
        "separations": [_separation(one) for one in diagnosis.separations],
        "next_checks": [_check(one) for one in diagnosis.next_checks],
        "headline": [_said(phrase) for phrase in diagnosis.headline],
        "abstained": [
            {"session": one.session, "why": _said(one.abstained)}
            for one in diagnosis.blind_paths
            if one.abstained is not None
        ],
    }


def _path(path: BlindPath) -> Data:
    return {
        "condition": _said(path.condition),
        "missing": path.missing,
        "recorded": path.recorded,
        "precision": str(path.precision),
        "recall": str(path.recall),
        "conditions": [{"attribute": c.attribute, "value": c.value} for c in path.conditions],
        "total_missing": path.total_missing,
        "p_value": str(path.p_value),
        "net_pnl": digits(path.net_pnl),
        "session": path.session,
        "trades": list(path.trades),
        "locations": _places(path.locations),
    }


def _failure(point: FailurePoint) -> Data:
    return {
        "kind": point.kind,
        "subject": point.subject,
        "stage": null_if_empty(point.stage),
        "session": point.session,
        "stages": [_stage(stage) for stage in point.stages],
    }


def _stage(stage: StageView) -> Data:
    return {
        "id": stage.id,
        "title": stage.titles.get("en", ""),
        "state": stage.state.value,
        "why": _said(stage.why),
        "locations": _places(stage.locations),
        "searched": list(stage.searched),
        "log_statement": null_if_empty(stage.log_statement),
    }


def _hypothesis(one: Hypothesis) -> Data:
    return {
        "id": one.id,
        "title": _said(one.title),
        "rank": one.rank,
        "likelihood": one.likelihood.value,
        "session": one.session,
        "predictions": [_prediction(prediction) for prediction in one.predictions],
        "check": _said(one.check),
        "log_statement": null_if_empty(one.log_statement),
    }


def _prediction(one: Prediction) -> Data:
    return {
        "predicts": _said(one.predicts),
        "found": _said(one.found),
        "state": one.state.value,
        "locations": _places(one.locations),
    }


def _divergence(one: Divergence) -> Data:
    return {
        "session": one.session,
        "abstained": None if one.abstained is None else _said(one.abstained),
        "shared": [_step(step) for step in one.shared],
        "lost": [_step(step) for step in one.lost],
        "extra": [_step(step) for step in one.extra],
    }


def _step(step: ChainStep) -> Data:
    return {
        "emitter": null_if_empty(step.emitter),
        "template": step.template,
        "place": step.place,
        "recorded": step.recorded,
        "of_recorded": step.of_recorded,
        "missing": step.missing,
        "of_missing": step.of_missing,
        "delay_us": step.delay,
        "example": location(step.example),
    }


def _impact(one: Impact) -> Data:
    return {
        "session": one.session,
        "closes": one.closes,
        "missing": one.missing,
        "rows": one.rows,
        "log_net_pnl": digits(one.log_net_pnl),
        "ledger_net_pnl": digits(one.ledger_net_pnl),
        "unrecorded_net_pnl": digits(one.unrecorded_net_pnl),
        "win_rate_log": digits(one.win_rate_log),
        "win_rate_ledger": digits(one.win_rate_ledger),
        "average_log": digits(one.average_log),
        "average_ledger": digits(one.average_ledger),
        "first_loss": null_if_empty(one.first_loss),
        "last_loss": null_if_empty(one.last_loss),
        "covered": digits(one.covered),
        "groups": [
            {
                "dimension": group.dimension,
                "value": null_if_empty(group.value),
                "closes": group.closes,
                "missing": group.missing,
                "log_net_pnl": digits(group.log_net_pnl),
                "unrecorded_net_pnl": digits(group.unrecorded_net_pnl),
            }
            for group in one.groups
        ],
        "cumulative": [
            {"at": at, "log_net_pnl": digits(log), "ledger_net_pnl": digits(ledger)}
            for at, log, ledger in one.cumulative
        ],
        "comparable": one.comparable,
    }


def _separation(one: Separation) -> Data:
    return {
        "session": one.session,
        "first": one.first,
        "second": one.second,
        "observation": _said(one.observation),
        "log_statement": null_if_empty(one.log_statement),
    }


def _check(one: NextCheck) -> Data:
    return {
        "session": one.session,
        "what": _said(one.what),
        "command": null_if_empty(one.command),
        "log_statement": null_if_empty(one.log_statement),
    }


def _said(message: Message) -> str:
    return plain_text(message, spaced=True)


def _places(places: Iterable[Location]) -> list[Data]:
    return [location(place) for place in places]
