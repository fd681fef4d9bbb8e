"""Against the real sessions: as many closes and acknowledgements as were counted by hand."""

from __future__ import annotations

import os
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from logaudit.core.events import EventKind
from logaudit.profiles import PatternRole, load_built_in, prefilter

#: Session → closes, trades the recorder acknowledged; from the corpus's own README.
COUNTED = {
    "logs_2025-11-17_23-24-13": (54, 34),
    "logs_2025-11-23_12-54-01": (35, 23),
    "logs_2025-11-23_15-07-21": (6, 1),
    "logs_2025-11-23_15-38-50": (0, 0),
    "logs_2025-11-23_18-26-46": (12, 5),
    "logs_2025-11-26_20-32-01": (1, 0),
}
LAYOUT = re.compile(r"^[\d-]{10} [\d:.]+ \| \w+ +\| [\w.]+:[\w<>]+:\d+ [-|] ")


@pytest.mark.corpus
@pytest.mark.parametrize("session", COUNTED)
def test_counts_are_those_of_the_readme(session: str) -> None:
    """Every close of the session is one event, and no chatter is."""
    root = os.environ.get("LOGAUDIT_CORPUS")
    if not root:
        pytest.skip("LOGAUDIT_CORPUS is not set: the real sessions are not at hand")
    hits = _hits(Path(root) / session)
    closes = hits[EventKind.POSITION_CLOSED]
    # Two patterns acknowledge: the recorder's counter and the caller's word.
    assert (closes, hits[EventKind.TRADE_ACKNOWLEDGED] / 2) == COUNTED[session]
    assert hits[EventKind.RECORDER_READY] == hits[EventKind.LEDGER_OPENED] == hits[EventKind.RUN_STARTED] == 1


def _hits(folder: Path) -> Counter[EventKind]:
    profile = load_built_in("okx-scalper")
    worth = prefilter(profile.patterns)
    hits: Counter[EventKind] = Counter()
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            text = archive.read(archive.namelist()[0]).decode("utf-8")
        for line in {text.rfind("\n", 0, m.start()) + 1: m for m in worth.finditer(text)}:
            message = LAYOUT.sub("", text[line : text.find("\n", line)].rstrip("\r"))
            emitter = text[line : text.find("\n", line)].removesuffix(message)
            for pattern in profile.patterns:
                wrong = pattern.emitter is not None and ":main:" not in emitter
                if not wrong and pattern.read(message) is not None:
                    hits[pattern.event] += pattern.role is PatternRole.EVENT
                    break
    return hits
