"""Made-up outcomes for tests of renderers: a realistic one, a clean one, two sessions, a hostile one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from logaudit.core.diagnosis import (
    BlindPath,
    BlindPaths,
    ChainStep,
    Condition,
    Diagnosis,
    Divergence,
    FailurePoint,
    Hypothesis,
    Impact,
    ImpactGroup,
    Likelihood,
    NextCheck,
    Prediction,
    PredictionState,
    Separation,
    StageState,
    StageView,
)
from logaudit.core.fields import PositionSide
from logaudit.core.finding import Data, Finding, Severity, fingerprint
from logaudit.core.location import Address, Location, Role, SourceKind
from logaudit.core.message import Authored, Code, Message, Text, msg
from logaudit.core.money import format_decimal
from logaudit.core.money_parts import Amount, LedgerMoney, LogMoney, MoneyParts
from logaudit.core.report import (
    ClockReport,
    CoverageReport,
    LedgerReport,
    ProfileChoice,
    Report,
    RunReport,
    Statement,
    Summary,
)
from logaudit.core.source_report import ArchiveMember, FileReport, Skipped, SourceReport
from logaudit.core.timestamp import MILLISECOND, SECOND, Stamp, us_of
from logaudit.core.trade_report import PositionReport, TradeReport
from logaudit.core.trades import MISSING_STATES, LedgerStatus, PositionStatus, TradeState
from logaudit.rules import REGISTRY

#: Everything that some sink could obey: terminal codes, bidi, markup of five formats, formulas, line breaks.
EVIL = (
    "\x1b[31mRED\x1b[0m\x9b1m \x1b]8;;http://evil.example\x07link \u202egpj.exe\u2066 | a `tick` ```fence``` "
    "<script>alert(1)</script> & \"quoted\" 'single' [red]markup[/red] [link=http://evil.example]x[/link] "
    ":bomb: \r\nsecond line\x00\x7f\u2028 ::error::x ##[group]y %0A ]]> \U000e0001 \ud800 \u200d"
)
#: What a spreadsheet would compute.
FORMULA = '=HYPERLINK("http://evil.example";"x")'

ARCHIVE = "logs/bot/main_2026-03-04.2026-03-04_06-00-00_000001.log.zip"
MEMBER = "main_2026-03-04.2026-03-04_06-00-00_000001.log"
EMITTER = "bot.trading.positions:_close_for_reason:210"
LEDGER = "logs/trades_2026-03-04.csv"


def at(text: str) -> Stamp:
    """A written time, with as many digits as it shows."""
    moment = datetime.fromisoformat(text)
    offset = moment.utcoffset()
    return Stamp(
        us_of(moment),
        MILLISECOND if "." in text else SECOND,
        None if offset is None else offset // timedelta(seconds=1),
    )


def summary(**changes: Any) -> Summary:
    """Twelve closes, five recorded, seven missing, unless changed."""
    plain = Summary(
        sources=9,
        archives=4,
        duplicates=1,
        records=48_213,
        lines=51_007,
        closes=12,
        recorded=5,
        missing=7,
        backfilled=0,
        lost=7,
        repeated=0,
        repeats=0,
        unverifiable=0,
        ledger_rows=5,
        orphan_rows=0,
        recorder_errors=0,
        states={TradeState.RECORDED: 5, TradeState.SILENT_DROP: 7},
        money=money(recorded="-3.5000", lost="14.0000"),
        first_loss=at("2026-03-04T06:15:00.125"),
        last_loss=at("2026-03-04T18:15:00.125"),
        errors=8,
        warnings=1,
        notes=1,
    )
    made = replace(plain, **changes)
    return replace(made, lost=made.missing - made.backfilled)


def money(rows: str = "", **parts: str) -> MoneyParts:
    """The net PnL of the closes in each part of the log; of the recorder's rows, as of the recorded closes."""
    log = LogMoney(**{name: Amount(Decimal(text), 1) for name, text in parts.items()})
    recorded = Amount(Decimal(rows), 1) if rows else log.recorded
    return MoneyParts(log, LedgerMoney(recorded=recorded), recorded)


def told(text: str) -> Message:
    """Words that no catalogue translates."""
    return Message("{text}", (("text", Text(text)),))


def finding(rule: str, name: str, severity: Severity, message: str, **changes: Any) -> Finding:
    """A finding without evidence, unless changed."""
    plain = Finding(rule, name, severity, told(message), (), fingerprint(rule, message), **metadata(rule))
    return replace(plain, **changes)


