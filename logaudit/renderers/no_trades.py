"""What is listed and is no trade: announcements that repeat a close, and lines of ledgers that were set aside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from logaudit.core.message import Code, Listed, Message, label, msg, plural
from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.core.trade_report import RepeatReport
from logaudit.core.trades import AsideReason
from logaudit.renderers.terminal import Sheet

TITLE: Final = label("section", "Repeats and lines set aside")
#: Repeats listed one by one unless all are asked for.
_SHOWN: Final = 5
_LINES: Final[Mapping[AsideReason, Callable[[int], Message]]] = {
    AsideReason.OPEN: lambda n: plural("{n} open position", "{n} open positions", n),
    AsideReason.TOTAL: lambda n: plural("{n} total", "{n} totals", n),
    AsideReason.COMMENT: lambda n: plural("{n} remark", "{n} remarks", n),
    AsideReason.PAYMENT: lambda n: plural("{n} payment", "{n} payments", n),
    AsideReason.NO_TRADE: lambda n: plural("{n} line without a trade", "{n} lines without a trade", n),
}


def repeats_of(count: int) -> Message:
    """How many announcements are no closes of their own."""
    return plural(
        "{n} announcement repeats a close that was told before: it is no trade and in no sum.",
        "{n} announcements repeat closes that were told before: they are no trades and in no sum.",
        count,
    )


def set_aside(report: Report, session: str | None = None) -> Iterator[Message]:
    """The lines of each ledger that are no closed trades, of one session or of all."""
    for ledger in report.ledgers:
        if ledger.set_aside and session in (None, ledger.session):
            lines = tuple(_LINES[reason](count) for reason, count in ledger.set_aside.items())
            yield msg(
                "{ledger} holds {lines} besides closed trades.", ledger=Code(ledger.path), lines=Listed(lines)
            )


def write_no_trades(sheet: Sheet, report: Report, *, verbose: bool) -> None:
    """One block, where there is any."""
    aside = list(set_aside(report))
    if not (report.repeats or aside):
        return
    sheet.heading(str(TITLE))
    if report.repeats:
        sheet.paragraph(str(repeats_of(len(report.repeats))), indent=2)
    shown = report.repeats if verbose else report.repeats[:_SHOWN]
    for repeat in shown:
        sheet.paragraph(_line(repeat), (f"  [{repeat.log.cite()}]", "dim"), indent=4, lead=["• "])
    if len(shown) < len(report.repeats):
        sheet.line((f"… and {len(report.repeats) - len(shown):,} more", "dim"), indent=4)
    for line in aside:
        sheet.paragraph(str(line), indent=2)


def _line(repeat: RepeatReport) -> str:
    what = " ".join(filter(None, (repeat.symbol, repeat.side)))
    return printable(f"{repeat.at.spaced()} {what} repeats {repeat.trade}")
