"""Reads Python files of one commit with ``git``, from a bare or a working repository; nothing is checked out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from logaudit.codepaths.model import SourceFile, SourceFiles, module_name
from logaudit.codepaths.read_folder import choose, wanted
from logaudit.core.errors import UserError

#: Commits of which the trees are compared with the logs, the newest first.
MOST_COMMITS: Final = 5_000


class Repository:
    """A git repository."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._git = shutil.which("git") or ""

    def exists(self) -> bool:
        """Whether the folder is a repository, or the top of a working tree, and git is installed."""
        if not self._git:
            return False
        if (self._folder / ".git").exists():
            return True
        return (self._folder / "HEAD").is_file() and (self._folder / "objects").is_dir()

    def commit(self, revision: str) -> str:
        """The full hash of a revision.

        Raises:
            UserError: there is none.
        """
        found = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if not found.strip():
            raise UserError(
                f"There is no revision {revision!r} in {self._folder}.", "Name a commit, a tag or a branch."
            )
        return found.decode("ascii").strip()

    def commits(self) -> list[str]:
        """The commits of all branches, the newest first."""
        found = self._run("rev-list", "--all", "--date-order", f"--max-count={MOST_COMMITS}", "--", "*.py")
        return found.decode("ascii").split()

    def files(self, commit: str) -> dict[str, tuple[str, int]]:
        """Path → blob and size of the bot's Python files in a commit."""
        listed = self._run("ls-tree", "-r", "-l", "-z", "--full-tree", commit)
        found: dict[str, tuple[str, int]] = {}
        for entry in listed.decode("utf-8", "replace").split("\0"):
            head, _, path = entry.partition("\t")
            if wanted(path):
                mode, kind, blob, size = head.split()
                if kind == "blob" and mode != "120000":
                    found[path] = blob, int(size)
        return found

    def read(self, commit: str, name: str) -> SourceFiles:
        """Every Python file of a commit."""
        listed = self.files(commit)
        names, refused = choose({path: size for path, (_, size) in listed.items()})
        chosen = {path: blob for path, (blob, _) in sorted(listed.items()) if path in names}
        data = dict(zip(chosen, self.blobs(chosen.values()), strict=True))
        return SourceFiles(
            name, tuple(SourceFile(p, d, module_name(p)) for p, d in data.items()), tuple(refused), commit
        )

    def blobs(self, names: Iterable[str]) -> Iterator[bytes]:
        """The contents of blobs, in the order asked for."""
        asked = "".join(f"{name}\n" for name in names)
        answer = self._run("cat-file", "--batch", given=asked.encode("ascii"))
        at = 0
        while at < len(answer):
            end = answer.index(b"\n", at)
            size = int(answer[at:end].split()[2])
            yield answer[end + 1 : end + 1 + size]
            at = end + 1 + size + 1

    def _run(self, *words: str, given: bytes = b"") -> bytes:
        done = subprocess.run(  # noqa: S603 - git itself, with words made here
            [self._git, "-C", str(self._folder), *words], input=given, capture_output=True, check=False
        )
        if done.returncode and words[0] != "rev-parse":
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise UserError(f"git cannot read {self._folder}: {said[0] if said else 'no reason given'}.")
        return done.stdout
