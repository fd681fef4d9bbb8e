"""Words for the sides of a position and of an order in many languages; a profile's own come before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_BUY: Final = (
    "buy", "b", "bought", "bid", "покупка", "купить", "kauf", "kaufen", "compra", "comprar", "achat", "acheter",
    "acquisto", "kupno", "alış", "al", "买入", "买", "買い", "매수",
)  # fmt: skip
_SELL: Final = (
    "sell", "s", "sold", "ask", "продажа", "продать", "verkauf", "verkaufen", "venta", "vender", "venda", "vente",
    "vendre", "vendita", "sprzedaż", "satış", "sat", "卖出", "卖", "売り", "매도",
)  # fmt: skip
_LONG: Final = (
    "long", "лонг", "largo", "buy long", "open long", "close long", "做多", "多", "開多", "开多", "平多",
    "ロング", "롱",
)  # fmt: skip
_SHORT: Final = (
    "short", "шорт", "corto", "sell short", "open short", "close short", "做空", "空", "開空", "开空",
    "平空", "ショート", "숏",
)  # fmt: skip
#: Lower-case word of an order → 1 where something is bought, -1 where it is sold.
ORDER_WORDS: Final[Mapping[str, int]] = dict.fromkeys(_BUY, 1) | dict.fromkeys(_SELL, -1)
#: Lower-case word → ``long`` or ``short``.
SIDE_WORDS: Final[Mapping[str, str]] = dict.fromkeys((*_LONG, *_BUY), "long") | dict.fromkeys(
    (*_SHORT, *_SELL), "short"
)