def metadata(code: str) -> dict[str, Any]:
    """What findings take over from their rule, nothing for a made-up rule."""
    rules = [r.rule for r in REGISTRY if r.rule.code == code]
    return {"title": rules[0].title, "told_in": rules[0].told_in} if rules else {}


def trade(hour: int, state: TradeState, **changes: Any) -> TradeReport:
    """One close at a quarter past ``hour`` that won 2, or lost 0.7 where it was recorded."""
    missing = state in MISSING_STATES
    net = Decimal("2.0000" if missing else "-0.7000")
    text = f"2026-03-04 {hour:02d}:15:00.125 | INFO | {EMITTER} - position closed: ETH-USDT LONG"
    plain = TradeReport(
        id=f"t{hour:02d}",
        session=".",
        run="run-1",
        symbol="ETH-USDT",
        side=PositionSide.LONG,
        opened=at(f"2026-03-04T{hour:02d}:02:00"),
        closed=at(f"2026-03-04T{hour:02d}:15:00.125"),
        reason="tp" if missing else "manual",
        emitter=EMITTER if missing else "bot.trading.positions:close_by_hand:95",
        state=state,
        missing=missing,
        ambiguous=False,
        entry_price=Decimal("3000.50"),
        exit_price=Decimal("3010.50"),
        size=Decimal("0.25"),
        gross_pnl=Decimal("2.5000" if missing else "-0.5000"),
        net_pnl=net,
        gross_only=False,
        ledger_net_pnl=None if missing else net,
        partial=False,
        log=Location(ARCHIVE, MEMBER, 100 + hour, Role.CLOSE, text),
        row=None if missing else Location(LEDGER, "", hour, Role.ROW, f"2026-03-04T{hour:02d}:15,ETH-USDT"),
        backfill=None,
        also=(),
    )
    return replace(plain, **changes)


def missing_row(of: TradeReport) -> Finding:
    """The LA101 finding of a missing trade."""
    data: dict[str, Data] = {
        "symbol": of.symbol,
        "side": of.side,
        "closed": of.closed.iso(),
        "reason": of.reason,
        "net_pnl": _digits(of.net_pnl),
        "emitter": of.emitter,
        "state": of.state.value,
        "entry_price": _digits(of.entry_price),
        "exit_price": _digits(of.exit_price),
        "gross_pnl": _digits(of.gross_pnl),
    }
    message = (
        f"{of.symbol} {of.side} closed {of.closed.spaced()} by {of.reason} (net PnL {of.net_pnl}): "
        f"no row in {LEDGER}, the ledger in force."
    )
    places = () if of.log is None else (of.log, Location(LEDGER, role=Role.LEDGER))
    return finding(
        "LA101",
        "missing-row",
        Severity.ERROR,
        message,
        locations=places,
        run=of.run,
        session=of.session,
        data=data,
        remedy=told("Add the rows from the logged closes before taxes or statistics are computed."),
    )


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else format_decimal(value)


def position(of: TradeReport) -> PositionReport:
    """The position that a trade closed."""
    return PositionReport(
        id=f"p-{of.id}",
        session=of.session,
        run=of.run,
        symbol=of.symbol,
        side=of.side,
        opened=of.opened,
        closed=of.closed,
        status=PositionStatus.CLOSED,
        entry_price=of.entry_price,
        exit_price=of.exit_price,
        size=of.size,
        net_pnl=of.net_pnl,
        gross_only=False,
        duration_sec=Decimal("780.125"),
        reason=of.reason,
        emitter=of.emitter,
        state=of.state,
        open_log=Location(ARCHIVE, MEMBER, 7, Role.OPEN, "position opened: ETH-USDT LONG"),
        close_log=of.log,
    )


def clock(**changes: Any) -> ClockReport:
    """A ledger's clock that two names and a run start explain, unless changed."""
    return replace(
        ClockReport(".", LEDGER, None, 0, 14_400, told("file date and run start"), None, 0), **changes
    )


