"""Settings: who wins, where they are found, and how wrong ones are refused."""

from __future__ import annotations

import os
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logaudit.config import Resolved, parse_age, resolve
from logaudit.config.check import KEYS
from logaudit.config.show import show
from logaudit.core.errors import UserError


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def settings(working: Path, *, flags=None, environment=None, config="") -> Resolved:
    return resolve(flags or {}, environment or {}, working, config)


def refused(working: Path, **more) -> str:
    with pytest.raises(UserError) as caught:
        settings(working, **more)
    return f"{caught.value.problem} {caught.value.remedy}".strip()


def test_flags_win_over_variables_over_the_file_over_defaults(tmp_path: Path) -> None:
    put(tmp_path / "logaudit.toml", 'fail-on = "warning"\njobs = 1\ntz = "UTC"\n')
    found = settings(
        tmp_path,
        environment={"LOGAUDIT_JOBS": "2", "LOGAUDIT_TZ": "+01:00"},
        flags={"tz": "+02:00"},
    )
    assert (found.settings.fail_on, found.settings.jobs, found.settings.tz) == ("warning", 2, "+02:00")
    assert found.settings.encoding == ""
    origins = {key: found.origins[key] for key in ("fail-on", "jobs", "tz", "encoding")}
    assert origins == {
        "fail-on": "logaudit.toml",
        "jobs": "LOGAUDIT_JOBS",
        "tz": "--tz",
        "encoding": "default",
    }


def test_a_stronger_list_replaces_a_weaker_one(tmp_path: Path) -> None:
    put(tmp_path / "logaudit.toml", 'select = ["LA1"]\n')
    assert settings(tmp_path, environment={"LOGAUDIT_SELECT": "LA2, LA3"}).settings.select == ("LA2", "LA3")


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    """Continuous integration passes inputs that nobody gave as empty variables."""
    put(tmp_path / "logaudit.toml", "jobs = 3\n")
    found = settings(tmp_path, environment={"LOGAUDIT_JOBS": "", "LOGAUDIT_PATHS": " \n"})
    assert found.settings.jobs == 3


def test_lists_in_variables_are_split_at_lines_or_else_at_commas(tmp_path: Path) -> None:
    found = settings(
        tmp_path,
        environment={
            "LOGAUDIT_PATHS": "logs, more\nother\n",
            "LOGAUDIT_OUTPUTS": "json=a.json,sarif=b.sarif",
            "LOGAUDIT_LOG_FORMATS": "{time} {message}",
            "LOGAUDIT_DATE_FORMAT": "%H",
        },
    )
    assert found.settings.paths == ("logs, more", "other")
    assert found.settings.outputs == ("json=a.json", "sarif=b.sarif")
    assert [(f.format, f.datefmt) for f in found.settings.log_formats] == [("{time} {message}", "%H")]


# --- Where the file is found


def test_the_nearest_file_upwards_is_used_and_its_paths_are_relative_to_it(tmp_path: Path) -> None:
    put(tmp_path / "logaudit.toml", 'paths = ["far"]\n')
    put(
        tmp_path / "a" / "logaudit.toml",
        'paths = ["logs", "/abs"]\noutputs = ["json=out.json"]\nbaseline = "b.json"\nprofile = "mine.toml"\n',
    )
    (tmp_path / "a" / "b").mkdir()
    found = settings(tmp_path / "a" / "b").settings
    assert [Path(p) for p in found.paths] == [Path("../logs"), Path("/abs")]
    assert Path(found.outputs[0].removeprefix("json=")) == Path("../out.json")
    assert Path(found.baseline) == Path("../b.json")
    assert Path(found.profile) == Path("../mine.toml")
    assert settings(tmp_path / "a").settings.paths[0] == "logs"


def test_pyproject_is_used_where_it_has_our_table_and_loses_to_our_own_file(tmp_path: Path) -> None:
    put(tmp_path / "pyproject.toml", "[tool.logaudit]\njobs = 2\n")
    put(tmp_path / "a" / "pyproject.toml", "[tool.ruff]\nx = 1\n")
    assert settings(tmp_path / "a").settings.jobs == 2
    put(tmp_path / "logaudit.toml", "jobs = 3\n")
    assert settings(tmp_path / "a").settings.jobs == 3


