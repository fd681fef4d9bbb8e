"""The JSON schema of logaudit.toml, for editors: made from the types, so that it cannot say other things."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from logaudit.config.settings import FORMATS, Settings
from logaudit.renderers.registry import endings

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema as plain data; validates the TOML file read as JSON, dates as texts."""
    made = msgspec.json.schema(Settings)
    table = made["$defs"].pop("Settings")
    table["properties"]["outputs"]["items"]["pattern"] = (
        f"^(({'|'.join(FORMATS)})=.+|[^=]+({'|'.join(re.escape(end) for end in endings())}))$"
    )
    suppression = made["$defs"]["Suppression"]
    suppression["properties"]["reason"]["pattern"] = r"\S"
    suppression["anyOf"] = [{"required": [key]} for key in ("rule", "path", "fingerprint")]
    return {"$schema": _DRAFT, **table, "title": "logaudit settings", "$defs": made["$defs"]}


def schema_text() -> str:
    """The schema as the file in docs/ holds it."""
    import json  # noqa: PLC0415 - scans show no settings

    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"
