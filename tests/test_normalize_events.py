"""Blocks gather their figures: interleaved, cut by rotation, lent by the lines before."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain, zip_longest

import pytest
from evidence_factory import PROFILE, beats, block, evidence, in_order, log_digest, multiline, said, us
from msgspec.structs import replace
from work_count import steps_of

from logaudit.core.events import Captures, Event, EventKind
from logaudit.core.fields import FieldName, PositionSide, Unread
from logaudit.reconcile.normalize import SessionEvidence, merge
from logaudit.reconcile.normalize.assemble_events import assemble
from logaudit.reconcile.normalize.session_evidence import Stream


def closes(found: SessionEvidence) -> tuple[Event, ...]:
    return found.of(EventKind.POSITION_CLOSED)


def nets(found: SessionEvidence) -> list[tuple[str, Decimal | None]]:
    return [(e.fields.symbol, e.fields.net_pnl) for e in closes(found)]


@pytest.mark.parametrize("write", [block, multiline])
@pytest.mark.parametrize("cut", range(1, 7))
def test_a_block_cut_by_rotation_is_one_event_with_all_its_figures(tmp_path, write, cut):
    lines = write("10:00:00.000", net="+3.5")
    files = {
        "desk.2026-03-10_10-00-00_000001.log": "".join([said("09:59:00.000", "beat"), *lines[:cut]]),
        "desk.2026-03-10_10-00-00_000002.log": "".join([*lines[cut:], said("10:01:00.000", "beat")]),
    }
    found = evidence(tmp_path, files)
    assert nets(found) == [("BTC-USDT", Decimal("3.5"))]
    assert found.cuts == ()
    assert {loc.path for loc in closes(found)[0].locations} == set(files)


def test_the_tail_of_a_record_is_not_given_to_another_one_across_a_missing_part(tmp_path):
    """The first part ends with one headline, the next begins with another's figures; hours lie between."""
    first = [*beats("08:00:00.000", "09:00:00.000"), multiline("09:00:01.000")[0]]
    second = [*multiline("12:00:00.000", net="-7.7")[1:], *beats("12:00:01.000", "13:00:00.000")]
    found = evidence(tmp_path, {"desk.1.log": "".join(first), "desk.2.log": "".join(second)})
    assert nets(found) == [("BTC-USDT", None)]
    assert [cut.event for cut in found.cuts] == list(closes(found))


def test_interleaved_blocks_of_one_function_keep_their_own_figures(tmp_path):
    one, two = block("10:00:00.000", net="+1.1"), block("10:00:00.000", "ETH-USDT", "SHORT", net="-2.2")
    mixed = "".join(chain.from_iterable(zip(one, two, strict=True)))
    assert nets(evidence(tmp_path, {"desk.log": mixed})) == [
        ("BTC-USDT", Decimal("1.1")),
        ("ETH-USDT", Decimal("-2.2")),
    ]


def test_blocks_that_interleave_with_a_head_start_keep_their_own_figures(tmp_path):
    one, two = block("10:00:00.000", net="+1.1"), block("10:00:00.000", "ETH-USDT", net="-2.2")
    late = [line for pair in zip_longest(one[2:], two, fillvalue="") for line in pair]
    found = evidence(tmp_path, {"desk.log": "".join([*one[:2], *late])})
    assert nets(found) == [("BTC-USDT", Decimal("1.1")), ("ETH-USDT", Decimal("-2.2"))]


def test_an_optional_figure_goes_to_the_block_being_written(tmp_path):
    """The first close shows no fee; the fee of the second, a moment later, is not lent back to it."""
    text = "".join([*block("10:00:00.000", fee=""), *block("10:00:00.000", "ETH-USDT", fee="0.7")])
    first, second = closes(evidence(tmp_path, {"desk.log": text}))
    assert (first.fields.commission, second.fields.commission) == (None, Decimal("0.7"))


def test_another_functions_figures_are_not_the_blocks(tmp_path):
    text = "".join(
        [
            block("10:00:00.000")[0],
            said("10:00:00.001", "  net +99", by="desk.stats:summary:5"),
            *block("10:00:00.000")[1:],
        ]
    )
    assert nets(evidence(tmp_path, {"desk.log": text})) == [("BTC-USDT", Decimal("1.9"))]


def test_figures_that_come_too_late_are_not_the_blocks(tmp_path):
    text = "".join([block("10:00:00.000")[0], *block("10:00:07.000", net="+5")[1:]])
    found = evidence(tmp_path, {"desk.log": text})
    assert nets(found) == [("BTC-USDT", None)]
    assert found.cuts[0].lacking == ("entry_price", "net_pnl", "reason")


def test_forty_blocks_at_once_all_get_their_figures(tmp_path):
    """Everything is closed in one second: all headlines first, then all entries, and so on."""
    blocks = [block("10:00:00.000", f"A{i}-USDT", net=f"+{i}.0") for i in range(40)]
    text = "".join(chain.from_iterable(zip(*blocks, strict=True)))
    found = evidence(tmp_path, {"desk.log": text})
    assert sorted(nets(found)) == sorted((f"A{i}-USDT", Decimal(f"{i}.0")) for i in range(40))


