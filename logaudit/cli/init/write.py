"""Writes first settings and nightly jobs; refuses before it reads, and never overwrites."""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path, PurePath
from typing import Final

from msgspec import Struct

from logaudit.cli.init import systemd
from logaudit.cli.init.package import requirement
from logaudit.config import FILE_NAME
from logaudit.config.show import toml_text
from logaudit.config.trust import Scanned
from logaudit.core.atomic_write import write_all
from logaudit.core.errors import UserError
from logaudit.core.not_judged import Reason
from logaudit.core.report import Report
from logaudit.core.text import plural, printable
from logaudit.renderers.not_judged import not_judged
from logaudit.sources.protect import refuse_inside_evidence

_GITHUB: Final = ".github/workflows/logaudit.yml"
_GITLAB: Final = ".gitlab-ci.yml"
_GITLAB_PART: Final = ".gitlab/logaudit.gitlab-ci.yml"
#: The profile that rows taught.
_LEARNED: Final = "bot-profile.toml"
_SYSTEMD: Final = ("logaudit.service", "logaudit.timer")
#: What a job installs where only this machine has this logaudit: a checkout of it beside the bot's own files.
_CHECKOUT: Final = "./logaudit"
_TO_DECIDE: Final = "TODO(human): this logaudit came from a folder of one machine. Say where a job gets it: "


class Wanted(Struct, frozen=True):
    """Which jobs to write beside the settings."""

    github: bool = False
    gitlab: bool = False
    systemd: bool = False

    def files(self, working: Path) -> list[tuple[str, str]]:
        """(template, path relative to ``working``) of every job."""
        gitlab = _GITLAB_PART if (working / _GITLAB).exists() else _GITLAB
        pairs = [("github.yml", _GITHUB)] if self.github else []
        pairs += [("gitlab.yml", gitlab)] if self.gitlab else []
        return pairs + ([(name, name) for name in _SYSTEMD] if self.systemd else [])


def refuse(paths: Sequence[str], wanted: Wanted, working: Path) -> None:
    """Checks everything that would stop the writing.

    Raises:
        UserError: a file is there already, or the settings would lie among the evidence.
    """
    jobs = wanted.files(working)
    if (working / FILE_NAME).exists() and not jobs:
        raise UserError(
            f"{FILE_NAME} is there already and is left as it is.",
            "Remove it first, or ask for a job: --github, --gitlab, --systemd.",
        )
    for _, name in jobs:
        if (working / name).exists():
            raise UserError(f"{name} is there already and is left as it is.", "Remove it first.")
    if place := Scanned(paths, working).place_of(working / FILE_NAME):
        raise UserError(
            f"{FILE_NAME} would lie {place}, and settings among the evidence are not used.",
            f"Run it from a folder above: cd .. && logaudit init {working.name}",
        )
    refuse_inside_evidence([working / FILE_NAME, *(working / name for _, name in jobs)], paths)


def write(
    paths: Sequence[str], report: Report, zone: str, wanted: Wanted, working: Path, learned: str = ""
) -> list[str]:
    """Writes the settings (unless they are there) and the jobs, all or none.

    Args:
        paths: what to scan, relative to ``working`` or absolute.
        report: a scan of it, for the profile and for what to say.
        zone: what the user said the logs' times mean; may be empty.
        wanted: the jobs.
        working: where the settings go.
        learned: the profile that rows taught, as TOML.

    Returns:
        What to tell the user, line by line.

    Raises:
        UserError: a place cannot be written.
    """
    files: list[tuple[Path, str]] = []
    told: list[str] = []
    if (working / FILE_NAME).exists():
        told.append(f"kept {FILE_NAME} as it is")
    else:
        files.append((working / FILE_NAME, _settings(paths, report, zone, working, learned=bool(learned))))
        if learned and (working / _LEARNED).exists():
            told.append(f"kept {_LEARNED} as it is")
        elif learned:
            files.append((working / _LEARNED, learned))
    files += [(working / name, _ci_job(template, working)) for template, name in wanted.files(working)]
    for path, _ in files:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{path.parent} cannot be made: {error.strerror or error}.") from error
    write_all(files)
    told += [f"wrote {path.relative_to(working).as_posix()}" for path, _ in files]
    if any(path == working / _GITLAB_PART for path, _ in files):
        told.append(f"add to {_GITLAB}: include: [{{ local: {_GITLAB_PART} }}]")
    if wanted.github or wanted.gitlab:
        told += _to_decide(paths, working)
    return told + _next(report)


