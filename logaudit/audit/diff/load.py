"""A scan to compare: from a scan's JSON file, or from a report just made."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from logaudit.core.bounded_read import MADE, read_bounded
from logaudit.core.diff import ScanSide
from logaudit.core.errors import UserError
from logaudit.core.money import format_decimal, parse_printed, total
from logaudit.core.policy_result import KnownFinding
from logaudit.core.report import Report
from logaudit.core.trades import MISSING_STATES, TradeState, symbol_key
from logaudit.core.verdict import Verdict, verdict_of

#: Version 1 was never released, but files of it were kept.
_VERSIONS: Final = (1, 2)
#: What is said about settings says nothing about the bot.
_ABOUT_SETTINGS: Final = "LA9"


class TradeMark(Struct, frozen=True):
    """One trade, as far as comparing needs it; ``key`` is equal for the same trade in two scans."""

    key: tuple[str, str, str, str]
    symbol: str
    side: str
    closed: str
    net_pnl: str
    state: str

    @property
    def missing(self) -> bool:
        """Whether it is a close without a row from the recorder."""
        return self.state in MISSING_STATES


class Scan(Struct, frozen=True):
    """One scan to compare; ``judged`` is false where it verified nothing."""

    side: ScanSide
    findings: tuple[KnownFinding, ...]
    trades: tuple[TradeMark, ...]
    judged: bool = True


class _Tool(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote the file."""

    version: str


class _Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Totals; the file holds more."""

    closes: int
    recorded: int
    missing: int
    backfilled: int
    unverifiable: int
    unrecorded_net_pnl: str | None


class _Trade(msgspec.Struct, frozen=True, kw_only=True):
    """A trade; the file holds more."""

    id: str
    symbol: str
    state: TradeState
    side: str | None = None
    closed: str | None = None
    net_pnl: str | None = None


class _Review(msgspec.Struct, frozen=True, kw_only=True):
    """What settings set apart: what a baseline knows is there all the same."""

    baselined: tuple[KnownFinding, ...] = ()


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """A scan's JSON; what stands here is the same in both versions."""

    schema_version: int
    tool: _Tool
    summary: _Summary
    findings: tuple[KnownFinding, ...]
    trades: tuple[_Trade, ...]
    review: _Review = _Review()
    verdict: str = ""


def is_saved(path: str) -> bool:
    """Whether a path is to be read as a scan's JSON file, rather than scanned."""
    return path.lower().endswith(".json") and Path(path).is_file()


def saved(path: str) -> Scan:
    """A scan from its JSON file.

    Raises:
        UserError: it cannot be read, or is no scan of a known version.
    """
    remedy = "Write it with `logaudit scan PATHS --output json=FILE`."
    try:
        tree = json.loads(read_bounded(Path(path), MADE))
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError):
        raise UserError(f"{path} is not JSON.", remedy) from None
    if not isinstance(tree, dict) or "schema_version" not in tree:
        raise UserError(f"{path} is not a scan.", remedy)
    if tree["schema_version"] not in _VERSIONS:
        known = " and ".join(map(str, _VERSIONS))
        raise UserError(
            f"{path} is of version {tree['schema_version']}; this logaudit reads {known}.", remedy
        )
    try:
        file = msgspec.convert(tree, _File)
    except msgspec.ValidationError as error:
        raise UserError(f"{path}: {error}.", remedy) from None
    return Scan(
        side=ScanSide(
            label=path,
            tool_version=file.tool.version,
            closes=file.summary.closes,
            recorded=file.summary.recorded,
            missing=file.summary.missing,
            backfilled=file.summary.backfilled,
            unverifiable=file.summary.unverifiable,
            unrecorded_net_pnl=_unrecorded(file),
        ),
        findings=_of_evidence((*file.findings, *file.review.baselined)),
        trades=tuple(
            _mark(t.id, t.symbol, t.side or "", t.closed or "", t.net_pnl or "", t.state) for t in file.trades
        ),
        judged=file.verdict != Verdict.NOT_JUDGED,
    )


def _unrecorded(file: _File) -> Decimal | None:
    """Net PnL of the lost closes, None where not all is known; version 1 counts the restored ones too."""
    if file.schema_version != 1:
        return parse_printed(file.summary.unrecorded_net_pnl or "")
    lost = MISSING_STATES - {TradeState.BACKFILLED}
    known = [parse_printed(t.net_pnl or "") for t in file.trades if t.state in lost]
    return None if None in known else total(net for net in known if net is not None)


def of_report(report: Report, label: str) -> Scan:
    """A scan from a report; what a baseline knows counts, what is suppressed does not."""
    summary = report.summary
    return Scan(
        side=ScanSide(
            label=label,
            tool_version=report.tool_version,
            closes=summary.closes,
            recorded=summary.recorded,
            missing=summary.missing,
            backfilled=summary.backfilled,
            unverifiable=summary.unverifiable,
            unrecorded_net_pnl=summary.unrecorded_net_pnl,
        ),
        findings=_of_evidence(map(KnownFinding.of, (*report.findings, *report.review.baselined))),
        trades=tuple(
            _mark(
                t.id,
                t.symbol,
                t.side or "",
                t.closed.iso(),
                "" if t.net_pnl is None else format_decimal(t.net_pnl),
                t.state,
            )
            for t in report.trades
        ),
        judged=verdict_of(report) is not Verdict.NOT_JUDGED,
    )


def _of_evidence(findings: Iterable[KnownFinding]) -> tuple[KnownFinding, ...]:
    """Without the findings about settings."""
    return tuple(known for known in findings if not known.rule.startswith(_ABOUT_SETTINGS))


def _mark(trade_id: str, symbol: str, side: str, closed: str, net_pnl: str, state: TradeState) -> TradeMark:
    """The key takes the time to the second: one sink prints more digits than another."""
    second = closed.partition(".")[0]
    key = (symbol_key(symbol), side, second, trade_id.partition("#")[2])
    return TradeMark(key, symbol, side, closed, net_pnl, state.value)
