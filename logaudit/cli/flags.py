"""Flags that several commands share, and how they become settings."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer


class FailOn(StrEnum):
    """From which severity on scan fails."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


class MinSeverity(StrEnum):
    """The lowest severity that is shown."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Color(StrEnum):
    """When to colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


Paths = Annotated[
    list[str] | None, typer.Argument(help="Log folders, files, archives or globs.", show_default=False)
]
ProfileFlag = Annotated[
    str | None, typer.Option("--profile", help="Profile name or TOML file; detected by default.")
]
LogFormat = Annotated[
    list[str] | None,
    typer.Option("--log-format", help="The bot's own loguru or logging format string; repeatable."),
]
DateFormat = Annotated[str, typer.Option("--date-format", help="The datefmt of a logging --log-format.")]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="Encoding of all text; detected by default.")
]
Zone = Annotated[
    str | None, typer.Option("--tz", help="Time zone of the logs' times, like Europe/Moscow or +03:00.")
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", help="Judge only closes and rows from this time of the logs on; earlier logs give context."
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", help="Judge only closes and rows before this time of the logs.")
]
SourceFlag = Annotated[
    str | None,
    typer.Option("--source", help="The bot's source: a folder, or REPO[@REVISION]; it is read, never run."),
]
Recorder = Annotated[
    str | None,
    typer.Option("--recorder", help="The source's function that records trades, to be found by default."),
]
Jobs = Annotated[
    int | None, typer.Option("--jobs", min=0, help="Worker processes; 0 for one a core, up to 8.")
]
NoCache = Annotated[
    bool | None, typer.Option("--no-cache", help="Read everything anew, and remember nothing.")
]
Quiet = Annotated[bool | None, typer.Option("--quiet", "-q", help="No progress and no summary line.")]
Verbose = Annotated[bool | None, typer.Option("--verbose", "-v", help="All evidence lines.")]
ColorFlag = Annotated[Color | None, typer.Option("--color", help="When to colour the text report.")]
Config = Annotated[
    str, typer.Option("--config", help="A settings file, in place of the logaudit.toml found from here up.")
]
FailOnFlag = Annotated[FailOn | None, typer.Option("--fail-on", help="Severity from which to exit 1.")]
Select = Annotated[
    list[str] | None,
    typer.Option("--select", help="Judge only these rules (LA101, missing-row, LA4); repeatable."),
]
RequireCoverage = Annotated[
    float | None,
    typer.Option("--require-coverage", help="Share of time and trades that logs must cover, like 0.95."),
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="Do not judge these rules; repeatable.")]


def reading(
    *,
    paths: Sequence[str] | None,
    profile: str | None,
    log_format: Sequence[str] | None,
    date_format: str,
    encoding: str | None,
    tz: str | None,
    jobs: int | None,
    no_cache: bool | None,
    quiet: bool | None,
    since: str | None = None,
    until: str | None = None,
) -> dict[str, object]:
    """The flags about reading as settings: only those that were given."""
    formats = [{"format": text, "datefmt": date_format} for text in log_format or ()]
    return given(
        {
            "paths": paths or None,
            "profile": profile,
            "log-formats": formats or None,
            "encoding": encoding,
            "tz": tz,
            "since": since,
            "until": until,
            "jobs": jobs,
            "no-cache": no_cache,
            "quiet": quiet,
        }
    )


def given(flags: dict[str, object]) -> dict[str, object]:
    """The flags that were given."""
    return {key: value for key, value in flags.items() if value is not None}


def words(items: Sequence[str] | None) -> list[str] | None:
    """``--select LA1,LA2 --select LA3`` as three words; None when not given."""
    if not items:
        return None
    return [word.strip() for item in items for word in item.split(",") if word.strip()]