def small() -> Report:
    """One run of one bot: twelve closes, seven of them dropped silently by one code path."""
    lost = [trade(hour, TradeState.SILENT_DROP) for hour in range(6, 20, 2)]
    kept = [trade(hour, TradeState.RECORDED) for hour in (7, 9, 11, 20, 22)]
    trades = tuple(sorted([*lost, *kept], key=lambda one: one.closed.us))
    return Report(
        tool_version="0.0.0",
        roots=("logs",),
        profiles=(ProfileChoice(".", "made-up", told("412 lines match its patterns, 3 those of generic")),),
        summary=summary(),
        runs=(_run(),),
        ledgers=(_ledger(),),
        clocks=(clock(subject="main", basis=told("abstained: naive times"), low=None, high=None),),
        coverage=(_coverage(),),
        healthy=(
            Statement(
                "recorder-errors-none", ".", told("No recorder error was logged."), (), ("main", "info")
            ),
            Statement(
                "debug-csv-alive",
                ".",
                told("The debug CSV was written until the end."),
                (Location("logs/debug.csv"),),
            ),
        ),
        unjudged=(Statement("exchange", ".", told("The log shows no confirmation by the exchange.")),),
        trades=trades,
        repeats=(),
        positions=tuple(position(one) for one in trades),
        findings=(
            _silent(),
            *(missing_row(one) for one in lost),
            *_about_files(),
        ),
        sources=(_source(),),
        files=(FileReport(ARCHIVE, 400_000, "ab" * 32, (ArchiveMember(MEMBER, 5_000_000, "1a2b3c4d"),)),),
        skipped=(Skipped("logs/photo.png", told("neither a log nor a ledger")),),
        diagnosis=diagnosis(),
    )


def clean() -> Report:
    """The same bot on a good day: everything is recorded."""
    whole = small()
    trades = tuple(trade(hour, TradeState.RECORDED) for hour in range(6, 18))
    return replace(
        whole,
        summary=summary(
            recorded=12,
            missing=0,
            ledger_rows=12,
            states={TradeState.RECORDED: 12},
            money=money(recorded="-8.4000", rows="-8.40"),
            first_loss=None,
            last_loss=None,
            errors=0,
            warnings=0,
            notes=0,
        ),
        runs=(
            replace(
                whole.runs[0], recorded=12, missing=0, money=LogMoney(recorded=Amount(Decimal("-8.4000"), 12))
            ),
        ),
        trades=trades,
        repeats=(),
        positions=tuple(position(one) for one in trades),
        findings=(),
        skipped=(),
        unjudged=(),
        diagnosis=Diagnosis(),
    )


def sessions() -> Report:
    """Two bots: a clean one, and one that lost seven trades."""
    bad = moved(small(), "bots/second")
    good = moved(clean(), "bots/first")
    return replace(
        bad,
        profiles=good.profiles + bad.profiles,
        summary=replace(bad.summary, closes=24, recorded=17),
        runs=good.runs + bad.runs,
        ledgers=good.ledgers + bad.ledgers,
        healthy=good.healthy + bad.healthy,
        coverage=good.coverage + bad.coverage,
    )


def moved(outcome: Report, session: str) -> Report:
    """The outcome with everything in another session."""

    def move(items: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(item, session=session) for item in items)

    return replace(
        outcome,
        profiles=move(outcome.profiles),
        runs=move(outcome.runs),
        ledgers=move(outcome.ledgers),
        clocks=move(outcome.clocks),
        coverage=move(outcome.coverage),
        healthy=move(outcome.healthy),
        unjudged=move(outcome.unjudged),
        trades=move(outcome.trades),
        positions=move(outcome.positions),
        findings=move(outcome.findings),
        sources=move(outcome.sources),
        diagnosis=replace(
            outcome.diagnosis,
            failure_points=move(outcome.diagnosis.failure_points),
            divergences=move(outcome.diagnosis.divergences),
            blind_paths=move(outcome.diagnosis.blind_paths),
            hypotheses=move(outcome.diagnosis.hypotheses),
            separations=move(outcome.diagnosis.separations),
            impacts=move(outcome.diagnosis.impacts),
            next_checks=move(outcome.diagnosis.next_checks),
        ),
    )


