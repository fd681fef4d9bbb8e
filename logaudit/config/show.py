"""Settings as text: TOML lines, each with the place its value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from logaudit.config.check import KEYS
from logaudit.config.resolve import Resolved
from logaudit.config.settings import LedgerSetting, LimitSettings, LogFormatSetting, Suppression
from logaudit.core.text import printable


def show(resolved: Resolved) -> str:
    """Every setting as ``key = value  # origin``, origins in one column; valid TOML."""
    pairs = [
        (f"{key} = {_toml(getattr(resolved.settings, name))}", resolved.origins[key])
        for key, name in KEYS.items()
    ]
    width = min(max(len(line) for line, _ in pairs), 60)
    return "".join(f"{line:<{width}}  # {printable(origin)}\n" for line, origin in pairs)


def toml_text(text: str) -> str:
    """A TOML basic string of any text."""
    hostile = {ord(c): f"\\U{ord(c):08x}" for c in set(text) if not c.isprintable()}
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted.translate(hostile)}"'


def _toml(value: object) -> str:
    import json  # noqa: PLC0415 - scans show no settings

    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, LogFormatSetting | LedgerSetting | LimitSettings | Suppression):
        names = {field.name: field.encode_name for field in msgspec.structs.fields(value)}
        return _table(
            {names[k]: v for k, v in msgspec.structs.asdict(value).items() if v not in ("", None, {})}
        )
    if isinstance(value, dict):
        return _table({toml_text(key): item for key, item in value.items()})
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value)


def _table(fields: Mapping[str, object]) -> str:
    return f"{{ {', '.join(f'{key} = {_toml(item)}' for key, item in fields.items())} }}"
