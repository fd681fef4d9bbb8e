"""The names that bots, exchanges and terminals give to the columns of a trades table, in several languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: What columns are called that keep the time of day and the date apart, alone or within a longer name.
TIME_AND_DATE: Final[tuple[tuple[str, str], ...]] = (
    ("time", "date"), ("uhrzeit", "datum"), ("zeit", "datum"), ("время", "дата"), ("hora", "fecha"),
    ("hora", "data"), ("heure", "date"), ("ora", "data"), ("godzina", "data"), ("saat", "tarih"),
    ("时间", "日期"), ("時間", "日期"), ("時刻", "日付"),
)  # fmt: skip

#: Canonical column → header keys that bots and exchanges use for it, the most telling first.
COMMON_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "closed": (
        "closed_at", "close_timestamp", "close_time", "close_date", "closed", "closed_time",
        "exit_timestamp", "exit_time", "exit_date", "exited_at", "trade_time", "timestamp", "datetime",
        "date_time", "time", "date",
        "ts", "ts_iso", "time_iso", "iso_time", "ts_utc", "unix_ms", "ts_ms", "timestamp_ms", "unix_time", "epoch_ms",
        "epoch",
        "exec_time", "executed_at", "filled_at", "fill_time", "время_закрытия", "дата_закрытия", "закрыта",
        "время", "дата", "schlusszeit", "ausstiegszeit", "geschlossen", "zeitpunkt", "zeit", "datum",
        "fecha_cierre", "hora_cierre", "fecha", "data_fechamento", "data_chiusura", "date_fermeture",
        "date_cloture", "data_zamknięcia", "kapanış_zamanı", "平仓时间", "平倉時間", "成交时间", "时间",
        "日時", "決済日時", "約定日時",
    ),
    "opened": (
        "opened_at", "open_timestamp", "open_time", "open_date", "opened", "opened_time",
        "entry_timestamp", "entry_time", "entry_date", "entered_at",
        "время_открытия", "дата_открытия", "открыта", "einstiegszeit", "eröffnungszeit", "fecha_apertura",
        "hora_apertura", "data_abertura", "data_apertura", "date_ouverture", "data_otwarcia", "açılış_zamanı",
        "开仓时间", "開倉時間", "新規日時",
    ),
    "symbol": (
        "symbol", "pair", "trading_pair", "instrument", "instrument_id", "inst_id", "instid", "market",
        "ticker", "contract", "coin", "contracts",
        "символ", "тикер", "инструмент", "пара", "монета", "markt", "instrumento", "símbolo", "simbolo", "par",
        "paire", "symbole", "strumento", "sembol", "交易对", "交易對", "合约", "币种", "标的", "銘柄", "通貨ペア",
    ),
    "side": (
        "side", "position_side", "pos_side", "direction", "action", "trade_type", "closing_direction",
        "is_short", "is_long", "type",
        "сторона", "направление", "тип", "richtung", "seite", "lado", "dirección", "direccion", "direção", "sens",
        "direzione", "kierunek", "yön", "方向", "买卖方向", "多空", "売買", "売買区分",
    ),
    "entry_price": (
        "entry_price", "avg_entry_price", "average_entry_price", "open_rate", "open_price",
        "avg_entry", "average_entry", "entry_px", "open_px", "price_in",
        "avg_open_price", "price_open", "entry_rate", "entry",
        "цена_входа", "цена_открытия", "вход", "einstieg", "einstiegspreis", "eröffnungskurs", "precio_entrada",
        "precio_apertura", "preço_entrada", "preço_de_entrada", "prix_entrée", "prix_d_entrée", "prezzo_entrata",
        "cena_otwarcia", "giriş_fiyatı", "开仓价", "开仓均价", "開倉價", "入场价", "約定価格_新規", "新規価格",
    ),
    "exit_price": (
        "exit_price", "avg_exit_price", "average_exit_price", "close_rate", "close_price",
        "avg_exit", "average_exit", "exit_px", "close_px", "price_out",
        "avg_close_price", "price_close", "exit_rate", "exit", "filled_price", "fill_price",
        "avg_price", "average_price", "price",
        "цена_выхода", "цена_закрытия", "выход", "ausstieg", "ausstiegspreis", "schlusskurs", "precio_salida",
        "precio_cierre", "preço_saída", "preço_de_saída", "prix_sortie", "prix_de_sortie", "prezzo_uscita",
        "cena_zamknięcia", "çıkış_fiyatı", "平仓价", "平仓均价", "平倉價", "出场价", "決済価格",
    ),
    "size": (
        "size", "position_size", "closed_size", "quantity", "qty", "amount", "base_amount", "volume",
        "contracts",
        "размер", "количество", "объем", "объём", "лот", "лоты", "menge", "grösse", "stückzahl", "cantidad",
        "tamaño", "volumen", "quantidade", "tamanho", "quantité", "taille", "quantità", "ilość", "miktar", "数量",
        "數量", "成交量", "张数", "枚数",
    ),
    "gross_pnl": (
        "gross_pnl", "pnl_gross", "gross_profit", "realized_profit", "pnl", "profit",
    ),
    "commission": (
        "commission", "commissions", "total_commission", "trade_fee_in_quote", "total_fee",
        "total_fees", "fees", "fee", "trading_fee", "trade_fee", "fees_paid", "fee_paid",
        "комиссия", "gebühr", "gebühren", "provision", "comisión", "comision", "comissão", "frais", "commissione",
        "prowizja", "komisyon", "手续费", "手續費", "手数料",
    ),
    "funding": (
        "funding", "funding_fee", "funding_fees", "funding_paid", "funding_pnl", "total_funding", "funding_cost",
        "funding_costs", "funding_payment", "funding_payments",
    ),
    "net_pnl": (
        "net_pnl", "pnl_net", "net_profit", "realized_pnl", "realised_pnl", "closed_pnl", "closed_p_l",
        "close_profit_abs", "profit_abs", "net", "netto",
        "прибыль", "финрез", "результат", "прибыль_убыток", "пнл", "ergebnis", "gewinn", "gewinn_verlust",
        "resultado", "ganancia", "beneficio", "lucro", "résultat", "gain", "profit_net", "profitto", "risultato",
        "zysk", "kar", "kâr", "盈亏", "盈虧", "收益", "平仓盈亏", "已实现盈亏", "損益", "実現損益",
    ),
    "duration_sec": (
        "duration_sec", "duration_s", "duration_secs", "duration_seconds", "holding_sec",
        "holding_seconds",
    ),
    "reason": (
        "reason", "exit_reason", "close_reason", "closing_reason", "sell_reason", "exit_type",
        "причина", "grund", "motivo", "raison", "powód", "sebep", "原因", "理由",
    ),
    "trade_id": (
        "trade_id", "tradeid", "exchange_trade_id", "deal_id", "ticket", "id",
        "номер", "номер_сделки", "成交编号", "取引番号",
    ),
    "position_id": ("position_id", "positionid", "pos_id", "posid"),
    "order_id": (
        "exit_order_id", "close_order_id", "closing_order_id", "order_id", "orderid", "ordid", "order", "订单号",
    ),
}  # fmt: skip
