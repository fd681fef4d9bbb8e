"""Findings: by session, gravest first, those of one rule under one heading, with the lines that prove them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from logaudit.core.finding import Finding
from logaudit.core.location import Location
from logaudit.core.message import msg, plural
from logaudit.renderers.document.citations import cell, cites
from logaudit.renderers.document.document import (
    Badge,
    Block,
    Bullets,
    CodeSpan,
    Inline,
    Para,
    Quote,
    Section,
    Sub,
    Table,
    TextSpan,
    Tone,
)
from logaudit.renderers.document.labels import STATES
from logaudit.renderers.document.long_tables import Appendices
from logaudit.renderers.document.sections.trade_cells import (
    common_beginning,
    path_column,
    prices,
    shortened,
    traded,
)
from logaudit.renderers.document.translator import code, join, lines, words
from logaudit.renderers.document.view import View
from logaudit.renderers.wording import constant_of, datum, finding_counts, format_time

#: Lines quoted under a finding.
_QUOTED = 16
#: More of one kind that no table fits stand in a list up to here, and all of them in the appendix.
_LISTED = 6


def findings(view: View, appendices: Appendices) -> Section:
    """Always there: it says so when nothing was found."""
    report = view.report
    if not report.findings:
        return view.section("findings", msg("Findings"), (view.para(msg("No rule found anything.")),))

    quoted: set[tuple[str, ...]] = set()

    def make(name: str) -> Iterator[Block]:
        kinds: dict[tuple[int, str], list[Finding]] = {}
        for finding in report.findings:
            if finding.session == name:
                kinds.setdefault((finding.severity.rank, finding.rule), []).append(finding)
        for _, alike in sorted(kinds.items(), key=lambda item: item[0]):
            yield from _kind(view, alike, appendices, quoted)

    said = report.summary
    intro = view.translate(finding_counts(said))
    blocks = (Para((*intro, TextSpan("."))), *view.by_session(make))
    return view.section("findings", msg("Findings"), blocks)


def _kind(
    view: View, alike: Sequence[Finding], appendices: Appendices, quoted: set[tuple[str, ...]]
) -> Iterator[Block]:
    first = alike[0]
    title = view.text(first.title) if first.title else first.name
    count = (
        view.translate(msg(", {n}"), n=plural("{n} time", "{n} times", len(alike))) if len(alike) > 1 else ()
    )
    yield Sub(
        (view.severity(first.severity), TextSpan(" "), CodeSpan(first.rule), TextSpan(f" {title}"), *count)
    )
    if len(alike) == 1:
        yield Para((*view.finding(first)[0], *cites(first.locations)))
    elif all({"closed", "symbol", "state"} <= finding.data.keys() for finding in alike):
        yield from _trades(view, alike, appendices)
    else:
        yield from _listed(view, alike, appendices)
    quote = _quote(view, first.locations)
    # Several rules may point at one line: it is quoted where it is met first.
    if quote is not None and not any(set(quote.lines) <= set(lines) for lines in quoted):
        quoted.add(quote.lines)
        yield quote
    for remedy in dict.fromkeys(view.finding(finding)[1] for finding in alike):
        if remedy:
            yield Para((*view.translate(msg("**Do:**")), TextSpan(" "), *remedy))


def _trades(view: View, alike: Sequence[Finding], appendices: Appendices) -> Iterator[Block]:
    state, path = constant_of(alike, "state"), constant_of(alike, "emitter")
    beginning = common_beginning(datum(finding, "emitter") for finding in alike)
    shared = [
        _state(view, state) if state else (),
        (*view.translate(msg("code path")), TextSpan(" "), *code(path)) if path else (),
    ]
    if any(shared):
        yield Para(
            (
                *view.translate(msg("Every one:")),
                TextSpan(" "),
                *join([part for part in shared if part], ", "),
            )
        )
    rows = tuple(tuple(_row(view, f, state=not state, path=not path, beginning=beginning)) for f in alike)
    columns = (
        *view.columns("closed" if state else "closed+state", "symbol+side+reason"),
        *view.columns("entry→exit>", "gross_pnl>", "net_pnl>"),
        *(() if path else (path_column(view, beginning),)),
        *view.columns("evidence"),
    )
    table = Table(columns, rows, view.text(msg("Closes of {rule}"), rule=alike[0].rule), records=True)
    yield appendices.shorten(view, table, session=alike[0].session)


def _row(view: View, finding: Finding, *, state: bool, path: bool, beginning: str) -> Iterator[Inline]:
    """``state`` and ``path`` say whether each trade has one of its own."""
    closed = words(format_time(datum(finding, "closed")) or "–")
    yield lines(closed, _state(view, datum(finding, "state"))) if state else closed
    yield traded(view, *(datum(finding, key) for key in ("symbol", "side", "reason")))
    yield prices(datum(finding, "entry_price"), datum(finding, "exit_price"))
    yield view.money(datum(finding, "net_pnl" if finding.data.get("gross_only") else "gross_pnl"))
    yield words("–") if finding.data.get("gross_only") else view.money(datum(finding, "net_pnl"))
    if path:
        yield shortened(datum(finding, "emitter"), beginning)
    yield cell(*finding.locations)


def _state(view: View, state: str) -> Inline:
    """A witness state as a marked word; what is none, as code."""
    return (Badge(Tone.BAD, view.text(STATES[state])),) if state in STATES else code(state)


def _listed(view: View, alike: Sequence[Finding], appendices: Appendices) -> Iterator[Block]:
    messages = [(view.finding(finding)[0], finding.locations) for finding in alike]
    if len(alike) <= _LISTED:
        yield Bullets(tuple((*message, *cites(places)) for message, places in messages))
        return
    rows = tuple(
        (words(str(number)), message, cell(*places)) for number, (message, places) in enumerate(messages, 1)
    )
    caption = view.text(msg("All of {rule}"), rule=alike[0].rule)
    yield appendices.shorten(view, Table(view.columns("number>", "finding=", "evidence"), rows, caption))


def _quote(view: View, places: Sequence[Location]) -> Quote | None:
    """The first source's lines, as they were written."""
    texts = [place for place in places if place.text]
    if not texts:
        return None
    first = texts[0]
    block = [place for place in texts if place.address == first.address][:_QUOTED]
    lead = (*view.translate(msg("As written in")), TextSpan(" "), CodeSpan(first.cite()), *cites(block[:1]))
    return Quote(lead, tuple(place.text for place in block))
