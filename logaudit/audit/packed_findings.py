"""Findings of a session that are very many, put in order without holding all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import merge
from typing import Final

from logaudit.audit.build_report import each_failure_once, finding_order
from logaudit.core.finding import Finding
from logaudit.core.packed_rows import packed_rows
from logaudit.core.rows import Rows, batches

#: Places and parts of a finding that stays as it is until all are in order.
_LONG: Final = 1_000
#: So many findings are sorted at a time, …
_RUN: Final = 1_024
#: … and of each sorted run so many are unpacked at a time.
_AT_A_TIME: Final = 32


def in_order(findings: Iterable[Finding]) -> Rows[Finding]:
    """The findings, sorted."""
    long: list[Finding] = []
    runs = [
        packed_rows(sorted(batch, key=finding_order), Finding, _AT_A_TIME)
        for batch in batches(_short(findings, long), _RUN)
    ]
    return packed_rows(merge(*runs, sorted(long, key=finding_order), key=finding_order), Finding)


def _short(findings: Iterable[Finding], long: list[Finding]) -> Iterator[Finding]:
    """The findings but those that cite or sum up very much, which are added to ``long``: unpacked they are larger."""
    for finding in findings:
        if len(finding.locations) + len(finding.parts) > _LONG:
            long.append(finding)
        else:
            yield finding


def with_others(whole: Iterable[Finding], own: Rows[Finding]) -> Rows[Finding]:
    """Those of the only session, in order, and those about the scan as a whole."""
    failed: set[object] = set()
    first = sorted(each_failure_once(whole, failed), key=finding_order)
    both = merge(first, each_failure_once(own, failed), key=finding_order)
    return packed_rows(both, Finding)
