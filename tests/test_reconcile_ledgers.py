"""The ledger in force: what the run opened, else the newest at hand, and none where its file is not at hand."""

from __future__ import annotations

from operator import attrgetter
from unittest.mock import patch

from evidence_factory import HEADER, beats, csv, in_order, row_line, said, session, us
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from work_count import steps_of

from logaudit.core.location import Address
from logaudit.core.timestamp import SECOND
from logaudit.core.trades import Writer
from logaudit.reconcile.ledgers import LedgerOrder, _begins, base_name, in_force
from logaudit.reconcile.reconciled import Session

DAYS = ("2026-03-08", "2026-03-09", "2026-03-10")
FILES = {f"trades_{day}.csv": HEADER + "\n" for day in DAYS}


def booted(tmp_path, *opened: tuple[str, str], files: dict[str, str] | None = None) -> Session:
    """A run from 02:00 that opens these files at these times."""
    lines = [said("02:00:00.000", "BOT UP", "desk:main:1")]
    lines += [said(at, f"LEDGER FILE {path}", "desk.saver:open:3") for at, path in opened]
    return session(
        tmp_path, {"desk.log": in_order(lines, beats("02:00:00.000", "08:00:00.000"))} | (files or FILES)
    )


def force(found: Session, at: str) -> str:
    ledger = in_force(found.ledgers, found.runs[0], us(at))
    return ledger.address.path if ledger else ""


def test_what_the_run_opened_last_is_in_force(tmp_path):
    found = booted(
        tmp_path, ("02:00:01.000", "trades_2026-03-09.csv"), ("03:00:00.000", "trades_2026-03-10.csv")
    )
    assert force(found, "02:30:00") == "trades_2026-03-09.csv"
    assert force(found, "03:30:00") == "trades_2026-03-10.csv"


def test_a_run_that_opened_nothing_uses_the_newest_that_is_not_of_a_later_day(tmp_path):
    files = FILES | {"trades_2026-03-11.csv": HEADER + "\n"}
    assert force(booted(tmp_path, files=files), "05:00:00") == "trades_2026-03-10.csv"


def test_a_file_that_the_run_opened_and_that_is_not_at_hand_leaves_none_in_force(tmp_path):
    """The header-only file of the day before is not to blame."""
    found = booted(tmp_path, ("02:00:01.000", "logs/trades_2026-03-12.csv"))
    assert force(found, "05:00:00") == ""


def test_a_file_of_another_kind_that_is_not_at_hand_is_no_ledger(tmp_path):
    found = booted(
        tmp_path, ("02:00:01.000", "trades_2026-03-09.csv"), ("02:00:02.000", "orders_2026-03-10.csv")
    )
    assert force(found, "05:00:00") == "trades_2026-03-09.csv"


def test_no_ledger_is_in_force_where_there_is_none(tmp_path):
    found = session(tmp_path, {"desk.log": "".join(beats("02:00:00.000", "03:00:00.000"))})
    assert in_force(found.ledgers, None, us("02:30:00")) is None


def looked_through(ledgers, run, at):
    """As `in_force`, one ledger after the other."""
    if run is not None:
        span = range(run.start - SECOND, at + SECOND + 1)
        named = [(o.at.us, i) for i, ledger in enumerate(ledgers) for o in ledger.opened if o.at.us in span]
        absent = [moment for moment in ledgers[0].elsewhere if moment in span]
        if named and (not absent or max(named)[0] >= max(absent)):
            return ledgers[max(named)[1]]
        if absent:
            return None
    dated = [
        (begun, one.address, one) for one in ledgers if (begun := _begins(one)) is not None and begun <= at
    ]
    undated = [one for one in ledgers if _begins(one) is None]
    return max(dated, key=lambda found: found[:2])[2] if dated else next(iter(undated), None)


def test_hundreds_of_ledgers_are_asked_as_one_is(tmp_path):
    """Each close went through all of them."""
    few = FILES | {"closed.csv": csv(row_line("04:00:00")), "empty.csv": HEADER + "\n"}
    many = few | {f"trades_2026-{i // 28 + 3:02}-{i % 28 + 1:02}.csv": HEADER + "\n" for i in range(100)}
    opened = (
        ("02:00:01.000", "trades_2026-03-09.csv"),
        ("03:00:00.000", "trades_2026-03-10.csv"),
        ("06:00:00.000", "trades_2026-12-01.csv"),
    )
    asked = []
    for number, files in enumerate((few, many)):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = booted(folder, *opened, files=files)
        moments = range(us("01:00:00"), us("2026-03-20 00:00:00"), 1_800_000_000)
        for run in (None, *found.runs):
            for at in moments:
                assert in_force(found.ledgers, run, at) is looked_through(found.ledgers, run, at)
        asked.append(steps_of(lambda found=found: in_force(found.ledgers, None, us("05:00:00"))))
    assert asked[1] <= 2 * asked[0]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 9))), st.integers(0, 9))
def test_the_newest_is_that_of_a_list(begun, at):
    """By their times, then by their places; of equal ones the first; else the first without a time."""
    ledgers = [Standing(Address(path), time) for path, time in begun]
    dated = [one for one in ledgers if one.begins is not None and one.begins <= at]
    newest = max(dated, key=lambda one: (one.begins, one.address), default=None)
    undated = next((one for one in ledgers if one.begins is None), None)
    with patch("logaudit.reconcile.ledgers._begins", attrgetter("begins")):
        assert LedgerOrder(ledgers).newest(at) is (newest or undated)


class Standing(Struct):
    """As much of a ledger as tells when it began."""

    address: Address
    begins: int | None
    opened: tuple[()] = ()
    elsewhere: tuple[()] = ()


def test_names_are_read_as_any_system_writes_them():
    assert base_name(r"C:\bot\logs/trades.csv") == "trades.csv"
    assert base_name("logs/trades.csv") == "trades.csv"
    assert base_name("trades.csv") == "trades.csv"


def test_a_compressed_ledger_is_the_file_the_recorder_opened(tmp_path):
    import gzip  # noqa: PLC0415 - one test packs a file

    lines = [said("02:00:00.000", "LEDGER FILE logs/trades_2026-03-10.csv")]
    (tmp_path / "trades_2026-03-10.csv.gz").write_bytes(gzip.compress((HEADER + "\n").encode(), mtime=0))
    found = session(tmp_path, {"desk.log": in_order(lines, beats("02:00:00.000", "03:00:00.000"))})
    assert [len(lc.opened) for lc in found.ledgers] == [1]


def test_each_row_knows_who_wrote_it(tmp_path):
    """The recorder prints microseconds; the last row, in whole seconds and without prices, was added by hand."""
    rows = [row_line(f"10:{i:02d}:00.000001", net=f"{i}.5") for i in range(1, 6)]
    by_hand = row_line("10:01:30", entry="", exit="", size="", gross="", fee="", net="9.5")
    files = {"trades_2026-03-10.csv": csv(*rows, by_hand), "desk.log": "".join(beats("10:00:00", "10:30:00"))}
    (found,) = session(tmp_path, files).ledgers
    assert [r.writer for r in found.ledger.rows] == [Writer.RECORDER] * 5 + [Writer.OTHER]
    assert (len(found.own_rows), [r.number for r in found.third_party_rows]) == (5, [5])
