"""Sides of a close: which step of a call is the nearest, whoever printed it, and which lines closes share."""

from __future__ import annotations

from logaudit.diagnosis.close_context import ContextSide, Sink, _named, _ordered, _touching
from logaudit.ingest.source_extract import LogContext, NearbyRecord

MAIN, INFO = ("logs/main.log", ""), ("logs/info.zip", "info.log")


def near(
    delta: int, line: int, template: str = "a", emitter: str = "m:f", level: str = "INFO"
) -> NearbyRecord:
    return NearbyRecord(emitter, level, template, delta, line, line * 100)


def context(*before: NearbyRecord) -> LogContext:
    return LogContext(0, before, (), cut_before=False, cut_after=False)


def side(
    *sinks: Sink, before: bool, names: dict[tuple[str, str], tuple[str, str]] | None = None
) -> ContextSide:
    return ContextSide(before=before, complete=True, sinks=sinks, names=names or {})


def test_of_a_call_seen_often_the_nearest_step_counts():
    """Before a close that is the last one, after it the first, in whatever sink it stands."""
    main = Sink(MAIN, 50, [near(-9, 47), near(-5, 48), near(-5, 49, "b")])
    info = Sink(INFO, 20, [near(-7, 17), near(-5, 18)])
    found = side(main, info, before=True).nearest({("m:f", "a")})
    # Of two lines at one moment the one fewer lines away is the nearer.
    assert {call: (s.delay, s.order, s.location.line) for call, s in found.items()} == {
        ("m:f", "a"): (-5, -2, 48)
    }
    later = side(
        Sink(MAIN, 50, [near(3, 52), near(9, 53)]), Sink(INFO, 20, [near(3, 21), near(4, 22)]), before=False
    )
    step = later.nearest({("m:f", "a"), ("m:f", "b")})["m:f", "a"]
    assert (step.path, step.member, step.line, step.byte) == (*INFO, 21, 2100)


def test_a_sink_without_emitters_takes_them_from_the_others():
    """The same words in two sinks are one call, unless two emitters say them."""
    contexts = {
        "t1": [(MAIN, 50, context(near(-5, 48, "a"), near(-4, 49, "b", "m:g")))],
        "t2": [(INFO, 20, context(near(-5, 18, "a", ""), near(-4, 19, "b", "")))],
        "t3": [(MAIN, 90, context(near(-5, 88, "b", "m:h")))],
    }
    names = _named(contexts)
    assert names == {("", "a"): ("m:f", "a")}
    before = side(Sink(INFO, 20, contexts["t2"][0][2].before), before=True, names=names)
    assert before.calls() == {("m:f", "a"), ("", "b")}
    assert set(before.nearest({("m:f", "a")})) == {("m:f", "a")}


def test_the_first_step_that_fits_is_the_nearest_of_all_sinks():
    main = Sink(MAIN, 50, [near(-9, 47, "x"), near(-6, 48, "y"), near(-1, 49, "z")])
    info = Sink(INFO, 20, [near(-8, 17, "x"), near(-7, 18, "y")])
    before = side(main, info, before=True)
    step = before.first(lambda call: call[1] != "z")
    assert step is not None
    assert (step.delay, step.template) == (-6, "y")
    assert before.first(lambda call: call[1] == "q") is None


def test_steps_of_a_level_come_in_the_order_of_time():
    main = Sink(MAIN, 50, [near(2, 51, level="ERROR"), near(7, 53, level="ERROR"), near(8, 54)])
    info = Sink(INFO, 20, [near(5, 21, level="CRITICAL")])
    found = side(main, info, before=False).at({"ERROR", "CRITICAL"})
    assert [(s.delay, s.order) for s in found] == [(2, 1), (5, 1), (7, 3)]


def test_records_are_taken_by_time_where_the_clock_ran_backwards():
    straight = [near(1, 51), near(1, 52), near(4, 53)]
    assert _ordered(straight) is straight
    assert [n.line for n in _ordered([near(3, 51), near(1, 52), near(3, 50)])] == [52, 50, 51]


def test_only_stretches_that_meet_another_are_contested():
    """Also those that a long one reaches beyond the next."""
    spans = [(a, b, 0, str(a), []) for a, b in [(1, 9), (10, 30), (12, 13), (29, 31), (40, 50), (51, 60)]]
    assert [span[0] for span in _touching(list(reversed(spans)))] == [10, 12, 29]
