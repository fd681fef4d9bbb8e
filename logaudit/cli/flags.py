"""Flags that several commands share, and how they become settings."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from logaudit.cli import completion
from logaudit.locale import LANGUAGES

if TYPE_CHECKING:
    LanguageCode: TypeAlias = str
else:  # the catalogues are not known to type checkers
    LanguageCode = StrEnum("LanguageCode", {code.upper(): code for code in LANGUAGES})

#: Settings that flags give.
Given: TypeAlias = dict[str, object]


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


#: Headings of the help, as more than one command has the flags below them.
READING: Final = "Reading"
JUDGING: Final = "Judging"
OUTPUT: Final = "Output"
RUNNING: Final = "Running"
Paths = Annotated[
    list[str] | None,
    typer.Argument(
        help="Log folders, files, archives or globs; by default those of the settings, else this folder.",
        show_default=False,
    ),
]
ProfileFlag = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Profile name or TOML file; detected by default.",
        autocompletion=completion.profiles,
        rich_help_panel=READING,
    ),
]
LogFormat = Annotated[
    list[str] | None,
    typer.Option(
        "--log-format",
        metavar="FORMAT",
        help="The bot's own loguru or logging format string; repeatable.",
        rich_help_panel=READING,
    ),
]
DateFormat = Annotated[
    str,
    typer.Option(
        "--date-format",
        metavar="FORMAT",
        help="The datefmt of a --log-format of logging.",
        rich_help_panel=READING,
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="Encoding of all text; detected by default.",
        rich_help_panel=READING,
    ),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--tz",
        metavar="ZONE",
        help="Time zone of the logs' times, like Europe/Moscow or +03:00.",
        autocompletion=completion.zones,
        rich_help_panel=READING,
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Judge only closes and rows from this time of the logs on: 2025-11-28, yesterday, 24h, 7d.",
        rich_help_panel=JUDGING,
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="TIME",
        help="Judge only closes and rows before this time of the logs; written like --since.",
        rich_help_panel=JUDGING,
    ),
]
SourceFlag = Annotated[
    str | None,
    typer.Option(
        "--source",
        metavar="DIR|REPO[@REV]",
        help="The bot's source: a folder, or REPO[@REVISION]; it is read, never run.",
        rich_help_panel=READING,
    ),
]
Recorder = Annotated[
    str | None,
    typer.Option(
        "--recorder",
        metavar="FUNCTION",
        help="The source's function that records trades; found by default.",
        rich_help_panel=READING,
    ),
]
FollowLinks = Annotated[
    bool | None,
    typer.Option(
        "--follow-links", help="Read what links lead to, also outside of PATHS.", rich_help_panel=READING
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        min=0,
        metavar="N",
        help="Worker processes; 0 for one a core, up to 8.",
        rich_help_panel=RUNNING,
    ),
]
ExecutorFlag = Annotated[
    str | None,
    typer.Option(
        "--executor",
        metavar="ENGINE",
        help="Run the reading on dask, dask://HOST:PORT or loky; each is an extra.",
        rich_help_panel=RUNNING,
    ),
]
NoCache = Annotated[
    bool | None,
    typer.Option("--no-cache", help="Read everything anew, and remember nothing.", rich_help_panel=RUNNING),
]
Quiet = Annotated[
    bool | None,
    typer.Option("--quiet", "-q", help="No progress and no summary line.", rich_help_panel=RUNNING),
]
Verbose = Annotated[
    bool | None, typer.Option("--verbose", "-v", help="All evidence lines.", rich_help_panel=RUNNING)
]
ColorFlag = Annotated[
    Color | None, typer.Option("--color", help="When to colour the text report.", rich_help_panel=RUNNING)
]
Config = Annotated[
    str,
    typer.Option(
        "--config",
        metavar="FILE",
        help="A settings file, in place of the logaudit.toml found from here up.",
        rich_help_panel=RUNNING,
    ),
]
FailOnFlag = Annotated[
    FailOn | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        help="Severity from which to exit 1: error (default), warning, note or never.",
        rich_help_panel=JUDGING,
    ),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="RULES",
        help="Judge only these rules (LA101, missing-row, LA4); repeatable.",
        autocompletion=completion.rules,
        rich_help_panel=JUDGING,
    ),
]
RequireCoverage = Annotated[
    float | None,
    typer.Option(
        "--require-coverage",
        metavar="SHARE",
        help="Share of time and trades that the logs must cover, like 0.95.",
        rich_help_panel=JUDGING,
    ),
]
BaselineFlag = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="File of known findings, which do not fail.",
        rich_help_panel=JUDGING,
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="RULES",
        help="Do not judge these rules; repeatable.",
        autocompletion=completion.rules,
        rich_help_panel=JUDGING,
    ),
]


def given(flags: dict[str, object]) -> dict[str, object]:
    """The flags that were given."""
    return {key: value for key, value in flags.items() if value is not None}


def words(items: Sequence[str] | None) -> list[str] | None:
    """``--select LA1,LA2 --select LA3`` as three words; None when not given."""
    if not items:
        return None
    return [word.strip() for item in items for word in item.split(",") if word.strip()]
