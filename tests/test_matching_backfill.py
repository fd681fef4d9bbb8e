"""Rows of another writer find the close they speak of, by its time, its open's, or both ends of the trade."""

from __future__ import annotations

from evidence_factory import close, own_clock, row, us

from logaudit.core.events import Event
from logaudit.core.timestamp import HOUR, SECOND
from logaudit.core.trades import LedgerEntry
from logaudit.reconcile.matching import carries_open_time, link_backfilled

WINDOW = 5 * SECOND
BARE = {"entry": "", "exit": "", "size": ""}


def told(
    closes: list[Event], rows: list[LedgerEntry], opened: dict[int, str] | None = None, recorded=()
) -> dict[int, int]:
    moments = {c: us(at) for c, at in (opened or {}).items()}
    return link_backfilled(closes, rows, moments.get, WINDOW, own_clock, recorded)


def test_by_the_closes_time():
    assert told([close("10:00:00")], [row("10:00:06", **BARE)]) == {0: 0}
    assert told([close("10:00:00")], [row("10:00:09", **BARE)]) == {}


def test_by_the_opens_time_and_the_duration():
    assert told([close("10:00:00")], [row("09:50:00", duration="600", **BARE)]) == {0: 0}
    assert told([close("10:00:00")], [row("09:50:00", duration="500", **BARE)]) == {}


def test_by_the_opens_time_where_the_open_is_known():
    assert told([close("10:00:00")], [row("09:50:01", **BARE)], {0: "09:50:00"}) == {0: 0}
    assert told([close("10:00:00")], [row("09:50:01", **BARE)]) == {}


def test_a_row_whose_every_value_contradicts_speaks_of_another():
    assert told([close("10:00:00")], [row("10:00:00", net="-50", **BARE)]) == {}


def test_cents_are_enough():
    assert told([close("10:00:00", net="1.9434")], [row("10:00:00", net="1.94", **BARE)]) == {0: 0}


def test_each_row_has_its_own_close():
    closes = [close("10:00:00", net="1.10"), close("10:00:03", net="2.20")]
    rows = [row("10:00:02", 0, net="2.2", **BARE), row("10:00:01", 1, net="1.1", **BARE)]
    assert told(closes, rows) == {0: 1, 1: 0}


def test_of_two_equal_closes_the_lost_one_is_restored():
    closes = [close("10:00:00"), close("10:00:00")]
    assert told(closes, [row("10:00:00", **BARE)], recorded={0}) == {0: 1}
    assert told(closes, [row("10:00:00", **BARE)], recorded={1}) == {0: 0}


def test_a_ledger_on_another_clock():
    def readings(found: LedgerEntry) -> tuple[int, ...]:
        return (found.at.us + 3 * HOUR,)

    assert link_backfilled([close("10:00:00")], [row("07:00:00")], lambda _: None, WINDOW, readings) == {0: 0}


def test_a_row_far_before_its_close_carries_the_opens_time():
    assert carries_open_time(close("10:00:00"), row("09:50:00"), WINDOW)
    assert not carries_open_time(close("10:00:00"), row("09:59:57"), WINDOW)
