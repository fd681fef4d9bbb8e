"""The difference between two scans on a terminal sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from logaudit.core.diff import ScanDiff, ScanSide, TradeFate
from logaudit.core.finding import Severity
from logaudit.core.money import format_signed
from logaudit.core.policy_result import KnownFinding
from logaudit.core.text import plural
from logaudit.renderers.findings_text import STYLES
from logaudit.renderers.terminal import Column, Part, Sheet
from logaudit.renderers.wording import format_time

_SHOWN: Final = 20
_COLUMNS: Final = (
    Column("closed", shrink=19),
    Column("symbol", shrink=8),
    Column("side", shrink=5),
    Column("PnL", right=True),
    Column("before", shrink=8),
    Column("after", shrink=8),
)
_SIDES: Final = (
    Column("", shrink=6),
    Column("closes", right=True),
    Column("recorded", right=True),
    Column("missing", right=True),
    Column("unrecorded PnL", right=True),
    Column("scan", shrink=20, tail=True),
)


def render(comparison: ScanDiff, *, color: bool, width: int, unicode: bool, verbose: bool = False) -> str:
    """The verdict, what is new, what is gone, the fates of lost trades; arguments as for a scan's report."""
    sheet = Sheet(width=width, color=color, unicode=unicode)
    limit = None if verbose else _SHOWN
    sheet.paragraph((_verdict(comparison), "bold"))
    sheet.blank()
    sheet.table(
        _SIDES,
        [_row("before", comparison.before), _row("after", comparison.after)],
        indent=2,
    )
    _findings(sheet, "New", comparison.new, limit)
    _findings(sheet, "Gone", comparison.gone, limit)
    if comparison.unchanged:
        sheet.heading("Unchanged", plural(len(comparison.unchanged), "finding"))
        if verbose:
            _lines(sheet, comparison.unchanged, None)
    _trades(sheet, "Trades newly missing", comparison.lost, limit)
    _trades(sheet, "Trades recorded after all", comparison.mended, limit)
    _trades(sheet, "Trades restored by another writer", comparison.restored, limit)
    _trades(sheet, "Trades still missing", comparison.still, limit)
    return sheet.render()


def _verdict(comparison: ScanDiff) -> str:
    before, after = comparison.before, comparison.after
    counts = (
        f"{plural(len(comparison.new), 'new finding')}, {len(comparison.gone):,} gone, "
        f"{len(comparison.unchanged):,} unchanged."
    )
    told = f"After: {after.recorded:,} of {plural(after.closes, 'close')} recorded"
    return f"{told} (before: {before.recorded:,} of {before.closes:,}). {counts}{_fates(comparison)}"


def _fates(comparison: ScanDiff) -> str:
    lost_before = [*comparison.mended, *comparison.restored, *comparison.still]
    if not lost_before:
        return ""
    parts = [
        (len(comparison.mended), "recorded now"),
        (len(comparison.restored), "restored by another writer"),
        (len(comparison.still), "still missing"),
        (len(comparison.unseen), "not in the later logs"),
    ]
    total = len(lost_before) + len(comparison.unseen)
    listed = ", ".join(f"{count:,} {what}" for count, what in parts if count)
    return f" Of {plural(total, 'trade')} missing before: {listed}."


def _row(name: str, side: ScanSide) -> list[str]:
    return [
        name,
        f"{side.closes:,}",
        f"{side.recorded:,}",
        f"{side.missing:,}",
        "unknown" if side.unrecorded_net_pnl is None else format_signed(side.unrecorded_net_pnl),
        side.label,
    ]


def _findings(sheet: Sheet, title: str, findings: Sequence[KnownFinding], limit: int | None) -> None:
    if findings:
        sheet.heading(title, plural(len(findings), "finding"))
        _lines(sheet, findings, limit)


def _lines(sheet: Sheet, findings: Sequence[KnownFinding], limit: int | None) -> None:
    ordered = sorted(findings, key=lambda known: known.severity.rank)
    for known in ordered[:limit]:
        severity: Severity = known.severity
        lead: list[Part] = [(severity.value, STYLES[severity]), " ", (known.rule, "bold"), f" {known.name}  "]
        sheet.paragraph(known.message, indent=2, lead=lead)
    _rest(sheet, len(ordered) - len(ordered[:limit]))


def _trades(sheet: Sheet, title: str, fates: Sequence[TradeFate], limit: int | None) -> None:
    if not fates:
        return
    sheet.heading(title, plural(len(fates), "trade"))
    rows = [
        [format_time(f.closed), f.symbol, f.side, f.net_pnl, f.before or "not there", f.after or "not there"]
        for f in fates[:limit]
    ]
    sheet.table(_COLUMNS, rows, indent=2)
    _rest(sheet, len(fates) - len(rows))


def _rest(sheet: Sheet, rest: int) -> None:
    if rest > 0:
        sheet.line((f"… and {rest:,} more", "dim"), indent=2)
