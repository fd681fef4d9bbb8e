"""What the user names as source: a folder, or a revision of a git repository."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from logaudit.codepaths.model import SourceFiles
from logaudit.codepaths.read_folder import read_folder
from logaudit.codepaths.read_git import Repository
from logaudit.core.errors import UserError
from logaudit.sources.labels import label


class SourceRef(Struct, frozen=True):
    """A source before it is read.

    Attributes:
        name: as reports call it, without the folders above.
        revision: as the user wrote it, empty for the files as they lie there.
    """

    folder: Path
    name: str
    revision: str = ""

    @property
    def repository(self) -> Repository:
        """The git repository there, if there is one."""
        return Repository(self.folder)

    def read(self) -> SourceFiles:
        """The files that are meant.

        Raises:
            UserError: there is no such revision, or git cannot read it.
        """
        repository = self.repository
        if self.revision:
            return repository.read(repository.commit(self.revision), self.name)
        found = read_folder(self.folder, self.name)
        if not found.files and repository.exists():  # a bare repository has no files of its own
            return repository.read(repository.commit("HEAD"), self.name)
        return found


def locate(text: str) -> SourceRef:
    """``DIR``, ``REPO`` or ``REPO@REV``.

    Raises:
        UserError: there is no such folder, or it is no repository.
    """
    whole = Path(text)
    if whole.is_dir():
        return SourceRef(whole, label(whole.resolve().name))
    path, _, revision = text.rpartition("@")
    folder = Path(path)
    if not path or not folder.is_dir():
        raise UserError(
            f"There is no folder {path or text!r}.", "Name the folder of the bot's source, or REPO@REVISION."
        )
    if not Repository(folder).exists():
        raise UserError(f"{path} is no git repository, or git is not installed.", "Leave out the revision.")
    return SourceRef(folder, f"{label(folder.resolve().name)}@{revision}", revision)