@pytest.mark.parametrize(
    "text",
    [
        "[tool.logaudit]\njobs = 2",
        "[ tool . 'logaudit' ]\njobs = 2",
        '["tool"]\nlogaudit.jobs = 2',
        "  [tool]\n[tool.ruff]\nx = 1\n[tool.logaudit]\njobs = 2",
        "[tool] # ours\nlogaudit = { jobs = 2 }",
        "tool.logaudit.jobs = 2",
        "x = 1\ntool = { logaudit = { jobs = 2 } }",
        "[tool\t.\tlogaudit]\r\njobs = 2",
        "\ufeff[tool]\nlogaudit = { jobs = 2 }",
        "\ufefftool.logaudit.jobs = 2",
    ],
)
def test_the_table_is_found_however_it_is_written(tmp_path: Path, text: str) -> None:
    put(tmp_path / "pyproject.toml", text)
    assert settings(tmp_path).settings.jobs == 2


def test_a_broken_pyproject_of_another_project_is_no_business_of_ours(tmp_path: Path) -> None:
    put(tmp_path / "pyproject.toml", "[tool.ruff\n")
    assert settings(tmp_path).file is None


def test_config_replaces_discovery(tmp_path: Path) -> None:
    put(tmp_path / "logaudit.toml", "jobs = 1\n")
    put(tmp_path / "other.toml", "tz = 'UTC'\n")
    found = settings(tmp_path, config="other.toml")
    assert (found.settings.jobs, found.settings.tz) == (0, "UTC")
    assert "nowhere.toml cannot be read" in refused(tmp_path, config="nowhere.toml")


def test_settings_inside_the_scanned_tree_are_not_used_and_that_is_said(tmp_path: Path) -> None:
    put(tmp_path / "logs" / "logaudit.toml", "this is not even TOML")
    put(tmp_path / "logaudit.toml", "jobs = 4\n")
    found = settings(tmp_path / "logs", flags={"paths": ["."]})
    assert found.settings.jobs == 4
    (note,) = found.notes
    assert note.startswith("logaudit.toml lies inside '.', which is scanned, and is not used")
    put(tmp_path / "logs" / "logaudit.toml", "jobs = 5\n")
    found = settings(tmp_path / "logs", flags={"paths": ["."]}, config="logaudit.toml")
    assert found.settings.jobs == 5


def test_a_working_directory_below_the_scanned_folder_is_inside_it(tmp_path: Path) -> None:
    put(tmp_path / "logs" / "deep" / "logaudit.toml", "jobs = 5\n")
    for path in ("..", str(tmp_path / "logs"), "../../lo*"):
        assert settings(tmp_path / "logs" / "deep", flags={"paths": [path]}).file is None


def test_a_file_whose_own_paths_hold_it_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "logaudit.toml", 'paths = ["."]\n')
    assert "lies inside '.', and settings among the evidence are not used" in refused(tmp_path)
    assert settings(tmp_path, config="logaudit.toml").settings.paths == (".",)


def test_a_link_into_the_scanned_tree_does_not_hide_where_settings_lie(tmp_path: Path) -> None:
    put(tmp_path / "logs" / "evil.toml", "jobs = 6\n")
    try:
        (tmp_path / "logaudit.toml").symlink_to(tmp_path / "logs" / "evil.toml")
    except OSError:
        pytest.skip("links need a privilege here")
    assert settings(tmp_path, flags={"paths": ["logs"]}).file is None


@pytest.mark.parametrize("paths", [["a.log"], ["*.log"], ["a.log", "b.log"], ["../logs/a.log"], ["**/*.log"]])
@pytest.mark.parametrize("name", ["logaudit.toml", "pyproject.toml"])
def test_settings_beside_scanned_files_are_not_used_and_that_is_said_once(
    tmp_path: Path, paths: list[str], name: str
) -> None:
    """As in `cd logs && logaudit scan *.log`, whoever expands the pattern."""
    put(tmp_path / "logaudit.toml", "jobs = 4\n")
    put(tmp_path / "logs" / name, "[tool.logaudit]\njobs = 5\n" if "py" in name else "jobs = 5\n")
    for log in ("a.log", "b.log"):
        put(tmp_path / "logs" / log, "x\n")
    found = settings(tmp_path / "logs", flags={"paths": paths})
    assert (found.settings.jobs, found.origins["jobs"]) == (4, "../logaudit.toml")
    (note,) = found.notes
    assert note.startswith(f"{name} lies ")
    assert note.endswith(f"Pass --config {name} to use it all the same.")
    assert settings(tmp_path / "logs", flags={"paths": paths}, config=name).settings.jobs == 5
    assert settings(tmp_path / "logs", environment={"LOGAUDIT_PATHS": "\n".join(paths)}).settings.jobs == 4


