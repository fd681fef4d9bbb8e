"""The small world of a bot that logs in English; see `world`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from world import Deal, World, later


class English(World):
    """A bot in English, read by profile ``generic``: one line a close, one ledger for all days."""

    profile = "generic"
    header = "timestamp,symbol,side,entry_price,exit_price,size,pnl,reason"
    layout = "{at} | {level:<8} | {by} - {message}"

    def __init__(self, root: Path, *, log: str = "bot.log", ledger: str = "trades.csv", **more: Any) -> None:
        super().__init__(root, log=log, ledger=ledger, **more)

    def boot(self, at: str) -> None:
        """A process starts."""
        self.say(at, "Bot started", by="trader.main:run:20")
        self.say(later(at, 0.01), "Trade recorder ready", by="trader.journal:setup:31")

    def open(self, deal: Deal) -> None:
        """The open."""
        words = f"Opened {deal.side} position {deal.symbol} @ {deal.entry} size={deal.size}"
        self.say(later(deal.opened, 0), words, by="trader.entries:open_position:92")

    def close(self, deal: Deal, *, by: str = "trader.exits:close_position:88") -> None:
        """The close."""
        figures = f"@ {deal.exit} size={deal.size} pnl={deal.net:+} reason={deal.reason}"
        self.say(deal.at, f"Closed {deal.side} position {deal.symbol} {figures}", by=by)

    def acknowledge(self, deal: Deal, total: int | None = None) -> None:
        """The recorder says that it wrote the trade."""
        self.total = self.total + 1 if total is None else total
        words = f"Trade recorded: {deal.symbol} {deal.side} pnl={deal.net:+} total={self.total}"
        self.say(later(deal.at, 0.02), words, by="trader.journal:record:63")

    def cells(self, deal: Deal) -> dict[str, str]:
        """What the recorder writes of a deal, by column."""
        return {
            "timestamp": deal.at.isoformat(" ", "milliseconds"),
            "symbol": deal.symbol,
            "side": deal.side,
            "entry_price": deal.entry,
            "exit_price": deal.exit,
            "size": deal.size,
            "pnl": str(deal.net),
            "reason": deal.reason,
        }
