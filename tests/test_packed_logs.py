"""A log of very many closes is held packed: what is held is small, and nothing that is said of it differs."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from evidence_factory import event
from hypothesis import given, settings
from hypothesis import strategies as st
from test_crowded_closes import crowd
from test_ingest_parts import source_of

from logaudit.audit.pipeline import ScanOptions, report_on
from logaudit.core import packed_rows, rows
from logaudit.core.events import Captures, Emitter, EventKind
from logaudit.core.fields import TradeFields
from logaudit.core.location import Address, Location, Role, SourceKind
from logaudit.core.packed_places import PackedPlaces, packed
from logaudit.core.report import Report
from logaudit.core.rows import Rows, all_packed, joined_rows, rows_of
from logaudit.core.timestamp import Stamp
from logaudit.ingest import context, packed_matches, source_extract
from logaudit.ingest.codec import HeldExtract, pack, unpack
from logaudit.ingest.extract_log import extract_plain
from logaudit.ingest.packed_matches import MatchPlace, PackedMatches
from logaudit.ingest.packed_neighbours import PackedNeighbours, Sayings
from logaudit.ingest.read_context import ReadContext
from logaudit.ingest.source_extract import NearbyRecord, OtherExtract, PatternMatch, summary_of
from logaudit.profiles import PatternRole, load_built_in
from logaudit.reconcile.normalize.sink_pools import SinkPools
from logaudit.renderers import json_report, text

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
#: Modules, what they call a limit, and one that every log exceeds.
LOW = (
    ("logaudit.ingest.source_extract.PLAIN_MATCHES", 2),
    ("logaudit.ingest.packed_matches.TOGETHER", 3),
    ("logaudit.ingest.context.PLAIN_NEIGHBOURS", 1),
    ("logaudit.ingest.codec.PLAIN_NEIGHBOURS", 1),
    ("logaudit.ingest.codec._LARGE", 64),
    ("logaudit.reconcile.normalize.assemble_events._PLAIN", 1),
    ("logaudit.reconcile.normalize.assemble_events._TOGETHER", 2),
    ("logaudit.reconcile.normalize.equal_records._MANY", 0),
    ("logaudit.core.rows.PLAIN_ROWS", 1),
    ("logaudit.audit.session_report.PLAIN_ROWS", 1),
    ("logaudit.core.packed_rows.TOGETHER", 2),
    ("logaudit.audit.packed_findings._RUN", 3),
    ("logaudit.audit.packed_findings._AT_A_TIME", 2),
    ("logaudit.audit.packed_findings._LONG", 4),
)


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> None:
    for place, limit in LOW:
        monkeypatch.setattr(place, limit)


def match(number: int) -> PatternMatch:
    shown = Captures(fields=TradeFields(symbol="BTC-USDT", net_pnl=Decimal(number) / 100))
    place = number, True, Stamp(number * 1000), number + 1, number * 90
    return PatternMatch(
        "closed", PatternRole.EVENT, *place, Emitter("a", "b", 1), "INFO", shown, f"№ {number}"
    )


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 40), st.integers(1, 9), st.slices(50), st.integers(0, 39))
def test_packed_matches_are_what_a_list_of_them_is(count: int, together: int, part: slice, at: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed_matches, "TOGETHER", together)
        plain = tuple(map(match, range(count)))
        made = PackedMatches(plain)
        assert (len(made), made, tuple(made), made[part]) == (count, plain, plain, plain[part])
        assert made != (*plain, match(99))
        assert at >= count or made[at] == plain[at]
        placed = [(one.role, one.record, one.line) for one in made.each(MatchPlace)]
        assert placed == [(one.role, one.record, one.line) for one in plain]
        again = PackedMatches.of(made.parts())
        again.append(match(50))
        assert again == (*plain, match(50))
        with pytest.raises(IndexError):
            made[count]


near = st.builds(NearbyRecord, *([st.sampled_from("abc")] * 3), *([st.integers(-(1 << 40), 1 << 40)] * 3))


@given(st.lists(near, max_size=8), st.slices(8))
def test_packed_neighbours_are_what_a_tuple_of_them_is(found: list[NearbyRecord], part: slice) -> None:
    sayings = Sayings()
    both = [PackedNeighbours.of(found, sayings) for _ in range(2)]
    assert (len(both[0]), both[0], both[0][part]) == (len(found), tuple(found), tuple(found)[part])
    assert both[0] == both[1]
    assert hash(both[0]) == hash(tuple(found))
    assert len(sayings.columns[0]) == len({n[:3] for n in found})


@given(st.lists(st.tuples(st.integers(0, 99), st.text(max_size=9)), min_size=1, max_size=9), st.slices(9))
def test_packed_places_are_what_a_tuple_of_them_is(said: list[tuple[int, str]], part: slice) -> None:
    places = tuple(Location("a.log", "b", line, Role.CLOSE, words, line * 80) for line, words in said)
    made = PackedPlaces(places)
    assert (len(made), made, made[part], made[0]) == (len(places), places, places[part], places[0])
    assert hash(made) == hash(places)


def test_places_of_several_sources_and_what_is_no_unicode_stay_as_they_are() -> None:
    several = (Location("a.log", line=1), Location("b.log", line=1))
    strange = (Location("a.log", line=1), Location("a.log", line=2, text="\udce9"))
    assert packed(several) is several
    assert packed(strange) is strange


def test_rows_beyond_the_first_thousands_are_packed_before_the_next_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rows, "PLAIN_ROWS", 10)
    monkeypatch.setattr(packed_rows, "TOGETHER", 10)
    made = 0

    def places() -> Iterator[Location]:
        nonlocal made
        for line in range(1000):
            made += 1
            yield Location("a.log", line=line, text="\udce9" if line == 55 else "")

    found = rows_of(places(), Location)
    assert isinstance(found, Rows)
    assert made == 1000
    assert found == tuple(Location("a.log", line=n, text="\udce9" if n == 55 else "") for n in range(1000))
    assert rows_of(iter([1, 2]), int) == (1, 2)
    assert joined_rows(all_packed([(Location("b.log"),), found], Location)) == (Location("b.log"), *found)


def test_a_close_of_a_crowd_takes_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 300 closes a second each has two matches and ten records around it: 4 KB if they stood as they are."""
    profile = load_built_in("generic")
    formats = ReadContext((profile,)).log_formats(profile.name)
    monkeypatch.setattr(context, "_CROWDED", 10)
    monkeypatch.setattr(context, "PLAIN_NEIGHBOURS", 200)
    monkeypatch.setattr(source_extract, "PLAIN_MATCHES", 100)
    monkeypatch.setattr(packed_matches, "TOGETHER", 100)
    held: list[int] = []
    for closes in (200, 700):
        source = source_of(tmp_path / "bot.log", crowd(closes))
        tracemalloc.start()
        try:
            found = extract_plain(source, profile, formats)
            held.append(tracemalloc.get_traced_memory()[0])
        finally:
            tracemalloc.stop()
        assert unpack(pack(found)) == found
        assert len(found.matches) == 2 * closes
    assert held[1] - held[0] < 500 * 1_200


def test_what_is_large_waits_compressed() -> None:
    found = OtherExtract(Address("a.log"), SourceKind.EMPTY, 0)
    waiting = HeldExtract.of(summary_of(found), bytes(5 << 20), compressed=False)
    assert waiting.waits < 1 << 20
    assert waiting.packed == bytes(5 << 20)


def test_what_was_told_at_another_moment_is_forgotten() -> None:
    pools = SinkPools(lambda e: e.stream, lambda *_: True)
    for second in range(50):
        pools.add(event(EventKind.POSITION_CLOSED, f"10:00:{second:02}"))
    assert len(pools.calls) == 50
    assert len(pools._tellings) == 1


def report(folder: Path) -> Report:
    return report_on([folder], ScanOptions(jobs=1))


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir() if (path / "logs").is_dir()))
def test_no_word_of_a_report_depends_on_what_is_packed(name: str, request: pytest.FixtureRequest) -> None:
    plain = report(FIXTURES / name / "logs")
    request.getfixturevalue("low")
    found = report(FIXTURES / name / "logs")
    assert json.loads(json_report.render(found)) == json.loads(json_report.render(plain))
    assert text.render(found) == text.render(plain)
