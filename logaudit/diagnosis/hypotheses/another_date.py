"""The rows stand under another date: the file is named in another zone, or the day's file was not begun."""

from __future__ import annotations

from datetime import date
from typing import Final

from logaudit.core.diagnosis import Likelihood, Phrase, Prediction
from logaudit.core.events import Event, EventKind
from logaudit.core.finding import Data
from logaudit.core.location import Location
from logaudit.core.money import agree
from logaudit.core.timestamp import EAST, HOUR, SECOND, WEST, iso, offset_text, us_of_day
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    ledger_place,
    predict,
    statement,
)
from logaudit.reconcile.clocks import fixed_offset
from logaudit.reconcile.clocks.filename_offset import written_date
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.matching import may_be_same
from logaudit.reconcile.reconciled import ClosedTrade, ReconciledLedger

ID = "written-under-another-date"
#: The widest zones differ by 26 hours.
_FARTHEST: Final = 26 * HOUR


def assess(facts: SessionFacts) -> HypothesisDraft:
    """Refuted when the files of every other date that could hold the rows are at hand and do not."""
    predictions = (_stray_rows(facts), _zone(facts), _not_rolled(facts))
    stray, zone, rolled = (p.state for p in predictions)
    if CONFIRMED in (stray, zone, rolled):
        likelihood = Likelihood.HIGH
    else:
        likelihood = Likelihood.REFUTED if zone is rolled is REFUTED else Likelihood.LOW
    return HypothesisDraft(
        id=ID,
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.OPENED,
        check=Phrase(f"{ID}.check"),
        log_statement=statement(facts, RecorderStage.OPENED),
    )


def _stray_rows(facts: SessionFacts) -> Prediction:
    """Rows without a close that show a lost trade's figures at another time."""
    strays = [t.row for t in facts.session.unclosed]
    found = [row for t in facts.missing for row in strays if _shows(t.close, row)]
    rows = sum(len(lc.ledger.rows) for lc in facts.session.ledgers)
    details: dict[str, Data] = {"files": len(facts.session.ledgers), "rows": rows, "count": len(found)}
    if found:
        places = [row.location for row in found]
        return predict(CONFIRMED, f"{ID}.stray-rows", "found.stray-rows", details, places)
    return predict(REFUTED, f"{ID}.stray-rows", "found.no-stray-rows", details)


def _shows(close: Event, row: LedgerEntry) -> bool:
    """The same trade by side, prices and result, at a time that a zone could explain."""
    if not may_be_same(close.fields, row.fields) or abs(close.at.us - row.at.us) > _FARTHEST:
        return False
    ours, theirs = close.fields, row.fields
    pairs = (
        (ours.entry_price, theirs.entry_price),
        (ours.exit_price, theirs.exit_price),
        (ours.result, row.result),
    )
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return len(known) >= 2 and all(agree(a, b) for a, b in known)  # noqa: PLR2004 - one value may agree by chance


def _zone(facts: SessionFacts) -> Prediction:
    """Whether the file of any date that the closes have in another zone could hold them."""
    first = facts.missing[0]
    open_dates: set[date] = set()
    places: list[Location] = []
    for trade in facts.missing:
        if _neighbour(facts, trade) is not None or _opened(facts, trade) is not None:
            continue
        for other in sorted(_other_dates(facts, trade)):
            ledger = _dated(facts, other)
            if ledger is None:
                open_dates.add(other)
            else:
                places.append(ledger_place(ledger))
    details = _arithmetic(facts, first)
    if open_dates:
        dates: list[Data] = [d.isoformat() for d in sorted(open_dates)]
        return predict(UNTESTABLE, f"{ID}.zone", "found.dates-not-at-hand", {**details, "dates": dates})
    beside = _neighbour(facts, first)
    if beside is not None:
        details = {**details, "file": str(beside.location.address), "at": beside.at.iso()}
        return predict(REFUTED, f"{ID}.zone", "found.same-day-rows", details, [beside.location])
    if (opened := _opened(facts, first)) is not None:
        return predict(REFUTED, f"{ID}.zone", "found.opened-at-hand", *_named(opened))
    found = "found.zone-ruled-out" if places else "found.zone-same-date"
    return predict(REFUTED, f"{ID}.zone", found, details, [first.close.location, *places[:1]])