def _from(path: str, working: Path) -> str:
    """The path relative to ``working`` where it lies in it: such a path holds in another checkout as well."""
    whole = PurePath(working, path)
    return (whole.relative_to(working) if whole.is_relative_to(working) else PurePath(path)).as_posix()


def _to_decide(paths: Sequence[str], working: Path) -> list[str]:
    """What a job elsewhere cannot know."""
    told = []
    if requirement() is None:
        told.append("set PACKAGE in the job: this logaudit came from a folder that only this machine has")
    if away := [path for path in paths if PurePath(_from(path, working)).is_absolute()]:
        told.append(f"set paths in {FILE_NAME}: a job elsewhere has no {' '.join(map(printable, away))}")
    return told


def _settings(paths: Sequence[str], report: Report, zone: str, working: Path, *, learned: bool) -> str:
    names = list(dict.fromkeys(_LEARNED if choice.learned else choice.name for choice in report.profiles))
    why = " ".join(dict.fromkeys(printable(str(choice.why)) for choice in report.profiles if choice.why.text))
    several = f"{len(names)} bots were found ({', '.join(names)}); each is detected."
    known = report.not_judged is None or report.not_judged.reason is not Reason.NOT_RECOGNISED
    last = max((source.last.day.year for source in report.sources if source.last), default=2030)
    return _fill(
        "logaudit.toml",
        {
            "PATHS": ", ".join(toml_text(_from(path, working)) for path in paths),
            "WHY": several
            if len(names) > 1
            else f"Detected: {why}."
            if known
            else f"None was recognised: {why}.",
            "PROFILE": f"profile = {toml_text(names[0])}"
            if len(names) == 1 and known and (learned or names != [_LEARNED])
            else '# profile = ""',
            "TZ": f"tz = {toml_text(zone)}" if zone else '# tz = "Europe/Moscow"',
            "UNTIL": f"{last + 1}-12-31",
        },
    )


def _ci_job(template: str, working: Path) -> str:
    package = requirement()
    if template in _SYSTEMD:
        values = {
            "WORKING": systemd.directory(str(working)),
            "PYTHON": systemd.program(sys.executable),
            "USER": systemd.specifiers(_user()),
        }
    else:
        values = {
            # A JSON string is a YAML one as well.
            "PACKAGE": json.dumps(package or _CHECKOUT, ensure_ascii=False),
            "DECIDE": "" if package else _TO_DECIDE,
        }
    return _fill(template, values)


def _user() -> str:
    """Who runs this; a container may know no name for it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "root"


def _fill(template: str, values: dict[str, str]) -> str:
    text = (resources.files("logaudit.cli.init") / "templates" / template).read_text("utf-8")
    text = re.sub("@([A-Z]+)@", lambda found: values[found[1]], text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _next(report: Report) -> list[str]:
    summary = report.summary
    lines = ["next: logaudit scan"]
    if summary.errors:
        lines.append(
            f"it will report {plural(summary.errors, 'error')} ({summary.missing:,} of "
            f"{plural(summary.closes, 'close')} missing); once they are known: logaudit baseline create, and "
            "uncomment baseline in logaudit.toml"
        )
    if told := not_judged(report):
        lines.append(f"it will end as not judged (exit code 3): {told}")
    if os.name == "nt":
        lines.append("to run it every night, make a task of it: schtasks /create /?")
    return lines
