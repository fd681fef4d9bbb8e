"""Reads profile TOML and verifies it: every pattern must match its samples, and none of its rejects."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from logaudit.core.errors import ProfileError
from logaudit.core.toml import TomlError, parse_toml
from logaudit.profiles.convert import check_fragments, to_profile, verify_marker, verify_pattern
from logaudit.profiles.profile import (
    Profile,
)
from logaudit.profiles.schema import SCHEMA, ProfileFile

#: Profiles that come with logaudit. As plain files: importlib.resources loads longer than both of them.
_FOLDER: Final = Path(__file__).resolve().parent
BUILT_IN: Final = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load_built_in(name: str) -> Profile:
    """A profile that comes with logaudit; its regexes were held to their samples before it was shipped.

    Raises:
        ProfileError: there is none of this name (a near miss is offered), or it is broken.
    """
    return to_profile(_read(_bytes_of(name), f"{name}.toml"), f"{name}.toml")


def text_of(name: str) -> str:
    """The TOML of a built-in profile, to start one's own from.

    Raises:
        ProfileError: there is none of this name.
    """
    return _bytes_of(name).decode("utf-8").replace("\r\n", "\n")


def _bytes_of(name: str) -> bytes:
    if name not in BUILT_IN:
        near = difflib.get_close_matches(name, BUILT_IN, 1)
        hint = (
            f"Did you mean {near[0]}?" if near else f"Built in: {', '.join(BUILT_IN)}; or give a .toml file."
        )
        raise ProfileError(f"There is no profile named {name!r}.", hint)
    return (_FOLDER / f"{name}.toml").read_bytes()


def load_file(path: Path) -> Profile:
    """A profile from a file of the user's.

    Raises:
        ProfileError: it cannot be read or is broken; names file and key.
    """
    from logaudit.core.bounded_read import WRITTEN, read_bounded  # noqa: PLC0415 - for profiles of the user's only

    try:
        data = read_bounded(path, WRITTEN)
    except OSError as error:
        raise ProfileError(f"Profile {path} cannot be read: {error.strerror or error}.") from error
    profile = parse(data, str(path))
    return replace(profile, watched=True, patterns=tuple(replace(p, watched=True) for p in profile.patterns))


def resolve(name_or_path: str) -> Profile:
    """A built-in name, or the path of a TOML file (recognised by its suffix or a path separator)."""
    if name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path:
        return load_file(Path(name_or_path))
    return load_built_in(name_or_path)


def parse(data: bytes, origin: str) -> Profile:
    """TOML bytes → verified profile.

    Raises:
        ProfileError: names ``origin``, the key, and for patterns the sample that failed.
    """
    raw = _read(data, origin)
    check_fragments(raw.fragments, origin)
    return proven(to_profile(raw, origin))


def proven(profile: Profile) -> Profile:
    """The profile, its markers compiled, each of its patterns held to its samples and rejects.

    Raises:
        ProfileError: as `parse`.
    """
    for i, marker in enumerate(profile.markers):
        verify_marker(marker, f"{profile.origin}: markers[{i}]")
    for i, pattern in enumerate(profile.patterns):
        verify_pattern(pattern, f"{profile.origin}: patterns[{i}] {pattern.id!r}")
    return profile


def _read(data: bytes, origin: str) -> ProfileFile:
    try:
        tree = parse_toml(data)
    except TomlError as error:
        remedy = error.remedy or "Put regular expressions between single quotes."
        raise ProfileError(f"{origin}: {error.problem}.", remedy) from error
    # Another version may have other keys: it must be named before any of them is complained about.
    if isinstance(version := tree.get("schema"), int) and version != SCHEMA:
        raise ProfileError(f"{origin}: schema: version {version} is not known; this logaudit reads {SCHEMA}.")
    try:
        return msgspec.convert(tree, ProfileFile)
    except msgspec.ValidationError as error:
        raise ProfileError(f"{origin}: {error}.") from error