@pytest.mark.parametrize("write", [block, multiline])
def test_a_block_among_hundreds_is_as_little_work_as_one_among_few(tmp_path, write):
    """Each line of each block was held against all that were written in these seconds."""
    texts = (
        "".join(chain.from_iterable(write("10:00:00.000", f"A{i}-USDT") for i in range(n)))
        for n in (100, 400)
    )
    few, many = (Stream("desk", (log_digest(tmp_path, text),), (), (), 0, {}, {}) for text in texts)
    # What is made once is not counted.
    one, other = (
        assemble(of, PROFILE) and steps_of(lambda of=of: assemble(of, PROFILE)) for of in (few, many)
    )
    assert other <= 4.4 * one


def test_a_hint_lends_its_values_once(tmp_path):
    text = "".join(
        [
            said("10:00:00.000", "CLOSING BTC-USDT LONG x 2"),
            said("10:00:01.000", "DONE BTC-USDT pnl 1.5"),
            said("10:00:02.000", "DONE BTC-USDT pnl 0.5"),
        ]
    )
    first, second = closes(evidence(tmp_path, {"desk.log": text}))
    assert (first.fields.side, first.fields.size) == (PositionSide.LONG, Decimal(2))
    assert second.fields.side is None


def test_two_closings_under_way_are_done_in_their_order(tmp_path):
    """Hedge mode: long and short of one symbol are closed together, each line after its await."""
    text = "".join(
        [
            said("10:00:00.000", "CLOSING BTC-USDT LONG x 2"),
            said("10:00:00.010", "CLOSING BTC-USDT SHORT x 3"),
            said("10:00:00.300", "DONE BTC-USDT pnl 1.5"),
            said("10:00:00.310", "DONE BTC-USDT pnl -0.5"),
        ]
    )
    found = [(e.fields.side, e.fields.size) for e in closes(evidence(tmp_path, {"desk.log": text}))]
    assert found == [(PositionSide.LONG, Decimal(2)), (PositionSide.SHORT, Decimal(3))]


def test_of_two_hints_before_one_close_the_nearer_is_believed(tmp_path):
    """The first order was not filled: the bot asked again, with another size."""
    text = "".join(
        [
            said("10:00:00.000", "CLOSING BTC-USDT LONG x 2"),
            said("10:00:01.000", "CLOSING BTC-USDT LONG x 3"),
            said("10:00:01.300", "DONE BTC-USDT pnl 1.5"),
            said("10:00:03.000", "CLOSING BTC-USDT LONG x 4"),
            said("10:00:03.300", "DONE BTC-USDT pnl 2.5"),
        ]
    )
    assert [e.fields.size for e in closes(evidence(tmp_path, {"desk.log": text}))] == [Decimal(3), Decimal(4)]


def test_a_hint_asked_again_for_another_symbol_is_not_in_vain(tmp_path):
    lines = [
        "CLOSING BTC-USDT LONG x 2",
        "CLOSING ETH-USDT LONG x 3",
        "DONE BTC-USDT pnl 1",
        "DONE ETH-USDT pnl 2",
    ]
    text = "".join(said(f"10:00:0{n}.000", line) for n, line in enumerate(lines))
    assert [e.fields.size for e in closes(evidence(tmp_path, {"desk.log": text}))] == [Decimal(2), Decimal(3)]


def test_a_hint_of_another_symbol_or_long_ago_lends_nothing(tmp_path):
    text = "".join(
        [
            said("09:59:00.000", "CLOSING BTC-USDT LONG x 2"),
            said("10:00:00.000", "CLOSING ETH-USDT LONG x 2"),
            said("10:00:01.000", "DONE BTC-USDT pnl 1.5"),
        ]
    )
    assert closes(evidence(tmp_path, {"desk.log": text}))[0].fields.side is None


def test_a_hint_before_rotation_lends_to_the_event_after_it(tmp_path):
    files = {
        "desk.1.log": said("10:00:00.000", "CLOSING BTC-USDT SHORT x 2"),
        "desk.2.log": said("10:00:01.000", "DONE BTC-USDT pnl 1.5"),
    }
    assert closes(evidence(tmp_path, files))[0].fields.side is PositionSide.SHORT


def test_a_dialect_without_emitters_still_joins_blocks(tmp_path):
    text = "".join(line.replace(" desk.exits:close:88 |", "") for line in block("10:00:00.000"))
    found = evidence(tmp_path, {"desk.log": text})
    assert nets(found) == [("BTC-USDT", Decimal("1.9"))]
    assert not closes(found)[0].emitter


def test_events_are_in_time_order_whatever_the_order_of_files(tmp_path):
    files = {"z.log": in_order(block("10:00:00.000")), "a.log": in_order(block("10:05:00.000", "ETH-USDT"))}
    assert [e.at.us for e in evidence(tmp_path, files).events] == [us("10:00:00"), us("10:05:00")]


def test_a_figure_that_is_no_number_keeps_its_line(tmp_path):
    """It is shown, so the block is whole; what it is worth is not known, and its line says why."""
    read = log_digest(tmp_path, "".join(block("10:00:00.000")))
    torn = Captures(unread=(Unread(FieldName.NET_PNL, "+1.9.2"),))
    marks = [replace(m, captures=torn) if m.pattern == "net" else m for m in read.matches]
    found = merge(".", [replace(read, matches=tuple(marks))], PROFILE)
    (event,) = closes(found)
    assert event.fields.net_pnl is None
    (unread,) = event.captures.unread
    assert (unread.field, unread.text) == (FieldName.NET_PNL, "+1.9.2")
    assert unread.place is not None
    assert unread.place.text.endswith("net +1.9")
    assert found.cuts == ()
