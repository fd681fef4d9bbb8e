"""Walks roots to regular files: each place once, links after what they point to, in order of names."""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, field

from logaudit.core.limits import DEFAULT_LIMITS, Limits
from logaudit.core.location import Address
from logaudit.core.message import Code, Message, msg
from logaudit.core.source_report import Skipped
from logaudit.sources.ignored_files import ignore_reason
from logaudit.sources.labels import label, unique
from logaudit.sources.lazy_path import LazyPath
from logaudit.sources.roots import Root, real_path
from logaudit.sources.source import FileState, FoundFile, Problem, ProblemKind, os_reason


class WalkResult(Struct):
    """What the roots hold; every list ordered by label.

    Attributes:
        files: regular files to read.
        folders: every folder entered, by its real path.
        problems: folders and files the system would not show.
        skipped: junk, broken links and special files.
    """

    files: list[FoundFile] = field(default_factory=list)
    folders: dict[str, FileState] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def walk(roots: Iterable[Root], *, follow: bool = True, limits: Limits = DEFAULT_LIMITS) -> WalkResult:
    """Every regular file under the roots, once; all are to be read within ``limits``.

    Links that lead out of the roots are problems unless they are to be followed: whoever can write a link among
    the logs could show the reader any file. Links are followed only after everything that is reachable without
    them, so that a file is called by its own name rather than by a link's; a folder met before is not entered
    again, which ends loops.
    """
    roots = tuple(roots)
    walker = _Walker(roots, limits, follow=follow)
    for root in roots:
        if root.is_remote:
            walker.add_remote(root)
        else:
            walker.add(str(root.path), root.label, root.real)
    return walker.run()


class _Walker:
    def __init__(self, roots: tuple[Root, ...], limits: Limits, *, follow: bool) -> None:
        self._limits = limits
        self._result = WalkResult()
        self._inside = None if follow else tuple(root.real for root in roots)
        self._above = {os.path.normcase(str(p)) for root in roots for p in Path(root.real).parents}
        self._seen: set[str] = set()
        self._folders: list[tuple[str, str, str]] = []
        self._links: list[tuple[str, str]] = []

    def add(self, path: str, place: str, real: str) -> None:
        """What is to be visited; ``real`` is its real path, empty for a link."""
        if real:
            heapq.heappush(self._folders, (place, path, real))
        else:
            heapq.heappush(self._links, (place, path))

    def add_remote(self, root: Root) -> None:
        """Takes in what lies at a URL, of which the listing says everything."""
        from logaudit.sources.remote import remote_files  # noqa: PLC0415 - an extra, loaded where it is used

        for below, file in remote_files(root.real):
            names = below.split("/") if below else []
            place = root.label
            for name in names:
                place = f"{place}/{name}" if place else name
                if reason := ignore_reason(name):
                    self._skip(place, reason)
                    break
            else:
                if file.listed.trouble:
                    self._trouble(Path(file.target), place, OSError(file.listed.trouble, "it was not shown"))
                    continue
                self._result.files.append(FoundFile(LazyPath.of(file.target, file), place, file.state))

    def run(self) -> WalkResult:
        while self._folders or self._links:
            place, path, real = (
                heapq.heappop(self._folders) if self._folders else (*heapq.heappop(self._links), "")
            )
            try:
                if real or not self._leads_out(path, place):
                    self._visit(path, place, real or real_path(path))
            except OSError as error:
                self._trouble(Path(path), place, error)
        result = self._result
        names = unique([label(found.label) for found in result.files])
        pairs = zip(result.files, names, strict=True)
        files = [FoundFile(f.path, name, f.state, self._limits) for f, name in pairs]
        result.files = sorted(files, key=lambda found: found.label)
        result.problems.sort(key=lambda p: p.order)
        result.skipped = list(dict.fromkeys(result.skipped))
        result.skipped.sort(key=lambda skip: (skip.path, str(skip.reason)))
        return result

    def _leads_out(self, path: str, place: str) -> bool:
        """Whether a link is not to be followed, which is said."""
        real = real_path(path)
        if self._inside is None or real in self._above or not Path(real).exists():
            return False
        if any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in self._inside):
            return False
        detail = msg(
            "it is a link that leads out of what is scanned; {flag} reads it", flag=Code("--follow-links")
        )
        self._result.problems.append(Problem(Address(label(place)), ProblemKind.UNREADABLE, detail))
        return True

    def _visit(self, path: str, place: str, real: str) -> None:
        if real in self._seen:
            return
        self._seen.add(real)
        status = os.stat(path)  # noqa: PTH116 - a Path for each of many files takes longer than its state
        if stat.S_ISDIR(status.st_mode):
            if real in self._above:
                self._skip(place, msg("a link to a folder that holds the scanned one"))
            else:
                self._result.folders[real] = FileState.of(status)
                self._enter(path, place, real)
        elif stat.S_ISREG(status.st_mode):
            self._result.files.append(FoundFile(Path(path), place, FileState.of(status)))
        else:
            self._skip(place, msg("not a regular file"))

    def _enter(self, folder: str, place: str, real: str) -> None:
        with os.scandir(folder) as entries:
            inside = list(entries)
        for entry in inside:
            name = f"{place}/{entry.name}" if place else entry.name
            reason = ignore_reason(entry.name)
            if reason:
                self._skip(name, reason)
            else:
                self.add(entry.path, name, _real_path(entry, real))

    def _trouble(self, path: Path, place: str, error: OSError) -> None:
        if isinstance(error, FileNotFoundError) and path.is_symlink():
            self._skip(place, msg("a link to nothing"))
        else:
            problem = Problem(Address(label(place or path.name)), ProblemKind.UNREADABLE, os_reason(error))
            self._result.problems.append(problem)

    def _skip(self, place: str, reason: Message) -> None:
        self._result.skipped.append(Skipped(label(place), reason))


def _real_path(entry: os.DirEntry[str], real_folder: str) -> str:
    """The real path of an entry, empty if it is a link; a Windows junction shows only by its real path."""
    if entry.is_symlink():
        return ""
    own = os.path.normcase(os.path.join(real_folder, entry.name))  # noqa: PTH118 - as above
    if os.name != "nt":
        return own
    leads_away = entry.is_dir(follow_symlinks=False) and real_path(entry.path) != own
    return "" if leads_away else own
