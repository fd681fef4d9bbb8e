"""LA102 silent-recorder.

# What it finds

A run in which closes went unrecorded while the recorder logged no error: the silent failure that no alarm
sees. Once per run, with the counts, the money and the time since when.

# Why it matters

Nothing in the logs complains, so nobody looks, and the ledger keeps losing trades until somebody compares.

# Example

12 closes logged between 16:14 and 18:16, 5 rows in the ledger, no recorder error in 230,000 records.

# What to do

Compare the lines around a recorded close with those around a lost one: the recorder is not called, is
called without a result, or fails without a word. Log every call of the recorder with its outcome.
"""

from __future__ import annotations

from collections.abc import Iterator

from logaudit.core.events import Event, EventKind
from logaudit.core.finding import Finding, Rule, Severity
from logaudit.core.message import Code, Message, Time, label, msg, plural, plural_in, sentences
from logaudit.core.pnl_words import pnl_figure
from logaudit.core.trades import TradeState
from logaudit.reconcile.positions import Run
from logaudit.reconcile.reconciled import Case, ClosedTrade, Session
from logaudit.rules.base import losses, money, net_of, place_for, report, run_meaning, severity_of
from logaudit.rules.wording import streams

RULE = Rule(
    "LA102",
    "silent-recorder",
    Severity.ERROR,
    "closes went unrecorded with no error logged",
    label("rule", "the recorder failed silently"),
)


def check(case: Case) -> Iterator[Finding]:
    """One finding for each run with silent losses."""
    for session in case.sessions:
        for run in session.runs:
            silent = [
                t for t in session.of_run(run) if t.missing and not t.witness.failures and not t.witness.acks
            ]
            if silent:
                yield _silent(session, run, silent)


def _silent(session: Session, run: Run, silent: list[ClosedTrade]) -> Finding:
    closes = session.of_run(run)
    errors = len(session.events_in(run, EventKind.RECORDER_FAILED))
    lines = [t.close for t in silent]
    amount = net_of(silent)
    restored = sum(t.state is TradeState.BACKFILLED for t in silent)
    place = place_for(silent[0], session)
    return report(
        RULE,
        session,
        sentences(
            _unrecorded(silent, len(closes), _streams_heard(session, errors)),
            _restored(restored, len(silent)),
        ),
        [*(c.location for c in lines), *([place] if place else [])],
        (run_meaning(run),),
        run=run.id,
        parts=losses(silent),
        severity=severity_of(silent),
        remedy=_remedy(silent) if any(t.lost for t in silent) else None,
        data={
            "closes": len(closes),
            "missing": len(silent),
            "restored": restored,
            "net_pnl": money(amount),
            "unrecorded_net_pnl": money(net_of(t for t in silent if t.lost)),
            "first_loss": lines[0].at.iso(),
            "last_loss": lines[-1].at.iso(),
            "recorder_errors": errors,
            "errors_known": session.profile.has(EventKind.RECORDER_FAILED),
            "searched": list(session.evidence.stream_names),
        },
    )


def _restored(restored: int, lost: int) -> Message | None:
    """How many of the closes another writer added, where any."""
    if not restored:
        return None
    if restored < lost:
        return msg("Another writer restored {n} of them later.", n=restored)
    return plural("Another writer restored it later.", "Another writer restored all of them later.", lost)


def _unrecorded(silent: list[ClosedTrade], closes: int, heard: Message) -> Message:
    when, pnl = _when([trade.close for trade in silent]), pnl_figure(silent)
    if closes == 1:
        return msg(
            "The only close of this run went unrecorded {when} ({pnl}), and {heard}.",
            when=when,
            pnl=pnl,
            heard=heard,
        )
    return msg(
        "{missing} of {closes} of this run went unrecorded {when} ({pnl}), and {heard}.",
        missing=len(silent),
        closes=plural_in("of", "{n} close", "{n} closes", closes),
        when=when,
        pnl=pnl,
        heard=heard,
    )


def _remedy(silent: list[ClosedTrade]) -> Message:
    """The code to read, where all lost closes come from one place of it."""
    paths = {t.close.emitter.path for t in silent}
    if len(paths) == 1 and (path := paths.pop()):
        return msg("Check whether {path} calls the recorder each time it closes a position.", path=Code(path))
    return msg("Log every call of the recorder with its outcome: the next loss then shows where it happens.")


def _when(lines: list[Event]) -> Message:
    if len(lines) == 1:
        return msg("at {at}", at=Time(lines[0].at))
    return msg("from {first} to {last}", first=Time(lines[0].at), last=Time(lines[-1].at))


def _streams_heard(session: Session, errors: int) -> Message:
    """What the recorder said about the lost closes: nothing, whatever it said about others."""
    if not session.profile.has(EventKind.RECORDER_FAILED):
        return msg("the profile knows no line in which the recorder reports an error")
    if not errors:
        return msg("the recorder logged no error (searched: {streams})", streams=streams(session))
    return msg(
        "the recorder logged no error at any of them, but {n} elsewhere in the run (see LA108)", n=errors
    )
