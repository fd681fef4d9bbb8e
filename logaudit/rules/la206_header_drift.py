"""LA206 header-drift.

# What it finds

Columns that change within one ledger, or from one day's file to the next of the same ledger.

# Why it matters

Whatever reads the files by column position reads the wrong column from then on.

# Example

`trades_2025-11-26.csv` has 12 columns, `trades_2025-11-27.csv` has 13.

# What to do

Give a changed layout a new file name, or convert the old files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from logaudit.core.finding import Finding, Needs, Rule, Severity
from logaudit.core.location import Location, Role
from logaudit.core.message import Joiner, Listed, Param, Place, Text, codes, label, msg, plural, sentences
from logaudit.ledger import Ledger
from logaudit.ledger.widths import WidthGroup
from logaudit.reconcile.mirrors import mirrored
from logaudit.reconcile.reconciled import Case, Session
from logaudit.reconcile.reconciled_ledger import ReconciledLedger
from logaudit.rules.base import report
from logaudit.sources import stream_stem

RULE = Rule(
    "LA206",
    "header-drift",
    Severity.WARNING,
    "columns changed between files or within one",
    label("rule", "the ledger's columns changed"),
    needs=Needs.LEDGER,
)


def check(case: Case) -> Iterator[Finding]:
    """Changes inside files, then from one file to the next by date."""
    for session in case.sessions:
        for ledger in session.ledgers:
            before = ledger.ledger.header
            for change in ledger.ledger.header_changes:
                yield report(
                    RULE,
                    session,
                    msg(
                        "The columns of {ledger} change at line {line}: {what}.",
                        ledger=Place(ledger.address),
                        line=Text(str(change.location.line)),
                        what=_difference(before, change.header),
                    ),
                    [change.location],
                    (str(ledger.ledger.name_date or ""), *change.header),
                    data={
                        "ledger": ledger.address.path,
                        "line": change.location.line,
                        "before": list(before),
                        "after": list(change.header),
                    },
                )
                before = change.header
            for group in ledger.ledger.widths:
                yield _width(session, ledger, group)
        yield from _between(session)


def _width(session: Session, ledger: ReconciledLedger, group: WidthGroup) -> Finding:
    return report(
        RULE,
        session,
        sentences(
            plural(
                "{n} row of {ledger} has {cells} cells under {named} column names, and was read by its content.",
                "{n} rows of {ledger} have {cells} cells under {named} column names, and were read by their content.",
                group.rows,
                ledger=Place(ledger.address),
                cells=Text(str(group.cells)),
                named=Text(str(group.named)),
            ),
            msg("Cells without a name: {cells}.", cells=Text(", ".join(map(str, group.unnamed))))
            if group.unnamed
            else None,
            msg("Columns without a cell: {columns}.", columns=codes(group.lacking))
            if group.lacking
            else None,
        ),
        [group.first],
        (str(ledger.ledger.name_date or ""), str(group.named), str(group.cells)),
        data={
            "ledger": ledger.address.path,
            "line": group.first.line,
            "rows": group.rows,
            "cells": group.cells,
            "named": group.named,
        },
    )


def _between(session: Session) -> Iterator[Finding]:
    """Changes from file to file; ledgers of different names are different tables."""
    twice = mirrored(session).keys()
    families: dict[str, list[ReconciledLedger]] = defaultdict(list)
    for ledger in session.ledgers:
        if ledger.ledger.header:
            families[stream_stem(ledger.address.member or ledger.address.path)].append(ledger)
    for family in families.values():
        for before, after in pairwise(family):
            old, new = _last_header(before.ledger), after.ledger.header
            if old != new and not {(before.address, after.address), (after.address, before.address)} & twice:
                yield report(
                    RULE,
                    session,
                    msg(
                        "The columns change from {before} to {after}: {what}.",
                        before=Place(before.address),
                        after=Place(after.address),
                        what=_difference(old, new),
                    ),
                    [_header_line(after.ledger), _header_line(before.ledger)],
                    (str(after.ledger.name_date or ""), *new),
                    data={"before": list(old), "after": list(new)},
                )


def _last_header(ledger: Ledger) -> tuple[str, ...]:
    return ledger.header_changes[-1].header if ledger.header_changes else ledger.header


def _header_line(ledger: Ledger) -> Location:
    """Where the header stands that the next or previous file is compared with."""
    address, line = ledger.address, max((place.line for place in ledger.preamble), default=0) + 1
    text = ledger.delimiter.join(ledger.header)
    return Location(address.path, address.member, line, Role.LEDGER, text)


def _difference(before: tuple[str, ...], after: tuple[str, ...]) -> Param:
    gone = [c for c in before if c not in after]
    new = [c for c in after if c not in before]
    parts = [msg("gone: {columns}", columns=codes(gone))] if gone else []
    parts += [msg("new: {columns}", columns=codes(new))] if new else []
    return Listed(tuple(parts), Joiner.SEMICOLON) if parts else msg("the same columns in another order")
