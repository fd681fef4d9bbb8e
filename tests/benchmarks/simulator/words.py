"""How bots word opens, closes and the rest: sentences whose shape the built-in profiles know."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import Struct

from simulator.plan import Close, Position


class Style(Struct, frozen=True):
    """How one bot prints figures.

    Attributes:
        pnl: what it calls its result: ``pnl``, or ``net`` where gross and net are told apart.
        gross: the result it prints is the one before fees.
        cents: decimals of money.
        spell: how the log spells a symbol.
        ids: whether lines name the order.
    """

    pnl: str = "pnl"
    gross: bool = False
    cents: int = 4
    spell: Callable[[str], str] = str
    ids: bool = False

    def symbol(self, position: Position) -> str:
        """As the log spells it."""
        return self.spell(position.market.symbol)

    def money(self, value: Decimal, *, sign: bool = True) -> str:
        """Money with the bot's decimals."""
        return f"{value:{'+' if sign else ''}.{self.cents}f}"

    def result(self, close: Close) -> Decimal:
        """The figure that a close line prints, with its printed digits."""
        return Decimal(self.money(close.gross if self.gross else close.net))

    def tail(self, position: Position) -> str:
        """What follows where ids are printed."""
        return f" order={position.order}" if self.ids else ""


def plain(value: Decimal) -> str:
    """Without trailing zeros and exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Text = Callable[[Position, Close, Style], list[str]]


class Wording(Struct, frozen=True):
    """How a close is told.

    Attributes:
        prints: figures that stand in it: entry, exit, size, result.
        text: its lines; the first one tells of the close.
        calls: each line is a log call of its own.
        knows: whether a built-in profile knows it.
    """

    title: str
    prints: frozenset[str]
    text: Text
    calls: bool = False
    knows: bool = True


def _label(style: Style, word: str = "pnl") -> str:
    return f"net {word}" if style.pnl == "net" else word


def _sentence(p: Position, c: Close, s: Style) -> list[str]:
    figures = f"@ {c.exit} size={plain(c.size)} {_label(s)}={s.money(s.result(c))}"
    return [f"Closed {p.side} position {s.symbol(p)} {figures} reason={c.reason}{s.tail(p)}"]


def _fill(p: Position, c: Close, s: Style) -> list[str]:
    result = f"{_label(s, 'PnL')}: {s.money(s.result(c))} USDT"
    return [f"Position closed: {s.symbol(p)} {p.side} {plain(c.size)} @ {c.exit} | {result}{s.tail(p)}"]


def _keys(p: Position, c: Close, s: Style) -> list[str]:
    money = f"{'net_pnl' if s.pnl == 'net' else 'pnl'}={s.money(s.result(c), sign=False)}"
    held = (c.at - p.at) // 1_000_000
    figures = f"entry={p.entry} exit={c.exit} qty={plain(c.size)} {money} duration={held}s"
    return [f"position_closed symbol={s.symbol(p)} side={p.side} {figures} reason={c.reason}{s.tail(p)}"]


def _block(p: Position, c: Close, s: Style) -> list[str]:
    return [
        f"POSITION CLOSED: {s.symbol(p)} {p.side.upper()}",
        f"   Entry price: ${p.entry}",
        f"   Exit price: ${c.exit}",
        f"   Size: {plain(c.size)} coins",
        f"   {'Net PnL' if s.pnl == 'net' else 'PnL'}: ${s.money(s.result(c))} USDT",
        f"   Close reason: {c.reason}",
    ]


def _arrow(p: Position, c: Close, s: Style) -> list[str]:
    result = f"{_label(s, 'PnL')}: {s.money(s.result(c))}"
    return [f"Trade closed | {s.symbol(p)} | {p.side.upper()} | {p.entry} -> {c.exit} | {result}{s.tail(p)}"]


def _brackets(p: Position, c: Close, s: Style) -> list[str]:
    result = f"{_label(s, 'PnL')}: ${s.money(s.result(c))}"
    return [f"[{s.symbol(p)}] {p.side.upper()} closed at {c.exit}, {result}, reason: {c.reason}"]


def _brief(p: Position, c: Close, s: Style) -> list[str]:
    return [
        f"Closed {p.side.upper()} position for {s.symbol(p)}: {_label(s)}={s.money(s.result(c))} ({c.reason})"
    ]


_ALL: Final = frozenset({"entry", "exit", "size", "result"})
ENGLISH: Final = (
    Wording("sentence", _ALL - {"entry"}, _sentence),
    Wording("fill", _ALL - {"entry"}, _fill),
    Wording("keys", _ALL, _keys),
    Wording("block of lines", _ALL, _block),
    Wording("block of calls", _ALL, _block, calls=True),
    Wording("arrow", _ALL - {"size"}, _arrow),
    Wording("brackets", frozenset({"exit", "result"}), _brackets),
    Wording("brief", frozenset({"result"}), _brief),
)


def _liquidated(p: Position, c: Close, s: Style) -> list[str]:
    figures = f"@ {c.exit} size={plain(c.size)} {_label(s)}={s.money(s.result(c))}"
    return [f"{s.symbol(p)} {p.side} position was liquidated by the exchange {figures}"]


def _stopped(p: Position, c: Close, s: Style) -> list[str]:
    figures = f"@ {c.exit} size={plain(c.size)} {_label(s)}={s.money(s.result(c))}"
    return [f"Stopped out of {p.side} {s.symbol(p)} {figures}"]


def _partial(p: Position, c: Close, s: Style) -> list[str]:
    figures = f"size={plain(c.size)} @ {c.exit} {_label(s)}={s.money(s.result(c))}"
    return [f"Partial close: {s.symbol(p)} {p.side} {figures}"]


#: Other ways to say that a position was closed, by name.
OTHERS: Final = {
    "liquidated": Wording("liquidated", _ALL - {"entry"}, _liquidated),
    "stopped": Wording("stopped out", _ALL - {"entry"}, _stopped),
    "partial": Wording("partial close", _ALL - {"entry"}, _partial),
}


def _unknown_exit(p: Position, c: Close, s: Style) -> list[str]:
    return [
        f"EXIT {p.side} {s.symbol(p)} qty={plain(c.size)} px={c.exit} result {s.money(s.result(c))} ({c.reason})"
    ]


def _unknown_target(p: Position, c: Close, s: Style) -> list[str]:
    return [
        f"{s.symbol(p)}: {c.reason} hit at {c.exit}, {s.money(s.result(c))} USDT booked ({p.side}, {plain(c.size)})"
    ]


def _unknown_flat(p: Position, c: Close, s: Style) -> list[str]:
    return [f"now flat in {s.symbol(p)} after {p.side} {plain(c.size)}: {s.money(s.result(c))}"]


#: Closes that no built-in profile knows.
UNKNOWN: Final = (
    Wording("unknown exit", _ALL - {"entry"}, _unknown_exit, knows=False),
    Wording("unknown target", _ALL - {"entry"}, _unknown_target, knows=False),
    Wording("unknown flat", frozenset({"size", "result"}), _unknown_flat, knows=False),
)


def _bare(p: Position, c: Close, s: Style) -> list[str]:
    return [f"Closed {p.side} position {s.symbol(p)} @ {c.exit} size={plain(c.size)} reason={c.reason}"]


def _strange_block(p: Position, c: Close, s: Style) -> list[str]:
    return [
        f"POSITION CLOSED: {s.symbol(p)} {p.side.upper()}",
        f"   in {p.entry} / out {c.exit}",
        f"   booked {s.money(s.result(c))} in {(c.at - p.at) // 60_000_000} min",
    ]


#: Closes whose result is not printed, or in lines that no profile reads.
UNPRICED: Final = (
    Wording("bare", frozenset({"exit", "size"}), _bare),
    Wording("strange block", frozenset(), _strange_block),
)
FILL: Final = ENGLISH[1]
RICH: Final = tuple(w for w in ENGLISH if len(w.prints) >= 3)


def _russian_block(p: Position, c: Close, s: Style) -> list[str]:
    return [
        f"💰 ПОЗИЦИЯ ЗАКРЫТА: {s.symbol(p)} {p.side.upper()}",
        f"   📊 Entry price: ${p.entry:.6f}",
        f"   📊 Exit price: ${c.exit:.6f}",
        f"   📦 Size: {c.size:.8f} монет ({plain(c.size / p.market.contract)} контрактов)",
        f"   💵 Gross PnL: ${c.gross:+.4f} USDT",
        f"   💵 Net PnL: ${s.money(s.result(c))} USDT",
        f"   💸 Комиссия общая: ${c.fee:.4f} USDT",
        f"   🎯 Причина закрытия: {c.reason}",
    ]


def _russian_line(p: Position, c: Close, s: Style) -> list[str]:
    return [f"✅ Позиция {s.symbol(p)} закрыта по {c.reason}, PnL = {s.money(s.result(c))} USDT"]


RUSSIAN: Final = (
    Wording("russian block", _ALL, _russian_block, calls=True),
    Wording("russian record", _ALL, _russian_block),
    Wording("russian line", frozenset({"result"}), _russian_line),
)


def _opened(p: Position, s: Style) -> list[str]:
    return [f"Opened {p.side} position {s.symbol(p)} @ {p.entry} size={plain(p.size)}{s.tail(p)}"]


def _position_opened(p: Position, s: Style) -> list[str]:
    return [f"Position opened: {s.symbol(p)} {p.side} {plain(p.size)} @ {p.entry}{s.tail(p)}"]


def _entered(p: Position, s: Style) -> list[str]:
    return [f"Entered {p.side.upper()} {s.symbol(p)} @ ${p.entry} (qty: {plain(p.size)}){s.tail(p)}"]


def _russian_open(p: Position, s: Style) -> list[str]:
    return [
        f"✅ Позиция открыта: {s.symbol(p)} {p.size:.6f}",
        f"📤 OPEN: {s.symbol(p)} side={p.side} | price={p.entry:.6f} | size={p.size:.8f} | regime=ranging",
        f"✅ Позиция {s.symbol(p)} {p.side.upper()} открыта по реальному сигналу",
    ]


OPENS: Final = (_opened, _position_opened, _entered)
RUSSIAN_OPEN: Final = _russian_open


def _recorded(p: Position, c: Close, s: Style, count: int) -> list[str]:
    del count
    return [f"Trade recorded: {s.symbol(p)} {p.side} {_label(s)}={s.money(s.result(c))}"]


def _counted(p: Position, c: Close, s: Style, count: int) -> list[str]:
    del p
    return [f"📊 TRADE RECORDED | Total: {count} | Last: {s.money(s.result(c))}"]


def _saved(p: Position, c: Close, s: Style, count: int) -> list[str]:
    del c, count
    return [f"Trade saved to ledger: {s.symbol(p)} {p.side}"]


def _russian_ack(p: Position, c: Close, s: Style, count: int) -> list[str]:
    total = f"📊 TRADE RECORDED | Total: {count} | Win Rate: 50.0% | Daily PnL: ${s.money(s.result(c))}"
    return [total, f"✅ Сделка {s.symbol(p)} записана в CSV"]


ACKS: Final = (_recorded, _counted, _saved)
RUSSIAN_ACK: Final = _russian_ack
Ack = Callable[[Position, Close, Style, int], list[str]]
Open = Callable[[Position, Style], list[str]]
