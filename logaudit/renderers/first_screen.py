"""What an operator needs first: what was lost, how much in parts, since when, why in plain words, what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from logaudit.core.diagnosis import Hypothesis, Likelihood
from logaudit.core.location import Location, Role
from logaudit.core.message import (
    Code,
    Joiner,
    Listed,
    Message,
    label,
    msg,
    place,
    plural,
    plural_in,
    sentences,
)
from logaudit.core.money_parts import Amount
from logaudit.core.pnl_words import pnl_label
from logaudit.core.report import Report
from logaudit.core.trades import TradeState
from logaudit.renderers.headline import Heading, Headline, headline
from logaudit.renderers.wording import amount

#: Facts of the headline that stand below: they name states, stages and statistics.
_BELOW: Final = frozenset({"how", "why", "logs"})
_MOST: Final = 2
_PARTS: Final = {
    "recorded": label("money", "recorded"),
    "lost": label("money", "lost"),
    "restored": label("money", "restored"),
    "unverifiable": label("money", "not verifiable"),
}


def first_screen(report: Report) -> Headline:
    """The first block of the text report."""
    head = headline(report)
    if not report.summary.missing:
        return _with_parts(head, report)
    kept = [fact for fact in head.facts if fact[0] not in _BELOW | {"money"}]
    since = [fact for fact in kept if fact[0] == "since"]
    money = [("money", told) for told in (_lost(report), _parts(report)) if told is not None]
    why = [("why", sentences(*told))] if (told := [*_why(report)]) else []
    rest = [fact for fact in kept if fact not in since]
    return Headline(head.heading, head.sentence, (*money, *since, *why, *rest))


def _with_parts(head: Headline, report: Report) -> Headline:
    """The money of what is not verifiable beside both sums, which differ by it."""
    parts = _parts(report)
    facts = list(head.facts)
    sums = [number for number, (name, _) in enumerate(facts) if name == "money"]
    if parts is not None and sums and report.summary.money.log.closes.value is not None:
        facts.insert(sums[-1] + 1, ("money", parts))
    return Headline(head.heading, head.sentence, tuple(facts))


def details(report: Report) -> tuple[tuple[str, Message], ...]:
    """What stands below: states, failure points, blind paths and hypotheses, in their own terms."""
    if not report.summary.missing:
        return ()
    return tuple(fact for fact in headline(report).facts if fact[0] in _BELOW)


def _lost(report: Report) -> Message:
    """The money of what is lost, else of what was restored."""
    money = report.summary.money.log
    if report.summary.lost:
        return msg("{amount} {pnl} was never recorded.", amount=amount(money.lost), pnl=pnl_label(money.lost))
    return msg(
        "{amount} {pnl} was restored later.", amount=amount(money.restored), pnl=pnl_label(money.restored)
    )


def _parts(report: Report) -> Message | None:
    """The log's money, and the parts that it is the sum of; None where it has one part."""
    log, summary = report.summary.money.log, report.summary
    counts = {
        "recorded": summary.recorded,
        "lost": summary.lost,
        "restored": summary.backfilled,
        "unverifiable": summary.closes - summary.recorded - summary.missing,
    }
    shown: list[tuple[str, Amount]] = [(name, getattr(log, name)) for name, count in counts.items() if count]
    if len(shown) < 2:  # noqa: PLR2004 - of one part there is no sum
        return None
    parts = tuple(
        Message("{amount} {part}", (("amount", amount(value)), ("part", _PARTS[name])))
        for name, value in shown
    )
    return msg("Of {total} in the log: {parts}.", total=amount(log.closes), parts=Listed(parts))


def _losing_calls(report: Report) -> Iterator[Location]:
    """The places in the source to which findings lay lost closes."""
    for finding in report.findings:
        places = [place for place in finding.locations if place.role is Role.CODE]
        sites = finding.data.get("sites")
        if finding.data.get("missing") and isinstance(sites, list):
            yield from places[: len(sites)]


def _why(report: Report) -> Iterator[Message]:
    blind = list(_losing_calls(report)) or [s.place for code in report.code.values() for s in code.blind]
    if blind:
        yield plural(
            "In the source, {places} closes a position and does not record it.",
            "In the source, {places} close positions and do not record them.",
            len(blind[:_MOST]),
            places=Listed(tuple(place(one) for one in blind[:_MOST]), Joiner.AND),
        )
    elif (where := _where(report)) is not None:
        yield where
    yield from _said(report)
    if not blind and (cause := _cause(report.diagnosis.hypotheses)) is not None:
        yield cause


