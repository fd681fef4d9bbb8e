"""Words of the verdict by the heading of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from logaudit.core.message import Message, label
from logaudit.renderers.headline import Heading

VERDICTS: Final[Mapping[Heading, Message]] = {
    Heading.KNOWN: label("verdict", "Nothing new"),
    Heading.LOST: label("verdict", "Trades lost"),
    Heading.RESTORED: label("verdict", "Trades restored"),
    Heading.FAULTY: label("verdict", "Errors found"),
    Heading.NOT_JUDGED: label("verdict", "Not judged"),
    Heading.NO_CLOSES: label("verdict", "No trades"),
    Heading.DOUBTFUL: label("verdict", "No loss found"),
    Heading.CLEAR: label("verdict", "All clear"),
}
