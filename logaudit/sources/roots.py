"""Turns the paths a user gave into roots: where to look, and what reports call them."""

from __future__ import annotations

import glob
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from msgspec import Struct

from logaudit.core.errors import UserError
from logaudit.sources.labels import distinct_tails, label
from logaudit.sources.urls import checked, is_url, place_of


class Root(Struct, frozen=True):
    """One file or folder to look at.

    Attributes:
        path: absolute, links not resolved.
        real: absolute, links resolved, in the platform's normal case: equal for equal places.
        label: what addresses begin with (a folder) or are (a file); empty for the only folder.
        is_folder: whether it is walked.
    """

    path: Path
    real: str
    label: str
    is_folder: bool

    @property
    def name(self) -> str:
        """What reports call it."""
        return self.label or label(self.path.name)

    @property
    def is_remote(self) -> bool:
        """Whether ``real`` is a URL, and ``path`` leads nowhere."""
        return is_url(self.real)


def find_roots(paths: Sequence[str | Path]) -> tuple[Root, ...]:
    """The roots in the order given; what lies inside another of them is left to that one.

    A folder is called by its own name, or by no name when it is the only root. Files are called by their
    place relative to the folder that holds them all. Equal names are told apart by the folders above.

    Raises:
        UserError: no path, a path that does not exist, a pattern that matches nothing.
    """
    if not paths:
        raise UserError("No path was given.", "Name the folder that holds the logs and the ledger.")
    local = [path for path in paths if not is_url(path)]
    given = {real_path(p): Path(os.path.abspath(p)) for path in local for p in _expand(path)}  # noqa: PTH100 - links stay
    folders = {real for real, path in given.items() if path.is_dir()}
    if len(local) < len(paths):
        from logaudit.sources import remote  # noqa: PLC0415 - an extra, loaded where it is used

        stated = [checked(str(path)) for path in paths if is_url(path)]
        urls = [url for path in stated for url in remote.expand(path)]
        given |= {url: place_of(url) for url in urls}
        folders |= {url for url in urls if remote.listing(url).is_folder}
    return labelled_roots(given, folders)


def labelled_roots(given: Mapping[str, Path], are_folders: Collection[str]) -> tuple[Root, ...]:
    """As `find_roots`, from absolute paths by their real paths, of which some are folders."""
    folders = {real: path for real, path in given.items() if real in are_folders}
    files = {real: path for real, path in given.items() if real not in folders}
    folders = {real: path for real, path in folders.items() if not _inside(real, folders)}
    files = {real: path for real, path in files.items() if not _inside(real, folders)}
    labels = _folder_labels(folders, alone=not files) | _file_labels(files)
    return tuple(
        Root(path, real, labels[real], real in folders) for real, path in given.items() if real in labels
    )


def real_path(path: str | Path) -> str:
    """A key that is equal for two ways to one place."""
    return os.path.normcase(os.path.realpath(path))


def _expand(path: str | Path) -> list[Path]:
    """The path itself, or what it matches as a pattern: some shells pass patterns on as they are."""
    if os.path.lexists(path):
        return [Path(path)]
    text = os.fspath(path)
    if not glob.has_magic(text):
        raise UserError(f"{text} does not exist.", "Check the path.")
    matches = sorted(glob.glob(text, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
    if not matches:
        raise UserError(f"Nothing matches {text}.", "Check the pattern, or name a folder.")
    return [Path(match) for match in matches]


def _inside(real: str, folders: Iterable[str]) -> bool:
    if is_url(real):
        return any(real.startswith(f"{folder}/") for folder in folders)
    parents = {str(parent) for parent in PurePath(real).parents}
    return any(folder in parents for folder in folders)


def _folder_labels(folders: dict[str, Path], *, alone: bool) -> dict[str, str]:
    if alone and len(folders) == 1:
        return dict.fromkeys(folders, "")
    tails = distinct_tails([_names(path) for path in folders.values()])
    return {real: label(tail) for real, tail in zip(folders, tails, strict=True)}


def _file_labels(files: dict[str, Path]) -> dict[str, str]:
    """Each file's place below the topmost folder that holds it; several such folders are named too."""
    homes = {path.parent for path in files.values()}
    tops = sorted(home for home in homes if not any(parent in homes for parent in home.parents))
    tails = [""] if len(tops) == 1 else distinct_tails([_names(top) for top in tops])
    labels = {}
    for real, path in files.items():
        top, tail = next((t, n) for t, n in zip(tops, tails, strict=True) if path.is_relative_to(t))
        place = f"{tail}/{path.relative_to(top).as_posix()}"
        labels[real] = label(place)
    return labels


def _names(path: Path) -> tuple[str, ...]:
    return path.parts[1:] or (path.anchor,)
