"""Very many findings for a report that shows a few of each kind: of the others no more than is summed up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from msgspec.structs import replace

from logaudit.core.finding import Finding
from logaudit.core.message import Message

#: What is summed up of findings that are not shown, …
_SUMMED: Final = ("net_pnl", "gross_only", "state", "emitter")
#: … and what is asked for as being there.
_THERE: Final = ("symbol", "closed", "differences")
_NOTHING: Final = Message("")


def lightened(findings: Iterable[Finding], whole: int) -> Iterator[Finding]:
    """The findings; of each session, run and rule those behind the first ``whole`` without what nobody sees."""
    counts = Counter[tuple[str, str, str, str]]()
    same: dict[Any, Any] = {}
    for finding in findings:
        kind = finding.session, finding.run, finding.rule, finding.severity.value
        counts[kind] += 1
        yield finding if counts[kind] <= whole else _light(finding, same)


def _light(finding: Finding, same: dict[Any, Any]) -> Finding:
    """``same``: values that many findings share, each once."""
    data = finding.data
    kept = {name: value for name in _SUMMED if (value := data.get(name)) is not None}
    for name in ("state", "emitter"):
        if isinstance(text := kept.get(name), str):
            kept[name] = same.setdefault(text, text)
    return replace(
        finding,
        message=_NOTHING,
        locations=tuple(replace(place, text="") for place in finding.locations[:1]),
        fingerprint="",
        data={**kept, **{name: "" for name in _THERE if name in data}},
        remedy=None if finding.remedy is None else same.setdefault(finding.remedy, finding.remedy),
        parts=(),
    )
