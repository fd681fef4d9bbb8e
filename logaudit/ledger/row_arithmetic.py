"""Whether the figures of a row agree: prices times size are the PnL, gross less commission is net."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from logaudit.core.money import difference, parse_decimal, product, total, unit
from logaudit.ledger.columns import Header
from logaudit.ledger.convention import NUMBER_COLUMNS, Convention
from logaudit.ledger.number_style import with_point

#: The share of a position's value that its fees hardly exceed.
_FEES: Final = Decimal("0.002")
_LONG: Final = frozenset({"long", "buy", "b"})


def agreeing_sums(header: Header, convention: Convention, way: Sequence[int], row: Sequence[str]) -> int:
    """How many sums come out under one alignment: prices times size are the PnL, gross less commission is net."""
    told = _numbers(header, convention, way, row)
    return _is_product(told) + _is_net(told)


def _numbers(
    header: Header, convention: Convention, way: Sequence[int], row: Sequence[str]
) -> dict[str, Decimal]:
    told: dict[str, Decimal] = {}
    for name in NUMBER_COLUMNS:
        at = way[header.columns[name]] if name in header.columns else -1
        value = parse_decimal(with_point(row[at], convention.decimals.get(name))) if at >= 0 else None
        if value is not None:
            told[name] = value
    return told


def is_near_product(header: Header, convention: Convention, way: Sequence[int], row: Sequence[str]) -> int:
    """Whether the PnL of an alignment is prices times size less a usual fee, up or down as the side says."""
    told = _numbers(header, convention, way, row)
    pnl = next((told[name] for name in ("net_pnl", "gross_pnl") if name in told), None)
    if pnl is None or not {"entry_price", "exit_price", "size"} <= told.keys():
        return 0
    size = told["size"].copy_abs()
    worth = product(difference(told["exit_price"], told["entry_price"]), size)
    side = row[way[header.columns["side"]]].strip().lower() if "side" in header.columns else ""
    fee = product(product(told["entry_price"], size), _FEES).copy_abs()
    ways = [w for w in (worth, worth.copy_negate()) if not side or (w is worth) is (side in _LONG)]
    return int(any(difference(w, pnl).copy_abs() <= fee for w in ways))


def _is_product(told: Mapping[str, Decimal]) -> bool:
    if not {"entry_price", "exit_price", "size"} <= told.keys():
        return False
    entry, end, size = told["entry_price"], told["exit_price"], told["size"].copy_abs()
    worth = product(difference(end, entry).copy_abs(), size)
    slack = product(total((unit(entry), unit(end))), size)
    pnls = [told[name] for name in ("gross_pnl", "net_pnl") if name in told]
    return any(
        pnl and difference(worth, pnl.copy_abs()).copy_abs() <= total((slack, unit(pnl))) for pnl in pnls
    )


def _is_net(told: Mapping[str, Decimal]) -> bool:
    if not {"gross_pnl", "commission", "net_pnl"} <= told.keys():
        return False
    gross, fee, net = told["gross_pnl"], told["commission"], told["net_pnl"]
    slack = total((unit(gross), unit(fee), unit(net)))
    return bool(fee) and difference(difference(gross, fee.copy_abs()), net).copy_abs() <= slack
