"""Conventions of a command line: short flags, grouped help, near misses, formats by ending, relative times, colours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from program import run
from test_startup import loaded

from logaudit.cli import app
from logaudit.cli.command_modules import load
from logaudit.cli.console import Screen
from logaudit.cli.help import _EXAMPLES, nearest
from logaudit.cli.output_format import chosen_format
from logaudit.config import resolve
from logaudit.config.ages import relative_time
from logaudit.config.check import output
from logaudit.core.docs_url import DOCS_URL
from logaudit.core.errors import UserError
from logaudit.reconcile.clocks.timezone import nearest_zone

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed-incident" / "logs"
CLEAN = ROOT / "fixtures" / "clean" / "logs"
MOSCOW = timezone(timedelta(hours=3))
NOON = datetime(2026, 3, 2, 12, 30, 15, 999_999, tzinfo=MOSCOW)


def test_short_flags_do_what_the_long_ones_do(tmp_path: Path) -> None:
    for words in ((), ("scan",), ("profile",), ("profile", "list")):
        assert run(tmp_path, *words, "-h").stdout == run(tmp_path, *words, "--help").stdout != ""
    assert run(tmp_path, "-V").stdout == run(tmp_path, "--version").stdout


def test_help_has_groups_examples_and_brackets_as_they_stand(tmp_path: Path) -> None:
    text = run(tmp_path, "scan", "-h", COLUMNS="160").stdout
    for part in ("─ Reading ─", "─ Judging ─", "─ Output ─", "─ Running ─", "Examples:", "REPO[@REVISION]"):
        assert part in text
    assert "[[ledgers]]" in run(tmp_path, "profile", "ledger", "-h", COLUMNS="160").stdout


def test_every_command_with_examples_links_to_a_page_that_is_there(tmp_path: Path) -> None:
    """The page of the site that is made of it."""
    for name, (commands, page) in _EXAMPLES.items():
        assert commands
        assert (ROOT / page).exists()
        place = page.removeprefix("docs/").removesuffix("README.md").removesuffix(".md").strip("/")
        link = f"Guide: {DOCS_URL}{place}" + ("/" if place else "")
        assert link in run(tmp_path, *([name] if name else []), "-h", COLUMNS="160").stdout


def test_every_command_stands_under_a_heading(tmp_path: Path) -> None:
    text = run(tmp_path, "-h", COLUMNS="160").stdout
    assert "─ Commands ─" not in text
    load()
    for command in app.registered_commands:
        assert f"│ {(command.callback.__name__ if command.callback else '')} " in text


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["scan", "--sinc", "x"], "--since"),
        (["--verson"], "--version"),
        (["report", "--fromat", "md"], "--format"),
    ],
)
def test_a_near_miss_names_the_one_option_that_is_meant(tmp_path: Path, words: list[str], meant: str) -> None:
    done = run(tmp_path, *words)
    assert done.returncode == 2
    assert (
        f"No such option: {words[0] if len(words) == 1 else words[1]}. Did you mean {meant}?" in done.stderr
    )


def test_what_is_near_to_nothing_gets_no_proposal(tmp_path: Path) -> None:
    assert "mean" not in run(tmp_path, "scan", "--quux").stderr
    assert nearest("--baseline", ["--since", "--until"]) == []


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Europe/Moscw", "Europe/Moscow"),
        ("moscow", "Europe/Moscow"),
        ("New_York", "America/New_York"),
        ("Mars", ""),
    ],
)
def test_a_misspelt_zone_is_told_the_one_that_is_meant(word: str, meant: str) -> None:
    assert nearest_zone(word) == meant


def test_errors_about_flags_load_no_rich() -> None:
    assert "rich.console" not in loaded("scan", "--sinc", code=2)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.txt", "text"), ("a.json", "json"), ("a.jsonl", "jsonl"), ("a.sarif", "sarif"), ("a.xml", "junit"),
        ("a.md", "markdown"), ("dir.csv/A.HTML", "html"), ("a.csv", "csv"),
    ],
)  # fmt: skip
def test_the_ending_decides_the_format(name: str, form: str) -> None:
    assert output(name, "--output") == (form, name)


@pytest.mark.parametrize(
    "item", ["json=a.html", "html=a.json", "sarif=a.md", "csv=a.xml", "a.zip", "report", "=a.json"]
)
def test_a_contradiction_or_no_format_at_all_is_refused(item: str) -> None:
    with pytest.raises(UserError):
        output(item, "--output")


@pytest.mark.parametrize("item", ["sarif=a.json", "gitlab=code.json", "json=state", "github=notes.txt"])
def test_what_contradicts_nothing_is_written_as_stated(item: str) -> None:
    form, _, name = item.partition("=")
    assert output(item, "--output") == (form, name)


def test_formats_of_other_commands_by_ending_too(tmp_path: Path) -> None:
    endings = {".md": "md", ".html": "html"}
    assert chosen_format(None, "", endings) == "md"
    assert chosen_format(None, "A.HTML", endings) == "html"
    assert chosen_format("html", "page", endings) == "html"
    with pytest.raises(UserError, match=r"a\.md ends as md does"):
        chosen_format("html", "a.md", endings)
    with pytest.raises(UserError, match=r"No format is known by the ending of a\.pdf"):
        chosen_format(None, "a.pdf", endings)
    assert chosen_format("md", "a.pdf", endings) == "md"
    assert [chosen_format(None, name, endings) for name in ("a", "a.txt", "of.2025-11", "-")] == ["md"] * 4
    target = tmp_path / "trades.parquet"
    assert run(tmp_path, "trades", CLEAN, "-q", "-o", target).returncode == 0
    assert target.read_bytes()[:4] == b"PAR1"
    assert run(tmp_path, "report", SEED, "-q", "-o", "page.html").returncode == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!")
    assert run(tmp_path, "diff", SEED, SEED, "-q", "-o", "a.json", "--format", "text").returncode == 2


def test_format_is_the_name_everywhere_and_the_old_one_stays(tmp_path: Path) -> None:
    new, old = (run(tmp_path, "scan", SEED, "-q", flag, "json") for flag in ("--format", "--output-format"))
    assert new == old
    assert json.loads(new.stdout)["verdict"] == "lost"
    short, whole = (run(tmp_path, "report", SEED, "-q", "--format", form) for form in ("md", "markdown"))
    assert short == whole
    assert short.stdout.startswith("#")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("today", "2026-03-02"),
        ("Yesterday", "2026-03-01"),
        ("24h", "2026-03-01 12:30:15"),
        ("7d", "2026-02-23 12:30:15"),
        ("1d12h", "2026-03-01 00:30:15"),
        ("90m", "2026-03-02 11:00:15"),
        ("2025-11-28", None),
        ("yesteday", None),
        ("24", None),
        ("h", None),
    ],
)
def test_relative_times_are_counted_from_the_given_moment(text: str, time: str | None) -> None:
    assert relative_time(text, NOON) == time


def test_an_age_is_real_time_also_where_the_clock_was_changed() -> None:
    """Berlin went from 02:00 to 03:00 on 29 March 2026: six hours before 06:00 it was 23:00."""
    morning = datetime(2026, 3, 29, 6, tzinfo=ZoneInfo("Europe/Berlin"))
    assert relative_time("6h", morning) == "2026-03-28 23:00:00"


def test_an_age_before_the_calendar_begins_is_its_beginning() -> None:
    assert relative_time("99999999w", datetime(2026, 1, 1, tzinfo=UTC)) == "0001-01-01 00:00:00"


@pytest.mark.parametrize(
    ("since", "now", "closes"),
    [
        ("24h", "2025-11-29T05:13:00+03:00", 1),
        ("24h", "2025-11-29T05:14:00+03:00", 0),
        ("24h", "2025-11-29T02:13:00+00:00", 1),
        ("24h", "2025-11-29T02:14:00+00:00", 0),
        ("yesterday", "2025-11-29T23:59:00+03:00", 1),
        ("yesterday", "2025-11-29T22:00:00+00:00", 0),
    ],
)
def test_relative_times_are_those_of_the_stated_zone(
    tmp_path: Path, since: str, now: str, closes: int
) -> None:
    """The close was at 05:13:38 on 28 November, on a clock at +03:00."""
    words = ("scan", SEED, "-q", "--tz", "+03:00", "--since", since, "--now", now, "--format", "json")
    assert json.loads(run(tmp_path, *words).stdout)["summary"]["closes"] == closes


def test_a_report_repeats_the_time_that_was_meant(tmp_path: Path) -> None:
    """Read a week later, "24h" would be another time."""
    text = run(tmp_path, "report", SEED, "-q", "--since", "24h", "--tz", "+03:00").stdout
    assert "--since 24h" not in text
    assert "--since '20" in text


def test_without_a_path_this_folder_is_read(tmp_path: Path) -> None:
    here, named = run(SEED, "scan", "-q"), run(SEED, "scan", ".", "-q")
    assert here == named
    assert "LA101" in here.stdout


def test_settings_in_the_folder_that_is_read_by_default_are_not_obeyed(tmp_path: Path) -> None:
    (tmp_path / "logaudit.toml").write_text('select = ["LA9"]\n', encoding="utf-8")
    found = resolve({}, {}, tmp_path, default=(".",))
    assert (found.file, found.settings.select, found.settings.paths) == (None, (), (".",))
    assert "is scanned" in found.notes[0]
    (tmp_path / "logaudit.toml").write_text('paths = ["logs"]\nselect = ["LA9"]\n', encoding="utf-8")
    found = resolve({}, {}, tmp_path, default=(".",))
    assert (found.settings.paths, found.settings.select) == (("logs",), ("LA9",))


class Stream:
    """A stream that is a terminal, or not."""

    encoding = "utf-8"

    def __init__(self, *, terminal: bool) -> None:
        self.isatty = lambda: terminal


@pytest.mark.parametrize(
    ("terminal", "variables", "color"),
    [
        (False, {}, False),
        (True, {"TERM": "xterm"}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (True, {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (False, {"FORCE_COLOR": ""}, False),
        (True, {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_variables_decide_on_colour_where_no_flag_does(
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,  # noqa: FBT001 - a parameter of the test
    variables: dict[str, str],
    color: bool,  # noqa: FBT001 - as above
) -> None:
    for name in ("TERM", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Screen.of(Stream(terminal=terminal), "auto").color is color  # type: ignore[arg-type]
    assert Screen.of(Stream(terminal=terminal), "always").color is True  # type: ignore[arg-type]
    assert Screen.of(Stream(terminal=terminal), "never").color is False  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected", "others"),
    [
        ("rule LA10", {"LA101", "LA109"}, {"LA110", "LA201"}),
        ("rule missing-r", {"missing-row"}, {"missing-ledger"}),
        ("scan --select LA101,missing-r", {"LA101,missing-row"}, set()),
        ("scan --profile okx", {"okx-scalper"}, {"generic"}),
        ("profile show gen", {"generic"}, {"okx-scalper"}),
        ("scan --tz Europe/Mos", {"Europe/Moscow"}, {"Europe/Berlin"}),
    ],
)
def test_the_shell_completes_rules_profiles_and_zones(
    words: str, expected: set[str], others: set[str]
) -> None:
    line = f"logaudit {words}"
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv = ['logaudit']; from logaudit.cli import main; main()"],
        env={**os.environ, "_LOGAUDIT_COMPLETE": "complete_bash", "COMP_WORDS": line}
        | {"COMP_CWORD": str(len(line.split()) - 1)},
        capture_output=True,
        check=False,
        encoding="utf-8",
        cwd=ROOT,
    )
    found = set(done.stdout.split())
    assert expected <= found
    assert not others & found
