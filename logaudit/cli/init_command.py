"""``logaudit init``: from a log folder to settings and a nightly job."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from logaudit.cli import flags
from logaudit.cli.root import app


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
    """Looks at a log folder, and writes a commented logaudit.toml for it; never overwrites a file.

    Without PATHS it looks for logs in the folders beneath this one.
    """
    from logaudit.cli import init, init_logs  # noqa: PLC0415 - reading needs imports that --help does not
    from logaudit.cli.options import print_stderr  # noqa: PLC0415 - as above

    working = Path.cwd()
    wanted = init.Wanted(github=github, gitlab=gitlab, systemd=systemd)
    if not any((github, gitlab, systemd)) and sys.stdin.isatty() and sys.stdout.isatty():
        wanted = init.Wanted(
            github=(working / ".github").is_dir()
            and typer.confirm("Write a GitHub Actions workflow as well?"),
            gitlab=(working / ".gitlab-ci.yml").exists() and typer.confirm("Write a GitLab CI job as well?"),
        )
    options = flags.given({"tz": tz, "jobs": jobs, "no-cache": no_cache, "quiet": quiet})
    for line in init_logs.start(paths or [], options, wanted, working):
        print_stderr(line)
