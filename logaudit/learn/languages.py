"""Words of several languages that tell what a log message is about: sides, and what is no close."""

from __future__ import annotations

import re
from typing import Final

from logaudit.core.fields import FieldName, PositionSide
from logaudit.core.lazy_pattern import lazy_pattern

#: Letters of scripts without spaces between words, as a part of a character class.
UNSPACED: Final = "\u3040-\u30ff\u3400-\u9fff"

#: Words for the side of a position, lower case. A longer word stands before one that begins it.
SIDES: Final = {
    **dict.fromkeys(
        (
            "long",
            "buy",
            "лонг",
            "покупка",
            "kauf",
            "largo",
            "compra",
            "achat",
            "做多",
            "多头",
            "多单",
            "买入",
            "多",
        ),
        PositionSide.LONG,
    ),
    **dict.fromkeys(
        (
            "short",
            "sell",
            "шорт",
            "продажа",
            "verkauf",
            "corto",
            "venta",
            "vente",
            "做空",
            "空头",
            "空单",
            "卖出",
            "空",
        ),
        PositionSide.SHORT,
    ),
}

_CALLED: Final = {
    FieldName.EXIT_PRICE: (
        "exit", "out", "px", "price", "closed", "close", "at", "выход", "выхода", "цена", "закрытия", "по",
        "ausstieg", "kurs", "zu", "salida", "precio", "sortie", "平仓价", "价格", "成交价",
    ),
    FieldName.ENTRY_PRICE: (
        "entry", "in", "entered", "opened", "open", "вход", "входа", "открытия", "einstieg", "entrada", "entrée",
        "开仓价",
    ),
    FieldName.SIZE: (
        "size", "qty", "quantity", "amount", "lot", "lots", "volume", "объём", "объем", "размер", "количество",
        "menge", "größe", "lote", "cantidad", "tamaño", "数量",
    ),
    FieldName.PNL: (
        "pnl", "profit", "result", "gain", "realised", "realized", "net", "прибыль", "итог", "результат",
        "результата", "ergebnis", "gewinn", "ertrag", "resultado", "ganancia", "beneficio", "esito", "résultat",
        "盈亏", "利润", "收益",
    ),
}  # fmt: skip
#: Words before a number that say what it is, lower case.
FIELDS: Final = {word: name for name, words in _CALLED.items() for word in words}

#: The recorder's words, and words for what did not happen, is not known to have, or is told of many trades.
_NO_CLOSE: Final = lazy_pattern(
    r"\b(?:record\w*|saved|wr[io]t\w*|append\w*|persist\w*|stored|csv|db|database|ledger|row|journal"
    r"|guardad\w*|gravad\w*|salv\w*|gespeichert|записан\w*|записыв\w*|сохран\w*"
    r"|would|could|should|will|not|never|if|fail\w*|error|nicht|würde|habría|не|бы"
    r"|paper|simul\w*|virtu\w*|dry|backtest\w*|restor\w*|replay\w*|виртуальн\w*|бумажн\w*|симул\w*"
    r"|unreali[sz]ed|floating|open(?:ed|ing)?|entry signal|открыт\w*|abierta|eröffnet"
    r"|total|summary|daily|итого|сводка|tages\w*|resumen|diari[oa])\b"
    r"|写入|记录|保存|模拟|回测|未|失败|浮动|开仓成功|合计|汇总|日报",
    re.IGNORECASE,
)


#: What a line may be about that prints the price of a close, too.
_FEE: Final = lazy_pattern(
    r"\b(?:fees?|commissions?|comisi[oó]n(?:es)?|gebühr(?:en)?|комисси\w*)\b|手续费", re.IGNORECASE
)


def tells_of_no_close(text: str, *, with_fee: bool) -> bool:
    """Whether a message tells of something other than a close that happened.

    Args:
        with_fee: whether a fee that it names may be that of the close it tells of.
    """
    return _NO_CLOSE.search(text) is not None or (not with_fee and _FEE.search(text) is not None)
