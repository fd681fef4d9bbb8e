"""What must hold for every trades file: rows come back exact, and no line disappears."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from plain_health import parse_health

from logaudit.core.location import Address
from logaudit.ledger import Ledger, parse_ledger
from logaudit.profiles.profile import LedgerSpec
from logaudit.sources import lines as split_lines

HEADER = ("timestamp", "symbol", "side", "exit_price", "net_pnl", "reason", "win_rate")
SIDES = {"long": "long", "short": "short"}

numbers = st.decimals(-(10**9), 10**9, places=4).map(lambda value: f"{value:.4f}")
words = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=8
)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - ledgers are naive
rows = st.tuples(
    moments.map(datetime.isoformat),
    st.sampled_from(["BTC-USDT", "ETH/USDT:USDT"]),
    st.sampled_from(["long", "short"]),
    numbers,
    numbers,
    words.map(lambda word: "r" + word.strip()),
    numbers,
)


def read(data: bytes) -> Ledger:
    return parse_ledger(
        split_lines([data]), Address("t.csv"), LedgerSpec(), SIDES, ended=lambda: data.endswith(b"\n")
    )


@given(
    st.lists(rows, max_size=20),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_a_written_ledger_is_read_back(trades: Sequence[tuple[str, ...]], delimiter, end, bom, quote_all):
    out = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([HEADER, *trades])
    ledger = read(out.getvalue().encode("utf-8-sig" if bom else "utf-8"))
    assert ledger.rejected == ()
    assert ledger.header == HEADER
    assert len(ledger.rows) == len(trades)
    for number, (row, (at, symbol, side, price, net, reason, _)) in enumerate(
        zip(ledger.rows, trades, strict=True)
    ):
        assert row.number == number
        assert row.at.us == (datetime.fromisoformat(at) - datetime(1970, 1, 1)) // (  # noqa: DTZ001 - naive, as the cell is
            datetime.resolution
        )
        assert (row.fields.symbol, str(row.fields.side)) == (symbol, side)
        assert (row.fields.exit_price, row.fields.net_pnl) == (Decimal(price), Decimal(net))
        assert row.fields.reason == reason.replace("\r\n", "\n").strip()


GOOD = "2025-11-23T02:40:12.416680,ETH-USDT,long,1.5,2.5,tp,50.00"
lines = st.one_of(
    st.sampled_from(
        [
            GOOD,
            GOOD.replace("tp", '"tp'),
            GOOD.replace("tp", '"t,p"'),
            GOOD.replace("tp", 't"p'),
            GOOD[:30],
            GOOD + "," + GOOD,
            GOOD.rpartition(",")[0],
            ",".join(HEADER),
            "time;pair;pnl",
            "2025-11-23 02:40:12;BTC;1,5",
            "",
            "  ",
            "\0\0",
            '"',
            'end of a text"',
            "UID:1,Time Zone:UTC+8",
        ]
    ),
    st.text(st.characters(exclude_characters="\n", exclude_categories=("Cs",)), max_size=30),
    st.text('",;\t ab1\0\r', max_size=20),
)


@given(st.lists(lines, max_size=30), st.booleans())
def test_every_line_is_a_row_or_accounted_for(texts: Sequence[str], ended):
    data = "\n".join(texts).encode() + b"\n" * ended
    ledger = read(data)
    single = [place.line for place in ledger.preamble]
    single += [rejected.location.line for rejected in ledger.rejected]
    single += [change.location.line for change in ledger.header_changes]
    single += [aside.location.line for aside in ledger.aside if aside.entry is None]
    single += [undated.entry.location.line for undated in ledger.undated if undated.rejection is None]
    assert len(set(single)) == len(single)
    assert [r.location for r in ledger.rejected] == sorted(r.location for r in ledger.rejected)
    starts = [row.location.line for row in ledger.rows]
    assert not set(starts) & set(single)
    within = sum(
        row.fields.reason.count("\n") + _hidden_breaks(row.cells, row.fields.reason) for row in ledger.rows
    )
    counted = len(single) + len(starts) + within + ledger.repeats + ledger.blank_lines + bool(ledger.header)
    assert counted == ledger.lines == len(list(split_lines([data])))


def _hidden_breaks(cells: Sequence[tuple[str, str]], reason: str) -> int:
    """Line breaks of a row that lie in other cells than the reason, or at its stripped ends."""
    return sum(text.count("\n") for _, text in cells) - reason.count("\n")


@given(st.lists(lines, max_size=30), st.booleans())
def test_quoted_lines_are_the_file_s_own(texts: Sequence[str], ended):
    data = "\n".join(texts).encode() + b"\n" * ended
    given_lines = dict(enumerate(split_lines([data]), 1))
    for rejected in read(data).rejected:
        offset, raw = given_lines[rejected.location.line]
        assert rejected.location.byte == offset
        assert rejected.location.text == raw.replace(b"\0", b"").decode().removeprefix("\ufeff").rstrip("\r")


@given(st.lists(lines, max_size=30), st.booleans())
def test_every_line_of_a_live_table_is_a_row_or_accounted_for(texts: Sequence[str], ended):
    data = "\n".join(["timestamp,event,data", *texts]).encode() + b"\n" * ended
    health = parse_health(split_lines([data]), Address("d.csv"), None)
    places = [rejected.location.line for rejected in health.malformed]
    assert len(set(places)) == len(places)
    told = [text for text in texts if text.replace("\0", "").encode().strip()]
    if any('"' in text for text in texts):
        assert health.rows + len(places) <= len(told)  # a quoted cell may span lines
    else:
        assert health.rows + len(places) == len(told)
