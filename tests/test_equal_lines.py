"""Thousands of equal lines at one moment: what a scan does grows as their number does, not as its square."""

from __future__ import annotations

import pytest
from evidence_factory import PROFILE, beats, digests, said
from work_count import steps_of

from logaudit.ingest.source_extract import SourceExtract
from logaudit.reconcile.build_session import build_session
from logaudit.reconcile.normalize import merge

#: Every kind of fact, in lines without a block and with one.
LINES = [
    "BOT UP v2",
    "RECORDER READY",
    "LEDGER FILE a.csv",
    "SAVED total=3",
    "SAVED BTC-USDT",
    "SAVED",
    "NOT SAVED: disk full",
    "REFUSED BTC-USDT code 7",
    "EXCHANGE FLAT BTC-USDT LONG",
    "OPENED BTC-USDT LONG @ 100.0 x 2.0",
    "TOLD: BTC-USDT LONG x 2.0 in 100.0 out 101.0 pnl 1.9",
    "DONE BTC-USDT pnl 1.9",
]
#: Twice as many lines may take so many times the steps; work that grows with the square takes nearly four times.
LINEAR = 2.4
FEW = 150


def told(line: str, count: int, time: str) -> str:
    return "".join([*beats("09:00:00", "09:01:00"), said(time, line) * count, *beats("11:00:00", "11:01:00")])


def nearly(line: str, count: int, time: str) -> str:
    """Lines that show another number each."""
    return "".join(said(time, f"{line}{i:04}") for i in range(count)) + said("11:00:00", "beat")


def in_one_sink(line: str, count: int) -> dict[str, str]:
    return {"desk.log": told(line, count, "10:00:00")}


def in_three_sinks(line: str, count: int) -> dict[str, str]:
    return {
        "desk.log": told(line, count, "10:00:00"),
        "info.log": told(line, count, "10:00:00.250"),
        "debug.log": "".join(said("10:00:00.250", line, by="") * count + said("11:00:00.000", "beat", by="")),
    }


def in_overlapping_files(line: str, count: int) -> dict[str, str]:
    """A file and a copy of its end: one stream."""
    whole = told(line, count, "10:00:00")
    return {"desk.1.log": whole, "desk.log": whole[len(beats("09:00:00", "09:00:30")[0]) :]}


def nearly_equal_in_two_sinks(line: str, count: int) -> dict[str, str]:
    return {"desk.log": nearly(line, count, "10:00:00"), "info.log": nearly(line, count, "10:00:00.250")}


def times_to_and_fro(line: str, count: int) -> dict[str, str]:
    """Two threads whose records come late by turns."""
    lines = (said(f"10:00:00.{4 - i % 2 * 4:03}", line) for i in range(count))
    return {"desk.log": "".join(lines) + said("11:00:00.000", "beat")}


def many_a_second(line: str, count: int) -> dict[str, str]:
    lines = (said(f"10:00:{i // 500:02}.{i % 500 * 2:03}", line) for i in range(count))
    return {"desk.log": "".join(lines) + said("11:00:00.000", "beat")}


LOGS = [
    in_one_sink,
    in_three_sinks,
    in_overlapping_files,
    nearly_equal_in_two_sinks,
    times_to_and_fro,
    many_a_second,
]


CASES = [
    *((in_one_sink, line) for line in LINES),
    *(
        (log, line)
        for log in LOGS[1:]
        for line in ("RECORDER READY", "SAVED BTC-USDT", "TOLD: BTC-USDT LONG pnl 1.9")
    ),
]


@pytest.mark.parametrize(("log", "line"), CASES, ids=lambda found: getattr(found, "__name__", found))
def test_joining_equal_lines_takes_steps_in_proportion(tmp_path, log, line):
    def steps(count: int) -> int:
        found: list[SourceExtract] = digests(tmp_path / str(count), log(line, count))
        return steps_of(lambda: merge(".", found, PROFILE))

    # What is imported or made once is not counted.
    steps(1)
    assert steps(2 * FEW) <= LINEAR * steps(FEW)


@pytest.mark.parametrize(
    "line", ["OPENED BTC-USDT LONG @ 100.0 x 2.0", "BOT UP v2", "SAVED BTC-USDT", "NOT SAVED: disk full"]
)
def test_settling_equal_lines_takes_steps_in_proportion(tmp_path, line):
    def steps(count: int) -> int:
        found = merge(".", digests(tmp_path / str(count), in_one_sink(line, count)), PROFILE)
        return steps_of(lambda: build_session(found))

    steps(1)
    assert steps(2 * FEW) <= LINEAR * steps(FEW)
