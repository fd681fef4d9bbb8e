"""The file of known findings: writing it, reading it, and telling the known from the new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from logaudit.audit.policy.codes import FAILED, GATES
from logaudit.core.errors import UserError
from logaudit.core.finding import Finding, Severity
from logaudit.core.policy_result import KnownFinding

BASELINE_VERSION: Final = 1
_MARK: Final = "logaudit_baseline"
#: Findings about the settings, or about logaudit itself, which no baseline may know.
_NEVER_KNOWN: Final = GATES | {"LA903", "LA904", FAILED}


class Baseline(Struct, frozen=True):
    """Known findings, one entry for each; equal fingerprints stand as often as they were found."""

    name: str
    tool_version: str
    findings: tuple[KnownFinding, ...]


class _Tool(msgspec.Struct, frozen=True, kw_only=True):
    """Which program wrote the file."""

    version: str = ""


class _File(msgspec.Struct, frozen=True, kw_only=True):
    """The file."""

    findings: tuple[KnownFinding, ...]
    tool: _Tool = _Tool()


def create(findings: Iterable[Finding], tool_version: str) -> str:
    """The text of a baseline of these findings, the same for the same findings in any order."""
    known = [KnownFinding.of(f) for f in findings if f.rule not in _NEVER_KNOWN]
    entries = [
        {
            "fingerprint": k.fingerprint,
            "rule": k.rule,
            "name": k.name,
            "severity": k.severity.value,
            "message": k.message,
            **({"parts": list(k.parts)} if k.parts else {}),
        }
        for k in sorted(known, key=lambda k: (k.rule, k.message, k.fingerprint))
    ]
    content = {
        _MARK: BASELINE_VERSION,
        "tool": {"name": "logaudit", "version": tool_version},
        "findings": entries,
    }
    # Not readable beyond ASCII on purpose: messages may quote logs, and this file is shown by many tools.
    import json  # noqa: PLC0415 - most scans have no baseline

    return json.dumps(content, ensure_ascii=True, indent=1) + "\n"


def load_baseline(path: Path) -> Baseline:
    """A baseline from its file.

    Raises:
        UserError: it cannot be read, is no baseline, or is of another version.
    """
    import json  # noqa: PLC0415 - as above

    from logaudit.core.bounded_read import MADE, read_bounded  # noqa: PLC0415 - as above

    make_anew = "Make it anew with `logaudit baseline create`."
    try:
        data = read_bounded(path, MADE)
    except OSError as error:
        raise UserError(f"Baseline {path} cannot be read: {error.strerror or error}.", make_anew) from error
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        raise UserError(f"Baseline {path} is not JSON.", make_anew) from None
    if not isinstance(tree, dict) or _MARK not in tree:
        what = (
            "a scan, not a baseline" if isinstance(tree, dict) and "schema_version" in tree else "no baseline"
        )
        raise UserError(f"{path} is {what}.", make_anew)
    if tree[_MARK] != BASELINE_VERSION:
        raise UserError(
            f"Baseline {path} is of version {tree[_MARK]}; this logaudit reads {BASELINE_VERSION}.", make_anew
        )
    try:
        file = msgspec.convert(tree, _File)
    except msgspec.ValidationError as error:
        raise UserError(f"Baseline {path}: {error}.", make_anew) from None
    return Baseline(path.name, file.tool.version, file.findings)


def split(
    findings: Sequence[Finding], known: Sequence[KnownFinding]
) -> tuple[Sequence[Finding], list[Finding], list[KnownFinding]]:
    """New findings, known ones, and what was known and is not there any more; orders are kept.

    A finding is known when an entry has its fingerprint and is at least as grave: what got worse is new.
    Of findings that are equally known, as many as there are entries. A finding that sums others up is also
    known while one of its parts is: the same fault, of which more or less lies in the logs at hand.
    """
    if not known:
        return findings, [], []
    pool: dict[str, list[KnownFinding]] = defaultdict(list)
    for entry in known:
        pool[entry.fingerprint].append(entry)
    familiar = {entry.fingerprint for entry in known}
    new: list[Finding] = []
    old: list[Finding] = []
    for finding in findings:
        known_itself = _take(pool[finding.fingerprint], finding.severity)
        (old if known_itself or familiar.intersection(finding.parts) else new).append(finding)
    present = {finding.fingerprint for finding in findings}
    worse = {finding.fingerprint for finding in new}
    left = {id(entry) for entries in pool.values() for entry in entries}
    gone = [e for e in known if id(e) in left and e.fingerprint not in worse]
    return new, old, [e for e in gone if not present.intersection(e.parts)]


def _take(entries: list[KnownFinding], severity: Severity) -> bool:
    """Removes an entry that is at least as grave; whether there was one."""
    for i, entry in enumerate(entries):
        if entry.severity.rank <= severity.rank:
            del entries[i]
            return True
    return False