def _where(report: Report) -> Message | None:
    """Which code closed the missing trades, and what became of its other closes."""
    paths, recorded = Counter[str](), Counter[str]()
    for trade in report.trades:
        if trade.missing:
            paths[_path(trade.emitter)] += 1
        if trade.log is not None and trade.row is not None:
            recorded[_path(trade.emitter)] += 1
    if "" in paths or not paths:
        return None
    if len(paths) > 1:
        most = paths.most_common(_MOST)
        told = [Message("{where} ({n})", (("where", _function(path)), ("n", count))) for path, count in most]
        if len(paths) > _MOST:
            told.append(msg("{n} more", n=len(paths) - _MOST))
        return msg("The missing trades were closed by {functions}.", functions=Listed(tuple(told)))
    ((path, count),) = paths.items()
    own = recorded[path]
    closed = plural(
        "The missing trade was closed by {where}.",
        "The {n} missing trades were closed by {where}.",
        count,
        where=_function(path),
    )
    if own:
        also = plural(
            "It also closed {n} trade that is recorded.", "It also closed {n} trades that are recorded.", own
        )
        return sentences(closed, also)
    if not recorded:
        return closed
    others = plural_in(
        "recorded",
        "None of its closes is recorded; {n} close by other code is.",
        "None of its closes is recorded; {n} closes by other code are.",
        recorded.total(),
    )
    return sentences(closed, others)


def _path(emitter: str) -> str:
    """``module:function`` of ``module:function:line``."""
    return emitter.rpartition(":")[0] if emitter.rpartition(":")[2].isdecimal() else emitter


def _function(path: str) -> Message:
    """``close() in bot/trading/positions.py`` for ``bot.trading.positions:close``."""
    module, _, function = path.partition(":")
    file = module if "/" in module or module.endswith(".py") else f"{module.replace('.', '/')}.py"
    if not function.isidentifier():
        return Message("{path}", (("path", Code(path)),))
    return msg("{function} in {file}", function=Code(f"{function}()"), file=Code(file))


def _said(report: Report) -> Iterator[Message]:
    """What the recorder logged of the missing trades."""
    states = report.summary.states
    silent, acked, failed = (
        states.get(state, 0)
        for state in (TradeState.SILENT_DROP, TradeState.FALSE_ACK, TradeState.FAILED_WRITE)
    )
    if silent and not acked and not failed:
        yield plural(
            "The recorder logged neither the trade nor an error.",
            "The recorder logged neither the trades nor an error.",
            silent,
        )
    if acked:
        yield plural(
            "The recorder said that it wrote {n} of them.",
            "The recorder said that it wrote {n} of them.",
            acked,
        )
    if failed:
        yield plural(
            "The recorder logged an error for {n} of them.",
            "The recorder logged an error for {n} of them.",
            failed,
        )


def _cause(hypotheses: Sequence[Hypothesis]) -> Message | None:
    """The leading explanation, where all sessions have one and the same."""
    leading = {one.id: one for one in hypotheses if one.rank == 1}
    if len(leading) != 1:
        return None
    (first,) = leading.values()
    if first.likelihood is Likelihood.HIGH:
        return msg("Most likely {cause}.", cause=first.clause)
    return msg("The logs do not settle the cause.")


def next_steps(report: Report, heading: Heading, paths: str) -> Sequence[tuple[str, Message]]:
    """Two commands at most, each with what it does; ``paths`` is what was scanned, as a shell reads it."""
    written = (f"logaudit report {paths} -o incident.html", msg("writes the incident report"))
    source = (f"logaudit scan {paths} --source BOT", msg("shows where the bot's code misses the call"))
    if heading is Heading.LOST:
        rows = (f"logaudit restore {paths} -o restored", msg("writes the missing rows as a patch"))
        silent = report.summary.states.get(TradeState.SILENT_DROP, 0)
        return [rows, source if silent and not report.code else written]
    if heading is Heading.RESTORED:
        return [written]
    if heading is Heading.FAULTY and report.findings:
        return [(f"logaudit rule {report.findings[0].rule}", msg("explains the first error"))]
    return []