@pytest.mark.parametrize(
    "paths",
    [
        ["logs"],
        ["logs/a.log"],
        ["logs/*.log"],
        ["l*/*.log"],
        ["logs/**/*.log"],
        ["logs*"],
        ["nowhere"],
        ["*.gz"],
    ],
)
def test_settings_above_what_is_scanned_are_used(tmp_path: Path, paths: list[str]) -> None:
    put(tmp_path / "logaudit.toml", "jobs = 4\n")
    put(tmp_path / "logs" / "a.log", "x\n")
    found = settings(tmp_path, flags={"paths": paths})
    assert (found.settings.jobs, found.notes) == (4, ())


def test_a_link_to_a_log_does_not_hide_the_folder_it_lies_in(tmp_path: Path) -> None:
    put(tmp_path / "logs" / "logaudit.toml", "jobs = 5\n")
    put(tmp_path / "logs" / "a.log", "x\n")
    put(tmp_path / "here" / "logaudit.toml", "jobs = 6\n")
    try:
        (tmp_path / "here" / "a.log").symlink_to(tmp_path / "logs" / "a.log")
        (tmp_path / "alias").symlink_to(tmp_path / "logs", target_is_directory=True)
    except OSError:
        pytest.skip("links need a privilege here")
    assert settings(tmp_path / "logs", flags={"paths": ["../here/a.log"]}).file is None
    assert settings(tmp_path / "here", flags={"paths": ["a.log"]}).file is None
    assert settings(tmp_path / "logs", flags={"paths": ["../alias/a.log"]}).file is None
    assert settings(tmp_path / "logs", flags={"paths": ["../alias"]}).file is None


def test_settings_that_are_a_link_out_of_the_scanned_tree_lie_in_it(tmp_path: Path) -> None:
    put(tmp_path / "evil.toml", "jobs = 6\n")
    put(tmp_path / "logs" / "a.log", "x\n")
    try:
        (tmp_path / "logs" / "logaudit.toml").symlink_to(tmp_path / "evil.toml")
    except OSError:
        pytest.skip("links need a privilege here")
    for paths in (["."], ["a.log"], ["*.log"]):
        assert settings(tmp_path / "logs", flags={"paths": paths}).file is None


def test_own_paths_that_name_a_file_beside_are_refused_unless_the_file_is_named(tmp_path: Path) -> None:
    put(tmp_path / "bot.log", "x\n")
    put(tmp_path / "logaudit.toml", 'paths = ["bot.log"]\n')
    assert "lies beside 'bot.log', and settings among the evidence are not used" in refused(tmp_path)
    assert settings(tmp_path, config="logaudit.toml").settings.paths == ("bot.log",)
    # Not asked for: flags say what is scanned.
    put(tmp_path / "logs" / "a.log", "x\n")
    assert settings(tmp_path, flags={"paths": ["logs"]}).settings.paths == ("logs",)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners there")
@pytest.mark.parametrize(
    ("owner", "mode", "used"), [("other", 0o777, False), ("other", 0o755, True), ("own", 0o1777, True)]
)
def test_a_strangers_settings_in_a_folder_open_to_all_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: str, mode: int, *, used: bool
) -> None:
    """As in /tmp, where anybody may leave a file for whoever works below."""
    shared = tmp_path / "shared"
    file = put(shared / "logaudit.toml", "jobs = 6\n")
    (shared / "mine").mkdir()
    shared.chmod(mode)
    if owner == "other" and os.geteuid() == 0:
        os.chown(file, 12_345, -1)
    elif owner == "other":
        monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    found = settings(shared / "mine", flags={"paths": ["logs"]})
    assert (found.file is not None) == used
    if not used:
        (note,) = found.notes
        assert "belongs to another user" in note
        assert "--config ../logaudit.toml" in note
        assert settings(shared / "mine", config="../logaudit.toml").settings.jobs == 6


