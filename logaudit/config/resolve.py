"""Joins what defaults, file, environment and flags say, the later the stronger, and remembers who said it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from logaudit.config.check import KEYS, check, check_one, get_strings, output
from logaudit.config.environment import from_environment
from logaudit.config.find import candidates, read
from logaudit.config.settings import Settings
from logaudit.config.trust import Scanned, is_foreign
from logaudit.core.errors import UserError

DEFAULT: Final = "default"
_FLAGS: Final = {
    "paths": "PATHS",
    "log-formats": "--log-format",
    "outputs": "--output",
    "output-format": "--format",
}


class Resolved(Struct, frozen=True):
    """The settings in force.

    Attributes:
        origins: key → ``default``, the settings file, a variable, or a flag.
        file: the settings file in use; None without one.
        notes: what the user should be told, one sentence each.
    """

    settings: Settings
    origins: dict[str, str]
    file: Path | None
    notes: tuple[str, ...] = ()

    def given(self, key: str) -> bool:
        """Whether anybody set it."""
        return self.origins.get(key, DEFAULT) != DEFAULT

    def where(self, key: str) -> str:
        """Who set it, as messages say it: a flag, a variable, or a file with its key."""
        origin = self.origins[key]
        return f"{origin}: {key}" if self.file is not None and origin.endswith(".toml") else origin


def resolve(
    flags: Mapping[str, object],
    environment: Mapping[str, str],
    working: Path,
    config: str = "",
    *,
    discover: bool = True,
    default: Sequence[str] = (),
) -> Resolved:
    """The settings in force.

    Args:
        flags: key → value as the user gave it; only what was given.
        environment: the process's variables.
        working: the absolute working directory, where discovery starts.
        config: a settings file that replaces discovery; it may lie anywhere.
        discover: whether to look for a settings file at all.
        default: the paths to scan where nothing names any; a settings file that lies among them is not used.

    Raises:
        UserError: a wrong key or value anywhere, or a file that cannot be read.
    """
    stronger = from_environment(environment)
    for key, value in flags.items():
        name = _FLAGS.get(key, f"--{key}")
        stronger[key] = name, check_one(key, value, name)
    paths = get_strings(stronger["paths"][1]) if "paths" in stronger else None
    file, layer, notes = (
        _file(Path(config) if config else None, working, paths) if config or discover else (None, {}, ())
    )
    if default and paths is None and "paths" not in layer:
        file, layer, notes = (file, layer, notes) if config else _file(None, working, default)
        layer = {"paths": tuple(default), **layer}
    values: dict[str, object] = {}
    origins = dict.fromkeys(KEYS, DEFAULT)
    for key, value in layer.items():
        values[KEYS[key]], origins[key] = value, _display_name(file, working) or DEFAULT
    for key, (name, value) in stronger.items():
        values[KEYS[key]], origins[key] = value, name
    return Resolved(msgspec.structs.replace(Settings(), **values), origins, file, notes)


def _file(
    named: Path | None, working: Path, paths: Sequence[str] | None
) -> tuple[Path | None, dict[str, object], tuple[str, ...]]:
    """The settings file, its typed values, and notes on files that were passed over.

    ``paths`` are those to scan where flags or variables say so; None where the file itself names them.
    """
    if named is not None:
        file = working / named
        return file, _load(file, named.as_posix(), working), ()
    notes = []
    scanned = Scanned(paths or (), working)
    for file in candidates(working):
        shown = _display_name(file, working)
        if why := _not_trusted(file, scanned):
            notes.append(f"{shown} {why} Pass --config {shown} to use it all the same.")
            continue
        layer = _load(file, shown, working)
        own = Scanned(get_strings(layer.get("paths", ())) if paths is None else (), working)
        if place := own.place_of(file):
            raise UserError(
                f"{shown}: paths: this file lies {place}, and settings among the evidence are not used.",
                "Name the log folder itself, move the file, or pass it with --config.",
            )
        return file, layer, tuple(notes)
    return None, {}, tuple(notes)


def _not_trusted(file: Path, scanned: Scanned) -> str:
    """Why a settings file is passed over; empty where it is not."""
    if place := scanned.place_of(file):
        return f"lies {place}, which is scanned, and is not used: evidence must not configure its auditor."
    if is_foreign(file):
        return "belongs to another user, in a folder that everybody can write to, and is not used."
    return ""


def _load(file: Path, shown: str, working: Path) -> dict[str, object]:
    """The file's own keys, typed, with paths made relative to the working directory."""
    raw = read(file, shown)
    settings = check(raw, shown)
    layer: dict[str, Any] = {key: getattr(settings, KEYS[key]) for key in raw}
    base = _base(file.parent, working)
    if "paths" in layer:
        layer["paths"] = tuple(_join(base, path) for path in settings.paths)
    if layer.get("source"):
        layer["source"] = _join(base, str(layer["source"]))
    if "outputs" in layer:
        pairs = [output(item, shown) for item in settings.outputs]
        layer["outputs"] = tuple(f"{form}={_join(base, name)}" for form, name in pairs)
    if settings.baseline:
        layer["baseline"] = _join(base, settings.baseline)
    if settings.profile.endswith(".toml") or "/" in settings.profile or "\\" in settings.profile:
        layer["profile"] = _join(base, settings.profile)
    return layer


def _base(folder: Path, working: Path) -> str:
    """From the working directory to ``folder``; empty when they are one, absolute on another drive."""
    try:
        base = os.path.relpath(folder, working)
    except ValueError:
        base = str(folder)
    return "" if base == "." else base


def _join(base: str, path: str) -> str:
    return os.path.join(base, path) if base and "://" not in path else path  # noqa: PTH118 - a Path would drop a leading ./


def _display_name(file: Path | None, working: Path) -> str:
    """A settings file as messages call it."""
    if file is None:
        return ""
    return Path(_base(file.parent, working), file.name).as_posix()
