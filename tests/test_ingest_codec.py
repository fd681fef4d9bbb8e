"""Digests survive the way through bytes unchanged, and damaged bytes are told apart."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from logaudit.core.events import Captures
from logaudit.core.fields import PositionSide, TradeFields
from logaudit.core.location import Address, SourceKind
from logaudit.core.time_window import Gap
from logaudit.core.timestamp import Stamp
from logaudit.core.trades import LedgerEntry
from logaudit.ingest import codec
from logaudit.ingest.codec import pack, pack_note, pack_part, unpack, unpack_note, unpack_part
from logaudit.ingest.concat import Checkpoint, LogPart
from logaudit.ingest.extract import extract
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import (
    ClockJump,
    Excerpt,
    HealthExtract,
    LedgerExtract,
    LogContext,
    LogExtract,
    OtherExtract,
    PatternCount,
    PatternMatch,
    SourceExtract,
)
from logaudit.ingest.source_head import read_head
from logaudit.ledger import RejectedRow
from logaudit.profiles import load_built_in
from logaudit.sources import Problem, discover

T = TypeVar("T")
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
KINDS = (LogExtract, LedgerExtract, HealthExtract, OtherExtract)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
READERS = (unpack, unpack_part, unpack_note)
DAMAGED = r"\A.+"


@cache
def real() -> tuple[SourceExtract, ...]:
    """The largest of each kind in two fixtures."""
    profile = load_built_in("okx-scalper")
    kit = ReadContext((profile,))
    dialects = kit.log_formats(profile.name)
    found: list[SourceExtract] = []
    for source in discover([FIXTURES / "clean" / "logs", FIXTURES / "malformed-ledger" / "logs"]).sources:
        kind = read_head(source, kit.profiles, dialects, None).kind
        found.append(extract(source, kind, profile, dialects))
    nothing = OtherExtract(found[0].address, SourceKind.EMPTY, 0)
    return (*(max((d for d in found if type(d) is kind), key=size_of) for kind in KINDS[:3]), nothing)


def size_of(made: SourceExtract) -> int:
    return len(pack(made))


def some(kind: type[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.from_type(kind), max_size=3).map(tuple)


#: No text of a log or a ledger is read as a number that is not finite.
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False))


logs = st.builds(
    partial(replace, real()[0]),
    address=st.from_type(Address),
    size=st.integers(0, 1 << 62),
    encoding=st.text(),
    unparsed_samples=some(Excerpt),
    levels=st.dictionaries(st.text(), st.integers(0, 1 << 62)),
    gap_histogram=st.dictionaries(st.integers(0, 64), st.integers(0, 1 << 62)),
    first=st.none() | st.from_type(Stamp),
    gaps=some(Gap),
    jumps=some(ClockJump),
    matches=some(PatternMatch),
    contexts=some(LogContext),
    tallies=st.dictionaries(st.text(), st.from_type(PatternCount)),
    problem=st.none() | st.from_type(Problem),
)
ledgers = st.builds(
    lambda made, rows, rejected: replace(made, ledger=replace(made.ledger, rows=rows, rejected=rejected)),
    st.just(real()[1]),
    some(LedgerEntry),
    some(RejectedRow),
)
digests: st.SearchStrategy[SourceExtract] = st.one_of(
    logs, ledgers, st.from_type(HealthExtract), st.from_type(OtherExtract)
)


@SLOW
@given(digests)
def test_any_digest_comes_back_as_it_was(made: SourceExtract) -> None:
    try:
        data = pack(made)
    except OverflowError:
        reject()  # no count, place or time needs more than 64 bits
    assert unpack(data) == made
    assert unpack(memoryview(data)) == made


@SLOW
@given(logs, st.none() | st.from_type(Excerpt), st.integers(0, 1 << 60), st.text())
def test_any_part_and_any_note_come_back_as_they_were(
    made: LogExtract, opening: Excerpt | None, size: int, sha256: str
) -> None:
    part = LogPart(made, size, opening)
    note = Checkpoint(part, size, 3)
    try:
        packed, noted = pack_part(part), pack_note(note, (size, sha256))
    except OverflowError:
        reject()
    assert unpack_part(packed) == part
    assert unpack_note(noted) == (note, (size, sha256))


@SLOW
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_with_the_digits_that_were_printed(number: Decimal) -> None:
    """1.90 equals 1.9 and has another tolerance."""
    log = real()[0]
    assert isinstance(log, LogExtract)
    shown = Captures(fields=TradeFields(net_pnl=number, side=PositionSide.SHORT))
    made = replace(log, matches=(replace(log.matches[0], captures=shown),))
    found = unpack(pack(made))
    assert isinstance(found, LogExtract)
    assert found.matches[0].captures.fields.side is PositionSide.SHORT
    assert str(found.matches[0].captures.fields.net_pnl) == str(number)


def test_the_fixtures_digests_come_back_as_they_were() -> None:
    assert isinstance(real()[0], LogExtract)
    assert real()[0].contexts
    assert all(unpack(pack(made)) == made for made in real())


def test_what_neighbours_share_is_kept_once() -> None:
    made = real()[0]
    reads = [unpack(pack(made)) for _ in range(2)]
    near = [n for read in reads if isinstance(read, LogExtract) for c in read.contexts for n in c.before]
    assert near
    assert len({id(n.template) for n in near}) == len({n.template for n in near})


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=300, deadline=None)
@given(data=st.binary(max_size=200))
def test_random_bytes_are_damage(reader: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(ValueError, match=DAMAGED):
        reader(data)


@SLOW
@given(st.data())
def test_damage_anywhere_gives_some_digest_or_is_noticed(data: st.DataObject) -> None:
    packed = bytearray(pack(data.draw(st.sampled_from(real()))))
    for _ in range(data.draw(st.integers(1, 3))):
        packed[data.draw(st.integers(0, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    stop = data.draw(st.integers(0, len(packed)) | st.just(len(packed)))
    try:
        found = unpack(bytes(packed[:stop]))
    except ValueError:
        return
    assert isinstance(found, KINDS)


@pytest.mark.parametrize("numbers", [[-1, 0, 1, 1], [1, 0, 1, 1], [1 << 40, 0, 1, 1], [0, 0, 1]])
def test_a_neighbour_that_shares_what_is_not_there_is_damage(numbers: list[int]) -> None:
    raw = msgspec.msgpack.decode(pack(real()[0]))
    raw[2], raw[3] = [["a", "b", "c"]], [[0, [0, 0, 1, 1], [], False, False]]
    assert isinstance(unpack(msgspec.msgpack.encode(raw)), LogExtract)
    raw[3] = [[0, numbers, [], False, False]]
    with pytest.raises(ValueError, match=DAMAGED):
        unpack(msgspec.msgpack.encode(raw))


def test_kinds_are_told_apart() -> None:
    assert tuple(type(unpack(pack(made))) for made in real()) == KINDS
    made = real()[0]
    assert isinstance(made, LogExtract)
    with pytest.raises(ValueError, match=DAMAGED):
        unpack(pack_part(LogPart(made, 0, None)))
    with pytest.raises(ValueError, match=DAMAGED):
        unpack_part(pack(made))


def test_only_so_many_sayings_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was forgotten in between, the neighbours are those that were packed."""
    codec._sayings.clear()
    monkeypatch.setattr(codec, "_REMEMBERED", 2)
    log = next(made for made in real() if isinstance(made, LogExtract))
    said = {(near.emitter, near.template) for c in log.contexts for near in (*c.before, *c.after)}
    assert len(said) > 2
    for _ in range(2):
        assert unpack(pack(log)) == log
        assert len(codec._sayings) <= 2
