"""Whether a line of the recorder would have been seen: only then is it said not to have been observed."""

from __future__ import annotations

import pytest
from evidence_factory import beats, block, in_order, said, session, us

from logaudit.core.events import EventKind
from logaudit.diagnosis.observability import ObservabilityCheck

ACK = (EventKind.TRADE_ACKNOWLEDGED,)
#: What the reason says in either case.
NO_COVERAGE = "do not cover all of"
LEVEL_HIDDEN = "takes the level of such a line"
#: A stream of an hour that holds a close; and one of more records, without any, that ends after half of it.
HOUR = [*block("10:20:00.000"), *beats("10:00:00.000", "11:00:00.000")]
HALF = beats("10:00:00.000", "10:30:00.000", step=5)


def hidden(tmp_path, at: str, until: str, **streams: list[str]) -> str:
    """Why an acknowledgement between two times would not be at hand; empty when it would."""
    found = session(tmp_path, {f"{name}.log": in_order(lines) for name, lines in streams.items()})
    search = ObservabilityCheck(found).between(ACK, us(at), us(until))
    text = str(search.hidden or "")
    return next((reason for reason in (NO_COVERAGE, LEVEL_HIDDEN) if reason in text), text)


@pytest.mark.parametrize(
    ("at", "until", "why"),
    [
        ("10:10:00", "10:10:05", ""),
        ("10:29:55", "10:30:00", ""),  # the last moment that both cover
        ("10:29:56", "10:30:01", NO_COVERAGE),
        ("10:40:00", "10:40:05", NO_COVERAGE),
    ],
)
def test_where_the_recorder_was_never_heard_every_stream_that_may_carry_it_must_cover(
    tmp_path, at, until, why
):
    """Nobody knows which of the two would hold its line: one that covers proves nothing for the other."""
    assert hidden(tmp_path, at, until, futures=HOUR, info=HALF) == why


def test_a_stream_in_which_the_recorder_speaks_settles_it_alone(tmp_path):
    speaking = [*HOUR, said("10:05:00.100", "SAVED")]
    assert not hidden(tmp_path, "10:40:00", "10:40:05", futures=speaking, info=HALF)


def test_of_several_streams_in_which_it_speaks_one_is_enough(tmp_path):
    one, other = [*HOUR, said("10:05:00.100", "SAVED")], [*HALF, said("10:06:00.100", "SAVED")]
    assert not hidden(tmp_path, "10:40:00", "10:40:05", futures=one, info=other)


def test_a_stream_in_which_it_never_speaks_settles_nothing(tmp_path):
    """It is known to speak in the one that ends early."""
    other = [*HALF, said("10:06:00.100", "SAVED")]
    assert hidden(tmp_path, "10:40:00", "10:40:05", futures=HOUR, info=other) == NO_COVERAGE


def test_a_stream_with_neither_closes_nor_the_most_records_need_not_cover(tmp_path):
    """An error log that ends early would not carry the recorder's lines."""
    errors = beats("10:00:00.000", "10:20:00.000")
    assert not hidden(tmp_path, "10:40:00", "10:40:05", futures=HOUR, errors=errors)


def test_a_search_that_runs_over_a_silence_is_not_complete(tmp_path):
    lines = [*beats("10:00:00.000", "11:00:00.000", step=5), *beats("12:00:00.000", "13:00:00.000", step=5)]
    quiet = [*block("10:20:00.000"), *lines]
    assert hidden(tmp_path, "10:59:58", "12:00:02", futures=quiet) == NO_COVERAGE
    assert not hidden(tmp_path, "12:00:00", "12:00:02", futures=quiet)


def test_a_log_of_warnings_only_hides_what_is_said_when_all_goes_well(tmp_path):
    loud = [line.replace("| INFO ", "| WARNING ") for line in HOUR]
    assert hidden(tmp_path, "10:40:00", "10:40:05", futures=loud) == LEVEL_HIDDEN


def test_a_recorder_known_to_warn_is_heard_in_a_log_of_warnings(tmp_path):
    loud = [line.replace("| INFO ", "| WARNING ") for line in (*HOUR, said("10:05:00.100", "SAVED"))]
    assert not hidden(tmp_path, "10:40:00", "10:40:05", futures=loud)