def hostile() -> Report:
    """The small outcome with hostile text wherever a log, a file name or a ledger could put it."""
    whole = moved(small(), EVIL)
    place = Location(EVIL, EVIL, 3, Role.LOG, EVIL)
    bad = trade(6, TradeState.FALSE_ACK, session=EVIL)
    texts = dict.fromkeys(("symbol", "reason", "emitter"), EVIL)
    bad = replace(bad, log=place, row=place, backfill=place, also=(place,), **texts)
    formula = replace(position(bad), id="p-formula", symbol=FORMULA, reason="+1+1", emitter="\t=1", run="@x")
    findings = tuple(
        replace(
            one,
            message=told(EVIL),
            locations=(place,) * 5,
            remedy=told(EVIL),
            data=dict.fromkeys(one.data, EVIL),
        )
        for one in whole.findings
    )
    return replace(
        whole,
        profiles=(ProfileChoice(EVIL, EVIL, told(EVIL)),),
        runs=(replace(whole.runs[0], ledger=EVIL),),
        ledgers=(replace(whole.ledgers[0], path=EVIL, clock=clock(basis=told(EVIL), subject=EVIL)),),
        clocks=(clock(session=EVIL, subject=EVIL, basis=told(EVIL)),),
        coverage=(replace(whole.coverage[0], stream=EVIL, encoding=(EVIL,), dialects=((EVIL, 1),)),),
        healthy=(Statement("hostile", EVIL, told(EVIL), (place,), (EVIL,)),),
        unjudged=(Statement("hostile", EVIL, told(EVIL), (place,), (EVIL,)),),
        trades=(bad,),
        positions=(position(bad), formula),
        findings=findings,
        sources=(replace(_source(), address=Address(EVIL, EVIL), stream=EVIL, copies=(Address(EVIL),)),),
        files=(FileReport(EVIL, 9, "ab" * 32, (ArchiveMember(EVIL, None, ""),)),),
        skipped=(Skipped(EVIL, told(EVIL)),),
        diagnosis=diagnosis(EVIL),
    )


def diagnosis(evil: str = "") -> Diagnosis:
    """One code path that never records; ``evil`` goes wherever a log, a profile or a file name could put it."""
    session, name = evil or ".", evil or "bot.trading.positions:_close_for_reason"
    place = Location(
        evil or ARCHIVE, evil or MEMBER, 106, Role.CLOSE, evil or "position closed: ETH-USDT LONG"
    )
    step = ChainStep(name, name, "after", 5, 5, 0, 7, 20_000, place)
    titles = {"en": evil or "the recorder is called", "ru": evil or "регистратор вызывается"}
    at = Code(evil) if evil else Text("2026-03-04 06:15:00.125")
    why = msg("The recorder says at {at} that it failed.", at=at)
    title = Message("{title}", (("title", Authored(tuple(titles.items()))),))
    stage = StageView("C", title, StageState.NOT_OBSERVED, why, (place,), (evil or "main",), evil or "log()")
    condition = msg("the code path is {value}", value=Code(name))
    found = msg(
        "{condition}: so for 7 of 7 lost trades and 0 recorded ones (12 closes in all).", condition=condition
    )
    predicts = msg("Lost trades come from code paths that record none.")
    cause = "path-never-calls-recorder"
    said = "Blind path: {condition}: 7 of 7 lost trades, no recorded one (p = 0.00126)."
    return Diagnosis(
        headline=(Message(said, (("condition", condition),)),),
        failure_points=(FailurePoint(session, evil or "run-1", "run", (stage,), "C"),),
        divergences=(Divergence(session, (), (step,), (step,)),),
        blind_paths=(
            BlindPaths(
                session,
                (
                    BlindPath(
                        session=session,
                        conditions=(Condition("path", name),),
                        condition=condition,
                        missing=7,
                        recorded=0,
                        total_missing=7,
                        precision=Decimal("1.0"),
                        recall=Decimal("1.0"),
                        p_value=Decimal("0.00126"),
                        net_pnl=Decimal("14.0000"),
                        trades=(evil or "t-06",),
                        locations=(place,),
                    ),
                ),
            ),
        ),
        hypotheses=(
            Hypothesis(
                session=session,
                id=cause,
                rank=1,
                likelihood=Likelihood.HIGH,
                title=msg("A code path that closes positions never calls the recorder"),
                clause=msg("a code path that closes positions never calls the recorder"),
                predictions=(Prediction(predicts, found, PredictionState.CONFIRMED, (place,)),),
                check=msg(
                    "Read the code where {condition}: does it call the recorder with the trade's result?",
                    condition=condition,
                ),
                log_statement=evil or "log()",
            ),
        ),
        separations=(
            Separation(
                session,
                cause,
                "called-without-result",
                msg(
                    "Add the log statement of stage C ({title}) and wait for the next lost trade. If the line "
                    "appears for it: the recorder's caller has no trade result (None or malformed) and skips the "
                    "call. If it does not: a code path that closes positions never calls the recorder.",
                    title=Authored(tuple(titles.items())),
                ),
                evil or "log()",
            ),
        ),
        impacts=(_impact(session, name),),
        next_checks=(
            NextCheck(
                session,
                msg("Look on the bot's machine for the ledger of that day, and scan again with it."),
                evil or "ls",
                evil or "log()",
            ),
        ),
    )


