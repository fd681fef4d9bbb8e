"""Makes a bundle of what was read."""

from __future__ import annotations

from typing import Final

import msgspec

from logaudit import __version__
from logaudit.audit.bundle.cited_lines import cited_lines
from logaudit.audit.bundle.container import write_container
from logaudit.audit.bundle.schema import (
    BundleSettings,
    Evidence,
    derive,
    encode,
    evidence_of,
    load_profiles,
    profile_members,
    profile_text,
    shareable,
)
from logaudit.audit.pipeline import Reading, ScanOptions
from logaudit.core.report import Report
from logaudit.renderers import document, json_report

EVIDENCE: Final = "evidence.json"
LINES: Final = "lines.json"
REPORT: Final = "report.json"
PAGE: Final = "report.md"
SETTINGS: Final = "settings.json"


def make_bundle(reading: Reading, options: ScanOptions) -> tuple[bytes, Report]:
    """The bundle as bytes, the same for the same input and settings, and the report in it.

    Raises:
        UserError: it would be too large, or the profile that was named holds a credential.
    """
    named = shareable(profile_text(options.profile), options.profile)
    by_root, profiles = profile_members(reading, named)
    settings = BundleSettings(
        tool_version=__version__,
        profile=next(iter(profiles), "") if options.profile else "",
        formats=options.formats,
        ledgers=options.ledgers,
        encoding=options.encoding,
        zone=options.zone,
        window=options.window,
        limits=options.limits,
    )
    kept = encode(evidence_of(reading, by_root))
    # Of what the bundle holds, not of what was read: only so can anybody derive it again.
    evidence = msgspec.json.decode(kept, type=Evidence)
    report = derive(evidence, settings, load_profiles(evidence, profiles))
    members = {
        REPORT: json_report.render(report).encode(),
        PAGE: page_of(report),
        LINES: encode(cited_lines(report.findings, reading.sources, options.encoding)),
        EVIDENCE: kept,
        SETTINGS: encode(settings),
        **profiles,
    }
    return write_container(members), report


def page_of(report: Report) -> bytes:
    """The report for people, in English."""
    return document.render(report, "md", command="logaudit verify BUNDLE LOGS").encode()
