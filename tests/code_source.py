"""Small bots as source text, and what the program says of their paths."""

from __future__ import annotations

import textwrap
from pathlib import Path

from logaudit import scan
from logaudit.audit.source_report import source_report
from logaudit.codepaths.classify import analyze
from logaudit.codepaths.model import SourceFile, SourceFiles, SourceTree
from logaudit.codepaths.parse import parse_source
from logaudit.core.finding import Finding
from logaudit.core.source_code import SourceAnalysis
from logaudit.profiles import load_built_in

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"

#: A recorder, a result, and a function that closes and returns the result.
DESK = """
import logging
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass
class Result:
    symbol: str
    pnl: float


class Journal:
    def record(self, result):
        logger.info(f"Trade recorded: {result.symbol} total={result.pnl}")


class Exits:
    def __init__(self, journal: Journal):
        self.journal = journal
        self.on_close = None

    async def close_position(self, symbol, reason):
        pnl = await self.client.close(symbol)
        logger.info(f"Closed long position {symbol} @ {1} size={2} pnl={pnl:+.2f} reason={reason}")
        return Result(symbol, pnl)
"""


def tree_of(**modules: str) -> SourceTree:
    """A parsed source of these modules."""
    files = [SourceFile(f"{name}.py", textwrap.dedent(text).encode(), name) for name, text in modules.items()]
    return parse_source(SourceFiles("bot", tuple(files)))


def said_of(caller: str, *, recorder: str = "", **more: str) -> SourceAnalysis:
    """What is said of `DESK` with more methods in its last class; ``more`` are further modules."""
    methods = textwrap.indent(textwrap.dedent(caller), "    ")
    return analyze(tree_of(desk=DESK + methods, **more), load_built_in("generic"), recorder)


def end_of(caller: str, **more: str) -> tuple[str, str]:
    """Where the only result ends, and the condition."""
    (site,) = said_of(caller, **more).sites
    return site.end.value, site.condition


def written(folder: Path, **modules: str) -> Path:
    """The modules as files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def findings_without_logs(rule: str, caller: str) -> list[Finding]:
    """What one rule finds in the source alone."""
    return [f for f in source_report(said_of(caller)).findings if f.rule == rule]


def findings_with_logs(rule: str, logs: str, bot: str) -> list[Finding]:
    """What one rule finds in the logs of one fixture with the source of another."""
    report = scan(FIXTURES / logs / "logs", source=str(FIXTURES / bot / "bot"))
    return [f for f in report.findings if f.rule == rule]
