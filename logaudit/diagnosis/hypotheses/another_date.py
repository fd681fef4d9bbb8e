"""The rows stand under another date: the file is named in another zone, or the day's file was not begun."""

from __future__ import annotations

from datetime import date
from typing import Final

from logaudit.core.diagnosis import Likelihood, Prediction
from logaudit.core.events import Event, EventKind
from logaudit.core.message import Listed, Message, Param, Place, Text, Time, msg, plural, plural_in
from logaudit.core.money import agree
from logaudit.core.timestamp import EAST, HOUR, SECOND, WEST, Stamp, iso, offset_text, us_of_day
from logaudit.core.trades import LedgerEntry
from logaudit.diagnosis.hypotheses.base import (
    CONFIRMED,
    REFUTED,
    UNTESTABLE,
    HypothesisDraft,
    RecorderStage,
    SessionFacts,
    opened_here,
    predict,
)
from logaudit.diagnosis.wording import held
from logaudit.reconcile.clocks import fixed_offset
from logaudit.reconcile.clocks.filename_offset import written_date
from logaudit.reconcile.ledgers import base_name
from logaudit.reconcile.matching import may_be_same
from logaudit.reconcile.matching.value_index import ValueIndex
from logaudit.reconcile.reconciled import ClosedTrade, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger

ID = "written-under-another-date"
#: The widest zones differ by 26 hours.
_FARTHEST: Final = 26 * HOUR
#: Rows that share a close's rarest figure and are looked at one by one.
_MOST: Final = 32


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
        title=msg("The row stands under another date: another time zone, or a file not begun anew"),
        clause=msg("the row stands under another date: another time zone, or a file not begun anew"),
        likelihood=likelihood,
        predictions=predictions,
        explains=len(facts.missing),
        breaks=RecorderStage.OPENED,
        check=msg("Compare the date in the ledger's name with the clock that names it (utcnow or now)."),
    )


def stray_rows(session: Session) -> list[LedgerEntry]:
    """Rows without a close that show a lost trade's figures at another time."""
    strays = [t.row for t in session.unclosed]
    index = ValueIndex([row.fields for row in strays])
    return [
        strays[r]
        for t in session.missing
        for r in index.candidates(t.fields, _MOST)
        if _shows(t.close, strays[r])
    ]


def _stray_rows(facts: SessionFacts) -> Prediction:
    """Whether there are such rows."""
    found = stray_rows(facts.session)
    rows = sum(len(lc.ledger.rows) for lc in facts.session.ledgers)
    predicts = msg("A row at hand shows a lost trade's figures at another time.")
    if found:
        said = plural(
            "{n} row without a close of its own.", "{n} rows without a close of their own.", len(found)
        )
        return predict(CONFIRMED, predicts, said, [row.location for row in found])
    said = msg(
        "None among {rows} of {ledgers}.",
        rows=plural_in("of", "{n} row", "{n} rows", rows),
        ledgers=plural_in("in", "{n} ledger", "{n} ledgers", len(facts.session.ledgers)),
    )
    return predict(REFUTED, predicts, said)


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
    dated: list[tuple[ClosedTrade, ReconciledLedger]] = []
    for trade in facts.missing:
        if _neighbour(facts, trade) is not None or _opened(facts, trade) is not None:
            continue
        for other in sorted(_other_dates(facts, trade)):
            ledger = _dated(facts, other)
            if ledger is None:
                open_dates.add(other)
            else:
                dated.append((trade, ledger))
    predicts = msg("The file of the date that the close has in another zone holds the row.")
    if open_dates:
        dates = Listed(tuple(Text(d.isoformat()) for d in sorted(open_dates)))
        found = msg("The ledgers of {dates}, which some zone would name, are not at hand.", dates=dates)
        return predict(UNTESTABLE, predicts, found)
    if (told := _known_file(facts, first, predicts)) is not None:
        return told
    if not dated:
        return predict(REFUTED, predicts, _same_date(facts, first), [first.close.location])
    trade, ledger = dated[0]
    return predict(REFUTED, predicts, _ruled_out(facts, trade, ledger), [trade.close.location, ledger.place])


def _known_file(facts: SessionFacts, first: ClosedTrade, predicts: Message) -> Prediction | None:
    """Refuted where a row of the same run and day, or the recorder's own line, shows the file; else None."""
    beside = _neighbour(facts, first)
    if beside is not None:
        found = msg(
            "The row of {at}, of the same run and day, stands in {file}: the lost ones would stand there too.",
            at=Time(beside.at),
            file=Place(beside.location.address),
        )
        return predict(REFUTED, predicts, found, [beside.location])
    if (opened := _opened(facts, first)) is not None:
        return predict(REFUTED, predicts, opened_here(opened), [opened.locations[0]])
    return None


def _ruled_out(facts: SessionFacts, trade: ClosedTrade, other: ReconciledLedger) -> Message:
    """That the file of the other date that a lost close may have holds no row of it."""
    if facts.zone:
        return msg(
            "At {zone}, the close at {closed} belongs to {file} by UTC date; no row there fits: {held}.",
            zone=Text(facts.zone),
            closed=Time(Stamp(trade.close.at.us, SECOND)),
            file=Place(other.address),
            held=held(other),
        )
    return msg(
        "The close at {time} local lies on {date} in UTC for every offset up to {turn}. For others its row would be in "
        "the file of {other}: {held}.",
        other=Text(str(other.ledger.name_date)),
        held=held(other),
        **_turn(trade),
    )


def _same_date(facts: SessionFacts, trade: ClosedTrade) -> Message:
    """That the first lost close has no other date that a ledger at hand bears."""
    if facts.zone:
        return msg(
            "At {zone}, the close at {closed} lies on {date} in UTC as well: no other file could hold it.",
            zone=Text(facts.zone),
            closed=Time(Stamp(trade.close.at.us, SECOND)),
            date=Text(trade.close.at.day.isoformat()),
        )
    return msg(
        "The close at {time} local lies on {date} in UTC for every offset up to {turn}, and ledgers at hand have no "
        "other date that it could have.",
        **_turn(trade),
    )


def _turn(trade: ClosedTrade) -> dict[str, Param]:
    """A close's local time and date, and the offset above which it lies on the day before in UTC."""
    at, day = trade.close.at.us, trade.close.at.day
    return {
        "time": Text(iso(at, SECOND)[11:]),
        "date": Text(day.isoformat()),
        "turn": Text(offset_text((at - us_of_day(day)) // SECOND)),
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


def _not_rolled(facts: SessionFacts) -> Prediction:
    """Whether the file of the day on which the run began could hold them."""
    predicts = msg("The file of the day on which the run began holds the row.")
    first = facts.missing[0]
    day, run = first.close.at.day, facts.session.run(first.run)
    if (told := _known_file(facts, first, predicts)) is not None:
        return told
    earlier = [lc for lc in facts.session.ledgers if lc.ledger.name_date and lc.ledger.name_date < day]
    if earlier:
        newest = earlier[-1]
        found = (
            msg("{held}, none that fits a lost trade.", held=held(newest))
            if newest.ledger.rows
            else msg("{held}.", held=held(newest))
        )
        return predict(REFUTED, predicts, found, [newest.place])
    if run is not None and run.started is not None and run.started.at.day == day:
        found = msg("The run began on {date} itself.", date=Text(day.isoformat()))
        return predict(REFUTED, predicts, found, run.started.locations[:1])
    return predict(UNTESTABLE, predicts, msg("No ledger of an earlier day is at hand."))
