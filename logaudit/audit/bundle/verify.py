"""Checks a bundle: its bytes, that its report follows from its extracts, and, given the logs, that these do too."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from logaudit import __version__
from logaudit.audit.bundle.cited_lines import CitedLine, cited_lines
from logaudit.audit.bundle.container import Contents, read_container
from logaudit.audit.bundle.make import EVIDENCE, LINES, PAGE, REPORT, SETTINGS, page_of
from logaudit.audit.bundle.schema import (
    BundleSettings,
    Evidence,
    derive,
    encode,
    evidence_of,
    load_profiles,
    profile_members,
)
from logaudit.audit.pipeline import Reading, read
from logaudit.core.errors import ProfileError
from logaudit.core.message import Code, Message, Text, msg
from logaudit.core.report import Report
from logaudit.core.source_report import FileReport
from logaudit.core.verification import Verification
from logaudit.ingest.executor import Progress
from logaudit.profiles import parse
from logaudit.renderers import json_report


class _Opened(Struct, frozen=True):
    """The members of a bundle that can be read."""

    settings: BundleSettings
    evidence: Evidence
    lines: tuple[CitedLine, ...]
    report: dict[str, Any]
    members: Mapping[str, bytes]


def verify(
    data: bytes, logs: Sequence[str] = (), *, jobs: int = 0, progress: Progress | None = None
) -> Verification:
    """Derives everything that a bundle claims anew.

    Args:
        data: the bundle.
        logs: where its logs lie now; none to check the bundle by itself.
        jobs: as for `ScanOptions`.
        progress: told of every source read.

    Raises:
        UserError: a path does not exist.
    """
    contents = read_container(data)
    faults = [*contents.faults]
    opened = _opened(contents, faults)
    report = _derived(opened, faults) if opened else None
    if opened is not None and report is not None:
        faults += _against_itself(opened, report)
        if logs:
            faults += _against_logs(opened, report, logs, jobs, progress)
    return Verification(
        sha256=hashlib.sha256(data).hexdigest(),
        made_by=opened.settings.tool_version if opened else "",
        checked_by=__version__,
        findings=len(opened.report["findings"]) if opened else 0,
        files=len(opened.evidence.files) if opened and logs else None,
        faults=tuple(faults),
    )


def _opened(contents: Contents, faults: list[Message]) -> _Opened | None:
    """The members as structs; adds why there are none to ``faults``."""
    kinds = {SETTINGS: BundleSettings, EVIDENCE: Evidence, LINES: tuple[CitedLine, ...]}
    found: dict[str, Any] = {}
    for name, kind in (*kinds.items(), (REPORT, dict[str, Any])):
        try:
            found[name] = msgspec.json.decode(contents.members[name], type=kind)
        except (KeyError, msgspec.DecodeError):
            faults.append(msg("{name} is missing or cannot be read.", name=Code(name)))
    if len(found) <= len(kinds):
        return None
    if not _is_report(found[REPORT]):
        faults.append(msg("{name} is missing or cannot be read.", name=Code(REPORT)))
        return None
    return _Opened(found[SETTINGS], found[EVIDENCE], found[LINES], found[REPORT], contents.members)


def _is_report(report: dict[str, Any]) -> bool:
    findings = report.get("findings")
    return isinstance(findings, list) and all(
        isinstance(f, dict) and {"fingerprint", "rule", "message", "locations"} <= f.keys() for f in findings
    )


def _derived(opened: _Opened, faults: list[Message]) -> Report | None:
    """The report that follows from the extracts in the bundle; adds why there is none to ``faults``."""
    try:
        return derive(opened.evidence, opened.settings, load_profiles(opened.evidence, opened.members))
    except Exception as error:  # noqa: BLE001 - evidence that no reading gave may break any assumption
        faults.append(msg("No report follows from the extracts: {why}.", why=Code(str(error).rstrip("."))))
        return None


def _against_itself(opened: _Opened, report: Report) -> Iterator[Message]:
    """What does not follow from the extracts in the bundle."""
    again = json.loads(json_report.render(report))
    for finding in _lacking(opened.report, again):
        yield msg("{finding} does not follow from the extracts.", finding=_named(finding))
    for finding in _lacking(again, opened.report):
        yield msg("{finding} follows from the extracts and is not in the report.", finding=_named(finding))
    for key in _other_keys(opened.report, again):
        yield msg("{key} of the report does not follow from the extracts.", key=Code(key))
    if page_of(report) != opened.members.get(PAGE):
        yield msg("{name} is not the page of this report.", name=Code(PAGE))


def _against_logs(
    opened: _Opened, report: Report, logs: Sequence[str], jobs: int, progress: Progress | None
) -> Iterator[Message]:
    """What does not follow from the logs."""
    settings = opened.settings
    try:
        named = parse(opened.members[settings.profile], settings.profile) if settings.profile else None
    except (KeyError, ProfileError) as error:
        yield msg("The logs cannot be read as they were: {why}.", why=Code(str(error).rstrip(".")))
        return
    reading = read(logs, settings.options(jobs), progress, profile=named)
    text = opened.members[settings.profile] if named else b""
    by_root, profiles = profile_members(reading, text)
    fresh = msgspec.json.decode(encode(evidence_of(reading, by_root)), type=Evidence)
    # The bot's source is not at hand: what it said is taken as the bundle states it.
    fresh = replace(fresh, code=opened.evidence.code)
    yield from _files(opened.evidence.files, fresh.files)
    yield from _extracts(opened.evidence, fresh)
    again = json.loads(json_report.render(derive(fresh, settings, load_profiles(fresh, profiles))))
    for finding in _lacking(opened.report, again):
        yield msg("{finding} does not follow from the logs.", finding=_named(finding))
    for finding in _lacking(again, opened.report):
        yield msg("{finding} follows from the logs and is not in the report.", finding=_named(finding))
    for key in _other_keys(opened.report, again):
        yield msg("{key} of the report does not follow from the logs.", key=Code(key))
    yield from _cited(opened, report, reading)


def _files(stated: Sequence[FileReport], now: Sequence[FileReport]) -> Iterator[Message]:
    present = {file.path: file for file in now}
    for file in stated:
        other = present.pop(file.path, None)
        if other is None:
            yield msg("{path} is not among the logs.", path=Code(file.path))
        elif other != file:
            yield msg("{path} is not the file that was bundled: its bytes differ.", path=Code(file.path))
    for path in present:
        yield msg("{path} lies among the logs and is not in the bundle.", path=Code(path))


def _extracts(stated: Evidence, now: Evidence) -> Iterator[Message]:
    """Sources that give something else than the bundle says, though the bundle's own report may follow from it."""
    present = _by_address(now)
    for address, extract in _by_address(stated).items():
        if address in present and present[address] != extract:
            yield msg("The extract of {source} does not follow from the logs.", source=Code(address))


