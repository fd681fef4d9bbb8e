"""The guides: they name what exists, and their examples can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from program import run

from logaudit.config import FORMATS, resolve
from logaudit.config.check import KEYS
from logaudit.config.schema import schema

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NIGHTLY = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def test_every_setting_stands_in_the_guide_and_no_other() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \|", SETTINGS, flags=re.MULTILINE)
    named = {key for row in rows for key in re.findall(r"`([a-z-]+)`", row)}
    assert named == set(KEYS)


def test_every_limit_stands_in_the_guide_with_its_default_and_its_bounds_and_with_those_of_security() -> None:
    bounds = schema()["$defs"]["LimitSettings"]["properties"]
    stated = {
        name: (f"{limit['default']:,}", f"{limit['minimum']:,}", f"{limit['maximum']:,}")
        for name, limit in bounds.items()
    }
    rows = re.findall(r"^\| `limits\.([a-z-]+)` \| (\S+) \| (\S+) \| (\S+) \|", SETTINGS, flags=re.MULTILINE)
    assert {name: tuple(numbers) for name, *numbers in rows} == stated
    assert re.findall(r"\| `limits\.([a-z-]+)` \|$", SECURITY, flags=re.MULTILINE) == list(stated)


def test_every_flag_of_the_guide_exists(tmp_path: Path) -> None:
    known = run(tmp_path, "scan", "--help", COLUMNS="200").stdout
    for flag in set(re.findall(r"`(--[a-z-]+)`", SETTINGS)) - {"--config"}:
        assert flag in known


def test_every_format_stands_in_the_guide() -> None:
    assert all(f"`{form}`" in NIGHTLY for form in FORMATS)


@pytest.mark.parametrize("text", blocks(NIGHTLY, "yaml"))
def test_examples_of_jobs_are_yaml(text: str) -> None:
    assert yaml.safe_load(text)


def test_the_example_of_a_suppression_is_one(tmp_path: Path) -> None:
    (text,) = (block for block in blocks(SETTINGS, "toml") if "[[suppressions]]" in block)
    (tmp_path / "logaudit.toml").write_text(text, encoding="utf-8")
    (item,) = resolve({}, {}, tmp_path).settings.suppressions
    assert item.until == tomllib.loads(text)["suppressions"][0]["until"]


def test_the_example_of_a_ledger_is_one(tmp_path: Path) -> None:
    (text,) = (block for block in blocks(SETTINGS, "toml") if "[[ledgers]]" in block)
    (tmp_path / "logaudit.toml").write_text(text, encoding="utf-8")
    (item,) = resolve({}, {}, tmp_path).settings.ledgers
    assert item.files == tomllib.loads(text)["ledgers"][0]["files"]


def test_the_message_about_a_wrong_setting_is_what_is_said(tmp_path: Path) -> None:
    (tmp_path / "logaudit.toml").write_text('fail-on = "eror"\n', encoding="utf-8")
    (text,) = (block for block in blocks(SETTINGS, "text") if "eror" in block)
    assert run(tmp_path, "config", "show").stderr == text


def test_commands_of_the_guides_exist(tmp_path: Path) -> None:
    lines = [
        line for text in (SETTINGS, NIGHTLY) for block in blocks(text, "sh") for line in block.splitlines()
    ]
    commands = {m[1] for line in lines if (m := re.match(r"logaudit ((?:baseline |config )?[a-z]+)", line))}
    assert len(commands) >= 5
    for command in commands:
        assert run(tmp_path, *command.split(), "--help").returncode == 0
