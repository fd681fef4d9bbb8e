"""Refuses to write into what is scanned, over it, or through a link in it."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePath
from typing import TypeAlias

from logaudit.core.errors import UserError
from logaudit.sources.folder_walk import walk
from logaudit.sources.roots import Root, find_roots, real_path
from logaudit.sources.source import FoundFile

#: Device and inode of a file or folder, as `os.path.samefile` compares them.
_Identity: TypeAlias = tuple[int, int]


def refuse_inside_evidence(targets: Iterable[Path], scanned: Sequence[str]) -> None:
    """Checks every file that is to be written against everything that is to be read.

    The names of the evidence are listed for it, no file is opened. A folder or file is recognised by device and
    inode, so neither a link (symbolic or hard) nor another spelling hides it; where the system numbers no files
    (inode 0) the resolved paths are compared.

    Args:
        targets: files to write, whether they are there or not.
        scanned: files, folders and patterns to read.

    Raises:
        UserError: a target lies inside a scanned folder, behind a link in it, is a scanned file, or would be one as
            a pattern of ``scanned`` matches its name; or a scanned path does not exist.
    """
    wanted = tuple(targets)
    if not wanted or not scanned:
        return
    tree = walk(root for root in find_roots(scanned) if not root.is_remote)
    folders = {real: (state.device, state.inode) for real, state in tree.folders.items()}
    patterns = [path for path in scanned if glob.has_magic(path) and not os.path.lexists(path)]
    for target in wanted:
        if (pattern := next((p for p in patterns if _fits(target, p)), None)) is not None:
            raise UserError(
                f"{target} would be one of the scanned files {pattern}, and nothing is ever written among them.",
                "Choose another place.",
            )
        if _lies_in(target, folders):
            raise UserError(
                f"{target} lies inside what is scanned, and nothing is ever written there.",
                "Choose another place.",
            )
        if (same := _scanned_file(target, tree.files)) is not None:
            raise UserError(
                f"{target} is the scanned file {same}, and evidence is never overwritten.",
                "Choose another name.",
            )


def _fits(target: Path, pattern: str) -> bool:
    """Whether a file that is not there would be found by a pattern: it lies beside one that is, and its name fits."""
    name = PurePath(pattern).name
    if name == "**" or _identity(target) is not None or not fnmatch(target.name, name):
        return False  # two stars match the folders too, which are scanned as such
    found = glob.iglob(pattern, recursive=True)  # noqa: PTH207 - as `find_roots`
    return real_path(target.parent) in {real_path(Path(match).parent) for match in found}


def refuse_inputs(targets: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Checks every file that is to be written against the files that are read beside the evidence.

    Raises:
        UserError: a target is one of ``inputs``, or a file of Python in a folder among them: the bot's source.
    """
    there = {path: identity for path in inputs if (identity := _identity(path))}
    files = {identity for path, identity in there.items() if not path.is_dir()}
    folders = {real_path(path): identity for path, identity in there.items() if path.is_dir()}
    for target in targets:
        own = target.suffix in {".py", ".pyw"} and _identity(target) is not None and _lies_in(target, folders)
        if own or (_identity(target) or (0, 0)) in files:
            raise UserError(
                f"{target} is read by this command, and what is read is never overwritten.",
                "Choose another name.",
            )


def is_inside(folder: Path, roots: Iterable[Root]) -> bool:
    """Whether a folder is a scanned one, lies in one, or behind a link in one, whether it is there or not."""
    scanned = {root.real: _identity(root.path) for root in roots if root.is_folder and not root.is_remote}
    return bool(scanned) and _lies_in(folder / "entry", scanned)


def _lies_in(target: Path, folders: Mapping[str, _Identity | None]) -> bool:
    """Whether any folder above the target, as written or with links resolved, is one of ``folders``."""
    known = {identity for identity in folders.values() if identity and identity[1]}
    written = Path(os.path.abspath(target)).parents  # noqa: PTH100 - links stay
    above = {PurePath(real_path(place)) for place in (target.parent, *written)}
    above |= {PurePath(real_path(target)).parent}
    above |= {parent for place in above for parent in place.parents}
    return any(str(place) in folders or _identity(place) in known for place in above)


def _scanned_file(target: Path, files: Iterable[FoundFile]) -> Path | None:
    """The scanned file that the target is; None where it is none, or is not there."""
    identity = _identity(target)
    if identity is None:
        return None
    if identity[1]:
        return next((f.path for f in files if (f.state.device, f.state.inode) == identity), None)
    real = real_path(target)
    return next((f.path for f in files if real_path(f.path) == real), None)


def _identity(place: PurePath) -> _Identity | None:
    """Device and inode, links followed; None where nothing is there or it may not be seen."""
    try:
        status = os.stat(place)  # noqa: PTH116 - takes pure paths too
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino
