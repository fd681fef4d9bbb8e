"""Rows of openings and of ends in one table, told apart by a column whose words nobody knows."""

from __future__ import annotations

from decimal import Decimal

from logaudit.core.location import Address
from logaudit.core.trades import EntryKind
from logaudit.ledger import Ledger, parse_ledger
from logaudit.profiles.profile import LedgerSpec

SIDES = {"long": "long", "short": "short"}
HEADER = "what,time,symbol,side,price,size,pnl,ticket"


def read(*rows: str, header: str = HEADER) -> Ledger:
    numbered = [(0, line.encode()) for line in (header, *rows)]
    return parse_ledger(numbered, Address("trades.csv"), LedgerSpec(), SIDES)


def pair(n: int, begins: str = "placement", ends: str = "closure", *, ticket: str = "") -> list[str]:
    """An opening and its end, ten minutes apart; the next pair begins after it."""
    side = ("long", "short")[n % 2]
    return [
        f"{begins},2026-04-02 0{n}:00:00,SOL-USDT,{side},14{n}.25,{n + 1}.5,,{ticket and ticket + str(n)}",
        f"{ends},2026-04-02 0{n}:10:00,SOL-USDT,{side},14{n}.75,{n + 1}.5,{n}.25,{ticket and ticket + str(n)}",
    ]


def pairs(count: int = 5, **words: str) -> list[str]:
    return [row for n in range(count) for row in pair(n, **words)]


def test_the_rows_of_the_word_that_never_shows_a_result_open_positions():
    ledger = read(*pairs())
    assert [row.number for row in ledger.rows] == [0, 1, 2, 3, 4]
    assert all(row.fields.net_pnl is not None or row.fields.gross_pnl is not None for row in ledger.rows)
    begun = [aside.entry for aside in ledger.aside if aside.entry is not None]
    assert [(b.kind, b.fields.entry_price, b.fields.exit_price) for b in begun[:1]] == [
        (EntryKind.OPEN_POSITION, Decimal("140.25"), None)
    ]
    assert len(begun) == 5


def test_an_end_that_is_lost_leaves_its_opening():
    rows = pairs(6)
    del rows[5]
    ledger = read(*rows)
    assert (len(ledger.rows), len(ledger.aside)) == (5, 6)


def test_ids_lead_from_an_opening_to_an_end_of_another_size():
    rows = [row.replace(".5,,", ".9,,") for row in pairs(ticket="T-")]
    assert len(read(*rows).aside) == 5


def test_ends_that_never_show_a_result_are_no_openings():
    """A third word: liquidations, whose result the bot does not know. Their rows stay those of closes."""
    rows = pairs()
    for n in range(5, 9):
        begun, _ = pair(n)
        rows += [begun, f"liquidated,2026-04-02 0{n}:10:00,SOL-USDT,long,14{n}.10,{n + 1}.5,,"]
    ledger = read(*rows)
    assert len([row for row in ledger.rows if dict(row.cells)["what"] == "liquidated"]) == 4


def test_a_word_that_once_shows_a_result_tells_nothing():
    rows = pairs()
    rows[0] = rows[0].replace(",,", ",0.10,")
    assert len(read(*rows).rows) == 10


def test_closes_without_a_result_that_nothing_follows_are_kept():
    rows = [
        f"manual,2026-04-02 0{n}:30:00,ADA-USDT,long,0.7{n},10{n},,".replace("ADA", f"ADA{n}")
        for n in range(4)
    ]
    assert len(read(*rows, *[pair(n)[1] for n in range(5)]).rows) == 9


def test_buys_and_sales_of_coins_are_told_by_their_results_though_a_sale_was_lost():
    """The coins of the sale that is missing stay in the queue: what later sales bring does not add up."""
    rows = []
    for n in range(6):
        rows.append(f"2026-04-02 0{n}:00:00,SOL-USDT,BUY,14{n}.25,{n + 1}.5,")
        if n != 2:
            rows.append(f"2026-04-02 0{n}:10:00,SOL-USDT,SELL,14{n}.75,{n + 1}.5,{(n + 1.5) / 2:.4f}")
    numbered = [(0, line.encode()) for line in ("date,coin,action,price,quantity,profit", *rows)]
    ledger = parse_ledger(numbered, Address("trades.csv"), LedgerSpec(), {"buy": "long", "sell": "short"})
    assert [str(row.fields.side) for row in ledger.rows] == ["long"] * 5
    assert len(ledger.aside) == 6
