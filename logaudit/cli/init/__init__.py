"""``logaudit init``: from a log folder to settings and a nightly job."""

# ruff: noqa: PLC0415 - reading needs imports that --help does not

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app

if TYPE_CHECKING:
    from logaudit.cli.init.write import Wanted
    from logaudit.config import Resolved


@app.command()
def init(
    paths: flags.Paths = None,
    github: Annotated[
        bool, typer.Option("--github", help="Also write a nightly GitHub Actions workflow.")
    ] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="Also write a nightly GitLab CI job.")] = False,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Also write a systemd service and its nightly timer.")
    ] = False,
    tz: flags.Zone = None,
    jobs: flags.Jobs = None,
    no_cache: flags.NoCache = None,
    quiet: flags.Quiet = None,
) -> None:
    """Write a commented logaudit.toml for a log folder; no file is overwritten.

    Without PATHS it looks for logs in the folders beneath this one.
    """
    from logaudit.cli.console import print_stderr
    from logaudit.cli.init.write import Wanted
    from logaudit.config import working_folder

    working = working_folder()
    wanted = Wanted(github=github, gitlab=gitlab, systemd=systemd)
    if not any((github, gitlab, systemd)) and sys.stdin.isatty() and sys.stdout.isatty():
        wanted = Wanted(
            github=(working / ".github").is_dir()
            and typer.confirm("Write a GitHub Actions workflow as well?"),
            gitlab=(working / ".gitlab-ci.yml").exists() and typer.confirm("Write a GitLab CI job as well?"),
        )
    options = flags.given({"tz": tz, "jobs": jobs, "no-cache": no_cache, "quiet": quiet})
    for line in start(paths or [], options, wanted, working):
        print_stderr(line)


def start(paths: Sequence[str], flags: Mapping[str, object], wanted: "Wanted", working: Path) -> list[str]:
    """Scans a log folder, writes first settings for it and the jobs wanted; returns what to tell the user."""
    from logaudit.cli.init.folders import log_folders
    from logaudit.cli.init.write import refuse, write
    from logaudit.cli.run import read, require_something
    from logaudit.config import resolve

    folders = list(paths) or log_folders(working)
    resolved = resolve({**flags, "paths": folders}, {}, working, discover=False)
    refuse(folders, wanted, working)
    report = read(resolved)
    require_something(report)
    learned = _learned(resolved) if any(choice.learned for choice in report.profiles) else ""
    return write(folders, report, resolved.settings.tz, wanted, working, learned)


def _learned(resolved: "Resolved") -> str:
    """The profile that the rows of the only bot taught, as TOML; empty where there are several."""
    from logaudit.audit.pipeline import read
    from logaudit.audit.prepare import options_of

    found = list(read(resolved.settings.paths, options_of(resolved)).learned.values())
    return found[0] if len(found) == 1 else ""