# --- Errors


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('fail-on = "eror"', "logaudit.toml: fail-on: 'eror' is not known. Did you mean error?"),
        ("falon = 1", "logaudit.toml: unknown key 'falon'. Did you mean fail-on?"),
        ("require-coverage = 95", "logaudit.toml: require-coverage: it must be <= 1.0. 0.95 means 95 %."),
        ('max-age = "26"', "logaudit.toml: max-age: '26' cannot be read. For example 26h, 90m or 2d."),
        (
            'paths = "logs"',
            'logaudit.toml: paths: a list is expected here, not text. Write paths = ["logs"].',
        ),
        ('outputs = ["sraif=x"]', "logaudit.toml: outputs: unknown format 'sraif'. Did you mean sarif?"),
        (
            '[[suppressions]]\nrule = "LA101"',
            "logaudit.toml: suppressions[0]: reason is missing. Say why, for whoever reads the report next year.",
        ),
        (
            '[[suppressions]]\nreason = "x"\nutil = 1',
            "logaudit.toml: suppressions[0]: unknown key 'util'. Did you mean until?",
        ),
        ("jobs = -1", "logaudit.toml: jobs: it must be >= 0."),
        (
            "until = 2026-01-31",
            'logaudit.toml: until: text is expected here, not a date. Write it between quotes: "2026-01-31".',
        ),
        (
            '[[suppressions]]\nrule = "LA1"\nreason = "x"\nuntil = "soon"',
            (
                "logaudit.toml: suppressions[0].until: invalid RFC3339 encoded date. Write a date like 2026-01-31, "
                "without quotes."
            ),
        ),
        ("jobs = ", "logaudit.toml: not valid TOML: Invalid value (at end of document)."),
    ],
)
def test_an_error_names_file_key_and_near_miss(tmp_path: Path, text: str, said: str) -> None:
    put(tmp_path / "logaudit.toml", text)
    assert refused(tmp_path) == said


@pytest.mark.parametrize("text", ['reason = " "\nrule = "LA1"', 'reason = "x"'])
def test_a_suppression_needs_a_reason_and_something_to_suppress(tmp_path: Path, text: str) -> None:
    put(tmp_path / "logaudit.toml", f"[[suppressions]]\n{text}\n")
    assert "logaudit.toml: suppressions[0]" in refused(tmp_path)


def test_variables_and_flags_are_checked_alike(tmp_path: Path) -> None:
    assert refused(tmp_path, environment={"LOGAUDIT_FAIL_ON": "eror"}).startswith("LOGAUDIT_FAIL_ON: 'eror'")
    assert refused(tmp_path, environment={"LOGAUDIT_JOBS": "many"}).startswith("LOGAUDIT_JOBS: ")
    assert refused(tmp_path, flags={"max-age": "soon"}).startswith("--max-age: 'soon'")
    assert refused(tmp_path, flags={"outputs": ["json"]}).startswith("--output: 'json' is not FORMAT=FILE")


def test_a_misspelt_variable_is_refused_and_a_strange_one_is_not_ours(tmp_path: Path) -> None:
    said = refused(tmp_path, environment={"LOGAUDIT_FAILON": "error"})
    assert said == "LOGAUDIT_FAILON: there is no such setting. Did you mean LOGAUDIT_FAIL_ON?"
    settings(tmp_path, environment={"LOGAUDIT_TRACEBACK": "1", "LOGAUDIT_CORPUS": "x", "LOGAUDIT_HOME": "y"})


# --- Showing


def test_show_is_toml_with_an_origin_behind_every_value(tmp_path: Path) -> None:
    put(
        tmp_path / "logaudit.toml",
        'paths = ["a \\"b\\" \\\\ \\u001b"]\n[[log-formats]]\nformat = "{time} {message}"\n'
        '[[suppressions]]\nrule = "LA403"\nreason = "known"\nuntil = 2030-01-31\n',
    )
    found = settings(tmp_path, environment={"LOGAUDIT_EXIT_ZERO": "true"})
    text = show(found)
    assert set(tomllib.loads(text)) == set(KEYS)
    again = put(tmp_path / "again.toml", text)
    assert settings(tmp_path, config=str(again)).settings == found.settings
    lines = {line.split(" = ")[0]: line.rsplit("# ", 1)[1] for line in text.splitlines()}
    assert lines["paths"] == lines["suppressions"] == "logaudit.toml"
    assert lines["exit-zero"] == "LOGAUDIT_EXIT_ZERO"
    assert lines["tz"] == "default"


@given(st.lists(st.tuples(st.integers(0, 999), st.sampled_from("wdhms")), min_size=1, max_size=4))
def test_an_age_is_the_sum_of_its_parts(parts: list[tuple[int, str]]) -> None:
    seconds = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
    text = "".join(f"{count}{unit}" for count, unit in parts)
    assert parse_age(text) == timedelta(seconds=sum(count * seconds[unit] for count, unit in parts))


def test_no_age_is_no_limit() -> None:
    assert parse_age("") is None
