"""What a log's digest keeps: marks, silences, jumps, tallies; and that it forgets everything else."""

from __future__ import annotations

import zipfile
from decimal import Decimal

from evidence_factory import beats, block, digests, log_digest, multiline, said, us

from logaudit.core.fields import FieldName
from logaudit.ingest.source_extract import LogExtract
from logaudit.profiles import Pattern, PatternRole


def test_a_block_of_records_gives_one_mark_a_record(tmp_path):
    digest = log_digest(tmp_path, "".join(block("10:00:00.250")))
    assert [(m.pattern, m.record, m.first) for m in digest.matches] == [
        ("closed", 0, True),
        ("entry", 1, True),
        ("exit", 2, True),
        ("size", 3, True),
        ("fee", 4, True),
        ("net", 5, True),
        ("why", 6, True),
    ]
    assert digest.matches[0].emitter.path == "desk.exits:close"
    assert digest.matches[5].captures.values == {FieldName.NET_PNL: Decimal("1.9")}


def test_continuation_lines_belong_to_the_record_above(tmp_path):
    digest = log_digest(tmp_path, "".join([said("10:00:00.000", "beat"), *multiline("10:00:01.000")]))
    assert {(m.record, m.stamp.us if m.stamp else 0) for m in digest.matches} == {(1, us("10:00:01"))}
    assert [m.line for m in digest.matches] == [2, 3, 4, 5, 6, 7, 8]


def test_lines_before_the_first_record_have_neither_record_nor_time(tmp_path):
    rest = multiline("10:00:01.000")[1:]
    digest = log_digest(tmp_path, "".join([*rest, said("10:00:02.000", "beat")]))
    assert digest.leading_lines == len(rest)
    assert {(m.record, m.stamp) for m in digest.matches} == {(-1, None)}
    assert all(m.role is PatternRole.PART for m in digest.matches)


def test_a_fact_is_only_stated_by_a_first_line(tmp_path):
    """A close quoted in a traceback or a report is not a close."""
    digest = log_digest(tmp_path, said("10:00:00.000", "report") + "CLOSED: BTC-USDT LONG\n  SAVED\n")
    assert digest.matches == ()


def test_silences_and_jumps_are_kept_with_their_lines(tmp_path):
    text = "".join(
        [
            said("10:00:00.000", "a"),
            said("10:00:40.000", "b"),
            said("10:00:30.000", "c"),
            said("10:00:31.000", "d"),
        ]
    )
    digest = log_digest(tmp_path, text)
    assert [(s.end - s.start, s.line) for s in digest.gaps] == [(40_000_000, 2)]
    assert [(j.before - j.after, j.line) for j in digest.jumps] == [(10_000_000, 3)]
    assert (digest.earliest, digest.latest) == (us("10:00:00"), us("10:00:40"))
    assert digest.last is not None
    assert digest.last.us == us("10:00:31")


def test_a_step_back_within_two_seconds_is_no_jump(tmp_path):
    text = said("10:00:02.000", "a") + said("10:00:00.000", "b")
    assert log_digest(tmp_path, text).jumps == ()


def test_a_line_that_only_nearly_matches_is_counted_as_near(tmp_path):
    digest = log_digest(tmp_path, said("10:00:00.000", "CLOSED: by the operator"))
    tally = digest.tallies["closed"]
    assert (tally.hits, tally.near_misses) == (0, 1)
    assert tally.first_near_miss is not None
    assert tally.first_near_miss.line == 1


def test_a_message_that_is_logged_again_is_tried_once_and_counted_each_time(tmp_path, monkeypatch):
    """Bots repeat themselves, and so do bombs; another emitter, or another place in a record, is another case."""
    tried: list[str] = []
    read = Pattern.read

    def spied(pattern, line, budget=None):
        tried.append(line)
        return read(pattern, line, budget)

    monkeypatch.setattr(Pattern, "read", spied)
    text, other = "CLOSED: by the operator", "CLOSED: BTC-USDT LONG"
    lines = [said(f"10:00:{n:02}.000", text) for n in range(20)]
    lines[5:5] = [said("10:00:04.500", other), text + "\n", text + "\n"]
    digest = log_digest(tmp_path, "".join(lines))
    tally = digest.tallies["closed"]
    assert (tally.hits, tally.near_misses) == (1, 20)
    assert tried.count(text) == 1
    assert [m.line for m in digest.matches] == [6]


def test_the_longest_silences_are_the_ones_kept(tmp_path):
    """Ninety silences of 31 to 120 seconds: the digest may forget, but not the long ones."""
    at, lines = us("00:00:00") // 1_000_000, []
    for gap in range(31, 121):
        hour, rest = divmod(at % 86_400, 3600)
        lines.append(said(f"{hour:02d}:{rest // 60:02d}:{rest % 60:02d}", "beat"))
        at += gap
    hour, rest = divmod(at % 86_400, 3600)
    lines.append(said(f"{hour:02d}:{rest // 60:02d}:{rest % 60:02d}", "beat"))
    silences = log_digest(tmp_path, "".join(lines)).gaps
    assert len(silences) < 90
    assert min(s.end - s.start for s in silences) == (121 - len(silences)) * 1_000_000


def test_line_ends_and_names_change_nothing_in_the_marks(tmp_path):
    text = "".join([*beats("10:00:00.000", "10:02:00.000"), *multiline("10:02:01.000")])
    unix = log_digest(tmp_path / "a", text, "desk.log")
    windows = log_digest(tmp_path / "b", text.replace("\n", "\r\n"), "other_2026-03-10.log")
    assert [(m.pattern, m.line, m.captures) for m in unix.matches] == [
        (m.pattern, m.line, m.captures) for m in windows.matches
    ]
    assert (unix.newline, windows.newline) == ("lf", "crlf")


def test_a_digest_depends_on_nothing_but_the_content(tmp_path):
    text = "".join([*beats("10:00:00.000", "10:02:00.000"), *multiline("10:02:01.000")])
    plain = log_digest(tmp_path / "a", text)
    again = log_digest(tmp_path / "b", text)
    assert plain == again
    packed = tmp_path / "c" / "desk.log.zip"
    packed.parent.mkdir()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("desk.log", text)
    (member,) = digests(packed.parent, {})
    assert isinstance(member, LogExtract)
    assert (member.address.path, member.address.member) == ("desk.log.zip", "desk.log")
    assert (member.sha256, member.matches, member.gap_histogram) == (
        plain.sha256,
        plain.matches,
        plain.gap_histogram,
    )
