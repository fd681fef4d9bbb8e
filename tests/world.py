"""Small made-up worlds for rule tests: a bot, its log and its ledger, written to a folder and judged.

A test tells what happened (`World.kept`, `World.lost`, `World.say`), asks for a rule's findings and compares
them with places it finds itself in the files (`World.spot`).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from logaudit.audit.build_report import build_report
from logaudit.audit.pipeline import ScanOptions, read_case
from logaudit.core.finding import Finding
from logaudit.core.limits import DEFAULT_LIMITS
from logaudit.core.report import Report

DAY = "2026-01-10"
LOG = f"futures_main_{DAY}.log"
LEDGER = f"trades_{DAY}.csv"
HEADER = (
    "timestamp,symbol,side,entry_price,exit_price,size,gross_pnl,commission,net_pnl,duration_sec,reason,"
    "win_rate"
)
MANUAL = "futures.position_manager:close_position_manually:2567"
BY_REASON = "futures.position_manager:_close_position_by_reason:2132"
RECORDER = "spot.performance_tracker:record_trade:109"
_STAMP = len("2026-01-10 10:00:00.123")


class Deal(Struct, frozen=True):
    """One trade, with arithmetic that agrees with itself.

    Attributes:
        closed: ``HH:MM:SS`` with any fraction on `DAY`, or a full ``YYYY-MM-DD HH:MM:SS``.
        held: seconds from open to close.
    """

    closed: str
    symbol: str = "BTC-USDT"
    side: str = "short"
    entry: str = "90000.0"
    exit: str = "89000.0"
    size: str = "0.00200000"
    fee: str = "0.1000"
    held: int = 600
    reason: str = "tp"

    @property
    def at(self) -> datetime:
        """When it was closed."""
        return moment(self.closed)

    @property
    def opened(self) -> datetime:
        """When it was opened."""
        return self.at - timedelta(seconds=self.held)

    @property
    def gross(self) -> Decimal:
        """Before the fee, four decimals."""
        moved = Decimal(self.exit) - Decimal(self.entry)
        return (moved * Decimal(self.size) * (1 if self.side == "long" else -1)).quantize(Decimal("0.0001"))

    @property
    def net(self) -> Decimal:
        """After the fee."""
        return self.gross - Decimal(self.fee)


def moment(text: str) -> datetime:
    """A time of `DAY`, or a full one."""
    return datetime.fromisoformat(text if len(text) > len("10:00:00.123456") else f"{DAY} {text}")


def later(at: datetime | str, seconds: float) -> str:
    """A full time so many seconds later, as `Deal.closed` and `World.say` take it."""
    start = moment(at) if isinstance(at, str) else at
    return (start + timedelta(seconds=seconds)).isoformat(" ", "microseconds")


class Spot(Struct, frozen=True):
    """A place in a file, with the line that stands there."""

    path: str
    line: int
    text: str
    member: str = ""


def primary(finding: Finding) -> Spot:
    """Where a finding points first."""
    where = finding.locations[0]
    return Spot(where.path, where.line, where.text, where.member)


class World:
    """The Russian scalper of profile ``okx-scalper``: block closes, one counter line for each record.

    Attributes:
        lines: what the log ``log`` will hold, in order of their times; `write` makes further files.
        rows: what the ledger ``ledger`` will hold under ``header``; no file without a name.
    """

    profile = "okx-scalper"
    limits = DEFAULT_LIMITS
    header = HEADER
    layout = "{at} | {level:<8} | {by} | {message}"

    def __init__(
        self,
        root: Path,
        *,
        log: str = LOG,
        ledger: str = LEDGER,
        start: str = "10:00:00",
        end: str = "12:00:00",
        boot: bool = True,
        beat: int = 60,
    ) -> None:
        self.root = root
        self.log = log
        self.ledger = ledger
        self.lines: list[str] = []
        self.rows: list[str] = []
        self.total = 0
        self._outcome: Report | None = None
        if boot:
            self.boot(start)
        at = moment(start)
        while at <= moment(end):
            self.say(at, "Heartbeat ok", by="bot.loop:beat:24", level="DEBUG")
            at += timedelta(seconds=beat)

    # What the bot does.

    def boot(self, at: str) -> None:
        """A process starts, and its recorder opens its file."""
        self.say(at, "🚀 Запуск Futures торгового бота...", by="__main__:main:31")
        if self.ledger:
            self.say(later(at, 0.01), f"📊 Created new trades CSV: logs/{self.ledger}", by=RECORDER)
        self.say(later(at, 0.02), "✅ PerformanceTracker initialized", by=RECORDER)

    def kept(self, *deals: Deal, by: str = MANUAL) -> None:
        """Opened, closed, acknowledged, written."""
        for deal in deals:
            self.lost(deal, by=by)
            self.acknowledge(deal)
            self.rows.append(self.row(deal))

    def lost(self, *deals: Deal, by: str = BY_REASON) -> None:
        """Opened and closed; the recorder is never called."""
        for deal in deals:
            self.open(deal)
            self.close(deal, by=by)

    def open(self, deal: Deal) -> None:
        """The open, with its price and size."""
        what = f"side={deal.side} | price={deal.entry} | size={deal.size} | regime=ranging"
        self.say(deal.opened, f"📤 OPEN: {deal.symbol} {what}", by="futures.debug_logger:_log:158")
        seen = f"✅ Позиция {deal.symbol} {deal.side.upper()} открыта по реальному сигналу"
        self.say(later(deal.opened, 0.002), seen, by="futures.signals:check:858")

    def close(self, deal: Deal, *, by: str = MANUAL) -> None:
        """The close block."""
        parts = (
            f"💰 ПОЗИЦИЯ ЗАКРЫТА: {deal.symbol} {deal.side.upper()}",
            f"   📊 Entry price: ${deal.entry}",
            f"   📊 Exit price: ${deal.exit}",
            f"   📦 Size: {deal.size} монет",
            f"   ⏱️  Длительность удержания: {deal.held} сек ({deal.held / 60:.2f} мин)",
            f"   💵 Gross PnL: ${deal.gross:+} USDT",
            f"   💵 Net PnL: ${deal.net:+} USDT",
            f"   💸 Комиссия общая: ${deal.fee} USDT",
            f"   🎯 Причина закрытия: {deal.reason}",
        )
        for i, part in enumerate(parts):
            self.say(later(deal.at, i / 1000), part, by=by)

    def acknowledge(self, deal: Deal, total: int | None = None) -> None:
        """The recorder says that it wrote the trade; its total counts on unless given."""
        self.total = self.total + 1 if total is None else total
        words = f"📊 TRADE RECORDED | Total: {self.total} | Win Rate: 50.0% | Daily PnL: $1.00"
        self.say(later(deal.at, 0.02), words, by=RECORDER)

    def say(
        self, at: datetime | str, message: str, *, by: str = "bot.loop:run:1", level: str = "INFO"
    ) -> str:
        """One record."""
        self.lines.append(self.layout.format(at=later(at, 0)[:_STAMP], level=level, by=by, message=message))
        return self.lines[-1]

    def row(self, deal: Deal, **changed: str) -> str:
        """The recorder's row for a deal; ``changed`` replaces cells by column name."""
        cells = self.cells(deal)
        assert changed.keys() <= cells.keys()
        return ",".join({**cells, **changed}.values())

    def cells(self, deal: Deal) -> dict[str, str]:
        """What the recorder writes of a deal, by column."""
        return {
            "timestamp": deal.at.isoformat("T", "microseconds"),
            "symbol": deal.symbol,
            "side": deal.side,
            "entry_price": deal.entry,
            "exit_price": deal.exit,
            "size": deal.size,
            "gross_pnl": str(deal.gross),
            "commission": deal.fee,
            "net_pnl": str(deal.net),
            "duration_sec": f"{deal.held}.000000",
            "reason": deal.reason,
            "win_rate": "50.00",
        }

    # What lies in the folder.

    def write(self, name: str, lines: Iterable[str], newline: str = "\n") -> None:
        """A file of its own."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}{newline}" for line in lines), encoding="utf-8", newline="")

    def zip(self, name: str, lines: Iterable[str], member: str = "") -> None:
        """An archive with one member, named like the archive unless said otherwise."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            inside = member or path.name.removesuffix(".zip")
            archive.writestr(zipfile.ZipInfo(inside), "".join(f"{line}\n" for line in lines))

    def save(self) -> None:
        """Writes log and ledger."""
        if self.log:
            self.write(self.log, ordered(self.lines))
        if self.ledger:
            self.write(self.ledger, [self.header, *self.rows], newline="\r\n")

    # What logaudit says about it.

    def scan(self) -> Report:
        """The outcome; files are written and read once."""
        if self._outcome is None:
            self.save()
            options = ScanOptions(profile=self.profile, jobs=1, limits=self.limits)
            self._outcome = build_report(read_case([self.root], options))
        return self._outcome

    def found(self, code: str) -> list[Finding]:
        """All findings of a rule."""
        return [f for f in self.scan().findings if f.rule == code]

    def one(self, code: str) -> Finding:
        """A rule's only finding."""
        (finding,) = self.found(code)
        return finding

    def codes(self) -> set[str]:
        """The rules that found anything."""
        return {f.rule for f in self.scan().findings}

    def spot(self, text: str, nth: int = 1) -> Spot:
        """Where ``text`` stands for the ``nth`` time, searched in all text files of the folder."""
        self.scan()
        spots = [
            Spot(path.relative_to(self.root).as_posix(), number, line)
            for path in sorted(self.root.rglob("*"))
            if path.suffix in (".log", ".csv")
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if text in line
        ]
        return spots[nth - 1]


def ordered(lines: Sequence[str]) -> list[str]:
    """Log lines by their times, those of one moment as they were said."""
    return sorted(lines, key=lambda line: line[:_STAMP])
