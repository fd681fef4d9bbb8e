"""Words for the sides of a position in the languages that bots write; a profile's own come before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_LONG: Final = (
    "long", "buy", "bought", "лонг", "покупка", "купить", "buy long", "open long", "close long", "kauf", "kaufen",
    "compra", "comprar", "largo", "achat", "acheter", "acquisto", "kupno", "alış", "al", "买入", "买", "做多", "多",
    "開多", "开多", "買い", "ロング", "매수", "롱",
)  # fmt: skip
_SHORT: Final = (
    "short", "sell", "sold", "шорт", "продажа", "продать", "sell short", "open short", "close short", "verkauf",
    "verkaufen", "venta", "vender", "corto", "venda", "vente", "vendre", "vendita", "sprzedaż", "satış", "sat",
    "卖出", "卖", "做空", "空", "開空", "开空", "売り", "ショート", "매도", "숏",
)  # fmt: skip
#: Lower-case word → ``long`` or ``short``.
SIDE_WORDS: Final[Mapping[str, str]] = dict.fromkeys(_LONG, "long") | dict.fromkeys(_SHORT, "short")
