"""Keeps what is long in the reports of many sessions packed until it is written out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from operator import itemgetter
from typing import Any, Final, TypeAlias, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from logaudit.audit.build_report import each_failure_once, finding_order
from logaudit.audit.session_report import SessionReport
from logaudit.core.diagnosis import Diagnosis
from logaudit.core.finding import Finding
from logaudit.core.rows import PackedRows, Rows, rows_where
from logaudit.core.spool import Spool

_Decoders: TypeAlias = Mapping[str, Any]

_ENCODER: Final = msgspec.msgpack.Encoder()


def _decoders(kind: type[Struct], names: Sequence[str]) -> _Decoders:
    """What unpacks some fields of a struct, all of them tuples of rows."""
    types = get_type_hints(kind)
    return {name: msgspec.msgpack.Decoder(types[name]) for name in names}


_OF_SESSION: Final = _decoders(SessionReport, ("trades", "repeats", "positions", "findings"))
_OF_DIAGNOSIS: Final = _decoders(
    Diagnosis, [name for name in Diagnosis.__struct_fields__ if name not in ("headline", "stopped")]
)


def held_in(spool: Spool, report: SessionReport) -> SessionReport:
    """The same, its trades, positions, findings and diagnosis held by the spool, and read from there when asked for.

    What cannot be packed (a text that is no Unicode) stays as it is.
    """
    try:
        ordered = report
        if not isinstance(report.findings, Rows):  # else they are in order already
            ordered = replace(report, findings=tuple(sorted(report.findings, key=finding_order)))
        diagnosis = replace(report.diagnosis, **dict(_packed(spool, report.diagnosis, _OF_DIAGNOSIS)))
        return replace(report, diagnosis=diagnosis, **dict(_packed(spool, ordered, _OF_SESSION)))
    except (TypeError, ValueError):
        return report


def merged_findings(whole: Iterable[Finding], parts: Sequence[SessionReport]) -> Rows[Finding] | None:
    """All findings in order, those of sessions packed as they were unless others belong among them.

    Args:
        whole: those about the scan as a whole.
        parts: the reports of the sessions, in order.

    Returns:
        None where they must be unpacked to be put in order.
    """
    packed = all(isinstance(part.findings, Rows) for part in parts if part.findings)
    if not packed or any(part.root == "." for part in parts):
        return None
    others = (f for part in parts for f in part.findings if f.session != part.root)
    beside = defaultdict[str, list[Finding]](list)
    for finding in each_failure_once(chain(whole, others)):
        beside[finding.session].append(finding)
    own = {part.root: rows_where(part.findings, partial(_is_of, part.root)) for part in parts}
    try:
        together = {
            root: _rows(sorted((*some, *own.get(root, ())), key=finding_order))
            for root, some in beside.items()
        }
    except (TypeError, ValueError):  # a text that is no Unicode
        return None
    found = (rows for _, rows in sorted({**own, **together}.items(), key=itemgetter(0)))
    return Rows(part for rows in found if isinstance(rows, Rows) for part in rows.parts)


def _is_of(session: str, finding: Finding) -> bool:
    return finding.session == session


def _rows(findings: Sequence[Finding]) -> Rows[Finding]:
    return Rows([PackedRows(len(findings), _ENCODER.encode(findings), _OF_SESSION["findings"].decode)])


def _packed(spool: Spool, value: Struct, decoders: _Decoders) -> Iterator[tuple[str, Rows[Any]]]:
    for name, decoder in decoders.items():
        rows = getattr(value, name)
        if isinstance(rows, Rows):
            yield name, rows
        elif rows:
            yield name, Rows([PackedRows(len(rows), spool.put(_ENCODER.encode(rows)), decoder.decode)])
