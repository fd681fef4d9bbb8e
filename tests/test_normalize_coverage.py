"""Where logs are at hand, and where their silence is no evidence."""

from __future__ import annotations

from evidence_factory import beats, evidence, log_digest, us
from msgspec.structs import replace

from logaudit.core.message import msg
from logaudit.reconcile.normalize import SessionEvidence, Stream
from logaudit.reconcile.normalize.coverage import build_stream
from logaudit.sources import Problem, ProblemKind


def stream(found: SessionEvidence, name: str = "desk") -> Stream:
    return found.stream(name)


def intervals(found: SessionEvidence) -> list[tuple[int, int]]:
    return [(i.start, i.end) for i in stream(found).covered]


def test_a_log_covers_its_first_to_its_last_record(tmp_path):
    found = evidence(tmp_path, {"desk.log": "".join(beats("10:00:00", "11:00:00"))})
    assert intervals(found) == [(us("10:00:00"), us("11:00:00"))]
    assert stream(found).covers(us("10:30:00"))
    assert not stream(found).covers(us("11:00:01"))
    assert not stream(found).covers(us("10:59:58"), margin=5_000_000)


def test_a_silence_far_beyond_the_pace_splits_coverage(tmp_path):
    text = [*beats("10:00:00", "11:00:00"), *beats("13:00:00", "14:00:00")]
    found = evidence(tmp_path, {"desk.log": "".join(text)})
    assert intervals(found) == [(us("10:00:00"), us("11:00:00")), (us("13:00:00"), us("14:00:00"))]
    gap = stream(found).gaps[0]
    assert (gap.start, gap.end, gap.line) == (us("11:00:00"), us("13:00:00"), 122)
    assert gap.after == gap.before
    assert not stream(found).covers(us("12:00:00"))


def test_a_missing_part_is_told_by_the_parts_around_it(tmp_path):
    files = {
        "desk.2026-03-10_10-00-00.log": "".join(beats("10:00:00", "11:00:00")),
        "desk.2026-03-10_13-00-00.log": "".join(beats("13:00:00", "14:00:00")),
    }
    found = evidence(tmp_path, files)
    (gap,) = stream(found).gaps
    assert (gap.after.path, gap.before.path) == tuple(files)
    assert gap.line == 1


def test_a_part_found_elsewhere_fills_the_silence(tmp_path):
    """The whole log lost an hour; a part of it was copied before."""
    whole = [*beats("10:00:00", "11:00:00"), *beats("13:00:00", "14:00:00")]
    found = evidence(
        tmp_path, {"desk.log": "".join(whole), "desk.1.log": "".join(beats("10:40:00", "13:20:00"))}
    )
    assert intervals(found) == [(us("10:00:00"), us("14:00:00"))]
    assert stream(found).gaps == ()


def test_a_part_that_fills_half_of_a_silence_leaves_the_rest(tmp_path):
    whole = [*beats("10:00:00", "11:00:00"), *beats("13:00:00", "14:00:00")]
    found = evidence(
        tmp_path, {"desk.log": "".join(whole), "desk.1.log": "".join(beats("10:40:00", "12:00:00"))}
    )
    assert intervals(found) == [(us("10:00:00"), us("12:00:00")), (us("13:00:00"), us("14:00:00"))]


def test_a_partial_copy_repeats_the_silence_once(tmp_path):
    whole = [*beats("10:00:00", "11:00:00"), *beats("13:00:00", "14:00:00")]
    found = evidence(tmp_path, {"desk.log": "".join(whole), "desk.1.log": "".join(whole[:-60])})
    assert intervals(found) == [(us("10:00:00"), us("11:00:00")), (us("13:00:00"), us("14:00:00"))]
    assert len(stream(found).gaps) == 1
    assert stream(found).gaps[0].after == stream(found).gaps[0].before


def test_few_records_show_no_pace_and_so_no_silence(tmp_path):
    text = [*beats("10:00:00", "10:10:00"), *beats("15:00:00", "15:01:00")]
    assert intervals(evidence(tmp_path, {"desk.log": "".join(text)})) == [(us("10:00:00"), us("15:01:00"))]


def test_a_slow_logs_pauses_are_its_pace(tmp_path):
    found = evidence(tmp_path, {"desk.log": "".join(beats("00:00:00", "23:50:00", step=600))})
    assert len(intervals(found)) == 1


def test_coverage_is_in_order_and_disjoint_however_sources_overlap(tmp_path):
    files = {
        "desk.1.log": "".join([*beats("10:00:00", "11:00:00"), *beats("13:00:00", "14:00:00")]),
        "desk.2.log": "".join([*beats("10:30:00", "11:10:00"), *beats("12:50:00", "13:30:00")]),
        "desk.3.log": "".join([*beats("09:00:00", "09:10:00"), *beats("16:00:00", "16:10:00")]),
    }
    found = intervals(evidence(tmp_path, files))
    edges = [edge for interval in found for edge in interval]
    assert edges == sorted(edges)
    assert found == [
        (us("09:00:00"), us("09:10:00")),
        (us("10:00:00"), us("11:10:00")),
        (us("12:50:00"), us("14:00:00")),
        (us("16:00:00"), us("16:10:00")),
    ]


def test_the_span_is_that_of_all_streams(tmp_path):
    files = {"a.log": "".join(beats("10:00:00", "10:30:00")), "b.log": "".join(beats("10:20:00", "11:00:00"))}
    span = evidence(tmp_path, files).span
    assert span is not None
    assert (span.start, span.end) == (us("10:00:00"), us("11:00:00"))
    assert evidence(tmp_path / "none", {"x.csv": "a,b\n1,2\n"}).span is None


def test_behind_what_was_read_of_a_damaged_part_nothing_is_covered(tmp_path):
    """Its lost records lie before the next part, however soon that one begins."""
    first = log_digest(tmp_path / "a", "".join(beats("10:00:00", "10:40:00")))
    second = log_digest(tmp_path / "b", "".join(beats("10:42:00", "11:00:00")))
    whole = build_stream("desk", [first, second])
    assert whole.covers(us("10:41:00"))
    damage = Problem(first.address, ProblemKind.DAMAGED, msg("the compressed data ends early"), first.size)
    found = build_stream("desk", [replace(first, problem=damage), second])
    assert [found.covers(us(at)) for at in ("10:39:00", "10:41:00", "10:43:00")] == [True, False, True]
    assert found.gaps == ()
