"""Commands load only what they use: heavy libraries stay away from those that need none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from logaudit.cli import app

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "fixtures" / "seed-incident" / "logs"
#: Runs the words it is given as the shell would, and prints the modules that were loaded then.
PROBE = """
import json, sys
from logaudit.cli import main
try:
    main()
except SystemExit as ended:
    code = ended.code
print()
print(json.dumps([code, sorted(sys.modules)]))
"""


#: Files that a test has just written count as old.
SETTLED = "import logaudit.cache.files as files; files.SETTLED = -(1 << 62)"


def loaded(*words: str | Path, code: int = 0, before: str = "", **environment: str) -> set[str]:
    """The names of the modules that a command loads in a process of its own, which says ``before`` first."""
    done = subprocess.run(
        [sys.executable, "-c", before + PROBE, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "LOGAUDIT_JOBS": "1", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    ended, modules = json.loads(done.stdout.splitlines()[-1])
    assert ended == code
    return set(modules)


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


def test_a_scan_without_a_source_loads_nothing_that_parses_one() -> None:
    modules = loaded("scan", LOGS, "-q", "--no-cache", code=1)
    assert not [name for name in modules if name.startswith("logaudit.codepaths")]


def test_annotations_of_commands_need_no_compiling() -> None:
    """Typer reads those of every command at every start."""
    groups = [app, *(group.typer_instance for group in app.registered_groups)]
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
