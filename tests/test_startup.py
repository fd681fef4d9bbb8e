"""Commands load only what they use: heavy libraries stay away from those that need none."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import logaudit
from logaudit.cli import app
from logaudit.cli.command_modules import load

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "fixtures" / "seed-incident" / "logs"
#: How many of the program's modules a small scan may load, and how many regexes it may compile.
MODULES = 407
PATTERNS = 148
#: What two modules import that are loaded only with the extra that they are for.
NOT_NEEDED = ("dask", "distributed", "paramiko")
#: Runs the words it is given as the shell would, and prints the modules that were loaded then.
PROBE = """
import json, sys
from re import _compiler
patterns, compiled = [], _compiler.compile
_compiler.compile = lambda text, *flags: patterns.append(text) or compiled(text, *flags)
from logaudit.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code
print()
print(json.dumps([code, sorted(sys.modules), len(patterns)]))
"""


#: Files that a test has just written count as old.
SETTLED = "import logaudit.cache.files as files; files.SETTLED = -(1 << 62)"


def loaded(*words: str | Path, code: int = 0, before: str = "", **environment: str) -> set[str]:
    """The names of the modules that a command loads in a process of its own, which says ``before`` first."""
    return started(*words, code=code, before=before, **environment)[0]


def started(*words: str | Path, code: int = 0, before: str = "", **environment: str) -> tuple[set[str], int]:
    """As `loaded`, and how many regexes the process compiles, those of libraries among them."""
    done = subprocess.run(
        [sys.executable, "-c", before + PROBE, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "LOGAUDIT_JOBS": "1", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    ended, modules, patterns = json.loads(done.stdout.splitlines()[-1])
    assert ended == code
    return set(modules), patterns


@pytest.mark.parametrize("words", [("--version",), ("--help",), ("rule", "LA101"), ("profile", "list")])
def test_what_reads_nothing_loads_no_heavy_library(words: tuple[str, ...]) -> None:
    """They answer at once, as a person waits for them."""
    assert loaded(*words).isdisjoint({"polars", "pyarrow", "numpy", "jinja2"})


@pytest.mark.parametrize("words", [("--version",), ("--help",)])
def test_the_program_itself_loads_none_of_its_rooms(words: tuple[str, ...]) -> None:
    """What a command does is imported by the command."""
    rooms = {name for name in loaded(*words) if name.startswith("logaudit.")}
    assert {name for name in rooms if not name.startswith("logaudit.cli.")} <= {
        "logaudit.cli",
        "logaudit.core",
        "logaudit.core.docs_url",
        "logaudit.core.errors",
        "logaudit.core.gc_policy",
        "logaudit.locale",
        "logaudit.locale.languages",
        "logaudit.renderers",
        "logaudit.renderers.registry",
        "logaudit.__main__",
    }


def test_the_version_needs_no_command() -> None:
    """Typer's own modules, and those that every command needs."""
    modules, patterns = started("--version")
    assert {name for name in modules if name.startswith("logaudit.cli.")} == {
        "logaudit.cli.command_modules",
        "logaudit.cli.help",
        "logaudit.cli.root",
    }
    assert patterns <= 24


def test_a_small_scan_loads_and_compiles_little() -> None:
    """Bounds a little above what it was when they were set: a start that grows is seen here, not by a clock."""
    modules, patterns = started("scan", LOGS, "--quiet", "--no-cache", code=1)
    commands = {
        "logaudit.cli.about",
        "logaudit.cli.watch",
        "logaudit.cli.init",
        "logaudit.cli.profile_ledger",
    }
    assert modules.isdisjoint(commands)
    assert len([name for name in modules if name.startswith("logaudit")]) <= MODULES
    assert patterns <= PATTERNS


def imported(name: str) -> object:
    """A module of the program; nothing in place of one that needs an extra which these tests can do without."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in NOT_NEEDED:
            raise
        return SimpleNamespace()


def test_every_regex_of_the_program_compiles() -> None:
    """They are compiled on first use: a mistake in one is found here, not in somebody's scan."""
    names = [
        module.name
        for module in pkgutil.walk_packages(logaudit.__path__, "logaudit.")
        if not module.name.endswith(("__main__", "_native", "_native.abi3"))
    ]
    values = [value for name in names for value in vars(imported(name)).values()]
    lazy = [value for value in values if type(value).__name__ == "_LazyPattern"]
    assert len(lazy) > 100
    for pattern in lazy:
        assert isinstance(re.compile(pattern.pattern), re.Pattern)
        pattern.search(b"" if isinstance(pattern.pattern, bytes) else "")


def test_a_scan_without_a_source_loads_nothing_that_parses_one() -> None:
    modules = loaded("scan", LOGS, "-q", "--no-cache", code=1)
    assert not [name for name in modules if name.startswith("logaudit.codepaths")]


def test_annotations_of_commands_need_no_compiling() -> None:
    """Typer reads those of every command at every start."""
    load()
    groups = [app, *(group.typer_instance for group in app.registered_groups if group.typer_instance)]
    commands = [command.callback for group in groups for command in group.registered_commands]
    assert len(commands) > 10
    for command in commands:
        assert not any(isinstance(kind, str) for kind in command.__annotations__.values())


@pytest.mark.skipif(os.name != "posix", reason="no times there tell that a file is the same")
def test_a_scan_that_knows_everything_loads_nothing_that_reads_or_judges(tmp_path: Path) -> None:
    """Its answer comes from the cache: most of its time is the start of the process."""
    cache = {"before": SETTLED, "LOGAUDIT_CACHE_DIR": str(tmp_path / "cache")}
    assert "logaudit.audit.build_report" in loaded("scan", LOGS, "--quiet", code=1, **cache)
    rooms = (
        "audit.build_report",
        "reconcile",
        "ingest",
        "profiles",
        "logformats",
        "rules",
    )
    modules = loaded("scan", LOGS, "--quiet", code=1, **cache)
    assert modules.isdisjoint({f"logaudit.{room}" for room in rooms})
    assert modules.isdisjoint({"logaudit.sources.read", "numpy", "isal", "rich.console", "zipfile"})


def test_a_scan_loads_no_tables_and_no_other_output() -> None:
    """The text report needs neither data frames nor the templates of the HTML one."""
    modules = loaded("scan", LOGS, "--quiet", code=1)
    assert modules.isdisjoint({"polars", "pyarrow", "jinja2", "dateutil"})
    assert "logaudit.renderers.text" in modules
    others = {"json_report", "sarif", "junit", "github", "gitlab", "document", "positions", "diff_text"}
    assert modules.isdisjoint({f"logaudit.renderers.{name}" for name in others})
    assert "logaudit.audit.diff" not in modules
