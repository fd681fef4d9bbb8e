"""Twenty wordings of closes in five languages, none of which a built-in profile knows, with what stands around them."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Language(Struct, frozen=True):
    """What the bots of one language say beside their closes.

    Attributes:
        sides: words for long and short, of which a bot uses one pair.
        near: lines that print numbers of a close and are none: before it or after it.
        echo: a notifier's line; ack: the recorder's; paper: a close that did not happen; summary: of many closes.
        reasons: why positions are closed.
    """

    sides: tuple[tuple[str, str], ...]
    start: str
    beat: str
    open: str
    target: str
    fee: str
    echo: str
    ack: str
    paper: str
    summary: str
    reasons: tuple[str, ...]


class Wording(Struct, frozen=True):
    """How one bot tells of a close; ``prints`` are the figures in it."""

    language: str
    text: str

    @property
    def prints(self) -> frozenset[str]:
        """The figures that it shows."""
        return frozenset(name for name in ("entry", "exit", "size", "pnl") if f"{{{name}}}" in self.text)


LANGUAGES: Final = {
    "en": Language(
        sides=(("long", "short"), ("LONG", "SHORT"), ("BUY", "SELL")),
        start="engine up, version 4",
        beat="{symbol} tick {exit}",
        open="entered {side} {symbol} at {entry}, lot {size}",
        target="{symbol} touched {exit}",
        fee="charge for {symbol}: {fee}, price {exit}, lot {size}",
        echo="telegram <- {symbol} {pnl}",
        ack="row appended for {symbol}: {pnl}",
        paper="[ghost] {close}",
        summary="day total {total} after {count} trades, best {symbol} {pnl}",
        reasons=("target", "stop", "signal"),
    ),
    "ru": Language(
        sides=(("long", "short"), ("ЛОНГ", "ШОРТ"), ("LONG", "SHORT"), ("лонг", "шорт")),
        start="движок запущен, версия 4",
        beat="{symbol} цена {exit}",
        open="вход {side} {symbol} цена {entry} объём {size}",
        target="{symbol} коснулся {exit}",
        fee="списание за {symbol}: {fee}, цена {exit}, объём {size}",
        echo="телеграм <- {symbol} {pnl}",
        ack="записана строка {symbol} {pnl}",
        paper="[виртуально] {close}",
        summary="итого за день {total}, сделок {count}, лучшая {symbol} {pnl}",
        reasons=("тейк", "стоп", "сигнал"),
    ),
    "de": Language(
        sides=(("long", "short"), ("LONG", "SHORT"), ("Kauf", "Verkauf")),
        start="Motor bereit, Version 4",
        beat="{symbol} Kurs {exit}",
        open="Einstieg {side} {symbol} bei {entry}, Menge {size}",
        target="{symbol} berührt {exit}",
        fee="Gebühr für {symbol}: {fee}, Kurs {exit}, Menge {size}",
        echo="Telegramm <- {symbol} {pnl}",
        ack="Zeile gespeichert: {symbol} {pnl}",
        paper="[simuliert] {close}",
        summary="Tagessumme {total}, {count} Trades, bester {symbol} {pnl}",
        reasons=("Ziel", "Stopp", "Signal"),
    ),
    "es": Language(
        sides=(("long", "short"), ("LARGO", "CORTO"), ("compra", "venta")),
        start="motor listo, versión 4",
        beat="{symbol} precio {exit}",
        open="entrada {side} {symbol} a {entry}, lote {size}",
        target="{symbol} tocó {exit}",
        fee="comisión de {symbol}: {fee}, precio {exit}, lote {size}",
        echo="aviso <- {symbol} {pnl}",
        ack="fila guardada: {symbol} {pnl}",
        paper="[simulada] {close}",
        summary="total del día {total}, {count} operaciones, mejor {symbol} {pnl}",
        reasons=("objetivo", "stop", "señal"),
    ),
    "zh": Language(
        sides=(("long", "short"), ("多", "空"), ("做多", "做空"), ("LONG", "SHORT")),
        start="引擎启动 版本4",
        beat="{symbol} 现价 {exit}",
        open="开仓 {side} {symbol} 价格{entry} 数量{size}",
        target="{symbol} 触及 {exit}",
        fee="手续费 {symbol} {fee} 价格{exit} 数量{size}",
        echo="推送 {symbol} {pnl}",
        ack="已写入记录 {symbol} {pnl}",
        paper="[模拟] {close}",
        summary="当日合计 {total} 共{count}笔 最佳 {symbol} {pnl}",
        reasons=("止盈", "止损", "信号"),
    ),
}

WORDINGS: Final = (
    Wording("en", "EXIT {side} {symbol} qty={size} px={exit} result {pnl} ({reason})"),
    Wording("en", "{symbol}: {reason} hit at {exit}, {pnl} USDT booked ({side}, {size})"),
    Wording("en", "now flat in {symbol} after {side} {size}: {pnl}"),
    Wording("en", "unwound {symbol} | in {entry} | out {exit} | realised {pnl}"),
    Wording("ru", "Сделка завершена: {symbol} {side}, вход {entry}, выход {exit}, итог {pnl} USDT"),
    Wording("ru", "{symbol} | {side} | фиксация результата {pnl}$"),
    Wording("ru", "Вышли из {side} {symbol} по {exit}, объём {size}, прибыль {pnl}"),
    Wording("ru", "🔴 [{symbol}] сработал {reason}: {pnl} USDT"),
    Wording("de", "Position beendet: {symbol} {side} zu {exit}, Menge {size}, Ergebnis {pnl}"),
    Wording("de", "{symbol} glattgestellt ({side}): Einstieg {entry}, Ausstieg {exit}, G/V {pnl}"),
    Wording("de", "Ausstieg {symbol} Menge {size} Kurs {exit} Gewinn {pnl} EUR"),
    Wording("de", "{side}-Trade {symbol} raus wegen {reason}; Ertrag {pnl}"),
    Wording("es", "Operación terminada {symbol} {side}: entrada {entry}, salida {exit}, resultado {pnl}"),
    Wording("es", "Salida de {side} en {symbol} a {exit} | lote {size} | ganancia {pnl}"),
    Wording("es", "{symbol} finalizada por {reason}: {pnl} USDT"),
    Wording("es", "🏁 {symbol} fuera a {exit}; lote {size}; beneficio {pnl}"),
    Wording("zh", "平仓完成 {symbol} {side} 开仓价{entry} 平仓价{exit} 盈亏{pnl}"),
    Wording("zh", "{symbol} {side} 已平 数量{size} 价格{exit} 收益{pnl}USDT"),
    Wording("zh", "{reason}触发平仓：{symbol} 方向{side} 盈亏 {pnl}"),
    Wording("zh", "交易结束 {symbol} 成交价 {exit} 利润 {pnl}"),
)
