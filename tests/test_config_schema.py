"""The JSON schema for editors: current, and saying what the program says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from logaudit.config.check import KEYS
from logaudit.config.schema import schema_text

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHEMA = json.loads(schema_text())


def test_the_file_in_docs_is_current() -> None:
    text = (DOCS / "logaudit.schema.json").read_text(encoding="utf-8")
    assert text == schema_text(), "run: python docs/build.py"


def test_every_setting_has_a_description() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(KEYS)
    assert all(len(entry["description"]) > 10 for entry in SCHEMA["properties"].values())


@pytest.mark.parametrize(
    ("settings", "good"),
    [
        ({}, True),
        ({"paths": ["logs"], "fail-on": "warning", "max-age": "26h", "require-coverage": 0.95}, True),
        ({"outputs": ["sarif=a.sarif"]}, True),
        ({"outputs": ["sraif=a.sarif"]}, False),
        ({"fail-on": "eror"}, False),
        ({"falon": "error"}, False),
        ({"require-coverage": 95}, False),
        ({"suppressions": [{"rule": "LA403", "reason": "x", "until": "2030-01-31"}]}, True),
        ({"suppressions": [{"rule": "LA403"}]}, False),
        ({"suppressions": [{"reason": "x"}]}, False),
        ({"suppressions": [{"rule": "LA403", "reason": " "}]}, False),
        ({"log-formats": [{"format": "{message}", "datefmt": "%H"}]}, True),
        ({"log-formats": [{"datefmt": "%H"}]}, False),
    ],
)
def test_the_schema_accepts_and_refuses_what_the_program_does(
    settings: dict[str, object], *, good: bool
) -> None:
    assert Draft202012Validator(SCHEMA).is_valid(settings) is good
