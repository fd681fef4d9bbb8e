"""Lines joined into records: nothing is lost, nothing is glued to a record it does not belong to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from logaudit.core.limits import DEFAULT_LIMITS
from logaudit.ingest.records import (
    LINE_LIMIT,
    MORE_CHARS,
    Record,
    TextLine,
    UnparsedLine,
    Why,
    read_records,
)
from logaudit.logformats import LogFormatSet, compile_format
from logaudit.logformats.builtin import BUILT_IN

BUILT = LogFormatSet(BUILT_IN)


def offsets(data: bytes) -> list[tuple[int, bytes]]:
    """Byte offset and bytes of each line."""
    found, at = [], 0
    for raw in data.split(b"\n"):
        found.append((at, raw))
        at += len(raw) + 1
    return found[:-1] if data.endswith(b"\n") else found


def read(text: str | bytes) -> list[Record | UnparsedLine]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_records(offsets(data), BUILT))


def records(text: str | bytes) -> list[Record]:
    items = read(text)
    assert all(isinstance(item, Record) for item in items)
    return [item for item in items if isinstance(item, Record)]


def test_continuation_lines_belong_to_the_record_above() -> None:
    first, second = records(
        "2025-11-28 05:13:38.049 | INFO | CLOSED: BTC-USDT SHORT\n"
        "   Entry price: $91480.0\n"
        "\n"
        "Причина: tp\n"
        "2025-11-28 05:13:39.000 | INFO | next\n"
    )
    assert (first.seq, first.line, first.offset) == (0, 1, 0)
    assert first.head.message == "CLOSED: BTC-USDT SHORT"
    assert [(t.line, t.text) for t in first.more] == [
        (2, "   Entry price: $91480.0"),
        (3, ""),
        (4, "Причина: tp"),
    ]
    # 55 and 24 characters, all ASCII, and three newlines come before the third.
    assert first.more[2].offset == 82
    assert (second.seq, second.line, second.more) == (1, 5, [])


def test_a_traceback_with_blank_lines_is_one_record() -> None:
    (only,) = records(
        "2025-11-28 05:13:38.049 | ERROR    | bot:run:1 - failed\n"
        "Traceback (most recent call last):\n"
        "\n"
        '> File "bot.py", line 1, in run\n'
        "    │   └ <function run>\n"
        "\n"
        "ValueError: no\n"
    )
    assert len(only.more) == 6
    assert only.level == "ERROR"


def test_lines_before_the_first_record_are_a_cut_records_end() -> None:
    head, record = read("   Net PnL: $1.0\n2025-11-28 05:13:38.049 | INFO | next\n")
    assert head == UnparsedLine(1, 0, "   Net PnL: $1.0", Why.HEAD)
    assert isinstance(record, Record)
    assert (record.seq, record.line) == (0, 2)


def test_an_unknown_dialect_is_reported_and_not_glued_to_the_record_above() -> None:
    items = read(
        "2025-11-28 05:13:38.049 | INFO | known\n"
        "   more\n"
        "28.11.2025 05:13:39 ### unknown\n"
        "   of the unknown\n"
        "Traceback (most recent call last):\n"
        "2025-11-28 05:13:40.000 | INFO | known\n"
        "   more\n"
    )
    kinds = [item.why if isinstance(item, UnparsedLine) else len(item.more) for item in items]
    assert kinds == [1, Why.UNPARSED, Why.UNPARSED, Why.UNPARSED, 1]


def test_a_file_may_change_its_dialect_halfway() -> None:
    found = records(
        "2025-11-28 05:13:38 | INFO     | bot:run:1 - seconds\n"
        "2025-11-28 05:13:39.500 | INFO     | bot:run:2 | milliseconds\n"
        "2025-11-28 05:13:40,500 - bot - INFO - stdlib\n"
        "2025-11-28 05:13:41 | INFO     | bot:run:1 - seconds\n"
    )
    assert [r.head.message for r in found] == ["seconds", "milliseconds", "stdlib", "seconds"]
    assert found[0].log_format == found[3].log_format
    assert len({r.log_format.name for r in found}) == 3
    assert [r.stamp.precision for r in found] == [1_000_000, 1000, 1000, 1_000_000]


def test_windows_line_ends_and_a_byte_order_mark_leave_no_trace() -> None:
    (only,) = records(b"\xef\xbb\xbf2025-11-28 05:13:38 | INFO | hi\r\n   more\r\n\r\n")
    assert only.head.message == "hi"
    assert [t.text for t in only.more] == ["   more", ""]


def test_bytes_that_are_no_utf8_are_shown_and_kept() -> None:
    (only,) = records(b"2025-11-28 05:13:38 | INFO | a\xffb\n  \xfe\n")
    assert only.head.message == "a\ufffdb"
    assert only.more == [TextLine(2, 33, "  \ufffd")]


def test_a_record_shows_its_level_and_text_without_its_head() -> None:
    text, serialized = records(
        "2025-11-28 05:13:38 | warning | lower case\n"
        '{"text": "", "record": {"message": "a\\nb", "level": {"name": "INFO"}, '
        '"time": {"repr": "2025-11-28 05:13:39+03:00"}}}\n'
    )
    assert (text.level, text.text) == ("WARNING", "2025-11-28 05:13:38 | warning | lower case")
    assert (serialized.level, serialized.text) == ("INFO", "a\nb")


def test_a_level_after_the_message_is_found_too() -> None:
    dialects = LogFormatSet([compile_format("%(asctime)s %(message)s [%(levelname)s]")])
    (only,) = read_records([(0, b"2025-11-28 05:13:38,049 hi [ERROR]")], dialects)
    assert isinstance(only, Record)
    assert (only.level, only.head.message) == ("ERROR", "hi")


def test_a_huge_line_is_cut_between_characters() -> None:
    start = "2025-11-28 05:13:38 | INFO | "
    (only,) = records(start + "я" * 20_000_000 + "\n" + " " + "x" * (LINE_LIMIT + 5))
    # 29 ASCII bytes leave room for 32753 two-byte letters, and one byte that is half a letter.
    assert only.head.message == "я" * 32_753
    assert only.more[0].text == " " + "x" * (LINE_LIMIT - 1)


def test_a_huge_serialized_record_is_read_whole() -> None:
    line = (
        '{"text": "' + "x" * 300_000 + '", "record": {"message": "' + "y" * 300_000 + '", '
        '"time": {"repr": "2025-11-28 05:13:39+03:00"}}}'
    )
    (only,) = records(line)
    assert only.head.message == "y" * 65_536


def test_a_record_without_end_is_closed_and_the_rest_reported() -> None:
    lines = [
        "2025-11-28 05:13:38 | INFO | dump",
        *["x"] * (DEFAULT_LIMITS.record_lines + 2),
        "2025-11-28 05:13:39 | INFO | next",
    ]
    first, *over, last = read("\n".join(lines))
    assert isinstance(first, Record)
    assert len(first.more) == DEFAULT_LIMITS.record_lines
    assert [item.why for item in over if isinstance(item, UnparsedLine)] == [Why.OVERFLOW] * 2
    assert isinstance(last, Record)
    assert last.seq == 1


def test_a_record_of_endless_text_is_closed_too() -> None:
    count = MORE_CHARS // LINE_LIMIT + 2
    first, *over = read("2025-11-28 05:13:38 | INFO | dump\n" + "\n".join(["x" * LINE_LIMIT] * count))
    assert isinstance(first, Record)
    assert len(first.more) == MORE_CHARS // LINE_LIMIT
    assert len(over) == 2


def test_no_lines_make_no_records() -> None:
    assert read("") == [UnparsedLine(1, 0, "", Why.HEAD)]
    assert list(read_records([], BUILT)) == []


line_kinds = st.sampled_from(
    [
        b"2025-11-28 05:13:38 | INFO     | bot:run:1 - seconds",
        b"2025-11-28 05:13:38.049 | INFO | milliseconds",
        b"2025-11-28 05:13:38,049 - bot - INFO - stdlib",
        b"28.11.2025 05:13:39 ### unknown",
        b"   indented",
        b"",
        b"Traceback (most recent call last):",
        b'{"text": "torn',
        b"\xff\xfe\x00",
        b"2025-13-41 05:13:38 | INFO | no such day",
    ]
)


@settings(deadline=None)
@given(st.lists(line_kinds | st.binary(max_size=30).map(lambda b: b.replace(b"\n", b"")), max_size=30))
def test_every_line_is_accounted_for_once_in_order(raw: list[bytes]) -> None:
    lines = offsets(b"\n".join(raw))
    seen: list[tuple[int, int]] = []
    ordinals = []
    for item in read_records(lines, BUILT):
        seen.append((item.line, item.offset))
        if isinstance(item, Record):
            ordinals.append(item.seq)
            seen += [(t.line, t.offset) for t in item.more]
    assert seen == [(number, offset) for number, (offset, _) in enumerate(lines, 1)]
    assert ordinals == list(range(len(ordinals)))
