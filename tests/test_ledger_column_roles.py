"""Columns whose names say nothing are known by what their cells hold, or not at all."""

from __future__ import annotations

import pytest

from logaudit.ledger.column_roles import columns_by_content, content_of
from logaudit.ledger.columns import named_columns
from logaudit.profiles.profile import LedgerSpec

SIDES = {"buy": "long", "sell": "short"}
#: (exit - entry) x size x side, cut to cents, beside two columns of other numbers.
ROWS = [
    [
        "a1",
        "2026-05-02 09:00:00",
        "2026-05-02 09:10:04",
        "AVAX-USDT",
        "long",
        "21.10",
        "21.40",
        "15",
        "4.50",
        "3",
    ],
    [
        "a2",
        "2026-05-02 09:20:00",
        "2026-05-02 09:45:31",
        "DOT-USDT",
        "short",
        "4.079",
        "4.112",
        "70",
        "-2.31",
        "5",
    ],
    [
        "a3",
        "2026-05-02 10:00:00",
        "2026-05-02 11:45:31",
        "DOT-USDT",
        "long",
        "4.100",
        "4.200",
        "100",
        "10.00",
        "7",
    ],
]
NAMES = ["c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"]


def learned(names: list[str], rows: list[list[str]]) -> dict[str, str]:
    told = columns_by_content(names, rows, LedgerSpec(), SIDES)
    return {role: names[i] for role, i in named_columns(names, told).items()}


def test_times_market_side_and_the_arithmetic_of_a_trade_are_found_by_content():
    assert learned(NAMES, ROWS) == {
        "opened": "c1", "closed": "c2", "symbol": "c3", "side": "c4",
        "entry_price": "c5", "exit_price": "c6", "size": "c7", "net_pnl": "c8",
    }  # fmt: skip


def test_columns_in_any_order_are_the_same_columns():
    order = [8, 4, 6, 0, 2, 9, 5, 3, 7, 1]
    assert learned([NAMES[i] for i in order], [[row[i] for i in order] for row in ROWS]) == learned(
        NAMES, ROWS
    )


def test_a_pnl_after_fees_is_still_that_of_the_prices():
    fees = [0.20, 0.11, 0.15]
    rows = [[*row[:8], f"{float(row[8]) - fee:.2f}", row[9]] for row, fee in zip(ROWS, fees, strict=True)]
    assert learned(NAMES, rows)["net_pnl"] == "c8"


def test_numbers_that_no_arithmetic_joins_mean_nothing():
    rows = [[*row[:8], str(n), row[9]] for n, row in enumerate(ROWS, 11)]
    assert {"entry_price", "exit_price", "size", "net_pnl"}.isdisjoint(learned(NAMES, rows))


def test_two_columns_that_fit_alike_are_not_told_apart():
    rows = [[*row, row[8]] for row in ROWS]
    assert "net_pnl" not in learned([*NAMES, "c10"], rows)


def test_two_markets_and_two_unordered_times_are_not_told_apart():
    rows = [[*row[:1], row[2], row[1], *row[3:], row[3]] for row in ROWS]
    rows[0][1], rows[0][2] = rows[0][2], rows[0][1]
    known = learned([*NAMES, "c10"], rows)
    assert "symbol" not in known
    assert "closed" not in known


@pytest.mark.parametrize(
    "names",
    [
        ["Время закрытия", "Инструмент", "Направление", "Цена входа", "Цена выхода", "Количество", "Прибыль"],
        ["Schlusszeit", "Markt", "Richtung", "Einstiegspreis", "Schlusskurs", "Menge", "Ergebnis"],
        ["Fecha cierre", "Instrumento", "Dirección", "Precio apertura", "Precio cierre", "Cantidad", "Resultado"],
        ["平仓时间", "合约", "方向", "开仓价", "平仓价", "数量", "盈亏"],
        ["決済日時", "通貨ペア", "売買", "新規価格", "決済価格", "数量", "損益"],
    ],
)  # fmt: skip
def test_headers_of_other_languages_are_known_by_name(names):
    roles = ["closed", "symbol", "side", "entry_price", "exit_price", "size", "net_pnl"]
    assert named_columns(names, LedgerSpec()) == dict(zip(roles, range(7), strict=True))


def test_a_control_character_beside_a_number_is_no_digit() -> None:
    # `str.strip` takes a unit separator for a blank, `float` does not.
    assert content_of(["1\x1f", "2"], {}).numbers == (1.0, 2.0)


def stamped(*names: str) -> dict[str, str]:
    """What the times of a table are called: when it was saved, when trades began and when they ended."""
    rows = [
        ["1786000000.25", f"{1785000000 + 700 * i}.5", f"{1785000300 + 700 * i}.5", "SOL-USDT", f"{3 + i}.25"]
        for i in range(4)
    ]
    return learned([*names, "symbol", "exit_price"], rows)


@pytest.mark.parametrize(
    "names",
    [
        ("saved_ts", "entry_ts", "exit_ts"),
        ("dump_epoch", "ts_open", "ts_close"),
        ("n", "openEpoch", "closeEpoch"),
    ],
)
def test_of_several_times_a_part_of_the_name_tells_that_of_the_close(names: tuple[str, str, str]) -> None:
    found = stamped(*names)
    assert (found["opened"], found["closed"]) == names[1:]


def test_two_times_of_a_close_are_not_told_apart() -> None:
    assert "closed" not in stamped("entry_ts", "exit_ts", "close_ts")


def test_a_name_of_two_words_is_known_either_way_round() -> None:
    assert named_columns(["reason_exit", "price_entry", "time_close"], LedgerSpec()) == {
        "reason": 0,
        "entry_price": 1,
        "closed": 2,
    }
    assert "reason" not in named_columns(["reason_entry"], LedgerSpec())