def _by_address(evidence: Evidence) -> dict[str, object]:
    return {str(i.extract.address): i.extract for session in evidence.sessions for i in session.extracts}


def _cited(opened: _Opened, report: Report, reading: Reading) -> Iterator[Message]:
    again = encode(cited_lines(report.findings, reading.sources, opened.settings.encoding))
    if again == opened.members[LINES]:
        return
    now = {(c.path, c.member, c.line): c for c in msgspec.json.decode(again, type=tuple[CitedLine, ...])}
    for line in opened.lines:
        if now.pop((line.path, line.member, line.line), None) != line:
            place = f"{line.path}!{line.member}:{line.line}" if line.member else f"{line.path}:{line.line}"
            yield msg("The line at {place} does not read so in the logs.", place=Code(place))


def _lacking(report: dict[str, Any], other: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of a report that another does not have, word for word."""
    there = Counter(json.dumps(finding, sort_keys=True) for finding in other["findings"])
    found = []
    for finding in report["findings"]:
        text = json.dumps(finding, sort_keys=True)
        if there[text] > 0:
            there[text] -= 1
        else:
            found.append(finding)
    return found


def _named(finding: dict[str, Any]) -> Message:
    return msg(
        "{rule} {fingerprint} (“{message}”)",
        rule=Code(str(finding["rule"])),
        fingerprint=Code(str(finding["fingerprint"])),
        message=Text(str(finding["message"])),
    )


def _other_keys(report: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What differs beside findings; the version of logaudit may."""
    keys = dict.fromkeys((*report, *other))
    return [key for key in keys if key not in ("tool", "findings") and report.get(key) != other.get(key)]
