"""The evidence register as a small JSON file that a page carries: every file with its hash, and every cited line."""

from __future__ import annotations

import base64
import json
from itertools import groupby

from logaudit.core.report import Report
from logaudit.core.text import printable
from logaudit.renderers.document.exhibits import Exhibit, ExhibitIndex

NAME = "logaudit-evidence.json"
#: What the values of a cited line are.
_COLUMNS = ("id", "lines", "byte", "roles", "written", "utc")


def evidence_link(report: Report, evidence: ExhibitIndex) -> str:
    """The file as a ``data:`` address."""
    content = {
        "files": [
            {"path": printable(file.path), "bytes": file.bytes, "sha256": file.sha256}
            for file in report.files
        ],
        "columns": _COLUMNS,
        "sources": [
            {
                "path": printable(address.path),
                "member": printable(address.member),
                "evidence": [_exhibit(one) for one in cited],
            }
            for address, cited in groupby(evidence.exhibits, key=lambda one: one.place.address)
        ],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"data:application/json;base64,{base64.b64encode(text.encode()).decode()}"


def _exhibit(one: Exhibit) -> list[str | int | None]:
    byte = one.place.byte if one.place.byte >= 0 else None
    roles = " ".join(role.value for role in one.roles)
    return [one.label, one.lines, byte, roles, printable(one.written), one.utc]
