"""Patterns over what a store holds: matched as the system matches those of local paths, against one listing."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator, Sequence
from fnmatch import translate
from functools import lru_cache

from msgspec.structs import replace

from logaudit.core.errors import UserError
from logaudit.sources.remote.listing import RemoteListing, list_url


def expand_url(url: str) -> dict[str, RemoteListing]:
    """The URL of each object and folder that a pattern matches → what lies there; the folder before it is listed once.

    Raises:
        UserError: nothing matches, it cannot be listed, or an extra is missing.
    """
    scheme, _, path = url.partition("://")
    names = path.split("/")
    first = next(index for index, name in enumerate(names) if glob.has_magic(name))
    if scheme == "https" or not first:
        raise UserError(
            f"{url} cannot be matched: a web server lists nothing."
            if first
            else f"{url} names no bucket or host.",
            "Name each file.",
        )
    base = f"{scheme}://{'/'.join(names[:first])}"
    listed = list_url(base)
    found: dict[str, RemoteListing] = {}
    for one in listed.files if listed.is_folder else ():
        below = tuple(one.key[len(listed.key) :].lstrip("/").split("/"))
        for depth in _depths(tuple(names[first:]), below):
            place = f"{base}/{'/'.join(below[:depth])}"
            key = f"{listed.key}/{'/'.join(below[:depth])}".lstrip("/")
            known = found.get(place) or RemoteListing(listed.store, key, depth < len(below), ())
            found[place] = replace(known, files=(*known.files, one))
    if not found:
        raise UserError(f"Nothing matches {url}.", "Check the pattern, or name a folder.")
    return found


def _depths(pattern: Sequence[str], names: Sequence[str]) -> Iterator[int]:
    """How many of an object's names, from the first, a pattern matches as a whole."""
    reached = {0}
    for part in pattern:
        if part == "**":
            reached = {end for start in reached for end in _visible(names, start)}
        else:
            reached = {n + 1 for n in reached if n < len(names) and _fits(part, names[n])}
    yield from sorted(reached - {0})


def _visible(names: Sequence[str], start: int) -> Iterator[int]:
    """Where ``**`` may end: before the first hidden name."""
    yield start
    for index in range(start, len(names)):
        if names[index].startswith("."):
            return
        yield index + 1


def _fits(part: str, name: str) -> bool:
    if not glob.has_magic(part):
        return part == name
    return (part.startswith(".") or not name.startswith(".")) and _regex(part).match(name) is not None


@lru_cache(maxsize=64)
def _regex(part: str) -> re.Pattern[str]:
    return re.compile(translate(part))