def _impact(session: str, path: str) -> Impact:
    log, ledger = Decimal("10.5000"), Decimal("-3.50")
    return Impact(
        session=session,
        closes=12,
        missing=7,
        rows=5,
        log_net_pnl=log,
        ledger_net_pnl=ledger,
        unrecorded_net_pnl=Decimal("14.0000"),
        win_rate_log=Decimal("0.5833"),
        win_rate_ledger=Decimal("0.0"),
        average_log=Decimal("0.875"),
        average_ledger=Decimal("-0.7"),
        first_loss=at("2026-03-04T06:15:00.125"),
        last_loss=at("2026-03-04T18:15:00.125"),
        covered=Decimal("1.0"),
        groups=(ImpactGroup("path", path, 7, 7, Decimal("14.0000"), Decimal("14.0000")),),
        cumulative=((at("2026-03-04T06:15:00.125"), log, ledger),),
    )


def _run() -> RunReport:
    return RunReport(
        id="run-1",
        session=".",
        start=at("2026-03-04T05:58:10"),
        started=True,
        end=at("2026-03-04T23:10:44.310"),
        ledger=LEDGER,
        ready=True,
        closes=12,
        recorded=5,
        missing=7,
        backfilled=0,
        money=money(recorded="-3.5000", lost="14.0000").log,
    )


def _ledger() -> LedgerReport:
    return LedgerReport(
        path=LEDGER,
        session=".",
        copies=("backup/trades_2026-03-04.csv",),
        rows=5,
        malformed=0,
        status=LedgerStatus.OK,
        file_date=date(2026, 3, 4),
        first=at("2026-03-04T07:15:00"),
        last=at("2026-03-04T22:15:00"),
        bytes=612,
        newline="CRLF",
        clock=clock(),
    )


def _coverage() -> CoverageReport:
    return CoverageReport(
        session=".",
        stream="main",
        sources=5,
        records=48_213,
        intervals=((at("2026-03-04T05:58:10"), at("2026-03-04T23:10:44.310")),),
        encoding=("utf-8",),
        dialects=(("pipe", 48_213),),
        levels=(("DEBUG", 40_000), ("INFO", 8_213)),
    )


def _source() -> SourceReport:
    return SourceReport(
        address=Address(ARCHIVE, MEMBER),
        session=".",
        kind=SourceKind.LOG,
        stream="main",
        sha256="ab" * 32,
        bytes=5_000_000,
        records=48_213,
        first=at("2026-03-04T05:58:10"),
        last=at("2026-03-04T23:10:44.310"),
        copies=(),
    )


def _silent() -> Finding:
    return finding(
        "LA102",
        "silent-recorder",
        Severity.ERROR,
        "7 of 12 closes of this run have no ledger row, and the recorder logged no error. All seven were "
        "closed by one code path; the five recorded ones by another.",
        locations=tuple(
            Location(
                ARCHIVE, MEMBER, 100 + hour, Role.CLOSE, f"2026-03-04 {hour:02d}:15:00.125 | INFO | closed"
            )
            for hour in (6, 8, 10, 12, 14, 16, 18)
        ),
        run="run-1",
        remedy=told("Check whether this code path calls the recorder."),
    )


def _about_files() -> tuple[Finding, Finding]:
    shifted = finding(
        "LA301",
        "timezone-shifted-ledger",
        Severity.WARNING,
        "The file is named for another day than its rows: any offset from +02:19 to +04:00 explains it.",
        locations=(
            Location(LEDGER, role=Role.LEDGER),
            Location(LEDGER, "", 2, Role.ROW, "2026-03-05T00:10:00,ETH"),
        ),
    )
    rotated = finding(
        "LA403",
        "over-rotation",
        Severity.NOTE,
        "111 archives of main, one about every 12 min: rotate by size or by day instead.",
        locations=(Location(ARCHIVE), Location(ARCHIVE)),
    )
    return shifted, rotated
