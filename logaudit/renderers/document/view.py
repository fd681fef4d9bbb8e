"""What section builders share: the report, the language, and how the report names things."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from logaudit.core.diagnosis import Diagnosis
from logaudit.core.finding import Finding, ReportSection, Severity
from logaudit.core.message import Message, msg
from logaudit.core.money import parse_printed
from logaudit.core.money_parts import Amount
from logaudit.core.report import Report, Statement
from logaudit.core.timestamp import Stamp
from logaudit.core.trade_report import TradeReport
from logaudit.core.trades import MISSING_STATES, TradeState
from logaudit.renderers.document.document import (
    Badge,
    Block,
    CodeSpan,
    Inline,
    Para,
    Section,
    Sub,
    Table,
    TableColumn,
    TextSpan,
    Tone,
)
from logaudit.renderers.document.labels import SEVERITIES, SIDES, STATES
from logaudit.renderers.document.table_columns import column
from logaudit.renderers.document.translator import FieldValue, Translator, flat, money, words
from logaudit.renderers.sessions_text import session_names
from logaudit.renderers.wording import amount

SEVERITY_TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, Severity.NOTE: Tone.INFO}


class View(Struct, frozen=True, dict=True):
    """One report in one language.

    Attributes:
        command: the command that reproduces the report.
    """

    report: Report
    translator: Translator
    command: str

    @property
    def diagnosis(self) -> Diagnosis:
        """Why trades were lost."""
        return self.report.diagnosis

    @cached_property
    def sessions(self) -> list[str]:
        """Folders of the bots, in the report's order."""
        return session_names(self.report) or ["."]

    @property
    def several(self) -> bool:
        """Whether there is more than one session."""
        return len(self.sessions) > 1

    def translate(self, what: Message, /, **values: FieldValue) -> Inline:
        """A message in the report's language, with ``values`` in the fields that it leaves open."""
        return self.translator.spans(what, values)

    def text(self, what: Message, /, **values: FieldValue) -> str:
        """The same as a plain string: for titles and captions."""
        return flat(self.translate(what, **values))

    def para(self, what: Message, /, **values: FieldValue) -> Para:
        """A message as a paragraph."""
        return Para(self.translate(what, **values))

    def sub(self, what: Message, /, **values: FieldValue) -> Sub:
        """A message as a heading within a section."""
        return Sub(self.translate(what, **values))

    def section(self, anchor: str, title: Message, blocks: tuple[Block, ...]) -> Section:
        """Blocks under a title."""
        return Section(anchor, self.text(title), blocks)

    def number(self, value: int) -> Inline:
        """A count, grouped as the language does."""
        return words(self.translator.number(value))

    def columns(self, *names: str) -> tuple[TableColumn, ...]:
        """Columns by key, as `column` reads it."""
        return tuple(column(name, self.text) for name in names)

    def by_session(self, make: Callable[[str], Iterable[Block]]) -> tuple[Block, ...]:
        """The blocks of every session that has any, each under its name where there are several."""
        found: list[Block] = []
        for name in self.sessions:
            blocks = list(make(name))
            if blocks and self.several:
                found.append(Sub((*self.translate(msg("Session")), TextSpan(" "), CodeSpan(name))))
                blocks = [replace(b, level=b.level + 1) if isinstance(b, Sub) else b for b in blocks]
            found += blocks
        return tuple(found)

    def time(self, at: Stamp | None) -> Inline:
        """A time as written, with a space for its ``T``; a dash for none."""
        return words("–" if at is None else at.spaced())

    def money(self, text: str | Decimal | None) -> Inline:
        """A signed amount; a dash where none is known."""
        value = parse_printed(text) if isinstance(text, str) else text
        return words(money(value))

    def amount(self, sum_: Amount, *, strong: bool = False) -> Inline:
        """A sum of PnL, with how many of its terms are unknown."""
        known = sum_.value
        return self.translate(amount(sum_)) if known is None else words(money(known), strong=strong)

    def severity(self, severity: Severity) -> Badge:
        """``error`` as a marked word."""
        return Badge(SEVERITY_TONES[severity], self.text(SEVERITIES[severity]))

    def state(self, trade: TradeReport) -> Badge:
        """The witness state as a marked word."""
        return Badge(_state_tone(trade.state), self.text(STATES[trade.state]))

    def side(self, side: str | None, unknown: str = "–") -> Inline:
        """``long`` or ``short``; ``unknown`` for anything else."""
        return self.translate(SIDES[side]) if side is not None and side in SIDES else words(unknown)

    def finding(self, finding: Finding) -> tuple[Inline, Inline]:
        """A finding's message and remedy in the report's language."""
        return self.translate(finding.message), () if finding.remedy is None else self.translate(
            finding.remedy
        )

    def statement(self, statement: Statement) -> Inline:
        """A statement's message in the report's language."""
        return self.translate(statement.message)

    def closes(self, session: str | None = None) -> list[TradeReport]:
        """The judged closes, of one session or of all."""
        return [t for t in self.report.trades if t.log is not None and session in (None, t.session)]

    def missing(self, session: str | None = None) -> list[TradeReport]:
        """Those without a row from the recorder."""
        return [t for t in self.closes(session) if t.missing]

    def findings(self, section: ReportSection, session: str) -> list[Finding]:
        """A session's findings that a section tells beside the list of all."""
        return [f for f in self.report.findings if f.told_in is section and f.session == session]

    def per_session(
        self,
        anchor: str,
        title: Message,
        make: Callable[[str], Iterable[Block]],
        intro: Message | None = None,
    ) -> Section | None:
        """A section of the blocks of every session that has any, below an introduction; None where none has."""
        blocks = self.by_session(make)
        lead = () if intro is None else (self.para(intro),)
        return self.section(anchor, title, (*lead, *blocks)) if blocks else None

    def table(
        self,
        columns: Iterable[str | TableColumn],
        rows: Iterable[tuple[Inline, ...]],
        caption: Message,
        *,
        compact: bool = False,
        records: bool = False,
    ) -> Table:
        """A table of columns by key, as `column` reads it, or as they are."""
        shown = tuple(column(one, self.text) if isinstance(one, str) else one for one in columns)
        return Table(shown, tuple(rows), self.text(caption), compact=compact, records=records)

    def facts(self, caption: Message, rows: Iterable[tuple[Message, Inline]]) -> Table:
        """A table of labelled values."""
        shown = tuple((self.translate(what), value) for what, value in rows)
        return Table(self.columns("what", "value="), shown, self.text(caption), facts=True)


def _state_tone(state: TradeState) -> Tone:
    if state is TradeState.RECORDED:
        return Tone.GOOD
    if state is TradeState.BACKFILLED:
        return Tone.WARN
    if state in MISSING_STATES:
        return Tone.BAD
    return Tone.WARN if state is TradeState.ORPHAN_ROW else Tone.MUTED