def _arithmetic(facts: SessionFacts, trade: ClosedTrade) -> dict[str, Data]:
    """The figures of the argument, for the first lost close.

    ``turn`` is the offset above which the close lies on the day before in UTC.
    """
    close = trade.close
    at = close.at.us
    others = [lc for d in sorted(_other_dates(facts, trade)) if (lc := _dated(facts, d)) is not None]
    return {
        "closed": iso(at, SECOND),
        "time": iso(at, SECOND)[11:],
        "date": close.at.day.isoformat(),
        "turn": offset_text((at - us_of_day(close.at.day)) // SECOND),
        "other": str(others[0].ledger.name_date) if others else "",
        "file": str(others[0].address) if others else "",
        "rows": len(others[0].ledger.rows) if others else 0,
        "zone": facts.zone,
    }


def _other_dates(facts: SessionFacts, trade: ClosedTrade) -> set[date]:
    """The dates besides its own that a close has in zones of civil use, or in the one that was stated."""
    close = trade.close
    at = close.at.us
    if facts.zone:
        dates = {written_date(at, fixed_offset(facts.zone, at))}
    else:
        dates = {written_date(at, offset) for offset in (WEST, 0, EAST)}
    undated = all(lc.ledger.name_date is None for lc in facts.session.ledgers)
    return set() if undated else dates - {close.at.day}


def _dated(facts: SessionFacts, day: date) -> ReconciledLedger | None:
    return next((lc for lc in facts.session.ledgers if lc.ledger.name_date == day), None)


def _neighbour(facts: SessionFacts, trade: ClosedTrade) -> LedgerEntry | None:
    """A row of the same run and day: where it stands, the lost one would."""
    return facts.day_rows.get((trade.run, trade.at.day))


def _opened(facts: SessionFacts, trade: ClosedTrade) -> Event | None:
    """The last line before a close by which its run opened a ledger, when that file is at hand."""
    close, run = trade.close, facts.session.run(trade.run)
    said = facts.session.events_in(run, EventKind.LEDGER_OPENED) if run else ()
    before = [e for e in said if e.at.us <= close.at.us and e.captures.path]
    at_hand = {base_name(lc.address.member or lc.address.path) for lc in facts.session.ledgers}
    return before[-1] if before and base_name(before[-1].captures.path) in at_hand else None


def _named(opened: Event) -> tuple[dict[str, Data], list[Location]]:
    return {"file": opened.captures.path, "at": opened.at.iso()}, [opened.locations[0]]


def _not_rolled(facts: SessionFacts) -> Prediction:
    """Whether the file of the day on which the run began could hold them."""
    predicts = f"{ID}.not-rolled"
    first = facts.missing[0]
    close, run = first.close, facts.session.run(first.run)
    details = _arithmetic(facts, first)
    beside = _neighbour(facts, first)
    if beside is not None:
        details = {**details, "file": str(beside.location.address), "at": beside.at.iso()}
        return predict(REFUTED, predicts, "found.same-day-rows", details, [beside.location])
    if (opened := _opened(facts, first)) is not None:
        return predict(REFUTED, predicts, "found.opened-at-hand", *_named(opened))
    earlier = [
        lc for lc in facts.session.ledgers if lc.ledger.name_date and lc.ledger.name_date < close.at.day
    ]
    if earlier:
        newest = earlier[-1]
        details = {**details, "file": str(newest.address), "rows": len(newest.ledger.rows)}
        return predict(REFUTED, predicts, "found.older-file-without", details, [ledger_place(newest)])
    if run is not None and run.started is not None and run.started.at.day == close.at.day:
        return predict(REFUTED, predicts, "found.began-that-day", details, run.started.locations[:1])
    return predict(UNTESTABLE, predicts, "found.no-older-file", details)
